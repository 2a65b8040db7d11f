"""What could not be taken, named by row and column."""

from __future__ import annotations

from dataclasses import dataclass

from app.base.words import _
from app.domain.problems.catalog import PROBLEMS
from app.services.sheets.values import ValueRefused


@dataclass(frozen=True)
class RowRefusal:
    """One reason why a row was not taken, or one thing to know about a row that was. `column` is "" for a whole row."""

    row: int
    column: str
    code: str
    message: str

    def as_json(self) -> dict[str, object]:
        """As the command line prints it."""
        return {"row": self.row, "column": self.column, "code": self.code, "message": self.message}


def refusal(row: int, column: str, code: str, **details: object) -> RowRefusal:
    """A refusal in the words of the problem catalogue."""
    return RowRefusal(row, column, code, _(PROBLEMS[code].text).format(column=column, **details))


def refusal_of(row: int, column: str, refused: ValueRefused) -> RowRefusal:
    """A refusal for a cell that could not be read."""
    return refusal(row, column, refused.code, **refused.details)
