"""Plans, the week's rounds they make, and who walks how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.domain.attendance import AttendanceState
from app.domain.patrol_planning import PlanDays, Turn, made_round, monday_of, plan_days
from app.domain.patrol_views import PlanNotice, PlanTrouble, WeekPlanned, Workload
from app.domain.patrols import PatrolPlan, PatrolRound, RoundKind
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.checklists import ChecklistService
from app.services.patrol_places import PatrolPlaces
from app.services.reference import ReferenceService
from db.queries import patrols
from db.queries.here import here
from db.store import Store

AWAY = frozenset({AttendanceState.LEAVE, AttendanceState.SICK, AttendanceState.REST, AttendanceState.SECONDED})
WEEK = timedelta(days=6)
DEFAULT_SHIFT = (time(8, 30), time(17, 30))


class PatrolPlanService:
    """Plans are kept whole in memory: an office has hundreds."""

    def __init__(
        self, store: Store, reference: ReferenceService, checklists: ChecklistService, places: PatrolPlaces
    ) -> None:
        self._store = store
        self._reference = reference
        self._checklists = checklists
        self._places = places

    def all(self) -> list[PatrolPlan]:
        """Every plan, those in use first, by name."""
        with self._store.read() as reader:
            return sorted(reader.all(PatrolPlan), key=lambda plan: (not plan.active, plan.name))

    def get(self, plan_id: UUID) -> PatrolPlan:
        """One plan. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(PatrolPlan, plan_id)

    def save(self, values: dict[str, Any], *, actor: Actor, plan_id: UUID | None = None) -> PatrolPlan:
        """Keep a new plan, or change one; rounds it made already stay as they are. Raises Refused("patrol.plan_…")."""
        need_writer(actor, "patrol_plan")
        with self._store.write(actor, "patrol.save_plan", str(values.get("name", ""))) as tx:
            if plan_id is None:
                plan = PatrolPlan.model_validate(
                    {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now, **values}
                )
                check_plan(plan)
                tx.add(plan)
            else:
                plan = tx.need(PatrolPlan, plan_id).changed(tx.now, **values)
                check_plan(plan)
                tx.change(plan)
        return plan

    def member_name(self, plan: PatrolPlan) -> str:
        """Who walks a plan: the one it names, else the owner of its grid; "" for nobody."""
        return self._places.member_name(self._member_of(plan))

    def days(self, plan: PatrolPlan, first: date, last: date) -> PlanDays:
        """When a plan walks."""
        return plan_days(plan, first, last, self._reference.calendar())

    def plan_week(self, day: date, *, actor: Actor) -> WeekPlanned:
        """Make the rounds of the week that holds `day`, from today on; those that are there stay as they are.

        Planned twice, or on two PCs, a week has its rounds once.
        """
        need_writer(actor, "patrol_round")
        first, last = self._week(day)
        wanted: list[PatrolRound] = []
        notices: list[PlanNotice] = []
        with self._store.write(actor, "patrol.plan_week", monday_of(day).isoformat()) as tx:
            for plan in self._active():
                found = self.days(plan, first, last)
                notices += self._notices(plan, found)
                wanted += self._rounds(plan, found.turns, tx.now)
            there = here(tx.connection, "patrol_round", (one.id for one in wanted))
            made = sorted((one for one in wanted if one.id not in there), key=lambda one: (one.day, one.number))
            tx.add_many(made)
        return WeekPlanned(len(made), len(wanted) - len(made), notices)

    def notices(self, day: date) -> list[PlanNotice]:
        """What to know of the plans of the week that holds `day`, before it is planned."""
        first, last = self._week(day)
        return [notice for plan in self._active() for notice in self._notices(plan, self.days(plan, first, last))]

    def workload(self, day: date) -> Workload:
        """Rounds of the week that holds `day`, by member and day."""
        monday = monday_of(day)
        with self._store.read() as reader:
            rows = patrols.workload(reader.connection, monday, monday + WEEK)
        names = {row[0]: row[1] for row in rows}
        return Workload(
            [monday + timedelta(days=n) for n in range(7)],
            sorted(names.items(), key=lambda pair: (pair[0] is None, pair[1])),
            {(row[0], row[2]): row[3] for row in rows},
        )

    def _week(self, day: date) -> tuple[date, date]:
        monday = monday_of(day)
        # A round of a day gone by would be missed before anybody could walk it.
        return max(monday, self._reference.today()), monday + WEEK

    def _active(self) -> list[PatrolPlan]:
        return [plan for plan in self.all() if plan.active]

    def _rounds(self, plan: PatrolPlan, turns: Sequence[Turn], now: datetime) -> Iterator[PatrolRound]:
        if not turns:
            return
        member, mark = self._member_of(plan), self._reference.office().mark
        words = self._places.words(plan.grid_id, plan.road_id, plan.street_code, member)
        owned = plan if plan.member_id == member else plan.model_copy(update={"member_id": member})
        for turn in turns:
            yield made_round(owned, turn, words, self._checklists.for_plan(plan.template_id, turn.day), mark, now)

    def _member_of(self, plan: PatrolPlan) -> UUID | None:
        """Who walks a plan: the one it names, else the owner of its grid."""
        grid = self._places.grid(plan.grid_id)
        return plan.member_id or (grid.member_id if grid else None)

    def _notices(self, plan: PatrolPlan, found: PlanDays) -> Iterator[PlanNotice]:
        if found.unknown_year is not None:
            yield PlanNotice(PlanTrouble.CALENDAR_ENDS, plan.id, plan.name, year=found.unknown_year)
        days = tuple(dict.fromkeys(turn.day for turn in found.turns))
        if not days:
            return
        if plan.template_id is not None and self._checklists.for_plan(plan.template_id, days[0]) is None:
            yield PlanNotice(PlanTrouble.NO_TEMPLATE, plan.id, plan.name, days=days)
        yield from self._member_notices(plan, days)

    def _member_notices(self, plan: PatrolPlan, days: tuple[date, ...]) -> Iterator[PlanNotice]:
        member = self._places.member(self._member_of(plan))
        if member is None:
            yield PlanNotice(PlanTrouble.NO_MEMBER, plan.id, plan.name, days=days)
            return
        if not member.active:
            yield PlanNotice(PlanTrouble.RETIRED, plan.id, plan.name, member.name, days)
        lent = tuple(day for day in days if _lent(member.seconded_from, member.seconded_until, day))
        street = self._places.words(plan.grid_id, plan.road_id, plan.street_code, None).street_code
        if lent and member.seconded_to != street:
            yield PlanNotice(PlanTrouble.SECONDED, plan.id, plan.name, member.name, lent)
        with self._store.read() as reader:
            absent = patrols.absences(reader.connection, days[0], days[-1])
        away = tuple(sorted({day for who, day, state in absent if who == member.id and state in AWAY and day in days}))
        if away:
            yield PlanNotice(PlanTrouble.AWAY, plan.id, plan.name, member.name, away)


def check_plan(plan: PatrolPlan) -> None:
    """Raises Refused for a plan that could never be walked."""
    if not set(plan.frequency.weekdays) & set(range(1, 8)):
        raise Refused("patrol.plan_without_days", name=plan.name)
    if plan.valid_until is not None and plan.valid_until < plan.valid_from:
        raise Refused("patrol.plan_days_crossed", name=plan.name)
    if [point.no for point in plan.points] != list(range(1, len(plan.points) + 1)):
        raise Refused("patrol.points_not_in_order")
    if plan.kind is RoundKind.JOINT and len(plan.units) < 2:
        raise Refused("patrol.units_missing")


def _lent(first: date | None, last: date | None, day: date) -> bool:
    return first is not None and first <= day and (last is None or day <= last)
