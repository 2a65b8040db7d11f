"""What the work list is asked: a saved view, narrowed by filters or by searched words, in an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.base.words import N_
from app.domain.case_views import CaseFilter, CaseOrder, CaseView
from app.domain.permissions import Actor
from app.domain.stages import Stage
from app.services.case_lists import CaseListService

TIMED_VIEWS = frozenset({CaseView.DUE_TODAY, CaseView.OVERDUE})
PERIODS: Mapping[str, str] = {
    "today": N_("今天"),
    "yesterday": N_("昨天"),
    "week": N_("本周"),
    "days_7": N_("近 7 天"),
    "month": N_("本月"),
    "last_month": N_("上月"),
    "days_30": N_("近 30 天"),
    "year": N_("今年"),
}
FIELDS = ("category", "street", "unit", "source", "reported", "stage")


@dataclass(frozen=True)
class Question:
    """One list as a person asked for it; kept as plain JSON under a name of theirs.

    chosen: keys by filter name. order None: the order the view comes with.
    """

    view: CaseView = CaseView.ALL
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search: str = ""
    order: CaseOrder | None = None
    ascending: bool = False

    def with_chosen(self, chosen: Mapping[str, tuple[str, ...]]) -> Question:
        """The same, narrowed otherwise."""
        return replace(self, chosen=dict(chosen))

    def with_search(self, search: str) -> Question:
        """Every case that answers to these words; empty: the list without the search."""
        return Question(CaseView.ALL, search=search) if search else replace(self, search="")

    def with_order(self, order: CaseOrder, ascending: bool) -> Question:
        """The same in another order."""
        return replace(self, order=order, ascending=ascending)

    @property
    def moves_with_time(self) -> bool:
        """The clock alone changes what this list holds."""
        return self.view in TIMED_VIEWS

    def kept(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "view": self.view.value,
            "chosen": {filter_name: list(keys) for filter_name, keys in self.chosen.items()},
            "search": self.search,
            "order": self.order.value if self.order else "",
            "ascending": self.ascending,
        }

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> Question:
        """The question that was kept; what a newer program kept and this one does not know is left out."""
        view, order = kept.get("view", ""), kept.get("order", "")
        chosen = {filter_name: tuple(keys) for filter_name, keys in kept.get("chosen", {}).items()}
        if "stage" in chosen:
            chosen["stage"] = tuple(key for key in chosen["stage"] if key in set(Stage))
        return cls(
            view=CaseView(view) if view in set(CaseView) else CaseView.ALL,
            chosen={filter_name: keys for filter_name, keys in chosen.items() if filter_name in FIELDS and keys},
            search=str(kept.get("search", "")),
            order=CaseOrder(order) if order in set(CaseOrder) else None,
            ascending=bool(kept.get("ascending", False)),
        )

    def filter(self, lists: CaseListService, actor: Actor, today: date) -> CaseFilter:
        """What the query is given."""
        wanted = lists.view(self.view, actor=actor)
        narrowed = _narrowed(self.chosen)
        stages = frozenset(Stage(key) for key in self.chosen.get("stage", ()))
        if stages:
            narrowed["stages"] = stages & wanted.stages if wanted.stages else stages
        if period := self.chosen.get("reported"):
            first, end = period_days(period[0], today)
            narrowed["reported_from"] = lists.day_bounds(first)[0]
            narrowed["reported_until"] = lists.day_bounds(end)[0]
        if self.search:
            narrowed |= {"search": self.search, "search_persons": actor.sees_personal_data}
        if self.order is not None:
            narrowed |= {"order": self.order, "ascending": self.ascending}
        return wanted.narrowed(**narrowed)

    def is_impossible(self, lists: CaseListService, actor: Actor) -> bool:
        """The stages chosen and those of the view have none in common: no case can answer."""
        stages = frozenset(Stage(key) for key in self.chosen.get("stage", ()))
        own = lists.view(self.view, actor=actor).stages
        return bool(stages and own) and not stages & own


def _narrowed(chosen: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    if keys := chosen.get("category"):
        fields |= dict(zip(("kind", "major", "minor"), keys[0].split("-"), strict=True))
    if keys := chosen.get("street"):
        fields["street_code"] = keys[0]
    if keys := chosen.get("unit"):
        fields["unit_id"] = UUID(keys[0])
    if keys := chosen.get("source"):
        fields["source"] = keys[0]
    return fields


def period_days(period: str, today: date) -> tuple[date, date]:
    """First day of a period and the day after its last. `2026-11-01..2026-11-07` names its own days."""
    if ".." in period:
        first, last = map(date.fromisoformat, period.split(".."))
        return first, last + timedelta(days=1)
    tomorrow, month = today + timedelta(days=1), today.replace(day=1)
    starts = {
        "today": (today, tomorrow),
        "yesterday": (today - timedelta(days=1), today),
        "week": (today - timedelta(days=today.weekday()), tomorrow),
        "days_7": (today - timedelta(days=6), tomorrow),
        "month": (month, tomorrow),
        "last_month": ((month - timedelta(days=1)).replace(day=1), month),
        "days_30": (today - timedelta(days=29), tomorrow),
        "year": (today.replace(month=1, day=1), tomorrow),
    }
    return starts[period]
