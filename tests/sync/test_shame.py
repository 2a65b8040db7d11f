"""What went wrong in public elsewhere, one test each: the list of what this program promises not to do.

The name tells project and thread, and what holds here. Real desks, the real city, its own routes.
"""

from __future__ import annotations

import inspect
import os
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.base import disk
from app.base.clock import FixedClock
from app.desk import open_desk
from app.domain.cases import Case, CaseDraft, PhotoPhase
from app.domain.decisions import Verdict
from app.domain.directory import Road
from app.domain.merge import Clashed, merge_fields
from app.domain.permissions import OfficeRole
from app.domain.problems import Problem, Refused, Unavailable
from app.sync.line import CityLine
from app.sync.link import LinkStore
from app.sync.schedule import Schedule
from app.sync.views import RecordState, SyncReport
from app.wire.blobs import FileOffer
from app.wire.sync import CITY_SCOPE, Change, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply, Status
from db import migrate, outbox
from db.lock import StoreLock
from db.queries import sync as queue
from server import devices, files, people, tidy
from server.city import City
from server.sync import city_records
from server.tables import ATTEMPT, DEAD_LETTER, DEVICE, FEED, OUTCOME, RECORD, REVIEW, SCOPE_HEAD
from tests.builders import PASSWORD, a_draft, a_picture
from tests.desks import JINSHUI
from tests.sync import promises
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around, Changes, LosesAnswers
from tests.sync.offices import Office
from tests.sync.services import a_service

OTHER_DISTRICT = "410103"


@pytest.fixture
def a(make_desk_with_line: MakeOffice) -> Office:
    """A desk in step with the city."""
    made = make_desk_with_line("A")
    assert run(made).finished
    return made


@pytest.fixture
def b(make_desk_with_line: MakeOffice, a: Office) -> Office:
    """Another of the same district, both in step."""
    made = make_desk_with_line("B")
    for office in (made, a, made):
        assert run(office).finished
    return made


def run(office: Office, line: CityLine | None = None) -> SyncReport:
    """One run as the program does it."""
    machine = LinkStore(office.desk.store).need().machine
    return a_service(office, (lambda _link: line) if line is not None else None, machine=lambda: machine).run()


def photographed(office: Office, picture: bytes = b"") -> tuple[Case, str]:
    """A case with one photo, and the photo's sha-256."""
    case = office.report()
    taken = office.desk.photos.take_in(picture or a_picture(str(case.id)), "现场.jpg")
    office.desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=office.actor)
    return case, taken.sha256


def rename(office: Office, name: str) -> UUID:
    """The first road gets another name."""
    road = min(office.desk.directory.roads(), key=lambda one: one.id)
    return office.desk.directory.save(Road, {"name": name}, actor=office.actor, record_id=road.id).id


def clash(a: Office, b: Office) -> UUID:
    """Both name one road anew; B is late."""
    road = rename(a, "人民路")
    rename(b, "大同路")
    run(a)
    assert run(b).conflicts == 1
    return road


def waiting(office: Office) -> list[Change]:
    """What would be sent now."""
    with office.desk.store.read() as reader:
        return queue.next_batch(reader.connection, 500, 1_000_000)


def count(city: City, table: Any, *where: Any) -> int:
    """Rows of the city."""
    with city.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def reopened(office: Office, clock: FixedClock) -> Office:
    """The program ended and started again."""
    office.desk.close()
    return Office(open_desk(office.key, office.desk.paths, clock), office.client, office.city, office.key)


class Dead(Around):
    """A city that fails at everything."""

    asked = 0

    def push(self, request: PushRequest) -> PushReply:
        self.asked += 1
        raise Unavailable("sync.city_failed", status="500")

    def pull(self, request: PullRequest) -> PullReply:
        self.asked += 1
        raise Unavailable("sync.city_failed", status="500")


# Writing locally


def test_like_qfield_7479_no_record_without_its_change_and_no_change_without_its_record(
    a: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (a.sql("SELECT count(*) FROM cases"), a.states())
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "put", _no_disk)
        with pytest.raises(Unavailable):
            a.report()

    assert (a.sql("SELECT count(*) FROM cases"), a.states()) == before


def _no_disk(*_words: object) -> None:
    raise Unavailable("store.disk_full")


def test_like_mergin_mobile_1772_an_identity_is_made_here_and_stays_whatever_numbers_come(a: Office, b: Office) -> None:
    case = a.report()
    run(a)
    run(b)

    assert b.case(case.id) is not None
    assert count(a.city, RECORD, RECORD.c.id == case.id) == 1


