"""A round as the tests of findings, tasks and photos need it."""

from __future__ import annotations

from datetime import date

from app.desk import Desk
from app.domain.checklists import ChecklistItem, ChecklistTemplate, Programme
from app.domain.patrols import CheckPoint, PatrolRound, RoundKind, RoundState
from app.domain.permissions import Actor

LON, LAT = 113.6701, 34.7602


def a_round(desk: Desk, actor: Actor, **what_matters: object) -> PatrolRound:
    """A round of two check points by the first member, with a checklist whose first item proposes a category."""
    item = ChecklistItem(code="a1", title="店外经营", case_kind="event", major="04", minor="05")
    points = (
        CheckPoint(no=1, name="经八路口", road="纬一路", house_no="12", longitude=LON, latitude=LAT),
        CheckPoint(no=2, name="公园东门", road="纬一路"),
    )
    member = desk.members.all()[0]
    with desk.store.write(actor, "patrol.start") as tx:
        template = ChecklistTemplate(
            id=tx.ids.new(),
            created_at=tx.now,
            changed_at=tx.now,
            family=tx.ids.new(),
            number=1,
            name="序化",
            programme=Programme.ORDER,
            items=(item,),
            valid_from=date(2026, 1, 1),
        )
        fields: dict[str, object] = {
            "id": tx.ids.new(),
            "created_at": tx.now,
            "changed_at": tx.now,
            "number": "XC-JS-ABCD-261102-0001",
            "kind": RoundKind.PATROL,
            "state": RoundState.STARTED,
            "day": date(2026, 11, 2),
            "member_id": member.id,
            "member_name": member.name,
            "street_code": "410105001",
            "template_id": template.id,
            "points": points,
            "points_total": len(points),
        }
        walk = PatrolRound.model_validate({**fields, **what_matters})
        tx.add(template)
        tx.add(walk)
    return walk
