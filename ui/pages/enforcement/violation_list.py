"""How an item of violations is told in a line and in a few."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from app.base.words import N_, _, language
from app.domain.terms import TermMark
from app.domain.violation_words import YUAN, Tier
from app.domain.violations import Subject, Violation, milder
from app.services.term_words import MARK_WORDS
from ui.tables.columns import Column

SUBJECT_WORDS: Mapping[Subject, str] = {
    Subject.CITIZEN: N_("个人"),
    Subject.ORGANISATION: N_("单位"),
    Subject.BOTH: N_("个人和单位"),
}


def violation_columns() -> list[Column[Violation]]:
    """One line an item."""
    return [
        Column("code", N_("代码"), 64, lambda item: item.code),
        Column("title", N_("违法事项"), 230, title_words, hint=title_words),
        Column("fine", N_("罚款"), 130, fine_words, hint=fine_words),
        Column(
            "kinds", N_("处罚种类"), 110, lambda item: "、".join(item.kinds), hint=lambda item: "、".join(item.kinds)
        ),
        Column("subject", N_("对象"), 76, lambda item: _(SUBJECT_WORDS[item.subject])),
        Column("basis", N_("依据"), 230, lambda item: item.basis, hint=lambda item: item.basis),
        Column("authority", N_("实施部门"), 90, lambda item: item.authority, hint=lambda item: item.authority),
    ]


def title_words(item: Violation) -> str:
    """The item's name, in English where it has one and that is the language in use."""
    return item.title_en if item.title_en and language() != "zh" else item.title


def fine_words(item: Violation) -> str:
    """`50–500 元`, `3000 元/只`, `≤ 30000 元`."""
    if not item.is_fined:
        return _("没有设定罚款")
    if item.is_fixed:
        return f"{_number(item.fine_low)} {item.unit}"
    if not item.fine_low:
        return f"≤ {_number(item.fine_high)} {item.unit}"
    return f"{_number(item.fine_low)}–{_number(item.fine_high)} {item.unit}"


def fact_lines(item: Violation) -> list[str]:
    """Everything the table says of an item."""
    lines = [
        item.basis,
        _("处罚:{kinds},{fine}").format(kinds="、".join(item.kinds) or _("没有写明"), fine=fine_words(item)),
        _("前置条件:{words}").format(words=item.precondition) if item.precondition else "",
        _("对象:{subject} · 实施部门:{authority}").format(
            subject=_(SUBJECT_WORDS[item.subject]), authority=item.authority or _("没有写明")
        ),
        _("施行:{days}").format(days=_days(item)),
        *(tier_words(tier) for tier in item.tiers),
        _("裁量:{words}").format(words=item.tiers_note) if item.tiers_note else "",
        "" if item.tiers or item.tiers_note or not item.is_fined else _("没有导入裁量基准"),
        _("固定金额,没有裁量幅度") if item.is_fixed else "",
        _("来源:{words}").format(words=item.source) if item.source else "",
        "" if item.mark == TermMark.READ else _(MARK_WORDS[item.mark]),
    ]
    return [line for line in lines if line]


def tier_words(tier: Tier) -> str:
    """`一般(10-20m³):40000–70000 元`."""
    when = f"({tier.when})" if tier.when else ""
    return f"{tier.name}{when}:{_number(tier.low)}–{_number(tier.high)} {YUAN}"


def change_lines(old: Violation, later: list[Violation], act: date, decided: date) -> list[str]:
    """What the law says when it changed between the act and the decision; empty when it did not."""
    if not later:
        return []
    lines = [
        _("▲ 行为终了于 {act},决定日 {decided} 时法律已变更。从旧兼从轻(行政处罚法第37条),两个版本都要看:").format(
            act=act, decided=decided
        ),
        _("旧:{title} · {fine} · {basis}").format(title=title_words(old), fine=fine_words(old), basis=old.basis),
    ]
    for new in later:
        lines.append(
            _("新:{title} · {fine} · {basis}").format(title=title_words(new), fine=fine_words(new), basis=new.basis)
        )
        lines.append(_verdict(old, new))
    return [*lines, _("请由办案人员选定并写明理由。")]


def _verdict(old: Violation, new: Violation) -> str:
    lighter = milder(old, new)
    if lighter is None:
        return _("处罚种类或计罚单位不同,不能按数额比较轻重")
    if lighter is new:
        return _("按罚款上限、下限比较,新规定较轻,建议适用新规定")
    if (old.fine_low, old.fine_high) == (new.fine_low, new.fine_high):
        return _("罚款幅度相同,建议适用行为时的规定")
    return _("按罚款上限、下限比较,旧规定较轻,建议适用行为时的规定")


def _days(item: Violation) -> str:
    begun = str(item.valid_from) if item.valid_from else _("施行日期未写明")
    return _("{first} 至 {last}").format(first=begun, last=item.valid_to) if item.valid_to else begun


def _number(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
