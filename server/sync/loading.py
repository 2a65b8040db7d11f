"""Loading what a push is judged by: records first, locked, then everything that may have changed until then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import Connection

from app.domain.workcalendar import ZONE
from app.wire.sync import SETTLED, Change, Outcome
from server.devices import Device
from server.people import NAMED, known_among
from server.statements import Rows, Said, together
from server.sync import history
from server.sync.flows import flows_of
from server.sync.groups import Tables
from server.sync.rows import Standing
from server.sync.working import Working

_ORDER = attrgetter("int")
"""Of identities, as the database orders them; comparing them one by one costs several times as much."""


@dataclass(frozen=True)
class Opening:
    """What goes to the database before anything is loaded, and the device behind it.

    device: told the connection and what the first of `said` gave.
    """

    said: Sequence[Said]
    device: Callable[[Connection, Rows], Device]


@dataclass(frozen=True)
class Loaded:
    """answers: given before, with the hash of the change. review: state, note and bytes of changes in the tray."""

    device: Device
    answers: Mapping[UUID, tuple[bytes, Outcome]]
    review: Mapping[UUID, tuple[str, str, Change | None]]
    working: Working
    tables: Tables


def load(connection: Connection, opening: Opening, changes: Sequence[Change], now: datetime) -> Loaded:
    """Everything judging needs. The statements do not grow with the changes.

    Records are locked before answers are read: whoever sends the same request at the same time has answered it then.
    """
    parents = {change.change_id: _parent(change) for change in changes}
    named = {change.record_id for change in changes} | {parent for parent in parents.values() if parent is not None}
    mine = {change.change_id for change in changes}
    asked = mine | {change.follows for change in changes if change.follows}
    who = {change.actor_id for change in changes} | {c.record_id for c in changes if c.record_type == "person"}
    sets = ((history.LOCKED, named), (history.ANSWERED, asked), (history.REVIEWED, mine), (NAMED, who))
    *first, locked, answered, reviewed, people = together(
        connection,
        *opening.said,
        *((statement, [{"ids": sorted(ids, key=_ORDER)}] if ids else []) for statement, ids in sets),
    )
    device = opening.device(connection, first[0] if first else [])
    records, answers = history.standing(locked), history.answers(answered, device.district)
    new = [change for change in changes if change.change_id not in answers]
    settled = {change_id: answer.version for change_id, (_hash, answer) in answers.items() if answer.status in SETTLED}
    bases = _bases(new, records, settled)
    newer, tables = _more(connection, device, new, parents, bases, now)
    tables.people = known_among(people, device.district)
    working = Working(records, history.fields_since(newer, bases), settled, history.records_of(answered))
    return Loaded(device, answers, history.in_review(reviewed, device.district), working, tables)


def _more(
    connection: Connection,
    device: Device,
    changes: Sequence[Change],
    parents: Mapping[UUID, UUID | None],
    bases: Mapping[UUID, int],
    now: datetime,
) -> tuple[Rows, Tables]:
    """What most requests do without: newer versions than a change was made on, and what steps and numbers are judged by."""
    stepped = {parents[change.change_id] for change in changes if change.record_type == "case_step"} - {None}
    numbered = any("city_no" in change.fields for change in changes)
    if not (bases or stepped or numbered):
        return [], Tables({})
    ours = {"ids": sorted({device.id, *device.previous}), "district": device.district}
    newer, photos, flows, blocks = together(
        connection,
        (history.NEWER, [{"ids": list(bases), "least": min(bases.values())}] if bases else []),
        (history.PHOTOS, [{"ids": list(stepped)}] if stepped else []),
        (history.FLOWS, [{"district": device.district}] if stepped else []),
        (history.BLOCKS, [ours] if numbered else []),
    )
    found = [(year, first, last) for year, first, last in blocks]
    flows_then = flows_of(flows, now.astimezone(ZONE).date())
    return newer, Tables({}, history.photos_of(photos), flows_then, found)


def _bases(changes: Iterable[Change], records: Mapping[UUID, Standing], settled: Mapping[UUID, int]) -> dict[UUID, int]:
    """Record -> the oldest version a change of this request was made on, where the city has a newer one."""
    bases: dict[UUID, int] = {}
    for change in changes:
        record = records.get(change.record_id)
        base = max(change.base_version, settled.get(change.follows, 0) if change.follows else 0)
        if record is not None and base < record.version:
            bases[change.record_id] = min(base, bases.get(change.record_id, base))
    return bases


def _parent(change: Change) -> UUID | None:
    """The record a change's record hangs below, as far as the change says so."""
    said = change.fields.get("parent", (None, None))[1]
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None
