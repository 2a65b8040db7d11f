"""One finding beside the list: what it is, its photos, what became of it, and the keys that decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.cases import PHOTO_PHASE_TITLES
from app.domain.finding_rules import UNSETTLED
from app.domain.findings import FINDING_STATE_TITLES, Finding, FindingState
from app.services.findings import FindingDetail
from ui.forms.record_photos import RecordPhotos
from ui.naming import name
from ui.pages.context import PageContext
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.empty_state import EmptyState
from ui.widgets.fitting_row import FittingRow, quiet_button
from ui.widgets.timeline import Timeline, TimelineStep

REST_MS = 60
DEEDS = (
    # name, words with the key, when it may be done
    ("to_case", N_("转案件 G"), "unsettled"),
    ("settle", N_("当场解决 S"), "unsettled"),
    ("watch", N_("关注 W"), "unsettled"),
    ("drop", N_("不成立 D"), "unsettled"),
    ("link", N_("关联已有案件 L"), "unsettled"),
    ("correct", N_("更正 E"), "correctable"),
    ("take_back", N_("撤销 U"), "undo"),
    ("open_case", N_("打开案件 O"), "case"),
    ("open_round", N_("打开巡查 R"), "round"),
    ("show_place", N_("在地图上看 M"), "place"),
)


class FindingDetailPane(QWidget):
    """`deed_wanted` carries the name of a deed; the finding it is about is `detail.finding`."""

    deed_wanted = Signal(str)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "finding_detail", _("问题详情"))
        self._context = context
        self._wanted: UUID | None = None
        self.detail: FindingDetail | None = None
        self._latest: Latest[FindingDetail] = Latest(context.tasks, done=self._show, pause_ms=REST_MS, parent=self)
        self._make_parts()
        self._lay_out()
        self.show_finding(None)

    def show_finding(self, finding_id: UUID | None) -> None:
        """Show another finding, or none."""
        self._wanted = finding_id
        if finding_id is None:
            self._latest.drop()
            self.detail = None
            self._stack.setCurrentWidget(self._empty)
            return
        findings = self._context.desk.findings
        self._latest.ask(lambda _watch: findings.detail(finding_id))

    def refresh(self) -> None:
        """Read it again."""
        self.show_finding(self._wanted)

    def may(self, deed: str) -> bool:
        """The deed can be done with what is shown."""
        return self.detail is not None and next(_RULES[when](self.detail) for key, _title, when in DEEDS if key == deed)

    def _make_parts(self) -> None:
        self._empty = EmptyState(_("在列表里选一个问题,这里显示照片、地点和去向"))
        self._title = set_look(name(QLabel(), "finding_head", _("问题")), "title")
        self._facts = name(QLabel(), "finding_facts", _("问题概要"))
        for label in (self._title, self._facts):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = FittingRow("finding_deeds", _("处理"))
        self.photos = RecordPhotos(self._context)
        self._story = Timeline()

    def _lay_out(self) -> None:
        body = QWidget()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        for widget in (self._title, self._row, self._facts, self.photos):
            lines.addWidget(widget)
        lines.addWidget(self._story, 1)
        area = name(QScrollArea(), "finding_detail_scroll", _("问题详情"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        self._body = area
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(area)

    def _show(self, detail: FindingDetail) -> None:
        self.detail = detail
        finding = detail.finding
        what = finding.minor_name or finding.category_text or _("问题")
        self._title.setText(f"{what} · {_(FINDING_STATE_TITLES[finding.state])}")
        self._facts.setText("\n".join(fact_lines(detail)))
        self._row.set_buttons([self._button(deed, title) for deed, title, when in DEEDS if _RULES[when](detail)])
        self.photos.show_photos(finding, detail.photos, editable=finding.state in UNSETTLED)
        self._story.show_steps(story(detail, self._context))
        self._stack.setCurrentWidget(self._body)

    def _button(self, deed: str, title: str) -> QToolButton:
        button = quiet_button(f"finding_{deed}", _(title))
        if deed == "to_case":
            set_look(button, "primary")
        button.clicked.connect(partial(self.deed_wanted.emit, deed))
        return button


_RULES: dict[str, Callable[[FindingDetail], bool]] = {
    "unsettled": lambda detail: detail.finding.state in UNSETTLED,
    # Of a finding that is a case its words may still be put right.
    "correctable": lambda detail: detail.finding.state in {*UNSETTLED, FindingState.CASE},
    "undo": lambda detail: detail.can_undo,
    "case": lambda detail: detail.case is not None,
    "round": lambda detail: detail.walk is not None,
    "place": lambda detail: detail.finding.longitude is not None,
}


def fact_lines(detail: FindingDetail) -> Sequence[str]:
    """What the head of the detail says."""
    finding = detail.finding
    grids = " · ".join(
        filter(None, (finding.street_name, finding.community_name, finding.duty_grid or finding.unit_grid))
    )
    walk = "" if detail.walk is None else _("巡查 {number}").format(number=detail.walk.number)
    if walk and finding.point_no is not None:
        walk += " " + _("检查点 {no}").format(no=finding.point_no)
    point = f"{finding.longitude:.6f}, {finding.latitude:.6f}" if finding.longitude and finding.latitude else ""
    lines = (finding.number, finding.address, grids, point, walk, finding.description)
    return [line for line in lines if line]


def story(detail: FindingDetail, context: PageContext) -> list[TimelineStep]:
    """When it was found, and what became of it."""
    finding, now = detail.finding, context.desk.clock.now()
    photos = _photo_words(detail)
    steps = [TimelineStep(moment_words(finding.found_at, now), _("发现"), finding.member_name, photos)]
    if finding.state is not FindingState.OPEN:
        at = finding.settled_at or finding.changed_at
        steps.append(TimelineStep(moment_words(at, now), _(FINDING_STATE_TITLES[finding.state]), "", _outcome(finding)))
    return steps


def _photo_words(detail: FindingDetail) -> str:
    phases = [photo.phase for photo in detail.photos]
    said = [f"{_(PHOTO_PHASE_TITLES[phase])} {phases.count(phase)}" for phase in dict.fromkeys(phases)]
    return _("照片:{n}").format(n=" · ".join(said)) if said else ""


def _outcome(finding: Finding) -> str:
    parts = [finding.case_no, finding.outcome_note]
    if finding.watch_until is not None:
        parts.append(_("关注至 {day}").format(day=f"{finding.watch_until:%Y-%m-%d}"))
    return " · ".join(part for part in parts if part)
