"""What follows from a category: its filing conditions with their limits, and what is not a case."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.reference import Category, Condition
from ui.naming import name
from ui.theme import gap, set_look

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ConditionsInput(QWidget):
    """The filing conditions, one of which is chosen: arrows move, a digit takes, Enter goes on."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_ConditionRow] = []
        self._empty = set_look(QLabel(_("选好类别后,这里列出立案条件和处置时限")), "muted")
        self._empty.setWordWrap(True)
        self._code = set_look(name(QLabel(), "category_code", _("代码和大类")), "muted")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(gap(1))
        self._rules = set_look(name(QLabel(), "collection_rules", _("采集要求")), "muted")
        self._rules.setWordWrap(True)
        self._rules.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._rules.setTextFormat(Qt.TextFormat.PlainText)
        left = QVBoxLayout()
        left.setSpacing(gap(1))
        left.addWidget(self._code)
        left.addWidget(self._empty)
        left.addLayout(self._lines)
        left.addStretch(1)
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, gap(1), 0, 0)
        sides.setSpacing(gap(4))
        sides.addLayout(left, 3)
        sides.addWidget(self._rules, 2)
        self.show_category(None, ())

    def show_category(self, category: Category | None, rules: Sequence[str]) -> None:
        """Offer the conditions of a category; a single one is chosen at once."""
        for row in self._rows:
            row.deleteLater()
        conditions = category.conditions if category is not None else ()
        self._rows = [_ConditionRow(self, number, condition) for number, condition in enumerate(conditions, start=1)]
        for row in self._rows:
            self._lines.addWidget(row)
            row.taken.connect(self._on_taken)
        self._code.setText(f"{category.code} · {category.major_name}" if category is not None else "")
        self._code.setVisible(category is not None)
        if category is not None and not conditions:
            self._empty.setText(_("标准表里没有这个小类的立案条件,立案前要由受理员补上"))
        elif category is None:
            self._empty.setText(_("选好类别后,这里列出立案条件和处置时限"))
        self._empty.setVisible(not conditions)
        said = "\n".join(f"· {rule}" for rule in rules)
        self._rules.setText(_("采集要求与不立案情形") + "\n" + said if said else "")
        self._rules.setVisible(bool(said))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if conditions else Qt.FocusPolicy.NoFocus)
        if len(self._rows) == 1:
            self._rows[0].choose(True)

    def value(self) -> int | None:
        """The number of the condition chosen."""
        return next((row.condition.no for row in self._rows if row.is_chosen()), None)

    def set_value(self, number: int | None) -> None:
        """Show a condition chosen without telling anybody."""
        for row in self._rows:
            row.choose(row.condition.no == number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, digits and blank; everything else goes on."""
        chosen = next((at for at, row in enumerate(self._rows) if row.is_chosen()), None)
        digit = event.text()
        if event.key() in _STEPS and self._rows:
            step = _STEPS[Qt.Key(event.key())]
            at = (0 if step > 0 else -1) if chosen is None else chosen + step
            self._take(max(0, min(len(self._rows) - 1, at)))
        elif digit.isascii() and digit.isdigit() and 0 < int(digit) <= len(self._rows):
            self._take(int(digit) - 1)
        elif event.key() == Qt.Key.Key_Space and self._rows:
            self._take(chosen or 0)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which list has the keyboard."""
        super().focusInEvent(event)
        self._show_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard went on."""
        super().focusOutEvent(event)
        self._show_focus(False)

    def _show_focus(self, here: bool) -> None:
        lit = next((row for row in self._rows if row.is_chosen()), self._rows[0] if self._rows else None)
        for row in self._rows:
            row.light(here and row is lit)

    def _on_taken(self, number: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._take(number - 1)

    def _take(self, at: int) -> None:
        wanted = self._rows[at].condition.no
        changed = wanted != self.value()
        self.set_value(wanted)
        self._show_focus(self.hasFocus())
        if changed:
            self.edited.emit()


class _ConditionRow(QFrame):
    """One condition in full, however long, with its limit; a click anywhere takes it."""

    taken = Signal(int)

    def __init__(self, parent: QWidget, number: int, condition: Condition) -> None:
        super().__init__(parent)
        self.condition = condition
        self._number = number
        words = f"{condition.filing}  →  {limit_said(condition)}"
        self._radio = name(QRadioButton(str(number)), f"condition_{number}", words)
        self._radio.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._radio.setAutoExclusive(False)
        self._radio.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        label = QLabel(words)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(gap(1), gap(1) // 2, gap(1), gap(1) // 2)
        row.setSpacing(gap(2))
        row.addWidget(self._radio, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1)
        if condition.closing:
            self.setToolTip(_("结案条件:{closing}").format(closing=condition.closing))

    def is_chosen(self) -> bool:
        """Whether this is the one."""
        return self._radio.isChecked()

    def choose(self, chosen: bool) -> None:
        """Show it chosen or not."""
        self._radio.setChecked(chosen)

    def light(self, lit: bool) -> None:
        """Show that the keyboard is here."""
        set_look(self, "bar" if lit else "")

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Take it."""
        self.taken.emit(self._number)


def limit_said(condition: Condition) -> str:
    """The limit in the standard's words, and whether nights and holidays count."""
    words = condition.limit_text
    if condition.limit is None:
        return _("{words}(时限不能计算,立案前要补上)").format(words=words or _("没有时限"))
    words = words or condition.limit.text or str(condition.limit.value)
    if condition.limit.is_working:
        return _("{words}(只计工作时间)").format(words=words)
    return _("{words}(连续计时)").format(words=words)
