"""Everything the day's page shows, read in one go beside the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from app.domain.case_views import CaseFilter, CaseLine, CaseOrder, CaseView, CountSaid
from app.domain.finding_views import FindingView, TaskView
from app.domain.problems import Problem
from app.domain.stages import OPEN_STAGES
from ui.time_words import day_of

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.permissions import Actor
    from app.services.case_lists import MonthFigures
    from app.services.drafts import SavedDraft
    from app.sync.views import SyncStatus

TILES = (CaseView.DUE_TODAY, CaseView.OVERDUE, CaseView.RETURNED, CaseView.WAITS_FOR_ME)
MOST_OVERDUE = 5
MOST_LINES = 20
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CASE_FORM = "case_entry"
CALENDAR_SOON_DAYS = 45
BACKUP_STALE_DAYS = 3


@dataclass(frozen=True)
class TodayPicture:
    """counts of the tiles; lines: overdue ones first, then what is due next; drafts: newest first.

    findings, tasks: those that wait for somebody. clock_doubt: why the PC's clock is not believed. calendar_gap_year: the first year without a calendar when it is near, else None. backup_days: days since the last
    backup; None: there was none yet.
    """

    now: datetime
    counts: Mapping[CaseView, CountSaid]
    lines: Sequence[CaseLine]
    month: MonthFigures
    drafts: Sequence[SavedDraft]
    clock_doubt: Problem | None
    calendar_gap_year: int | None
    backup_days: int | None
    has_cases: bool
    line: SyncStatus
    findings: Mapping[FindingView, CountSaid]
    tasks: Mapping[TaskView, CountSaid]

    @property
    def nothing_due(self) -> bool:
        """Nothing is due today and nothing is over."""
        return not self.counts[CaseView.DUE_TODAY].count and not self.counts[CaseView.OVERDUE].count

    @property
    def next_due(self) -> CaseLine | None:
        """The case that is due next."""
        return next((line for line in self.lines if line.due_at is not None and line.due_at >= self.now), None)


def look(desk: Desk, actor: Actor) -> TodayPicture:
    """The day as it stands; safe in a reader thread."""
    now = desk.clock.now()
    today = day_of(now)
    last_backup = desk.care.last_backup_at()
    return TodayPicture(
        now=now,
        counts=desk.case_lists.counts(TILES, actor=actor),
        lines=_next_lines(desk, now),
        month=desk.case_lists.month(today),
        drafts=desk.drafts.all(CASE_FORM, actor=actor),
        clock_doubt=desk.clock_watch.doubt(),
        calendar_gap_year=_gap_year(desk, today),
        backup_days=None if last_backup is None else (today - day_of(last_backup)).days,
        has_cases=bool(desk.case_lists.ids(CaseFilter(), 1)),
        line=desk.sync.status(),
        findings=desk.findings.counts((FindingView.WAITING, FindingView.WATCH_DUE)),
        tasks=desk.field_tasks.counts((TaskView.TO_HAND, TaskView.OVERDUE), actor=actor),
    )


def _next_lines(desk: Desk, now: datetime) -> list[CaseLine]:
    by_due = CaseFilter(stages=OPEN_STAGES, order=CaseOrder.DUE, ascending=True)
    lists = desk.case_lists
    overdue = lists.first_page(by_due.narrowed(due_from=LONG_AGO, due_until=now), MOST_OVERDUE)
    coming = lists.first_page(by_due.narrowed(due_from=now), MOST_LINES - len(overdue))
    return [*overdue, *coming]


def _gap_year(desk: Desk, today: date) -> int | None:
    last = desk.reference.calendar().last_day
    return last.year + 1 if (last - today).days < CALENDAR_SOON_DAYS else None
