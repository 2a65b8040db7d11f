"""The buttons of the line: sync now, stop, pause, test, the sealed file, outage reports; and how far a run has come."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.problems import Problem
from app.sync.views import LineState, LineTestResult, SyncReport, SyncStatus
from ui.icons import icon
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.sync.results import report_words, stations_words
from ui.tasks import Job, T
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar

if TYPE_CHECKING:
    from app.sync.sealed import SealedWork

SEALED_SUFFIX = ".gdsealed"


class LineTools(QWidget):
    """`changed`: something was done that the page should read again."""

    changed = Signal()

    def __init__(self, context: PageContext, page: QWidget) -> None:
        super().__init__()
        name(self, "line_tools", _("同步操作"))
        self._context = context
        self._page = page
        self._paused = False
        self.sync_now = self._button("sync_now", _("立即同步"), "", self.run_now)
        set_look(self.sync_now, "primary")
        self.pause = self._button("sync_pause", _("暂停"), "suspend", self.turn_pause)
        self.test = self._button("line_test", _("测试线路"), "check", self.test_line)
        self.sealed = self._button("sealed_menu", _("密封文件"), "lock", None)
        self.reports = self._button("outage_reports", _("中断报告…"), "report", self.show_outages)
        self.settings = self._button("line_settings", _("线路设置…"), "settings", self.show_settings)
        self.sealed.setMenu(self._sealed_menu())
        self.busy = BusyBar(self)
        self.run_bar = BusyBar(self)
        self.run_bar.setObjectName("run_bar")
        self.run_bar.stopped.connect(self.stop_run)
        self._said = name(QLabel(), "line_said", _("结果"))
        self._said.setWordWrap(True)
        self._said.hide()
        self._lay_out()

    def show_status(self, status: SyncStatus) -> None:
        """Offer what can be done now."""
        running = status.state == LineState.RUNNING
        self._paused = status.state == LineState.PAUSED
        self.sync_now.setEnabled(not running)
        self.pause.setText(_("继续同步") if self._paused else _("暂停"))
        self.pause.setAccessibleName(self.pause.text())
        self.settings.setVisible(self._context.actor.administers)
        if running and self.run_bar.isHidden():
            self.run_bar.begin(_("正在同步"))
        elif not running and not self.run_bar.isHidden():
            self.run_bar.finish()

    def show_progress(self, done: int, total: int, words: str) -> None:
        """How far the run under way is."""
        if self.run_bar.isHidden():
            self.run_bar.begin(_("正在同步"))
        self.run_bar.show_step(done, total, words)

    def said(self) -> str:
        """What came of the last thing asked for; empty: nothing."""
        return "" if self._said.isHidden() else self._said.text()

    # What the person does ----------------------------------------------------------------------------------------

    def run_now(self) -> None:
        """Sync at once: by the line's own thread, or here where none runs."""
        if self._context.line is not None and self._context.line.running:
            self.run_bar.begin(_("正在同步"))
            self._context.line.now()
            return
        sync = self._context.desk.sync
        self._do(sync.run, _("正在同步"), self._on_run)

    def stop_run(self) -> None:
        """Stop the run under way; what was sent stays sent."""
        if self._context.line is not None:
            self._context.line.cancel()

    def turn_pause(self) -> None:
        """Pause, or go on."""
        sync, actor, paused = self._context.desk.sync, self._context.actor, not self._paused
        self._do(lambda _watch: sync.set_paused(paused, actor=actor), _("请稍候"), self._on_paused)

    def allow_removals(self) -> None:
        """Let go of what the city wants gone."""
        sync, actor = self._context.desk.sync, self._context.actor
        self._do(lambda _watch: sync.allow_removals(actor=actor), _("请稍候"), self._on_allowed)

    def test_line(self) -> None:
        """Go through every station to the city and back."""
        self._do(self._context.desk.sync.test_line, _("正在测试线路"), self._on_tested)

    def seal_to(self, file: Path) -> None:
        """Put everything that waits into a file only the city can open."""
        sync, actor = self._context.desk.sync, self._context.actor
        self._do(
            lambda watch: sync.seal(file, actor=actor, watch=watch),
            _("正在做密封文件"),
            partial(self._on_sealed, file),
        )

    def unseal_from(self, file: Path) -> None:
        """Take in a file the city made for this PC."""
        sync, actor = self._context.desk.sync, self._context.actor
        self._do(lambda watch: sync.unseal(file, actor=actor, watch=watch), _("正在收入密封文件"), self._on_run)

    def show_outages(self) -> None:
        """What past outages left behind."""
        from ui.pages.sync.outages import OutageDialog

        OutageDialog(self._context, self._page).open()

    def show_settings(self) -> None:
        """The certificate and the proxy of the line."""
        from ui.pages.sync.line_settings import LineSettings

        dialog = LineSettings(self._context, self._page)
        dialog.saved.connect(lambda: self._say(_("线路设置已保存")))
        dialog.open()

    # Answers -----------------------------------------------------------------------------------------------------

    def _on_run(self, report: SyncReport) -> None:
        self._say(report_words(report), wrong=bool(report.problem_code))

    def _on_sealed(self, file: Path, work: SealedWork) -> None:
        words = _("已写入 {file}:{n} 条改动、{m} 张照片。请带到市平台,只有市平台打得开;市平台的回件请收入本机。")
        self._say(words.format(file=file, n=f"{work.changes:,}", m=f"{work.files:,}"))

    def _on_paused(self, _nothing: object) -> None:
        if self._context.line is not None:
            self._context.line.wake()
        self._say("")

    def _on_allowed(self, _nothing: object) -> None:
        if self._context.line is not None:
            self._context.line.now()
        self._say(_("已放行,正在继续同步"))

    def _on_tested(self, result: LineTestResult) -> None:
        self._say(stations_words(result), wrong=not result.ok)

    def _on_trouble(self, problem: Problem) -> None:
        self.changed.emit()
        problem_box(self._page, problem, safe=_("已录入的内容都在本机"))

    def _do(self, job: Job[T], title: str, done: Callable[[T], object]) -> None:
        """Beside the writing: the line may take long, and nobody's saving waits for it."""

        def finish(value: T) -> None:
            done(value)
            self.changed.emit()

        task = self._context.tasks.read(job, done=finish, failed=self._on_trouble)
        self.busy.follow(task, title)

    # Parts -------------------------------------------------------------------------------------------------------

    def _button(self, object_name: str, title: str, icon_name: str, act: Callable[[], None] | None) -> QPushButton:
        button = name(QPushButton(title), object_name, title)
        if icon_name:
            button.setIcon(icon(icon_name))
        if act is not None:
            button.clicked.connect(act)
        return button

    def _sealed_menu(self) -> QMenu:
        menu = name(QMenu(self), "sealed_choices", _("密封文件"))
        menu.addAction(icon("export"), _("做给市平台的文件…"), self._choose_seal).setObjectName("seal")
        menu.addAction(icon("import"), _("收入市平台的文件…"), self._choose_unseal).setObjectName("unseal")
        return menu

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        for button in (self.sync_now, self.pause, self.test, self.sealed, self.reports, self.settings):
            row.addWidget(button)
        row.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(1))
        lines.addLayout(row)
        for widget in (self.run_bar, self.busy, self._said):
            lines.addWidget(widget)

    def _choose_seal(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("做给市平台的文件"), f"{_('密封文件')}{SEALED_SUFFIX}", f"{_('密封文件')} (*{SEALED_SUFFIX})"
        )
        if chosen:
            self.seal_to(Path(chosen))

    def _choose_unseal(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("收入市平台的文件"), "", f"{_('密封文件')} (*{SEALED_SUFFIX});;{_('所有文件')} (*)"
        )
        if chosen:
            self.unseal_from(Path(chosen))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        set_look(self._said, "wrong" if wrong else "muted")
        self._said.setText(text)
        self._said.setVisible(bool(text))
