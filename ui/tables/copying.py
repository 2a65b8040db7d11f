"""Rows as text on the clipboard, so that a sheet takes them as cells and never as formulas."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.base.watch import Watch
from app.base.words import _
from ui.tables.columns import Column
from ui.tables.lines_model import LinesModel
from ui.tables.pages import Fetch
from ui.tasks import Latest, TaskRunner

AT_MOST = 20_000
BATCH = 500
_BREAKS = re.compile(r"[\t\r\n]+")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


class Copying(QObject):
    """Fetches selected lines in a reader thread and puts them on the clipboard."""

    def __init__(self, model: LinesModel, fetch: Fetch, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._line_id: Callable[[Any], int] = model.line_id
        self._latest = Latest(tasks, done=QGuiApplication.clipboard().setText, parent=self)

    def copy(self, ids: array[int], columns: Sequence[Column[Any]]) -> None:
        """Copy the first 20,000 of `ids` (a clipboard is no export)."""
        if ids:
            self._latest.ask(partial(self._text, ids[:AT_MOST], columns))

    def _text(self, ids: array[int], columns: Sequence[Column[Any]], watch: Watch) -> str:
        rows = [[_(column.title) for column in columns]] if len(ids) > 1 else []
        for start in range(0, len(ids), BATCH):
            watch.step(start, len(ids))
            batch = ids[start : start + BATCH]
            lines = {self._line_id(line): line for line in self._fetch(batch)}
            rows += [[column.value(lines[rid]) for column in columns] for rid in batch if rid in lines]
        return as_tsv(rows)


def as_tsv(rows: Iterable[Sequence[str]]) -> str:
    """Tab-separated text of `rows`; a break inside a cell becomes a blank."""
    return "\n".join("\t".join(map(_cell, row)) for row in rows)


def _cell(text: str) -> str:
    plain = _BREAKS.sub(" ", text)
    if plain[:1] in ("=", "+", "-", "@") and not _NUMBER.fullmatch(plain):
        return "'" + plain
    return plain
