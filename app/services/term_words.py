"""Statutory terms in words: how long, from when, and every day of the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.base.words import N_, _
from app.domain.terms import DayKind, DayRun, Term, TermMark, TermRule, TermSense, TermUnit
from app.domain.workcalendar import ZONE

UNIT_WORDS: Mapping[TermUnit, str] = {
    TermUnit.WORKING_DAY: N_("{n} 个工作日"),
    TermUnit.CALENDAR_DAY: N_("{n} 日"),
    TermUnit.HOUR: N_("{n} 小时"),
    TermUnit.MONTH: N_("{n} 个月"),
    TermUnit.YEAR: N_("{n} 年"),
    TermUnit.ON_SPOT: N_("当场"),
    TermUnit.EVENT: N_("以事件为准"),
    TermUnit.PROMPT: N_("及时"),
    TermUnit.EXCLUDED: N_("不计入期限"),
    TermUnit.FORBIDDEN: N_("不得办理"),
    TermUnit.FORBIDDEN_PERIOD: N_("期间不得办理"),
}
MARK_WORDS: Mapping[TermMark, str] = {
    TermMark.READ: N_("已核对原文"),
    TermMark.MIXED: N_("部分核对原文"),
    TermMark.DERIVED: N_("推断或外地参照"),
    TermMark.MEMORY: N_("未核对原文"),
}
PROCEDURE_WORDS: Mapping[str, str] = {
    "ordinary": N_("普通程序"),
    "summary": N_("简易程序"),
    "hearing": N_("听证"),
    "evidence_preservation": N_("证据保存"),
    "coercion_seizure": N_("查封扣押"),
    "coercion_demolition": N_("强制拆除"),
    "substitute_performance": N_("代履行"),
    "service": N_("送达"),
    "execution": N_("执行"),
    "remedy": N_("复议诉讼"),
    "publicity": N_("公示"),
    "credit": N_("信用"),
    "transfer": N_("移送"),
    "closing": N_("结案归档"),
    "parking_violation": N_("机动车违停"),
    "parking_nonmotor": N_("共享单车"),
    "parking_admin": N_("停车场管理"),
    "permit": N_("许可"),
    "coordination": N_("协作"),
    "security": N_("数据安全"),
}
_COUNTED: Mapping[TermUnit, str] = {
    TermUnit.WORKING_DAY: N_("计入,满 {n} 个工作日"),
    TermUnit.HOUR: N_("连续计算,满 {n} 小时"),
}


def length_words(rule: TermRule) -> str:
    """`7 个工作日`."""
    return _(UNIT_WORDS[rule.unit]).format(n=rule.value)


def mark_words(rule: TermRule) -> str:
    """How sure the rule is, and whether the legal section has still to confirm it."""
    if rule.confirmed:
        return _("已经法制机构确认")
    said = _(MARK_WORDS[rule.mark])
    return _("{mark},待法制机构确认").format(mark=said) if rule.to_be_confirmed else said


def due_words(term: Term) -> str:
    """When it ends, and what that means."""
    if term.rule.unit == TermUnit.HOUR:
        return _("{moment} 前").format(moment=f"{term.due.astimezone(ZONE):%Y-%m-%d %H:%M}")
    if term.rule.sense == TermSense.AFTER:
        return _("{day} 期满,{next} 起可以办理").format(day=term.last_day, next=term.first_day_after)
    return _("最迟 {day}").format(day=term.last_day)


def run_words(run: DayRun, term: Term) -> str:
    """What the days of one line are."""
    match run.kind:
        case DayKind.START:
            return _("{event},当日不计").format(event=term.rule.start_title)
        case DayKind.COUNTED:
            return _(_COUNTED.get(term.rule.unit, N_("计入,满 {n} 日"))).format(n=run.count)
        case DayKind.REST:
            return _("休息日,不计")
        case DayKind.PAUSED:
            return _("扣除:{reason}").format(reason=run.reason) if run.reason else _("扣除,不计")
    return _("期满日是休息日,顺延({basis})").format(basis=run.reason)


def days_words(first: date, last: date) -> str:
    """`2026-10-01 至 2026-10-08`, one day alone once."""
    return str(first) if first == last else _("{first} 至 {last}").format(first=first, last=last)


def told_term(term: Term) -> dict[str, object]:
    """The term and its arithmetic for other programs; days as ISO texts, instants in UTC."""
    return {
        "code": term.rule.code,
        "title": term.rule.title,
        "from": term.started.isoformat(),
        "length": term.rule.value,
        "unit": str(term.rule.unit),
        "sense": str(term.rule.sense),
        "last_day": term.last_day.isoformat(),
        "due": term.due.isoformat(),
        "certain": term.certain,
        "basis": term.rule.basis,
        "to_be_confirmed": term.rule.to_be_confirmed,
        "said": due_words(term),
        "days": [
            {
                "kind": str(run.kind),
                "first": run.first.isoformat(),
                "last": run.last.isoformat(),
                "count": run.count,
                "said": run_words(run, term),
            }
            for run in term.runs
        ],
    }
