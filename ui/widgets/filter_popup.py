"""The choices of one filter: ticked at will, narrowed by typing when they are many."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import ROW, gap, set_look
from ui.widgets.choices import Choice

KEY_ROLE = int(Qt.ItemDataRole.UserRole)
FIND_ROLE = KEY_ROLE + 1
MANY = 12
MOST_SHOWN = 14
WIDTH = 240


class FilterPopup(QFrame):
    """`chosen` carries the keys after every tick; choosing one of a single-choice filter closes it."""

    chosen = Signal(object)

    def __init__(
        self, title: str, choices: Sequence[Choice], keys: Sequence[str], *, many: bool, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_look(name(self, "filter_popup", title), "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._many = many
        self._model = QStandardItemModel(self)
        for choice in choices:
            self._model.appendRow(_item(choice, choice.key in keys))
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._model)
        self._shown.setFilterRole(FIND_ROLE)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._list = name(QListView(self), "filter_choices", title)
        self._list.setModel(self._shown)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setUniformItemSizes(True)
        self._list.setFixedHeight(max(1, min(len(choices), MOST_SHOWN)) * ROW + gap(1))
        self._list.clicked.connect(self._on_clicked)
        self._find = name(QLineEdit(self), "filter_find", _("在选项中查找"))
        self._find.setPlaceholderText(_("名称或代码"))
        self._find.setVisible(len(choices) > MANY)
        self._find.textChanged.connect(self._shown.setFilterFixedString)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(1), gap(1), gap(1), gap(1))
        lines.addWidget(self._find)
        lines.addWidget(self._list)
        self.setMinimumWidth(WIDTH)
        (self._find if len(choices) > MANY else self._list).setFocus()
        self._list.setCurrentIndex(self._shown.index(0, 0))

    def tick(self, key: str) -> None:
        """Tick or untick a choice as a click would."""
        for row in range(self._model.rowCount()):
            item = self._model.item(row)
            if item.data(KEY_ROLE) == key:
                self._turn(item)

    def keys(self) -> tuple[str, ...]:
        """What is ticked, in the order shown."""
        items = (self._model.item(row) for row in range(self._model.rowCount()))
        return tuple(item.data(KEY_ROLE) for item in items if item.checkState() == Qt.CheckState.Checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space tick the line that is lit, Down goes from the search into the list."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._on_clicked(self._list.currentIndex())
        elif key == Qt.Key.Key_Down and self._find.hasFocus():
            self._list.setFocus()
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self._turn(self._model.itemFromIndex(self._shown.mapToSource(index)))

    def _turn(self, item: QStandardItem) -> None:
        ticked = item.checkState() == Qt.CheckState.Checked
        if not self._many:
            for row in range(self._model.rowCount()):
                self._model.item(row).setCheckState(Qt.CheckState.Unchecked)
        item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
        self.chosen.emit(self.keys())
        if not self._many:
            self.close()


def _item(choice: Choice, ticked: bool) -> QStandardItem:
    item = QStandardItem(choice.title)
    item.setData(choice.key, KEY_ROLE)
    item.setData(f"{choice.code} {choice.title}", FIND_ROLE)
    item.setToolTip(choice.hint)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    item.setSizeHint(QSize(WIDTH, ROW))
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    return item
