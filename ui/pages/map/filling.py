"""Keeps the layers of a map filled: each read beside the screen when it is ticked, and again when its records change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.base.changes import ChangeSet
from app.base.watch import Watch
from app.desk import Desk
from app.domain.map_views import LayerEntry, MapAsked
from app.services.map_layers import CONCERNS
from ui.map.layers import MapLayer
from ui.map.styles import read_layer
from ui.pages.context import PageContext
from ui.tasks import Latest

REST_MS = 400
Filled = tuple[MapLayer, bool]


class Filling(QObject):
    """`filled` when a layer came; `counts` and `layers` say what there is."""

    filled = Signal(str)

    def __init__(self, context: PageContext, ticked: frozenset[str], page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._desk = context.desk
        self._entries = {entry.name: entry for entry in context.desk.map.layers()}
        self._ticked = ticked
        self._asked = MapAsked()
        self._got: dict[str, Filled] = {}
        self._stale = set(self._entries)
        self._latest: dict[str, Latest[Filled]] = {
            layer: Latest(context.tasks, done=partial(self._take, layer), parent=self) for layer in self._entries
        }
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._read_when_seen)
        context.bridge.changed.connect(self.hear)

    def layers(self) -> list[MapLayer]:
        """What came so far, the lowest first."""
        return [self._got[layer][0] for layer in self._entries if layer in self._got]

    def count_words(self, layer: str) -> str:
        """How many things a layer holds; empty before it was read."""
        if layer not in self._got:
            return ""
        content, cut = self._got[layer]
        return f"{len(content):,}{'+' if cut else ''}"

    def stale(self) -> frozenset[str]:
        """The layers whose content is no longer of now, or was never read."""
        return frozenset(self._stale)

    def empty(self, layers: Iterable[str]) -> bool:
        """True when all these were read and hold nothing."""
        return all(layer in self._got and not len(self._got[layer][0]) for layer in layers)

    def ask(self, *, days: int, facility_group: str) -> None:
        """Narrow the layers: the last so many office days (0: all there are), one register of facilities ("": every one)."""
        today = self._desk.reference.today()
        first = today - timedelta(days=days - 1) if days else None
        asked = MapAsked(first, None, facility_group)
        if asked == self._asked:
            return
        dated = {layer for layer, entry in self._entries.items() if entry.dated}
        changed = dated if replace(asked, facility_group=self._asked.facility_group) != self._asked else set()
        if asked.facility_group != self._asked.facility_group:
            changed |= {"facility"}
        self._asked = asked
        self._stale |= changed
        self.read()

    def tick(self, layer: str, on: bool) -> None:
        """A layer is to be seen, or no longer."""
        self._ticked = self._ticked | {layer} if on else self._ticked - {layer}
        self.read()

    def hear(self, changes: ChangeSet) -> None:
        """Records changed: what shows them is read again, once it is quiet."""
        concerned = {layer for record, layers in CONCERNS.items() if changes.concerns(record) for layer in layers}
        if concerned:
            self._stale |= concerned
            self._rest.start()

    def age(self, layer: str) -> None:
        """A layer's content is no longer of now, the lights of cases for example."""
        self._stale.add(layer)
        self.read()

    def read(self) -> None:
        """Read what is ticked and not of now."""
        for layer in [name for name in self._entries if name in self._stale & self._ticked]:
            self._stale.discard(layer)
            self._latest[layer].ask(partial(_read, self._desk, self._entries[layer], self._asked))

    def _read_when_seen(self) -> None:
        """A page nobody looks at waits; it reads when it comes to the front."""
        if self._page.isVisible():
            self.read()

    def _take(self, layer: str, filled: Filled) -> None:
        self._got[layer] = filled
        self.filled.emit(layer)


def _read(desk: Desk, entry: LayerEntry, asked: MapAsked, _watch: Watch) -> Filled:
    return read_layer(desk, entry, asked)
