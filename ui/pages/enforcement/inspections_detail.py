"""One inspection beside the list: who, what, what of the yearly cap is used, photos, its story, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.inspection_caps import Standing, visit_words
from app.domain.inspection_rules import OPEN, Deed, may
from app.domain.inspections import (
    INSPECTION_BASIS_TITLES,
    INSPECTION_STATE_TITLES,
    ITEM_RESULT_TITLES,
    Inspection,
    InspectionState,
    ItemResult,
)
from app.reports.inspection_paper import result_word
from app.services.inspections import InspectionDetail
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
Rule = Callable[[Inspection], bool]


def _deed(deed: Deed) -> Rule:
    return lambda inspection: may(inspection, deed)


DEEDS: Sequence[tuple[str, str, Rule]] = (
    # name, words with the key, when it may be done
    ("approve", N_("批准 A"), _deed(Deed.APPROVE)),
    ("notify", N_("已告知 N"), _deed(Deed.NOTIFY)),
    ("start", N_("开始检查 B"), _deed(Deed.START)),
    ("finish", N_("填写结果 F5"), _deed(Deed.FINISH)),
    (
        "to_case",
        N_("转案件 G"),
        lambda one: one.case_id is None and any(item.result == ItemResult.WRONG for item in one.items),
    ),
    ("open_case", N_("打开案件 O"), lambda one: one.case_id is not None),
    ("print", N_("打印文书 Ctrl+P"), lambda _one: True),
    ("open_enterprise", N_("企业 E"), lambda _one: True),
    ("cancel", N_("取消检查"), _deed(Deed.CANCEL)),
)


class InspectionDetailPane(QWidget):
    """`deed_wanted` carries the name of a deed; the inspection it is about is `detail.inspection`."""

    deed_wanted = Signal(str)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "inspection_detail", _("检查详情"))
        self._context = context
        self._wanted: UUID | None = None
        self.detail: InspectionDetail | None = None
        self._latest: Latest[InspectionDetail] = Latest(context.tasks, done=self._show, pause_ms=REST_MS, parent=self)
        self._make_parts()
        self._lay_out()
        self.show_inspection(None)

    def show_inspection(self, inspection_id: UUID | None) -> None:
        """Show another inspection, or none."""
        self._wanted = inspection_id
        if inspection_id is None:
            self._latest.drop()
            self.detail = None
            self._stack.setCurrentWidget(self._empty)
            return
        inspections = self._context.desk.inspections
        self._latest.ask(lambda _watch: inspections.detail(inspection_id))

    def refresh(self) -> None:
        """Read it again."""
        self.show_inspection(self._wanted)

    def may(self, deed: str) -> bool:
        """The deed can be done with what is shown."""
        detail = self.detail
        return detail is not None and any(rule(detail.inspection) for key, _title, rule in DEEDS if key == deed)

    def facts(self) -> str:
        """What the head says."""
        return self._facts.text()

    def _make_parts(self) -> None:
        self._empty = EmptyState(_("在列表里选一次检查,这里显示企业、事项、次数和办理情况"))
        self._title = set_look(name(QLabel(), "inspection_head", _("检查")), "title")
        self._cap = name(QLabel(), "inspection_cap", _("年度次数"))
        self._facts = name(QLabel(), "inspection_facts", _("检查概要"))
        for label in (self._title, self._cap, self._facts):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = FittingRow("inspection_deeds", _("办理"))
        self.photos = RecordPhotos(self._context)
        self._story = Timeline()

    def _lay_out(self) -> None:
        body = QWidget()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        for widget in (self._title, self._row, self._cap, self._facts, self.photos):
            lines.addWidget(widget)
        lines.addWidget(self._story, 1)
        area = name(QScrollArea(), "inspection_detail_scroll", _("检查详情"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        self._body = area
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(area)

    def _show(self, detail: InspectionDetail) -> None:
        self.detail = detail
        inspection = detail.inspection
        state = _(INSPECTION_STATE_TITLES[inspection.state])
        self._title.setText(f"{inspection.enterprise_name} · {state}")
        self._cap.setText(cap_words(detail))
        set_look(self._cap, "wrong" if detail.over else "muted")
        self._facts.setText("\n".join(fact_lines(detail)))
        self._row.set_buttons([self._button(deed, title) for deed, title, rule in DEEDS if rule(inspection)])
        editable = inspection.state in OPEN or inspection.state is InspectionState.DONE
        self.photos.show_photos(inspection, detail.photos, editable=editable)
        self._story.show_steps(story(inspection, self._context))
        self._stack.setCurrentWidget(self._body)

    def _button(self, deed: str, title: str) -> QToolButton:
        button = quiet_button(f"inspection_{deed}", _(title))
        if deed in {"approve", "notify", "start", "finish"}:
            set_look(button, "primary")
        button.clicked.connect(partial(self.deed_wanted.emit, deed))
        return button


def cap_words(detail: InspectionDetail) -> str:
    """What of the cap is used, and whether this visit is beyond it."""
    if detail.standing is None:
        reason = detail.inspection.exempt_reason
        return _("不计入年度次数:{reason}").format(reason=reason) if reason else _("不计入年度次数")
    words = standing_words(detail.standing)
    return _("▲ 超出上限。{words}").format(words=words) if detail.over else words


def standing_words(standing: Standing) -> str:
    """2026 年已安排 1 次,上限 2 次."""
    said = _("{year} 年已安排 {n} 次,上限 {cap} 次").format(
        year=standing.year, n=len(standing.visits), cap=standing.cap.limit
    )
    return f"{said}:{';'.join(map(visit_words, standing.visits))}" if standing.visits else said


def fact_lines(detail: InspectionDetail) -> list[str]:
    """What stands under the buttons."""
    inspection, enterprise = detail.inspection, detail.enterprise
    items = [
        f"{at}. {item.title}{_said(item.result)}{f'({item.note})' if item.note else ''}"
        for at, item in enumerate(inspection.items, start=1)
    ]
    lines = [
        f"{inspection.number} · {_(INSPECTION_BASIS_TITLES[inspection.basis])} · {inspection.planned_on:%Y-%m-%d}",
        " · ".join(part for part in (enterprise.credit_code, enterprise.street_name, enterprise.address) if part),
        _("检查单位:{units}").format(units="、".join(inspection.units)) if inspection.units else "",
        _("执法人员:{officers}").format(officers=";".join(inspection.officer_words)),
        inspection.matter,
        *items,
        _("案件 {number}").format(number=inspection.case_no) if inspection.case_no else "",
    ]
    return [line for line in lines if line]


def story(inspection: Inspection, context: PageContext) -> list[TimelineStep]:
    """Drafted, approved, told, carried out."""
    now = context.desk.clock.now()
    steps = [TimelineStep(moment_words(inspection.created_at, now), _("拟稿"), inspection.drafter_name)]
    for at, title, who, note in (
        (inspection.approved_at, _("批准"), inspection.approved_by, ""),
        (inspection.noticed_at, _("告知企业"), "", inspection.notice_no),
        (inspection.started_at, _("开始检查"), "", ""),
        (inspection.ended_at, _(INSPECTION_STATE_TITLES[inspection.state]), "", _ending(inspection)),
    ):
        if at is not None:
            steps.append(TimelineStep(moment_words(at, now), title, who, note))
    return steps


def _ending(inspection: Inspection) -> str:
    return " · ".join(part for part in (result_word(inspection.result), inspection.note) if part)


def _said(result: str) -> str:
    return f" · {_(ITEM_RESULT_TITLES[ItemResult(result)])}" if result else ""
