"""Where a screen keeps how a person left it: widths, columns, the place of a splitter."""

from __future__ import annotations

from typing import Protocol


class Remember(Protocol):
    """Preferences of this PC, as text by key."""

    def get(self, key: str) -> str | None:
        """What was kept under `key`; None: nothing yet."""

    def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""


class InMemory:
    """Remembers until the program ends; for windows shown before anybody signed in."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """What was kept under `key`."""
        return self._kept.get(key)

    def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        self._kept[key] = value
