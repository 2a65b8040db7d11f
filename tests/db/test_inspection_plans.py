"""Lists of inspections and enterprises run along an index, with statistics and without."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest

from app.desk import Desk
from app.domain.inspection_views import EnterpriseFilter, InspectionFilter
from app.domain.inspections import InspectionBasis, InspectionState
from db.engine import run
from db.queries import enterprises, inspections

_WHOLE_TABLE = re.compile(r"^SCAN (inspections|enterprises)\b(?!.* USING )")
ONE = UUID(int=1)


def plan(desk: Desk, sql: str, params: tuple[object, ...]) -> list[str]:
    with desk.store.read() as reader:
        return [row[3] for row in run(reader.connection, f"EXPLAIN QUERY PLAN {sql}", params)]


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize(
    "wanted",
    [
        InspectionFilter(),
        InspectionFilter(states=frozenset({InspectionState.DRAFTED})),
        InspectionFilter(states=frozenset({InspectionState.DRAFTED, InspectionState.DONE})),
        InspectionFilter(enterprise_id=ONE),
        InspectionFilter(draw_id=ONE),
        InspectionFilter(ids=(ONE,)),
        InspectionFilter(basis=InspectionBasis.LEAD, planned_from=date(2026, 1, 1)),
        InspectionFilter(search="豫香楼"),
    ],
    ids=["all", "state", "states", "enterprise", "draw", "ids", "basis", "search"],
)
def test_no_list_of_inspections_reads_the_whole_table(desk: Desk, wanted: InspectionFilter, analysed: bool) -> None:
    if analysed:
        with desk.store.local() as connection:
            run(connection, "ANALYZE")
    query = inspections.list_query(wanted, 50)
    steps = plan(desk, query.sql, query.params)
    assert not [step for step in steps if _WHOLE_TABLE.match(step)]
    if not wanted.search and wanted.ids is None and wanted.draw_id is None:
        assert "USE TEMP B-TREE FOR ORDER BY" not in steps


@pytest.mark.parametrize("wanted", [EnterpriseFilter(), EnterpriseFilter(risk="D"), EnterpriseFilter(search="豫香楼")])
def test_no_list_of_enterprises_reads_the_whole_table(desk: Desk, wanted: EnterpriseFilter) -> None:
    steps = plan(desk, *enterprises.id_query(wanted, 50))
    assert not [step for step in steps if _WHOLE_TABLE.match(step)]
