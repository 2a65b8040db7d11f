"""The list of layers: a tick, a number and the signs of each, so that it is the legend as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.map_views import LayerEntry, LayerForm
from ui.map.exporting import paint_sign
from ui.map.layers import Geometry
from ui.map.looks import Look
from ui.map.styles import looks_of
from ui.naming import name
from ui.theme import gap, set_look

SIGN_PX = 16
_GEOMETRY = {LayerForm.POINTS: Geometry.POINTS, LayerForm.LINES: Geometry.LINES, LayerForm.AREAS: Geometry.AREAS}


class Sign(QWidget):
    """How a thing looks on the map, small; follows the theme by itself."""

    def __init__(self, geometry: Geometry, look: Look) -> None:
        super().__init__()
        self._geometry, self._look = geometry, look
        self.setFixedSize(QSize(SIGN_PX, SIGN_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        paint_sign(painter, self._geometry, self._look, QRectF(self.rect()), self.palette())
        painter.end()


class LayerList(QWidget):
    """`shown(name, on)` when somebody ticks a layer."""

    shown = Signal(str, bool)

    def __init__(self, entries: Sequence[LayerEntry], ticked: frozenset[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "map_layers", _("图层"))
        self.ticks: dict[str, QCheckBox] = {}
        self._numbers: dict[str, QLabel] = {}
        self._states: dict[str, QWidget] = {}
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, gap(2), 0)
        lines.setSpacing(gap(1))
        for entry in reversed(entries):
            self._add(lines, entry, entry.name in ticked)
        lines.addStretch(1)

    def ticked(self) -> frozenset[str]:
        """The names of the layers that are to be seen."""
        return frozenset(layer for layer, tick in self.ticks.items() if tick.isChecked())

    def show_counts(self, counts: Mapping[str, str]) -> None:
        """Put how many there are beside each layer."""
        for layer, words in counts.items():
            self._numbers[layer].setText(words)
            self.ticks[layer].setAccessibleDescription(words)

    def mark_active(self, active: str) -> None:
        """The layer the keys are on."""
        for layer, tick in self.ticks.items():
            font = tick.font()
            font.setBold(layer == active)
            tick.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def _add(self, lines: QVBoxLayout, entry: LayerEntry, ticked: bool) -> None:
        looks = looks_of(entry)
        tick = name(QCheckBox(_(entry.title)), f"layer_{entry.name}", _(entry.title))
        tick.setChecked(ticked)
        tick.toggled.connect(lambda on, layer=entry.name: self._on_ticked(layer, on))
        number = set_look(QLabel(), "muted")
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        row.addWidget(tick, 1)
        row.addWidget(number)
        if len(looks) == 1:
            row.addWidget(Sign(_GEOMETRY[entry.form], looks[0]))
        lines.addLayout(row)
        self.ticks[entry.name], self._numbers[entry.name] = tick, number
        if len(looks) > 1:
            self._states[entry.name] = states = _states(entry, looks)
            states.setVisible(ticked)
            lines.addWidget(states)

    def _on_ticked(self, layer: str, on: bool) -> None:
        if layer in self._states:
            self._states[layer].setVisible(on)
        self.shown.emit(layer, on)


def _states(entry: LayerEntry, looks: Sequence[Look]) -> QWidget:
    """The signs of a layer's states, under its tick."""
    whole = QWidget()
    lines = QVBoxLayout(whole)
    lines.setContentsMargins(gap(6), 0, 0, gap(1))
    lines.setSpacing(0)
    for look in looks:
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        row.addWidget(Sign(_GEOMETRY[entry.form], look))
        word = set_look(QLabel(look.word), "muted")
        word.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(word)
        lines.addLayout(row)
    return whole
