"""The route of a plan: check points in walking order, typed, pasted, taken from facilities near by, and moved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.base.words import _
from app.domain.facility_views import NearFacility
from app.domain.patrols import CheckPoint
from ui.forms.text_inputs import TextInput
from ui.icons import icon
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.rounds_new import points_of
from ui.theme import gap, set_look

NEAR_M = 300.0
MOST_NEAR = 60
POINT = Qt.ItemDataRole.UserRole


class RouteEditor(QWidget):
    """`edited` when a person changed the route. Ctrl+Up and Ctrl+Down move a point, Delete takes it away."""

    edited = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "route_editor", _("检查点路线"))
        self._context = context
        self.list = name(QListWidget(), "route_points", _("检查点"), _("Ctrl+上下移动,Delete 删除"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setMinimumHeight(gap(36))
        self.list.model().rowsMoved.connect(self._on_moved)
        self.line = name(TextInput(200), "route_line", _("新检查点"))
        self.line.setPlaceholderText(_("检查点名称,回车加入;带坐标写 名称,经度,纬度"))
        self.line.returnPressed.connect(self._on_entered)
        self._paste = set_look(name(QPushButton(_("粘贴表格")), "route_paste", _("从表格粘贴检查点")), "quiet")
        self._near = set_look(name(QPushButton(_("取附近部件")), "route_near", _("把附近部件加为检查点")), "quiet")
        self._near.setToolTip(_("选中一个有坐标的检查点,把它周围 {n} 米内的部件加进来").format(n=int(NEAR_M)))
        self._up = _tool("route_up", _("上移"), "up")
        self._down = _tool("route_down", _("下移"), "down")
        self._remove = _tool("route_remove", _("删除"), "trash")
        self._count = set_look(QLabel(), "muted")
        self._lay_out()
        self._connect()

    def value(self) -> tuple[CheckPoint, ...]:
        """The route, numbered as it stands."""
        points: list[CheckPoint] = [self.list.item(row).data(POINT) for row in range(self.list.count())]
        return tuple(point.model_copy(update={"no": no}) for no, point in enumerate(points, start=1))

    def set_value(self, points: Sequence[CheckPoint]) -> None:
        """Show a route without telling anybody."""
        self.list.clear()
        for point in points:
            self._append(point)
        self._number()

    def add(self, points: Sequence[CheckPoint]) -> None:
        """Add points at the end; a facility that is on the route already stays where it is."""
        there = {point.facility_id for point in self.value() if point.facility_id is not None}
        for point in points:
            if point.facility_id is None or point.facility_id not in there:
                self._append(point)
        self._tell()

    def shift(self, step: int) -> None:
        """Move the current point one place up (-1) or down (1)."""
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + step < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + step, item)
            self.list.setCurrentRow(row + step)
            self._tell()

    def remove(self) -> None:
        """Take the current point away."""
        row = self.list.currentRow()
        if row >= 0:
            self.list.takeItem(row)
            self._tell()

    def paste(self) -> None:
        """Add the lines of the clipboard."""
        self.add(points_of(QGuiApplication.clipboard().text()))

    def take_near(self) -> None:
        """Add the facilities around the current point."""
        item = self.list.currentItem()
        point = None if item is None else item.data(POINT)
        if point is None or point.longitude is None or point.latitude is None:
            self._context.notices.say(_("请先选中一个有坐标的检查点"))
            return
        facilities, longitude, latitude = self._context.desk.facilities, point.longitude, point.latitude
        self._context.tasks.read(
            lambda _watch: facilities.near(longitude, latitude, NEAR_M)[:MOST_NEAR], done=self._add_facilities
        )

    def _add_facilities(self, found: Sequence[NearFacility]) -> None:
        before = self.list.count()
        self.add([facility_point(one) for one in found])
        added = self.list.count() - before
        self._context.notices.say(_("加入 {n} 个部件").format(n=added) if added else _("附近没有别的部件"))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(1))
        for button in (self._paste, self._near):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        for tool in (self._up, self._down, self._remove):
            buttons.addWidget(tool)
        buttons.addStretch(1)
        buttons.addWidget(self._count)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(1))
        lines.addWidget(self.list, 1)
        lines.addWidget(self.line)
        lines.addLayout(buttons)

    def _connect(self) -> None:
        self._paste.clicked.connect(self.paste)
        self._near.clicked.connect(self.take_near)
        self._up.clicked.connect(partial(self.shift, -1))
        self._down.clicked.connect(partial(self.shift, 1))
        self._remove.clicked.connect(self.remove)
        keys = (("Ctrl+Up", partial(self.shift, -1)), ("Ctrl+Down", partial(self.shift, 1)), ("Delete", self.remove))
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    def _append(self, point: CheckPoint) -> None:
        item = QListWidgetItem()
        item.setData(POINT, point)
        self.list.addItem(item)

    def _number(self) -> None:
        for no, point in enumerate(self.value(), start=1):
            where = f"{point.road}{point.house_no}"
            placed = "" if point.longitude is None else " ◎"
            self.list.item(no - 1).setText(f"{no}. {point.name} {where}".rstrip() + placed)
        self._count.setText(_("{n} 个检查点").format(n=self.list.count()))

    def _tell(self) -> None:
        self._number()
        self.edited.emit()

    def _on_moved(self, *_where: object) -> None:
        self._tell()

    def _on_entered(self) -> None:
        points = points_of(self.line.value())
        if points:
            self.line.clear()
            self.add(points)
            self.list.setCurrentRow(self.list.count() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on the line adds and goes no further."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
        else:
            super().keyPressEvent(event)


def _tool(object_name: str, title: str, picture: str) -> QToolButton:
    button = name(QToolButton(), object_name, title, title)
    button.setIcon(icon(picture))
    return button


def facility_point(near: NearFacility) -> CheckPoint:
    """A facility as a check point."""
    line = near.line
    title = " ".join(filter(None, (line.minor_name, line.name or line.house_number or line.code)))
    return CheckPoint(
        no=1,
        name=title[:120] or line.code,
        longitude=line.longitude,
        latitude=line.latitude,
        road=line.road,
        facility_id=line.id,
    )
