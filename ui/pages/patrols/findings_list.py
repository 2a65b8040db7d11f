"""The list of findings: its columns, its chips, and where it reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.base.words import N_, _
from app.desk import Desk
from app.domain.finding_views import FINDING_VIEW_TITLES, FindingFilter, FindingLine, FindingView
from app.domain.findings import FINDING_STATE_TITLES
from app.services.case_words import delivery_word
from ui.pages.patrols.rounds_filters import PERIODS, period_days
from ui.tables.columns import RIGHT, Column
from ui.tables.list_source import Asked, EmptyWords, ListSource
from ui.time_words import moment_words
from ui.widgets.choices import Choice
from ui.widgets.filter_bar import FilterSpec

Now = Callable[[], datetime]


def finding_columns(now: Now) -> list[Column[FindingLine]]:
    """All of them, in the order they come; some must be chosen first."""
    return [
        Column("state", N_("处理"), 84, lambda line: _(FINDING_STATE_TITLES[line.state])),
        Column("number", N_("编号"), 176, lambda line: line.number),
        Column("problem", N_("问题"), 108, _problem, hint=lambda line: line.description),
        Column("address", N_("地点"), 150, lambda line: line.address),
        Column("member", N_("网格员"), 76, lambda line: line.member_name),
        Column("found_at", N_("发现时间"), 92, lambda line: moment_words(line.found_at, now())),
        Column("became", N_("去向"), 172, _became),
        Column("photos", N_("照片"), 48, lambda line: str(line.photos or ""), RIGHT),
        Column("delivery", N_("送达"), 80, lambda line: delivery_word(line.waiting, line.version)),
        Column("street", N_("街道"), 108, lambda line: line.street_name, shown=False),
        Column("description", N_("问题描述"), 260, lambda line: " ".join(line.description.split()), shown=False),
    ]


def finding_source(desk: Desk) -> ListSource:
    """Where the list of findings comes from."""
    findings = desk.findings

    return ListSource(
        lambda asked: findings.ids(filter_of(desk, asked)),
        findings.lines,
        findings.rid_of,
        _specs(desk),
        EmptyWords(N_("这里现在没有问题"), N_("巡查录入时按 F 就地录入问题;没有巡查的问题用“+ 新问题”")),
        {view.value: title for view, title in FINDING_VIEW_TITLES.items()},
        lambda: {view.value: said for view, said in findings.counts(list(FindingView)).items()},
    )


def filter_of(desk: Desk, asked: Asked) -> FindingFilter:
    """The filter a view with its chips and words stands for."""
    wanted = desk.findings.view(FindingView(asked.view))
    said: dict[str, Any] = {"search": asked.search}
    for key, value in asked.one().items():
        match key:
            case "member":
                said["member_id"] = UUID(value)
            case "street":
                said["street_code"] = value
            case "round":
                said["round_id"] = UUID(value)
            case "category":
                kind, major, minor = value.split("-", 2)
                said |= {"kind": kind, "major": major, "minor": minor}
            case "period":
                first, last = period_days(value, desk.reference.today())
                start, _end = desk.case_lists.day_bounds(first)
                said |= {"found_from": start, "found_until": start + (last - first) + timedelta(days=1)}
    return wanted.narrowed(**said)


def _specs(desk: Desk) -> list[FilterSpec]:
    periods = [key for key in PERIODS if key != "next_week"]
    return [
        FilterSpec("category", _("类别"), lambda: _offers(desk.pickers.categories("")), many=False),
        FilterSpec("street", _("街道"), lambda: _offers(desk.pickers.streets("")), many=False),
        FilterSpec("member", _("网格员"), lambda: members(desk), many=False),
        FilterSpec("period", _("发现日期"), lambda: [Choice(key, "", _(PERIODS[key])) for key in periods], many=False),
    ]


def members(desk: Desk) -> list[Choice]:
    """Grid members in use."""
    return [Choice(str(one.id), one.number, one.name) for one in desk.members.all()]


def _offers(offers: Any) -> list[Choice]:
    return [Choice(one.key, one.code, one.title, one.hint) for one in offers]


def _problem(line: FindingLine) -> str:
    return line.minor_name or line.category_text or " ".join(line.description.split())


def _became(line: FindingLine) -> str:
    if line.case_no:
        return line.case_no
    return _("关注至 {day}").format(day=f"{line.watch_until:%m-%d}") if line.watch_until else ""
