"""While the city works on one question this side works on: nothing is sent out of turn, nothing is lost by it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.base.watch import Cancelled
from app.domain.directory import Road
from app.domain.problems import Unavailable
from app.sync import push, snapshot
from app.sync.ahead import Ahead
from app.sync.city import CityClient
from app.wire.sync import PushRequest, written
from db.queries.queued import Queued, next_queued
from tests.builders import NINE
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around
from tests.sync.offices import Office

AWKWARD = '纬一路"12\\号"\n\t店外 😀 \u2028 &<script>'


def waiting(office: Office) -> list[Queued]:
    with office.desk.store.read() as reader:
        return next_queued(reader.connection, 10_000, 100_000_000)


def add_roads(office: Office, *names: str) -> list[Road]:
    """Each its own use case, so that no two must travel together."""
    made = []
    for name in names:
        with office.desk.store.write(office.actor, "directory.road") as tx:
            made.append(Road(id=tx.ids.new(), created_at=tx.now, changed_at=tx.now, name=name))
            tx.add(made[-1])
    return made


def test_what_goes_over_the_line_is_what_the_envelope_would_say(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    case = office.report(description=AWKWARD)
    office.sync()
    for name in (AWKWARD, "second"):
        with office.desk.store.write(office.actor, "case.correct", AWKWARD) as tx:
            tx.change(case := case.changed(tx.now, near=name))
    office.report()
    queued = waiting(office)

    assert [one.text() for one in queued] == [one.change().model_dump_json() for one in queued]
    assert any(one.follows for one in queued)
    request = PushRequest(program=AWKWARD, sent_at=NINE, changes=[one.change() for one in queued])
    empty = request.model_copy(update={"changes": []})
    assert written(empty, (one.text() for one in queued)) == request.model_dump_json()
    assert written(empty, ()) == empty.model_dump_json()


def test_the_next_batch_goes_before_the_answer_to_the_last_is_written_down(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_desk_with_line()
    office.sync()
    monkeypatch.setattr(push, "MAX_CHANGES", 2)
    add_roads(office, *"甲乙丙丁戊己")
    places: list[str] = []

    report = office.sync(reach=places.append)

    assert (report.pushed, report.finished) == (6, True)
    told = [place for place in places if place in ("before_push", "after_settle")]
    assert told == ["before_push", "before_push", "after_settle", "before_push", "after_settle", "after_settle"]


def test_a_line_that_is_looked_at_gets_one_question_after_the_other(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_desk_with_line()
    office.sync()
    monkeypatch.setattr(push, "MAX_CHANGES", 2)
    add_roads(office, *"甲乙丙丁")
    places: list[str] = []

    assert office.sync(Around(office.line), reach=places.append).finished

    told = [place for place in places if place in ("before_push", "after_settle")]
    assert told == ["before_push", "after_settle", "before_push", "after_settle"]


def test_nothing_goes_ahead_of_an_answer_that_keeps_something_back(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    (road,) = add_roads(office, "人民路")
    office.sync()
    other.sync()
    for desk, name in ((office, "大同路"), (other, "花园路")):
        with desk.desk.store.write(desk.actor, "directory.road") as tx:
            tx.change(tx.need(Road, road.id).changed(tx.now, name=name))
    office.sync()
    monkeypatch.setattr(push, "MAX_CHANGES", 1)
    with other.desk.store.write(other.actor, "directory.road") as tx:
        tx.change(tx.need(Road, road.id).changed(tx.now, name="花园北路"))
    add_roads(other, "甲", "乙")
    places: list[str] = []

    report = other.sync(reach=places.append)

    assert (report.pushed, report.conflicts, report.held, report.waiting) == (2, 1, 0, 1)
    assert places.index("after_settle") < [at for at, place in enumerate(places) if place == "before_push"][1]


def test_the_disk_fills_up_while_the_next_batch_is_under_way(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_desk_with_line()
    office.sync()
    monkeypatch.setattr(push, "MAX_CHANGES", 2)
    add_roads(office, *"甲乙丙丁")

    def fill(place: str) -> None:
        if place == "before_settle":
            raise Unavailable("store.disk_full")

    with pytest.raises(Unavailable, match=r"store\.disk_full"):
        office.sync(reach=fill)

    assert office.states()["waiting"] == 4
    report = office.sync()
    assert (report.pushed, report.finished, report.equal) == (4, True, True)


def test_the_next_page_of_a_snapshot_is_asked_for_before_the_last_is_written_down(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    add_roads(office, *"甲乙丙丁戊己")
    office.sync()
    monkeypatch.setattr(snapshot, "PAGE", 4)
    places: list[str] = []

    report = other.sync(reach=places.append)

    assert report.finished
    told = [place for place in places if "snapshot_page" in place]
    assert told[:3] == ["before_snapshot_page", "before_snapshot_page", "after_snapshot_page"]
    assert sum(1 for place in told if place.startswith("before")) == sum(
        1 for place in told if place.startswith("after")
    )


def test_a_snapshot_that_cannot_be_written_down_goes_on_where_it_stopped(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    add_roads(office, *"甲乙丙丁戊己")
    office.sync()
    monkeypatch.setattr(snapshot, "PAGE", 4)
    pages = iter(range(100))

    def fill(place: str) -> None:
        if place == "before_cursor_commit" and next(pages) == 1:
            raise Unavailable("store.disk_full")

    with pytest.raises(Unavailable, match=r"store\.disk_full"):
        other.sync(reach=fill)
    report = other.sync()

    assert (report.finished, report.equal) == (True, True)


@pytest.mark.parametrize("trouble", [Unavailable("sync.timeout"), Cancelled()], ids=["trouble", "broken off"])
def test_what_went_wrong_on_the_way_is_told_to_who_takes_the_answer(trouble: Exception) -> None:
    def send() -> bytes:
        raise trouble

    asked = Ahead(send, bytes.decode)

    with pytest.raises(type(trouble)):
        asked.take()


def test_an_answer_nobody_takes_leaves_no_thread(make_desk_with_line: MakeOffice) -> None:
    line = make_desk_with_line().line
    assert isinstance(line, CityClient)

    asked = line.snapshot_ahead(str(uuid4()), None, 10)
    asked.drop()

    assert not line.asking
