"""10,000 points asked of 500 grids, beside shapely's tree of the same areas alone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from math import pi, sin

import numpy as np
import shapely

from app.base.clock import FixedClock
from app.base.ids import IdSource
from app.domain.grids import Grid, GridKind, Position, Ring
from app.domain.reference import Divisions
from app.services.grid_net import GridNet
from app.services.shapes import as_shape
from tests.bench.bench_store import NOW, BenchStore
from tests.bench.measuring import MS, Line, Row, beside

ACROSS, UP, POINTS = 25, 20, 10_000
WEST, SOUTH, SIDE = 113.60, 34.70, 0.006
BENDS = 16
TIMES = 40
TREE = "shapely's STRtree alone"


def measure(_store: BenchStore) -> Iterator[Line]:
    """Every place of the points, then the codes of one kind alone: processor time, for nothing is waited for."""
    grids = _grids()
    net = GridNet(grids, (), Divisions(districts=(), streets=(), communities=()), "410105")
    shapes = [as_shape(grid.boundary) for grid in grids]
    tree = shapely.STRtree(shapes)
    shapely.prepare(shapes)
    chance = random.Random(20261121)
    points = [(WEST + chance.random() * ACROSS * SIDE, SOUTH + chance.random() * UP * SIDE) for _n in range(POINTS)]

    def alone() -> object:
        return tree.query(shapely.points(np.asarray(points)), predicate="intersects")

    ours: dict[str, Callable[[], object]] = {
        "places": partial(net.at_many, points),
        "codes": partial(net.codes_at_many, points, GridKind.DUTY),
    }
    for what, ask in ours.items():
        samples = beside(ask, alone, TIMES, time.process_time)
        yield Row(f"{what} of {POINTS:,} points in {ACROSS * UP} grids", MS, *samples, TREE, 2)


def _grids() -> list[Grid]:
    """A net without gaps, its borders bent as streets are."""
    ids = IdSource(FixedClock(NOW))
    return [
        Grid(
            id=ids.new(),
            created_at=NOW,
            changed_at=NOW,
            kind=GridKind.DUTY,
            code=f"41010500100{at:04d}",
            boundary=((_ring(at % ACROSS, at // ACROSS),),),
        )
        for at in range(ACROSS * UP)
    ]


def _ring(column: int, row: int) -> Ring:
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1), (column, row)]
    bends = [
        _bent(*(one + (other - one) * step / BENDS for one, other in zip(start, end, strict=True)))
        for start, end in pairwise(corners)
        for step in range(BENDS)
    ]
    return (*bends, bends[0])


def _bent(column: float, row: float) -> Position:
    """A place of the straight net, moved as its neighbours are: what two grids share stays shared."""
    return (
        round(WEST + (column + 0.1 * sin(pi * 2 * row)) * SIDE, 7),
        round(SOUTH + (row + 0.1 * sin(pi * 2 * column)) * SIDE, 7),
    )
