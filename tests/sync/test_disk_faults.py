"""A disk that fails in the middle of a sync: what was acknowledged stays, nothing is half, the next run makes it good."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import open_desk
from app.domain.cases import PhotoPhase
from app.domain.problems import Unavailable
from app.sync import apply
from tests.builders import a_picture
from tests.desks import JINSHUI
from tests.sync import promises
from tests.sync.conftest import MakeOffice
from tests.sync.offices import Office
from tests.sync.services import a_service
from tests.torture import conftest as torture

bare_small_disk = torture.small_disk
KB = 1024
DAMAGE = "disk I/O error"


@pytest.fixture
def small_disk(bare_small_disk: torture.SmallDisk, monkeypatch: pytest.MonkeyPatch) -> torture.SmallDisk:
    """A disk of 24 MB on which one is kept free for saving."""
    monkeypatch.setattr(apply, "SPARE_BYTES", torture.MB)
    return bare_small_disk


class Fault:
    """Makes the n-th row that is written fail, once, whichever table it is for; written rows are counted."""

    def __init__(self, office: Office) -> None:
        self.left = -1
        self.written = 0
        with office.desk.store.local() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.create_function("griddesk_fault", 0, self._now)
            tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'"
            for (table,) in connection.exec_driver_sql(tables).fetchall():
                for deed in ("INSERT", "UPDATE", "DELETE"):
                    connection.exec_driver_sql(
                        f'CREATE TEMP TRIGGER "fault {table} {deed}" BEFORE {deed} ON main."{table}" '
                        f"WHEN griddesk_fault() BEGIN SELECT RAISE(ABORT, '{DAMAGE}'); END"
                    )

    def at(self, place: int) -> None:
        """The next writes are counted from here."""
        self.left, self.written = place, 0

    def _now(self) -> bool:
        self.written += 1
        self.left -= 1
        return self.left == -1


@pytest.fixture
def pair(make_desk_with_line: MakeOffice) -> tuple[Office, Office]:
    """A has everything to send and everything of B to fetch."""
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    for one in (other, office):
        case = one.report()
        taken = one.desk.photos.take_in(a_picture(str(case.id)), "现场.jpg")
        one.desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=one.actor)
    a_service(other, machine=lambda: "machine B").run()
    return office, other


def hold(office: Office) -> None:
    promises.check_desk(office.desk.store)
    promises.own_work_shows(office.desk.store)
    promises.sent_is_known(office.desk.store, office.city)
    promises.check_city(office.city)


def made_good(office: Office, other: Office) -> None:
    """Both say finished, and it is true."""
    pair = (lambda: a_service(office).run(), lambda: a_service(other, machine=lambda: "machine B").run())
    assert all(report.finished for report in promises.quiet(pair))
    for one in (office, other):
        hold(one)
        promises.equal_with_city(one.desk.store, one.city, JINSHUI)
    promises.same_on_all([office.desk.store, other.desk.store])


def test_whichever_write_of_a_sync_fails_the_next_run_makes_it_good(pair: tuple[Office, Office]) -> None:
    office, other = pair
    fault, failed = Fault(office), 0
    for place in (*range(12), *range(12, 200, 11), 1_000_000):
        office.report()
        fault.at(place)
        failed += outcome(office) == "store.disk_error"
        fault.at(-1)
        hold(office)

    assert failed > 12
    made_good(office, other)


@pytest.mark.parametrize("leave", [0, 32 * KB, 96 * KB, 256 * KB, 512 * KB])
def test_a_disk_that_fills_up_in_a_sync_loses_nothing_and_goes_on_when_there_is_room(
    pair: tuple[Office, Office], small_disk: torture.SmallDisk, leave: int, clock: FixedClock
) -> None:
    moved, other = on(pair[0], small_disk.place / "store", clock), pair[1]
    before = moved.sql("SELECT count(*) FROM outbox")
    small_disk.fill(leave=leave)
    assert outcome(moved) in ("store.disk_full", "sync.disk_low", "")
    small_disk.free()
    assert moved.sql("SELECT count(*) FROM outbox") >= before
    hold(moved)
    made_good(moved, other)
    moved.desk.close()


def test_a_folder_that_cannot_be_written_stops_the_run_in_words_and_loses_nothing(
    pair: tuple[Office, Office], small_disk: torture.SmallDisk, clock: FixedClock
) -> None:
    moved = on(pair[0], small_disk.place / "store", clock)
    states = moved.states()
    moved.desk.close()
    small_disk.remount("ro")
    with pytest.raises(Unavailable, match=r"store\."):
        open_desk(moved.key, moved.desk.paths, clock)

    small_disk.remount("rw")
    again = Office(open_desk(moved.key, moved.desk.paths, clock), moved.client, moved.city, moved.key)
    assert again.states() == states
    made_good(again, pair[1])
    again.desk.close()


def outcome(office: Office) -> str:
    """The code a run ended with, empty when it came through."""
    try:
        return a_service(office).run().problem_code
    except Unavailable as problem:
        return problem.code


def on(office: Office, folder: Path, clock: FixedClock) -> Office:
    """The office with its store somewhere else."""
    office.desk.close()
    shutil.copytree(office.desk.paths.folder, folder)
    return Office(open_desk(office.key, StorePaths.of(folder), clock), office.client, office.city, office.key)


@pytest.fixture(params=["gone", "altered", "cut"])
def damaged(request: pytest.FixtureRequest, pair: tuple[Office, Office]) -> Iterator[tuple[Office, Office]]:
    """A's photo went, or changed, after its hash was taken and before it was sent."""
    office, _other = pair
    (stored,) = office.sql("SELECT stored_name FROM files")
    (path,) = office.desk.paths.files.glob(f"*/{stored[0]}*")
    whole = path.read_bytes()
    if request.param == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[: len(whole) // 2] if request.param == "cut" else whole[:-1] + bytes([whole[-1] ^ 1]))
    yield pair
    path.write_bytes(whole)


def test_a_file_that_is_not_what_was_hashed_is_never_taken_for_delivered_and_stops_nothing_else(
    damaged: tuple[Office, Office],
) -> None:
    office, other = damaged
    case = office.report()

    report = a_service(office).run()

    assert (report.finished, report.waiting) == (False, 0)
    assert a_service(office).status().files_missing + report.files_waiting > 0
    a_service(other, machine=lambda: "machine B").run()
    assert other.case(case.id) is not None
    hold(office)
