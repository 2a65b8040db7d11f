"""The list of enterprises: its columns, its chips, and where it reads."""

from __future__ import annotations

from collections.abc import Sequence

from app.base.words import N_, _
from app.desk import Desk
from app.domain.case_views import CountSaid
from app.domain.inspection_views import EnterpriseFilter, EnterpriseLine
from ui.tables.columns import Column
from ui.tables.list_source import Asked, EmptyWords, ListSource
from ui.widgets.choices import Choice
from ui.widgets.filter_bar import FilterSpec

VIEWS = {"active": N_("在用"), "retired": N_("已停用"), "all": N_("全部")}
_ACTIVE = {"active": True, "retired": False, "all": None}


def enterprise_columns(desk: Desk) -> list[Column[EnterpriseLine]]:
    """All of them; the year's visits carry a mark when the cap is used up."""
    rules = desk.grids.rules

    def cap(line: EnterpriseLine) -> int:
        return rules().inspection_cap_per_year if line.cap is None else line.cap

    def visits(line: EnterpriseLine) -> str:
        mark = "▲ " if line.visits > cap(line) else "◆ " if line.visits == cap(line) else ""
        return f"{mark}{line.visits} / {cap(line)}"

    def light(line: EnterpriseLine) -> str | None:
        return "red" if line.visits > cap(line) else "yellow" if line.visits == cap(line) else None

    return [
        Column("name", N_("名称"), 190, lambda line: line.name),
        Column("visits", N_("本年次数"), 76, visits, light=light),
        Column("risk", N_("信用风险"), 70, lambda line: line.risk),
        Column("category", N_("类别"), 90, lambda line: line.category),
        Column("street", N_("街道"), 110, lambda line: line.street_name),
        Column("address", N_("地址"), 170, lambda line: line.address),
        Column("credit_code", N_("统一社会信用代码"), 160, lambda line: line.credit_code),
        Column("active", N_("在用"), 60, lambda line: _("在用") if line.active else _("停用"), shown=False),
    ]


def enterprise_source(desk: Desk) -> ListSource:
    """Where the list of enterprises comes from."""
    enterprises = desk.enterprises

    def counts() -> dict[str, CountSaid]:
        return {view: enterprises.count(EnterpriseFilter(active=active)) for view, active in _ACTIVE.items()}

    return ListSource(
        lambda asked: enterprises.ids(filter_of(asked)),
        enterprises.lines,
        enterprises.rid_of,
        [
            FilterSpec("risk", _("信用风险"), lambda: _words(enterprises.words_of("risk")), many=False),
            FilterSpec("category", _("类别"), lambda: _words(enterprises.words_of("category")), many=False),
            FilterSpec("street", _("街道"), lambda: _streets(desk), many=False),
        ],
        EmptyWords(N_("还没有登记企业"), N_("按 Ctrl+I 从表格导入,或按 Ctrl+N 登记一户")),
        VIEWS,
        counts,
    )


def filter_of(asked: Asked) -> EnterpriseFilter:
    """The filter a view with its chips and words stands for."""
    said = asked.one()
    return EnterpriseFilter(
        street_code=said.get("street", ""),
        risk=said.get("risk", ""),
        category=said.get("category", ""),
        active=_ACTIVE[asked.view],
        search=asked.search,
    )


def _words(words: Sequence[str]) -> list[Choice]:
    return [Choice(word, "", word) for word in words]


def _streets(desk: Desk) -> list[Choice]:
    return [Choice(one.key, one.code, one.title, one.hint) for one in desk.pickers.streets("")]