def test_like_collect_5317_what_was_sent_is_never_rewritten_by_a_later_edit(a: Office) -> None:
    rename(a, "人民路")
    line = LosesAnswers(a.line)
    run(a, line)
    rename(a, "大同路")

    run(a, line)

    first, again = line.pushed[0].changes, line.pushed[1].changes
    assert [change.model_dump_json() for change in again[: len(first)]] == [c.model_dump_json() for c in first]
    assert again[-1].follows == first[-1].change_id


def test_like_invasivesbc_3416_a_draft_goes_nowhere(a: Office) -> None:
    a.desk.drafts.save("case", {"description": "没写完"}, actor=a.actor)

    assert waiting(a) == []
    assert run(a).finished


def test_like_dhis2_reserved_values_a_used_up_block_leaves_a_local_number_that_stays_an_alias(
    make_desk_with_line: MakeOffice,
) -> None:
    office = make_desk_with_line("A")
    case = office.report()
    assert (case.city_no, case.local_no != "") == ("", True)

    run(office)
    run(office)

    numbered = office.case(case.id)
    assert numbered is not None
    assert numbered.city_no
    assert office.desk.cases.find_number(case.local_no) == case.id


# Sending


def test_like_qfieldcloud_154_a_lost_answer_doubles_nothing(a: Office) -> None:
    case = a.report()
    line = LosesAnswers(a.line)

    run(a, line)
    run(a, line)

    assert count(a.city, FEED, FEED.c.record_id == case.id, FEED.c.version == 1) == 1


def test_like_odk_different_xml_one_id_with_other_bytes_is_refused_and_kept(a: Office) -> None:
    rename(a, "人民路")
    (change,) = waiting(a)
    run(a)
    other = Change.model_validate({**change.model_dump(), "fields": {"name": ("纬一路", "别的")}})

    (answer,) = a.line.push(PushRequest(changes=[other])).outcomes

    assert (answer.status, answer.code) == (Status.REFUSED, "sync.change_id_reused")
    assert count(a.city, DEAD_LETTER, DEAD_LETTER.c.reason == "sync.change_id_reused") == 1


def test_like_powersync_fifo_one_refused_record_holds_up_no_other(a: Office) -> None:
    rename(a, "人民路")
    (change,) = waiting(a)
    broken = Change.model_validate(
        {
            **change.model_dump(),
            "change_id": a.desk.store.ids.new(),
            "group": a.desk.store.ids.new(),
            "record_type": "x",
        }
    )

    first, second = a.line.push(PushRequest(changes=[broken, change])).outcomes

    assert (first.status, second.status) == (Status.REFUSED, Status.APPLIED)


def test_like_central_669_what_follows_a_conflict_is_held_and_the_rest_moves_on(a: Office, b: Office) -> None:
    road = clash(a, b)
    rename(b, "再改")
    case = b.report()

    report = run(b)

    assert count(b.city, RECORD, RECORD.c.id == case.id) == 1
    assert report.waiting + report.held == 1
    later = "SELECT count(*) FROM outbox WHERE record_id = ? AND state = 'settled' AND base_version > 0"
    assert b.sql(later, road.bytes) == [(0,)]


def test_like_central_805_what_is_held_is_never_forced_through_by_time(a: Office, b: Office, clock: FixedClock) -> None:
    clash(a, b)
    rename(b, "再改")
    clock.advance(timedelta(days=400))

    run(b)

    assert run(b).conflicts == 1
    assert b.states().get("waiting", 0) + b.states().get("held", 0) == 1


def test_like_collect_1939_a_dead_city_is_asked_once_not_once_a_form(a: Office) -> None:
    a.desk.directory.save_many(Road, [{"name": f"路{n}"} for n in range(1000)], actor=a.actor)
    line = Dead(a.line)

    report = run(a, line)

    assert (report.problem_code, line.asked) == ("sync.city_failed", 1)
    assert len(waiting(a)) == 500


def test_like_powersync_native_15_the_next_try_waits_for_the_clock_alone() -> None:
    failed = Schedule().failed(100.0, lambda: 0.5).failed(110.0, lambda: 0.5)

    assert failed.next_at is not None
    assert not failed.due(failed.next_at - 1)
    assert failed.due(failed.next_at)


def test_like_powersync_core_162_nothing_says_in_progress_after_a_death(a: Office) -> None:
    class Death(BaseException): ...

    def die(point: str) -> None:
        if point == "after_send":
            raise Death

    a.report()
    with pytest.raises(Death):
        a.sync(reach=die)

    assert set(a.states()) <= {"waiting", "settled"}
    assert run(a).finished


