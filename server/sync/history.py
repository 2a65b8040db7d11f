"""What a push looks at before it judges, each kind in one statement however many changes there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection, Select, bindparam, or_, select

from app.wire.sync import CITY_SCOPE, Change, Outcome, Status
from server.numbers import ANYBODY
from server.statements import Rows, Statement, among, one
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


LOCKED = Statement(
    lambda postgres: (
        select(*_STANDING).where(among(postgres, RECORD.c.id, "ids")).order_by(RECORD.c.id).with_for_update()
    )
)
_CHILDREN = Statement(
    lambda postgres: (
        select(*_STANDING)
        .where(among(postgres, RECORD.c.parent, "parents"), RECORD.c.deleted.is_(False))
        .order_by(RECORD.c.id)
        .with_for_update()
    )
)
REVIEWED = Statement(
    lambda postgres: select(
        REVIEW.c.change_id, REVIEW.c.state, REVIEW.c.note, REVIEW.c.change, REVIEW.c.district
    ).where(among(postgres, REVIEW.c.change_id, "ids"))
)
NEWER = Statement(
    lambda postgres: select(FEED.c.record_id, FEED.c.version, FEED.c.fields).where(
        among(postgres, FEED.c.record_id, "ids"),
        FEED.c.version > bindparam("least", type_=FEED.c.version.type),
        FEED.c.op != "leave",
    )
)
PHOTOS = Statement(
    lambda postgres: select(RECORD.c.parent, RECORD.c.body).where(
        among(postgres, RECORD.c.parent, "ids"), RECORD.c.type == "photo", RECORD.c.deleted.is_(False)
    )
)


def _answered(postgres: bool) -> Select[Any]:
    told = (OUTCOME.c.answer, OUTCOME.c.status, OUTCOME.c.scope, OUTCOME.c.seq, OUTCOME.c.version, OUTCOME.c.at)
    given = select(OUTCOME.c.change_id, OUTCOME.c.record_id, DEVICE.c.district, OUTCOME.c.change_hash, *told)
    given = given.outerjoin(DEVICE, DEVICE.c.id == OUTCOME.c.device_id)
    return given.where(among(postgres, OUTCOME.c.change_id, "ids"))


def _flows(_postgres: bool) -> Select[Any]:
    district = bindparam("district", type_=RECORD.c.scope.type)
    return select(RECORD.c.id, RECORD.c.body).where(
        RECORD.c.number == "flow",
        RECORD.c.type == "reference_version",
        RECORD.c.deleted.is_(False),
        or_(RECORD.c.scope == district, RECORD.c.scope == CITY_SCOPE),
    )


def _blocks(postgres: bool) -> Select[Any]:
    ours = or_(among(postgres, NUMBER_BLOCK.c.device_id, "ids"), NUMBER_BLOCK.c.device_id == ANYBODY)
    return select(NUMBER_BLOCK.c.year, NUMBER_BLOCK.c.first, NUMBER_BLOCK.c.last).where(
        NUMBER_BLOCK.c.district == bindparam("district", type_=NUMBER_BLOCK.c.district.type),
        NUMBER_BLOCK.c.kind == "case",
        ours,
    )


ANSWERED, FLOWS, BLOCKS = Statement(_answered), Statement(_flows), Statement(_blocks)
"""Answers given before; imported versions of the flow table a district works by; (year, first, last) of blocks of numbers."""


def locked(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Records by identity, locked in the order of their identities until the commit."""
    return standing(one(connection, LOCKED, ids=list(ids))) if ids else {}


def standing(rows: Rows) -> dict[UUID, Standing]:
    """Records by identity, of what `LOCKED` gave."""
    return {row[0]: Standing(*row) for row in rows}


def locked_children(connection: Connection, parents: Collection[UUID]) -> list[Standing]:
    """Live records directly below some, locked."""
    return [Standing(*row) for row in one(connection, _CHILDREN, parents=list(parents))] if parents else []


def answers(rows: Rows, district: str) -> dict[UUID, tuple[bytes, Outcome]]:
    """Final answers given before, of what `ANSWERED` gave: (hash of the change, the answer).

    An identity another district has used stands without bytes and without its answer: nobody learns what became of it.
    """
    return {
        change_id: (bytes(hashed), _answer(change_id, *told))
        if of in (None, district)
        else (b"", Outcome(change_id=change_id, status=Status.REFUSED))
        for change_id, _record_id, of, hashed, *told in rows
    }


def records_of(rows: Rows) -> dict[UUID, UUID]:
    """Change -> the record it was about, of what `ANSWERED` gave."""
    return {row[0]: row[1] for row in rows}


def _answer(
    change_id: UUID, answer: str | None, status: str, scope: str, seq: int, version: int, at: datetime
) -> Outcome:
    if answer is not None:
        return Outcome.model_validate_json(answer)
    return Outcome(change_id=change_id, status=Status(status), scope=scope, seq=seq, version=version, at=at)


def fields_since(rows: Rows, bases: Mapping[UUID, int]) -> dict[UUID, list[tuple[int, frozenset[str] | None]]]:
    """Of what `NEWER` gave: record -> (version, names of the fields it changed; None: all) for versions above its base."""
    found: dict[UUID, list[tuple[int, frozenset[str] | None]]] = {}
    for record_id, version, fields in rows:
        if version > bases[record_id]:
            names = None if fields is None else frozenset(from_json(fields))
            found.setdefault(record_id, []).append((version, names))
    return found


def photos_of(rows: Rows) -> dict[UUID, list[tuple[str, int]]]:
    """Case -> (phase, batch) of each live photo, of what `PHOTOS` gave."""
    found: dict[UUID, list[tuple[str, int]]] = {}
    for parent, body in rows:
        values = from_json(body)
        found.setdefault(parent, []).append((values["phase"], values.get("batch", 0)))
    return found


def in_review(rows: Rows, district: str) -> dict[UUID, tuple[str, str, Change | None]]:
    """Changes in the review tray, of what `REVIEWED` gave: state, the operator's note, and what was kept there.

    What another district sent is None.
    """
    return {
        change_id: (state, note, Change.model_validate_json(kept)) if of == district else (state, "", None)
        for change_id, state, note, kept, of in rows
    }


def letters_kept(connection: Connection, device_id: UUID, reasons: Collection[str]) -> set[bytes]:
    """The bytes of dead letters of a PC kept for one of these reasons."""
    kept = select(DEAD_LETTER.c.raw).where(
        DEAD_LETTER.c.device_id == device_id, DEAD_LETTER.c.reason.in_(list(reasons))
    )
    return {bytes(raw) for raw in connection.execute(kept).scalars()}
