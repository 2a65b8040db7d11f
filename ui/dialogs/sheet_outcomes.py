"""The lists of an import: what would become of each row, and what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from app.base.words import N_, _
from app.services.sheets.cells import Cell
from app.services.sheets.refusals import RowRefusal
from app.services.sheets.values import as_text
from ui.tables.columns import RIGHT, Column

CELLS_SHOWN = 6


class RowOutcome(Protocol):
    """What became of one row: taken, with notes; or refused, with reasons."""

    @property
    def row(self) -> int: ...
    @property
    def cells(self) -> Sequence[Cell]: ...
    @property
    def refusals(self) -> Sequence[RowRefusal]: ...
    @property
    def notes(self) -> Sequence[RowRefusal]: ...


Row = TypeVar("Row", bound=RowOutcome)


def is_refused(outcome: RowOutcome) -> bool:
    """Whether the row stays out; its refusals say why."""
    return bool(outcome.refusals)


def outcome_words(outcome: RowOutcome) -> str:
    """What becomes of a row."""
    if is_refused(outcome):
        return "▲ " + ";".join(refusal.message for refusal in outcome.refusals)
    if outcome.notes:
        return "· " + ";".join(note.message for note in outcome.notes)
    return _("✓ 可以导入")


def first_cells(outcome: RowOutcome) -> str:
    """The beginning of a refused row, so that a person finds it again in the sheet."""
    return " | ".join(filter(None, map(as_text, outcome.cells[:CELLS_SHOWN])))


def outcome_columns(*columns: Column[Row], title: str = N_("结果")) -> tuple[Column[Row], ...]:
    """The columns of a preview: the row, what becomes of it under `title`, then `columns`."""
    row: Column[Row] = Column("row", N_("行"), 60, lambda outcome: str(outcome.row), RIGHT)
    said: Column[Row] = Column("outcome", title, 220, outcome_words, light=_light, hint=outcome_words)
    return (row, said, *columns)


def _light(outcome: RowOutcome) -> str | None:
    return "red" if is_refused(outcome) else None


REFUSAL_COLUMNS: tuple[Column[RowRefusal], ...] = (
    Column("row", N_("行"), 70, lambda refused: str(refused.row), RIGHT),
    Column("column", N_("列"), 160, lambda refused: refused.column),
    Column("message", N_("原因"), 560, lambda refused: refused.message, hint=lambda refused: refused.message),
)