def test_like_cht_8303_finished_is_not_said_while_a_photo_waits(a: Office) -> None:
    class NoFiles(Around):
        def offer_file(self, _offer: FileOffer) -> None:
            raise Unavailable("sync.offline", reason="test")

    photographed(a)

    report = run(a, NoFiles(a.line))

    assert (report.finished, report.waiting, report.files_waiting) == (False, 0, 1)
    assert run(a).finished


def test_like_getodk_1017_an_error_of_the_city_deletes_nothing(a: Office) -> None:
    case, sha256 = photographed(a)
    for code in ("sync.city_failed", "sync.device_revoked", "sync.request_broken", "sync.too_large"):
        line = Around(a.line)
        line.push = _raises(code)  # type: ignore[method-assign]
        run(a, line)

    assert a.case(case.id) is not None
    assert a.desk.photos.open(sha256)
    assert a.sql("SELECT count(*) FROM outbox WHERE record_id = ?", case.id.bytes) == [(1,)]


def _raises(code: str) -> Any:
    def refuse(_request: PushRequest) -> PushReply:
        raise (Unavailable if code == "sync.city_failed" else Refused)(code, status="500", limit="1 MB", reason="")

    return refuse


def test_like_mergin_docs_106_a_program_too_old_to_pull_still_delivers(a: Office) -> None:
    case = a.report()
    changes = waiting(a)

    old_push = PushRequest(protocol=0, program="0.0.1", changes=changes)
    with pytest.raises(Problem, match=r"sync\.upgrade_needed"):
        a.line.pull(PullRequest(protocol=0, program="0.0.1", scopes={}))

    assert {outcome.status for outcome in a.line.push(old_push).outcomes} == {Status.APPLIED}
    assert count(a.city, RECORD, RECORD.c.id == case.id) == 1


# Ordering and pulling


def test_like_marten_1629_a_number_of_the_feed_that_was_rolled_back_is_given_again(a: Office) -> None:
    def fail(connection: Any) -> None:
        road = Road(id=a.city.ids.new(), created_at=a.city.now(), changed_at=a.city.now(), name="没成")
        city_records.put(connection, a.city, scope=JINSHUI, record=road, who="测试")
        raise Refused("city.review_unknown", group="")

    with pytest.raises(Refused):
        a.city.database.retrying(fail)
    rename(a, "人民路")
    run(a)

    with a.city.database.read() as connection:
        seqs = connection.execute(select(FEED.c.seq).where(FEED.c.scope == JINSHUI).order_by(FEED.c.seq)).scalars()
        assert {after - before for before, after in pairwise(seqs)} == {1}


def test_like_any_reader_of_gaps_a_hole_stops_applying_and_is_filled(a: Office, b: Office) -> None:
    first, second = a.report(), a.report()
    run(a)

    def holed(reply: PullReply) -> PullReply:
        page = reply.scopes[JINSHUI]
        if len(page.entries) < 2:
            return reply
        later = page.model_copy(update={"from_seq": page.from_seq + 1, "entries": page.entries[1:]})
        return reply.model_copy(update={"scopes": {**reply.scopes, JINSHUI: later}})

    assert run(b, Changes(b.line, holed)).equal
    assert b.case(first.id) is not None
    assert b.case(second.id) is not None


def test_like_watermelondb_sync_a_page_applied_twice_changes_nothing(a: Office, b: Office) -> None:
    a.report()
    run(a)
    (before,) = b.sql("SELECT epoch, after FROM scopes WHERE scope = ?", JINSHUI)
    run(b)
    shown = promises.held(b.desk.store)
    with b.desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE scopes SET after = ? WHERE scope = ?", (before[1], JINSHUI))

    assert run(b).finished
    assert promises.held(b.desk.store) == shown


def test_like_powersync_checkpoints_a_move_between_districts_is_never_seen_half(
    a: Office, make_desk_with_line: MakeOffice
) -> None:
    case, _sha256 = photographed(a)
    run(a)
    there = make_desk_with_line("C", OTHER_DISTRICT)
    run(there)

    move(a.city, case.id)

    run(a)
    run(there)
    held = [
        (
            office.case(case.id) is not None,
            office.sql("SELECT count(*) FROM case_steps WHERE parent = ?", case.id.bytes),
        )
        for office in (a, there)
    ]
    assert held == [(False, [(0,)]), (True, [(2,)])]


def move(city: City, case_id: UUID) -> None:
    def moved(connection: Any) -> None:
        city_records.move(connection, city, record_id=case_id, to_scope=OTHER_DISTRICT, who="测试")

    city.database.retrying(moved)


