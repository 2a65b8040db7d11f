"""The manual in a window of its own, beside the work."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.base.resources import resource_path
from app.base.words import _
from ui.guide_text import GuideText
from ui.icons import icon
from ui.naming import name
from ui.theme import gap

SIZE = (860, 760)
PICTURE_PX = 800
FILE = "user-guide.md"


class GuideWindow(QWidget):
    """Shows the guide and finds words in it."""

    def __init__(self, parent: QWidget, file: Path) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        name(self, "guide_window", _("使用手册"))
        self.setWindowTitle(_("使用手册"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.browser = name(GuideText(PICTURE_PX), "guide_text", _("使用手册"))
        if file.exists():
            self.browser.open(file)
        else:
            self.browser.setPlainText(_("这份安装里没有使用手册,请向技术员索取。"))
        self.words = name(QLineEdit(), "guide_search", _("在手册中查找"))
        self.words.setPlaceholderText(_("在手册中查找"))
        self.words.returnPressed.connect(self.find_next)
        again = name(QPushButton(icon("down"), _("下一处")), "guide_next", _("下一处"))
        again.clicked.connect(self.find_next)
        row = QHBoxLayout()
        row.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        row.addWidget(self.words, 1)
        row.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.browser, 1)
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self.words.setFocus)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self.resize(*SIZE)

    def find_next(self) -> None:
        """Go to the next place that has the words; from the top again after the last."""
        if not self.browser.find(self.words.text()):
            self.browser.moveCursor(self.browser.textCursor().MoveOperation.Start)
            self.browser.find(self.words.text())


def open_guide(parent: QWidget) -> GuideWindow:
    """The manual's window; the one that is open already comes to the front."""
    for window in parent.findChildren(GuideWindow):
        window.raise_()
        window.activateWindow()
        return window
    window = GuideWindow(parent, guide_file())
    window.show()
    return window


def guide_file() -> Path:
    """The shipped manual."""
    return resource_path().parent / "docs" / FILE
