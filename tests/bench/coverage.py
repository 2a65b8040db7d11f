"""The coverage of 500 grids over 31 days among 200,000 rounds and 1,000,000 check results, beside its SQL by hand."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, NewOffice, create_desk, open_desk
from app.domain.coverage import CoverageBy, CoverageMatrix
from app.domain.grids import Grid, GridKind
from app.domain.patrols import CheckGrade, CheckResult, PatrolRound, RoundKind, RoundState
from app.domain.permissions import Actor
from app.domain.records import Record
from app.gate import Gate
from db import cipher
from tests.bench.bench_store import FOLDER, LOGIN, NOW, PASSWORD, BenchStore, opened_without_password, schema
from tests.bench.measuring import MS, Line, Row, Sample, beside, milliseconds

GRIDS, ROUNDS, RESULTS_A_ROUND, DAYS = 500, 200_000, 5, 400
BATCH = 20_000
TIMES = 15
LAST = date(2026, 11, 20)
FIRST = LAST - timedelta(days=30)
PLACE = FOLDER / "patrols"
BY_HAND = "one GROUP BY by hand"
HAND_SQL = """
SELECT grid_code, day, sum(state <> 'cancelled' AND NOT (day >= ?1 AND state IN ('planned', 'started'))),
 sum(state = 'done'), sum(day >= ?1 AND state IN ('planned', 'started')), sum(points_total), sum(points_checked),
 sum(finding_count), total(distance_m)
FROM patrol_rounds WHERE day BETWEEN ?2 AND ?1 GROUP BY grid_code, day
"""


def measure(_store: BenchStore) -> Iterator[Line]:
    """The matrix by grid and by street, then what nobody has seen."""
    desk, key = patrol_desk()
    connection = cipher.connect(StorePaths.of(PLACE).database, key, read_only=True)
    try:
        by_hand = _by_hand(connection)
        for by in (CoverageBy.GRID, CoverageBy.STREET):
            ours, base = beside(partial(desk.coverage.matrix, by, FIRST, LAST), by_hand, TIMES)
            yield Row(f"coverage of {GRIDS} grids over 31 days, by {by}", MS, ours, base, BY_HAND, 3)
        matrix = desk.coverage.matrix(CoverageBy.GRID, FIRST, LAST)
        yield Row("blind spots of the same month", MS, Sample(tuple(_spots(desk, matrix))))
    finally:
        connection.close()
        desk.close()


def _spots(desk: Desk, matrix: CoverageMatrix) -> Iterator[float]:
    for _turn in range(TIMES):
        yield milliseconds(partial(desk.coverage.blind_spots, matrix))


def _by_hand(connection: cipher.Connection) -> Callable[[], list[Any]]:
    span = (LAST.isoformat(), FIRST.isoformat())
    return lambda: list(connection.execute(HAND_SQL, span).fetchall())


def patrol_desk() -> tuple[Desk, bytes]:
    """The store of patrols, made when it is not there yet."""
    told = PLACE / "made.json"
    if not told.exists() or json.loads(told.read_text(encoding="utf-8"))["schema"] != schema():
        shutil.rmtree(PLACE, ignore_errors=True)
        _make()
    key = opened_without_password(PLACE).key
    return open_desk(key, StorePaths.of(PLACE), FixedClock(NOW)), key


def _make() -> None:
    PLACE.mkdir(parents=True)
    office = NewOffice("410105", "测速用的城管局", "CS", demonstration=True)
    desk, _code = create_desk(StorePaths.of(PLACE), office, "测速员", LOGIN, PASSWORD, clock=FixedClock(NOW))
    actor = desk.accounts.actor(desk.accounts.persons()[0].id)
    grids = [_stamped(desk, Grid, kind=GridKind.DUTY, code=f"410105{at:06d}") for at in range(GRIDS)]
    _add(desk, actor, grids)
    for start in range(0, ROUNDS, BATCH):
        print(f"\rmaking the patrols: {start:,} of {ROUNDS:,} rounds", end="", file=sys.stderr, flush=True)
        rounds = [_round(desk, at, grids) for at in range(start, start + BATCH)]
        _add(desk, actor, rounds)
        _add(desk, actor, [_result(desk, one, no) for one in rounds for no in range(1, RESULTS_A_ROUND + 1)])
    desk.close()
    opened = Gate(StorePaths.of(PLACE), FixedClock(NOW)).enter(LOGIN, PASSWORD)
    told = {"key": opened.key.hex(), "person": str(opened.person_id), "schema": schema()}
    (PLACE / "made.json").write_text(json.dumps(told), encoding="utf-8")


def _round(desk: Desk, at: int, grids: list[Any]) -> Any:
    """Every grid is walked about every day; one round in nine is missed, one in thirteen skips a point."""
    done = at % 9 != 4
    skipped = 1 if at % 13 == 5 else 0
    return _stamped(
        desk,
        PatrolRound,
        number=f"XC-CS-AAAA-{at:07d}",
        kind=RoundKind.PATROL,
        state=RoundState.DONE if done else RoundState.MISSED,
        day=LAST - timedelta(days=at * DAYS // ROUNDS),
        grid_code=grids[at * 7 % GRIDS].code,
        street_code=f"4101050{at % 17:02d}",
        points_total=RESULTS_A_ROUND,
        points_checked=RESULTS_A_ROUND - skipped if done else 0,
        finding_count=at % 3,
        distance_m=1000.0 + at % 4000 if at % 2 else None,
    )


def _result(desk: Desk, walked: Any, no: int) -> Any:
    over = no == RESULTS_A_ROUND and walked.points_checked == RESULTS_A_ROUND - 1
    grade = CheckGrade.PASSED_OVER if over else CheckGrade.GOOD
    return _stamped(desk, CheckResult, parent=walked.id, point_no=no, name=f"检查点{no}", grade=grade)


def _stamped(desk: Desk, kind: type[Record], /, **fields: Any) -> Any:
    """A record made without being checked: a million of them would take minutes."""
    return kind.model_construct(id=desk.store.ids.new(), created_at=NOW, changed_at=NOW, **fields)


def _add(desk: Desk, actor: Actor, records: list[Any]) -> None:
    with desk.store.write(actor, "bench.fill") as tx:
        tx.add_many(records, queue=False)
