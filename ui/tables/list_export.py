"""Writes the list shown to a sheet beside the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.widgets.busy_bar import BusyBar

Write = Callable[[Path, Sequence[int], Watch], int]
FORBIDDEN = '\\/:*?"<>|'


def ask_export(
    window: QWidget, context: PageContext, busy: BusyBar, rids: Sequence[int], title: str, write: Write
) -> None:
    """Ask where to, and write the rows there. title: what the list is called. write: runs in a reader thread."""
    if not rids:
        context.notices.say(_("这个列表是空的,没有可导出的记录"))
        return
    kinds = f"{_('Excel/WPS 表格')} (*.xlsx);;{_('CSV 文本')} (*.csv)"
    proposed = sheet_name(context, title)
    chosen, kind = QFileDialog.getSaveFileName(window, _("导出列表"), proposed, kinds)
    if chosen:
        path = Path(chosen)
        path = path if path.suffix else path.with_suffix(".csv" if "csv" in kind else ".xlsx")
        task = context.tasks.read(
            lambda watch: write(path, rids, watch),
            done=partial(_say, context, path),
            failed=partial(_trouble, window),
        )
        busy.follow(task, _("正在导出"))


def sheet_name(context: PageContext, title: str) -> str:
    """A name that says what is in a sheet and of which day; what a file's name cannot hold is an underscore."""
    plain = "".join("_" if letter in FORBIDDEN else letter for letter in title)
    return f"{plain}-{context.desk.reference.today():%Y%m%d}.xlsx"


def _say(context: PageContext, path: Path, count: int) -> None:
    context.notices.say(_("已导出 {n} 条到 {file}").format(n=f"{count:,}", file=path.name))


def _trouble(window: QWidget, problem: Problem) -> None:
    problem_box(window, problem)
