"""The coordinates of a case: pasted as they come from a map or a telephone, kept as WGS-84 with what was given."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.base.problem_words import problem_text
from app.base.words import N_, _
from app.domain.places import gcj02_to_wgs84
from app.domain.problems import Refused
from app.services.sheets.values import ValueRefused, as_point
from ui.forms.choice_input import ChoiceInput
from ui.forms.entry_inputs import EntryLine
from ui.naming import name
from ui.theme import gap, set_look

if TYPE_CHECKING:
    from ui.pages.context import PageContext

WGS84, GCJ02 = "WGS-84", "GCJ-02"
MAP = "map"
SYSTEMS = ((WGS84, N_("WGS-84(GPS、手持机)")), (GCJ02, N_("GCJ-02(高德、腾讯地图)")))
_WORDS = re.compile(r"经度|纬度|东经|北纬|longitude|latitude|lng|lon|lat|[:=°EN]", re.IGNORECASE)


@dataclass(frozen=True)
class Point:
    """A WGS-84 point; `source` keeps the system and the values as given."""

    longitude: float
    latitude: float
    source: dict[str, Any]


def read_point(text: str, system: str) -> Point | None:
    """The point those words name; None when nothing is said. Raises Refused when they cannot be read."""
    words = _WORDS.sub(" ", text.replace(":", ":"))
    try:
        given = as_point(words)
    except ValueRefused as refusal:
        raise Refused("value.point_unreadable", column=_("坐标"), text=text.strip()) from refusal
    if given is None:
        return None
    longitude, latitude = gcj02_to_wgs84(*given) if system == GCJ02 else given
    source = {"system": system, "longitude": given[0], "latitude": given[1], "text": text.strip()}
    return Point(round(longitude, 7), round(latitude, 7), source)


class PointInput(QWidget):
    """One line for both numbers, and the system they are meant in."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = name(EntryLine(), "point_text", _("经纬度"))
        self.line.setPlaceholderText("113.6625, 34.7466")
        self.system = name(ChoiceInput(SYSTEMS), "point_system", _("坐标系"))
        self.system.set_value(WGS84)
        self.system.setEnabled(False)  # nothing to ask, nowhere to stop, until a point is there
        self._becomes = set_look(QLabel(), "muted")
        self._context: PageContext | None = None
        self._clicked = ""
        self.map_button = name(QPushButton(_("地图点选")), "point_map", _("地图点选"), _("在地图上点选位置,快捷键 F8"))
        self.map_button.setShortcut(QKeySequence("F8"))
        self.map_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys go on to the next field; F8 is its key
        self.map_button.setAutoDefault(False)
        self.map_button.clicked.connect(self.ask_map)
        self.map_button.hide()
        self.setFocusProxy(self.line)
        self.line.edited.connect(self._on_edited)
        self.system.edited.connect(self._on_edited)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gap(2))
        row.addWidget(self.line, 3)
        row.addWidget(self.system)
        row.addWidget(self.map_button)
        row.addWidget(self._becomes, 1)

    def offer_map(self, context: PageContext) -> None:
        """Show the button that asks for the place on the map; its key works everywhere in the form."""
        self._context = context
        self.map_button.show()

    def ask_map(self) -> None:
        """Let a click on the map say the place; closing the map leaves what was typed."""
        if self._context is None:
            return
        from ui.map.place_dialog import ask_place  # numpy comes with it, which a form opens without

        try:
            there = self.point()
        except Refused:
            there = None
        near = None if there is None else (there.longitude, there.latitude)
        chosen = ask_place(self, self._context, near)
        if chosen is not None:
            self.take_from_map(*chosen)
        self.line.setFocus()

    def take_from_map(self, longitude: float, latitude: float) -> None:
        """Take a WGS-84 point that was clicked on the map; `point_source` says so."""
        self.restore([f"{longitude:.6f}, {latitude:.6f}", WGS84, MAP])
        self.edited.emit()

    def point(self) -> Point | None:
        """The point typed, None when the line is empty. Raises Refused."""
        point = read_point(self.line.value(), self.system.value())
        if point is None or self.line.value() != self._clicked or self.system.value() != WGS84:
            return point
        return replace(point, source={"system": WGS84, MAP: True, **point.source})

    def trouble(self) -> str:
        """Why the line cannot be read; empty: it can."""
        try:
            self.point()
        except Refused as refusal:
            return problem_text(refusal)
        return ""

    def typed(self) -> Any:
        """What stands in the fields, as plain JSON."""
        if not self.line.value():
            return ""
        clicked = [MAP] if self.line.value() == self._clicked else []
        return [self.line.value(), self.system.value(), *clicked]

    def restore(self, typed: Any) -> None:
        """Show again what `typed` gave."""
        text, system, *clicked = typed if isinstance(typed, list) and len(typed) >= 2 else ("", self.system.value())
        self.line.set_value(str(text))
        self._clicked = str(text) if clicked == [MAP] else ""
        self.system.set_value(system if system in (WGS84, GCJ02) else WGS84)
        self._show_meaning()

    def show_point(self, longitude: float | None, latitude: float | None, source: dict[str, Any]) -> None:
        """Show a point as it was given, or its WGS-84 values where the giving is not known."""
        if longitude is None or latitude is None:
            self.restore("")
        elif source.get("system") == GCJ02 and source.get("text"):
            self.restore([str(source["text"]), GCJ02])
        else:
            self.restore([str(source.get("text") or f"{longitude:.6f}, {latitude:.6f}"), WGS84])
            self._clicked = self.line.value() if source.get(MAP) else ""

    def take(self, longitude: float, latitude: float) -> None:
        """Take a WGS-84 point from elsewhere, a photo for example, as if it had been typed."""
        self.restore([f"{longitude:.6f}, {latitude:.6f}", WGS84])
        self.edited.emit()

    def event(self, event: QEvent) -> bool:
        """A mark of being wrong is worn by the line a person types into."""
        if event.type() == QEvent.Type.DynamicPropertyChange:
            self.line.setProperty("wrong", self.property("wrong"))
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)
        return super().event(event)

    def _on_edited(self) -> None:
        self._show_meaning()
        self.edited.emit()

    def _show_meaning(self) -> None:
        self.system.setEnabled(bool(self.line.value()))
        try:
            point = self.point()
        except Refused:
            point = None
        converted = point is not None and self.system.value() == GCJ02
        words = _("保存为 WGS-84 {longitude:.6f}, {latitude:.6f}")
        self._becomes.setText(
            words.format(longitude=point.longitude, latitude=point.latitude) if converted and point else ""
        )
