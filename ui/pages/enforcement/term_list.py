"""How a statutory term is told in a line and in a few."""

from __future__ import annotations

from datetime import datetime

from app.base.words import N_, _
from app.domain.terms import Term, TermRule
from app.services.term_words import length_words, mark_words
from ui.tables.columns import Column
from ui.time_words import day_of


def rule_columns() -> list[Column[TermRule]]:
    """One line a term."""
    return [
        Column("title", N_("期限"), 190, lambda rule: _(rule.title), hint=lambda rule: _(rule.title)),
        Column("length", N_("长度"), 116, length_words),
        Column(
            "mark",
            N_("核对"),
            150,
            mark_words,
            light=lambda rule: "yellow" if rule.to_be_confirmed else None,
            hint=mark_words,
        ),
        Column("start", N_("从"), 150, lambda rule: rule.start_title, hint=lambda rule: rule.start_title),
        Column("basis", N_("依据"), 220, lambda rule: rule.basis, hint=lambda rule: rule.basis),
        Column("code", N_("代码"), 140, lambda rule: rule.code, shown=False),
    ]


def fact_lines(rule: TermRule) -> list[str]:
    """From what to what, by which article, what follows, how sure."""
    said = _("从“{start}”到“{end}”").format(start=rule.start_title, end=rule.end_title)
    lines = [said, rule.basis, _("逾期:{words}").format(words=rule.consequence) if rule.consequence else ""]
    if rule.shift_basis:
        lines.append(_("期满日是休息日的顺延({basis})").format(basis=rule.shift_basis))
    return [*filter(None, lines), mark_words(rule)]


def left_words(term: Term, now: datetime) -> str:
    """How many days are left, or since when it is over."""
    left = (term.last_day - day_of(now)).days
    if left < 0:
        return _("▲ 已过 {n} 天").format(n=-left)
    return _("还有 {n} 天").format(n=left) if left else _("◆ 今天期满")
