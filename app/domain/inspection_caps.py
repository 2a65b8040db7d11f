"""How often a company may be inspected in a year, counted across units and PCs (国办发〔2024〕54号: yearly caps).

The same on every desk that knows the same visits, so that two desks that knew nothing of each other agree which visit is
the one too many once they have synced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.inspections import Enterprise, Inspection, InspectionBasis, InspectionState
from app.domain.problems import Refused
from app.domain.workcalendar import ZONE

NOT_COUNTED = frozenset({InspectionBasis.LEAD, InspectionBasis.TRANSFER, InspectionBasis.EMERGENCY})


@dataclass(frozen=True)
class Cap:
    """How often an enterprise may be inspected in a year. refuses: else it only warns."""

    limit: int
    refuses: bool = True


@dataclass(frozen=True)
class Standing:
    """The counted visits of one enterprise in one calendar year, the first first."""

    enterprise_name: str
    year: int
    cap: Cap
    visits: Sequence[Inspection]

    @property
    def over(self) -> Sequence[Inspection]:
        """Those beyond the cap: the last ones planned, wherever they were entered."""
        return self.visits[self.cap.limit :]

    @property
    def full(self) -> bool:
        """One more would be beyond the cap."""
        return len(self.visits) >= self.cap.limit

    def refusal(self) -> Refused:
        """The visits that used the cap up, in words."""
        visits = ";".join(visit_words(one) for one in self.visits[: self.cap.limit])
        return Refused(
            "inspection.cap_reached",
            name=self.enterprise_name,
            year=self.year,
            cap=self.cap.limit,
            visits=visits or "-",
        )


def visit_day(visit: Inspection) -> date:
    """The day it counts on, in Chinese time: when it began, or is planned to."""
    return visit.planned_on if visit.started_at is None else visit.started_at.astimezone(ZONE).date()


def counts(visit: Inspection) -> bool:
    """Whether it is held to the cap; a joint visit of several units (综合查一次) is one record and counts once."""
    return visit.state is not InspectionState.CANCELLED and visit.basis not in NOT_COUNTED


def standing(enterprise: Enterprise, visits: Sequence[Inspection], year: int, cap: Cap) -> Standing:
    """What of the cap is used; the same on every desk that knows the same visits."""
    counted = [visit for visit in visits if counts(visit) and visit_day(visit).year == year]
    counted.sort(key=lambda visit: (visit.started_at is None, visit_day(visit), visit.created_at, str(visit.id)))
    return Standing(enterprise.name, year, cap, counted)


def cap_of(enterprise: Enterprise, default: int, *, refuses: bool) -> Cap:
    """The enterprise's own cap, else the office's."""
    return Cap(default if enterprise.yearly_cap is None else enterprise.yearly_cap, refuses)


def visit_words(visit: Inspection) -> str:
    """A visit in a sentence: its number, day and units."""
    units = "、".join(visit.units)
    return f"{visit.number} {visit_day(visit):%Y-%m-%d}{f' {units}' if units else ''}"
