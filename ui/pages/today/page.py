"""The first page of the day: four numbers, what is next by light, the month at a glance, and messages."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.base.changes import ChangeSet
from app.base.words import _
from app.domain.case_views import CASE_VIEW_TITLES, CaseLine, CaseView
from app.services.case_lists import MonthFigures
from ui.charts.month import MonthChart
from ui.naming import name
from ui.pages.context import NewCase, PageContext
from ui.pages.today.columns import columns_at
from ui.pages.today.messages import CONFIRM_CLOCK, Messages, messages_of
from ui.pages.today.picture import TILES, TodayPicture, look
from ui.tables.line_table import LineTable
from ui.tasks import Latest
from ui.theme import ROW, gap, set_look
from ui.time_words import left_words, moment_words
from ui.widgets.empty_state import EmptyState
from ui.widgets.number_tile import NumberTile

PAUSE_MS = 150
CHART_MS = 40
CHART_PX = 180
ROWS_SEEN = 5
CONCERNS = ("case", "decision", "reference_version", "office", "finding", "field_task")
TILE_LIGHTS = {CaseView.DUE_TODAY: "yellow", CaseView.OVERDUE: "red"}


class TodayPage(QWidget):
    """`badge`: how many cases wait for this person."""

    wanted = Signal(str, object)
    badge = Signal(int)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "today_page", _("今日待办"))
        self._context = context
        self._now = context.desk.clock.now()
        self._stale = True
        self._month: MonthFigures | None = None
        self._drawn: MonthFigures | None = None
        self._latest = Latest(context.tasks, done=self.show_picture, parent=self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PAUSE_MS)
        self._soon.timeout.connect(self.refresh)
        context.bridge.changed.connect(self._changed)
        self._lay_out()

    def go(self, _argument: object) -> None:
        """Come to the front with fresh figures."""
        self.refresh()

    def refresh(self) -> None:
        """Read the day again."""
        desk, actor = self._context.desk, self._context.actor
        self._stale = False
        self._latest.ask(lambda _watch: look(desk, actor))

    def show_picture(self, picture: TodayPicture) -> None:
        """Show the day as it was read."""
        self._now = picture.now
        for view, said in picture.counts.items():
            self.tiles[view].set_number(said.count, _("以上") if said.capped else "")
        self.badge.emit(picture.counts[CaseView.WAITS_FOR_ME].count)
        self.calm.setText(calm_words(picture))
        self.calm.setVisible(picture.nothing_due and picture.has_cases)
        self._say_empty(picture)
        self.table.show_ids(array("q", [line.rid for line in picture.lines]), picture.lines)
        self.messages.show_messages(messages_of(picture, administers=self._context.actor.administers))
        self._month = picture.month
        self._draw_soon()

    def showEvent(self, event: QShowEvent) -> None:
        """Read again what changed while the page was behind."""
        super().showEvent(event)
        self._draw_soon()
        if self._stale:
            self.refresh()

    def _draw_soon(self) -> None:
        """After the list is painted: the chart library is large, and nobody waits for the chart."""
        QTimer.singleShot(CHART_MS, self, self._draw_month)

    @Slot()
    def _draw_month(self) -> None:
        month = self._month
        if month is not None and month != self._drawn and self.isVisible():
            self._drawn = month
            labels = [str(day.day) for day in month.days]
            self.chart.show_month(labels, month.reported, month.closed, shares(month.late, month.closed))

    def _lay_out(self) -> None:
        self.tiles = {view: self._tile(view) for view in TILES}
        tiles = QHBoxLayout()
        tiles.setSpacing(gap(3))
        for tile in self.tiles.values():
            tiles.addWidget(tile)
        self.calm = set_look(name(QLabel(), "calm", _("今天的情况")), "title")
        self.calm.hide()
        self.messages = Messages()
        self.messages.wanted.connect(self._lead)
        self.chart = MonthChart()
        self.chart.setMinimumHeight(CHART_PX)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(gap(5), gap(4), gap(5), gap(3))
        column.setSpacing(gap(3))
        column.addLayout(tiles)
        column.addWidget(self.messages)
        column.addWidget(self.calm)
        column.addWidget(_heading("next_due_title", _("接下来到期")))
        column.addWidget(self._list(), 3)
        column.addWidget(_heading("month_title", _("本月一览")))
        column.addWidget(self.chart, 2)
        scroll = name(QScrollArea(), "today_scroll", _("今日待办"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _tile(self, view: CaseView) -> NumberTile:
        tile = NumberTile(f"tile_{view.value}", _(CASE_VIEW_TITLES[view]), TILE_LIGHTS.get(view))
        tile.clicked.connect(partial(self.wanted.emit, "cases", view))
        return tile

    def _list(self) -> LineTable:
        self.empty = EmptyState(_("没有正在计时的案件"))
        self.empty.acted.connect(lambda: self.wanted.emit("cases", NewCase()))
        context = self._context
        self.table = LineTable(
            "next_due",
            _("接下来到期"),
            columns_at(lambda: self._now),
            context.desk.case_lists.lines,
            context.tasks,
            remember=context.remember,
            empty=self.empty,
        )
        self.table.setMinimumHeight(ROW * (ROWS_SEEN + 1))
        self.table.opened.connect(self._opened)
        return self.table

    def _lead(self, page: str, argument: object) -> None:
        if page != CONFIRM_CLOCK:
            self.wanted.emit(page, argument)
            return
        desk, actor = self._context.desk, self._context.actor
        self._context.tasks.write(lambda _watch: desk.clock_watch.confirm(actor=actor), done=self._confirmed)

    def _confirmed(self, _nothing: object) -> None:
        self._context.notices.say(_("已确认电脑时钟"))
        self.refresh()

    def _opened(self, line: CaseLine) -> None:
        self.wanted.emit("cases", line.id)

    def _say_empty(self, picture: TodayPicture) -> None:
        if picture.has_cases:
            self.empty.set_words(_("没有正在计时的案件"))
        else:
            self.empty.set_words(_("还没有案件"), _("录入第一件 (Ctrl+N)"))

    def _changed(self, changes: ChangeSet) -> None:
        if not changes.concerns(*CONCERNS):
            return
        if self.isVisible():
            self._soon.start()
        else:
            self._stale = True


def calm_words(picture: TodayPicture) -> str:
    """The good news, and what is due next."""
    line = picture.next_due
    calm = _("今天没有到期的事项")
    if line is None or line.due_at is None:
        return calm
    said = _("下一件 {number} {at} 到期({left})")
    at, left = moment_words(line.due_at, picture.now), left_words(line.due_at, picture.now)
    return f"{calm} · " + said.format(number=line.local_no, at=at, left=left)


def shares(late: Sequence[int], closed: Sequence[int]) -> list[float | None]:
    """Late ones among the closed of each day; None, a gap and not 0, where nothing was closed."""
    return [part / whole if whole else None for part, whole in zip(late, closed, strict=True)]


def _heading(object_name: str, title: str) -> QLabel:
    return set_look(name(QLabel(title), object_name, title), "title")
