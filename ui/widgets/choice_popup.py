"""The list under a picker: it shows and is clicked, and never takes the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.base.words import _
from ui.naming import name
from ui.theme import ROW, gap, set_look
from ui.widgets.choices import Choice

MOST_SHOWN = 10
WIDEST = 560
Index = QModelIndex | QPersistentModelIndex
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CHOICE_ROLE = int(Qt.ItemDataRole.UserRole)


class ChoicePopup(QFrame):
    """A window that shows itself without being activated, so that the input method stays with the field."""

    taken = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_look(name(self, "choice_popup", _("可选项")), "popup")
        self._field = field
        self._model = QStandardItemModel(self)
        self._list = name(QListView(self), "choice_list", _("可选项"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(_ChoiceLines(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.clicked.connect(self._on_clicked)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(1, 1, 1, 1)
        lines.addWidget(self._list)

    def offer(self, choices: Sequence[Choice], *, light_first: bool) -> None:
        """Show `choices` under the field; none: hide. light_first: light the first, so that Enter takes it."""
        self._model.clear()
        for choice in choices:
            item = QStandardItem(f"{choice.code}  {choice.title}".strip())
            item.setData(choice, CHOICE_ROLE)
            item.setToolTip(choice.hint)
            self._model.appendRow(item)
        if not choices:
            self.hide()
            return
        self._list.setCurrentIndex(self._model.index(0, 0) if light_first else QModelIndex())
        self._list.scrollToTop()
        self._place(len(choices))
        self.show()

    def offered(self) -> list[Choice]:
        """What is shown, top to bottom."""
        return [self._model.item(row).data(CHOICE_ROLE) for row in range(self._model.rowCount())]

    def lit(self) -> Choice | None:
        """The choice Enter would take."""
        index = self._list.currentIndex()
        return index.data(CHOICE_ROLE) if self.isVisible() and index.isValid() else None

    def move_light(self, steps: int) -> None:
        """Light another line, stopping at the ends."""
        row = self._list.currentIndex().row() + steps
        self._list.setCurrentIndex(self._model.index(max(0, min(self._model.rowCount() - 1, row)), 0))

    def _place(self, count: int) -> None:
        height = min(count, MOST_SHOWN) * ROW + gap(1)
        width = max(self._field.width(), min(WIDEST, self._list.sizeHintForColumn(0) + gap(6)))
        below = self._field.mapToGlobal(QPoint(0, self._field.height() + 1))
        screen = self._field.screen().availableGeometry()
        if below.y() + height > screen.bottom():
            below = self._field.mapToGlobal(QPoint(0, -height - 1))
        left = max(screen.left(), min(below.x(), screen.right() - width))
        self.setGeometry(left, below.y(), width, height)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.taken.emit(index.data(CHOICE_ROLE))


class _ChoiceLines(QStyledItemDelegate):
    """Title, code, and the hint muted at the right."""

    def paint(self, painter: QPainter, _option: QStyleOptionViewItem, index: Index) -> None:
        """One line."""
        view = self.parent()
        assert isinstance(view, QListView)
        choice: Choice = index.data(CHOICE_ROLE)
        lit = index == view.currentIndex()
        palette, metrics = view.palette(), view.fontMetrics()
        rect = view.visualRect(view.model().index(index.row(), 0))
        role = QPalette.ColorRole.Text
        if lit:
            painter.fillRect(rect, palette.color(QPalette.ColorRole.Highlight))
            role = QPalette.ColorRole.HighlightedText
        rect = rect.adjusted(gap(2), 0, -gap(2), 0)
        text = metrics.elidedText(_words(choice), Qt.TextElideMode.ElideRight, rect.width())
        painter.setPen(palette.color(role))
        painter.drawText(rect, int(LEFT), text)
        rest = rect.adjusted(metrics.horizontalAdvance(text) + gap(4), 0, 0, 0)
        if choice.hint and rest.width() > gap(6):
            painter.setPen(palette.color(role if lit else QPalette.ColorRole.PlaceholderText))
            hint = metrics.elidedText(choice.hint, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, int(RIGHT), hint)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Wide enough for its words, as high as every row."""
        view = self.parent()
        assert isinstance(view, QListView)
        choice: Choice = index.data(CHOICE_ROLE)
        return QSize(view.fontMetrics().horizontalAdvance(f"{_words(choice)}    {choice.hint}") + gap(6), ROW)


def _words(choice: Choice) -> str:
    return f"{choice.title}  {choice.code}".rstrip()
