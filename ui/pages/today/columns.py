"""The columns of the list of what is due next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.base.words import N_, _
from app.domain.case_views import CaseLine
from app.domain.stages import CLOCK_TITLES, STAGE_TITLES
from ui.tables.columns import RIGHT, Column
from ui.time_words import left_words, moment_words
from ui.widgets.deadline_light import light_text


def columns_at(now: Callable[[], datetime]) -> list[Column[CaseLine]]:
    """Columns whose lights stand as of `now()`."""

    def light_key(line: CaseLine) -> str:
        return line.light(now()).value

    def left(line: CaseLine) -> str:
        if line.due_at is None:
            return _("缺 {year} 年日历").format(year=line.due_gap_year) if line.due_gap_year else ""
        return light_text(light_key(line), left_words(line.due_at, now()))

    return [
        Column("left", N_("剩余"), 140, left, light=light_key, hint=_clock_words),
        Column("due_at", N_("到期"), 96, lambda line: moment_words(line.due_at, now()) if line.due_at else ""),
        Column("stage", N_("环节"), 96, lambda line: _(STAGE_TITLES[line.stage])),
        Column("problem", N_("问题"), 140, lambda line: line.minor_name or line.category_text),
        Column("address", N_("地点"), 270, lambda line: line.address),
        Column("unit", N_("处置部门"), 140, lambda line: line.unit_name),
        Column("number", N_("编号"), 180, lambda line: line.local_no, align=RIGHT),
    ]


def _clock_words(line: CaseLine) -> str:
    return _("{clock}时限").format(clock=_(CLOCK_TITLES.get(line.clock, "")))