def test_like_powersync_commit_a_page_never_splits_what_was_written_together(a: Office, b: Office) -> None:
    case = a.report()
    run(a)
    cursor = b.sql("SELECT epoch, after FROM scopes WHERE scope = ?", JINSHUI)[0]
    request = {"scopes": {JINSHUI: {"epoch": cursor[0], "after": cursor[1]}}, "limit": 1}

    page = b.line.pull(PullRequest.model_validate(request)).scopes[JINSHUI]

    assert {entry.type for entry in page.entries} == {"case", "case_step"}
    assert case.id in {entry.id for entry in page.entries}


def test_like_joplin_5536_another_epoch_replaces_rows_and_keeps_what_waits(a: Office, b: Office) -> None:
    mine = b.report()
    a.city.database.retrying(lambda connection: city_records.new_epoch(connection, a.city))

    assert run(b).finished
    assert b.case(mine.id) is not None
    assert count(b.city, RECORD, RECORD.c.id == mine.id) == 1


def test_like_pouchdb_1301_a_new_desk_pays_for_live_rows_not_for_history(
    a: Office, make_desk_with_line: MakeOffice
) -> None:
    for number in range(30):
        rename(a, f"第{number}名")
        run(a)
    fresh = make_desk_with_line("B")
    told: list[int] = []

    class Counts(Around):
        def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply:
            reply = self.line.snapshot(scope, after, limit)
            told.append(len(reply.rows))
            return reply

    run(fresh, Counts(fresh.line))

    live = count(a.city, RECORD, RECORD.c.scope.in_([JINSHUI, CITY_SCOPE]), ~RECORD.c.deleted)
    assert sum(told) <= live < count(a.city, FEED)


def test_like_cht_7419_an_unfinished_first_download_says_so_and_removes_nothing(
    a: Office, make_desk_with_line: MakeOffice
) -> None:
    fresh = make_desk_with_line("B")
    case, line = fresh.report(), Around(fresh.line)
    line.snapshot = line.pull = _no_line  # type: ignore[attr-defined, method-assign]

    report = run(fresh, line)

    assert (report.finished, report.problem_code) == (False, "sync.offline")
    assert fresh.case(case.id) is not None
    assert not a_service(fresh).status().first_sync_done
    assert run(fresh).finished
    assert a_service(fresh).status().first_sync_done
    assert run(a).finished


def _no_line(*_words: object) -> Any:
    raise Unavailable("sync.offline", reason="test")


def test_like_watermelondb_permissions_losing_sight_is_an_entry_of_the_feed(a: Office) -> None:
    case = a.report()
    run(a)

    move(a.city, case.id)

    with a.city.database.read() as connection:
        ops = select(FEED.c.scope, FEED.c.op).where(FEED.c.record_id == case.id, FEED.c.op != "put")
        assert {tuple(row) for row in connection.execute(ops)} >= {(JINSHUI, "leave"), (OTHER_DISTRICT, "enter")}


