"""One field that clashes: what it was, and the two values to choose from."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QLabel, QRadioButton, QSizePolicy

from app.base.words import _
from app.sync.views import FieldClash
from ui.naming import name
from ui.theme import gap, set_look

MINE, THEIRS = "mine", "theirs"
KEYS = {Qt.Key.Key_1: MINE, Qt.Key.Key_2: THEIRS}


class ClashRow:
    """The widgets of one field. side: what is chosen; empty until somebody did."""

    def __init__(self, clash: FieldClash) -> None:
        self.clash = clash
        self.title = _(clash.title)
        self._head = plain(self.title, f"clash_{clash.name}")
        self._before = set_look(plain(clash.before_words or _("(空)"), f"clash_{clash.name}_before"), "muted")
        self._group = QButtonGroup()
        said = {MINE: clash.mine_words, THEIRS: clash.theirs_words}
        titles = {MINE: _("我的"), THEIRS: _("市平台的")}
        self.cells = {
            side: ValueCell(f"clash_{clash.name}_{side}", f"{self.title} {titles[side]}", words or _("(空)"))
            for side, words in said.items()
        }
        for cell in self.cells.values():
            self._group.addButton(cell.radio)
            cell.key_pressed.connect(self.choose)
        self._why = set_look(plain(flow_words(), f"clash_{clash.name}_why"), "muted")
        self._open = set_look(plain(_("有误:请选择一个"), f"clash_{clash.name}_open"), "wrong")
        self._open.hide()
        if clash.only_theirs:
            self.cells[THEIRS].radio.setChecked(True)
            for cell in self.cells.values():
                cell.lock()

    @property
    def side(self) -> str:
        """The side chosen."""
        return next((side for side, cell in self.cells.items() if cell.radio.isChecked()), "")

    def choose(self, side: str) -> None:
        """Choose a side; a field of the flow stays with the city's."""
        if not self.clash.only_theirs:
            self.cells[side].radio.setChecked(True)
            self.cells[side].radio.setFocus(Qt.FocusReason.OtherFocusReason)
            self.say_open(False)

    def say_open(self, is_open: bool) -> None:
        """Say that nothing is chosen yet."""
        self._open.setVisible(is_open)

    def take_focus(self) -> None:
        """Give the keyboard to this field."""
        self.cells[self.side or MINE].radio.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self, grid: QGridLayout, at: int) -> int:
        """Lie down in the grid from row `at`; gives the next free row."""
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setForegroundRole(line.palette().ColorRole.Mid)
        grid.addWidget(line, at, 0, 1, 4)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._head, at + 1, 0, top)
        grid.addWidget(self._before, at + 1, 1, top)
        grid.addWidget(self.cells[MINE], at + 1, 2, top)
        grid.addWidget(self.cells[THEIRS], at + 1, 3, top)
        if self.clash.only_theirs:
            grid.addWidget(self._why, at + 2, 1, 1, 3)
        else:
            grid.addWidget(self._open, at + 2, 1, 1, 3)
        return at + 3


class ValueCell(QFrame):
    """A value that wraps, with a round button before it; a click anywhere chooses it."""

    key_pressed = Signal(str)

    def __init__(self, object_name: str, title: str, words: str) -> None:
        super().__init__()
        self.setObjectName(f"{object_name}_cell")
        self.radio = name(_KeyRadio(self.key_pressed.emit), object_name, f"{title}:{words}")
        self._words = plain(words, f"{object_name}_words")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gap(2))
        row.addWidget(self.radio, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def lock(self) -> None:
        """Leave no choice."""
        self.radio.setEnabled(False)
        if not self.radio.isChecked():
            set_look(self._words, "muted")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        if self.radio.isEnabled():
            self.radio.click()
            self.radio.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)


class _KeyRadio(QRadioButton):
    """1 and 2 choose a side from either of a field's two buttons."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def keyPressEvent(self, event: QKeyEvent) -> None:
        side = KEYS.get(Qt.Key(event.key()))
        if side is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        else:
            self._tell(side)


def plain(text: str, object_name: str) -> QLabel:
    """Words that wrap and can be selected by mouse."""
    label = name(QLabel(text), object_name, text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def flow_words() -> str:
    """Why a field of the flow leaves no choice."""
    return _("环节由市平台为准:同一步不能在两处各走一次。请采用市平台的,再按现在的环节重新办理。")
