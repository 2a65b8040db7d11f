"""What the list of facilities is narrowed by, and where the choices come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.base.words import N_, _
from app.desk import Desk
from app.domain.facilities import FACILITY_STATE_TITLES, FacilityState
from app.domain.facility_views import FacilityFilter, FacilityOrder
from app.domain.grids import GridKind
from ui.widgets.choices import Choice
from ui.widgets.filter_bar import FilterSpec

Chosen = Mapping[str, Sequence[str]]
UNSEEN: Mapping[str, str] = {
    "7": N_("7 天没有巡查"),
    "30": N_("30 天没有巡查"),
    "90": N_("90 天没有巡查"),
    "365": N_("一年没有巡查"),
}
ONLY = {"double": N_("标识码重复"), "uncoded": N_("没有标识码")}
PICKED = "picked"
LIT = {"yes": N_("亮灯"), "no": N_("不亮")}


class FacilityChoices:
    """Everything the list can be narrowed to, read from the desk when a chip is opened.

    keepers: who keeps things in order, most frequent first; counting them takes every facility, so the list has it
    read in its threads and puts it here.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.picked: frozenset[UUID] = frozenset()
        self.keepers: Sequence[str] = ()

    def specs(self) -> list[FilterSpec]:
        """The chips, in order."""
        return [
            FilterSpec("state", _("状态"), self.states),
            FilterSpec("street", _("街道"), self.streets, many=False),
            FilterSpec("grid", _("网格"), self.grids, many=False),
            FilterSpec("maintainer", _("养护单位"), self.maintainers, many=False),
            FilterSpec("unseen", _("未巡查"), lambda: _titled(UNSEEN), many=False),
            FilterSpec("lit", _("亮灯"), lambda: _titled(LIT), many=False),
            FilterSpec("only", _("只看"), self.only, many=False),
        ]

    def only(self) -> list[Choice]:
        """Codes that want a look; what was picked on the map, once something was."""
        picked = _("地图框选的 {n} 件").format(n=f"{len(self.picked):,}")
        return [*_titled(ONLY), *([Choice(PICKED, "", picked)] if self.picked else [])]

    def states(self) -> list[Choice]:
        """The four states."""
        return [Choice(state.value, "", _(title)) for state, title in FACILITY_STATE_TITLES.items()]

    def streets(self) -> list[Choice]:
        """Streets of the district."""
        reference = self._desk.reference
        streets = reference.divisions().streets_of(reference.office().district_code)
        return [Choice(street.code, street.code, street.name) for street in streets]

    def grids(self) -> list[Choice]:
        """Duty grids, then unit grids; the key says which."""
        kinds = ((GridKind.DUTY, "duty"), (GridKind.UNIT, "unit"))
        return [
            Choice(f"{key}:{grid.code}", grid.code, grid.name or grid.code)
            for kind, key in kinds
            for grid in self._desk.grids.all(kind)
        ]

    def maintainers(self) -> list[Choice]:
        """Who keeps things in order, most frequent first."""
        return [Choice(named, "", named) for named in self.keepers]


def filter_of(
    chosen: Chosen,
    group: str,
    search: str,
    now: datetime,
    order: FacilityOrder,
    *,
    ascending: bool,
    picked: frozenset[UUID] = frozenset(),
) -> FacilityFilter:
    """The filter the register, the chips and the search stand for. picked: what the chip of that name stands for."""
    first = {name: keys[0] for name, keys in chosen.items() if keys}
    grid_kind, _colon, grid = first.get("grid", "").partition(":")
    return FacilityFilter(
        group=group,
        states=frozenset(FacilityState(key) for key in chosen.get("state", ())),
        street_code=first.get("street", ""),
        duty_grid=grid if grid_kind == "duty" else "",
        unit_grid=grid if grid_kind == "unit" else "",
        maintainer=first.get("maintainer", ""),
        lit={"yes": True, "no": False}.get(first.get("lit", "")),
        unseen_since=now - timedelta(days=int(first["unseen"])) if "unseen" in first else None,
        doubled=first.get("only") == "double",
        uncoded=first.get("only") == "uncoded",
        picked=picked if first.get("only") == PICKED else frozenset(),
        search=search,
        order=order,
        ascending=ascending,
    )


def _titled(titles: Mapping[str, str]) -> list[Choice]:
    return [Choice(key, "", _(title)) for key, title in titles.items()]