def test_like_mergin_mobile_2382_a_write_that_fails_here_ends_the_run_and_clears_nothing_there(
    a: Office, b: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _sha256 = photographed(a)
    run(a)
    before = count(a.city, RECORD, ~RECORD.c.deleted)
    with monkeypatch.context() as patched:
        patched.setattr("app.sync.apply.Apply.pages", _no_disk)
        with pytest.raises(Unavailable, match=r"store\.disk_full"):
            run(b)

    assert count(a.city, RECORD, ~RECORD.c.deleted) == before
    assert run(b).finished
    assert b.case(case.id) is not None


def test_like_mergin_mobile_2382_room_is_looked_for_before_a_file_is_fetched(
    a: Office, b: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _case, sha256 = photographed(a)
    run(a)
    run(b)
    line = Around(b.line)
    line.fetch_piece = _never  # type: ignore[attr-defined]
    with monkeypatch.context() as patched:
        patched.setattr(disk, "SPARE_BYTES", 1 << 60)
        with pytest.raises(Unavailable, match=r"store\.disk_full"):
            a_service(b, lambda _link: line).fetch_original(sha256)

    a_service(b).fetch_original(sha256)
    assert b.desk.photos.open(sha256)


def _never(*_words: object) -> Any:
    raise AssertionError("asked all the same")


def test_like_mergin_mobile_1798_the_file_under_open_screens_is_never_exchanged(a: Office, b: Office) -> None:
    a.report()
    run(a)
    before = b.desk.paths.database.stat().st_ino
    a.city.database.retrying(lambda connection: city_records.new_epoch(connection, a.city))

    assert run(b).finished
    assert b.desk.paths.database.stat().st_ino == before


# Conflicts, refusals, deletes


def test_like_qfieldcloud_geometry_a_field_that_cannot_be_compared_counts_as_different() -> None:
    here = {"point": {"x": float("nan")}, "name": "一"}

    result = merge_fields(here, {"point": ({"x": 1}, {"x": 2})}, frozenset({"point"}))

    assert isinstance(result, Clashed)
    assert set(result.fields) == {"point"}


def test_like_qfieldcloud_compare_feature_fields_one_side_does_not_know_come_back(a: Office, b: Office) -> None:
    road = rename(a, "人民路")
    (change,) = waiting(a)
    newer = Change.model_validate(
        {**change.model_dump(), "change_id": a.desk.store.ids.new(), "fields": {**change.fields, "width_m": (None, 12)}}
    )
    a.line.push(PushRequest(changes=[newer]))
    run(b)
    rename(b, "大同路")
    run(b)

    with a.city.database.read() as connection:
        body = connection.execute(select(RECORD.c.body).where(RECORD.c.id == road)).scalar_one()
    assert '"width_m":12' in body
    assert "大同路" in body


def test_like_odk_x_109_a_conflict_keeps_all_sides_until_a_person_closes_it_with_a_reason(a: Office, b: Office) -> None:
    road = clash(a, b)
    trouble = a_service(b).trouble(road)
    assert trouble is not None
    assert [(one.mine, one.theirs) for one in trouble.clashes] == [("大同路", "人民路")]

    a_service(b).decide(road, Verdict.MINE, {}, "以现场为准", actor=b.actor)
    run(b)
    run(a)

    (decision,) = a_service(a).decisions_of(road)
    assert (decision.reason, decision.actor_id) == ("以现场为准", b.actor.person_id)
    assert {"before", "mine", "theirs", "chosen"} <= set(decision.fields["name"])


def test_like_sormas_399_a_conflict_lies_where_the_person_is_and_blocks_nothing_else(a: Office, b: Office) -> None:
    road = clash(a, b)
    case = b.report()

    run(b)

    assert [line.record_id for line in a_service(b).troubles()] == [road]
    assert count(b.city, RECORD, RECORD.c.id == case.id) == 1


def test_like_watermelondb_rule_10_a_field_the_city_does_not_know_loses_no_record(a: Office) -> None:
    case = a.report()
    changes = [
        Change.model_validate({**change.model_dump(), "fields": {**change.fields, "weather": (None, "雨")}})
        if change.record_id == case.id
        else change
        for change in waiting(a)
    ]

    assert {one.status for one in a.line.push(PushRequest(changes=changes)).outcomes} == {Status.APPLIED}


def test_like_qfieldcloud_preserve_faulty_what_could_not_be_used_is_kept_as_received(a: Office) -> None:
    rename(a, "人民路")
    (change,) = waiting(a)
    broken = Change.model_validate({**change.model_dump(), "fields": {"name": (None, {"not": "a name"})}})

    (answer,) = a.line.push(PushRequest(changes=[broken])).outcomes

    assert answer.status is Status.REFUSED
    with a.city.database.read() as connection:
        raw = connection.execute(select(DEAD_LETTER.c.raw).order_by(DEAD_LETTER.c.id.desc())).scalars().first()
    assert raw is not None
    assert b'"not"' in raw


def test_like_joplin_12780_a_delete_against_an_edit_is_a_question_not_a_loss(a: Office, b: Office) -> None:
    road = rename(b, "我改的")

    def removed(connection: Any) -> None:
        city_records.remove(connection, a.city, record_id=road, who="测试")

    a.city.database.retrying(removed)

    assert run(b).conflicts == 1
    assert "我改的" in [one.name for one in b.desk.directory.roads()]


def test_like_anki_graves_who_was_away_longer_than_the_feed_reaches_takes_a_snapshot(
    a: Office, b: Office, clock: FixedClock
) -> None:
    road = rename(a, "人民路")

    def removed(connection: Any) -> None:
        city_records.remove(connection, a.city, record_id=road, who="测试")

    run(a)
    a.city.database.retrying(removed)
    clock.advance(timedelta(days=400))
    rename_other(a)
    run(a)
    tidy.tidy(a.city, who="测试")
    with a.city.database.read() as connection:
        floor = connection.execute(select(SCOPE_HEAD.c.floor).where(SCOPE_HEAD.c.scope == JINSHUI)).scalar_one()
    assert floor > 0

    assert run(b).finished
    assert road not in {one.id for one in b.desk.directory.roads()}


def rename_other(office: Office) -> None:
    road = max(office.desk.directory.roads(), key=lambda one: one.id)
    office.desk.directory.save(Road, {"name": "经八路北段"}, actor=office.actor, record_id=road.id)


def test_like_joplin_3846_the_question_before_a_mass_removal_survives_a_restart_and_no_run_answers_it(
    a: Office, b: Office, clock: FixedClock
) -> None:
    a.desk.directory.save_many(Road, [{"name": f"路{n}"} for n in range(120)], actor=a.actor)
    run(a)
    run(b)

    def removed(connection: Any) -> None:
        roads = select(RECORD.c.id).where(RECORD.c.type == "road", RECORD.c.scope == JINSHUI)
        for road in connection.execute(roads).scalars().all():
            city_records.remove(connection, a.city, record_id=road, who="测试")

    a.city.database.retrying(removed)
    assert run(b).problem_code == "sync.brake"

    late = reopened(b, clock)
    assert run(late).problem_code == "sync.brake"
    assert len(late.desk.directory.roads()) > 100
    a_service(late).allow_removals(actor=late.actor)
    assert run(late).finished
    assert late.desk.directory.roads() == []
    late.desk.close()


def test_like_anki_media_no_deletion_of_a_file_travels_because_nothing_on_the_line_deletes() -> None:
    verbs = {name for name, _ in inspect.getmembers(CityLine, inspect.isfunction) if not name.startswith("_")}

    assert not [name for name in verbs if "delete" in name or "remove" in name]


# Attachments


def test_like_qfield_4765_a_photo_is_ours_once_attached_wherever_it_came_from(a: Office, tmp_path: Path) -> None:
    outside = tmp_path / "相机" / "a.jpg"
    outside.parent.mkdir()
    outside.write_bytes(a_picture("外面"))
    case = a.report()
    a.desk.photos.attach(case.id, [a.desk.photos.take_in(outside)], PhotoPhase.BEFORE, actor=a.actor)
    outside.unlink()

    assert run(a).files_sent == 1
    (tmp_path / "empty.jpg").touch()
    with pytest.raises(Refused, match=r"file\."):
        a.desk.photos.take_in(tmp_path / "empty.jpg")


def test_like_qfield_3922_the_record_says_how_many_of_its_photos_are_with_the_city(a: Office) -> None:
    case, _sha256 = photographed(a)
    before = a_service(a).delivery(case.id)
    run(a)
    after = a_service(a).delivery(case.id)

    assert (before.files_done, before.files) == (0, 1)
    assert (after.files_done, after.files, after.state) == (1, 1, RecordState.WITH_CITY)


def test_like_kobocat_432_a_file_counts_only_when_size_and_hash_are_right_on_the_disk(city: City) -> None:
    picture = a_picture("一")
    offer = FileOffer(sha256="ab" * 32, size=len(picture), media_type="image/jpeg")
    files.offer(city, JINSHUI, offer)

    with pytest.raises(Refused, match=r"sync\.file_altered"):
        files.append(city, JINSHUI, offer.sha256, 0, picture)

    assert files.state(city, JINSHUI, offer.sha256).state != "complete"


def test_like_tus_an_upload_goes_on_where_the_city_stands_after_a_restart(
    a: Office, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sync.files.PIECE_BYTES", 64 * 1024)
    photographed(a, a_picture("大") + os.urandom(200_000))
    cut = CutsAfter(a.line, 2)
    assert run(a, cut).problem_code == "sync.offline"

    late = reopened(a, clock)
    clock.advance(timedelta(hours=2))
    again = CutsAfter(late.line, 99)
    assert run(late, again).finished

    assert again.offsets[0] == sum(cut.sizes) > 0
    late.desk.close()


class CutsAfter(Around):
    """The line breaks after so many pieces."""

    def __init__(self, line: CityLine, pieces: int) -> None:
        super().__init__(line)
        self.left = pieces
        self.offsets: list[int] = []
        self.sizes: list[int] = []

    def send_piece(self, sha256: str, offset: int, piece: bytes) -> Any:
        if self.left == 0:
            raise Unavailable("sync.offline", reason="test")
        self.left -= 1
        self.offsets.append(offset)
        self.sizes.append(len(piece))
        return self.line.send_piece(sha256, offset, piece)


def test_like_mergin_chunks_the_same_bytes_are_sent_once_whoever_names_them(a: Office) -> None:
    picture = a_picture("同一张")
    photographed(a, picture)
    photographed(a, picture)
    line = CutsAfter(a.line, 99)

    run(a, line)

    assert len(line.sizes) == 1


def test_like_zotero_ios_301_an_original_stays_here_after_it_was_delivered(a: Office) -> None:
    _case, sha256 = photographed(a)
    run(a)

    assert a.desk.photos.open(sha256)
    assert a.desk.care.tidy() == 0
    assert a.desk.photos.open(sha256)


# Identity, access, time


def test_like_a_cloned_disk_a_counter_that_runs_backwards_asks_for_an_identity_of_its_own(a: Office) -> None:
    before = LinkStore(a.desk.store).need()
    run(a)
    run(a)
    with a.desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE city_link SET counter = ? WHERE id = 1", (max(0, before.counter - 3),))

    assert run(a).finished
    assert LinkStore(a.desk.store).need().device_id != before.device_id


def test_like_sormas_5269_another_person_at_the_desk_deletes_nothing(a: Office) -> None:
    case = a.report()
    second = a.desk.accounts.add_person("李强", "liqiang", list(OfficeRole), PASSWORD, actor=a.actor)
    actor = a.desk.accounts.actor(second.id)
    a.desk.accounts.signed_out(a.actor)
    a.desk.accounts.signed_in(actor)
    a.desk.cases.report(a_draft(), actor=actor)

    assert a.case(case.id) is not None
    assert run(a).finished


def test_like_sormas_403_revoked_pc_keeps_unsent_work_and_delivers_it_to_the_tray(a: Office) -> None:
    case = a.report()
    device_id = LinkStore(a.desk.store).need().device_id
    a.city.database.retrying(lambda connection: devices.revoke(connection, a.city, device_id, who="测试"))

    report = run(a)

    assert report.problem_code == "sync.device_revoked"
    assert a.case(case.id) is not None
    assert a.states().get("held", 0) + a.states().get("waiting", 0) > 0
    assert count(a.city, REVIEW) > 0
    assert count(a.city, RECORD, RECORD.c.id == case.id) == 0


def test_like_sormas_403_revoked_user_keeps_unsent_work_and_delivers_it_to_the_tray(a: Office) -> None:
    clerk = a.desk.accounts.add_person("李强", "liqiang", list(OfficeRole), PASSWORD, actor=a.actor)
    run(a)
    case = a.desk.cases.report(a_draft(), actor=a.desk.accounts.actor(clerk.id))
    a.city.database.retrying(lambda connection: people.revoke(connection, a.city, clerk.id, who="测试"))

    run(a)

    assert a.case(case.id) is not None
    assert count(a.city, REVIEW, REVIEW.c.actor_id == clerk.id) > 0
    assert count(a.city, RECORD, RECORD.c.id == case.id) == 0


def test_like_qfieldcloud_unpermitted_what_was_not_allowed_is_answered_in_words_and_kept(a: Office) -> None:
    helper = a.desk.accounts.add_person("李强", "liqiang", [OfficeRole.ACCEPTOR], PASSWORD, actor=a.actor)
    run(a)
    rename(a, "人民路")
    (change,) = waiting(a)
    forged = Change.model_validate({**change.model_dump(), "actor_id": helper.id, "actor_name": "李强"})

    (answer,) = a.line.push(PushRequest(changes=[forged])).outcomes

    assert (answer.status, answer.code) == (Status.REFUSED, "sync.not_permitted")
    assert count(a.city, OUTCOME, OUTCOME.c.change_id == change.change_id) == 1
    assert count(a.city, DEAD_LETTER, DEAD_LETTER.c.reason == "sync.not_permitted") == 1


@pytest.mark.parametrize("days", [-120, 120])
def test_like_go_syncstorage_151_a_clock_months_off_stops_nothing_and_is_told(
    a: Office, make_desk_with_line: MakeOffice, tmp_path: Path, days: int
) -> None:
    wrong = FixedClock(a.desk.clock.now() + timedelta(days=days))
    office = reopened(make_desk_with_line("B"), wrong)
    case = office.report()

    assert run(office).finished
    assert count(a.city, RECORD, RECORD.c.id == case.id) == 1
    with a.city.database.read() as connection:
        offsets = connection.execute(select(DEVICE.c.clock_offset_ms)).scalars().all()
    assert round(days * 86_400_000) in offsets
    office.desk.close()


# Versions and health


def test_like_odk_3496_each_change_keeps_the_schema_it_was_made_with_and_each_request_its_protocol(a: Office) -> None:
    a.report()
    line = Around(a.line)
    run(a, line)

    assert {request.protocol for request in line.pushed} == {1}
    assert all(change.schema_no >= 1 for request in line.pushed for change in request.changes)


def test_like_watermelondb_migration_sync_a_program_that_learns_a_field_takes_it_from_rows_it_held(a: Office) -> None:
    road = a.desk.directory.roads()[0]
    with a.desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE roads SET extra = ? WHERE id = ?", ('{"chief":"李路长"}', road.id.bytes))
        connection.exec_driver_sql("UPDATE notes SET value = 'an older program' WHERE name = 'sync.adopted'")

    run(a)

    (now,) = (one for one in a.desk.directory.roads() if one.id == road.id)
    assert (now.chief, now.extra) == ("李路长", {})


def test_like_watermelondb_rule_6_no_migration_was_ever_removed() -> None:
    assert "20261121_first" in migrate.KNOWN
    assert migrate.KNOWN[-1] == migrate.HEAD


def test_like_anki_sanity_check_a_swap_that_a_count_would_miss_is_found_and_mended(a: Office) -> None:
    with a.desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE roads SET version = version + 1 WHERE id = (SELECT min(id) FROM roads)")
        connection.exec_driver_sql("UPDATE scopes SET hash = hash + 1 WHERE scope = ?", (JINSHUI,))

    assert run(a).finished
    promises.equal_with_city(a.desk.store, a.city, JINSHUI)


def test_like_qfield_6489_a_copy_lies_there_before_the_first_sync_of_a_day_and_work_leaves_as_one_file(
    a: Office, tmp_path: Path
) -> None:
    a.report()
    run(a)
    assert len(list(a.desk.paths.backups.glob("*.gdbackup"))) == 1
    a.report()

    sealed = a_service(a).seal(tmp_path / "work.gdsealed", actor=a.actor)

    assert sealed is not None
    assert (tmp_path / "work.gdsealed").stat().st_size > 0


def test_like_indi_allsky_1534_every_commit_is_on_the_disk(a: Office) -> None:
    with a.desk.store.local() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def test_like_joplin_locks_one_store_syncs_once_at_a_time(a: Office, clock: FixedClock) -> None:
    with StoreLock(a.desk.paths.sync_lock, clock, "sync"), pytest.raises(Unavailable, match=r"sync\.running"):
        run(a)

    assert run(a).finished


def test_like_keepassxc_5290_what_a_form_still_shows_is_not_saved_over_what_came(a: Office, b: Office) -> None:
    case = a.report(description="原来的")
    run(a)
    run(b)
    seen = b.case(case.id)
    assert seen is not None
    a.desk.cases.correct(case.id, _as_draft(case, house_no="99"), "门牌", actor=a.actor, seen=case)
    run(a)
    run(b)

    b.desk.cases.correct(case.id, _as_draft(seen, description="新的"), "描述", actor=b.actor, seen=seen)

    after = b.case(case.id)
    assert after is not None
    assert (after.house_no, after.description) == ("99", "新的")


def _as_draft(case: Case, **changed: object) -> CaseDraft:
    known = {name: getattr(case, name) for name in CaseDraft.model_fields if hasattr(case, name)}
    return CaseDraft.model_validate(known | changed)


def test_like_sormas_9832_every_record_tells_where_it_stands(a: Office, b: Office) -> None:
    road = clash(a, b)
    case = b.report()

    service = a_service(b)

    assert service.delivery(case.id).state is RecordState.WAITING
    assert service.delivery(road).state is RecordState.CONFLICT
    status = service.status()
    assert (status.conflicts, status.waiting > 0, status.last_success_at is not None) == (1, True, True)


def test_like_cht_10406_attempts_that_failed_are_remembered_on_both_sides(a: Office) -> None:
    run(a, Dead(a.line))
    device_id = LinkStore(a.desk.store).need().device_id
    a.city.database.retrying(lambda connection: devices.revoke(connection, a.city, device_id, who="测试"))
    run(a)

    assert a.sql("SELECT count(*) FROM line_log WHERE ok = 0") == [(2,)]
    assert count(a.city, ATTEMPT, ~ATTEMPT.c.ok) > 0


def test_like_odk_purge_tidying_takes_no_record_and_nothing_that_was_not_delivered(a: Office) -> None:
    case, sha256 = photographed(a)

    a.desk.care.tidy()

    assert a.case(case.id) is not None
    assert a.desk.photos.open(sha256)
    assert waiting(a)


def test_like_fixmystreet_1581_two_reports_of_one_thing_stay_two_until_a_person_links_them(
    a: Office, b: Office
) -> None:
    first, second = a.report(), b.report()
    run(a)
    run(b)
    run(a)

    for office in (a, b):
        shown = [office.case(case.id) for case in (first, second)]
        assert all(case is not None and case.linked_case_id is None for case in shown)
