"""Statutory terms on the command line: what there is, and when one ends."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date, datetime

from app.base.words import _
from app.cli.arguments import UsageError
from app.cli.output import Told
from app.desk import Desk
from app.domain.permissions import Actor
from app.domain.terms import Pause
from app.domain.workcalendar import ZONE
from app.services.term_words import told_term

Add = Callable[[str, str], argparse.ArgumentParser]


def add_parsers(add: Add) -> None:
    """term."""
    term = add("term", _("计算一个法定期限何时期满,逐日列出"))
    term.add_argument("code", metavar="CODE", help=_("期限代码,见 list terms"))
    term.add_argument("--from", dest="start", required=True, metavar="TIME", help=_("起算事件的日期或时间"))
    term.add_argument(
        "--pause", action="append", default=[], metavar="DATE..DATE", help=_("扣除的期间,首尾都算,可重复")
    )


def term(options: argparse.Namespace, desk: Desk, _actor: Actor) -> Told:
    """code, title, from, length, unit, sense, last_day, due, certain, basis, to_be_confirmed, said, days: […]."""
    counted = desk.terms.count(options.code.upper(), _moment(options.start), [_pause(text) for text in options.pause])
    return Told(told_term(counted))


def list_terms(options: argparse.Namespace, desk: Desk, _actor: Actor) -> Told:
    """Every term that holds the words searched for in its code, title or basis."""
    told = [
        {
            "code": rule.code,
            "procedure": rule.procedure,
            "title": rule.title,
            "length": rule.value,
            "unit": str(rule.unit),
            "sense": str(rule.sense),
            "basis": rule.basis,
            "mark": str(rule.mark),
            "to_be_confirmed": rule.to_be_confirmed,
        }
        for rule in desk.terms.all()
        if options.search.lower() in f"{rule.code} {rule.title} {rule.basis}".lower()
    ]
    return Told({"terms": told[: options.limit], "count": len(told)})


def _moment(text: str) -> datetime:
    """A day or a moment of the office's clock."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            _("--from {text} 不是日期或时间,例如 2026-09-28 或 2026-09-28T15:30").format(text=text)
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _pause(text: str) -> Pause:
    first, dots, last = text.partition("..")
    try:
        return Pause(date.fromisoformat(first), date.fromisoformat(last if dots else first))
    except ValueError as error:
        raise UsageError(_("--pause {text} 不是期间,例如 2026-10-09..2026-10-15").format(text=text)) from error


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Desk, Actor], Told]] = {"term": term}
