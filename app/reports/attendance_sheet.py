"""The month sheet of attendance on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.base.words import _
from app.domain.attendance import ATTENDANCE_TITLES, AttendanceState
from app.domain.attendance_rules import ATTENDANCE_SIGNS
from app.domain.office import Office
from app.reports.paper import Block, Heading, PaperColumn, Signatures, Table, Words


def attendance_blocks(
    title: str,
    days: Sequence[date],
    names: Sequence[str],
    signs: Sequence[Sequence[str]],
    sums: Sequence[Sequence[int]],
    office: Office,
) -> list[Block]:
    """A row a member: a sign a day, then the days of each state; what the signs mean, and where to sign."""
    columns = [PaperColumn(_("姓名"), 9)]
    columns += [PaperColumn(str(day.day), 2.6, "center") for day in days]
    columns += [PaperColumn(ATTENDANCE_SIGNS[state], 3, "right") for state in AttendanceState]
    rows = [
        (name, *line, *(str(count) if count else "" for count in counts))
        for name, line, counts in zip(names, signs, sums, strict=True)
    ]
    meanings = "  ".join(f"{ATTENDANCE_SIGNS[state]} {_(ATTENDANCE_TITLES[state])}" for state in AttendanceState)
    return [
        Heading(title, office.name),
        Table(tuple(columns), rows),
        Words(meanings),
        Signatures((_("制表"), _("审核"), _("日期"))),
    ]
