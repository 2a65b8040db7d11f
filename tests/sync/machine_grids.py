"""What people and programs do on rounds, findings and facilities, as rules of the machine that wanders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.facilities import FacilityState
from app.domain.facility_views import FacilityFilter
from app.domain.finding_views import FindingFilter
from app.domain.findings import FindingDraft
from app.domain.patrol_views import EnteredPoint, RoundFilter
from app.domain.patrols import CheckGrade, CheckPoint
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.services.patrols import RoundDraft

if TYPE_CHECKING:
    from tests.sync.machine import Member

WHO, WHICH = st.integers(0, 2), st.integers(0, 5)
GRADES = st.sampled_from([CheckGrade.GOOD, CheckGrade.BAD])
MONDAY = date(2026, 11, 2)


class GridWork:
    """Rules beside those of cases. Who may not, or comes too late, is refused at the desk and nothing is written."""

    clock: FixedClock
    members: list[Member]

    @rule(who=WHO)
    def plan_the_week(self, who: int) -> None:
        desk, actor = self.members[who].desk, self.members[who].actor
        _tried(lambda: desk.patrol_plans.plan_week(MONDAY, actor=actor))

    @rule(who=WHO, which=WHICH, grade=GRADES)
    def walk_a_round(self, who: int, which: int, grade: CheckGrade) -> None:
        """The same check point of the same round, by everybody."""
        desk, actor = self.members[who].desk, self.members[who].actor
        rounds = sorted(desk.patrols.first_page(RoundFilter()), key=lambda line: (line.day, line.id))
        assume(rounds)
        round_id = rounds[which % len(rounds)].id
        _tried(lambda: desk.patrols.enter(round_id, [EnteredPoint(1, grade)], actor=actor))

    @rule(who=WHO, grade=GRADES)
    def see_the_lamp(self, who: int, grade: CheckGrade) -> None:
        desk, actor = self.members[who].desk, self.members[who].actor
        lamp = min(line.id for line in desk.facilities.find(FacilityFilter()))
        point = CheckPoint(no=1, name="路灯", facility_id=lamp)

        def walk() -> None:
            made = desk.patrols.open(RoundDraft(day=MONDAY, points=(point,)), actor=actor)
            desk.patrols.enter(made.id, [EnteredPoint(1, grade)], actor=actor)

        _tried(walk)

    @rule(who=WHO, state=st.sampled_from([FacilityState.INTACT, FacilityState.MISSING]))
    def set_the_lamp(self, who: int, state: FacilityState) -> None:
        desk, actor = self.members[who].desk, self.members[who].actor
        lamp = min(line.id for line in desk.facilities.find(FacilityFilter()))
        _tried(lambda: desk.facilities.set_state([lamp], state, actor=actor))

    @rule(who=WHO, which=WHICH)
    def find_something(self, who: int, which: int) -> None:
        member = self.members[who]
        rounds = sorted(line.id for line in member.desk.patrols.first_page(RoundFilter()))
        draft = FindingDraft(
            round_id=rounds[which % len(rounds)] if rounds else None, address="路口", description="摆摊"
        )
        _tried(lambda: member.made.add(member.desk.findings.report(draft, actor=member.actor).id))

    @rule(who=WHO, which=WHICH)
    def make_it_a_case(self, who: int, which: int) -> None:
        member = self.members[who]
        findings = member.desk.findings
        found = sorted(line.id for line in findings.lines(findings.ids(FindingFilter())))
        assume(found)
        finding_id = found[which % len(found)]
        _tried(lambda: member.made.add(findings.to_case(finding_id, actor=member.actor).id))

    @rule()
    def a_day_passes(self) -> None:
        """What programs do by themselves, each of them alike."""
        for clock in (self.clock, *(member.clock for member in self.members)):
            clock.advance(timedelta(days=1))
        for member in self.members:
            desk, system = member.desk, member.desk.accounts.system()
            desk.patrols.mark_missed(actor=system)
            desk.findings.join_doubles(actor=system)
            desk.findings.count_again(actor=system)
            desk.field_tasks.settle_left_behind(actor=system)


def begin_grid_work(desk: Desk, actor: Actor) -> None:
    """A plan and a lamp, which every desk of the district knows before the machine begins."""
    desk.facilities.save({"major": "01", "minor": "37", "address": "经八路12号门前"}, actor=actor)
    points = (CheckPoint(no=1, name="路口"),)
    desk.patrol_plans.save({"name": "纬一路", "points": points, "valid_from": MONDAY}, actor=actor)


def _tried(deed: Callable[[], object]) -> None:
    try:
        deed()
    except Refused:
        return
