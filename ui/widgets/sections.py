"""A page in parts: a row of tabs at the top, each part made when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name

if TYPE_CHECKING:
    from app.base.changes import ChangeSet
    from ui.pages.context import PageContext


class Part(Protocol):
    """What a part offers, beside being a QWidget. wanted: (page name, argument) to go somewhere else."""

    wanted: SignalInstance

    def go(self, argument: object) -> None:
        """Show what was asked for; None: just come to the front."""

    def refresh(self) -> None:
        """Read again what is shown; place and selection stay."""

    def keep(self) -> None:
        """Put what is half typed into a draft."""


@dataclass(frozen=True)
class PartEntry:
    """One part: its name in `go`, its title (a msgid), `module:class`, and the record types that concern it."""

    name: str
    title: str
    factory: str
    concerns: tuple[str, ...] = ()

    def make(self, context: PageContext) -> Part:
        """Import the part and make it."""
        module, _colon, attribute = self.factory.partition(":")
        return cast(Callable[["PageContext"], Part], getattr(import_module(module), attribute))(context)


@dataclass(frozen=True)
class InPart:
    """The argument that asks a page in parts for one of them."""

    part: str
    argument: object = None


class PartsPage(QWidget):
    """`go` takes a part's name, or `InPart(name, argument)`; None: the part shown last."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext, object_name: str, title: str, entries: Sequence[PartEntry]) -> None:
        super().__init__()
        name(self, object_name, title)
        self._context = context
        self._entries = tuple(entries)
        self._made: dict[str, Part] = {}
        self._stale: set[str] = set()
        self._tabs = name(QTabBar(), f"{object_name}_tabs", title)
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        for entry in entries:
            self._tabs.addTab(_(entry.title))
        self._stack = name(QStackedWidget(), f"{object_name}_stack", title)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self._tabs)
        lines.addWidget(self._stack, 1)
        self._tabs.currentChanged.connect(self._show)
        context.bridge.changed.connect(self._on_changed)
        self._show(self._tabs.currentIndex())

    def go(self, argument: object) -> None:
        """Show the part asked for and hand it what it is asked for."""
        asked = InPart(argument) if isinstance(argument, str) else argument
        if not isinstance(asked, InPart):
            return
        at = next((at for at, entry in enumerate(self._entries) if entry.name == asked.part), None)
        if at is not None:
            self._tabs.setCurrentIndex(at)
            self.part().go(asked.argument)
            self._give_keys()

    def refresh(self) -> None:
        """A minute went by."""
        self.part().refresh()

    def keep(self) -> None:
        """Put what is half typed into drafts."""
        for part in self._made.values():
            part.keep()

    def part(self) -> Part:
        """The part that is shown."""
        return self._made[self._entries[self._tabs.currentIndex()].name]

    def _show(self, at: int) -> None:
        entry = self._entries[at]
        if entry.name not in self._made:
            made = entry.make(self._context)
            made.wanted.connect(self.wanted)
            self._made[entry.name] = made
            self._stack.addWidget(cast(QWidget, made))
            made.refresh()
        elif entry.name in self._stale:
            self._made[entry.name].refresh()
        self._stale.discard(entry.name)
        self._stack.setCurrentWidget(cast(QWidget, self._made[entry.name]))
        if self.isVisible() and not self._tabs.hasFocus():
            self._give_keys()

    def _give_keys(self) -> None:
        """Let the keys of the part work at once, wherever in it they are."""
        part, holder = cast(QWidget, self.part()), self.window().focusWidget()
        if holder is None or not part.isAncestorOf(holder):
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self, changes: ChangeSet) -> None:
        shown = self._entries[self._tabs.currentIndex()].name
        for entry in self._entries:
            if entry.name in self._made and changes.concerns(*entry.concerns):
                if entry.name == shown and self.isVisible():
                    self._made[entry.name].refresh()
                else:
                    self._stale.add(entry.name)

    def showEvent(self, event: QShowEvent) -> None:
        """Take in what changed while the page was behind."""
        super().showEvent(event)
        shown = self._entries[self._tabs.currentIndex()].name
        if shown in self._stale:
            self._stale.discard(shown)
            self._made[shown].refresh()
