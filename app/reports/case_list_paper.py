"""The work list on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.base.words import _
from app.domain.case_views import CaseLine
from app.domain.office import Office
from app.domain.workcalendar import WorkCalendar
from app.reports.case_slip import moment
from app.reports.paper import Block, Heading, PaperColumn, Table, Words
from app.services.case_words import light_word, remaining_words, stage_word

MOST_LINES = 2000


def list_blocks(
    title: str, lines: Sequence[CaseLine], total: int, office: Office, calendar: WorkCalendar, now: datetime
) -> list[Block]:
    """A heading, the lines, and a word when there are more than fit a stack of paper."""
    columns = (
        PaperColumn(_("序"), 4, "right"),
        PaperColumn(_("灯"), 6),
        PaperColumn(_("编号"), 18),
        PaperColumn(_("问题"), 13),
        PaperColumn(_("地点"), 24),
        PaperColumn(_("环节"), 9),
        PaperColumn(_("剩余"), 12, "right"),
        PaperColumn(_("处置部门"), 13),
        PaperColumn(_("上报时间"), 14, "right"),
    )
    rows = [
        (
            str(number),
            light_word(line.light(now)),
            line.local_no,
            line.minor_name or line.category_text,
            line.address,
            stage_word(line.stage, office),
            remaining_words(line, now, calendar),
            line.unit_name,
            moment(line.reported_at),
        )
        for number, line in enumerate(lines, start=1)
    ]
    blocks: list[Block] = [Heading(title, _("{office} · 共 {n} 件").format(office=office.name, n=total))]
    blocks.append(Table(columns, rows))
    if total > len(lines):
        words = _("只打印了前 {n} 件;全部请用导出").format(n=len(lines))
        blocks.append(Words(words))
    return blocks
