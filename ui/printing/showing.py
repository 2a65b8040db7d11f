"""A paper made beside the screen and shown before it is printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.base.words import _
from app.domain.problems import Problem
from app.reports.paper import Paper
from ui.pages.context import PageContext
from ui.tasks import Job
from ui.widgets.busy_bar import BusyBar


def make_paper(
    window: QWidget,
    context: PageContext,
    busy: BusyBar,
    make: Job[Paper],
    failed: Callable[[Problem], object] | None = None,
) -> None:
    """Make a paper in a reader thread, then show it. failed: told why there is none."""
    task = context.tasks.read(make, done=partial(show_paper, window, context), failed=failed)
    busy.follow(task, _("正在准备打印"))


def show_paper(window: QWidget, context: PageContext, paper: Paper) -> None:
    """Show a paper before it is printed; a window that is gone by now shows nothing."""
    if not isValid(window):
        return
    from ui.printing.preview import PreviewDialog
    from ui.printing.printing_context import PrintingContext

    PreviewDialog(paper, PrintingContext(context), window).open()
