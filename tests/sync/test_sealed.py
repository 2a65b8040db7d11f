"""Work on a stick: the same answers as over the line, once, for its city and its PC alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.base.clock import FixedClock
from app.domain.cases import PhotoPhase
from app.domain.problems import Refused
from db.queries import files as file_rows
from server import devices
from server.city import City
from server.sealed import Unsealed, unseal
from server.tables import BLOB, FEED, RECORD, REVIEW, SCOPE_HEAD
from tests.builders import a_draft, a_picture
from tests.sync.linked import LinkedDesk, a_city, linked

STICK, ANSWER = "to city.gds", "to desk.gds"


@pytest.fixture
def city(tmp_path: Path, clock: FixedClock) -> Iterator[City]:
    """The city."""
    made = a_city(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def one(tmp_path: Path, city: City, clock: FixedClock) -> Iterator[LinkedDesk]:
    """A desk without a line."""
    made = linked(tmp_path / "one", city, clock)
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path, city: City, clock: FixedClock) -> Iterator[LinkedDesk]:
    """Another of the same district, with a line."""
    made = linked(tmp_path / "other", city, clock)
    yield made
    made.close()


def there_and_back(desk: LinkedDesk, stick: Path) -> Unsealed:
    """Seal, take to the city, bring the answer home."""
    taken = at_city(desk.city, desk.seal(stick / STICK), stick)
    desk.unseal(stick / ANSWER)
    return taken


def at_city(city: City, file: Path, stick: Path) -> Unsealed:
    """What the operator does with a file."""
    return unseal(city, file, stick / ANSWER, who="操作员")


def test_a_case_travels_on_a_stick_and_both_sides_are_equal(one: LinkedDesk, tmp_path: Path) -> None:
    case = one.report(description="店外经营")

    taken = there_and_back(one, tmp_path)

    assert set(taken.outcomes) == {"applied"}
    assert one.states() == {}
    found = one.case(case.id)
    assert found is not None
    assert found.version == 1
    report = one.sync()
    assert (report.finished, report.equal, report.pushed) == (True, True, 0)


def test_what_others_did_comes_back_on_the_stick(one: LinkedDesk, other: LinkedDesk, tmp_path: Path) -> None:
    mine, theirs = one.report(), other.report(description="占道经营")
    assert other.sync().finished

    there_and_back(one, tmp_path)

    assert set(one.rows()) == {mine.id, theirs.id}
    other.sync()
    assert one.rows() == other.rows()


def test_the_second_stick_brings_only_what_is_new(one: LinkedDesk, other: LinkedDesk, tmp_path: Path) -> None:
    other.report()
    other.sync()
    first = there_and_back(one, tmp_path)
    theirs = other.report()
    other.sync()

    taken = there_and_back(one, tmp_path)

    assert first.rows > 10
    assert 0 < taken.rows < 5
    assert theirs.id in one.rows()


def test_a_file_that_is_taken_in_twice_changes_nothing_the_second_time(
    city: City, one: LinkedDesk, tmp_path: Path
) -> None:
    one.report()
    file = one.seal(tmp_path / STICK)
    first = at_city(city, file, tmp_path)
    before = rows_of(city)

    second = at_city(city, file, tmp_path)

    assert rows_of(city) == before
    assert dict(second.outcomes) == dict(first.outcomes)
    one.unseal(tmp_path / ANSWER)
    one.unseal(tmp_path / ANSWER)
    assert one.states() == {}
    assert one.sync().finished


def test_sealing_calls_nothing_sent_and_the_line_goes_on_where_the_file_left_off(
    city: City, one: LinkedDesk, tmp_path: Path
) -> None:
    first = one.report()
    file = one.seal(tmp_path / STICK)
    assert one.states()["waiting"] > 0
    second = one.report()
    assert one.sync().finished
    before = rows_of(city)

    at_city(city, file, tmp_path)
    one.unseal(tmp_path / ANSWER)

    assert rows_of(city) == before
    assert set(one.rows()) == {first.id, second.id}
    assert one.sync().finished


def test_work_goes_on_while_the_stick_is_away(one: LinkedDesk, tmp_path: Path) -> None:
    case = one.report(description="一")
    file = one.seal(tmp_path / STICK)
    one.desk.cases.correct(case.id, a_draft(description="二"), "写错了", actor=one.actor)
    at_city(one.city, file, tmp_path)

    one.unseal(tmp_path / ANSWER)

    found = one.case(case.id)
    assert found is not None
    assert (found.description, found.version) == ("二", 1)
    there_and_back(one, tmp_path)
    assert one.states() == {}
    assert one.sync().finished


def test_photos_travel_with_their_small_pictures(
    city: City, one: LinkedDesk, other: LinkedDesk, tmp_path: Path
) -> None:
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
    assert one.sync().files_sent == 0
    there_and_back(other, tmp_path)
    with other.desk.store.read() as reader:
        assert file_rows.thumbnail(reader.connection, blob.sha256) is not None


def test_a_photo_gone_from_the_disk_is_left_out_and_told(one: LinkedDesk, tmp_path: Path) -> None:
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
    city: City, one: LinkedDesk, other: LinkedDesk, tmp_path: Path
) -> None:
    other.report()
    other.sync()
    mine = one.report()
    city.database.retrying(lambda connection: devices.revoke(connection, city, one.link.device_id, who="操作员"))

    taken = there_and_back(one, tmp_path)

    assert set(taken.outcomes) == {"held"}
    assert taken.rows == 0
    with city.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(REVIEW)).scalar_one() > 0
        assert connection.execute(select(RECORD.c.id).where(RECORD.c.id == mine.id)).first() is None
    assert set(one.rows()) == {mine.id}
    assert set(one.states()) == {"held"}


def test_a_file_for_another_city_is_refused_and_changes_nothing(
    city: City, one: LinkedDesk, tmp_path: Path, clock: FixedClock
) -> None:
    one.report()
    file = one.seal(tmp_path / STICK)
    (tmp_path / "elsewhere").mkdir()
    elsewhere = a_city(tmp_path / "elsewhere", clock, "洛阳市平台")
    before = rows_of(elsewhere)

    with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
        at_city(elsewhere, file, tmp_path)

    assert rows_of(elsewhere) == before
    assert not (tmp_path / ANSWER).exists()
    elsewhere.close()


def test_an_altered_file_changes_nothing_anywhere(city: City, one: LinkedDesk, tmp_path: Path) -> None:
    one.report()
    file = one.seal(tmp_path / STICK)
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
    (tmp_path / ANSWER).write_bytes(answer[:-100] + b"x" + answer[-99:])
    states = one.states()
    with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
        one.unseal(tmp_path / ANSWER)
    assert one.states() == states


def test_the_answer_to_another_pc_is_refused(city: City, one: LinkedDesk, other: LinkedDesk, tmp_path: Path) -> None:
    one.report()
    at_city(city, one.seal(tmp_path / STICK), tmp_path)

    for wrong in (tmp_path / ANSWER, tmp_path / STICK):
        with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
            other.unseal(wrong)
    with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
        at_city(city, tmp_path / ANSWER, tmp_path)

    assert other.rows() == {}


def test_an_older_answer_after_a_newer_one_takes_nothing_back(
    one: LinkedDesk, other: LinkedDesk, tmp_path: Path
) -> None:
    there_and_back(one, tmp_path)
    case = other.report(description="一")
    other.sync()
    at_city(one.city, one.seal(tmp_path / STICK), tmp_path)
    (tmp_path / ANSWER).rename(tmp_path / "older.gds")
    other.report(description="二")
    other.sync()
    there_and_back(one, tmp_path)
    newest = one.rows()

    one.unseal(tmp_path / "older.gds")

    assert one.rows() == newest
    assert case.id in newest
    assert one.sync().finished


def rows_of(city: City) -> list[tuple[object, ...]]:
    """Records, feed, counters and files as they stand."""
    with city.database.read() as connection:
        return [
            tuple(row)
            for table in (RECORD, FEED, SCOPE_HEAD, BLOB)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]
