"""One finding beside the list: what it is, its photos, what became of it, and the keys that decide."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.words import N_, _
from app.domain.cases import PHOTO_PHASE_TITLES
from app.domain.finding_rules import UNSETTLED
from app.domain.findings import FINDING_STATE_TITLES, Finding, FindingState
from app.services.findings import FindingDetail
from ui.forms.record_photos import RecordPhotos
from ui.pages.context import PageContext
from ui.tables.record_pane import DeedPane, PaneDeed, PaneWords
from ui.time_words import moment_words
from ui.widgets.timeline import TimelineStep


def _unsettled(detail: FindingDetail) -> bool:
    return detail.finding.state in UNSETTLED


DEEDS: Sequence[PaneDeed[FindingDetail]] = (
    PaneDeed("to_case", N_("转案件 G"), "G", _unsettled, primary=True),
    PaneDeed("settle", N_("当场解决 S"), "S", _unsettled),
    PaneDeed("watch", N_("关注 W"), "W", _unsettled),
    PaneDeed("drop", N_("不成立 D"), "D", _unsettled),
    PaneDeed("link", N_("关联已有案件 L"), "L", _unsettled),
    # Of a finding that is a case its words may still be put right.
    PaneDeed("correct", N_("更正 E"), "E", lambda one: one.finding.state in {*UNSETTLED, FindingState.CASE}),
    PaneDeed("take_back", N_("撤销 U"), "U", lambda one: one.can_undo),
    PaneDeed("open_case", N_("打开案件 O"), "O", lambda one: one.case is not None),
    PaneDeed("open_round", N_("打开巡查 R"), "R", lambda one: one.walk is not None),
    PaneDeed("show_place", N_("在地图上看 M"), "M", lambda one: one.finding.longitude is not None),
)


class FindingDetailPane(DeedPane[FindingDetail]):
    """The finding with its photos; more may be added while nothing is decided."""

    def __init__(self, context: PageContext) -> None:
        words = PaneWords(
            _("问题详情"),
            _("问题"),
            _("问题概要"),
            _("处理"),
            _("在列表里选一个问题,这里显示照片、地点和去向"),
        )
        super().__init__(context, "finding", words, DEEDS, context.desk.findings.detail)
        self.photos = RecordPhotos(context)
        self.photos.added.connect(self.refresh)
        self.put_between([self.row], [self.photos])

    def show_detail(self, detail: FindingDetail) -> None:
        """Fill the widgets."""
        finding = detail.finding
        what = finding.minor_name or finding.category_text or _("问题")
        self.head.setText(f"{what} · {_(FINDING_STATE_TITLES[finding.state])}")
        self.facts.setText("\n".join(fact_lines(detail)))
        self.photos.show_photos(finding, detail.photos, editable=finding.state in UNSETTLED)
        self.story.show_steps(story(detail, self._context))


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
