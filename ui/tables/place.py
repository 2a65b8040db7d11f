"""What a person holds in a list while the rows change underneath: selection, current row, and what stands on top."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange
from PySide6.QtWidgets import QTableView

from ui.tables.lines_model import LinesModel

Flag = QItemSelectionModel.SelectionFlag


def selected_ids(view: QTableView, model: LinesModel) -> array[int]:
    """Ids of the selected rows in the order of the list; quick for a million of them."""
    chosen: array[int] = array("q")
    for first, last in selected_spans(view):
        chosen.extend(model.ids[first : last + 1])
    return chosen


def selected_spans(view: QTableView) -> list[tuple[int, int]]:
    """First and last row of each stretch selected, from the top."""
    spans = cast(Iterable[QItemSelectionRange], view.selectionModel().selection())
    return sorted({(span.top(), span.bottom()) for span in spans})


@dataclass(frozen=True)
class Place:
    """Taken before the rows change, put back after it; everything by id."""

    selected: array[int]
    everything: bool
    current: int | None
    top: int | None
    at_start: bool

    @classmethod
    def of(cls, view: QTableView, model: LinesModel) -> Place:
        """Where the person is now."""
        selected = selected_ids(view, model)
        row, top = view.currentIndex().row(), view.rowAt(0)
        return cls(
            selected=selected,
            everything=len(selected) > 1 and len(selected) == len(model.ids),
            current=model.id_at(row) if row >= 0 else None,
            top=model.id_at(top) if 0 <= top < len(model.ids) else None,
            at_start=view.verticalScrollBar().value() == 0,
        )

    def restore(self, view: QTableView, model: LinesModel) -> bool:
        """Put the person back; False when the current row is gone."""
        held = set() if self.everything else set(self.selected)
        rows = model.rows_of(held.union(rid for rid in (self.current, self.top) if rid is not None))
        if self.everything:
            view.selectAll()
        else:
            view.selectionModel().select(
                _selection(model, sorted(rows[rid] for rid in held if rid in rows)), Flag.Select
            )
        current = None if self.current is None else rows.get(self.current)
        if current is not None:
            view.selectionModel().setCurrentIndex(model.index(current, 0), Flag.NoUpdate)
        top = None if self.top is None else rows.get(self.top)
        if not self.at_start and top is not None:
            view.verticalScrollBar().setValue(top)
        return self.current is None or current is not None


def _selection(model: LinesModel, rows: list[int]) -> QItemSelection:
    """Whole rows as few stretches."""
    selection = QItemSelection()
    last_column = model.columnCount() - 1
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] != rows[at - 1] + 1:
            selection.select(model.index(rows[start], 0), model.index(rows[at - 1], last_column))
            start = at
    return selection
