"""What the import of boundaries tells: what a file holds, what would become of it, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.base.problem_words import problem_text
from app.domain.boundary_plans import BoundaryPlan, SystemGuess
from app.domain.projections import ValueKind

if TYPE_CHECKING:
    from app.services.boundary_rows import BoundaryRow
    from app.services.shape_care import Gap


@dataclass(frozen=True)
class BoundaryFile:
    """What a file holds, before anything is said about it. columns: property -> some of its values."""

    path: Path
    features: int
    geometries: dict[str, int]
    values: dict[ValueKind, int]
    points: int
    columns: Mapping[str, Sequence[str]]
    guess: SystemGuess
    plan: BoundaryPlan


@dataclass(frozen=True)
class OverlapLine:
    """Two areas of one kind that share ground."""

    first: str
    second: str
    area_m2: float


@dataclass(frozen=True)
class BoundaryPreview:
    """What would become of a file under a plan."""

    plan: BoundaryPlan
    rows: Sequence[BoundaryRow]
    overlaps: Sequence[OverlapLine] = ()
    gaps: Sequence[Gap] = ()

    def count(self, state: str) -> int:
        """Rows that would do that."""
        return sum(1 for row in self.rows if row.state == state)

    def result(self) -> BoundaryResult:
        """What taking it over begins with: nothing written yet."""
        refused = [row for row in self.rows if row.refusal is not None]
        return BoundaryResult(len(self.rows), 0, 0, self.count("same"), refused, self.overlaps, len(self.gaps))

    def told(self) -> dict[str, Any]:
        """As the command line prints it: what would be added and changed."""
        would = replace(self.result(), added=self.count("new"), changed=self.count("changed"))
        return would.told()


@dataclass
class BoundaryResult:
    """What an import did. read = added + changed + same + refused."""

    read: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    refused: list[BoundaryRow] = field(default_factory=list)
    overlaps: Sequence[OverlapLine] = ()
    gaps: int = 0

    def told(self) -> dict[str, Any]:
        """As the command line prints it."""
        refused = [
            {"row": row.number, "code": row.code, "name": row.name, "reason": problem_text(row.refusal)}
            for row in self.refused
            if row.refusal is not None
        ]
        overlaps = [[line.first, line.second, round(line.area_m2)] for line in self.overlaps]
        counts = {"read": self.read, "added": self.added, "changed": self.changed, "same": self.same}
        return {**counts, "refused": refused, "overlaps": overlaps, "gaps": self.gaps}
