"""The list of inspections: its columns, its chips, and where it reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.base.words import N_, _
from app.desk import Desk
from app.domain.inspection_views import (
    INSPECTION_VIEW_TITLES,
    InspectionFilter,
    InspectionLine,
    InspectionView,
)
from app.domain.inspections import (
    INSPECTION_BASIS_TITLES,
    INSPECTION_RESULT_TITLES,
    INSPECTION_STATE_TITLES,
    InspectionBasis,
    InspectionResult,
)
from app.reports.inspection_paper import result_word
from ui.tables.columns import Column
from ui.tables.list_source import Asked, EmptyWords, ListSource
from ui.widgets.choices import Choice
from ui.widgets.filter_bar import FilterSpec


def inspection_columns() -> list[Column[InspectionLine]]:
    """All of them, in the order they come; some must be chosen first."""
    return [
        Column("state", N_("状态"), 64, lambda line: _(INSPECTION_STATE_TITLES[line.state])),
        Column("planned_on", N_("计划日期"), 92, lambda line: f"{line.planned_on:%Y-%m-%d}"),
        Column("enterprise", N_("企业"), 160, lambda line: line.enterprise_name),
        Column("basis", N_("来源"), 84, lambda line: _(INSPECTION_BASIS_TITLES[line.basis])),
        Column("officers", N_("执法人员"), 110, _officers, hint=lambda line: "\n".join(line.officer_words)),
        Column("units", N_("检查单位"), 130, lambda line: "、".join(line.units)),
        Column(
            "result",
            N_("结果"),
            84,
            lambda line: result_word(line.result),
            light=lambda line: "red" if line.result not in ("", InspectionResult.NOTHING_FOUND) else None,
        ),
        Column("case_no", N_("案件"), 150, lambda line: line.case_no),
        Column("number", N_("编号"), 176, lambda line: line.number),
        Column("matter", N_("检查内容"), 200, lambda line: line.matter, shown=False),
    ]


def inspection_source(desk: Desk) -> ListSource:
    """Where the list of inspections comes from."""
    inspections = desk.inspections

    return ListSource(
        lambda asked: inspections.ids(filter_of(desk, asked)),
        inspections.lines,
        inspections.rid_of,
        _specs(),
        EmptyWords(N_("这里现在没有行政检查"), N_("按 Ctrl+N 拟一次检查,或在“双随机”里抽取;网格员的日常巡查不在这里")),
        {view.value: title for view, title in INSPECTION_VIEW_TITLES.items()},
        lambda: {view.value: said for view, said in inspections.counts(list(InspectionView)).items()},
    )


def filter_of(desk: Desk, asked: Asked) -> InspectionFilter:
    """The filter a view with its chips and words stands for."""
    wanted = desk.inspections.view(InspectionView(asked.view))
    said: dict[str, Any] = {"search": asked.search}
    for key, value in asked.one().items():
        match key:
            case "basis":
                said["basis"] = InspectionBasis(value)
            case "result":
                said["result"] = value
            case "enterprise":
                said["enterprise_id"] = UUID(value)
            case "draw":
                said["draw_id"] = UUID(value)
    return wanted.narrowed(**said)


def _specs() -> list[FilterSpec]:
    bases = [(basis.value, title) for basis, title in INSPECTION_BASIS_TITLES.items()]
    results = [(result.value, title) for result, title in INSPECTION_RESULT_TITLES.items()]
    return [
        FilterSpec("basis", _("来源"), lambda: [Choice(key, "", _(title)) for key, title in bases], many=False),
        FilterSpec("result", _("结果"), lambda: [Choice(key, "", _(title)) for key, title in results], many=False),
    ]


def _officers(line: InspectionLine) -> str:
    return "、".join(words.split(" ")[0] for words in line.officer_words)
