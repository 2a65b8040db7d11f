"""The map page: everything the office has, by place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.grids import GridKind
from app.domain.map_views import MapPlace
from app.domain.problems import Unavailable
from app.services.facility_groups import groups
from ui.forms.choice_input import ChoiceInput
from ui.map.camera import Box
from ui.map.going import go_to
from ui.map.layers import MapHit, MapLayer
from ui.map.legend import LayerList
from ui.map.opening import target_of
from ui.map.search_line import SearchLine
from ui.map.view import MapView
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.map.filling import Filling
from ui.pages.map.found import FoundList
from ui.pages.map.ground import GroundChoice
from ui.pages.map.hint import BoundaryHint
from ui.theme import gap, set_look
from ui.widgets.sections import InPart

PANEL = 208
ROOM_M = 60.0
POINT_KINDS = frozenset({"case", "finding", "facility"})
DAYS = ((1, N_("今天")), (7, N_("近 7 天")), (30, N_("近 30 天")), (0, N_("全部日期")))
FIRST_DAYS = 7
LAYERS_KEY, DAYS_KEY, GROUP_KEY, LOOK_KEY = "map.layers", "map.days", "map.group", "map.look"
LISTED_KINDS = frozenset({"grid", "road"})


class MapPage(QWidget):
    """`wanted`: opens what is picked.

    `go` takes (longitude, latitude), a MapHit or MapPlace to look at, or a list of MapLayer to lay over the others.
    """

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "map_page", _("地图"))
        self._context = context
        self._waiting: MapHit | None = None
        self._brought: list[MapLayer] = []
        self._entries = context.desk.map.layers()
        ticked = self._remembered_layers()
        self.view = MapView()
        self.filling = Filling(context, ticked, self)
        self.layers = LayerList(self._entries, ticked)
        self.search = SearchLine(context.desk, context.tasks)
        self.found = FoundList(self._layer_title)
        self.ground = GroundChoice(context, self.view, self)
        self._make_choices()
        self._lay_out()
        self._connect()
        self._restore_look()
        self._ask()
        self.ground.begin()

    def go(self, argument: object) -> None:
        """Look at a place or a record; None: come to the front as it was left."""
        match argument:
            case MapHit():
                self._waiting = argument
                self._tick(argument)
                self._go_to_waiting()
            case (float(longitude), float(latitude)):
                self.view.look_at_place(longitude, latitude)
            case MapPlace():
                if argument.kind in POINT_KINDS and argument.id is not None:
                    self._tick(MapHit(argument.kind, argument.id))
                go_to(self.view, argument)
            case [MapLayer(), *_others]:
                self._bring([layer for layer in argument if isinstance(layer, MapLayer)])
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """A minute went by: lights change with the clock."""
        if self.isVisible():
            self.filling.age("case")

    def keep(self) -> None:
        """Remember where one looked."""
        self._context.remember.set(LOOK_KEY, ",".join(f"{value:.6f}" for value in self.view.bounds()))

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is read."""
        super().showEvent(event)
        self.filling.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember before the page goes."""
        self.keep()
        super().hideEvent(event)

    def export(self, path: Path) -> bool:
        """Write what is in sight as a picture; a trouble is told in its own window."""
        desk = self._context.desk
        office, today = desk.reference.office(), desk.reference.today()
        note = " · ".join(part for part in (_("数据来源:{name}").format(name=office.name), self.ground.note()) if part)
        title = f"{office.district_name} {_('地图')}"
        try:
            self.view.export(path, title=title, note=note, date_words=f"{today:%Y-%m-%d}")
        except Unavailable as problem:
            problem_box(self, problem, safe=_("数据没有受影响"))
            return False
        self._context.notices.say(_("已导出图片 {file}").format(file=path.name))
        return True

    def _make_choices(self) -> None:
        remember = self._context.remember
        self.days = name(ChoiceInput(DAYS), "map_days", _("巡查日期"), _("问题、检查点和轨迹只显示这些天的"))
        kept = remember.get(DAYS_KEY) or ""
        self.days.set_value(int(kept) if kept.isdecimal() and int(kept) in dict(DAYS) else FIRST_DAYS)
        offered = [(group.name, group.title) for group in groups()]
        self.group = name(ChoiceInput(offered, empty=N_("全部部件")), "map_group", _("部件台账"))
        self.group.set_value(remember.get(GROUP_KEY) or None)
        if self.group.currentIndex() < 0:
            self.group.set_value(None)
        self._export = name(QPushButton(_("导出图片")), "map_export", _("导出图片"), _("PNG 或 PDF,快捷键 Ctrl+E"))
        self.choose = set_look(
            name(QPushButton(_("框选")), "map_choose", _("框选"), _("拖动框选;不按此钮时用 Shift+拖动")), "quiet"
        )
        self.choose.setCheckable(True)
        self.hint = BoundaryHint()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        top.addWidget(self.search, 1)
        for widget in (self.days, self.group, self.choose, self.ground.button, self._export):
            top.addWidget(widget)
        panel = QScrollArea()
        panel.setWidget(self.layers)
        panel.setWidgetResizable(True)
        panel.setFrameShape(QFrame.Shape.NoFrame)
        panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        panel.setFixedWidth(PANEL)
        body = QHBoxLayout()
        body.setSpacing(gap(3))
        body.addWidget(panel)
        body.addWidget(self.view, 1)
        body.addWidget(self.found)
        self.found.hide()
        self._keys = set_look(
            QLabel(_("拖动移动 · 滚轮缩放 · 双击靠近 · Shift+拖动框选 · 空格列出视野内 · 单击打开")), "muted"
        )
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(4), gap(3), gap(4), gap(2))
        lines.setSpacing(gap(2))
        lines.addLayout(top)
        lines.addWidget(self.hint)
        lines.addLayout(body, 1)
        lines.addWidget(self._keys)

    def _connect(self) -> None:
        self.hint.import_wanted.connect(lambda: self.wanted.emit("patrols", InPart("grids")))
        self.view.picked.connect(self._on_picked)
        self.view.selected.connect(self._on_selected)
        self.view.layer_changed.connect(self.layers.mark_active)
        self.layers.shown.connect(self._on_ticked)
        self.filling.filled.connect(self._on_filled)
        self.search.found.connect(self._on_found)
        self.search.missed.connect(self._on_missed)
        self.found.opened.connect(self._open)
        self.found.listed.connect(self.wanted)
        self.found.looked.connect(self.view.look_at_hit)
        self.found.closed.connect(self._close_found)
        self.days.edited.connect(self._ask)
        self.group.edited.connect(self._ask)
        self._export.clicked.connect(self._ask_export)
        self.choose.toggled.connect(self.view.set_chooses)
        QShortcut(QKeySequence("Ctrl+E"), self, self._ask_export, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _ask(self) -> None:
        days, group = int(self.days.value()), self.group.value() or ""
        self._context.remember.set(DAYS_KEY, str(days))
        self._context.remember.set(GROUP_KEY, group)
        self.filling.ask(days=days, facility_group=group)

    def _bring(self, layers: Sequence[MapLayer]) -> None:
        """Lay what another page brought over the rest, and look at all of it, until something else is asked for."""
        self._brought = list(layers)
        self._show_layers()
        boxes = [box for box in (layer.box() for layer in layers) if box is not None]
        if boxes:
            self.view.look_at_box(reduce(Box.joined, boxes).grown(ROOM_M))

    def _show_layers(self) -> None:
        self.view.set_layers([*self.filling.layers(), *self._brought])
        for entry in self._entries:
            self.view.show_layer(entry.name, entry.name in self.layers.ticked())

    def _on_filled(self, layer: str) -> None:
        self._show_layers()
        self.layers.show_counts({layer: self.filling.count_words(layer)})
        outlines = [kind for kind in GridKind if kind in self.layers.ticked()]
        self.hint.setVisible(bool(outlines) and self.filling.empty(outlines))
        self._go_to_waiting()

    def _on_ticked(self, layer: str, on: bool) -> None:
        self._context.remember.set(LAYERS_KEY, ",".join(sorted(self.layers.ticked())))
        self.view.show_layer(layer, on)
        self.filling.tick(layer, on)

    def _on_picked(self, hit: MapHit) -> None:
        if hit.kind in LISTED_KINDS:
            self._on_selected([hit])
        else:
            self._open(hit)

    def _on_selected(self, hits: Sequence[MapHit]) -> None:
        self.found.show_hits(hits)
        self.found.show()

    def _close_found(self) -> None:
        self.found.hide()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, hit: MapHit) -> None:
        target = target_of(hit)
        if target is None:
            self._context.notices.say(hit.title)
        else:
            self.wanted.emit(*target)

    def _on_found(self, place: MapPlace) -> None:
        go_to(self.view, place)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_missed(self, text: str) -> None:
        self._context.notices.say(_("地图上没有找到“{text}”").format(text=text))

    def _go_to_waiting(self) -> None:
        if self._waiting is not None and self.view.look_at_hit(self._waiting):
            self._waiting = None

    def _tick(self, hit: MapHit) -> None:
        for entry in self._entries:
            if hit.layer == entry.name or (not hit.layer and hit.kind == entry.kind):
                self.layers.ticks[entry.name].setChecked(True)

    def _ask_export(self) -> None:
        kinds = f"{_('图片')} (*.png);;PDF (*.pdf)"
        named = f"{_('地图')}-{self._context.desk.reference.today():%Y%m%d}.png"
        chosen, kind = QFileDialog.getSaveFileName(self, _("导出图片"), named, kinds)
        if chosen:
            path = Path(chosen)
            self.export(path if path.suffix else path.with_suffix(".pdf" if "pdf" in kind else ".png"))

    def _layer_title(self, layer: str) -> str:
        titles = {brought.name: brought.title for brought in self._brought}
        return (titles | {entry.name: _(entry.title) for entry in self._entries}).get(layer, "")

    def _remembered_layers(self) -> frozenset[str]:
        kept = self._context.remember.get(LAYERS_KEY)
        known = {entry.name for entry in self._entries}
        if kept is None:
            return frozenset(entry.name for entry in self._entries if entry.shown)
        return frozenset(kept.split(",")) & known

    def _restore_look(self) -> None:
        parts = (self._context.remember.get(LOOK_KEY) or "").split(",")
        try:
            west, south, east, north = map(float, parts)
        except ValueError:
            return
        if west < east and south < north:
            self.view.look_at(west, south, east, north)
