"""One facility beside the list: facts, where it lies, photos, what happened to it, and what may be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLayout, QPushButton, QToolButton, QWidget

from app.base.words import _
from app.domain.cases import PhotoPhase
from app.domain.facilities import Facility, FacilityState
from app.domain.facility_rules import HistoryLine
from app.reports.facility_card import attribute_rows
from app.services.facility_groups import group_named
from ui.forms.record_photos import RecordPhotos
from ui.icons import icon
from ui.map.mini import MiniMap
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.facilities.columns import day_words, lit_words, state_words
from ui.pages.facilities.reading import FacilityPicture, read_facility
from ui.tables.columns import Column
from ui.tables.record_pane import RecordPane
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.empty_state import EmptyState

MAP_STEPS, HISTORY_STEPS = 45, 42


class FacilityDetail(RecordPane[FacilityPicture]):
    """edit_wanted, report_wanted, print_wanted, place_wanted: the Facility. state_wanted: (Facility, FacilityState).

    opened: (record type, id) of a line of the history.
    """

    edit_wanted = Signal(object)
    report_wanted = Signal(object)
    print_wanted = Signal(object)
    place_wanted = Signal(object)
    state_wanted = Signal(object, object)
    opened = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        empty = _("在列表里选一件部件,这里显示它的情况、照片和经过")
        super().__init__(context, "facility_detail", _("部件详情"), empty, partial(read_facility, context.desk))
        self._make_parts()
        self._lay_out()

    @property
    def facility(self) -> Facility | None:
        """The facility shown."""
        return None if self.detail is None else self.detail.facility

    def facts(self) -> dict[str, str]:
        """What is said of it, by title."""
        found = {}
        for row in range(self._facts.rowCount()):
            title = self._facts.itemAt(row, QFormLayout.ItemRole.LabelRole)
            value = self._facts.itemAt(row, QFormLayout.ItemRole.FieldRole)
            if title is not None and value is not None:
                found[_text(title.widget())] = _text(value.widget())
        return found

    def _make_parts(self) -> None:
        self._title = set_look(name(QLabel(), "facility_title", _("部件")), "title")
        self._title.setWordWrap(True)
        self._title.setMinimumWidth(1)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._report = set_look(name(QPushButton(_("报案 F5")), "report_facility", _("就这件部件上报案件")), "primary")
        self._edit = name(QPushButton(_("修改 F2")), "edit_facility", _("修改部件"))
        self._state = name(QPushButton(), "state_facility", _("改变状态"))
        self._print = self._tool("print_facility", _("打印部件卡片"), "print")
        self._place = self._tool("place_facility", _("在地图上看 (F8)"), "map")
        self._place.clicked.connect(lambda: self.place_wanted.emit(self.facility))
        self._report.clicked.connect(lambda: self.report_wanted.emit(self.facility))
        self._edit.clicked.connect(lambda: self.edit_wanted.emit(self.facility))
        self._print.clicked.connect(lambda: self.print_wanted.emit(self.facility))
        self._state.clicked.connect(lambda: self.state_wanted.emit(self.facility, self.other_state()))
        self._map = MiniMap(self._context)
        self._map.setFixedHeight(gap(MAP_STEPS))
        self._photos = RecordPhotos(self._context, "facility_photos", {PhotoPhase.BEFORE: _("照片")})
        self._photos.added.connect(self.refresh)
        self._history: SmallTable[HistoryLine] = SmallTable(
            "facility_history", _("经过"), _history_columns(self._context), self._context, EmptyState(_("还没有记录"))
        )
        self._history.setMinimumHeight(gap(HISTORY_STEPS))
        self._history.opened.connect(self._on_line)

    def _tool(self, object_name: str, title: str, picture: str) -> QToolButton:
        tool = set_look(name(QToolButton(), object_name, title, title), "quiet")
        tool.setIcon(icon(picture))
        return tool

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._place)
        head.addWidget(self._print)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        for button in (self._report, self._edit, self._state):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._facts = QFormLayout()
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._facts.setHorizontalSpacing(gap(3))
        self._facts.setVerticalSpacing(gap(1))
        parts: list[QWidget | QLayout] = [head, buttons, self._facts, self._history, self._map, self._photos]
        area = self.put("facility_scroll", parts, self._history)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def other_state(self) -> FacilityState:
        """What the quick button makes of it: what is wrong becomes intact, what is intact damaged."""
        intact = self.facility is not None and self.facility.state == FacilityState.INTACT
        return FacilityState.DAMAGED if intact else FacilityState.INTACT

    def show_detail(self, detail: FacilityPicture) -> None:
        """Fill the widgets."""
        facility = detail.facility
        self._title.setText(f"{facility.name or facility.minor_name or facility.code} · {state_words(facility.state)}")
        self._state.setText(_("改为破损 F7") if facility.state == FacilityState.INTACT else _("改为完好 F7"))
        self._show_facts(facility)
        known = facility.longitude is not None
        self._map.setVisible(known)
        self._place.setVisible(known)
        if known:
            self._map.show_place(facility.longitude, facility.latitude)
        self._photos.show_photos(facility, detail.photos, editable=True)
        self._history.show_all(detail.history)

    def _show_facts(self, facility: Facility) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for title, value in facts_of(facility):
            if value:
                label = set_look(QLabel(title), "muted")
                said = name(QLabel(value), "facility_fact", f"{title} {value}")
                said.setTextFormat(Qt.TextFormat.PlainText)
                said.setWordWrap(True)
                said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._facts.addRow(label, said)

    def _on_line(self, line: HistoryLine) -> None:
        if line.record_id is not None:
            self.opened.emit(line.record_type, line.record_id)


def facts_of(facility: Facility) -> list[tuple[str, str]]:
    """Everything known of a facility, in the order a clerk reads; empty values are left out by whoever shows them."""
    group = group_named(facility.group)
    point = ""
    if facility.longitude is not None and facility.latitude is not None:
        given = facility.point_source.get("system", "")
        point = f"{facility.longitude:.6f}, {facility.latitude:.6f}" + (f" ({given})" if given else "")
    return [
        (_("标识码"), facility.code or (_("待编发") if facility.minor else "")),
        (_("户籍号"), facility.house_number),
        (_("台账"), _(group.title)),
        (_("类别"), " / ".join(part for part in (facility.major_name, facility.minor_name) if part)),
        (_("亮灯"), lit_words(facility.lit)),
        (_("最近巡查"), day_words(facility.seen_at)),
        (_("位置"), facility.address or facility.road),
        (_("街道社区"), " ".join(part for part in (facility.street_name, facility.community_name) if part)),
        (_("网格"), " / ".join(part for part in (facility.unit_grid, facility.duty_grid) if part)),
        (_("坐标"), point),
        (_("主管部门"), facility.authority),
        (_("权属单位"), facility.owner),
        (_("养护单位"), facility.maintainer),
        *attribute_rows(facility, group),
        (_("启用日期"), str(facility.installed_on or "")),
        (_("普查日期"), str(facility.surveyed_on or "")),
        (_("来源编号"), " ".join(part for part in (facility.source, facility.source_no) if part)),
        (_("备注"), facility.note),
    ]


def _history_columns(context: PageContext) -> list[Column[HistoryLine]]:
    clock = context.desk.clock
    return [
        Column("at", _("时间"), 84, lambda line: moment_words(line.at, clock.now())),
        Column("what", _("事由"), 116, lambda line: line.what, hint=lambda line: line.what),
        Column("words", _("内容"), 68, lambda line: line.words, hint=lambda line: line.words),
        Column("who", _("经手人"), 56, lambda line: line.who),
    ]


def _text(widget: QWidget | None) -> str:
    return widget.text() if isinstance(widget, QLabel) else ""
