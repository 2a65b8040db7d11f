"""What a push looks at before it judges, each kind in one statement however many changes there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection, select

from app.wire.sync import Change, Outcome, Status
from server.numbers import ANYBODY
from server.sync.bulk import among
from server.sync.rows import Standing
from server.tables import DEAD_LETTER, DEVICE, FEED, NUMBER_BLOCK, OUTCOME, RECORD, REVIEW

_STANDING = (
    RECORD.c.id,
    RECORD.c.scope,
    RECORD.c.type,
    RECORD.c.version,
    RECORD.c.schema_no,
    RECORD.c.deleted,
    RECORD.c.created_at,
    RECORD.c.changed_at,
    RECORD.c.body,
)


def locked(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Records by identity, locked in the order of their identities until the commit."""
    if not ids:
        return {}
    found = select(*_STANDING).where(among(connection, RECORD.c.id, ids)).order_by(RECORD.c.id).with_for_update()
    return {row[0]: Standing(*row) for row in connection.execute(found)}


def locked_children(connection: Connection, parents: Collection[UUID]) -> list[Standing]:
    """Live records directly below some, locked."""
    if not parents:
        return []
    below = select(*_STANDING).where(among(connection, RECORD.c.parent, parents), RECORD.c.deleted.is_(False))
    return [Standing(*row) for row in connection.execute(below.order_by(RECORD.c.id).with_for_update())]


def answers(connection: Connection, change_ids: Collection[UUID], district: str) -> dict[UUID, tuple[bytes, Outcome]]:
    """Final answers given before: (hash of the change, the answer).

    An identity another district has used stands without bytes and without its answer: nobody learns what became of it.
    """
    if not change_ids:
        return {}
    given = select(OUTCOME, DEVICE.c.district).outerjoin(DEVICE, DEVICE.c.id == OUTCOME.c.device_id)
    rows = connection.execute(given.where(among(connection, OUTCOME.c.change_id, change_ids)))
    return {
        row.change_id: (bytes(row.change_hash), _answer(row))
        if row.district in (None, district)
        else (b"", Outcome(change_id=row.change_id, status=Status.REFUSED))
        for row in rows
    }


def records_of(connection: Connection, change_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Change -> the record it was about, of changes answered before."""
    if not change_ids:
        return {}
    told = select(OUTCOME.c.change_id, OUTCOME.c.record_id)
    rows = connection.execute(told.where(among(connection, OUTCOME.c.change_id, change_ids)))
    return {row.change_id: row.record_id for row in rows}


def _answer(row: Any) -> Outcome:
    if row.answer is not None:
        return Outcome.model_validate_json(row.answer)
    return Outcome(
        change_id=row.change_id, status=Status(row.status), scope=row.scope, seq=row.seq, version=row.version, at=row.at
    )


def fields_since(
    connection: Connection, bases: Mapping[UUID, int]
) -> dict[UUID, list[tuple[int, frozenset[str] | None]]]:
    """Record -> (version, names of the fields it changed) for each version above its base; None: all of them."""
    found: dict[UUID, list[tuple[int, frozenset[str] | None]]] = {}
    if not bases:
        return found
    newer = select(FEED.c.record_id, FEED.c.version, FEED.c.fields).where(
        among(connection, FEED.c.record_id, bases), FEED.c.version > min(bases.values()), FEED.c.op != "leave"
    )
    for record_id, version, fields in connection.execute(newer):
        if version > bases[record_id]:
            names = None if fields is None else frozenset(from_json(fields))
            found.setdefault(record_id, []).append((version, names))
    return found


def photos_of(connection: Connection, cases: Collection[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """Case -> (phase, batch) of each live photo."""
    found: dict[UUID, list[tuple[str, int]]] = {}
    if not cases:
        return found
    named = select(RECORD.c.parent, RECORD.c.body).where(
        among(connection, RECORD.c.parent, cases), RECORD.c.type == "photo", RECORD.c.deleted.is_(False)
    )
    for parent, body in connection.execute(named):
        values = from_json(body)
        found.setdefault(parent, []).append((values["phase"], values.get("batch", 0)))
    return found


def flow_versions(connection: Connection, scopes: Collection[str]) -> list[tuple[UUID, dict[str, Any]]]:
    """Imported versions of the flow table these scopes hold."""
    held = select(RECORD.c.id, RECORD.c.body).where(
        RECORD.c.number == "flow",
        RECORD.c.type == "reference_version",
        RECORD.c.deleted.is_(False),
        RECORD.c.scope.in_(sorted(scopes)),
    )
    return [(record_id, from_json(body)) for record_id, body in connection.execute(held)]


def in_review(
    connection: Connection, change_ids: Collection[UUID], district: str
) -> dict[UUID, tuple[str, str, Change | None]]:
    """Changes in the review tray: state, the operator's note, and what was kept there; None for another district's."""
    if not change_ids:
        return {}
    rows = select(REVIEW.c.change_id, REVIEW.c.state, REVIEW.c.note, REVIEW.c.change, REVIEW.c.district).where(
        among(connection, REVIEW.c.change_id, change_ids)
    )
    return {
        change_id: (state, note, Change.model_validate_json(kept)) if of == district else (state, "", None)
        for change_id, state, note, kept, of in connection.execute(rows)
    }


def blocks_of(
    connection: Connection, district: str, devices: Collection[UUID], kind: str
) -> list[tuple[int, int, int]]:
    """(year, first, last) of every block of numbers given to a PC under any of its identities."""
    given = select(NUMBER_BLOCK.c.year, NUMBER_BLOCK.c.first, NUMBER_BLOCK.c.last).where(
        NUMBER_BLOCK.c.district == district,
        NUMBER_BLOCK.c.kind == kind,
        NUMBER_BLOCK.c.device_id.in_([*devices, ANYBODY]),
    )
    return [(year, first, last) for year, first, last in connection.execute(given)]


def letters_kept(connection: Connection, device_id: UUID, reasons: Collection[str]) -> set[bytes]:
    """The bytes of dead letters of a PC kept for one of these reasons."""
    kept = select(DEAD_LETTER.c.raw).where(
        DEAD_LETTER.c.device_id == device_id, DEAD_LETTER.c.reason.in_(list(reasons))
    )
    return {bytes(raw) for raw in connection.execute(kept).scalars()}
