"""Who was where when on a day, as a sheet and on paper: a line for every round and for every way without one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.base.words import N_, _
from app.reports.paper import Block, Facts, Heading, PaperColumn, Table
from app.reports.workbooks import ColumnKind, SheetColumn
from app.services.day_traces import DayTrace
from app.services.reference import OFFICE_ZONE

METRES_PER_KM, MINUTE_S = 1000, 60
_COLUMNS: tuple[tuple[str, ColumnKind, int, int], ...] = (
    # title, what a sheet takes it for, characters in a sheet, parts of a paper's breadth
    (N_("网格员"), "text", 12, 11),
    (N_("从"), "text", 8, 7),
    (N_("到"), "text", 8, 7),
    (N_("公里"), "number", 8, 7),
    (N_("在网格内(分)"), "number", 12, 11),
    (N_("中断次数"), "number", 10, 9),
    (N_("中断(分)"), "number", 10, 9),
    (N_("到达点"), "text", 8, 8),
    (N_("巡查"), "text", 26, 29),
    (N_("轨迹说明"), "text", 30, 14),
)


def sheet_columns() -> list[SheetColumn]:
    """The columns of the sheet."""
    return [SheetColumn(_(title), kind, width) for title, kind, width, _breadth in _COLUMNS]


def trace_row(trace: DayTrace) -> list[object]:
    """One way; None: nobody recorded it."""
    figures, walked = trace.figures, trace.round
    seconds = None if figures is None else figures.in_grid_s
    return [
        trace.member_name,
        _clock(trace.started_at),
        _clock(trace.ended_at),
        None if figures is None else round(figures.distance_m / METRES_PER_KM, 2),
        None if seconds is None else round(seconds / MINUTE_S),
        None if figures is None else len(figures.gaps),
        None if figures is None else round(figures.gap_s / MINUTE_S),
        reached_words(trace),
        "" if walked is None else walked.number,
        note_words(trace),
    ]


def trace_blocks(title: str, office_name: str, day: date, traces: Sequence[DayTrace]) -> list[Block]:
    """The paper of a day."""
    recorded = [trace.figures for trace in traces if trace.figures is not None]
    metres = sum(figures.distance_m for figures in recorded)
    said = (
        ((_("日期"), f"{day:%Y-%m-%d}"), (_("行数"), str(len(traces)))),
        ((_("有轨迹"), str(len(recorded))), (_("公里"), f"{metres / METRES_PER_KM:.1f}")),
    )
    columns = tuple(
        PaperColumn(_(name), breadth, "right" if kind == "number" else "left")
        for name, kind, _width, breadth in _COLUMNS
    )
    lines = [tuple(map(_paper_words, trace_row(trace))) for trace in traces]
    return [Heading(title, office_name), Facts(said), Table(columns, lines)]


def reached_words(trace: DayTrace) -> str:
    """Check points reached of those with a place; empty when that is not known."""
    placed = [point for point in trace.round.points if point.longitude is not None] if trace.round else []
    return f"{len(trace.figures.reached)}/{len(placed)}" if trace.figures is not None and placed else ""


def note_words(trace: DayTrace) -> str:
    """What was done to the tracks when they came in."""
    words = []
    for track in trace.tracks:
        if track.dropped:
            words.append(_("剔除 {n} 点").format(n=track.dropped))
        if track.clock_shift_s:
            words.append(_("时钟已校正 {n} 秒").format(n=f"{track.clock_shift_s:+d}"))
        if track.note:
            words.append(track.note)
    return ";".join(words)


def _paper_words(cell: object) -> str:
    return "" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def _clock(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(OFFICE_ZONE):%H:%M}"
