"""A place asked on the map: a click or the keys put the pin, one key takes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_text
from app.base.watch import Watch
from app.base.words import _
from app.domain.grid_places import PlaceOfPoint
from app.domain.map_views import MapPlace
from ui.map.going import go_to
from ui.map.layers import MapLayer
from ui.map.remembered import OfficeGround
from ui.map.search_line import SearchLine
from ui.map.styles import layers_around
from ui.map.view import MapView
from ui.naming import name
from ui.pages.context import PageContext
from ui.tasks import Latest
from ui.theme import gap, set_look

SIZE = (900, 640)
NEAR_M = 600.0
Point = tuple[float, float]


def ask_place(parent: QWidget, context: PageContext, near: Point | None = None) -> Point | None:
    """Longitude and latitude (WGS-84) of the place chosen; None: nothing was. near: where the map begins, with the pin."""
    dialog = PlaceDialog(context, near, parent)
    taken = dialog.exec() == QDialog.DialogCode.Accepted
    place = dialog.place
    dialog.ground.close()
    dialog.deleteLater()
    return place if taken else None


class PlaceDialog(QDialog):
    """The map in its own window, asking for a place. place: the one under the pin."""

    def __init__(self, context: PageContext, near: Point | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "place_dialog", _("地图点选"))
        self.setWindowTitle(_("地图点选"))
        self.resize(*SIZE)
        self._context = context
        self.place: Point | None = near
        self.view = MapView()
        self.search = SearchLine(context.desk, context.tasks)
        self.ground = OfficeGround(context, self.view, self)
        self._said = name(QLabel(), "place_said", _("所选位置"))
        self._take = set_look(name(QPushButton(_("用这个位置")), "place_take", _("用这个位置")), "primary")
        self._leave = name(QPushButton(_("取消")), "place_leave", _("取消"))
        self._layers: Latest[Sequence[MapLayer]] = Latest(context.tasks, done=self._show_layers, parent=self)
        self._where: Latest[PlaceOfPoint] = Latest(context.tasks, done=self._say_where, parent=self)
        self._lay_out()
        self._connect()
        self._begin(near)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        foot.addWidget(self._said, 1)
        foot.addWidget(self._leave)
        foot.addWidget(self._take)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(3), gap(3), gap(3))
        lines.setSpacing(gap(2))
        lines.addWidget(self.search)
        lines.addWidget(self.view, 1)
        lines.addLayout(foot)
        for button in (self._leave, self._take):
            button.setAutoDefault(False)
        self.setTabOrder(self.view, self._take)

    def _connect(self) -> None:
        self.view.placed.connect(self._on_placed)
        self.view.doubled.connect(self._accept_place)
        self.search.found.connect(self._on_found)
        self.search.missed.connect(lambda text: self._said.setText(_("没有找到“{text}”").format(text=text)))
        self._take.clicked.connect(self._accept_place)
        self._leave.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._accept_place)

    def _begin(self, near: Point | None) -> None:
        self._take.setEnabled(near is not None)
        self.view.ask_place()
        self._said.setText(_("点击地图放置位置;用键盘时方向键移动,回车放在十字处,Ctrl+回车采用"))
        context, desk = self._context, self._context.desk
        self._layers.ask(lambda _watch: layers_around(desk))
        self.ground.begin(lambda problem: context.notices.say(problem_text(problem)))
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if near is not None:
            self.view.look_at_place(*near, NEAR_M)
            self._ask_where(near)

    def _show_layers(self, layers: Sequence[MapLayer]) -> None:
        self.view.set_layers(layers)

    def _on_found(self, place: MapPlace) -> None:
        go_to(self.view, place)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_placed(self, longitude: float, latitude: float) -> None:
        self.place = (longitude, latitude)
        self._take.setEnabled(True)
        self._ask_where(self.place)

    def _ask_where(self, place: Point) -> None:
        self._said.setText(f"{place[0]:.6f}, {place[1]:.6f}")
        grids = self._context.desk.grids

        def look(_watch: Watch) -> PlaceOfPoint:
            return grids.at(*place)

        self._where.ask(look)

    def _say_where(self, found: PlaceOfPoint) -> None:
        """Street, community, grid and road beside the coordinates, so that a slip of the hand is seen."""
        if self.place is None:
            return
        named = [part.name for part in (found.street, found.community, found.road) if part is not None]
        named += [grid.code for grid in (found.unit_grid, found.duty_grid) if grid is not None]
        if found.outside:
            named.append(_("在本区边界之外"))
        self._said.setText("  ".join([f"{self.place[0]:.6f}, {self.place[1]:.6f}", *named]))

    def _accept_place(self) -> None:
        if self.place is not None:
            self.accept()
