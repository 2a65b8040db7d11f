"""What the list of rounds is narrowed by, and where the choices come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from app.base.words import N_, _
from app.desk import Desk
from app.domain.checklists import PROGRAMME_TITLES, Programme
from app.domain.directory import WorkerKind
from app.domain.grids import GridKind
from app.domain.patrol_planning import monday_of
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import ROUND_KIND_TITLES, ROUND_STATE_TITLES, RoundKind, RoundState
from ui.widgets.choices import Choice
from ui.widgets.filter_bar import FilterSpec

Chosen = Mapping[str, Sequence[str]]
DAY = timedelta(days=1)
SPAN_SIGN = ".."
PERIODS: Mapping[str, str] = {
    "today": N_("今天"),
    "yesterday": N_("昨天"),
    "week": N_("本周"),
    "next_week": N_("下周"),
    "last_week": N_("上周"),
    "month": N_("本月"),
    "last_month": N_("上月"),
}


def span_key(first: date, last: date) -> str:
    """A span of days as a key among the periods."""
    return f"{first.isoformat()}{SPAN_SIGN}{last.isoformat()}"


def period_title(key: str) -> str:
    """What a period, or a span of days, is called."""
    if SPAN_SIGN not in key:
        return _(PERIODS[key])
    first, last = key.split(SPAN_SIGN)
    return first if first == last else f"{first} – {last[5:]}"


def period_days(period: str, today: date) -> tuple[date, date]:
    """First and last day of a period. `2026-11-01..2026-11-07` names its own days."""
    if SPAN_SIGN in period:
        begin, end = map(date.fromisoformat, period.split(SPAN_SIGN))
        return begin, end
    monday, month = monday_of(today), today.replace(day=1)
    spans: Mapping[str, Callable[[], tuple[date, date]]] = {
        "today": lambda: (today, today),
        "yesterday": lambda: (today - DAY, today - DAY),
        "week": lambda: (monday, monday + 6 * DAY),
        "next_week": lambda: (monday + 7 * DAY, monday + 13 * DAY),
        "last_week": lambda: (monday - 7 * DAY, monday - DAY),
        "month": lambda: (month, (month + 31 * DAY).replace(day=1) - DAY),
        "last_month": lambda: ((month - DAY).replace(day=1), month - DAY),
    }
    return spans[period]()


class RoundChoices:
    """Everything a list can be narrowed to, read from the desk when a chip is opened."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.own_period = ""

    def specs(self) -> list[FilterSpec]:
        """The chips, in order."""
        return [
            FilterSpec("period", _("日期"), self.periods, many=False),
            FilterSpec("state", _("状态"), lambda: _titled(ROUND_STATE_TITLES)),
            FilterSpec("member", _("网格员"), self.members, many=False),
            FilterSpec("grid", _("网格"), self.grids, many=False),
            FilterSpec("street", _("街道"), self.streets, many=False),
            FilterSpec("kind", _("类别"), lambda: _titled(ROUND_KIND_TITLES), many=False),
            FilterSpec("programme", _("类型"), lambda: _titled(_ROUND_PROGRAMMES), many=False),
        ]

    def periods(self) -> list[Choice]:
        """Stretches of days, and the one somebody came from another part with."""
        keys = [*PERIODS, self.own_period] if self.own_period else list(PERIODS)
        return [Choice(key, "", period_title(key)) for key in keys]

    def members(self) -> list[Choice]:
        """Grid members in use."""
        workers = self._desk.directory.workers(WorkerKind.COLLECTOR)
        return [Choice(str(one.id), one.number, one.name) for one in workers]

    def grids(self) -> list[Choice]:
        """Duty grids, then the others one may walk."""
        kinds = (GridKind.DUTY, GridKind.UNIT, GridKind.GOVERNANCE)
        found = [grid for kind in kinds for grid in self._desk.grids.all(kind)]
        return [Choice(grid.code, grid.code, grid.name or grid.code) for grid in found]

    def streets(self) -> list[Choice]:
        """Streets of the district."""
        reference = self._desk.reference
        streets = reference.divisions().streets_of(reference.office().district_code)
        return [Choice(street.code, street.code, street.name) for street in streets]


def filter_of(chosen: Chosen, search: str, today: date, ascending: bool) -> RoundFilter:
    """The filter the chips and the search stand for."""
    first = {name: keys[0] for name, keys in chosen.items() if keys}
    begin, end = period_days(first["period"], today) if "period" in first else (None, None)
    return RoundFilter(
        first=begin,
        last=end,
        states=frozenset(RoundState(key) for key in chosen.get("state", ())),
        kind=RoundKind(first["kind"]) if "kind" in first else None,
        programme=Programme(first["programme"]) if "programme" in first else None,
        member_id=UUID(first["member"]) if "member" in first else None,
        grid_code=first.get("grid", ""),
        street_code=first.get("street", ""),
        search=search,
        ascending=ascending,
    )


def _titled(titles: Mapping[RoundState, str] | Mapping[RoundKind, str] | Mapping[Programme, str]) -> list[Choice]:
    return [Choice(str(key), "", _(title)) for key, title in titles.items()]


_ROUND_PROGRAMMES: Mapping[Programme, str] = {
    one: title for one, title in PROGRAMME_TITLES.items() if one is not Programme.INSPECTION
}
