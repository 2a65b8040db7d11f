"""One way as layers of the map: the duty grids under it, the line with its gaps dashed, the check points reached or not."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.base.words import _
from app.domain.grids import Grid, Line
from app.services.day_traces import DayTrace
from ui.map.layers import MapLayer
from ui.map.looks import Look

GRID_LOOK = Look("", on_light="#8a939d", on_dark="#8a939d", width=1.2)
WALK, GAP = Look("", width=2.5), Look("", width=1.5, dashed=True)
REACHED, MISSED = Look("", "✓"), Look("", "×", "#7a4f00", "#f2c14e")
ENDS = Look("", "●"), Look("", "■")


def layers_of(trace: DayTrace | None, grids: Sequence[Grid]) -> list[MapLayer]:
    """The layers, the lowest first."""
    drawn = [grid for grid in grids if grid.boundary]
    layers = [
        MapLayer.of_areas(
            "duty",
            _("责任网格"),
            "grid",
            [grid.id for grid in drawn],
            [grid.boundary for grid in drawn],
            looks=(GRID_LOOK,),
            titles=[grid.name or grid.code for grid in drawn],
        )
    ]
    if trace is None or not trace.fixes:
        return layers
    lines, states = _lines(trace)
    own = trace.round.id if trace.round is not None else trace.tracks[0].id
    kind = "round" if trace.round is not None else "track"
    layers.append(
        MapLayer.of_lines(
            "way", _("轨迹"), kind, [own] * len(lines), [[line] for line in lines], looks=(WALK, GAP), states=states
        )
    )
    layers += _points(trace, own, kind)
    return layers


def _lines(trace: DayTrace) -> tuple[list[Line], list[int]]:
    """The way cut at its gaps; a gap is a straight line of its own."""
    starts = {gap.start for gap in trace.figures.gaps} if trace.figures else set()
    lines: list[Line] = []
    states: list[int] = []
    current: list[tuple[float, float]] = []
    for at, (second, longitude, latitude) in enumerate(trace.fixes):
        current.append((longitude, latitude))
        last = at == len(trace.fixes) - 1
        if second in starts and not last:
            following = trace.fixes[at + 1]
            lines += [tuple(current), ((longitude, latitude), (following[1], following[2]))]
            states += [0, 1]
            current = []
        elif last:
            lines.append(tuple(current))
            states.append(0)
    kept = [(line, state) for line, state in zip(lines, states, strict=True) if len(line) > 1]
    return [line for line, _state in kept], [state for _line, state in kept]


def _points(trace: DayTrace, own: UUID, kind: str) -> list[MapLayer]:
    """Where it began and ended, and the check points."""
    first, last = trace.fixes[0], trace.fixes[-1]
    layers = [
        MapLayer.of_points(
            "ends",
            _("起点和终点"),
            kind,
            [own, own],
            [first[1], last[1]],
            [first[2], last[2]],
            looks=ENDS,
            states=[0, 1],
            titles=[_("起点"), _("终点")],
            labelled=True,
        )
    ]
    placed = [point for point in trace.round.points if point.longitude is not None] if trace.round else []
    if placed and trace.figures is not None:
        near = {hit.no for hit in trace.figures.reached}
        layers.append(
            MapLayer.of_points(
                "check_points",
                _("检查点"),
                kind,
                [own] * len(placed),
                [point.longitude or 0.0 for point in placed],
                [point.latitude or 0.0 for point in placed],
                looks=(REACHED, MISSED),
                states=[0 if point.no in near else 1 for point in placed],
                titles=[f"{point.no} {point.name}" for point in placed],
                labelled=True,
            )
        )
    return layers
