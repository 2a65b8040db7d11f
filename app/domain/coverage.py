"""Coverage (巡查覆盖): what was planned and walked per day, by grid, street, member or road, and what nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.domain.problems import Refused

MOST_DAYS = 366
METRES_PER_KM = 1000


class CoverageBy(StrEnum):
    """What a row of the matrix is."""

    GRID = "grid"
    STREET = "street"
    MEMBER = "member"
    ROAD = "road"


COVERAGE_BY_TITLES = {
    CoverageBy.GRID: "网格",
    CoverageBy.STREET: "街道",
    CoverageBy.MEMBER: "网格员",
    CoverageBy.ROAD: "道路",
}


class Cell(NamedTuple):
    """One row on one day. planned: rounds not cancelled whose turn came; ahead: those whose day is not over yet.

    Points are those of planned rounds; measured: rounds done that have a track, metres is theirs.
    """

    planned: int
    done: int
    ahead: int
    points_total: int
    points_checked: int
    findings: int
    measured: int
    measured_findings: int
    metres: float

    def plus(self, other: Cell) -> Cell:
        """Both together."""
        return Cell._make(a + b for a, b in zip(self, other, strict=True))

    @property
    def share(self) -> float | None:
        """Rounds done of those planned; None: nothing was planned, or all of it lies ahead."""
        return self.done / self.planned if self.planned else None

    @property
    def lies_ahead(self) -> bool:
        """Rounds are planned, and the day of none is over."""
        return self.ahead > 0 and not self.planned

    @property
    def findings_per_km(self) -> float | None:
        """Findings on measured rounds for each kilometre of them; None: nothing was measured."""
        return self.measured_findings * METRES_PER_KM / self.metres if self.metres else None


NOTHING = Cell(0, 0, 0, 0, 0, 0, 0, 0, 0.0)


@dataclass(frozen=True)
class CoverageRow:
    """One grid, street, member or road; key "": rounds that name none.

    cells: by day, only days with a round. last_seen: None when never, or not looked for.
    """

    key: str
    title: str
    cells: Mapping[date, Cell]
    last_seen: date | None = None

    @property
    def total(self) -> Cell:
        """All days together."""
        total = NOTHING
        for cell in self.cells.values():
            total = total.plus(cell)
        return total


@dataclass(frozen=True)
class CoverageMatrix:
    """Rows by title, columns the days from first to last. today: days since somebody was there are counted up to it."""

    by: CoverageBy
    first: date
    last: date
    rows: Sequence[CoverageRow]
    today: date = date.max

    def days_unseen(self, row: CoverageRow) -> int | None:
        """Whole days since a row was last walked, at the end of the span or today; None: never."""
        return days_since(row.last_seen, min(self.last, self.today))

    @property
    def days(self) -> list[date]:
        """The columns."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def total(self) -> Cell:
        """Everything together."""
        total = NOTHING
        for row in self.rows:
            total = total.plus(row.total)
        return total

    def unseen(self) -> list[CoverageRow]:
        """Rows nobody walked in the span, the longest unseen first; not those whose every round is still to come."""
        empty = [row for row in self.rows if row.key and not (row.total.done or row.total.lies_ahead)]
        return sorted(empty, key=lambda row: (row.last_seen or date.min, row.title))


class PassedPoint(NamedTuple):
    """A check point that was passed over: in which grid, its name, how often, and when last."""

    grid_code: str
    name: str
    times: int
    last: date


@dataclass(frozen=True)
class BlindSpots:
    """What nobody has seen in the span: rows never walked, check points passed over, streets no grid lies in."""

    rows: Sequence[CoverageRow] = ()
    points: Sequence[PassedPoint] = ()
    streets: Sequence[str] = field(default=())


def check_span(first: date, last: date) -> None:
    """Raises Refused("coverage.span") for a span that is reversed or too long."""
    if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
        raise Refused("coverage.span", first=first, last=last, most=MOST_DAYS)


def days_since(seen: date | None, day: date) -> int | None:
    """Whole days since something was last seen; None: never."""
    return None if seen is None else max((day - seen).days, 0)
