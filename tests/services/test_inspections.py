"""Inspections of enterprises: who may be sent, what must come before what, and how often a company may be visited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.cases import PhotoPhase
from app.domain.directory import Worker, WorkerKind
from app.domain.inspection_rules import Deed, may
from app.domain.inspection_views import EnterpriseFilter, InspectionFilter, InspectionView
from app.domain.inspections import Exclusion, Inspection, InspectionBasis, InspectionItem, InspectionState
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.reports.inspection_paper import FORM_TITLES, InspectionForm
from app.services.draws import DrawWish
from tests.builders import an_actor
from tests.inspecting import (
    ITEMS,
    TODAY,
    a_leader,
    a_shop,
    a_wish,
    an_officer,
    make_known,
    planned,
    two_officers,
)


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def answered(inspection: Inspection, *results: str) -> list[InspectionItem]:
    pairs = zip(inspection.items, results, strict=True)
    return [item.model_copy(update={"result": result}) for item, result in pairs]


def under_way(desk: Desk, actor: Actor) -> Inspection:
    inspection = planned(desk, actor)
    desk.inspections.approve(inspection.id, actor=a_leader(desk, actor))
    desk.inspections.notify(inspection.id, actor=actor)
    return desk.inspections.start(inspection.id, actor=actor)


def set_rules(desk: Desk, actor: Actor, **fields: object) -> None:
    desk.grids.save_rules(desk.grids.rules().model_copy(update=fields), actor=actor)


# From draft to done --------------------------------------------------------------------------------------------------


def test_an_inspection_goes_from_draft_over_approval_and_notice_to_its_result(desk: Desk, actor: Actor) -> None:
    inspection = planned(desk, actor)
    assert inspection.state is InspectionState.DRAFTED
    assert inspection.number.startswith("JC-JS-")
    leader = a_leader(desk, actor)
    approved = desk.inspections.approve(inspection.id, actor=leader)
    assert (approved.approved_by, approved.state) == ("李局长", InspectionState.APPROVED)
    assert desk.inspections.notify(inspection.id, "郑城检〔2026〕7号", actor=actor).notice_no == "郑城检〔2026〕7号"
    desk.inspections.start(inspection.id, actor=actor)
    done = desk.inspections.finish(
        inspection.id, answered(inspection, "fine", "does_not_apply"), "nothing_found", "情况良好", actor=actor
    )
    assert (done.state, done.result, done.units) == (
        InspectionState.DONE,
        "nothing_found",
        ("综合行政执法大队",),
    )
    assert done.officer_words[0].startswith("王强 4101-")


def test_what_does_not_follow_is_refused_and_changes_nothing(desk: Desk, actor: Actor) -> None:
    inspection = planned(desk, actor)
    takes = {
        Deed.APPROVE: lambda: desk.inspections.approve(inspection.id, actor=actor),
        Deed.NOTIFY: lambda: desk.inspections.notify(inspection.id, actor=actor),
        Deed.START: lambda: desk.inspections.start(inspection.id, actor=actor),
        Deed.FINISH: lambda: desk.inspections.finish(
            inspection.id, answered(inspection, "fine", "fine"), "nothing_found", actor=actor
        ),
        Deed.CANCEL: lambda: desk.inspections.cancel(inspection.id, "停业", actor=actor),
    }
    set_rules(desk, actor, inspection_other_approves=False)
    for deeds in (
        (Deed.APPROVE, Deed.NOTIFY, Deed.START, Deed.FINISH),
        (Deed.CANCEL,),
    ):
        inspection = desk.inspections.plan(
            a_wish(desk, a_shop(desk, actor, f"店{len(deeds)}"), [one.id for one in desk.officers.all()]), actor=actor
        )
        for deed in deeds:
            for other in Deed:
                now = desk.inspections.get(inspection.id)
                if not may(now, other):
                    assert code_of(takes[other]) in ("inspection.state", "inspection.notice_missing")
                    assert desk.inspections.get(inspection.id) == now
            takes[deed]()


def test_nobody_approves_their_own_draft_and_only_a_leader_approves(desk: Desk, actor: Actor) -> None:
    inspection = planned(desk, actor)
    assert code_of(lambda: desk.inspections.approve(inspection.id, actor=actor)) == "inspection.own_draft"
    clerk = an_actor(OfficeRole.GRID_CLERK, name="孙干事")
    assert code_of(lambda: desk.inspections.approve(inspection.id, actor=clerk)) == "inspection.not_leader"
    acceptor = an_actor(OfficeRole.ACCEPTOR)
    assert code_of(lambda: desk.inspections.approve(inspection.id, actor=acceptor)) == "account.role_needed"
    set_rules(desk, actor, inspection_other_approves=False)
    assert desk.inspections.approve(inspection.id, actor=actor).approved_by == "张敏"


def test_a_lead_with_a_reason_may_begin_without_notice_and_a_plan_may_not(desk: Desk, actor: Actor) -> None:
    plan = planned(desk, actor)
    wish = a_wish(desk, a_shop(desk, actor, "另一家"), plan.officer_ids, basis=InspectionBasis.LEAD)
    assert code_of(lambda: desk.inspections.plan(wish, actor=actor)) == "inspection.reason_missing"
    lead = desk.inspections.plan(wish.model_copy(update={"exempt_reason": "群众举报夜间倾倒"}), actor=actor)
    leader = a_leader(desk, actor)
    for one in (plan, lead):
        desk.inspections.approve(one.id, actor=leader)
    assert code_of(lambda: desk.inspections.start(plan.id, actor=actor)) == "inspection.notice_missing"
    assert desk.inspections.start(lead.id, actor=actor).state is InspectionState.UNDER_WAY


def test_only_matters_made_known_are_inspected_and_every_one_is_answered(desk: Desk, actor: Actor) -> None:
    officers = two_officers(desk, actor)
    shop = a_shop(desk, actor)
    wish = a_wish(desk, shop, officers, items=(InspectionItem(title="账册"),))
    assert code_of(lambda: desk.inspections.plan(wish, actor=actor)) == "inspection.nothing_made_known"
    make_known(desk, actor)
    assert [item.title for item in desk.inspections.items()] == list(ITEMS)
    assert code_of(lambda: desk.inspections.plan(wish, actor=actor)) == "inspection.item_not_made_known"
    assert set(desk.inspections.missing(wish)) == {"items"}
    assert all(one.name != "检查事项" for one in desk.checklists.current())


def test_the_result_says_what_the_matters_say(desk: Desk, actor: Actor) -> None:
    inspection = under_way(desk, actor)
    finish = desk.inspections.finish
    for items, result, code in (
        (answered(inspection, "fine", ""), "nothing_found", "inspection.item_unanswered"),
        (answered(inspection, "fine", "wrong"), "nothing_found", "inspection.result_contradicts"),
        (answered(inspection, "fine", "fine"), "put_right", "inspection.result_contradicts"),
        (answered(inspection, "fine", "fine"), "", "inspection.result_missing"),
        ([], "nothing_found", "inspection.items_changed"),
    ):
        assert code_of(partial(finish, inspection.id, items, result, actor=actor)) == code


def test_what_was_wrong_becomes_a_case_once(desk: Desk, actor: Actor) -> None:
    inspection = under_way(desk, actor)
    items = answered(inspection, "fine", "wrong")
    desk.inspections.finish(inspection.id, items, "put_right", "限三日", actor=actor)
    case = desk.inspections.to_case(inspection.id, actor=actor)
    assert case.source_no == inspection.number
    assert ITEMS[1] in case.description
    assert desk.inspections.get(inspection.id).case_no == case.local_no
    assert code_of(lambda: desk.inspections.to_case(inspection.id, actor=actor)) == "inspection.case_there"


# Officers ------------------------------------------------------------------------------------------------------------


def test_two_different_officers_are_needed(desk: Desk, actor: Actor) -> None:
    make_known(desk, actor)
    one, _two = two_officers(desk, actor)
    for officers in ((), (one,), (one, one)):
        wish = a_wish(desk, a_shop(desk, actor, f"店{len(officers)}"), officers)
        assert code_of(lambda wish=wish: desk.inspections.plan(wish, actor=actor)) == "inspection.two_officers"


def test_a_certificate_that_ends_before_the_day_is_refused_by_name_and_date(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    make_known(desk, actor)
    one = an_officer(desk, actor, "王强").id
    short = an_officer(desk, actor, "周平", valid_until=TODAY + timedelta(days=10)).id
    shop = a_shop(desk, actor)
    late = a_wish(desk, shop, (one, short), planned_on=TODAY + timedelta(days=11))
    with pytest.raises(Refused) as refused:
        desk.inspections.plan(late, actor=actor)
    assert refused.value.code == "inspection.certificate_expired"
    assert refused.value.details["name"] == "周平"
    assert refused.value.details["until"] == TODAY + timedelta(days=10)
    inspection = desk.inspections.plan(a_wish(desk, shop, (one, short)), actor=actor)
    desk.inspections.approve(inspection.id, actor=a_leader(desk, actor))
    desk.inspections.notify(inspection.id, actor=actor)
    clock.advance(timedelta(days=20))
    assert code_of(lambda: desk.inspections.start(inspection.id, actor=actor)) == "inspection.certificate_expired"


def test_a_grid_member_is_never_an_inspector(desk: Desk, actor: Actor) -> None:
    people: list[dict[str, object]] = [{"name": "采集员甲", "kind": WorkerKind.COLLECTOR, "number": "W-7"}]
    desk.directory.save_many(Worker, people, actor=actor)
    for fields in ({"name": "采集员 甲"}, {"name": "别名", "certificate_no": "W-7"}):
        name = fields.pop("name")
        act = lambda name=name, fields=fields: an_officer(desk, actor, name, **fields)  # noqa: E731
        assert code_of(act) == "inspection.grid_member"
    assert code_of(lambda: desk.officers.named("采集员甲")) == "inspection.grid_member"
    assert code_of(lambda: desk.officers.named("谁也不是")) == "inspection.officer_unknown"


def test_an_officer_who_became_a_grid_member_is_refused_at_the_door(desk: Desk, actor: Actor) -> None:
    inspection = planned(desk, actor)
    people: list[dict[str, object]] = [{"name": "王强", "kind": WorkerKind.COLLECTOR}]
    desk.directory.save_many(Worker, people, actor=actor)
    leader = a_leader(desk, actor)
    assert code_of(lambda: desk.inspections.approve(inspection.id, actor=leader)) == "inspection.grid_member"


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"certificate_no": ""}, "officer.certificate_missing"),
        ({"certificate_no": "4101-1"}, "officer.certificate_taken"),
        ({"valid_from": date(2029, 1, 1)}, "officer.dates_reversed"),
    ],
)
def test_an_officers_certificate_is_checked_when_it_is_typed(
    desk: Desk, actor: Actor, fields: dict[str, object], refusal: str
) -> None:
    an_officer(desk, actor, "王强", certificate_no="4101-1")
    assert code_of(lambda: an_officer(desk, actor, "赵敏", **fields)) == refusal


# The yearly cap ------------------------------------------------------------------------------------------------------


def test_the_cap_counts_across_units_and_one_joint_visit_once(desk: Desk, actor: Actor) -> None:
    make_known(desk, actor)
    officers = two_officers(desk, actor)
    shop = a_shop(desk, actor)
    joint = tuple(
        item.model_copy(update={"unit_name": unit})
        for item, unit in zip(desk.inspections.items(), ("城管局", "市场监管局"), strict=True)
    )
    first = desk.inspections.plan(a_wish(desk, shop, officers, items=joint), actor=actor)
    assert first.units == ("城管局", "市场监管局")
    assert len(desk.inspections.standing(shop.id).visits) == 1
    desk.inspections.plan(a_wish(desk, shop, officers, units=("燃气办",)), actor=actor)
    with pytest.raises(Refused) as refused:
        desk.inspections.plan(a_wish(desk, shop, officers, units=("环卫中心",)), actor=actor)
    assert refused.value.code == "inspection.cap_reached"
    assert first.number in refused.value.details["visits"]
    assert "燃气办" in refused.value.details["visits"]


def test_the_cap_is_of_a_calendar_year_in_chinese_time(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    make_known(desk, actor)
    officers, shop = two_officers(desk, actor), a_shop(desk, actor, yearly_cap=1)
    first = desk.inspections.plan(a_wish(desk, shop, officers, planned_on=date(2026, 12, 31)), actor=actor)
    desk.inspections.approve(first.id, actor=a_leader(desk, actor))
    desk.inspections.notify(first.id, actor=actor)
    assert desk.inspections.standing(shop.id, 2026).full
    clock.advance(datetime(2026, 12, 31, 16, 30, tzinfo=UTC) - clock.now())
    desk.inspections.start(first.id, actor=actor)
    assert not desk.inspections.standing(shop.id, 2026).visits
    assert desk.inspections.standing(shop.id, 2027).full
    assert desk.enterprises.find(EnterpriseFilter())[0].visits == 1


def test_leads_and_cancelled_visits_do_not_use_the_cap(desk: Desk, actor: Actor) -> None:
    make_known(desk, actor)
    officers, shop = two_officers(desk, actor), a_shop(desk, actor, yearly_cap=1)
    first = desk.inspections.plan(a_wish(desk, shop, officers), actor=actor)
    lead = a_wish(desk, shop, officers, basis=InspectionBasis.EMERGENCY, exempt_reason="燃气泄漏")
    desk.inspections.plan(lead, actor=actor)
    assert desk.inspections.detail(first.id).standing is not None
    assert len(desk.inspections.standing(shop.id).visits) == 1
    assert code_of(lambda: desk.inspections.cancel(first.id, " ", actor=actor)) == "inspection.cancel_reason"
    desk.inspections.cancel(first.id, "企业停业", actor=actor)
    assert not desk.inspections.standing(shop.id).visits
    assert desk.inspections.plan(a_wish(desk, shop, officers), actor=actor).state is InspectionState.DRAFTED


def test_an_office_may_be_warned_instead_and_then_sees_what_is_over(desk: Desk, actor: Actor) -> None:
    make_known(desk, actor)
    officers, shop = two_officers(desk, actor), a_shop(desk, actor, yearly_cap=1)
    set_rules(desk, actor, inspection_cap_refuses=False)
    visits = [desk.inspections.plan(a_wish(desk, shop, officers), actor=actor) for _n in range(3)]
    assert [one.id for one in desk.inspections.over_cap()] == [one.id for one in visits[1:]]
    over = desk.inspections.find(desk.inspections.view(InspectionView.OVER_CAP))
    assert {line.id for line in over} == {one.id for one in visits[1:]}
    assert desk.inspections.detail(visits[2].id).over


def test_two_desks_that_knew_nothing_of_each_other_the_later_visit_goes_no_further(desk: Desk, actor: Actor) -> None:
    make_known(desk, actor)
    officers, shop = two_officers(desk, actor), a_shop(desk, actor, yearly_cap=1)
    mine = desk.inspections.plan(a_wish(desk, shop, officers, planned_on=date(2026, 11, 20)), actor=actor)
    # The visit of the other desk comes in as the city sends it, past every rule of this desk.
    theirs = mine.model_copy(
        update={"id": desk.store.ids.new(), "number": "JC-JS-ZZZZ-261101-0001", "planned_on": date(2026, 11, 5)}
    )
    with desk.store.write(actor, "inspection.plan") as tx:
        tx.add(theirs)
    leader = a_leader(desk, actor)
    assert [one.id for one in desk.inspections.over_cap()] == [mine.id]
    assert code_of(lambda: desk.inspections.approve(mine.id, actor=leader)) == "inspection.cap_reached"
    assert desk.inspections.approve(theirs.id, actor=leader).state is InspectionState.APPROVED
    assert desk.inspections.cancel(mine.id, "与另一次合并", actor=actor).state is InspectionState.CANCELLED
    assert not desk.inspections.over_cap()


# Enterprises ---------------------------------------------------------------------------------------------------------


def test_an_enterprise_is_kept_once_per_credit_code(desk: Desk, actor: Actor) -> None:
    shop = a_shop(desk, actor, credit_code="91350100m000100y43")
    assert shop.credit_code == "91350100M000100Y43"
    assert shop.street_name
    assert desk.enterprises.named("91350100M000100Y43").id == shop.id
    assert code_of(lambda: a_shop(desk, actor, "另一家", credit_code=shop.credit_code)) == "enterprise.code_taken"
    assert code_of(lambda: a_shop(desk, actor, "另一家", credit_code="91350100M000100Y44")) == "enterprise.code_digit"
    assert code_of(lambda: a_shop(desk, actor, "  ")) == "enterprise.name_missing"
    assert code_of(lambda: desk.enterprises.named("没有的店")) == "enterprise.not_found"


def test_a_retired_enterprise_is_not_inspected(desk: Desk, actor: Actor) -> None:
    make_known(desk, actor)
    shop = a_shop(desk, actor)
    desk.enterprises.save({"active": False}, actor=actor, enterprise_id=shop.id)
    wish = a_wish(desk, shop, two_officers(desk, actor))
    assert code_of(lambda: desk.inspections.plan(wish, actor=actor)) == "inspection.enterprise_retired"


def test_lists_are_narrowed_searched_and_counted(desk: Desk, actor: Actor) -> None:
    inspection = planned(desk, actor)
    for wanted, found in (
        (InspectionFilter(), 1),
        (InspectionFilter(states=frozenset({InspectionState.DRAFTED, InspectionState.DONE})), 1),
        (InspectionFilter(states=frozenset({InspectionState.DONE})), 0),
        (InspectionFilter(enterprise_id=inspection.enterprise_id), 1),
        (InspectionFilter(search="豫香楼"), 1),
        (InspectionFilter(search="没有"), 0),
        (InspectionFilter(basis=InspectionBasis.RANDOM), 0),
        (InspectionFilter(planned_from=TODAY, planned_until=TODAY), 1),
        (InspectionFilter(planned_until=TODAY - timedelta(days=1)), 0),
        (InspectionFilter(ids=()), 0),
    ):
        assert len(desk.inspections.find(wanted)) == desk.inspections.count(wanted).count == found
    assert desk.inspections.find_number(inspection.number) == inspection.id
    assert desk.inspections.counts(list(InspectionView))[InspectionView.TO_APPROVE].count == 1
    for told, count in ((EnterpriseFilter(search="yxl"), 1), (EnterpriseFilter(risk="D"), 0), (EnterpriseFilter(), 1)):
        assert desk.enterprises.count(told).count == count


# Draws ---------------------------------------------------------------------------------------------------------------


def test_a_draw_drafts_an_inspection_for_every_pick_and_replays(desk: Desk, actor: Actor) -> None:
    make_known(desk, actor)
    for name, unit in (("王强", "一中队"), ("赵敏", "二中队"), ("周平", "一中队")):
        an_officer(desk, actor, name, unit_name=unit)
    an_officer(desk, actor, "过期者", valid_until=date(2026, 1, 1))
    shops = [a_shop(desk, actor, f"店{n}", risk="D" if n % 2 else "A") for n in range(8)]
    candidates = desk.draws.candidates(EnterpriseFilter(), TODAY)
    assert set(candidates) == {one.id for one in shops}
    wish = DrawWish(
        candidates,
        3,
        TODAY,
        tuple(desk.inspections.items()),
        exclusions=(Exclusion(enterprise_id=shops[0].id, reason="正在停业整顿"),),
    )
    draw, inspections = desk.draws.draw(wish, actor=actor)
    assert draw.number.startswith("CQ-JS-")
    assert len(draw.officers) == 3
    assert [one.enterprise_id for one in inspections] == [pick.enterprise_id for pick in draw.picks]
    assert all(one.draw_id == draw.id and one.basis is InspectionBasis.RANDOM for one in inspections)
    assert desk.inspections.count(InspectionFilter(draw_id=draw.id)).count == 3
    desk.officers.save({"unit_name": "三中队"}, actor=actor, officer_id=draw.officers[0])
    desk.enterprises.save({"risk": "B"}, actor=actor, enterprise_id=shops[1].id)
    assert desk.draws.replays(draw.id)
    assert desk.draws.all() == [draw]


def test_a_draw_that_cannot_be_carried_out_leaves_nothing_behind(desk: Desk, actor: Actor) -> None:
    make_known(desk, actor)
    two_officers(desk, actor)
    full = a_shop(desk, actor, "满额店", yearly_cap=0)
    wish = DrawWish([full.id], 1, TODAY, tuple(desk.inspections.items()))
    assert desk.draws.candidates(EnterpriseFilter(), TODAY) == []
    assert code_of(lambda: desk.draws.draw(wish, actor=actor)) == "inspection.cap_reached"
    many = DrawWish([full.id], 5, TODAY, tuple(desk.inspections.items()))
    assert code_of(lambda: desk.draws.draw(many, actor=actor)) == "draw.too_few"
    none = DrawWish([full.id], 0, TODAY, ())
    assert code_of(lambda: desk.draws.draw(none, actor=actor)) == "draw.wanted_wrong"
    assert not desk.draws.all()
    assert not desk.inspections.find(InspectionFilter())


# Papers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(InspectionForm))
def test_every_paper_names_the_company_and_has_lines_to_sign(desk: Desk, actor: Actor, form: InspectionForm) -> None:
    inspection = under_way(desk, actor)
    desk.inspections.finish(inspection.id, answered(inspection, "fine", "wrong"), "put_right", "限三日", actor=actor)
    paper = desk.inspection_papers.papers([inspection.id, inspection.id], form, actor=actor)
    said = repr(paper.blocks)
    for words in (FORM_TITLES[form], "豫香楼餐饮店", ITEMS[1], "Signatures", "PageBreak"):
        assert words in said
    assert ("王强" in said) is (form is not InspectionForm.RESULT)


def test_the_list_is_written_as_a_sheet(desk: Desk, actor: Actor, tmp_path: Any) -> None:
    inspection = planned(desk, actor)
    path = tmp_path / "检查.csv"
    written = desk.inspection_papers.export(path, desk.inspections.ids(InspectionFilter()), actor=actor)
    assert written == 1
    assert inspection.number in path.read_text("utf-8-sig")
    assert "待审批" in path.read_text("utf-8-sig")


def test_photos_lie_under_an_inspection(desk: Desk, actor: Actor, tmp_path: Any) -> None:
    from io import BytesIO

    from PIL import Image

    inspection = planned(desk, actor)
    picture = BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "PNG")
    taken = desk.photos.take_in(picture.getvalue(), name="现场.png")
    desk.photos.attach_to(inspection, [taken], PhotoPhase.BEFORE, actor=actor)
    assert [photo.name for photo in desk.inspections.detail(inspection.id).photos] == ["现场.png"]
