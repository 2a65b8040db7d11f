"""Bringing a backup back: asked for while signed in, done after everybody has left the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from ui.naming import name
from ui.tasks import Task, TaskRunner
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar

WIDTH_PX = 480


class AskRestore(QDialog):
    """Says what restoring does before it is done. `agreed`: the person wants it."""

    agreed = Signal()

    def __init__(self, file: Path, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "ask_restore", _("从备份恢复"))
        self.setWindowTitle(_("从备份恢复"))
        words = (
            _("用“{file}”里的数据替换现在的数据。").format(file=file.name),
            _("现在的数据会整个移到旁边的文件夹里,不会删除。"),
            _("恢复时先退出登录;完成后请用做备份时的密码登录。"),
        )
        self.go = set_look(name(QPushButton(_("退出登录并恢复")), "restore_go", _("退出登录并恢复")), "primary")
        stay = name(QPushButton(_("取消")), "restore_cancel", _("取消"))
        self.go.setAutoDefault(False)
        stay.setDefault(True)
        self.go.clicked.connect(self._on_go)
        stay.clicked.connect(self.reject)
        _lay_out(self, [_label(text) for text in words], [self.go, stay])

    def _on_go(self) -> None:
        self.accept()
        self.agreed.emit()


class Restoring(QDialog):
    """Restores while nobody is signed in, and says what came of it. The store must be closed and let go before."""

    def __init__(self, file: Path, paths: StorePaths, clock: Clock, tasks: TaskRunner, parent: QWidget | None) -> None:
        super().__init__(parent)
        name(self, "restoring", _("从备份恢复"))
        self.setWindowTitle(_("从备份恢复"))
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self._words = _label(_("正在从“{file}”恢复…").format(file=file.name))
        self._told = False
        self._bar = BusyBar(self)
        self._done = name(QPushButton(_("去登录")), "restoring_done", _("去登录"))
        self._done.setEnabled(False)
        self._done.clicked.connect(self.accept)
        _lay_out(self, [self._words, self._bar], [self._done])

        def job(watch: Watch) -> Path | None:
            from app.desk import restore_desk

            return restore_desk(file, paths, clock, watch)

        self._task: Task = tasks.write(job, done=self._on_restored, failed=self._on_problem)
        self._bar.follow(self._task, _("正在恢复"))
        self._task.ended.connect(self._on_ended)

    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def reject(self) -> None:
        """Escape and the cross stop what runs; nothing has changed then."""
        if self._task.running:
            self._task.cancel()
        else:
            super().reject()

    def _on_restored(self, kept: Path | None) -> None:
        self._told = True
        said = _("已恢复。")
        if kept is not None:
            said += _("原来的数据放在 {folder}。").format(folder=kept)
        self._words.setText(said)

    def _on_problem(self, problem: Problem) -> None:
        self._told = True
        set_look(self._words, "wrong")
        why = problem_sentence(problem)
        self._words.setText(_("没有恢复,现在的数据没有改动。{why}").format(why=why))

    def _on_ended(self) -> None:
        if not self._told:
            self._words.setText(_("已停止,现在的数据没有改动。"))
        self._done.setEnabled(True)
        self._done.setFocus()


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _lay_out(dialog: QDialog, lines: Sequence[QWidget], buttons: Sequence[QPushButton]) -> None:
    row = QHBoxLayout()
    row.setSpacing(gap(2))
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(gap(6), gap(5), gap(6), gap(4))
    column.setSpacing(gap(3))
    for widget in lines:
        column.addWidget(widget)
    column.addLayout(row)
    dialog.setFixedWidth(WIDTH_PX)
