"""Lists of findings and tasks and every search run along an index; the case search stays what it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.desk import Desk
from app.domain.case_views import CaseFilter
from app.domain.finding_views import FindingFilter, TaskFilter, TaskView, task_filter
from app.domain.findings import FindingState, TaskState
from db.engine import run
from db.queries import field_tasks, findings, searching
from db.queries.case_paths import found
from tests.conftest import MONDAY_MORNING
from tests.db.test_query_plans import plans

ANYBODY = UUID(int=7)
FINDING_FILTERS = {
    "all": FindingFilter(),
    "waiting": FindingFilter(states=frozenset({FindingState.OPEN})),
    "two states": FindingFilter(states=frozenset({FindingState.OPEN, FindingState.WATCH})),
    "a round": FindingFilter(round_id=ANYBODY),
    "a member": FindingFilter(member_id=ANYBODY, found_from=MONDAY_MORNING),
    "a facility": FindingFilter(facility_id=ANYBODY),
    "a street": FindingFilter(street_code="410105001"),
    "a watch that ends": FindingFilter(watch_until=MONDAY_MORNING.date()),
    "words": FindingFilter(search="店外"),
}
TASK_FILTERS = {view.value: task_filter(view, MONDAY_MORNING, "410105001") for view in TaskView} | {
    "a member": TaskFilter(member_id=ANYBODY),
    "words": TaskFilter(states=frozenset({TaskState.OPEN}), search="JS-1"),
}


def explained(desk: Desk, sql: str, params: tuple[Any, ...]) -> list[str]:
    with desk.store.read() as reader:
        return [row[3] for row in run(reader.connection, f"EXPLAIN QUERY PLAN {sql}", params)]


def whole_tables(plan: list[str], *tables: str) -> list[str]:
    """The steps of a plan that read one of these tables from end to end."""
    assert plan
    return [line for line in plan if any(line.startswith(f"SCAN {one}") for one in tables) and "USING" not in line]


@pytest.mark.parametrize("wanted", FINDING_FILTERS.values(), ids=FINDING_FILTERS)
def test_findings_are_listed_along_an_index_without_a_sort(desk: Desk, wanted: FindingFilter) -> None:
    query = findings.list_query(wanted, 100)
    plan = explained(desk, query.sql, query.params)

    assert whole_tables(plan, "findings", "f") == []
    few = wanted.round_id or wanted.facility_id or wanted.watch_until
    assert few or not [line for line in plan if "TEMP B-TREE FOR ORDER BY" in line], plan


@pytest.mark.parametrize("wanted", TASK_FILTERS.values(), ids=TASK_FILTERS)
def test_tasks_are_listed_along_an_index(desk: Desk, wanted: TaskFilter) -> None:
    query = field_tasks.list_query(wanted, 100)
    plan = explained(desk, query.sql, query.params)

    assert whole_tables(plan, "field_tasks", "t") == []


LOOKUPS: dict[str, Callable[[Any], object]] = {
    "of a round": lambda connection: findings.of_round(connection, ANYBODY),
    "of a case": lambda connection: findings.of_case(connection, ANYBODY),
    "of a facility": lambda connection: findings.of_facility(connection, ANYBODY),
    "by number": lambda connection: findings.find_by_number(connection, "WT-1"),
    "cases of a finding": lambda connection: findings.source_numbers(connection, "finding", "WT-1"),
    "made twice": findings.made_twice,
    "counted short": lambda connection: findings.undercounted(connection, MONDAY_MORNING),
    "tasks of a case": lambda connection: field_tasks.of_case(connection, ANYBODY),
    "tasks under way": lambda connection: field_tasks.under_way_of_case(connection, ANYBODY),
    "tasks left behind": field_tasks.left_behind,
    "a task by number": lambda connection: field_tasks.find_by_number(connection, "HC-1"),
}


@pytest.mark.parametrize("look", LOOKUPS.values(), ids=LOOKUPS)
def test_every_look_up_runs_along_an_index(desk: Desk, look: Callable[[Any], object]) -> None:
    def ask() -> None:
        with desk.store.read() as reader:
            look(reader.connection)

    assert whole_tables(plans(desk, ask), "findings", "f", "field_tasks", "t", "cases", "c") == []


def test_rounds_whose_findings_are_counted_again_are_looked_up_one_by_one(desk: Desk) -> None:
    def ask() -> None:
        with desk.store.read() as reader:
            findings.undercounted(reader.connection, MONDAY_MORNING)

    assert [line for line in plans(desk, ask) if line.startswith("SEARCH r ") and "(id=?)" in line]


@pytest.mark.parametrize("record_type", ["case", "patrol_round", "finding", "facility", "enterprise", "inspection"])
def test_a_search_reads_the_word_index_alone_and_newest_first(desk: Desk, record_type: str) -> None:
    match, condition = searching.search_sql(record_type, "店外")
    plan = explained(
        desk, f"SELECT search.rowid / 16 FROM search WHERE {condition} ORDER BY search.rowid DESC LIMIT 6", (match,)
    )

    assert len(plan) == 1
    assert plan[0].startswith("SCAN search VIRTUAL TABLE INDEX")


def test_the_case_list_finds_cases_alone_and_is_not_sorted(desk: Desk) -> None:
    query = found(CaseFilter(search="店外"), 100)

    assert len(explained(desk, query.sql, query.params)) == 1
