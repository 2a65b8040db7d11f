"""Writing what was judged: records, answers, tray and dead letters set by set, the feed's numbers last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import Connection

from app.domain.office import Person
from app.wire.sync import SETTLED, Change, Outcome, Status
from server import people
from server.city import City
from server.devices import Device
from server.statements import Said, insertion
from server.sync import history, rows, sequence
from server.sync.bulk import COPY_FROM_ROWS, changed_rows, left_to_say
from server.sync.sequence import FeedLine
from server.sync.working import Applied, Working
from server.tables import ATTEMPT, DEAD_LETTER, OUTCOME, RECORD, REVIEW


@dataclass(frozen=True)
class Letter:
    """Bytes that could not be used."""

    reason: str
    note: str
    raw: bytes


@dataclass(frozen=True)
class Tray:
    """A change that waits for the operator, and why."""

    change: Change
    reason: str


def write_records(connection: Connection, city: City, district: str, working: Working, now: datetime) -> list[Said]:
    """The records as the groups left them, and what is left to say of them; the city's list of people follows."""
    last = {one.after.id: one for one in working.done if one.status is not Status.DUPLICATE}
    made = {one.after.id for one in working.done if one.before is None}
    standing = [rows.columns(one.after, now) for one in last.values()]
    new = left_to_say(connection, RECORD, [row for row in standing if row["id"] in made])
    changed = changed_rows([row for row in standing if row["id"] not in made])
    for one in last.values():
        person = one.after.record
        if isinstance(person, Person):
            people.note_person(
                connection,
                city,
                record_id=person.id,
                district=district,
                name=rows.plain(person.name),
                login=rows.plain(person.login),
                roles=person.roles,
                active=person.active,
            )
    return [new, changed]


def write_tray(connection: Connection, device: Device, tray: Sequence[Tray], now: datetime) -> Said:
    """Changes for the operator, in the order they were made."""
    return left_to_say(
        connection,
        REVIEW,
        [
            {
                "change_id": waiting.change.change_id,
                "group_id": waiting.change.group,
                "district": device.district,
                "device_id": device.id,
                "actor_id": waiting.change.actor_id,
                "actor_name": rows.plain(waiting.change.actor_name),
                "reason": waiting.reason,
                "change": waiting.change.model_dump_json(),
                "at": now,
                "state": "waiting",
                "decided_by": "",
                "decided_at": None,
                "note": "",
            }
            for waiting in tray
        ],
    )


def write_letters(connection: Connection, device: Device, letters: Sequence[Letter], agent: str, now: datetime) -> Said:
    """What could not be used, each kept once however often it is sent."""
    kept = history.letters_kept(connection, device.id, {letter.reason for letter in letters}) if letters else set()
    new = {(letter.reason, letter.raw): letter for letter in letters if letter.raw not in kept}
    return left_to_say(
        connection,
        DEAD_LETTER,
        [
            {
                "at": now,
                "device_id": device.id,
                "reason": letter.reason,
                "note": rows.plain(letter.note),
                "agent": rows.plain(agent)[:200],
                "raw": letter.raw,
                "seen_at": None,
            }
            for letter in new.values()
        ],
    )


def noted(device_id: UUID, changes: int, now: datetime) -> Said:
    """The attempt, as the operator sees it."""
    values = {"at": now, "device_id": device_id, "kind": "push", "ok": True, "code": "", "note": f"changes={changes}"}
    return _ATTEMPT, [values]


def write_feed(
    connection: Connection, city: City, device: Device, done: Sequence[Applied], now: datetime, before: Sequence[Said]
) -> tuple[dict[UUID, Outcome], Said]:
    """The outcomes of everything that stands, with the numbers it got, and what writes the feed's lines."""
    written = [one for one in done if one.status is not Status.DUPLICATE]
    numbers, feed = sequence.append(connection, city, [_line(one, device) for one in written], now, before=before)
    seqs = {one.change.change_id: seq for one, seq in zip(written, numbers, strict=True)}
    return {one.change.change_id: _settled(one, seqs.get(one.change.change_id, 0), now) for one in done}, feed


