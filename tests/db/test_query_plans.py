"""Every list, count and look-up runs along an index; first pages are never sorted. With statistics and without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest

from app.desk import Desk
from app.domain.case_views import CaseFilter, CaseOrder, CaseView
from app.domain.cases import Case
from app.domain.permissions import Actor
from app.domain.stages import OPEN_STAGES, RETURNED_STAGES, Stage
from db.engine import raw_connection, run
from db.queries import case_lists, case_lookups
from tests.conftest import MONDAY_MORNING
from tests.desks import first_actor
from tests.house import listed

_WHOLE_TABLE = re.compile(r"^SCAN (cases|c|case_steps|outbox|o|photos|p|events)\b(?!.* USING )")
_SORT = "USE TEMP B-TREE FOR ORDER BY"
_WEEK = timedelta(days=7)
ADVICE = "Read along an index (see db/queries/case_paths.py):"


@pytest.fixture(scope="module", params=["without statistics", "with statistics"])
def filled(request: pytest.FixtureRequest, archive: Desk) -> Desk:
    """The archive before and after SQLite has counted its rows; the paths are said in the SQL and must not change."""
    if request.param == "with statistics":
        with archive.store.local() as connection:
            run(connection, "ANALYZE")
    return archive


@pytest.fixture(scope="module")
def clerk(archive: Desk) -> Actor:
    return first_actor(archive)


@pytest.fixture
def many_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an office where every street, unit and category has too many cases to be sorted."""
    monkeypatch.setattr(case_lists, "FEW", 0)


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """The texts a reader sends to the file meanwhile."""
    sent: list[str] = []
    with desk.store.read() as reader:
        raw = raw_connection(reader.connection)
    raw.set_trace_callback(sent.append)
    yield sent
    raw.set_trace_callback(None)
    assert sent, "nothing was asked of the connection that was watched"


def plans(desk: Desk, ask: Callable[[], Any]) -> list[str]:
    """Every line of every plan of what `ask` sends."""
    with statements(desk) as sent:
        ask()
    queries = [sql for sql in sent if sql.lstrip().startswith("SELECT")]
    with desk.store.read() as reader:
        return [row[3] for sql in queries for row in run(reader.connection, f"EXPLAIN QUERY PLAN {sql}")]


def whole_tables(plan: list[str]) -> list[str]:
    return [line for line in plan if _WHOLE_TABLE.match(line)]


def values(record: Case) -> dict[str, dict[str, object]]:
    """One filter of each kind, with a value of the archive."""
    category: dict[str, object] = {"kind": str(record.kind), "major": record.major, "minor": record.minor}
    return {
        "nothing": {},
        "street": {"street_code": record.street_code},
        "unit": {"unit_id": record.unit_id},
        "acceptor": {"acceptor_id": record.acceptor_id},
        "source": {"source": record.source},
        "category": category,
        "kind": {"kind": str(record.kind)},
        "reported": {"reported_from": MONDAY_MORNING - _WEEK, "reported_until": MONDAY_MORNING},
        "due": {"due_from": MONDAY_MORNING, "due_until": MONDAY_MORNING + _WEEK},
        "one stage": {"stages": frozenset({Stage.CLOSED})},
        "stages": {"stages": frozenset({Stage.CLOSED, Stage.VOID, Stage.HANDLING})},
        "open stages": {"stages": OPEN_STAGES},
    }


def lists(desk: Desk, clerk: Actor, records: dict[int, Case]) -> Iterator[tuple[str, CaseFilter]]:
    """Every view under every filter in every order, by name."""
    settled = next(case for case in records.values() if case.unit_id is not None)
    for view, (name, fields) in product(CaseView, values(settled).items()):
        base = desk.case_lists.view(view, actor=clerk)
        for order, ascending in product(CaseOrder, (True, False)):
            yield f"{view} · {name} · {order} {ascending}", base.narrowed(order=order, ascending=ascending, **fields)


@pytest.mark.usefixtures("many_of_each")
def test_the_first_page_of_every_list_is_read_along_an_index_and_never_sorted(
    filled: Desk, clerk: Actor, records: dict[int, Case]
) -> None:
    bad = []
    for name, wanted in lists(filled, clerk, records):
        plan = plans(filled, partial(filled.case_lists.ids, wanted, 100))
        bad += [f"{name}: {line}" for line in [*whole_tables(plan), *(line for line in plan if line == _SORT)]]

    assert not bad, listed(ADVICE, bad)


