"""Judging the changes of one use case together: who, parents, numbers, steps; one that fails holds the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from app.base.reference_builtin import workflow
from app.domain.cases import PHOTO_PARENTS, Case, CaseStep, Photo
from app.domain.catalog import TYPE_NAMED
from app.domain.judging import FLOW_FIELDS, Moves, Objection, objection
from app.domain.office import SYSTEM_PERSON_ID, Person
from app.domain.permissions import WRITERS, Actor, OfficeRole
from app.domain.problems import Refused
from app.domain.records import Reach
from app.domain.workflow import Workflow
from app.wire.sync import Change, Outcome, Status
from server.devices import Device
from server.people import REVOKED, Known
from server.sync import rows
from server.sync.changes import Unsettled, settle, waits, worded
from server.sync.flows import Flows
from server.sync.working import Applied, Working

# A PC's clock may be years off and its work still counts; beyond these no calendar can reckon.
EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
OWN_DISTRICT_ONLY = re.compile(r"[0-9]{6}-[0-9]{4}-[0-9]{6}")
PARENTS = {
    "case_step": frozenset({"case"}),
    "photo": frozenset(PHOTO_PARENTS),
}
"""What a record of these types may lie under."""
ADMINISTERED = frozenset({"person", "unit", "reply_template", "reference_version"})
FOUNDED = ADMINISTERED | {"road", "worker"}
"""Lists the program itself may begin when an office is founded, and not change afterwards."""


@dataclass
class Tables:
    """What judging looks at beside the records, loaded before it begins; grows with what the request itself brings."""

    people: dict[UUID, Known]
    photos: dict[UUID, list[tuple[str, int]]] = field(default_factory=dict)
    flows: Flows = field(default_factory=Flows)
    blocks: list[tuple[int, int, int]] = field(default_factory=list)


def judge(
    changes: Sequence[Change], device: Device, working: Working, tables: Tables, now: datetime
) -> dict[UUID, Outcome]:
    """Take a group into `working`, whole or not at all; gives the outcomes of a group that fell, else nothing."""
    failed: dict[UUID, Outcome] = {}
    for change in changes:
        try:
            working.take(_one(change, device, working, tables))
        except Refused as refusal:
            failed[change.change_id] = refused(change, refusal, now)
        except Unsettled as unsettled:
            failed[change.change_id] = unsettled.outcome.model_copy(update={"at": now})
    if not failed:
        failed = _together(working, tables, device, now)
    if not failed:
        _remember(working, tables)
        working.keep()
        return {}
    working.forget()
    first = next(change.change_id for change in changes if change.change_id in failed)
    return {c.change_id: failed.get(c.change_id) or waits(c, str(first)).outcome for c in changes}


def refused(change: Change, refusal: Refused, now: datetime) -> Outcome:
    """The refusal as the wire says it."""
    outcome = Outcome(
        change_id=change.change_id, status=Status.REFUSED, at=now, field=str(refusal.details.get("field", ""))
    )
    return worded(outcome, refusal)


def scope_of(change: Change, device: Device) -> str:
    """The scope a change belongs to. Raises Refused for types that stay on their PC, or that the city does not know."""
    kind = TYPE_NAMED.get(change.record_type)
    if kind is None:
        raise Refused("sync.type_unknown", type=change.record_type)
    if kind.reach is Reach.PC:
        raise Refused("sync.not_permitted", name=change.actor_name)
    return device.district if kind.reach is Reach.DISTRICT else f"{device.district}/{device.id}"


def _one(change: Change, device: Device, working: Working, tables: Tables) -> Applied:
    scope = scope_of(change, device)
    if not EARLIEST < change.made_at < LATEST:
        raise Refused("sync.field_wrong", field="made_at", reason="不是可信的时间")
    _permit(change, tables.people)
    return settle(change, scope, working)


def _permit(change: Change, people: Mapping[UUID, Known]) -> None:
    person, kind = people.get(change.actor_id), change.record_type
    if person is not None:
        needed = WRITERS.get(kind)
        if (needed is not None and not person.roles & needed) or (
            kind in ADMINISTERED and OfficeRole.ADMIN not in person.roles
        ):
            raise Refused("sync.not_permitted", name=change.actor_name)
        return
    if change.actor_id != SYSTEM_PERSON_ID:
        raise Refused("sync.person_unknown", name=change.actor_name)
    # The program itself founds an office: its first person, who is known since the PC enrolled, and its first lists.
    founded = change.base_version == 0 and (kind != "person" or change.record_id in people)
    if kind in FOUNDED and not founded:
        raise Refused("sync.not_permitted", name=change.actor_name)


def _together(working: Working, tables: Tables, device: Device, now: datetime) -> dict[UUID, Outcome]:
    """What is wrong with the group in hand as a whole, by change."""
    failed: dict[UUID, Outcome] = {}
    for one in working.in_hand():
        try:
            _parent_stands(one, working)
            _number_is_ours(one, tables, device)
            _person_may_be(one, tables)
        except Refused as refusal:
            failed[one.change.change_id] = refused(one.change, refusal, now)
        except Unsettled as unsettled:
            failed[one.change.change_id] = unsettled.outcome.model_copy(update={"at": now})
    return failed or _flow(working, tables, now)


def _parent_stands(one: Applied, working: Working) -> None:
    parent_id = rows.value(one.after.record, "parent")
    if parent_id is None or one.before is not None:
        return
    parent = working.get(parent_id)
    if parent is None or parent.deleted or parent.scope != one.after.scope:
        raise waits(one.change, "parent", Refused("sync.parent_missing"))
    if parent.type not in PARENTS.get(one.after.type, (parent.type,)):
        raise Refused("sync.field_wrong", field="parent", reason="不是它所属的记录")


def _number_is_ours(one: Applied, tables: Tables, device: Device) -> None:
    """An official number was given to this PC; numbers of other systems' making are not looked at."""
    number = rows.value(one.after.record, "city_no")
    if not number or (one.before is not None and "city_no" not in one.change.fields):
        return
    if not OWN_DISTRICT_ONLY.fullmatch(number):
        return
    district, year, n = number.split("-")
    if district != device.district or not any(
        block_year == int(year) and first <= int(n) <= last for block_year, first, last in tables.blocks
    ):
        raise Refused("sync.number_foreign", number=number)


