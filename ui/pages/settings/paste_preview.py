"""What a pasted table would bring: new entries, known ones, and rows that cannot be taken with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.base.words import _
from ui.naming import name
from ui.pages.settings.list_kinds import ListKind
from ui.pages.settings.list_paste import PastedRow
from ui.theme import gap, set_look, wrong_colour

SIZE_PX = (760, 480)


class PastePreview(QDialog):
    """`agreed` carries the rows to take."""

    agreed = Signal(object)

    def __init__(self, kind: ListKind, rows: Sequence[PastedRow], parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "paste_preview", _("粘贴预览"))
        self.setWindowTitle(_("粘贴到{title}").format(title=_(kind.title)))
        self.resize(*SIZE_PX)
        self._rows = [row for row in rows if not row.wrong]
        words = QLabel(self._words(rows, kind))
        words.setWordWrap(True)
        self.list = name(QTreeWidget(), "paste_rows", _("粘贴的行"))
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([_("行"), _("内容"), _("怎么办")])
        for row in rows:
            self.list.addTopLevelItem(_line(row))
        for column in (0, 1):
            self.list.resizeColumnToContents(column)
        buttons = QDialogButtonBox()
        take = buttons.addButton(_("导入 {n} 条").format(n=len(self._rows)), QDialogButtonBox.ButtonRole.AcceptRole)
        self.take = set_look(name(take, "paste_take", _("导入")), "primary")
        self.take.setEnabled(bool(self._rows))
        name(buttons.addButton(_("取消"), QDialogButtonBox.ButtonRole.RejectRole), "paste_cancel", _("取消"))
        buttons.accepted.connect(self._agree)
        buttons.rejected.connect(self.reject)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        for widget in (words, self.list, buttons):
            lines.addWidget(widget)

    def _words(self, rows: Sequence[PastedRow], kind: ListKind) -> str:
        if not rows:
            return _("剪贴板里没有表格。请在 Excel 或 WPS 里选中要导入的行,复制后再粘贴({columns})。").format(
                columns=_(kind.example)
            )
        new = sum(1 for row in self._rows if row.record_id is None)
        said = _("新增 {new} 条,更新 {known} 条").format(new=new, known=len(self._rows) - new)
        left = len(rows) - len(self._rows)
        return said + (_(",{n} 行不能导入,原因在最后一列").format(n=left) if left else "")

    def _agree(self) -> None:
        self.agreed.emit(self._rows)
        self.accept()


def _line(row: PastedRow) -> QTreeWidgetItem:
    act = row.wrong or (_("新增") if row.record_id is None else _("更新"))
    item = QTreeWidgetItem([str(row.number), "  ".join(row.cells), act])
    if row.wrong:
        item.setForeground(2, wrong_colour())
        item.setText(2, f"▲ {row.wrong}")
    item.setTextAlignment(0, Qt.AlignmentFlag.AlignRight)
    return item
