"""Rows of an attendance file that were not taken, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.services.sheets.refusals import RowRefusal
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.columns import RIGHT, Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

SIZE = (640, 380)
COLUMNS: tuple[Column[RowRefusal], ...] = (
    Column("row", N_("行"), 60, lambda one: str(one.row), RIGHT),
    Column("column", N_("列"), 90, lambda one: one.column),
    Column("reason", N_("原因"), 420, lambda one: one.message, hint=lambda one: one.message),
)


class RefusedDialog(QDialog):
    """What was refused."""

    def __init__(self, words: str, refused: Sequence[RowRefusal], context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "attendance_refused", _("没有收进的行"))
        self.setWindowTitle(_("没有收进的行"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        about = QLabel(words)
        about.setWordWrap(True)
        self.table: SmallTable[RowRefusal] = SmallTable(
            "refused_rows", _("没有收进的行"), COLUMNS, context, EmptyState(_("都收进了"))
        )
        self.table.show_all(refused)
        close = set_look(name(QPushButton(_("关闭")), "refused_close", _("关闭")), "primary")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(about)
        lines.addWidget(self.table, 1)
        lines.addLayout(foot)
