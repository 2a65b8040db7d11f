"""One handle for tests, screen readers and acceptance scripts: every control says what it is."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


def name(widget: W, object_name: str, title: str, hint: str = "") -> W:
    """`widget` with its object name (English, the field name) and its accessible name (in the language in use).

    hint: shown when the pointer rests on it and read out as description.
    """
    widget.setObjectName(object_name)
    widget.setAccessibleName(title)
    if hint:
        widget.setToolTip(hint)
        widget.setAccessibleDescription(hint)
    return widget
