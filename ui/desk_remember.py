"""Remembers widths and places among the preferences of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.permissions import Actor


class DeskRemember:
    """A Remember over the desk's preferences: reads at once, writes in the writer thread."""

    def __init__(self, desk: Desk, actor: Actor, tasks: TaskRunner) -> None:
        self._desk = desk
        self._actor = actor
        self._tasks = tasks
        self._known: dict[str, str | None] = {}

    def get(self, key: str) -> str | None:
        """What was kept under `key`; None: nothing yet."""
        if key not in self._known:
            self._known[key] = self._desk.preferences.get(key, actor=self._actor)
        return self._known[key]

    def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        if self._known.get(key) == value:
            return
        self._known[key] = value
        desk, actor = self._desk, self._actor
        self._tasks.write(lambda _watch: desk.preferences.set(key, value, actor=actor))
