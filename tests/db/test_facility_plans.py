"""Every list, count and look-up of facilities runs along an index; the first page of a register is never sorted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.facilities import Facility, FacilityState
from app.domain.facility_views import FacilityFilter, FacilityOrder
from db.engine import raw_connection, run
from db.queries import facilities as rows
from db.queries import facility_history
from tests.conftest import MONDAY_MORNING
from tests.desks import first_actor, make_desk

_WHOLE_TABLE = re.compile(r"^SCAN (facilities|c|r|cases|findings|check_results)\b(?!.* USING )")
_SORT = "USE TEMP B-TREE FOR ORDER BY"
CODE = {"order": FacilityOrder.CODE, "ascending": True}


@pytest.fixture(scope="module", params=["without statistics", "with statistics"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Two thousand lamps and covers; the paths are said in the SQL and must not change with statistics."""
    folder: Path = tmp_path_factory.mktemp("plans")
    desk = make_desk(folder / "store", FixedClock(MONDAY_MORNING))
    with desk.store.write(first_actor(desk), "facility.import") as tx:
        made = []
        for n in range(2000):
            group, minor = ("lamps", "37") if n % 3 else ("manholes", "02")
            made.append(
                Facility(
                    id=tx.ids.new(),
                    created_at=tx.now,
                    changed_at=tx.now,
                    code=f"41010501{minor}{n:06d}",
                    major="01",
                    minor=minor,
                    group=group,
                    street_code=f"4101050{n % 20:02d}",
                    state=FacilityState.DAMAGED if n % 50 == 0 else FacilityState.INTACT,
                    longitude=113.6 + n / 20_000,
                    latitude=34.7 + (n % 97) / 1000,
                )
            )
        tx.add_many(made)
    if request.param == "with statistics":
        with desk.store.local() as connection:
            run(connection, "ANALYZE")
    yield desk
    desk.close()


def plan_of(desk: Desk, ask: Callable[[Any], Any]) -> list[str]:
    """Every line of every plan of what `ask` sends."""
    sent: list[str] = []
    with desk.store.read() as reader:
        raw = raw_connection(reader.connection)
        raw.set_trace_callback(sent.append)
        ask(reader.connection)
        raw.set_trace_callback(None)
        queries = [sql for sql in sent if sql.lstrip().startswith("SELECT")]
        assert queries, "nothing was asked of the connection that was watched"
        return [row[3] for sql in queries for row in run(reader.connection, f"EXPLAIN QUERY PLAN {sql}")]


FILTERS: dict[str, dict[str, Any]] = {
    "a register": {"group": "lamps"},
    "a street": {"street_code": "410105001"},
    "a register in a street": {"group": "lamps", "street_code": "410105001"},
    "what is broken": {"states": frozenset({FacilityState.DAMAGED, FacilityState.MISSING})},
    "a category": {"major": "01", "minor": "37"},
    "not seen since": {"group": "lamps", "unseen_since": datetime(2026, 1, 1, tzinfo=UTC)},
    "a search": {"search": "路灯"},
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("order", FacilityOrder)
def test_a_list_and_its_count_run_along_an_index(filled: Desk, name: str, order: FacilityOrder) -> None:
    wanted = FacilityFilter(**FILTERS[name], order=order)
    plan = plan_of(filled, lambda c: (rows.ids(c, wanted, 100), rows.count(c, wanted)))
    assert [line for line in plan if _WHOLE_TABLE.match(line)] == []


@pytest.mark.parametrize("wanted", [{}, {"group": "lamps"}, {"group": "manholes"}], ids=["all", "lamps", "manholes"])
def test_the_first_page_of_a_register_is_never_sorted(filled: Desk, wanted: dict[str, str]) -> None:
    plan = plan_of(filled, lambda c: rows.ids(c, FacilityFilter(**wanted, **CODE), 100))  # type: ignore[arg-type]
    assert not any(_SORT in line for line in plan)
    assert any("INDEX" in line for line in plan)


LOOK_UPS: dict[str, Callable[[Any], Any]] = {
    "near": lambda c: rows.near(c, 113.65, 34.75, 100),
    "numbers": lambda c: rows.find_by_number(c, "nobody"),
    "codes": lambda c: rows.known_codes(c, ["4101050137000001"]),
    "source numbers": lambda c: rows.known_source_numbers(c, "编号", ["1"]),
    "house numbers": lambda c: rows.known_house_numbers(c, ["1"]),
    "highest": lambda c: rows.highest_code(c, "4101050137"),
    "groups": rows.group_counts,
    "rates": lambda c: rows.state_counts(c, "lamps"),
    "double codes": rows.double_codes,
    "without a code": lambda c: rows.without_code(c, 10),
    "rounds": lambda c: facility_history.seen(c, uuid4()),
    "cases": lambda c: facility_history.cases(c, uuid4()),
    "findings": lambda c: facility_history.findings(c, uuid4()),
}


@pytest.mark.parametrize("name", LOOK_UPS)
def test_a_look_up_runs_along_an_index(filled: Desk, name: str) -> None:
    plan = plan_of(filled, LOOK_UPS[name])
    assert [line for line in plan if _WHOLE_TABLE.match(line)] == []