def _person_may_be(one: Applied, tables: Tables) -> None:
    """Somebody the city stopped is not let in again by a desk; the office's founder gets no roles the city did not hear of."""
    person = one.after.record
    if not isinstance(person, Person):
        return
    known = tables.people.get(person.id)
    if known is None:
        return
    by_system = one.change.actor_id == SYSTEM_PERSON_ID
    if (person.active and known.revoked_by_city) or (by_system and not known.roles >= set(person.roles)):
        raise Refused("sync.not_permitted", name=one.change.actor_name)


def _flow(working: Working, tables: Tables, now: datetime) -> dict[UUID, Outcome]:
    for moves in _moves(working, tables):
        found: Objection | None = objection(moves)
        if found is not None:
            change = {one.after.id: one.change for one in working.in_hand()}[found.record_id]
            return {change.change_id: refused(change, found.refusal, now)}
    return {}


def _moves(working: Working, tables: Tables) -> list[Moves]:
    """The cases of the group that take a step, or whose flow moves without one."""
    in_hand = working.in_hand()
    steps: dict[UUID, list[CaseStep]] = {}
    actors: dict[UUID, Actor] = {}
    moved: dict[UUID, frozenset[str]] = {}
    for one in in_hand:
        record = one.after.record
        if one.status is Status.DUPLICATE:
            continue
        if isinstance(record, CaseStep):
            steps.setdefault(record.parent, []).append(record)
            actors[record.id] = _actor(one.change, tables)
        elif isinstance(record, Case) and one.fields:
            # A new case may stand anywhere; only its own steps have to agree with it.
            moved[record.id] = moved.get(record.id, frozenset()) | (FLOW_FIELDS & one.fields)
    cases = [case_id for case_id in dict.fromkeys([*moved, *steps]) if steps.get(case_id) or moved.get(case_id)]
    return [_moves_of(case_id, moved, steps, actors, working, tables) for case_id in cases]


def _moves_of(
    case_id: UUID,
    moved: Mapping[UUID, frozenset[str]],
    steps: Mapping[UUID, list[CaseStep]],
    actors: Mapping[UUID, Actor],
    working: Working,
    tables: Tables,
) -> Moves:
    before, now = working.before_group(case_id), working.get(case_id)
    assert now is not None
    after = rows.read(now)
    assert isinstance(after, Case)
    was = None if before is None else rows.read(before)
    assert was is None or isinstance(was, Case)
    photos = list(tables.photos.get(case_id, []))
    photos += [
        (one.after.record.phase, one.after.record.batch)
        for one in working.in_hand()
        if isinstance(one.after.record, Photo) and one.after.record.parent == case_id
    ]
    return Moves(
        was,
        after,
        moved.get(case_id, frozenset()),
        steps.get(case_id, ()),
        actors,
        _flows(was or after, tables),
        tuple(photos),
    )


def _flows(case: Case, tables: Tables) -> list[Workflow]:
    """The flow the case was opened under, then the one in force."""
    own = next((flow for flow_id, flow in tables.flows.by_id.items() if str(flow_id) == case.flow_version), workflow())
    in_force = tables.flows.newest
    return [own] if in_force is None or in_force is own else [own, in_force]


def _actor(change: Change, tables: Tables) -> Actor:
    known = tables.people.get(change.actor_id)
    return Actor(change.actor_id, change.actor_name, frozenset() if known is None else known.roles, change.change_id)


def _remember(working: Working, tables: Tables) -> None:
    """People and photos of a group that stands count for the groups after it."""
    for one in working.in_hand():
        record = one.after.record
        if isinstance(record, Photo) and one.before is None:
            tables.photos.setdefault(record.parent, []).append((record.phase, record.batch))
        elif isinstance(record, Person):
            old = tables.people.get(record.id)
            state = "active" if record.active else REVOKED
            if old is not None and old.state != REVOKED:
                state = old.state
            mapped = None if old is None else old.mapped_to
            roles = frozenset(record.roles) if mapped is None or old is None else old.roles
            tables.people[record.id] = Known(record.id, record.name, roles, state, mapped)
