"""The columns of the list of rounds."""

from __future__ import annotations

from app.base.words import N_, _
from app.domain.checklists import PROGRAMME_TITLES
from app.domain.patrol_views import RoundLine
from app.domain.patrols import ROUND_KIND_TITLES, ROUND_STATE_TITLES, RoundState
from app.services.case_words import delivery_word
from ui.tables.columns import RIGHT, Column

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
_LIGHTS = {RoundState.DONE: "done", RoundState.MISSED: "red", RoundState.CANCELLED: "done"}


def weekday_word(number: int) -> str:
    """周一 for 0."""
    return _(WEEKDAYS[number])


def day_words(line: RoundLine) -> str:
    """`2026-11-21 周六`."""
    return f"{line.day:%Y-%m-%d} {weekday_word(line.day.weekday())}"


def checked_words(line: RoundLine) -> str:
    """Looked at, of all."""
    return f"{line.points_checked}/{line.points_total}" if line.points_total else ""


def length_words(metres: float | None) -> str:
    """Kilometres with one figure."""
    return "" if metres is None else f"{metres / 1000:.1f}"


def round_columns() -> list[Column[RoundLine]]:
    """All of them, in the order they come; some must be chosen first."""
    return [
        Column("state", N_("状态"), 72, lambda line: _(ROUND_STATE_TITLES[line.state]), light=_light),
        Column("day", N_("日期"), 116, day_words, sort_key="day"),
        Column("member", N_("网格员"), 92, lambda line: line.member_name),
        Column("place", N_("网格/道路"), 130, lambda line: line.grid_code or line.road),
        Column("street", N_("街道"), 96, lambda line: line.street_name),
        Column("programme", N_("类型"), 80, lambda line: _(PROGRAMME_TITLES[line.programme])),
        Column("checked", N_("已查/应查"), 92, checked_words, RIGHT),
        Column("findings", N_("问题"), 64, lambda line: str(line.finding_count or ""), RIGHT),
        Column("length", N_("公里"), 52, lambda line: length_words(line.distance_m), RIGHT),
        Column("number", N_("编号"), 196, lambda line: line.number),
        Column("kind", N_("类别"), 76, lambda line: _(ROUND_KIND_TITLES[line.kind])),
        Column("template", N_("检查模板"), 96, lambda line: line.template_name, shown=False),
        Column("delivery", N_("送达"), 88, lambda line: delivery_word(line.waiting, line.version), shown=False),
    ]


def _light(line: RoundLine) -> str | None:
    return _LIGHTS.get(line.state)
