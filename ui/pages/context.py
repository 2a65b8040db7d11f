"""What a page is given, and how pages speak with the window around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import SignalInstance

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.permissions import Actor
    from ui.bridge import StoreBridge
    from ui.line import DeskLine
    from ui.notices import Notices
    from ui.remember import Remember
    from ui.settings import ScreenSettings
    from ui.tasks import TaskRunner


@dataclass(frozen=True)
class PageContext:
    """Everything a page may use. `remember` keeps widths and places for this person on this PC.

    line: syncs beside the screen; None where nobody signed in for long (a test, a tour).
    """

    desk: Desk
    actor: Actor
    tasks: TaskRunner
    bridge: StoreBridge
    notices: Notices
    settings: ScreenSettings
    remember: Remember
    line: DeskLine | None = None


@dataclass(frozen=True)
class NewCase:
    """The argument that asks the cases page for an empty entry form."""


class Page(Protocol):
    """What every page offers the window, beside being a QWidget.

    wanted: (page name, argument) to go somewhere else. A page may also have `badge`, a Signal(int) with the number
    beside its entry in the navigation, and `keep()`, which puts what is half typed into a draft at once.
    """

    wanted: SignalInstance

    def go(self, argument: object) -> None:
        """Show what the navigation asked for; None: just come to the front."""

    def refresh(self) -> None:
        """Read again what is shown; the person's place and selection stay."""
