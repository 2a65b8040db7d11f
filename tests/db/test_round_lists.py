"""Lists, counts and look-ups of rounds run along an index, whatever they are narrowed by."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest

from app.desk import Desk
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import RoundKind, RoundState
from db.engine import run
from db.queries.patrols import list_query

DAY = date(2026, 11, 2)
SOMEBODY = UUID(int=7)
WHOLE_TABLE = re.compile(r"^SCAN patrol_rounds(?!.* USING )")
LISTS = {
    "all": RoundFilter(),
    "a week": RoundFilter(first=DAY, last=DAY),
    "one state": RoundFilter(states=frozenset({RoundState.PLANNED})),
    "two states in a week": RoundFilter(first=DAY, last=DAY, states=frozenset({RoundState.DONE, RoundState.MISSED})),
    "a member": RoundFilter(member_id=SOMEBODY, first=DAY),
    "a grid": RoundFilter(grid_code="ZR01", kind=RoundKind.PATROL),
    "a street": RoundFilter(street_code="410105001", last=DAY),
    "a plan": RoundFilter(plan_id=SOMEBODY),
    "oldest first": RoundFilter(ascending=True),
    "a search in a week": RoundFilter(first=DAY, last=DAY, search="采集员甲"),
}


def plan_of(desk: Desk, sql: str, params: tuple[object, ...]) -> list[str]:
    with desk.store.read() as reader:
        return [str(row[3]) for row in run(reader.connection, f"EXPLAIN QUERY PLAN {sql}", params)]


@pytest.mark.parametrize("wanted", LISTS.values(), ids=LISTS)
def test_a_list_of_rounds_reads_along_an_index_and_its_first_page_is_not_sorted(
    desk: Desk, wanted: RoundFilter
) -> None:
    query = list_query(wanted, 100)
    steps = plan_of(desk, query.sql, query.params)
    assert not [step for step in steps if WHOLE_TABLE.search(step)], steps
    # A grid's index holds other columns between day and row: the rounds of one grid are few and may be sorted.
    assert wanted.grid_code or not [step for step in steps if "TEMP B-TREE" in step], steps


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM patrol_rounds WHERE number = ? LIMIT 1",
        "SELECT id FROM patrol_rounds WHERE source_no = ? LIMIT 1",
        "SELECT count(*) FROM findings WHERE round_id = ? AND state <> 'dropped'",
        "SELECT id FROM check_results WHERE id IN (?)",
        "SELECT id FROM tracks INDEXED BY ix_tracks_round WHERE round_id = ? ORDER BY started_at, rid",
    ],
    ids=["number", "source number", "findings", "results", "tracks"],
)
def test_a_look_up_reads_along_an_index(desk: Desk, sql: str) -> None:
    steps = plan_of(desk, sql, ("x",))
    assert not [step for step in steps if step.startswith("SCAN")], steps