@pytest.mark.usefixtures("many_of_each")
def test_a_list_of_open_stages_meets_open_cases_only(filled: Desk, clerk: Actor, records: dict[int, Case]) -> None:
    bad = []
    for name, wanted in lists(filled, clerk, records):
        if wanted.stages and wanted.stages <= OPEN_STAGES:
            plan = plans(filled, partial(filled.case_lists.ids, wanted, 100))
            bad += [f"{name}: {line}" for line in plan if "cases" in line and "(stage=?" not in line]

    assert not bad, listed(ADVICE, bad)


def test_no_snapshot_and_no_count_reads_the_whole_table(filled: Desk, clerk: Actor, records: dict[int, Case]) -> None:
    bad = []
    for name, wanted in lists(filled, clerk, records):
        if wanted.order == CaseOrder.DUE and not wanted.ascending:
            continue
        for ask in (partial(filled.case_lists.ids, wanted), partial(filled.case_lists.count, wanted)):
            plan = plans(filled, ask)
            bad += [f"{name}: {line}" for line in whole_tables(plan)]

    assert not bad, listed(ADVICE, bad)


def test_a_page_of_lines_finds_every_line_by_its_row(filled: Desk) -> None:
    plan = plans(filled, lambda: filled.case_lists.lines(list(range(1, 101))))

    assert not whole_tables(plan)
    assert "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)" in plan


def test_few_cases_of_a_value_are_sorted_and_many_are_met_on_the_way(
    filled: Desk, monkeypatch: pytest.MonkeyPatch, records: dict[int, Case]
) -> None:
    wanted = CaseFilter(street_code=next(iter(records.values())).street_code, order=CaseOrder.NUMBER)

    few = plans(filled, lambda: filled.case_lists.ids(wanted, 100))
    monkeypatch.setattr(case_lists, "FEW", 3)
    many = plans(filled, lambda: filled.case_lists.ids(wanted, 100))

    assert any("ix_cases_street_reported" in line for line in few)
    assert _SORT not in many
    assert "SCAN cases USING INDEX ix_cases_number" in many


def test_a_closing_period_is_sorted_from_the_index_alone(filled: Desk) -> None:
    wanted = CaseFilter(closed_from=MONDAY_MORNING - _WEEK, closed_until=MONDAY_MORNING)

    plan = plans(filled, lambda: filled.case_lists.ids(wanted))

    assert plan[0].startswith("SEARCH cases USING COVERING INDEX ix_cases_closed")


@pytest.mark.parametrize("search", ["占道", "井", "垃圾 花园路", "hyl", "0001", "DEMO-2610"])
@pytest.mark.parametrize("persons", [True, False])
def test_search_asks_the_word_index_and_never_reads_all_cases(filled: Desk, search: str, persons: bool) -> None:
    filters = [{}, {"stages": RETURNED_STAGES}, {"street_code": "410105001"}, {"reported_from": MONDAY_MORNING - _WEEK}]

    for fields in filters:
        wanted = CaseFilter(search=search, search_persons=persons, **fields)  # type: ignore[arg-type]
        plan = plans(filled, partial(filled.case_lists.ids, wanted, 100))

        assert not whole_tables(plan)
        assert _SORT not in plan
        assert any(re.match(r"SCAN search VIRTUAL TABLE INDEX \d+:M", line) for line in plan), plan


def test_single_answers_about_cases_are_looked_up(filled: Desk, records: dict[int, Case]) -> None:
    case = next(iter(records.values()))
    start = MONDAY_MORNING.date().replace(day=1)

    def ask() -> None:
        with filled.store.read() as reader:
            connection = reader.connection
            case_lookups.find_by_number(connection, "no such number")
            case_lookups.known_numbers(connection, "12345", ["a", "b"])
            case_lookups.suspended_due(connection, MONDAY_MORNING)
            case_lookups.daily_figures(connection, start, 30, timedelta(hours=8))
            list(case_lookups.open_with_clock(connection))
            case_lookups.duplicates(
                connection,
                kind=str(case.kind),
                major=case.major,
                minor=case.minor,
                since=MONDAY_MORNING - _WEEK,
                until=MONDAY_MORNING,
                point=None,
                road=case.road,
                house_no=case.house_no,
                metres=50,
            )

    plan = plans(filled, ask)

    assert not whole_tables(plan)
    assert not [line for line in plan if line.startswith("SCAN")]
    assert _SORT not in plan
