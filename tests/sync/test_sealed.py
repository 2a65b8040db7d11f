"""Work on a stick: the same answers as over the line, once, for its city and its PC alone."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from pydantic_core import to_json
from sqlalchemy import func, select

from app.base.clock import FixedClock
from app.base.sealing import sealing
from app.base.watch import Cancelled, Watch, silent
from app.domain.cases import Case, PhotoPhase
from app.domain.directory import Road
from app.domain.problems import Refused
from app.sync.engine import SyncEngine
from app.sync.files import FileDelivery
from app.sync.link import LinkStore
from app.sync.views import SyncReport
from app.wire.sealed import SealedHead
from app.wire.signing import to_text
from app.wire.sync import CITY_SCOPE
from db.queries import files as file_rows
from server import devices
from server.city import City, open_city
from server.cli.main import main
from server.cli.output import Exit
from server.sealed import Unsealed, unseal
from server.settings import CitySettings
from server.sync import city_records
from server.tables import BLOB, DEAD_LETTER, FEED, RECORD, REVIEW, SCOPE_HEAD
from tests.builders import a_draft, a_picture
from tests.sync.conftest import MakeOffice
from tests.sync.offices import Office

STICK, ANSWER = "to city.gds", "to desk.gds"


@pytest.fixture
def one(make_desk_with_line: MakeOffice) -> Office:
    """A desk without a line."""
    return make_desk_with_line("A")


@pytest.fixture
def other(make_desk_with_line: MakeOffice) -> Office:
    """Another of the same district, with a line."""
    return make_desk_with_line("B")


def sealed_by(desk: Office, file: Path) -> Path:
    """What its person does with an empty stick."""
    desk.desk.sync.seal(file, actor=desk.actor)
    return file


def at_city(city: City, file: Path, stick: Path) -> Unsealed:
    """What the operator does with a file."""
    return unseal(city, file, stick / ANSWER, who="操作员")


def there_and_back(desk: Office, stick: Path) -> Unsealed:
    """Seal, take to the city, bring the answer home."""
    taken = at_city(desk.city, sealed_by(desk, stick / STICK), stick)
    brought_home(desk, stick)
    return taken


def brought_home(desk: Office, stick: Path, name: str = ANSWER) -> SyncReport:
    """What its person does with the answer."""
    return desk.desk.sync.unseal(stick / name, actor=desk.actor)


def online(desk: Office) -> SyncReport:
    """One run over the line, with photos."""
    store, links = desk.desk.store, LinkStore(desk.desk.store)
    files = FileDelivery(store, desk.desk.photos.blobs, desk.line)
    return SyncEngine(store, desk.line, links, files=files).run(silent())


def open_states(desk: Office) -> dict[str, int]:
    """Changes that are not settled, by state."""
    return {state: count for state, count in desk.states().items() if state not in ("settled", "decided")}


def cursors_of(desk: Office) -> list[tuple[object, ...]]:
    """How far each scope has come here."""
    return [tuple(row) for row in desk.sql("SELECT scope, after, phase FROM scopes ORDER BY scope")]


def cases_of(desk: Office) -> dict[UUID, int]:
    """Every case here with its version."""
    with desk.desk.store.read() as reader:
        return {case.id: case.version for case in reader.all(Case)}


def test_a_case_travels_on_a_stick_gets_its_number_and_both_sides_are_equal(one: Office, tmp_path: Path) -> None:
    case = one.report(description="店外经营")

    first = there_and_back(one, tmp_path)
    numbered = one.case(case.id)
    second = there_and_back(one, tmp_path)

    assert set(first.outcomes) == {"applied"}
    assert numbered is not None
    assert numbered.city_no.startswith("410105-2026-")
    assert dict(second.outcomes) == {"applied": 1}
    assert open_states(one) == {}
    assert cases_of(one) == {case.id: 2}
    report = online(one)
    assert (report.finished, report.equal, report.pushed) == (True, True, 0)


def test_what_others_did_comes_back_on_the_stick(one: Office, other: Office, tmp_path: Path) -> None:
    mine, theirs = one.report(), other.report(description="占道经营")
    assert online(other).finished

    there_and_back(one, tmp_path)

    assert set(cases_of(one)) == {mine.id, theirs.id}
    online(other)
    assert cases_of(one) == cases_of(other)


def test_the_second_stick_brings_only_what_is_new(one: Office, other: Office, tmp_path: Path) -> None:
    other.report()
    online(other)
    first = there_and_back(one, tmp_path)
    theirs = other.report()
    online(other)

    taken = there_and_back(one, tmp_path)

    assert first.rows > 10
    assert 0 < taken.rows < 5
    assert theirs.id in cases_of(one)


def test_a_file_that_is_taken_in_twice_changes_nothing_the_second_time(city: City, one: Office, tmp_path: Path) -> None:
    one.report()
    file = sealed_by(one, tmp_path / STICK)
    first = at_city(city, file, tmp_path)
    before = rows_of(city)

    second = at_city(city, file, tmp_path)

    assert rows_of(city) == before
    assert dict(second.outcomes) == dict(first.outcomes)
    assert brought_home(one, tmp_path).pushed > 0
    assert brought_home(one, tmp_path).pushed == 0
    assert open_states(one) == {"waiting": 1}, "the official number that came with the answer"
    assert online(one).finished


def test_sealing_calls_nothing_sent_and_the_line_goes_on_where_the_file_left_off(
    city: City, one: Office, tmp_path: Path
) -> None:
    first = one.report()
    file = sealed_by(one, tmp_path / STICK)
    assert open_states(one)["waiting"] > 0
    at_city(city, file, tmp_path)
    (tmp_path / ANSWER).rename(tmp_path / "early.gds")
    second = one.report()
    assert online(one).finished
    before, cursors = rows_of(city), cursors_of(one)

    at_city(city, file, tmp_path)
    for answer in ("early.gds", ANSWER):
        brought_home(one, tmp_path, answer)

        assert rows_of(city) == before
        assert cursors_of(one) == cursors
    assert set(cases_of(one)) == {first.id, second.id}
    assert online(one).finished


def test_work_goes_on_while_the_stick_is_away(one: Office, tmp_path: Path) -> None:
    case = one.report(description="一")
    file = sealed_by(one, tmp_path / STICK)
    one.desk.cases.correct(case.id, a_draft(description="二"), "写错了", actor=one.actor)
    at_city(one.city, file, tmp_path)

    brought_home(one, tmp_path)

    found = one.case(case.id)
    assert found is not None
    assert (found.description, found.version) == ("二", 1)
    there_and_back(one, tmp_path)
    assert open_states(one) == {}
    assert online(one).finished


def test_photos_travel_with_their_small_pictures(city: City, one: Office, other: Office, tmp_path: Path) -> None:
    there_and_back(other, tmp_path)
    case = one.report()
    picture = a_picture("a") + bytes(range(256)) * 6000
    taken = one.desk.photos.take_in(picture, "现场.jpg")
    one.desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=one.actor)

    there_and_back(one, tmp_path)

    with city.database.read() as connection:
        blob = connection.execute(select(BLOB)).one()
    assert blob.completed_at is not None
    assert blob.thumbnail is not None
    assert online(one).files_sent == 0
    there_and_back(other, tmp_path)
    with other.desk.store.read() as reader:
        assert file_rows.thumbnail(reader.connection, blob.sha256) is not None


def test_a_photo_gone_from_the_disk_is_left_out_and_told(one: Office, tmp_path: Path) -> None:
    case = one.report()
    gone, kept = (one.desk.photos.take_in(a_picture(name), f"{name}.jpg") for name in ("gone", "kept"))
    one.desk.photos.attach(case.id, [gone, kept], PhotoPhase.BEFORE, actor=one.actor)
    with one.desk.store.read() as reader:
        ref = file_rows.find(reader.connection, gone.sha256)
    assert ref is not None
    one.desk.photos.blobs.path_of(ref.stored_name).unlink()

    taken = there_and_back(one, tmp_path)

    assert taken.files == 1
    with one.desk.store.read() as reader:
        assert file_rows.counts(reader.connection) == (0, 1)


def test_a_revoked_pcs_file_goes_to_the_review_tray_and_brings_it_nothing_else(
    city: City, one: Office, other: Office, tmp_path: Path
) -> None:
    other.report()
    online(other)
    mine = one.report()
    city.database.retrying(
        lambda connection: devices.revoke(connection, city, LinkStore(one.desk.store).need().device_id, who="操作员")
    )

    taken = there_and_back(one, tmp_path)

    assert set(taken.outcomes) == {"held"}
    assert taken.rows == 0
    with city.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(REVIEW)).scalar_one() > 0
        assert connection.execute(select(RECORD.c.id).where(RECORD.c.id == mine.id)).first() is None
    assert set(cases_of(one)) == {mine.id}
    assert set(open_states(one)) == {"held"}


def test_a_file_for_another_city_is_refused_and_changes_nothing(
    city: City, one: Office, tmp_path: Path, clock: FixedClock
) -> None:
    one.report()
    file = sealed_by(one, tmp_path / STICK)
    settings = CitySettings(f"sqlite:{'///'}{tmp_path / 'elsewhere.db'}", tmp_path / "files elsewhere")
    elsewhere = open_city(settings, clock=clock, name="洛阳市平台")
    before = rows_of(elsewhere)

    with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
        at_city(elsewhere, file, tmp_path)

    assert rows_of(elsewhere) == before
    assert not (tmp_path / ANSWER).exists()
    elsewhere.close()


def test_an_altered_file_changes_nothing_anywhere(city: City, one: Office, tmp_path: Path) -> None:
    one.report()
    file = sealed_by(one, tmp_path / STICK)
    whole, before = file.read_bytes(), rows_of(city)
    for at in range(0, len(whole), 97):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        with pytest.raises(Refused, match=r"sync\.seal_"):
            at_city(city, file, tmp_path)
        file.write_bytes(whole[:at])
        with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
            at_city(city, file, tmp_path)
    assert rows_of(city) == before
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []

    file.write_bytes(whole)
    at_city(city, file, tmp_path)
    answer = (tmp_path / ANSWER).read_bytes()
    (tmp_path / ANSWER).write_bytes(answer[:-100] + bytes([answer[-100] ^ 0x10]) + answer[-99:])
    states = open_states(one)
    with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
        brought_home(one, tmp_path)
    assert open_states(one) == states


def test_the_answer_to_another_pc_is_refused(city: City, one: Office, other: Office, tmp_path: Path) -> None:
    one.report()
    at_city(city, sealed_by(one, tmp_path / STICK), tmp_path)

    for wrong in (ANSWER, STICK):
        with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
            brought_home(other, tmp_path, wrong)
    with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
        at_city(city, tmp_path / ANSWER, tmp_path)

    assert cases_of(other) == {}


def test_an_older_answer_after_a_newer_one_takes_nothing_back(one: Office, other: Office, tmp_path: Path) -> None:
    there_and_back(one, tmp_path)
    case = other.report(description="一")
    online(other)
    at_city(one.city, sealed_by(one, tmp_path / STICK), tmp_path)
    (tmp_path / ANSWER).rename(tmp_path / "older.gds")
    other.report(description="二")
    online(other)
    there_and_back(one, tmp_path)
    newest, cursors = cases_of(one), cursors_of(one)

    brought_home(one, tmp_path, "older.gds")

    assert (cases_of(one), cursors_of(one)) == (newest, cursors)
    assert case.id in newest
    assert online(one).finished


def test_a_conflict_comes_home_on_the_stick_with_both_sides(one: Office, other: Office, tmp_path: Path) -> None:
    case = one.report(description="一")
    online(one)
    online(other)
    other.desk.cases.correct(case.id, a_draft(description="二"), "现场看过", actor=other.actor)
    online(other)
    one.desk.cases.correct(case.id, a_draft(description="三"), "写错了", actor=one.actor)

    taken = there_and_back(one, tmp_path)

    assert taken.outcomes["conflict"] == 1
    trouble = one.desk.sync.trouble(case.id)
    assert trouble is not None
    assert [(clash.before, clash.mine, clash.theirs) for clash in trouble.clashes] == [("一", "三", "二")]
    found = one.case(case.id)
    assert found is not None
    assert found.description == "三"
    before = one.sql("SELECT change_id, answer FROM outcomes")
    brought_home(one, tmp_path)
    assert one.sql("SELECT change_id, answer FROM outcomes") == before


def test_a_city_put_back_to_an_earlier_state_is_told_everything_again(
    city: City, one: Office, other: Office, tmp_path: Path
) -> None:
    case = one.report()
    there_and_back(one, tmp_path)
    there_and_back(one, tmp_path)
    city.database.retrying(lambda connection: city_records.new_epoch(connection, city))

    there_and_back(one, tmp_path)
    again = there_and_back(one, tmp_path)

    assert set(again.outcomes) == {"applied"}
    assert open_states(one) == {}
    assert set(cases_of(one)) == {case.id}
    assert online(one).finished


def test_a_stopped_taking_in_goes_on_when_the_file_is_taken_again(one: Office, other: Office, tmp_path: Path) -> None:
    other.desk.directory.save_many(Road, [{"name": f"路{n}"} for n in range(2500)], actor=other.actor)
    online(other)
    at_city(one.city, sealed_by(one, tmp_path / STICK), tmp_path)

    class StopsInTheMiddle(Watch):
        steps = 0

        def step(self, done: int, total: int = 0, note: str = "") -> None:
            self.steps += 1
            if self.steps == 3:
                self.cancel()
            super().step(done, total, note)

    with pytest.raises(Cancelled):
        one.desk.sync.unseal(tmp_path / ANSWER, actor=one.actor, watch=StopsInTheMiddle())
    some = one.sql("SELECT count(*) FROM roads")[0][0]

    brought_home(one, tmp_path)

    with one.desk.store.read() as reader:
        assert len([road for road in reader.all(Road) if road.name.startswith("路")]) == 2500 > some > 0
    there_and_back(one, tmp_path)
    assert online(one).finished


def test_a_mass_removal_on_a_stick_asks_first(city: City, one: Office, other: Office, tmp_path: Path) -> None:
    other.desk.directory.save_many(Road, [{"name": f"路{n}"} for n in range(80)], actor=other.actor)
    online(other)
    there_and_back(one, tmp_path)
    with one.desk.store.read() as reader:
        roads = [road.id for road in reader.all(Road) if road.name.startswith("路")]
    for road in roads:
        city.database.retrying(lambda c, road=road: city_records.remove(c, city, record_id=road, who="操作员"))
    at_city(city, sealed_by(one, tmp_path / STICK), tmp_path)

    with pytest.raises(Refused, match=r"sync\.brake"):
        brought_home(one, tmp_path)
    assert one.sql("SELECT count(*) FROM roads WHERE name LIKE '路%'") == [(80,)]
    one.desk.sync.allow_removals(actor=one.actor)
    brought_home(one, tmp_path)

    assert one.sql("SELECT count(*) FROM roads WHERE name LIKE '路%'") == [(0,)]
    there_and_back(one, tmp_path)
    assert online(one).finished


def test_what_a_newer_desk_adds_is_passed_over_and_broken_envelopes_are_kept(
    city: City, one: Office, tmp_path: Path
) -> None:
    link = LinkStore(one.desk.store).need()
    head = SealedHead(
        kind="to_city",
        device_id=link.device_id,
        city=to_text(link.city_sign_key),
        receiver=to_text(link.city_box_key),
        counter=1,
        made_at=one.desk.clock.now(),
        ephemeral="",
    )
    with sealing(tmp_path / STICK, head, link.sign_key()) as out:
        out.envelope("hologram", b"of a newer program")
        out.envelope("push", b'{"changes": [{"change_id": 7}]}')
        out.envelope("wishes", to_json({"scopes": {link.district: {}, CITY_SCOPE: {}, "410103": {}, "x/y": {}}}))

    taken = at_city(city, tmp_path / STICK, tmp_path)

    assert dict(taken.outcomes) == {}
    with city.database.read() as connection:
        assert connection.execute(select(DEAD_LETTER.c.raw)).scalars().all() == [b'{"changes": [{"change_id": 7}]}']
    brought_home(one, tmp_path)


def test_the_operator_takes_a_file_in_from_the_command_line(
    city: City, one: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one.report()
    file = sealed_by(one, tmp_path / STICK)
    where = ["--database", city.settings.database, "--files", str(city.settings.files), "--json"]
    capsys.readouterr()

    code = main([*where, "unseal", str(file), "--answer", str(tmp_path / ANSWER)])

    told = json.loads(capsys.readouterr().out)
    assert (code, told["number"], told["district"]) == (0, 1, "410105")
    assert set(told["outcomes"]) == {"applied"}
    assert brought_home(one, tmp_path).pushed > 0
    file.write_bytes(file.read_bytes()[:-1])
    assert main([*where, "unseal", str(file), "--answer", str(tmp_path / ANSWER)]) == Exit.REFUSED


def rows_of(city: City) -> list[tuple[object, ...]]:
    """Records, feed, counters and files as they stand."""
    with city.database.read() as connection:
        return [
            tuple(row)
            for table in (RECORD, FEED, SCOPE_HEAD, BLOB)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]


def test_serials_that_came_on_a_stick_are_given_to_the_facilities_that_wait(one: Office, tmp_path: Path) -> None:
    lamp = one.desk.facilities.save({"major": "01", "minor": "37", "address": "经八路"}, actor=one.actor)

    there_and_back(one, tmp_path)

    assert one.desk.facilities.get(lamp.id).code == "4101050137000001"
