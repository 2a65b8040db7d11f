"""Receiving changes: everything is loaded in few statements, judged in memory, and written in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Connection

from app.domain.problems import Refused
from app.wire.sync import Change, Outcome, PushReply, PushRequest, Status
from server import devices
from server.city import City
from server.devices import Device, Entry
from server.people import REVOKED
from server.statements import together
from server.sync import rows, settling
from server.sync.changes import waits
from server.sync.groups import judge, refused
from server.sync.loading import Loaded, Opening, load
from server.sync.settling import Letter, Tray

REUSED = "sync.change_id_reused"
TRIED_AGAIN = frozenset({"sync.type_unknown", "sync.review_refused"})
"""Refusals that are no final answer of their own: the city may be upgraded, the tray remembers."""
IN_REVIEW = "review"


@dataclass
class _Push:
    """One request on its way through, with what came of it so far. reviewed: the operator has taken it over."""

    now: datetime
    raw: bytes
    reviewed: bool = False
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    tray: list[Tray] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


def receive(city: City, device: Device, request: PushRequest, *, raw: bytes, agent: str) -> PushReply:
    """Judge and write what a PC sent; one outcome a change, in the same order. raw: the request as received."""

    def opening(now: datetime) -> Opening:
        told = devices.told(device.id, *_told(request, now), now)
        said = [told, settling.noted(device.id, len(request.changes), now)] if request.changes else []
        return Opening(said, lambda _connection, _rows: device)

    return _received(city, request, opening, raw, agent)


def receive_entering(city: City, entry: Entry, request: PushRequest, *, raw: bytes, agent: str) -> PushReply:
    """As `receive`, taking the counter in the same transaction. Raises NotEntered; nothing was done then."""

    def opening(now: datetime) -> Opening:
        taken = entry.taken_to_push(now, *_told(request, now))
        return Opening([taken, settling.noted(entry.device_id, len(request.changes), now)], devices.entered)

    return _received(city, request, opening, raw, agent)


def _received(
    city: City, request: PushRequest, opening: Callable[[datetime], Opening], raw: bytes, agent: str
) -> PushReply:
    def job(connection: Connection) -> PushReply:
        now = city.now()
        outcomes = _receive(connection, city, _Push(now, raw), opening(now), request.changes, agent)
        return PushReply(now=now, outcomes=outcomes)

    return city.database.retrying(job)


def _told(request: PushRequest, now: datetime) -> tuple[str, int | None]:
    """The program, and how far the PC's clock runs ahead."""
    return rows.plain(request.program)[:40], _offset_ms(request.sent_at, now)


def receive_reviewed(city: City, device_id: UUID, district: str, changes: list[Change], who: str) -> list[Outcome]:
    """Judge and write changes the operator has taken over: whoever was revoked counts as if they were not."""

    def job(connection: Connection) -> list[Outcome]:
        sender = devices.get(connection, device_id) or Device(device_id, district, "", "", revoked=False)
        sender = replace(sender, district=district)
        push = _Push(city.now(), b"\n".join(map(to_json, changes)), reviewed=True)
        return _receive(connection, city, push, Opening([], lambda _connection, _rows: sender), changes, who)

    return city.database.retrying(job)


def _receive(
    connection: Connection, city: City, push: _Push, opening: Opening, changes: Sequence[Change], agent: str
) -> list[Outcome]:
    """The outcomes of the changes in their order; when this returns all is written and nothing more can be."""
    loaded = load(connection, opening, changes, push.now)
    hashed = [_hash(change) for change in changes]
    hashes = {change_id: known for change_id, (known, _answer) in loaded.answers.items()}
    for change_id, (_state, _note, kept) in loaded.review.items():
        # What the operator looks at, and decides on, is what was sent first.
        hashes[change_id] = b"" if kept is None else _hash(kept)
    firsts: dict[UUID, Change] = {}
    strange: dict[int, Outcome] = {}
    for n, change in enumerate(changes):
        if hashes.setdefault(change.change_id, hashed[n]) != hashed[n]:
            strange[n] = refused(change, Refused(REUSED), push.now)
        else:
            firsts.setdefault(change.change_id, change)
    if strange:
        note = " ".join(str(changes[n].change_id) for n in strange)
        push.letters.append(Letter(REUSED, note, push.raw))
    for group in _groups(firsts):
        _judge_group(group, push, loaded)
    _write(connection, city, push, loaded, firsts, hashes, agent)
    return [strange.get(n) or push.outcomes[change.change_id] for n, change in enumerate(changes)]


