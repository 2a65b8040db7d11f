"""The columns of the list of facilities, and the words of their states."""

from __future__ import annotations

from datetime import datetime

from app.base.words import N_, _
from app.domain.facilities import FACILITY_STATE_TITLES, FacilityState
from app.domain.facility_rules import STATE_LIGHTS
from app.domain.facility_views import FacilityLine, FacilityOrder
from ui.tables.columns import RIGHT, Column
from ui.time_words import OFFICE_ZONE

LIT_WORDS = {True: N_("亮灯"), False: N_("不亮"), None: ""}
STATE_SHAPES = {
    FacilityState.INTACT: "●",
    FacilityState.DAMAGED: "▲",
    FacilityState.MISSING: "▲",
    FacilityState.SCRAPPED: "‖",
}


def state_words(state: FacilityState) -> str:
    """Shape and word of a state; the colour says nothing more."""
    return f"{STATE_SHAPES[state]} {_(FACILITY_STATE_TITLES[state])}"


def lit_words(lit: bool | None) -> str:
    """亮灯, 不亮, or nothing for what nobody looked at."""
    word = LIT_WORDS[lit]
    return _(word) if word else ""


def day_words(at: datetime | None) -> str:
    """The day somebody last looked; a dash: never."""
    return f"{at.astimezone(OFFICE_ZONE):%Y-%m-%d}" if at is not None else "-"


def facility_columns() -> list[Column[FacilityLine]]:
    """All of them, in the order they come; some must be chosen first."""
    return [
        Column(
            "state", N_("状态"), 84, lambda line: state_words(line.state), light=lambda line: STATE_LIGHTS[line.state]
        ),
        Column("number", N_("标识码/户籍号"), 138, lambda line: line.number, sort_key=FacilityOrder.CODE),
        Column("title", N_("名称"), 104, lambda line: line.title),
        Column("place", N_("位置"), 138, lambda line: line.address or line.road),
        Column("street", N_("街道"), 88, lambda line: line.street_name),
        Column("seen", N_("最近巡查"), 88, lambda line: day_words(line.seen_at), RIGHT, sort_key=FacilityOrder.SEEN),
        Column("maintainer", N_("养护单位"), 110, lambda line: line.maintainer),
        Column("lit", N_("亮灯"), 52, lambda line: lit_words(line.lit)),
        Column("minor", N_("小类"), 96, lambda line: line.minor_name, shown=False),
        Column("house", N_("户籍号"), 110, lambda line: line.house_number, shown=False),
        Column("owner", N_("权属单位"), 110, lambda line: line.owner, shown=False),
        Column("authority", N_("主管部门"), 110, lambda line: line.authority, shown=False),
        Column("grid", N_("网格"), 150, lambda line: line.duty_grid or line.unit_grid, shown=False),
        Column("road", N_("道路"), 96, lambda line: line.road, shown=False),
    ]
