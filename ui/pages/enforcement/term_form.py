"""What a term is counted from: the start event, days that do not count, and for a late fine its amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.base.problem_words import problem_text
from app.base.words import _
from app.domain.problems import Refused
from app.domain.terms import Pause, TermRule, TermUnit, surcharge
from ui.forms.field import FormColumn
from ui.forms.number_inputs import DecimalInput
from ui.forms.text_inputs import TextInput
from ui.forms.time_inputs import ZONE, DayInput, MomentInput
from ui.naming import name

PAUSES = 2
SURCHARGE = "SURCHARGE_DAILY"


@dataclass(frozen=True)
class Asked:
    """What is to be counted. until, fine: of a late fine only."""

    start: datetime
    pauses: Sequence[Pause]
    until: date | None = None
    fine: Decimal | None = None


class TermForm(QWidget):
    """`edited`: a person changed something."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        name(self, "term_form", _("起算"))
        self.day, self.moment = DayInput(), MomentInput()
        self.until, self.fine = DayInput(), DecimalInput()
        self.pauses = [(DayInput(), DayInput(), TextInput(40)) for _number in range(PAUSES)]
        self.form = FormColumn()
        self.form.add("term_day", _("起算日期"), self.day)
        self.form.add("term_moment", _("起算时间"), self.moment)
        for number, (first, last, reason) in enumerate(self.pauses, start=1):
            reason.setPlaceholderText(_("原因"))
            said = _("扣除期间 {n}").format(n=number)
            fields = [("first", said, first), ("last", _("至"), last), ("reason", said, reason)]
            self.form.add_row(said, [(f"pause_{part}_{number}", title, one) for part, title, one in fields])
        self.form.add("term_fine", _("罚款(元)"), self.fine)
        self.form.add("term_until", _("算到"), self.until)
        inputs = [self.day, self.moment, self.until, self.fine, *(one for pause in self.pauses for one in pause)]
        for one in inputs:
            one.edited.connect(self.edited)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.form)
        self._rule: TermRule | None = None

    def show_rule(self, rule: TermRule) -> None:
        """Ask what this term needs; what was typed stays."""
        self._rule = rule
        hours, late = rule.unit == TermUnit.HOUR, rule.code == SURCHARGE
        self.form.show_field("term_moment", hours)
        self.form.show_field("term_day", not hours)
        for field in ("term_fine", "term_until"):
            self.form.show_field(field, late)
        self.form.field("term_moment" if hours else "term_day").set_hint(
            _("{event}的日期,以送达回证等证据为准").format(event=rule.start_title)
        )

    def asked(self) -> Asked | None:
        """What is typed; None when nothing is, or something is wrong, which is then said at its field."""
        wrong: dict[str, str] = {}
        start = self._start(wrong)
        pauses = [pause for number in range(PAUSES) if (pause := self._pause(number, wrong)) is not None]
        until, fine = self._late(wrong)
        self.form.show_refusals(wrong, focus=False)
        return None if wrong or start is None else Asked(start, pauses, until, fine)

    def surcharge(self, asked: Asked) -> str:
        """What a late fine has grown by; empty when that is not asked."""
        if asked.until is None or asked.fine is None:
            return ""
        grown = surcharge(asked.fine, asked.start.astimezone(ZONE).date(), asked.until, asked.pauses)
        return _("加处罚款 {grown} 元,合计 {total} 元").format(grown=grown, total=asked.fine + grown)

    def clear_refusals(self) -> None:
        """Nothing is wrong any more."""
        self.form.clear_refusals()

    def _start(self, wrong: dict[str, str]) -> datetime | None:
        if self._rule is not None and self._rule.unit == TermUnit.HOUR:
            moment = self.moment.value()
            if isinstance(moment, str):
                wrong["term_moment"] = _("不是时间,例如 2026-09-28 15:30")
            return moment if isinstance(moment, datetime) else None
        day = _day(self.day, "term_day", wrong)
        return None if day is None else datetime.combine(day, time(), ZONE)

    def _pause(self, number: int, wrong: dict[str, str]) -> Pause | None:
        first_input, last_input, reason = self.pauses[number]
        first = _day(first_input, f"pause_first_{number + 1}", wrong)
        last = _day(last_input, f"pause_last_{number + 1}", wrong)
        if first is None or last is None:
            return None
        try:
            return Pause(first, last, reason.value())
        except Refused as refused:
            wrong[f"pause_last_{number + 1}"] = problem_text(refused)
            return None

    def _late(self, wrong: dict[str, str]) -> tuple[date | None, Decimal | None]:
        if self._rule is None or self._rule.code != SURCHARGE:
            return None, None
        fine = self.fine.value()
        if isinstance(fine, str) or (fine is not None and fine < 0):
            wrong["term_fine"] = _("不是金额,例如 200 或 1500.50")
            return None, None
        return _day(self.until, "term_until", wrong), None if fine is None else Decimal(str(fine))


def _day(typed: DayInput, field: str, wrong: dict[str, str]) -> date | None:
    value = typed.value()
    if isinstance(value, str):
        wrong[field] = _("不是日期,例如 2026-09-28")
        return None
    return value
