"""The register of facilities: what is saved, what is refused, what a round and a case leave in its history."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.facilities import Facility, FacilityState
from app.domain.facility_views import FacilityFilter, FacilityOrder
from app.domain.patrols import CheckGrade, CheckResult
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from tests.builders import an_actor

LAMP = {"major": "01", "minor": "37"}
COVER = {"major": "01", "minor": "02"}
SQUARE = (113.6654, 34.7579)


def a_lamp(desk: Desk, actor: Actor, **what_matters: object) -> Facility:
    """A street lamp of 经八路."""
    fields = {**LAMP, "street_code": "410105001", "road": "经八路", "address": "经八路12号门前", **what_matters}
    return desk.facilities.save(fields, actor=actor)


def a_result(lamp: Facility, grade: CheckGrade, clock: FixedClock, **what_matters: object) -> CheckResult:
    """What a round saw at it."""
    now = clock.now()
    fields = {"parent": uuid4(), "point_no": 1, "facility_id": lamp.id, "grade": grade, "at": now, **what_matters}
    return CheckResult.model_validate({"id": uuid4(), "created_at": now, "changed_at": now, **fields})


def take_over(desk: Desk, actor: Actor, result: CheckResult) -> None:
    """As the entry of a round does it."""
    with desk.store.write(actor, "patrol.enter") as tx:
        tx.add(result)
        desk.facilities.seen(tx, result)


def test_a_new_facility_gets_its_names_register_and_the_next_code_of_its_category(desk: Desk, actor: Actor) -> None:
    first, second = a_lamp(desk, actor), a_lamp(desk, actor)
    assert (first.code, second.code) == ("4101050137000001", "4101050137000002")
    assert (first.minor_name, first.group, first.scheme) == ("路灯", "lamps", "GB2013")
    assert first.street_name == desk.reference.divisions().street("410105001").name  # type: ignore[union-attr]


def test_codes_go_on_behind_those_of_an_older_census(desk: Desk, actor: Actor) -> None:
    a_lamp(desk, actor, code="4101050137000407")
    assert a_lamp(desk, actor).code == "4101050137000408"


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("4101050137000001", "facility.code_twice"),
        ("4101020137000009", "facility.code_district"),
        ("4101050102000009", "facility.code_category"),
        ("41010501370009", "facility.code_shape"),
        ("410105013700000A", "facility.code_shape"),
    ],
)
def test_a_wrong_code_is_refused_with_its_reason(desk: Desk, actor: Actor, code: str, refusal: str) -> None:
    a_lamp(desk, actor)
    with pytest.raises(Refused) as refused:
        a_lamp(desk, actor, code=code)
    assert refused.value.code == refusal


def test_a_code_that_is_known_names_the_place_of_the_other(desk: Desk, actor: Actor) -> None:
    known = a_lamp(desk, actor)
    with pytest.raises(Refused) as refused:
        a_lamp(desk, actor, code=known.code, address="纬一路1号")
    assert refused.value.details["place"] == "经八路12号门前 路灯"


def test_a_house_plate_names_one_manhole(desk: Desk, actor: Actor) -> None:
    desk.facilities.save({**COVER, "house_number": "金水-0001", "address": "纬一路"}, actor=actor)
    with pytest.raises(Refused) as refused:
        desk.facilities.save({**COVER, "house_number": "金水-0001", "address": "经八路"}, actor=actor)
    assert refused.value.code == "facility.house_number_twice"


def test_nothing_said_is_refused(desk: Desk, actor: Actor) -> None:
    with pytest.raises(Refused) as refused:
        desk.facilities.save({"note": "?"}, actor=actor)
    assert refused.value.code == "facility.says_nothing"


def test_an_unknown_category_is_refused(desk: Desk, actor: Actor) -> None:
    with pytest.raises(Refused) as refused:
        a_lamp(desk, actor, minor="77")
    assert refused.value.code == "facility.category_unknown"


def test_a_leader_may_look_and_not_write(desk: Desk, actor: Actor) -> None:
    lamp = a_lamp(desk, actor)
    leader = an_actor(OfficeRole.LEADER)
    with pytest.raises(Refused) as refused:
        desk.facilities.set_state([lamp.id], FacilityState.DAMAGED, actor=leader)
    assert refused.value.code == "account.role_needed"
    assert desk.facilities.get(lamp.id).state == FacilityState.INTACT


def test_a_change_of_state_is_in_the_history_and_a_change_of_owner_is_not(desk: Desk, actor: Actor) -> None:
    lamp = a_lamp(desk, actor)
    assert desk.facilities.set_many([lamp.id], {"owner": "城市照明科"}, actor=actor) == 1
    assert desk.facilities.history(lamp.id) == []
    assert desk.facilities.set_state([lamp.id], FacilityState.DAMAGED, "灯杆倾斜", actor=actor) == 1
    assert desk.facilities.set_state([lamp.id], FacilityState.DAMAGED, actor=actor) == 0
    (line,) = desk.facilities.history(lamp.id)
    assert (line.words, line.who) == ("完好 → 破损 灯杆倾斜", "张敏")


def test_only_what_many_things_share_is_set_for_many(desk: Desk, actor: Actor) -> None:
    lamp = a_lamp(desk, actor)
    with pytest.raises(Refused) as refused:
        desk.facilities.set_many([lamp.id], {"code": "1"}, actor=actor)
    assert refused.value.code == "facility.field_unknown"
    with pytest.raises(Refused) as refused:
        desk.facilities.set_many([], {"owner": "x"}, actor=actor)
    assert refused.value.code == "facility.nothing_chosen"


def test_a_bad_result_makes_it_damaged_and_a_good_one_puts_it_right(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    lamp = a_lamp(desk, actor)
    take_over(desk, actor, a_result(lamp, CheckGrade.BAD, clock))
    assert desk.facilities.get(lamp.id).state == FacilityState.DAMAGED
    clock.advance(timedelta(days=1))
    take_over(desk, actor, a_result(lamp, CheckGrade.GOOD, clock))
    after = desk.facilities.get(lamp.id)
    assert (after.state, after.seen_at) == (FacilityState.INTACT, clock.now())
    told = [line.words for line in desk.facilities.history(lamp.id)]
    assert told[0] in ("好", "破损 → 完好")
    assert len(told) == 4


def test_a_good_result_of_an_intact_thing_only_says_when_it_was_seen(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    lamp = a_lamp(desk, actor)
    take_over(desk, actor, a_result(lamp, CheckGrade.GOOD, clock))
    assert desk.facilities.get(lamp.id).seen_at == clock.now()
    assert [line.record_type for line in desk.facilities.history(lamp.id)] == ["patrol_round"]


def test_a_round_entered_late_does_not_undo_what_was_seen_since(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    lamp = a_lamp(desk, actor)
    early = clock.now()
    clock.advance(timedelta(days=2))
    take_over(desk, actor, a_result(lamp, CheckGrade.BAD, clock))
    take_over(desk, actor, a_result(lamp, CheckGrade.GOOD, clock, at=early))
    assert desk.facilities.get(lamp.id).state == FacilityState.DAMAGED


def test_a_result_of_a_facility_that_is_not_here_is_passed_over(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    lamp = a_lamp(desk, actor)
    take_over(desk, actor, a_result(lamp, CheckGrade.BAD, clock, facility_id=uuid4()))
    assert desk.facilities.get(lamp.id).state == FacilityState.INTACT


def test_a_case_reported_from_a_facility_has_its_category_and_place_and_stands_in_its_history(
    desk: Desk, actor: Actor
) -> None:
    lamp = a_lamp(desk, actor, longitude=SQUARE[0], latitude=SQUARE[1])
    draft = desk.facilities.case_draft(lamp.id)
    case = desk.cases.report(draft.model_copy(update={"source": "collector"}), actor=actor)
    assert (case.minor_name, case.road, case.facility_id) == ("路灯", "经八路", lamp.id)
    (line,) = desk.facilities.history(lamp.id)
    assert (line.record_type, line.record_id) == ("case", case.id)


def test_near_tells_the_nearest_first_and_leaves_out_what_is_far(desk: Desk, actor: Actor) -> None:
    longitude, latitude = SQUARE
    for metres in (80, 10, 300):
        a_lamp(desk, actor, name=f"{metres}", longitude=longitude, latitude=latitude + metres / 111_195)
    a_lamp(desk, actor, name="无坐标")
    found = desk.facilities.near(longitude, latitude, 100)
    assert [near.line.name for near in found] == ["10", "80"]
    assert [round(near.metres) for near in found] == [10, 80]


def test_a_list_is_narrowed_by_street_state_register_search_and_not_seen_since(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    lamp = a_lamp(desk, actor, owner="城市照明科")
    cover = desk.facilities.save({**COVER, "street_code": "410105002", "address": "文化路100%"}, actor=actor)
    desk.facilities.set_state([cover.id], FacilityState.MISSING, actor=actor)
    take_over(desk, actor, a_result(lamp, CheckGrade.GOOD, clock))

    def names(**wanted: object) -> list[str]:
        return [line.minor_name for line in desk.facilities.find(FacilityFilter(**wanted))]  # type: ignore[arg-type]

    assert names(group="lamps") == ["路灯"]
    assert names(street_code="410105002") == ["污水井盖"]
    assert names(states=frozenset({FacilityState.MISSING})) == ["污水井盖"]
    assert names(owner="城市照明科") == ["路灯"]
    assert names(search="文化路100") == ["污水井盖"]
    assert names(search="wsjg", group="manholes") == ["污水井盖"]
    assert names(search="wsjg", group="lamps") == []
    assert names(search="没有的路") == []
    assert names(search=lamp.code) == ["路灯"]
    assert names(unseen_since=clock.now() - timedelta(days=30)) == ["污水井盖"]
    assert names(order=FacilityOrder.CODE, ascending=True) == ["污水井盖", "路灯"]
    counted = desk.facilities.group_counts()
    assert (counted["lamps"].total, counted["manholes"].wrong, counted["toilets"].total) == (1, 1, 0)


def test_a_facility_is_found_by_any_of_its_numbers(desk: Desk, actor: Actor) -> None:
    lamp = a_lamp(desk, actor, house_number="灯-7", source_no="L-7")
    for number in (lamp.code, "灯-7", "L-7", str(lamp.id), f" {lamp.code} "):
        assert desk.facilities.find_number(number) == lamp.id
    with pytest.raises(Refused):
        desk.facilities.find_number("没有")


def test_rates_say_nothing_where_there_is_nothing_to_count(desk: Desk, actor: Actor) -> None:
    lamps = [a_lamp(desk, actor, main_road=True, lit=True) for _ in range(3)]
    desk.facilities.set_many([lamps[0].id], {"lit": False}, actor=actor)
    street, whole = desk.facilities.rates("lamps")
    assert (street.lit_main.share, street.lit_main.below, street.lit_back.share) == (2 / 3, True, None)
    assert whole.intact.share == 1
    (nothing,) = desk.facilities.rates("toilets")
    assert nothing.intact.share is None
    assert not nothing.intact.below
