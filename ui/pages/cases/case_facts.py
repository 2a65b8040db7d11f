"""The facts of a case, label beside value; two columns where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from app.base.words import _
from app.desk import Desk
from app.domain.cases import Case
from app.domain.finding_rules import SOURCE_SYSTEM
from app.domain.map_views import point_place
from app.domain.problems import Refused
from app.domain.task_rules import RESULTS, TASK_KIND_TITLES, TASK_STATE_TITLES
from app.services.case_words import swapped
from ui.naming import name
from ui.pages.cases.case_reading import CasePicture
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.masked_label import MaskedLabel, mask
from ui.widgets.sections import InPart

WIDE_PX = 620
LABEL_PX = 76


@dataclass(frozen=True)
class Fact:
    """One fact. wide: long words that take a row of their own."""

    name: str
    title: str
    value: str
    wide: bool = False


@dataclass(frozen=True)
class Link:
    """A record of another page the case belongs with."""

    name: str
    title: str
    words: str
    page: str
    argument: object


class CaseFacts(QWidget):
    """`reveal_wanted`: who reported it is asked for. `linked_wanted`: go to the linked case.

    elsewhere_wanted: page and argument of a finding, round, task or facility the case belongs with.
    """

    reveal_wanted = Signal()
    linked_wanted = Signal()
    elsewhere_wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "case_facts", _("案件内容"))
        self._pairs: list[tuple[QLabel, QWidget, bool]] = []
        self._two = False
        self.reporter = MaskedLabel("reporter", _("上报人"), self)
        self.reporter.reveal_wanted.connect(self.reveal_wanted)
        self._linked = set_look(name(QPushButton(self), "linked_case", _("打开关联案件")), "quiet")
        self._linked.clicked.connect(self.linked_wanted)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(gap(3))
        self._grid.setVerticalSpacing(gap(1))
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_case(self, picture: CasePicture, desk: Desk) -> None:
        """Show these facts; what is not known takes no room."""
        case = picture.case
        for label, value, _wide in self._pairs:
            label.deleteLater()
            if value not in (self.reporter, self._linked):
                value.deleteLater()
        self._pairs = []
        for fact in facts_of(picture, desk):
            if fact.value:
                self._add(fact.title, _value(fact), wide=fact.wide)
        self._show_reporter(case)
        self._linked.setVisible(picture.linked is not None)
        if picture.linked is not None:
            words = f"{picture.linked.local_no} {picture.linked.minor_name}".strip()
            self._linked.setText(words)
            self._linked.setAccessibleName(_("打开关联案件 {number}").format(number=words))
            self._add(_("关联案件"), self._linked)
        for link in links_of(picture, desk):
            self._add(link.title, self._link(link))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two."""
        super().resizeEvent(event)
        if (event.size().width() >= WIDE_PX) != self._two:
            self._arrange()

    def _link(self, link: Link) -> QPushButton:
        button = set_look(name(QPushButton(link.words), f"link_{link.name}", link.words), "quiet")
        button.clicked.connect(partial(self.elsewhere_wanted.emit, link.page, link.argument))
        return button

    def _show_reporter(self, case: Case) -> None:
        known = " ".join(mask(part) for part in (case.reporter_name, case.reporter_phone) if part)
        self.reporter.setVisible(bool(known))
        self.reporter.show_masked(known)
        if known:
            self._add(_("上报人"), self.reporter)

    def _add(self, title: str, value: QWidget, *, wide: bool = False) -> None:
        label = set_look(QLabel(title, self), "muted")
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        value.setParent(self)
        label.show()
        value.show()
        self._pairs.append((label, value, wide))

    def _arrange(self) -> None:
        """Short facts side by side when there is room for two, long ones across."""
        while self._grid.takeAt(0) is not None:
            pass
        self._two = self.width() >= WIDE_PX
        labels = [label for label, _value, _wide in self._pairs]
        widest = max([LABEL_PX, *(label.sizeHint().width() for label in labels)])
        for label in labels:
            label.setFixedWidth(widest)
        columns = 2 if self._two else 1
        row = column = 0
        for label, value, wide in self._pairs:
            if wide and column:
                row, column = row + 1, 0
            self._grid.addWidget(label, row, column * 2, Qt.AlignmentFlag.AlignTop)
            side = Qt.AlignmentFlag.AlignLeft if isinstance(value, QPushButton) else Qt.AlignmentFlag(0)
            self._grid.addWidget(value, row, column * 2 + 1, 1, 2 * columns - 1 if wide else 1, side)
            column = column + 1
            if wide or column == columns:
                row, column = row + 1, 0
        for place in range(4):
            self._grid.setColumnStretch(place, 1 if place % 2 and place < 2 * columns else 0)


