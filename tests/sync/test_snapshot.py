"""The first fetching: page by page, resumable, never taking away what is not sent, never growing in memory."""

from __future__ import annotations

import gc
import tracemalloc
from types import SimpleNamespace
from uuid import UUID

import pytest

from app.base import disk
from app.domain.directory import Road
from app.domain.problems import Unavailable
from app.sync import snapshot
from app.sync.check import recount
from app.wire.sync import SnapshotReply
from db.queries import sync as queue
from tests.desks import JINSHUI
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around
from tests.sync.offices import Office


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "PAGE", 10)


class Breaks(Around):
    """The line breaks after so many pages of a snapshot."""

    def __init__(self, line: object, after: int) -> None:
        super().__init__(line)  # type: ignore[arg-type]
        self.left = after
        self.asked: list[UUID | None] = []

    def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply:
        if self.left == 0:
            raise Unavailable("sync.offline", reason="test")
        self.left -= 1
        if scope == JINSHUI:
            self.asked.append(after)
        return self.line.snapshot(scope, after, limit)


def test_a_snapshot_goes_on_where_it_stopped(make_desk_with_line: MakeOffice) -> None:
    office = full_city(make_desk_with_line, 45)
    late = make_desk_with_line("B")
    first = Breaks(late.line, 3)

    assert late.sync(first).problem_code == "sync.offline"
    assert late.sql("SELECT phase FROM scopes WHERE scope = ?", JINSHUI) == [("snapshot",)]
    second = Breaks(late.line, 99)
    assert late.sync(second).finished

    assert first.asked[0] is None
    assert second.asked[0] is not None
    assert second.asked[0] > first.asked[-1]  # type: ignore[operator]
    assert late.sql("SELECT phase FROM scopes WHERE scope = ?", JINSHUI) == [("ready",)]
    assert names(late) == names(office) | names(late)


def test_what_happens_while_a_snapshot_runs_is_there_at_its_end(make_desk_with_line: MakeOffice) -> None:
    office = full_city(make_desk_with_line, 45)
    late = make_desk_with_line("B")
    assert late.sync(Breaks(late.line, 3)).problem_code == "sync.offline"
    road = office.desk.directory.roads()[0]
    office.desk.directory.save(Road, {"name": "中途改名"}, actor=office.actor, record_id=road.id)
    office.desk.directory.save(Road, {"name": "中途新增"}, actor=office.actor)
    office.sync()

    assert late.sync().finished

    assert {"中途改名", "中途新增"} <= names(late)


def test_work_entered_before_the_first_snapshot_stays_and_goes(make_desk_with_line: MakeOffice) -> None:
    office = full_city(make_desk_with_line, 25)
    late = make_desk_with_line("B")
    case = late.report()
    late.sync(Breaks(late.line, 1))
    edited = late.desk.directory.roads()[0]
    late.desk.directory.save(Road, {"name": "我的路名"}, actor=late.actor, record_id=edited.id)

    assert late.sync().finished
    assert office.sync().finished

    assert office.case(case.id) == late.case(case.id) is not None
    assert "我的路名" in names(office)


def test_records_a_new_snapshot_does_not_name_leave_unless_they_wait(make_desk_with_line: MakeOffice) -> None:
    office = full_city(make_desk_with_line, 25)
    stray, waiting = two_strays(office)
    start_anew(office)

    report = office.sync()

    assert report.problem_code == ""
    kept = {road.id for road in office.desk.directory.roads()}
    assert stray not in kept
    assert waiting in kept


def test_the_brake_holds_in_a_snapshot_too_and_outlives_a_restart(make_desk_with_line: MakeOffice) -> None:
    office = full_city(make_desk_with_line, 5)
    for n in range(60):
        a_stray(office, f"幽灵路{n}")
    start_anew(office)

    assert office.sync().problem_code == "sync.brake"
    assert office.sync().problem_code == "sync.brake"
    assert len([name for name in names(office) if name.startswith("幽灵路")]) == 60
    with office.desk.store.local() as connection:
        assert queue.allow_removals(connection) == 60
    assert office.sync().finished
    assert not [name for name in names(office) if name.startswith("幽灵路")]


def test_a_disk_that_is_nearly_full_stops_the_fetching_before_it_begins(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_city(make_desk_with_line, 25)
    late = make_desk_with_line("B")
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=disk.SPARE_BYTES + 4000 * 20))
        report = late.sync()
    assert report.problem_code == "sync.disk_low"
    assert not [name for name in names(late) if name.startswith("路")]

    assert late.sync().finished


def test_a_wrong_sum_is_put_right_by_counting_the_rows(make_desk_with_line: MakeOffice) -> None:
    office = full_city(make_desk_with_line, 5)
    with office.desk.store.local() as connection:
        connection.exec_driver_sql('UPDATE scopes SET "count" = 3, hash = 4')

    line = Breaks(office.line, 99)
    assert office.sync(line).finished

    assert line.asked == []
    assert office.sql('SELECT "count", hash FROM scopes WHERE scope = ?', JINSHUI) == [
        recount(office.desk.store, JINSHUI)
    ]


def test_rows_that_differ_are_fetched_anew_and_reported_until_they_agree(make_desk_with_line: MakeOffice) -> None:
    office = full_city(make_desk_with_line, 5)
    road = office.desk.directory.roads()[0]
    with office.desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE roads SET version = 7, name = '篡改' WHERE id = ?", (road.id.bytes,))

    report = office.sync()

    assert report.equal is True
    assert "篡改" not in names(office)


def test_memory_does_not_grow_with_the_number_of_pages(make_desk_with_line: MakeOffice) -> None:
    full_city(make_desk_with_line, 600)
    late = make_desk_with_line("B")
    late.sync(Breaks(late.line, 3))
    held: list[int] = []

    def measure(point: str) -> None:
        if point == "before_snapshot_page":
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    try:
        assert late.sync(reach=measure).finished
    finally:
        tracemalloc.stop()
    assert len(held) > 50
    assert held[-1] - held[10] < 300_000


def full_city(make: MakeOffice, roads: int) -> Office:
    """A desk and a city that hold so many roads and are equal."""
    office = make("A")
    office.desk.directory.save_many(Road, [{"name": f"路{n}"} for n in range(roads)], actor=office.actor)
    assert office.sync().finished
    return office


def names(office: Office) -> set[str]:
    """Roads as the screen lists them."""
    return {road.name for road in office.desk.directory.roads()}


def a_stray(office: Office, name: str) -> UUID:
    """A record that stands here as if the city had it once."""
    road: Road = office.desk.directory.save(Road, {"name": name}, actor=office.actor)
    with office.desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE roads SET version = 3 WHERE id = ?", (road.id.bytes,))
        connection.exec_driver_sql("UPDATE outbox SET state = 'settled' WHERE record_id = ?", (road.id.bytes,))
    return road.id


def two_strays(office: Office) -> tuple[UUID, UUID]:
    """One that nobody touched, one with a change that is not sent."""
    stray, waiting = a_stray(office, "幽灵路"), a_stray(office, "还在改的幽灵路")
    office.desk.directory.save(Road, {"name": "改过的幽灵路"}, actor=office.actor, record_id=waiting)
    return stray, waiting


def start_anew(office: Office) -> None:
    """The next run fetches the whole scope."""
    with office.desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE scopes SET phase = 'snapshot', snapshot_after = NULL, epoch = ''")
