"""Loading what a push is judged by: records first, locked, then everything that may have changed until then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.domain.workcalendar import ZONE
from app.wire.sync import CITY_SCOPE, SETTLED, Change, Outcome
from server.devices import Device
from server.people import known_people
from server.sync import history
from server.sync.flows import Flows, flows_of
from server.sync.groups import Tables
from server.sync.rows import Standing
from server.sync.working import Working


@dataclass(frozen=True)
class Loaded:
    """answers: given before, with the hash of the change. review: state, note and bytes of changes in the tray."""

    records: Mapping[UUID, Standing]
    answers: Mapping[UUID, tuple[bytes, Outcome]]
    review: Mapping[UUID, tuple[str, str, Change | None]]
    working: Working
    tables: Tables


def load(connection: Connection, device: Device, changes: Sequence[Change], now: datetime) -> Loaded:
    """Everything judging needs. The statements do not grow with the changes.

    Records are locked before answers are read: whoever sends the same request at the same time has answered it then.
    """
    parents = {change.change_id: _parent(change) for change in changes}
    named = {change.record_id for change in changes} | {parent for parent in parents.values() if parent is not None}
    records = history.locked(connection, sorted(named))
    asked = {change.change_id for change in changes} | {change.follows for change in changes if change.follows}
    answers = history.answers(connection, asked, device.district)
    new = [change for change in changes if change.change_id not in answers]
    settled = {change_id: answer.version for change_id, (_hash, answer) in answers.items() if answer.status in SETTLED}
    since = history.fields_since(connection, _bases(new, records, settled))
    return Loaded(
        records,
        answers,
        history.in_review(connection, [change.change_id for change in new], device.district),
        Working(records, since, settled, history.records_of(connection, {c.follows for c in new if c.follows})),
        _tables(connection, device, new, parents, now),
    )


def _tables(
    connection: Connection,
    device: Device,
    changes: Sequence[Change],
    parents: Mapping[UUID, UUID | None],
    now: datetime,
) -> Tables:
    who = {change.actor_id for change in changes} | {c.record_id for c in changes if c.record_type == "person"}
    stepped = {parents[change.change_id] for change in changes if change.record_type == "case_step"} - {None}
    numbered = any("city_no" in change.fields for change in changes)
    today = now.astimezone(ZONE).date()
    return Tables(
        people=known_people(connection, device.district, who),
        photos=history.photos_of(connection, [case_id for case_id in stepped if case_id is not None]),
        flows=flows_of(connection, (device.district, CITY_SCOPE), today) if stepped else Flows(),
        blocks=history.blocks_of(connection, device.district, {device.id, *device.previous}, "case")
        if numbered
        else [],
    )


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
