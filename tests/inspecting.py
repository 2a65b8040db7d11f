"""What tests of inspections begin with: a list made known, two officers, an enterprise, and a leader who approves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.desk import Desk
from app.domain.checklists import ChecklistItem, Programme
from app.domain.inspection_rules import InspectionDraft
from app.domain.inspections import Enterprise, Inspection, InspectionBasis, Officer
from app.domain.permissions import Actor, OfficeRole
from tests.builders import PASSWORD

TODAY = date(2026, 11, 2)
ITEMS = ("门前三包责任落实", "餐厨垃圾收运台账")


def make_known(desk: Desk, actor: Actor) -> None:
    """The office makes two matters known."""
    items = [ChecklistItem(code=f"x{at}", title=title, basis="市容条例") for at, title in enumerate(ITEMS)]
    desk.checklists.save("检查事项", Programme.INSPECTION, items, actor=actor, valid_from=date(2026, 1, 1))


def an_officer(desk: Desk, actor: Actor, name: str, **what_matters: object) -> Officer:
    """An officer whose certificate holds until 2028."""
    number = f"4101-{sum(map(ord, name))}"
    fields = {"name": name, "unit_name": "综合行政执法大队", "certificate_no": number, "valid_until": date(2028, 1, 1)}
    return desk.officers.save({**fields, **what_matters}, actor=actor)


def a_shop(desk: Desk, actor: Actor, name: str = "豫香楼餐饮店", **what_matters: object) -> Enterprise:
    """A restaurant without a credit code."""
    fields = {"name": name, "address": "纬一路12号", "street_code": "410105001", "risk": "A"}
    return desk.enterprises.save({**fields, **what_matters}, actor=actor)


def a_leader(desk: Desk, actor: Actor) -> Actor:
    """Another person, who is a leader."""
    person = desk.accounts.add_person("李局长", "lijuzhang", [OfficeRole.LEADER], PASSWORD, actor=actor)
    return desk.accounts.actor(person.id)


def a_wish(desk: Desk, shop: Enterprise, officers: Sequence[UUID], **what_matters: object) -> InspectionDraft:
    """A planned inspection of two matters tomorrow."""
    fields: dict[str, object] = {
        "enterprise_id": shop.id,
        "basis": InspectionBasis.PLAN,
        "officer_ids": tuple(officers),
        "items": tuple(desk.inspections.items()),
        "planned_on": TODAY,
        "matter": "餐饮单位日常检查",
    }
    return InspectionDraft.model_validate({**fields, **what_matters})


def two_officers(desk: Desk, actor: Actor) -> tuple[UUID, UUID]:
    """王强 and 赵敏 of one unit."""
    return an_officer(desk, actor, "王强").id, an_officer(desk, actor, "赵敏").id


def planned(desk: Desk, actor: Actor, **what_matters: object) -> Inspection:
    """An inspection drafted from nothing."""
    make_known(desk, actor)
    return desk.inspections.plan(
        a_wish(desk, a_shop(desk, actor), two_officers(desk, actor), **what_matters), actor=actor
    )
