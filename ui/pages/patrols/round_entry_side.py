"""Beside the check points: the route and the track on the map, and the finding that opens in place."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.base.words import N_, _
from app.domain.checklists import ChecklistItem
from app.domain.findings import Finding
from app.domain.grids import Line
from app.domain.patrols import CheckPoint
from app.domain.tracks import unpack
from app.services.patrols import RoundDetail
from ui.map.layers import MapLayer
from ui.map.looks import Look
from ui.map.view import MapView
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.finding_form import FindingForm
from ui.widgets.empty_state import EmptyState

WAY = Look(N_("轨迹"), on_light="#1b242d", on_dark="#f1f4f7", width=4.0)
"""Darker and broader than the other tracks of a map it may be laid over."""


class EntrySide(QWidget):
    """reported: number of the check point a finding was kept of. closed: the person is done with the finding."""

    reported = Signal(int)
    closed = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "round_entry_side", _("地图和问题"))
        self._context = context
        self._round_id: UUID | None = None
        self._point_no = 0
        self._placed = False
        self._form: FindingForm | None = None
        self.map = MapView(self)
        self._no_places = EmptyState(
            _("这次巡查的检查点没有坐标,也没有轨迹"), hint=_("在检查点上按 F,问题就在这里登记")
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._no_places)
        self._stack.addWidget(self.map)

    @property
    def form(self) -> FindingForm:
        """The form of findings, made when it is first wanted."""
        if self._form is None:
            self._form = FindingForm(self._context, self)
            self._form.saved.connect(self._on_saved)
            self._form.closed.connect(self._on_closed)
            self._stack.addWidget(self._form)
        return self._form

    @property
    def finding_open(self) -> bool:
        """True while a finding is being typed."""
        return self._form is not None and self._stack.currentWidget() is self._form

    def show_round(self, detail: RoundDetail) -> None:
        """The route and the tracks of a round."""
        self._round_id = detail.round.id
        layers = layers_of(detail)
        self._placed = bool(layers)
        self.map.set_layers(layers)
        self.map.set_pin(None, None)
        self._show_map()

    def show_point(self, point: CheckPoint) -> None:
        """Put the pin on the point one stands on."""
        self.map.set_pin(point.longitude, point.latitude)

    def begin_finding(self, point: CheckPoint, item: ChecklistItem | None) -> None:
        """Open the form for a finding at a point; item: the one measured above its limit."""
        self._point_no = point.no
        self._stack.setCurrentWidget(self.form)
        self.form.start_new(self._round_id, point.no, item.code if item else "")

    def _on_saved(self, finding: Finding) -> None:
        # The form tells of its end after this, and must still stand then.
        number = finding.point_no or self._point_no
        QTimer.singleShot(0, self, lambda: self._done_with(number))

    def _done_with(self, number: int) -> None:
        self._show_map()
        self.reported.emit(number)

    def _on_closed(self) -> None:
        self._show_map()
        self.closed.emit()

    def _show_map(self) -> None:
        self._stack.setCurrentWidget(self.map if self._placed else self._no_places)


def layers_of(detail: RoundDetail) -> list[MapLayer]:
    """Tracks below, check points above; no layer for what has no place."""
    round_id = detail.round.id
    layers = []
    lines: list[list[Line]] = [
        [tuple((longitude, latitude) for _second, longitude, latitude in unpack(track.points))]
        for track in detail.tracks
    ]
    if any(fixes for of_track in lines for fixes in of_track):
        ids = [round_id] * len(lines)
        layers.append(MapLayer.of_lines("ways", _("轨迹"), "round", ids, lines, looks=[WAY]))
    placed = [one for one in detail.round.points if one.longitude is not None and one.latitude is not None]
    if placed:
        layers.append(
            MapLayer.of_points(
                "points",
                _("检查点"),
                "round",
                [round_id] * len(placed),
                [one.longitude or 0.0 for one in placed],
                [one.latitude or 0.0 for one in placed],
                looks=[Look(_("检查点"), "○")],
                titles=[f"{one.no}. {one.name}" for one in placed],
                labelled=True,
            )
        )
    return layers
