"""Lists hold what a plain filter over all records holds, in the order said, page by page, in few statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.desk import Desk
from app.domain.case_views import CaseFilter, CaseOrder, CaseView, CountSaid
from app.domain.cases import Case
from app.domain.permissions import Actor
from app.domain.stages import HANDLE_STAGES, OPEN_STAGES, RETURNED_STAGES, Stage
from db.queries import case_lists
from tests.builders import a_draft, an_actor
from tests.conftest import MONDAY_MORNING
from tests.db.test_query_plans import statements
from tests.desks import first_actor

RANGES: tuple[tuple[str, str], ...] = (("reported", "reported_at"), ("due", "due_at"), ("closed", "closed_at"))
EQUALS = ("street_code", "source", "kind", "major", "minor", "unit_id", "acceptor_id")


@pytest.fixture(scope="module")
def clerk(archive: Desk) -> Actor:
    return first_actor(archive)


def is_wanted(case: Case, wanted: CaseFilter) -> bool:
    """The filter said once more, in plain Python."""
    if wanted.stages and case.stage not in wanted.stages:
        return False
    if any(getattr(wanted, name) and getattr(wanted, name) != getattr(case, name) for name in EQUALS):
        return False
    for name, field in RANGES:
        low, high = getattr(wanted, f"{name}_from"), getattr(wanted, f"{name}_until")
        at = getattr(case, field)
        if (low or high) and at is None:
            return False
        if (low and at < low) or (high and at >= high):
            return False
    return True


def expected(records: dict[int, Case], wanted: CaseFilter) -> list[int]:
    """Rids in order: by the column and the row; what has no clock comes last, newest first."""
    rids = [rid for rid, case in records.items() if is_wanted(case, wanted)]

    def key(rid: int) -> tuple[Any, int]:
        return getattr(records[rid], wanted.order.value), rid

    if wanted.order != CaseOrder.DUE:
        return sorted(rids, key=key, reverse=not wanted.ascending)
    clocked = sorted((r for r in rids if records[r].due_at), key=key, reverse=not wanted.ascending)
    unclocked = sorted((r for r in rids if not records[r].due_at), key=lambda r: (records[r].reported_at, r))
    return clocked + unclocked[::-1]


@pytest.mark.parametrize("view", CaseView)
def test_a_view_holds_exactly_the_cases_it_stands_for_in_every_order(
    archive: Desk, clerk: Actor, records: dict[int, Case], view: CaseView
) -> None:
    for order, ascending in product(CaseOrder, (True, False)):
        wanted = archive.case_lists.view(view, actor=clerk).narrowed(order=order, ascending=ascending)

        assert list(archive.case_lists.ids(wanted)) == expected(records, wanted), (order, ascending)


def test_the_archive_has_cases_in_every_view(archive: Desk, clerk: Actor) -> None:
    """Or the test above would say nothing."""
    empty = [view for view in CaseView if not archive.case_lists.ids(archive.case_lists.view(view, actor=clerk))]

    assert empty == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_combination_of_filters_holds_what_a_plain_filter_holds(
    archive: Desk, records: dict[int, Case], data: st.DataObject
) -> None:
    some = data.draw(st.sampled_from(sorted(records)))
    chosen = data.draw(st.sets(st.sampled_from((*EQUALS, "stages", "reported", "due", "closed")), max_size=3))
    fields: dict[str, Any] = {name: getattr(records[some], name) or "" for name in chosen & set(EQUALS)}
    fields |= {name: None for name in ("unit_id", "acceptor_id") if fields.get(name) == ""}
    if "stages" in chosen:
        groups = (OPEN_STAGES, HANDLE_STAGES, RETURNED_STAGES, {Stage.CLOSED}, {Stage.VOID, Stage.HANDLING})
        fields["stages"] = frozenset(data.draw(st.sampled_from(groups)))
    for name in chosen & {"reported", "due", "closed"}:
        start = MONDAY_MORNING - timedelta(days=data.draw(st.integers(-2, 30)))
        fields |= {f"{name}_from": start, f"{name}_until": start + timedelta(days=data.draw(st.integers(1, 20)))}
    wanted = CaseFilter(**fields, order=data.draw(st.sampled_from(CaseOrder)), ascending=data.draw(st.booleans()))

    found = list(archive.case_lists.ids(wanted))

    assert found == expected(records, wanted)
    assert list(archive.case_lists.ids(wanted, 10)) == found[:10]
    assert archive.case_lists.count(wanted, cap=None) == CountSaid(len(found))


def test_the_path_of_many_finds_the_same_as_the_path_of_few(
    archive: Desk, records: dict[int, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = next(iter(records.values()))
    wanted = CaseFilter(street_code=case.street_code, order=CaseOrder.CHANGED)
    few = archive.case_lists.ids(wanted, 50)

    monkeypatch.setattr(case_lists, "FEW", 0)

    assert archive.case_lists.ids(wanted, 50) == few


def test_a_count_stops_at_its_cap_and_is_exact_below_it(archive: Desk, records: dict[int, Case]) -> None:
    lists = archive.case_lists

    assert lists.count(CaseFilter()) == CountSaid(1000, capped=True)
    assert lists.count(CaseFilter(), cap=None) == CountSaid(len(records))
    assert lists.count(CaseFilter(), cap=len(records)) == CountSaid(len(records))


def test_lines_come_in_the_order_asked_and_say_what_the_records_say(archive: Desk, records: dict[int, Case]) -> None:
    asked = sorted(records)[40:10:-3]

    lines = archive.case_lists.lines(asked)

    assert [line.rid for line in lines] == asked
    for line in lines:
        case = records[line.rid]
        same = ("id", "local_no", "minor_name", "address", "stage", "reported_at", "due_at", "suspended_until")
        assert [getattr(line, name) for name in same] == [getattr(case, name) for name in same]
        assert (line.photos, line.waiting) == (0, 0)


def test_lines_skip_rows_that_have_vanished(archive: Desk, records: dict[int, Case]) -> None:
    first, second = sorted(records)[:2]

    lines = archive.case_lists.lines([second, max(records) + 1000, first])

    assert [line.rid for line in lines] == [second, first]


def test_a_page_costs_the_same_statements_however_many_lines_it_has(archive: Desk, clerk: Actor) -> None:
    def sent(ask: Callable[[], Any]) -> int:
        with statements(archive) as texts:
            ask()
        return len([text for text in texts if text.startswith(("SELECT", "\nSELECT"))])

    for view in CaseView:
        wanted = archive.case_lists.view(view, actor=clerk)
        assert sent(partial(archive.case_lists.first_page, wanted, 5)) <= 3
        assert sent(partial(archive.case_lists.first_page, wanted, 500)) <= 3


def test_a_new_case_stands_first_and_its_line_tells_what_waits(desk: Desk, actor: Actor) -> None:
    older = desk.cases.report(a_draft(), actor=actor)
    newer = desk.cases.report(a_draft(), actor=actor)

    lines = desk.case_lists.first_page(CaseFilter())

    assert [line.id for line in lines] == [newer.id, older.id]
    assert lines[0].waiting == 1


def test_a_reporter_is_found_only_by_those_who_may_see_reporters(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(reporter_name="欧阳修远", reporter_phone="00012345678"), actor=actor)

    for text in ("欧阳", "修远", "0001234", "5678"):
        seen = desk.case_lists.first_page(CaseFilter(search=text, search_persons=True))
        hidden = desk.case_lists.first_page(CaseFilter(search=text, search_persons=False))

        assert [line.id for line in seen] == [case.id], text
        assert hidden == [], text


def test_search_gives_the_last_entered_first_and_keeps_other_filters(archive: Desk, records: dict[int, Case]) -> None:
    street = next(iter(records.values())).street_code
    wanted = CaseFilter(search="垃圾", street_code=street)

    found = list(archive.case_lists.ids(wanted))

    texts = {rid: "\n".join((c.description, c.minor_name, c.major_name, c.address)) for rid, c in records.items()}
    assert found
    assert found == [
        r for r in sorted(records, reverse=True) if "垃圾" in texts[r] and records[r].street_code == street
    ]


def test_an_actor_without_roles_waits_for_nothing_of_the_flow(archive: Desk) -> None:
    wanted = archive.case_lists.view(CaseView.OPEN_MINE, actor=an_actor(name="李四"))

    assert list(archive.case_lists.ids(wanted)) == []
