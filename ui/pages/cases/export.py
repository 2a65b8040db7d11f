"""Exporting the list or what is selected in it, with progress and a way to stop."""

from __future__ import annotations

from array import array
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.tables.list_export import sheet_name
from ui.widgets.busy_bar import BusyBar


class Exporting(QObject):
    """Asks for a file, writes it beside the screen."""

    def __init__(self, context: PageContext, busy: BusyBar, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._busy = busy
        self._window = window

    def start(self, rids: array[int], title: str) -> None:
        """Ask where to, and begin. An empty list says so."""
        if not rids:
            self._context.notices.say(_("这个列表是空的,没有可导出的案件"))
            return
        kinds = f"{_('Excel/WPS 表格')} (*.xlsx);;{_('CSV 文本')} (*.csv)"
        chosen, kind = QFileDialog.getSaveFileName(
            self._window, _("导出案件"), sheet_name(self._context, f"{_('案件')}-{title}"), kinds
        )
        if chosen:
            path = Path(chosen)
            ending = ".csv" if "csv" in kind else ".xlsx"
            self.write(rids, path if path.suffix else path.with_suffix(ending))

    def write(self, rids: array[int], path: Path) -> None:
        """Write these rows to a file. Stopped or failed, an older file of that name stays as it was."""
        exports, actor = self._context.desk.exports, self._context.actor

        def write(watch: Watch) -> tuple[Path, int]:
            return path, exports.chosen(path, rids, actor=actor, watch=watch)

        task = self._context.tasks.read(write, done=self._on_written, failed=self._on_trouble)
        self._busy.follow(task, _("正在导出"))

    def _on_written(self, written: tuple[Path, int]) -> None:
        path, count = written
        self._context.notices.say(_("已导出 {n} 件到 {file}").format(n=f"{count:,}", file=path.name))

    def _on_trouble(self, problem: Problem) -> None:
        problem_box(self._window, problem, safe=_("案件都还在,没有受影响"))
