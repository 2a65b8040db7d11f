"""The work list: saved views, pages, counts, today's figures."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.domain.case_views import CaseFilter, CaseLine, CaseOrder, CaseView, CountSaid
from app.domain.permissions import Actor
from app.domain.stages import HANDLE_STAGES, OPEN_STAGES, RETURNED_STAGES, WAITS_FOR, Stage
from app.services.reference import OFFICE_ZONE
from db.queries import case_lists, case_lookups
from db.store import Store

COUNT_CAP = 1000
_BY_STAGE: Mapping[CaseView, frozenset[Stage]] = {
    CaseView.TO_DISPATCH: frozenset({Stage.PENDING_DISPATCH, Stage.RETURNED_DISPATCHER}),
    CaseView.IN_HANDLING: HANDLE_STAGES,
    CaseView.TO_CLOSE: frozenset({Stage.PENDING_REVIEW, Stage.PENDING_CLOSE, Stage.CHECKING}),
}


@dataclass(frozen=True)
class MonthFigures:
    """One month by day: cases reported, closed, and closed after late handling."""

    days: Sequence[date]
    reported: Sequence[int]
    closed: Sequence[int]
    late: Sequence[int]


class CaseListService:
    """Reads for the work list; safe to call from reader threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self, view: CaseView, *, actor: Actor) -> CaseFilter:
        """The filter a saved view stands for, now and for this person."""
        now = self._store.clock.now()
        if view in _BY_STAGE:
            return CaseFilter(stages=_BY_STAGE[view], order=CaseOrder.DUE, ascending=True)
        match view:
            case CaseView.OPEN_MINE:
                return CaseFilter(acceptor_id=actor.person_id, stages=OPEN_STAGES)
            case CaseView.WAITS_FOR_ME:
                return CaseFilter(stages=self._waiting_stages(actor), order=CaseOrder.DUE, ascending=True)
            case CaseView.DUE_TODAY:
                start, end = self.day_bounds(now.astimezone(OFFICE_ZONE).date())
                return CaseFilter(due_from=max(start, now), due_until=end, order=CaseOrder.DUE, ascending=True)
            case CaseView.OVERDUE:
                return CaseFilter(due_until=now, order=CaseOrder.DUE, ascending=True)
            case CaseView.RETURNED:
                return CaseFilter(stages=RETURNED_STAGES)
            case CaseView.SUSPENDED:
                return CaseFilter(stages=frozenset({Stage.SUSPENDED}))
            case _:
                return CaseFilter()

    def ids(self, wanted: CaseFilter, limit: int | None = None) -> array[int]:
        """Row numbers of a list in its order; the whole list when `limit` is None."""
        with self._store.read() as reader:
            return case_lists.ids(reader.connection, wanted, limit)

    def lines(self, rids: Sequence[int]) -> list[CaseLine]:
        """The lines of these rows."""
        with self._store.read() as reader:
            return case_lists.lines(reader.connection, rids)

    def first_page(self, wanted: CaseFilter, size: int = 100) -> list[CaseLine]:
        """The first lines of a list, at once."""
        with self._store.read() as reader:
            return case_lists.lines(reader.connection, case_lists.ids(reader.connection, wanted, size))

    def count(self, wanted: CaseFilter, cap: int | None = COUNT_CAP) -> CountSaid:
        """How many cases a list holds, capped unless `cap` is None."""
        with self._store.read() as reader:
            return case_lists.count(reader.connection, wanted, cap)

    def counts(self, views: Sequence[CaseView], *, actor: Actor) -> Mapping[CaseView, CountSaid]:
        """Capped counts of several views in one snapshot."""
        filters = {view: self.view(view, actor=actor) for view in views}
        with self._store.read() as reader:
            return {view: case_lists.count(reader.connection, wanted, COUNT_CAP) for view, wanted in filters.items()}

    def rid_of(self, case_id: UUID) -> int | None:
        """The row number of a case, to find it in a list again."""
        with self._store.read() as reader:
            return case_lists.rid_of(reader.connection, case_id)

    def month(self, day: date) -> MonthFigures:
        """Figures of the month that holds `day`."""
        first = day.replace(day=1)
        length = ((first + timedelta(days=32)).replace(day=1) - first).days
        with self._store.read() as reader:
            figures = case_lookups.daily_figures(reader.connection, first, length, timedelta(hours=8))
        days = [first + timedelta(days=n) for n in range(length)]
        return MonthFigures(days, [f[0] for f in figures], [f[1] for f in figures], [f[2] for f in figures])

    def totals(self) -> Mapping[str, int]:
        """Cases by stage."""
        with self._store.read() as reader:
            return case_lookups.totals(reader.connection)

    def day_bounds(self, day: date) -> tuple[datetime, datetime]:
        """First instant of an office day, and of the next."""
        start = datetime.combine(day, time(), OFFICE_ZONE)
        return start, start + timedelta(days=1)

    def _waiting_stages(self, actor: Actor) -> frozenset[Stage]:
        return frozenset().union(*(WAITS_FOR.get(role, frozenset()) for role in actor.flow_roles))
