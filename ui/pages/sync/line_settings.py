"""The certificate and the proxy of a line that stands already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.sync.advanced import AdvancedFields
from ui.theme import gap, set_look

if TYPE_CHECKING:
    from app.sync.link import Link

WIDTH_PX = 520


class LineSettings(QDialog):
    """`saved` when the new ones are kept."""

    saved = Signal()

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "line_settings_dialog", _("线路设置"))
        self.setWindowTitle(_("线路设置"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self.fields = AdvancedFields()
        about = set_look(QLabel(_("留空表示不用代理、用系统认可的证书。保存后按新的设置连接。")), "muted")
        about.setWordWrap(True)
        self._said = set_look(name(QLabel(), "line_settings_wrong", _("没有保存的原因")), "wrong")
        self._said.setWordWrap(True)
        self._said.hide()
        self.ok = set_look(name(QPushButton(_("保存")), "line_settings_save", _("保存")), "primary")
        cancel = name(QPushButton(_("取消")), "line_settings_cancel", _("取消"))
        self.ok.clicked.connect(self.save)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        foot.addStretch(1)
        for button in (cancel, self.ok):
            button.setAutoDefault(False)
            foot.addWidget(button)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        for widget in (about, self.fields, self._said):
            lines.addWidget(widget)
        lines.addLayout(foot)
        self.setMinimumWidth(WIDTH_PX)
        context.tasks.read(lambda _watch: context.desk.sync.link(), done=self._show_link)

    def save(self) -> None:
        """Keep them."""
        self.ok.setEnabled(False)
        sync, actor = self._context.desk.sync, self._context.actor
        certificate, proxy = self.fields.certificate(), self.fields.proxy.value()

        def job(_watch: Watch) -> None:
            sync.set_line(certificate(), proxy, actor=actor)

        self._context.tasks.write(job, done=self._on_saved, failed=self._on_refused)

    def _show_link(self, link: Link | None) -> None:
        if link is not None:
            self.fields.show_kept(link.own_ca, link.proxy)

    def _on_saved(self, _nothing: object) -> None:
        self.saved.emit()
        self.accept()

    def _on_refused(self, problem: Problem) -> None:
        self.ok.setEnabled(True)
        words = problem_sentence(problem)
        rest = self.fields.show_refusal(problem.code, words)
        self._said.setText(rest)
        self._said.setVisible(bool(rest))
