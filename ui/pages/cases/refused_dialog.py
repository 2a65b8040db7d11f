"""Which cases of many were refused, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import gap, set_look

SIZE = (620, 420)


@dataclass(frozen=True)
class RefusedLine:
    """One case that was refused."""

    number: str
    why: str


class RefusedDialog(QDialog):
    """A list to read and to copy."""

    def __init__(self, title: str, done: int, refused: Sequence[RefusedLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        words = _("办好 {done} 件,{n} 件没有办理,原因如下;没有办理的案件原样没动")
        head = name(QLabel(words.format(done=done, n=len(refused))), "refused_head", _("结果"))
        head.setWordWrap(True)
        self._text = "\n".join(f"{line.number}  {line.why}" for line in refused)
        listed = name(QPlainTextEdit(self._text), "refused_list", _("没有办理的案件和原因"))
        listed.setReadOnly(True)
        copy = name(QPushButton(_("复制")), "refused_copy", _("复制没有办理的案件"))
        close = set_look(name(QPushButton(_("关闭")), "refused_close", _("关闭")), "primary")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(copy)
        foot.addWidget(close)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(head)
        lines.addWidget(listed, 1)
        lines.addLayout(foot)

    def words(self) -> str:
        """The list as text."""
        return self._text
