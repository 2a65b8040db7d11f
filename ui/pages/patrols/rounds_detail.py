"""One round beside the list: what it was, what was seen at each point, what was found, where somebody walked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from app.base.words import _
from app.domain.checklists import PROGRAMME_TITLES, ChecklistTemplate
from app.domain.findings import FINDING_STATE_TITLES
from app.domain.patrols import (
    CHECK_GRADE_TITLES,
    ROUND_KIND_TITLES,
    ROUND_STATE_TITLES,
    CheckPoint,
    CheckResult,
    PatrolRound,
    RoundState,
)
from app.services.patrols import RoundDetail
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.rounds_columns import length_words, weekday_word
from ui.tables.columns import Column
from ui.tables.record_pane import RecordPane, said_label
from ui.tables.small_table import SmallTable
from ui.theme import set_look
from ui.time_words import OFFICE_ZONE
from ui.widgets.empty_state import EmptyState


class RoundDetailPane(RecordPane[RoundDetail]):
    """cancel_wanted, reopen_wanted, print_wanted: the PatrolRound. finding_wanted, track_wanted: an id.

    map_wanted: the RoundDetail shown.
    """

    cancel_wanted = Signal(object)
    reopen_wanted = Signal(object)
    print_wanted = Signal(object)
    photos_wanted = Signal(object)
    finding_wanted = Signal(object)
    track_wanted = Signal(object)
    map_wanted = Signal(object)

    def __init__(self, context: PageContext) -> None:
        empty = _("在列表里选一次巡查,这里显示检查点、结果和发现的问题")
        super().__init__(context, "round_detail", _("巡查详情"), empty, context.desk.patrols.detail)
        self._title = set_look(said_label("round_title", _("巡查")), "title")
        self._facts = said_label("round_facts", _("巡查概要"))
        self._print = self._button("print_round", _("打印巡查单"), _("打印巡查单"), self.print_wanted)
        self._photos = self._button("round_photos", _("放入照片…"), _("放入一个文件夹的照片"), self.photos_wanted)
        self._reopen = self._button("reopen_round", _("更正…"), _("更正已完成的巡查"), self.reopen_wanted)
        self._cancel = self._button("cancel_round", _("取消这次巡查…"), _("取消巡查"), self.cancel_wanted)
        self._points: SmallTable[PointLine] = SmallTable(
            "round_points", _("检查点"), point_columns(), context, EmptyState(_("这次巡查没有检查点"))
        )
        self._found = name(QLabel(), "round_found", _("问题和轨迹"))
        self._found.setWordWrap(True)
        self._found.setTextFormat(Qt.TextFormat.RichText)
        self._found.linkActivated.connect(self._on_link)
        buttons = QHBoxLayout()
        for button in (self._print, self._photos, self._reopen, self._cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.put("round_scroll", [self._title, self._facts, buttons, self._points, self._found], self._points)

    def show_detail(self, detail: RoundDetail) -> None:
        """Fill the widgets; a button that does not fit the round's state is not there."""
        round_ = detail.round
        state = _(ROUND_STATE_TITLES[round_.state])
        self._title.setText(f"{round_.road or round_.grid_code or round_.street_name or round_.number} · {state}")
        self._facts.setText("\n".join(fact_lines(round_)))
        self._cancel.setVisible(round_.state in (RoundState.PLANNED, RoundState.MISSED))
        self._reopen.setVisible(round_.state is RoundState.DONE)
        self._photos.setVisible(round_.state in (RoundState.STARTED, RoundState.DONE))
        self._points.show_all(point_lines(round_, detail.results, detail.template))
        self._found.setText(found_words(detail))
        self._found.setVisible(bool(self._found.text()))

    def _button(self, object_name: str, words: str, title: str, wanted: SignalInstance) -> QPushButton:
        button = set_look(name(QPushButton(words), object_name, title), "quiet")
        button.clicked.connect(lambda: self._tell(wanted))
        return button

    def _tell(self, wanted: SignalInstance) -> None:
        if self.detail is not None:
            wanted.emit(self.detail.round)

    def _on_link(self, link: str) -> None:
        kind, _colon, identity = link.partition(":")
        if kind == "map":
            self.map_wanted.emit(self.detail)
            return
        (self.finding_wanted if kind == "finding" else self.track_wanted).emit(UUID(identity))


