"""What printing needs to know of the office: its offset, who may change it, and where to say a word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.base.watch import Watch
from app.domain.problems import Problem
from app.reports.paper import Paper
from ui.pages.context import PageContext


@dataclass(frozen=True)
class PrintingContext:
    """A thin view of the page's context."""

    page: PageContext

    def say(self, text: str) -> None:
        """A word in the window."""
        self.page.notices.say(text)

    def shift_mm(self) -> tuple[float, float]:
        """How far what is printed is moved right and down."""
        office = self.page.desk.reference.office()
        return office.print_shift_x_mm, office.print_shift_y_mm

    def may_calibrate(self) -> bool:
        """The person may change the offset."""
        return self.page.actor.administers

    def calibration_page(self) -> Paper:
        """The page to measure."""
        return self.page.desk.papers.calibration(actor=self.page.actor)

    def set_shift(
        self, x_mm: float, y_mm: float, done: Callable[[object], object], failed: Callable[[Problem], object]
    ) -> None:
        """Keep another offset, for everybody at this office."""
        desk, actor = self.page.desk, self.page.actor

        def keep(_watch: Watch) -> None:
            office = desk.reference.office()
            changed = office.changed(desk.clock.now(), print_shift_x_mm=x_mm, print_shift_y_mm=y_mm)
            desk.reference.set_office(changed, actor=actor)

        self.page.tasks.write(keep, done=done, failed=failed)
