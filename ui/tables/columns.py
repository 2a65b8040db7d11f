"""What a list shows: one `Column` per column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import Qt

L = TypeVar("L")

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Column(Generic[L]):
    """One column of a list of `L`.

    name: English, stable (remembered under it). title: msgid. width: pixels at 100 %.
    value: text of a line. sort_key: what `sort_wanted` carries; None: cannot be sorted.
    light: key of ui.theme.LIGHT_LOOKS that colours the text; the text itself must already say it.
    hint: shown when the pointer rests on the cell. shown: False for columns a person must choose first.
    """

    name: str
    title: str
    width: int
    value: Callable[[L], str]
    align: Qt.AlignmentFlag = LEFT
    sort_key: str | None = None
    light: Callable[[L], str | None] | None = None
    hint: Callable[[L], str] | None = None
    shown: bool = True