def _judge_group(group: Sequence[Change], push: _Push, loaded: Loaded) -> None:
    """Outcomes of one group; those that stand get theirs when they are written."""
    answers = loaded.answers
    known = {c.change_id: answers[c.change_id][1] for c in group if c.change_id in answers} if answers else {}
    push.outcomes |= known
    fresh = [change for change in group if change.change_id not in known]
    stuck = next((id_ for id_, answer in known.items() if answer.status in (Status.CONFLICT, Status.REFUSED)), None)
    if stuck is not None:
        push.outcomes |= {c.change_id: waits(c, str(stuck)).outcome for c in fresh}
    elif fresh and not _reviewed(fresh, push, loaded):
        fallen = judge(fresh, loaded.device, loaded.working, loaded.tables, push.now)
        push.outcomes |= fallen
        push.letters += [
            Letter(fallen[c.change_id].code, fallen[c.change_id].field, to_json(c))
            for c in fresh
            if c.change_id in fallen and fallen[c.change_id].status is Status.REFUSED
        ]


def _reviewed(group: Sequence[Change], push: _Push, loaded: Loaded) -> bool:
    """True when the group belongs to the review tray, now or since earlier; its outcomes are given then."""
    if push.reviewed:
        return False
    reason = _why_review(group, loaded.device, loaded)
    if not reason and not loaded.review:
        return False
    states = {c.change_id: loaded.review[c.change_id][:2] for c in group if c.change_id in loaded.review}
    accepted = {change_id for change_id, (state, _note) in states.items() if state == "accepted"}
    # The operator has let in what they saw, not what was put into the group afterwards.
    if len(accepted) == len(group) or (accepted == states.keys() and not reason):
        return False
    for change in group:
        state, note = states.get(change.change_id, ("waiting", ""))
        if state == "refused":
            push.outcomes[change.change_id] = refused(change, Refused("sync.review_refused", reason=note), push.now)
        else:
            push.outcomes[change.change_id] = waits(change, IN_REVIEW, _revoked(change, loaded.device)).outcome
        if change.change_id not in states:
            push.tray.append(Tray(change, reason or "sync.person_revoked"))
    return True


def _why_review(group: Sequence[Change], device: Device, loaded: Loaded) -> str:
    """The code of what keeps a group from being taken over without the operator; empty when nothing does."""
    if device.revoked:
        return "sync.device_revoked"
    known = loaded.tables.people
    revoked = any(c.actor_id in known and known[c.actor_id].state == REVOKED for c in group)
    return "sync.person_revoked" if revoked else ""


def _revoked(change: Change, device: Device) -> Refused:
    """Why a change waits for the operator, in words."""
    if device.revoked:
        return Refused("sync.device_revoked")
    return Refused("sync.person_revoked", name=change.actor_name)


def _write(
    connection: Connection,
    city: City,
    push: _Push,
    loaded: Loaded,
    changes: Mapping[UUID, Change],
    hashes: Mapping[UUID, bytes],
    agent: str,
) -> None:
    """Everything that was judged, the feed and the answers that name its numbers last."""
    working, device, now = loaded.working, loaded.device, push.now
    said = settling.write_records(connection, city, device.district, working, now)
    said.append(settling.write_tray(connection, device, push.tray, now))
    said.append(settling.write_letters(connection, device, push.letters, agent, now))
    fallen = [one for one in push.outcomes.values() if one.change_id not in loaded.answers and _is_final(one)]
    if settling.written_at_once(working.done, device.district):
        said.append(settling.write_answers(connection, device, changes, hashes, fallen))
        push.outcomes |= settling.write_at_once(connection, city, device, working.done, hashes, now, said)
        return
    settled, feed = settling.write_feed(connection, city, device, working.done, now, said)
    push.outcomes |= settled
    answers = settling.write_answers(connection, device, changes, hashes, [*fallen, *settled.values()])
    together(connection, feed, answers, commit=True)


def _is_final(outcome: Outcome) -> bool:
    return outcome.status is not Status.HELD and outcome.code not in TRIED_AGAIN


def _groups(changes: Mapping[UUID, Change]) -> list[list[Change]]:
    """Changes of one use case together, in the order their first one came."""
    groups: dict[UUID, list[Change]] = {}
    for change in changes.values():
        groups.setdefault(change.group, []).append(change)
    return list(groups.values())


def _offset_ms(sent_at: datetime | None, now: datetime) -> int | None:
    """How far the PC's clock runs ahead of the city's; None when it did not say."""
    if sent_at is None or sent_at.tzinfo is None:
        return None
    return round((sent_at - now).total_seconds() * 1000)


def _hash(change: Change) -> bytes:
    return hashlib.blake2b(to_json(change), digest_size=32).digest()
