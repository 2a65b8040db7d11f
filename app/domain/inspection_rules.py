"""What an inspection of an enterprise (涉企行政检查) must be like, and how it goes on from state to state.

Source: 国办发〔2024〕54号 (关于严格规范涉企行政检查的意见): only officers with certificates, never grid members or
auxiliaries; within the matters made known; approved by a leader of the organ before it begins; notice; a yearly cap;
leads, transfers and the like are not held to the cap. Two officers at least: 行政处罚法 第四十二条, followed here for
inspections as well. That the one who approves is not the one who drafted is no law: a setting of the office.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from app.domain.cases import CaseDraft
from app.domain.directory import Worker, WorkerKind
from app.domain.inspection_caps import NOT_COUNTED, Cap, counts, standing
from app.domain.inspections import (
    INSPECTION_BASIS_TITLES,
    INSPECTION_STATE_TITLES,
    Enterprise,
    Inspection,
    InspectionBasis,
    InspectionItem,
    InspectionResult,
    InspectionState,
    ItemResult,
    Officer,
)
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.domain.records import Draft
from app.domain.workcalendar import ZONE

TEAM = 2
CASE_SOURCE = "inspection"
SOURCE_SYSTEM = "行政检查"
WITHOUT_NOTICE = frozenset({InspectionBasis.LEAD, InspectionBasis.EMERGENCY})
"""Where telling the company first would defeat the inspection: never without a reason written down."""
NOT_BEGUN = frozenset({InspectionState.DRAFTED, InspectionState.APPROVED, InspectionState.NOTIFIED})
OPEN = NOT_BEGUN | {InspectionState.UNDER_WAY}


class Deed(StrEnum):
    """What takes an inspection on."""

    APPROVE = "approve"
    NOTIFY = "notify"
    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"


DEED_TITLES = {
    Deed.APPROVE: "批准",
    Deed.NOTIFY: "告知企业",
    Deed.START: "开始检查",
    Deed.FINISH: "完成检查",
    Deed.CANCEL: "取消",
}
_FROM: Mapping[Deed, frozenset[InspectionState]] = {
    Deed.APPROVE: frozenset({InspectionState.DRAFTED}),
    Deed.NOTIFY: frozenset({InspectionState.APPROVED}),
    Deed.START: frozenset({InspectionState.NOTIFIED}),
    Deed.FINISH: frozenset({InspectionState.UNDER_WAY}),
    Deed.CANCEL: NOT_BEGUN,
}


class InspectionDraft(Draft):
    """What the form holds."""

    enterprise_id: UUID | None = Field(default=None, title="企业")
    basis: InspectionBasis = Field(default=InspectionBasis.PLAN, title="检查来源")
    exempt_reason: str = Field(default="", title="理由", max_length=400)
    matter: str = Field(default="", title="检查内容", max_length=400)
    units: tuple[str, ...] = Field(default=(), title="检查单位")
    officer_ids: tuple[UUID, ...] = Field(default=(), title="执法人员")
    items: tuple[InspectionItem, ...] = Field(default=(), title="检查事项")
    planned_on: date | None = Field(default=None, title="计划日期")
    note: str = Field(default="", title="说明", max_length=4000)


@dataclass(frozen=True)
class FieldGap:
    """A field of the form and why it cannot be saved yet."""

    field: str
    refusal: Refused


@dataclass(frozen=True)
class Ground:
    """What an inspection is judged on. visits: all of the enterprise. made_known: titles; None: nothing was."""

    enterprise: Enterprise | None
    officers: Sequence[Officer]
    members: Sequence[Worker]
    made_known: Collection[str] | None
    visits: Sequence[Inspection]
    cap: Cap
    unknown_officers: Sequence[UUID] = field(default=())


def gaps(draft: InspectionDraft, ground: Ground) -> list[FieldGap]:
    """What is missing or wrong before a draft becomes an inspection, in the order of the form."""
    found: list[FieldGap] = []
    if ground.enterprise is None:
        found.append(FieldGap("enterprise_id", Refused("inspection.enterprise_missing")))
    elif not ground.enterprise.active:
        found.append(FieldGap("enterprise_id", Refused("inspection.enterprise_retired", name=ground.enterprise.name)))
    if draft.basis in NOT_COUNTED and not draft.exempt_reason.strip():
        basis = INSPECTION_BASIS_TITLES[draft.basis]
        found.append(FieldGap("exempt_reason", Refused("inspection.reason_missing", basis=basis)))
    if draft.planned_on is None:
        found.append(FieldGap("planned_on", Refused("inspection.day_missing")))
    else:
        found += [FieldGap("officer_ids", refusal) for refusal in _team_refusals(ground, draft.planned_on)]
        found += [FieldGap("planned_on", refusal) for refusal in _cap_refusals(draft, ground, draft.planned_on)]
    found += [FieldGap("items", refusal) for refusal in _item_refusals(draft.items, ground.made_known)]
    return found


def drafted(
    draft: InspectionDraft, ground: Ground, *, inspection_id: UUID, number: str, now: datetime, drafter: Actor
) -> Inspection:
    """The inspection of a draft. Raises Refused for the first gap."""
    for gap in gaps(draft, ground):
        raise gap.refusal
    if ground.enterprise is None or draft.planned_on is None:
        raise Refused("inspection.enterprise_missing")
    fields = draft.model_dump(exclude={"enterprise_id", "planned_on", "items"})
    units = tuple(dict.fromkeys((*draft.units, *(item.unit_name for item in draft.items if item.unit_name))))
    fields["units"] = units or tuple(dict.fromkeys(one.unit_name for one in ground.officers if one.unit_name))
    return Inspection(
        id=inspection_id,
        created_at=now,
        changed_at=now,
        number=number,
        enterprise_id=ground.enterprise.id,
        enterprise_name=ground.enterprise.name,
        state=InspectionState.DRAFTED,
        items=draft.items,
        planned_on=draft.planned_on,
        officer_words=tuple(map(officer_words, ground.officers)),
        drafter_id=drafter.person_id,
        drafter_name=drafter.name,
        **fields,
    )


def may(inspection: Inspection, deed: Deed) -> bool:
    """The state allows it."""
    if deed is Deed.START and inspection.state is InspectionState.APPROVED:
        return inspection.basis in WITHOUT_NOTICE and bool(inspection.exempt_reason.strip())
    return inspection.state in _FROM[deed]


def need(inspection: Inspection, deed: Deed) -> None:
    """Raises Refused: inspection.notice_missing, inspection.state."""
    if may(inspection, deed):
        return
    if deed is Deed.START and inspection.state is InspectionState.APPROVED:
        raise Refused("inspection.notice_missing", number=inspection.number)
    raise Refused(
        "inspection.state",
        number=inspection.number,
        state=INSPECTION_STATE_TITLES[inspection.state],
        deed=DEED_TITLES[deed],
    )


def approved(
    inspection: Inspection, ground: Ground, actor: Actor, now: datetime, *, by_leader: bool, by_another: bool
) -> Inspection:
    """Approved by a leader who did not draft it. Raises Refused of state, person, officers and cap."""
    need(inspection, Deed.APPROVE)
    if by_leader and OfficeRole.LEADER not in actor.roles:
        raise Refused("inspection.not_leader", name=actor.name)
    if by_another and actor.person_id == inspection.drafter_id:
        raise Refused("inspection.own_draft", name=actor.name)
    _still_holds(inspection, ground, inspection.planned_on)
    return inspection.changed(now, state=InspectionState.APPROVED, approved_by=actor.name, approved_at=now)


def notified(inspection: Inspection, notice_no: str, now: datetime) -> Inspection:
    """The company was told. notice_no empty: the inspection's own number is the notice's."""
    need(inspection, Deed.NOTIFY)
    number = notice_no.strip() or inspection.number
    return inspection.changed(now, state=InspectionState.NOTIFIED, notice_no=number, noticed_at=now)


def started(inspection: Inspection, ground: Ground, now: datetime) -> Inspection:
    """The officers are there. Raises Refused of state and notice, and of certificates and cap as of today."""
    need(inspection, Deed.START)
    _still_holds(inspection, ground, now.astimezone(ZONE).date())
    return inspection.changed(now, state=InspectionState.UNDER_WAY, started_at=now)


def finished(
    inspection: Inspection, items: Sequence[InspectionItem], result: str, note: str, now: datetime
) -> Inspection:
    """Done, every matter answered. Raises Refused: inspection.item_unanswered, result_missing, result_contradicts."""
    need(inspection, Deed.FINISH)
    if [item.title for item in items] != [item.title for item in inspection.items]:
        raise Refused("inspection.items_changed", number=inspection.number)
    answers = set(ItemResult)
    for item in items:
        if item.result not in answers:
            raise Refused("inspection.item_unanswered", title=item.title)
    if result not in set(InspectionResult):
        raise Refused("inspection.result_missing")
    wrong = any(item.result == ItemResult.WRONG for item in items)
    if wrong == (result == InspectionResult.NOTHING_FOUND):
        raise Refused("inspection.result_contradicts")
    return inspection.changed(
        now, state=InspectionState.DONE, items=tuple(items), result=str(result), note=note.strip(), ended_at=now
    )


def cancelled(inspection: Inspection, reason: str, now: datetime) -> Inspection:
    """It will not take place, and does not count. Raises Refused("inspection.cancel_reason")."""
    need(inspection, Deed.CANCEL)
    if not reason.strip():
        raise Refused("inspection.cancel_reason")
    return inspection.changed(now, state=InspectionState.CANCELLED, note=reason.strip(), ended_at=now)


# Officers ------------------------------------------------------------------------------------------------------------


def refuse_uncertified(officer: Officer, on: date) -> None:
    """Raises Refused for an officer who may not inspect on that day, with the name and the date."""
    if not officer.active:
        raise Refused("inspection.officer_retired", name=officer.name)
    if not officer.certificate_no.strip():
        raise Refused("inspection.certificate_missing", name=officer.name)
    if officer.valid_from is not None and on < officer.valid_from:
        raise Refused("inspection.certificate_not_yet", name=officer.name, begins=officer.valid_from, day=on)
    if officer.valid_until is not None and on > officer.valid_until:
        raise Refused("inspection.certificate_expired", name=officer.name, until=officer.valid_until, day=on)


def refuse_member(name: str, number: str, members: Sequence[Worker]) -> None:
    """Raises Refused("inspection.grid_member") when a name or number is that of a grid member."""
    plain, digits = plain_name(name), number.strip()
    for member in members:
        if member.kind is not WorkerKind.COLLECTOR or not member.active:
            continue
        numbers = {member.number.strip(), *(paper.number.strip() for paper in member.certificates)} - {""}
        if plain_name(member.name) == plain or digits in numbers:
            raise Refused("inspection.grid_member", name=name.strip() or digits, member=member.name)


def plain_name(name: str) -> str:
    """A name without the spaces people put between its characters."""
    return "".join(name.split())


def officer_words(officer: Officer) -> str:
    """An officer as an inspection keeps them: name, certificate, unit."""
    return " ".join(part for part in (officer.name, officer.certificate_no, officer.unit_name) if part)


def _still_holds(inspection: Inspection, ground: Ground, on: date) -> None:
    for refusal in _team_refusals(ground, on):
        raise refusal
    if ground.enterprise is None or not counts(inspection) or not ground.cap.refuses:
        return
    others = [visit for visit in ground.visits if visit.id != inspection.id]
    there = standing(ground.enterprise, [*others, inspection], on.year, ground.cap)
    if inspection.id in {visit.id for visit in there.over}:
        raise there.refusal()


def _team_refusals(ground: Ground, on: date) -> Iterator[Refused]:
    if ground.unknown_officers or len({officer.id for officer in ground.officers}) < TEAM:
        yield Refused("inspection.two_officers")
    for officer in ground.officers:
        try:
            refuse_member(officer.name, officer.certificate_no, ground.members)
            refuse_uncertified(officer, on)
        except Refused as refusal:
            yield refusal


def _cap_refusals(draft: InspectionDraft, ground: Ground, on: date) -> Iterator[Refused]:
    if ground.enterprise is None or draft.basis in NOT_COUNTED or not ground.cap.refuses:
        return
    there = standing(ground.enterprise, ground.visits, on.year, ground.cap)
    if there.full:
        yield there.refusal()


def _item_refusals(items: Sequence[InspectionItem], made_known: Collection[str] | None) -> Iterator[Refused]:
    if made_known is None:
        yield Refused("inspection.nothing_made_known")
        return
    if not items:
        yield Refused("inspection.items_missing")
    for item in items:
        if item.title not in made_known:
            yield Refused("inspection.item_not_made_known", title=item.title)


def case_draft(inspection: Inspection, enterprise: Enterprise) -> CaseDraft:
    """A case about what was wrong. Raises Refused: inspection.nothing_wrong, inspection.case_there."""
    wrong = [item for item in inspection.items if item.result == ItemResult.WRONG]
    if not wrong:
        raise Refused("inspection.nothing_wrong", number=inspection.number)
    if inspection.case_id is not None:
        raise Refused("inspection.case_there", number=inspection.number, case=inspection.case_no)
    found = ";".join(f"{item.title}:{item.note}" if item.note else item.title for item in wrong)
    return CaseDraft(
        source=CASE_SOURCE,
        source_system=SOURCE_SYSTEM,
        source_no=inspection.number,
        category_text=wrong[0].title[:200],
        street_code=enterprise.street_code,
        address=enterprise.address or enterprise.name,
        longitude=enterprise.longitude,
        latitude=enterprise.latitude,
        description=f"{inspection.number} {enterprise.name} {found}",
    )
