"""Work of a revoked person or PC is kept until the operator has looked at it, and never lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.problems import Refused
from app.wire.sync import Status
from server import people, review
from server.city import City
from server.devices import Device
from server.tables import AUDIT, RECORD, REVIEW
from tests.server.bureaus import Bureau
from tests.server.devices import HUIJI, JINSHUI, OPERATOR


def stopped(bureau: Bureau) -> Device:
    return replace(bureau.device, revoked=True)


def test_an_accepted_group_becomes_records_and_the_pc_hears_so(city: City) -> None:
    bureau = Bureau(city, JINSHUI)
    change = bureau.unit("环卫公司")
    held = bureau.push(change, device=stopped(bureau))

    outcomes = review.accept(city, change.group, who=OPERATOR)

    assert [outcome.waiting_for for outcome in held] == ["review"]
    assert [outcome.status for outcome in outcomes] == [Status.APPLIED]
    assert bureau.row(change.record_id)["name"] == "环卫公司"
    assert bureau.push(change, device=stopped(bureau))[0].status in (Status.APPLIED, Status.DUPLICATE)


def test_work_of_a_revoked_person_waits_too(city: City) -> None:
    bureau = Bureau(city, JINSHUI)
    with city.database.write() as connection:
        people.revoke(connection, city, bureau.person, who=OPERATOR)
    change = bureau.unit()

    held = bureau.push(change)

    assert (held[0].status, held[0].waiting_for) == (Status.HELD, "review")
    assert [outcome.status for outcome in review.accept(city, change.group, who=OPERATOR)] == [Status.APPLIED]


def test_a_refused_group_leaves_no_record_and_the_pc_hears_the_reason(city: City) -> None:
    bureau = Bureau(city, JINSHUI)
    change = bureau.unit()
    bureau.push(change, device=stopped(bureau))

    review.refuse(city, change.group, "不是本单位的", who=OPERATOR)

    answer = bureau.push(change, device=stopped(bureau))[0]
    assert (answer.status, answer.code, answer.details["reason"]) == (
        Status.REFUSED,
        "sync.review_refused",
        "不是本单位的",
    )
    with city.database.read() as connection:
        assert connection.execute(select(RECORD.c.id).where(RECORD.c.id == change.record_id)).first() is None


def test_a_group_is_decided_once_and_the_trail_names_who(city: City) -> None:
    bureau = Bureau(city, JINSHUI)
    change = bureau.unit()
    bureau.push(change, device=stopped(bureau))
    review.accept(city, change.group, who=OPERATOR)

    for decide in (
        lambda: review.accept(city, change.group, who=OPERATOR),
        lambda: review.refuse(city, change.group, "晚了", who=OPERATOR),
        lambda: review.accept(city, city.ids.new(), who=OPERATOR),
    ):
        with pytest.raises(Refused, match="review_unknown"):
            decide()
    with city.database.read() as connection:
        row = connection.execute(select(REVIEW)).one()
        acts = connection.execute(select(AUDIT.c.deed).where(AUDIT.c.subject == str(change.group))).scalars().all()
    assert (row.state, row.decided_by, row.decided_at) == (review.ACCEPTED, OPERATOR, city.now())
    assert acts == ["review.accepted"]


def test_a_group_that_still_waits_for_another_stays_in_the_tray(city: City) -> None:
    bureau = Bureau(city, JINSHUI)
    first = bureau.unit()
    second = bureau.change("unit", first.record_id, {"phone": ("", "0371")}, follows=first.change_id)
    bureau.push(first, second, device=stopped(bureau))

    early = review.accept(city, second.group, who=OPERATOR)
    review.accept(city, first.group, who=OPERATOR)
    late = review.accept(city, second.group, who=OPERATOR)

    assert early[0].status is Status.HELD
    assert late[0].status is Status.APPLIED
    assert bureau.row(first.record_id)["phone"] == "0371"


def test_an_accepted_group_lets_nothing_in_that_the_operator_has_not_seen(city: City) -> None:
    bureau = Bureau(city, JINSHUI)
    seen = bureau.change("of_tomorrow", city.ids.new(), {"name": (None, "看过的")})
    bureau.push(seen, device=stopped(bureau))
    review.accept(city, seen.group, who=OPERATOR)

    others_bytes = bureau.unit("没看过的", change_id=seen.change_id, group=seen.group)
    added = bureau.unit("后加的", group=seen.group)
    swapped = bureau.push(others_bytes, device=stopped(bureau))[0]
    first, second = bureau.push(seen, added, device=stopped(bureau))

    assert (swapped.status, swapped.code) == (Status.REFUSED, "sync.change_id_reused")
    assert [first.waiting_for, second.waiting_for] == ["review", "review"]
    assert bureau.snapshot().rows == []


def test_pcs_of_two_districts_that_use_one_group_stay_in_their_own_district(city: City) -> None:
    jinshui, huiji = Bureau(city, JINSHUI), Bureau(city, HUIJI)
    mine = jinshui.unit("金水的")
    theirs = huiji.unit("惠济的", group=mine.group)
    jinshui.push(mine, device=stopped(jinshui))
    huiji.push(theirs, device=stopped(huiji))

    review.accept(city, mine.group, who=OPERATOR)

    assert [entry.id for entry in jinshui.snapshot().rows] == [mine.record_id]
    assert [entry.id for entry in huiji.snapshot().rows] == [theirs.record_id]


def test_another_district_learns_nothing_from_the_tray(city: City) -> None:
    jinshui, huiji = Bureau(city, JINSHUI), Bureau(city, HUIJI)
    change = jinshui.unit()
    jinshui.push(change, device=stopped(jinshui))
    review.refuse(city, change.group, "金水的理由", who=OPERATOR)

    answer = huiji.push(change)[0]

    assert (answer.code, answer.details) == ("sync.change_id_reused", {})
