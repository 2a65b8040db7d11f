"""What becomes of the rows of a table: cases to be taken, refusals, remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.cases import CaseKind
from app.services.sheets.cells import Cell
from app.services.sheets.refusals import RowRefusal
from app.services.sheets.values import as_text


@dataclass(frozen=True, slots=True)
class CaseImportRow:
    """One row as a case. Empty text where the table says nothing.

    kind, major, minor: only when the standards know the category; category_text keeps it as written.
    longitude/latitude: as given, in the system `coordinates`. reported_at, closed_at: aware UTC.
    repeats: the earlier row of this file with the same number, which this row replaces.
    """

    row: int
    source_no: str
    reported_at: datetime
    description: str
    address: str = ""
    road: str = ""
    house_no: str = ""
    street_text: str = ""
    category_text: str = ""
    kind: CaseKind | None = None
    major: str = ""
    minor: str = ""
    longitude: float | None = None
    latitude: float | None = None
    coordinates: str = ""
    reporter: str = ""
    phone: str = ""
    collector: str = ""
    source: str = ""
    unit_text: str = ""
    status_text: str = ""
    answer: str = ""
    closed_at: datetime | None = None
    repeats: int | None = None
    header: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def raw(self) -> dict[str, str]:
        """Every filled cell of the row as text, by its header."""
        return {name: text for name, cell in zip(self.header, self.cells, strict=False) if (text := as_text(cell))}

    @property
    def category_missing(self) -> bool:
        """The table names a category the standards do not know."""
        return bool(self.category_text) and not self.minor


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What became of one row: a case, or at least one refusal."""

    row: int
    cells: Sequence[Cell]
    case: CaseImportRow | None
    refusals: tuple[RowRefusal, ...] = ()
    notes: tuple[RowRefusal, ...] = ()


@dataclass
class CaseRows:
    """All rows of a table. refused_cells: original cells of refused rows. notes: remarks on rows that were taken."""

    read: int = 0
    rows: list[CaseImportRow] = field(default_factory=list)
    refusals: list[RowRefusal] = field(default_factory=list)
    refused_cells: dict[int, Sequence[Cell]] = field(default_factory=dict)
    notes: list[RowRefusal] = field(default_factory=list)

    def take(self, outcome: CaseOutcome) -> None:
        """Add one row's outcome."""
        self.read += 1
        self.notes += outcome.notes
        if outcome.case is None:
            self.refusals += outcome.refusals
            self.refused_cells[outcome.row] = outcome.cells
        else:
            self.rows.append(outcome.case)
