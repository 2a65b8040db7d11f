"""The registers at the left, each with how many things it holds and how many of them are not intact."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from app.base.words import N_, _
from app.domain.facility_views import GroupCount
from app.services.facility_groups import groups
from ui.naming import name
from ui.theme import ROW, gap

ALL = ""
WIDTH = 38
WORDS_ALL = N_("全部部件")


class GroupList(QListWidget):
    """`wanted` carries the name of the register chosen; empty: all of them."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "facility_groups", _("台账"))
        self.setFixedWidth(gap(WIDTH))  # until the counts are there
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._titles = {ALL: _(WORDS_ALL)} | {group.name: _(group.title) for group in groups()}
        for key, title in self._titles.items():
            item = QListWidgetItem(title, self)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setSizeHint(QSize(0, ROW))
        self.setCurrentRow(0)
        self.currentRowChanged.connect(lambda _row: self.wanted.emit(self.group()))

    def group(self) -> str:
        """The register chosen."""
        item = self.currentItem()
        return ALL if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def title(self) -> str:
        """What the register chosen is called."""
        return self._titles[self.group()]

    def choose(self, group: str) -> None:
        """Stand on a register without telling anybody."""
        self.blockSignals(True)
        self.setCurrentRow(list(self._titles).index(group) if group in self._titles else 0)
        self.blockSignals(False)

    def show_counts(self, counts: Mapping[str, GroupCount]) -> None:
        """Say how many there are; those not intact with the shape of a red light."""
        whole = GroupCount(ALL, sum(one.total for one in counts.values()), sum(one.wrong for one in counts.values()))
        for row, (key, title) in enumerate(self._titles.items()):
            count = counts.get(key, GroupCount(key, 0, 0)) if key else whole
            wrong = f"  ▲{count.wrong:,}" if count.wrong else ""
            item = self.item(row)
            item.setText(f"{title}  {count.total:,}{wrong}")
            item.setToolTip(
                _("{title}:共 {n} 件,破损或丢失 {wrong} 件").format(title=title, n=count.total, wrong=count.wrong)
            )
        widest = max(self.fontMetrics().horizontalAdvance(self.item(row).text()) for row in range(self.count()))
        self.setFixedWidth(max(gap(WIDTH), widest + gap(4)))
