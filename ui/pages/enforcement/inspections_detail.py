"""One inspection beside the list: who, what, what of the yearly cap is used, photos, its story, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
from ui.pages.context import PageContext
from ui.tables.record_pane import DeedPane, PaneDeed, PaneWords, said_label
from ui.theme import set_look
from ui.time_words import moment_words
from ui.widgets.timeline import TimelineStep


def _may(deed: Deed) -> Callable[[InspectionDetail], bool]:
    return lambda detail: may(detail.inspection, deed)


def _to_case(detail: InspectionDetail) -> bool:
    inspection = detail.inspection
    return inspection.case_id is None and any(item.result == ItemResult.WRONG for item in inspection.items)


DEEDS: Sequence[PaneDeed[InspectionDetail]] = (
    PaneDeed("approve", N_("批准 A"), "A", _may(Deed.APPROVE), primary=True),
    PaneDeed("notify", N_("已告知 N"), "N", _may(Deed.NOTIFY), primary=True),
    PaneDeed("start", N_("开始检查 B"), "B", _may(Deed.START), primary=True),
    PaneDeed("finish", N_("填写结果 F5"), "F5", _may(Deed.FINISH), primary=True),
    PaneDeed("to_case", N_("转案件 G"), "G", _to_case),
    PaneDeed("open_case", N_("打开案件 O"), "O", lambda one: one.inspection.case_id is not None),
    PaneDeed("print", N_("打印文书 Ctrl+P"), "Ctrl+P", lambda _one: True),
    PaneDeed("open_enterprise", N_("企业 E"), "E", lambda _one: True),
    PaneDeed("cancel", N_("取消检查"), "", _may(Deed.CANCEL)),
)


class InspectionDetailPane(DeedPane[InspectionDetail]):
    """The inspection with what of the yearly cap is used."""

    def __init__(self, context: PageContext) -> None:
        words = PaneWords(
            _("检查详情"),
            _("检查"),
            _("检查概要"),
            _("办理"),
            _("在列表里选一次检查,这里显示企业、事项、次数和办理情况"),
        )
        super().__init__(context, "inspection", words, DEEDS, context.desk.inspections.detail)
        self.cap = said_label("inspection_cap", _("年度次数"))
        self.photos = RecordPhotos(context)
        self.photos.added.connect(self.refresh)
        self.put_between([self.row, self.cap], [self.photos])

    def show_detail(self, detail: InspectionDetail) -> None:
        """Fill the widgets."""
        inspection = detail.inspection
        self.head.setText(f"{inspection.enterprise_name} · {_(INSPECTION_STATE_TITLES[inspection.state])}")
        self.cap.setText(cap_words(detail))
        set_look(self.cap, "wrong" if detail.over else "muted")
        self.facts.setText("\n".join(fact_lines(detail)))
        editable = inspection.state in OPEN or inspection.state is InspectionState.DONE
        self.photos.show_photos(inspection, detail.photos, editable=editable)
        self.story.show_steps(story(inspection, self._context))


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