class PointLine:
    """One check point with its result, in words."""

    def __init__(
        self, point: CheckPoint | None, result: CheckResult | None, template: ChecklistTemplate | None
    ) -> None:
        self.no = point.no if point else result.point_no if result else 0
        self.name = point.name if point else result.name if result else ""
        self.place = f"{point.road}{point.house_no}" if point else ""
        self.grade = _(CHECK_GRADE_TITLES[result.grade]) if result else ""
        self.at = f"{result.at.astimezone(OFFICE_ZONE):%H:%M}" if result and result.at else ""
        self.note = answer_words(result, template) if result else ""


def point_columns() -> list[Column[PointLine]]:
    """Number, name, place, result, time, what was measured or said."""
    return [
        Column("no", _("序"), 36, lambda line: str(line.no)),
        Column("name", _("检查点"), 136, lambda line: line.name),
        Column("place", _("地点"), 84, lambda line: line.place),
        Column("grade", _("结果"), 48, lambda line: line.grade),
        Column("at", _("时间"), 48, lambda line: line.at),
        Column("note", _("说明"), 78, lambda line: line.note),
    ]


def point_lines(
    round_: PatrolRound, results: Sequence[CheckResult], template: ChecklistTemplate | None
) -> list[PointLine]:
    """The route in its order, each with its result; results beyond the route come after it."""
    said = {result.point_no: result for result in results}
    lines = [PointLine(point, said.pop(point.no, None), template) for point in round_.points]
    return lines + [PointLine(None, result, template) for result in said.values()]


def answer_words(result: CheckResult, template: ChecklistTemplate | None) -> str:
    """What was measured, what is over its limit, and what was said."""
    titles = {item.code: (item.title, item.measure) for item in template.items} if template else {}
    words = []
    for answer in result.answers:
        title, measure = titles.get(answer.code, (answer.code, ""))
        value = f"{answer.value:g}{measure}" if answer.value is not None else ""
        grade = _(CHECK_GRADE_TITLES[answer.grade]) if answer.grade else ""
        over = _("(超标)") if answer.over else ""
        words.append(f"{title} {value}{grade}{over}".strip())
    return ";".join([*words, result.note] if result.note else words)


def fact_lines(round_: PatrolRound) -> list[str]:
    """What the head of the detail says."""
    day = f"{round_.day:%Y-%m-%d} {weekday_word(round_.day.weekday())}"
    if round_.shift_start and round_.shift_end:
        over = _("次日") if round_.shift_end <= round_.shift_start else ""
        day += f" {round_.shift_start:%H:%M}-{over}{round_.shift_end:%H:%M}"
    kind = f"{_(ROUND_KIND_TITLES[round_.kind])} · {_(PROGRAMME_TITLES[round_.programme])}"
    who = round_.member_name or _("未指定网格员")
    lines = [f"{round_.number} · {kind}", f"{day} · {who}"]
    place = " · ".join(filter(None, (round_.street_name, round_.grid_code, round_.road, round_.template_name)))
    walked = _span(round_)
    sums = _("已查 {checked}/{total} · 问题 {found}").format(
        checked=round_.points_checked, total=round_.points_total, found=round_.finding_count
    )
    if round_.distance_m is not None:
        sums += " · " + _("{n} 公里").format(n=length_words(round_.distance_m))
    lines += [place, walked, sums if round_.state is RoundState.DONE else "", "、".join(round_.units)]
    if round_.cancel_reason:
        lines.append(_("取消原因:{reason}").format(reason=round_.cancel_reason))
    return [line for line in (*lines, round_.note) if line]


def found_words(detail: RoundDetail) -> str:
    """Findings and tracks as links, in Qt's rich text."""
    lines = []
    for finding in detail.findings:
        title = finding.minor_name or finding.category_text or finding.description[:20] or finding.number
        state = _(FINDING_STATE_TITLES[finding.state])
        lines.append(f'<a href="finding:{finding.id}">{_plain(title)}</a> {_plain(finding.address)} · {state}')
    for track in detail.tracks:
        words = _("轨迹 {length} 公里,{n} 个点").format(length=length_words(track.distance_m), n=track.count)
        lines.append(f'<a href="track:{track.id}">{words}</a>')
    if detail.tracks or any(point.longitude is not None for point in detail.round.points):
        lines.append(f'<a href="map:">{_("在地图上看检查点和轨迹")}</a>')
    return "<br>".join(lines)


def _span(round_: PatrolRound) -> str:
    if round_.started_at is None or round_.ended_at is None:
        return ""
    begin, end = (at.astimezone(OFFICE_ZONE) for at in (round_.started_at, round_.ended_at))
    return _("实际 {begin} 至 {end}").format(begin=f"{begin:%H:%M}", end=f"{end:%H:%M}")


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
