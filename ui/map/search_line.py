"""The search line of a map: what is typed, the places that fit below it, one key to go there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.map_views import MapPlace
from ui.naming import name
from ui.tasks import Latest, TaskRunner

if TYPE_CHECKING:
    from app.desk import Desk


class SearchLine(QWidget):
    """`found(MapPlace)` for the place somebody chose; `missed(text)` when nothing fits."""

    found = Signal(object)
    missed = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._latest: Latest[Sequence[MapPlace]] = Latest(tasks, done=self._show, parent=self)
        self.line = name(QLineEdit(), "map_search", _("在地图上查找"))
        self.line.setPlaceholderText(_("地名、街道、网格代码、部件码、案件编号、经纬度"))
        self.line.setClearButtonEnabled(True)
        self.line.returnPressed.connect(self.search)
        self.menu = name(QMenu(self), "map_places", _("找到的位置"))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.line)
        self.setFocusProxy(self.line)

    def search(self) -> None:
        """Look for what is typed."""
        text = self.line.text().strip()
        if text:
            self._latest.ask(partial(_find, self._desk, text))

    def _show(self, places: Sequence[MapPlace]) -> None:
        if not places:
            self.missed.emit(self.line.text().strip())
        elif len(places) == 1:
            self.found.emit(places[0])
        else:
            self.menu.clear()
            for place in places:
                action = self.menu.addAction(f"{place.title}    {place.words}")
                action.triggered.connect(partial(self._choose, place))
            self.menu.popup(self.line.mapToGlobal(QPoint(0, self.line.height())))
            self.menu.setActiveAction(self.menu.actions()[0])

    def _choose(self, place: MapPlace, _checked: bool = False) -> None:
        self.found.emit(place)


def _find(desk: Desk, text: str, _watch: Watch) -> Sequence[MapPlace]:
    return desk.map.find(text)
