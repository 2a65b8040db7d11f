"""Two offices that inspect the same company without a line: both see the one visit too many, and only it goes no further."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app.base.clock import FixedClock
from app.domain.inspections import InspectionState
from app.domain.problems import Refused
from tests.inspecting import TODAY, a_leader, a_shop, a_wish, make_known, two_officers
from tests.sync.conftest import MakeOffice
from tests.sync.grid_desks import met
from tests.sync.offices import Office


def over(office: Office) -> list[UUID]:
    return [visit.id for visit in office.desk.inspections.over_cap()]


def test_both_offices_name_the_same_visit_as_the_one_too_many(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    one, other = make_desk_with_line("A"), make_desk_with_line("B")
    make_known(one.desk, one.actor)
    officers = two_officers(one.desk, one.actor)
    shop = a_shop(one.desk, one.actor, yearly_cap=1)
    met(one, other)
    late = one.desk.inspections.plan(a_wish(one.desk, shop, officers, planned_on=TODAY + timedelta(9)), actor=one.actor)
    clock.advance(timedelta(minutes=5))
    early = other.desk.inspections.plan(a_wish(other.desk, shop, officers), actor=other.actor)
    assert over(one) == over(other) == []
    met(one, other)
    assert over(one) == over(other) == [late.id]
    leader = a_leader(one.desk, one.actor)
    with pytest.raises(Refused) as refused:
        one.desk.inspections.approve(late.id, actor=leader)
    assert refused.value.code == "inspection.cap_reached"
    assert early.number in str(refused.value.details["visits"])
    one.desk.inspections.approve(early.id, actor=leader)
    one.desk.inspections.cancel(late.id, "与另一次合并", actor=one.actor)
    met(one, other)
    assert over(one) == over(other) == []
    assert other.desk.inspections.get(late.id).state is InspectionState.CANCELLED
    assert other.desk.inspections.get(early.id).approved_by == "李局长"