def write_answers(
    connection: Connection,
    device: Device,
    changes: Mapping[UUID, Change],
    hashes: Mapping[UUID, bytes],
    final: Sequence[Outcome],
) -> Said:
    """Final answers, so that the same question gets the same answer."""
    return left_to_say(connection, OUTCOME, [_answer(one, device, changes[one.change_id], hashes) for one in final])


def written_at_once(done: Sequence[Applied], district: str) -> bool:
    """Whether feed and answers can be written in the round trip that takes the numbers: few, plain, all of the district."""
    few = 0 < len(done) < COPY_FROM_ROWS
    return few and all(one.status is Status.APPLIED and one.after.scope == district for one in done)


def write_at_once(
    connection: Connection,
    city: City,
    device: Device,
    done: Sequence[Applied],
    hashes: Mapping[UUID, bytes],
    now: datetime,
    said: Sequence[Said],
) -> dict[UUID, Outcome]:
    """Everything that is left to say, feed and answers, and the commit; gives the outcomes with the numbers they got."""
    last, scope = len(done) - 1, done[0].after.scope
    answers = [
        _answer(_settled(one, last - place, now), device, one.change, hashes) | {"which": scope}
        for place, one in enumerate(done)
    ]
    lines = [_line(one, device) for one in done]
    first = sequence.append_at_once(connection, city, lines, now, said, [(_NUMBERED, answers)])
    return {one.change.change_id: _settled(one, first + place, now) for place, one in enumerate(done)}


_ATTEMPT = insertion(ATTEMPT)
_TOLD = frozenset({"change_id", "status", "scope", "seq", "version", "at", "row"})
_set = object.__setattr__
_NUMBERED = insertion(OUTCOME, seq=sequence.numbered("seq"))


def _answer(outcome: Outcome, device: Device, change: Change, hashes: Mapping[UUID, bytes]) -> dict[str, Any]:
    plain = outcome.status in SETTLED and outcome.row is None
    return {
        "change_id": outcome.change_id,
        "device_id": device.id,
        "record_id": change.record_id,
        "change_hash": hashes[outcome.change_id],
        "status": str(outcome.status),
        "scope": outcome.scope,
        "seq": outcome.seq,
        "version": outcome.version,
        "at": outcome.at,
        "answer": None if plain else outcome.model_dump_json(),
    }


def _settled(one: Applied, seq: int, now: datetime) -> Outcome:
    """The answer to a change that stands, made of what the city itself knows to be right: nothing of it is checked."""
    made, after = Outcome.__new__(Outcome), one.after
    row = from_json(after.body) if one.status is Status.MERGED or _made_twice(one) else None
    unsaid: dict[str, Any] = {"code": "", "field": "", "message": "", "details": {}, "clashes": {}, "waiting_for": ""}
    told = {"change_id": one.change.change_id, "status": one.status, "scope": after.scope, "seq": seq}
    _set(made, "__dict__", {**unsaid, **told, "version": after.version, "at": now, "row": row})
    _set(made, "__pydantic_fields_set__", set(_TOLD))
    _set(made, "__pydantic_extra__", {})
    _set(made, "__pydantic_private__", None)
    return made


def _made_twice(one: Applied) -> bool:
    """Another PC made the same record at another moment: this one has to hear of the city's."""
    made_at = one.change.made_at
    return one.status is Status.DUPLICATE and (one.after.created_at, one.after.changed_at) != (made_at, made_at)


def _line(one: Applied, device: Device) -> FeedLine:
    change, after = one.change, one.after
    return FeedLine(
        scope=after.scope,
        record_id=after.id,
        type=after.type,
        version=after.version,
        before=0 if one.before is None else one.before.live_version,
        op="delete" if after.deleted else "put",
        row=None if after.deleted else after.body,
        fields=None if one.before is None else to_json(change.fields).decode(),
        actor_name=rows.plain(change.actor_name),
        made_at=change.made_at,
        change_id=change.change_id,
        device_id=device.id,
        actor_id=change.actor_id,
    )
