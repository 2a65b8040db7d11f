"""The look of the windows before an office is open: one quiet sheet with the program's name on top."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from app.base.version import VERSION
from app.base.words import LANGUAGES, _, language
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, set_look

PROGRAM = "GridDesk"


class FrontWindow(QWidget):
    """A window with a head (program, office, language) and a sheet to fill."""

    language_wanted = Signal(str)

    def __init__(self, object_name: str, title: str, width_px: int) -> None:
        super().__init__()
        name(self, object_name, title)
        self.setWindowTitle(f"{_('城管网格工作台')} · {title}")
        self.setWindowIcon(icon("today"))
        self.sheet = QVBoxLayout()
        self.sheet.setSpacing(gap(2))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(gap(8), gap(6), gap(8), gap(4))
        outer.setSpacing(gap(4))
        outer.addLayout(self._head())
        card = set_look(name(QFrame(), "sheet", title), "card")
        card.setLayout(self.sheet)
        self.sheet.setContentsMargins(gap(4), gap(3), gap(4), gap(3))
        outer.addWidget(card, 1)
        outer.addLayout(self._foot())
        self.resize(width_px, width_px)

    def _head(self) -> QHBoxLayout:
        self.brand = set_look(name(QLabel(_("城管网格工作台")), "brand", _("程序名称")), "title")
        self.office = set_look(name(QLabel(), "office", _("单位")), "muted")
        self.office.hide()
        words = QVBoxLayout()
        words.setSpacing(gap(1))
        words.addWidget(self.brand)
        words.addWidget(self.office)
        row = QHBoxLayout()
        row.addLayout(words, 1)
        row.addWidget(self._language_button())
        return row

    def _language_button(self) -> QToolButton:
        button = set_look(name(QToolButton(), "language", _("界面语言")), "quiet")
        button.setText(LANGUAGES[language()])
        menu = QMenu(button)
        for code, title in LANGUAGES.items():
            action = QAction(title, menu)
            action.setCheckable(True)
            action.setChecked(code == language())
            action.triggered.connect(lambda _on=False, wanted=code: self.language_wanted.emit(wanted))
            menu.addAction(action)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        version = set_look(name(QLabel(f"{PROGRAM} {VERSION}"), "version", _("版本")), "muted")
        row.addWidget(version)
        row.addStretch(1)
        self.foot = row
        return row