def facts_of(picture: CasePicture, desk: Desk) -> Sequence[Fact]:
    """Everything known of a case beside its head, in the order a clerk reads."""
    case, now = picture.case, picture.now
    sources = desk.reference.case_sources()
    grids = " / ".join(part for part in (case.unit_grid, case.duty_grid) if part)
    area = " ".join(part for part in (case.street_name, case.community_name) if part)
    category = " / ".join(part for part in (case.major_name, case.minor_name) if part)
    return (
        Fact("description", _("问题描述"), case.description, wide=True),
        Fact("address", _("地点"), place_of(case), wide=True),
        Fact("area", _("街道社区"), area),
        Fact("category", _("类别"), category or case.category_text),
        Fact("grid", _("网格"), grids),
        Fact("point", _("坐标"), point_words(case)),
        Fact("condition", _("立案条件"), case.condition, wide=True),
        Fact("limit", _("处置时限"), case.limit.text if case.limit else ""),
        Fact("closing", _("结案条件"), case.closing, wide=True),
        Fact("unit", _("处置部门"), case.unit_name),
        Fact("handler", _("处置人员"), case.handler_name),
        Fact("source", _("来源"), _(sources.get(case.source, case.source))),
        Fact("source_system", _("来源系统"), "" if case.source_system == SOURCE_SYSTEM else case.source_system),
        Fact("collector", _("采集员"), case.collector_name),
        Fact("acceptor", _("受理员"), case.acceptor_name),
        Fact("reported_at", _("上报时间"), _at(case.reported_at, now)),
        Fact("suspended_until", _("挂账至"), _at(case.suspended_until, now)),
        Fact("closed_at", _("结案时间"), _at(case.closed_at, now)),
        Fact("rework", _("返工"), _("{n} 次").format(n=case.rework_count) if case.rework_count else ""),
        Fact("level", _("级别"), _("市级案件") if case.city_level else ""),
        Fact("standards", _("标准版本"), standards_words(case, desk)),
    )


def links_of(picture: CasePicture, desk: Desk) -> list[Link]:
    """Its place on the map, the findings the case comes from with their rounds, its tasks with where they stand, and its facility."""
    office, case = desk.reference.office(), picture.case
    links = []
    place = point_place(f"{case.local_no} {case.address}".strip(), case.longitude, case.latitude, "case", case.id)
    if place is not None:
        links.append(Link("place", _("位置"), _("在地图上看"), "map", place))
    for at, finding in enumerate(picture.findings):
        argument = InPart("findings", finding.id)
        links.append(Link(f"finding_{at}", _("巡查问题"), finding.number, "patrols", argument))
        if finding.round_id is not None:
            words = _("{name} 的巡查").format(name=finding.member_name or finding.number)
            links.append(Link(f"round_{at}", _("来自巡查"), words, "patrols", InPart("rounds", finding.round_id)))
    for at, task in enumerate(picture.tasks):
        title = _(swapped(TASK_KIND_TITLES[task.kind], office))
        result = RESULTS[task.kind].get(task.result, "")
        said = (task.member_name or _("(待指定)"), _(TASK_STATE_TITLES[task.state]), _(result) if result else "")
        words = " · ".join(part for part in said if part)
        links.append(Link(f"task_{at}", title, words, "patrols", InPart("tasks", task.id)))
    if picture.facility is not None:
        facility = picture.facility
        words = " ".join(part for part in (facility.name or facility.minor_name, facility.code) if part)
        links.append(Link("facility", _("部件"), words or _("打开部件"), "facilities", facility.id))
    return links


def standards_words(case: Case, desk: Desk) -> str:
    """The standards it was filed under, by the name of that version."""
    if not case.standards_version:
        return ""
    try:
        return desk.reference.categories_of(case.standards_version).label
    except Refused:
        return case.standards_version


def place_of(case: Case) -> str:
    """The address with what is near it."""
    near = f"({case.near})" if case.near and case.near not in case.address else ""
    return f"{case.address}{near}"


def point_words(case: Case) -> str:
    """Longitude and latitude."""
    if case.longitude is None or case.latitude is None:
        return ""
    return f"{case.longitude:.6f}, {case.latitude:.6f}"


def _at(at: datetime | None, now: datetime) -> str:
    return moment_words(at, now) if at is not None else ""


def _value(fact: Fact) -> QLabel:
    value = name(QLabel(fact.value), f"fact_{fact.name}", f"{fact.title} {fact.value}")
    value.setTextFormat(Qt.TextFormat.PlainText)
    value.setWordWrap(True)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    value.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return value
