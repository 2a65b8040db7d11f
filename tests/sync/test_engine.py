"""One run: it says finished only when it is, stops cleanly, and costs nothing when there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.base.clock import FixedClock
from app.base.watch import Cancelled, Watch, silent
from app.domain.directory import Road
from app.domain.problems import Unavailable
from app.sync.engine import SyncEngine
from app.sync.link import LinkStore
from app.sync.points import POINTS
from app.wire.sync import PullReply, PullRequest, PushReply, PushRequest
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around
from tests.sync.offices import Office


class PowerCut(BaseException):
    """Nothing after this point happens."""


class NoLine(Around):
    """Nobody answers."""

    def push(self, request: PushRequest) -> PushReply:
        raise Unavailable("sync.offline", reason="test")

    def pull(self, request: PullRequest) -> PullReply:
        raise Unavailable("sync.offline", reason="test")


def test_a_desk_that_never_enrolled_says_so(make_desk_alone: MakeOffice, make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_alone("A"), make_desk_with_line("B")
    line = Around(other.line)

    report = office.sync(line)

    assert (report.problem_code, report.finished) == ("sync.not_enrolled", False)
    assert (line.pushed, line.pulled) == ([], [])


def test_without_a_line_everything_stays_and_the_report_says_why(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    before = sum(office.states().values())

    report = office.sync(NoLine(office.line))

    assert (report.problem_code, report.finished, report.equal) == ("sync.offline", False, None)
    assert sum(office.states().values()) == before
    assert office.states()["waiting"] == report.waiting > 0


def test_nothing_new_costs_one_question(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    line = Around(office.line)

    assert office.sync(line).finished

    assert (len(line.pushed), len(line.pulled)) == (0, 1)


def test_finished_is_not_said_while_a_conflict_is_open(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    office.sync()
    other.sync()
    road = office.desk.directory.roads()[0]
    for desk, name in ((office, "一"), (other, "二")):
        desk.desk.directory.save(Road, {"name": name}, actor=desk.actor, record_id=road.id)
    office.sync()

    report = other.sync()

    assert (report.finished, report.equal, report.conflicts) == (False, True, 1)


def test_a_stop_in_the_middle_is_a_stop_and_loses_nothing(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    rows: list[dict[str, Any]] = [{"name": f"路{n}"} for n in range(1200)]
    office.desk.directory.save_many(Road, rows, actor=office.actor)
    watch = Watch()

    def stop(point: str) -> None:
        if point == "after_settle":
            watch.cancel()

    with pytest.raises(Cancelled):
        office.engine(reach=stop).run(watch)
    assert office.states()["waiting"] > 0
    assert office.states()["settled"] > 0
    assert office.sync().finished


@pytest.mark.parametrize(
    "point", [p for p in POINTS if p.startswith(("before_p", "after_s", "before_s", "after_p", "before_c", "after_c"))]
)
def test_a_power_cut_at_any_named_place_is_made_good_by_the_next_run(
    make_desk_with_line: MakeOffice, point: str
) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    case = office.report()
    office.sync()
    mine = other.report()

    def cut(here: str) -> None:
        if here == point:
            raise PowerCut

    with pytest.raises(PowerCut):
        other.sync(reach=cut)

    assert other.sync().finished
    assert office.sync().finished
    assert other.case(case.id) == office.case(case.id) is not None
    assert office.case(mine.id) == other.case(mine.id) is not None
    assert office.sql("SELECT id, version FROM cases ORDER BY id") == other.sql(
        "SELECT id, version FROM cases ORDER BY id"
    )


def test_waiting_for_news_ends_with_news(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    office.sync()
    other.sync()
    office.sync()
    assert office.engine().wait_for_news(0) is False

    other.report()
    other.sync()

    assert office.engine().wait_for_news(0) is True
    assert office.sync().finished
    assert office.engine().wait_for_news(0) is False


def test_numbers_are_asked_for_once_a_run_while_the_line_stands(make_desk_with_line: MakeOffice) -> None:
    from app.sync.engine import SyncEngine
    from app.sync.link import LinkStore

    office: Office = make_desk_with_line()
    asked: list[int] = []
    store = office.desk.store

    SyncEngine(store, office.line, LinkStore(store), numbers=lambda: asked.append(1)).run(silent())
    SyncEngine(store, NoLine(office.line), LinkStore(store), numbers=lambda: asked.append(1)).run(silent())

    assert asked == [1]


class ManyPhotos:
    """Photos that take minutes, while a clerk goes on typing."""

    def __init__(self, office: Office, clock: FixedClock) -> None:
        self._office = office
        self._clock = clock
        self.waiting: list[int] = []

    def send(self, watch: Watch, between: Callable[[], None]) -> int:
        for _photo in range(3):
            self._office.report()
            self._clock.advance(timedelta(minutes=1))
            between()
            self.waiting.append(self._office.states().get("waiting", 0))
        return 3

    def fetch_thumbnails(self, watch: Watch, limit: int) -> int:
        return 0

    def counts(self) -> tuple[int, int]:
        return 0, 0


def test_what_is_typed_while_photos_go_does_not_wait_for_them(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    office = make_desk_with_line()
    photos = ManyPhotos(office, clock)
    store = office.desk.store

    report = SyncEngine(store, office.line, LinkStore(store), files=photos).run(silent())

    assert photos.waiting == [0, 0, 0]
    assert report.finished
