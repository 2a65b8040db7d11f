"""Past outages: from when to when, and what each left behind; can be printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.sync.views import OutageReport
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.sync.results import outage_words
from ui.printing.showing import show_paper
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.time_words import OFFICE_ZONE, span_words
from ui.widgets.empty_state import EmptyState

SIZE = (900, 460)

COLUMNS: tuple[Column[OutageReport], ...] = (
    Column("since", N_("中断自"), 124, lambda line: _moment(line.since)),
    Column("until", N_("恢复于"), 124, lambda line: _moment(line.until)),
    Column("length", N_("多久"), 104, lambda line: span_words(int((line.until - line.since).total_seconds()))),
    Column("most", N_("最多待送"), 80, lambda line: f"{line.most_waiting:,}"),
    Column("after", N_("恢复后"), 300, outage_words, hint=outage_words),
)


class OutageDialog(QDialog):
    """The list of outages, newest first."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "outage_dialog", _("中断报告"))
        self.setWindowTitle(_("中断报告"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._context = context
        about = set_look(QLabel(_("连不上市平台的时段,和恢复后各项内容是否都送到了。")), "muted")
        about.setWordWrap(True)
        self.table: SmallTable[OutageReport] = SmallTable(
            "outage_table", _("中断报告"), COLUMNS, context, EmptyState(_("还没有中断过"))
        )
        self.print = name(QPushButton(_("打印…")), "outage_print", _("打印中断报告"))
        self.print.clicked.connect(self.print_current)
        close = set_look(name(QPushButton(_("关闭")), "outage_close", _("关闭")), "primary")
        close.clicked.connect(self.accept)
        self.table.chosen.connect(lambda line: self.print.setEnabled(line is not None))
        self.print.setEnabled(False)
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        foot.addStretch(1)
        foot.addWidget(self.print)
        foot.addWidget(close)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(about)
        lines.addWidget(self.table, 1)
        lines.addLayout(foot)
        context.tasks.read(lambda _watch: context.desk.sync.outages(), done=self.show_outages)

    def show_outages(self, outages: Sequence[OutageReport]) -> None:
        """Show these, the newest first."""
        self.table.show_all(sorted(outages, key=lambda outage: outage.since, reverse=True))
        self.table.go_to(lambda _outage: True)

    def print_current(self) -> None:
        """Show the report of the chosen outage on paper."""
        outage = self.table.current()
        if outage is None:
            return
        papers, actor = self._context.desk.papers, self._context.actor
        self._context.tasks.read(
            lambda _watch: papers.outage(outage, actor=actor), done=partial(show_paper, self, self._context)
        )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"
