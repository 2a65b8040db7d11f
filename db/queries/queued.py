"""Changes as they lie in the outbox: which go next, and how each is said on the wire without reading what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import starmap
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection

from app.wire.sync import Change
from db.engine import run
from db.types import as_json, from_microseconds

COLUMNS = (
    "change_id, group_id, seq, record_type, record_id, action, schema, base_version, follows, fields, made_at, "
    "actor_id, actor_name"
)
_STUCK = "('conflict', 'refused', 'held')"
_ENVELOPE_BYTES = 520


class Queued(NamedTuple):
    """A line of the outbox, its values as stored: identities 16 bytes, fields JSON text, made_at microseconds in UTC."""

    change_id: bytes
    group_id: bytes
    seq: int
    record_type: str
    record_id: bytes
    action: str
    schema_no: int
    base_version: int
    follows: bytes | None
    fields: str
    made_at: int
    actor_id: bytes
    actor_name: str

    def change(self) -> Change:
        """As an envelope; exactly what was written down."""
        return Change.model_construct(
            change_id=UUID(bytes=self.change_id),
            group=UUID(bytes=self.group_id),
            seq=self.seq,
            record_type=self.record_type,
            record_id=UUID(bytes=self.record_id),
            action=self.action,
            schema_no=self.schema_no,
            base_version=self.base_version,
            follows=UUID(bytes=self.follows) if self.follows else None,
            fields={name: tuple(pair) for name, pair in from_json(self.fields).items()},
            made_at=from_microseconds(self.made_at),
            actor_id=UUID(bytes=self.actor_id),
            actor_name=self.actor_name,
        )

    def text(self) -> str:
        """The JSON of `change()`; the fields go as they were written down."""
        follows = f'"{_identity(self.follows)}"' if self.follows else "null"
        return (
            f'{{"change_id":"{_identity(self.change_id)}","group":"{_identity(self.group_id)}","seq":{self.seq},'
            f'"record_type":{_quoted(self.record_type)},"record_id":"{_identity(self.record_id)}",'
            f'"action":{_quoted(self.action)},"schema_no":{self.schema_no},"base_version":{self.base_version},'
            f'"follows":{follows},"fields":{self.fields},"made_at":"{_instant(self.made_at)}",'
            f'"actor_id":"{_identity(self.actor_id)}","actor_name":{_quoted(self.actor_name)}}}'
        )

    def weight(self) -> int:
        """Bytes on the wire, a little too many rather than too few."""
        text = self.fields
        return (len(text) if text.isascii() else len(text.encode())) + _ENVELOPE_BYTES


def next_queued(connection: Connection, limit: int, max_bytes: int, after: int = 0) -> list[Queued]:
    """The next changes to send, in the order they were made; groups whole.

    Changes of a record with an open conflict, refusal or held change stay back, and so does their whole group.
    A group larger than `limit` or `max_bytes` is split only when every change in it is a new record.
    """
    sql = f"SELECT {COLUMNS} FROM outbox WHERE state = 'waiting' AND seq > ? ORDER BY seq"
    stuck = _stuck(connection)
    batch: list[Queued] = []
    size = 0
    for group in _groups(queued_of(run(connection, sql, (after,)))):
        if stuck and any(one.record_id in stuck for one in group):
            stuck.update(one.record_id for one in group)
            continue
        weight = sum(one.weight() for one in group)
        if batch and (len(batch) + len(group) > limit or size + weight > max_bytes):
            break
        if (len(group) > limit or weight > max_bytes) and may_be_split(group):
            return _first_part(group, limit, max_bytes)
        batch.extend(group)
        size += weight
        if len(batch) >= limit:
            break
    return batch


def may_be_split(group: Sequence[Queued]) -> bool:
    """Whether each change of a group is a new record, so that none needs the others to arrive with it."""
    return all(one.base_version == 0 and one.follows is None for one in group)


def _first_part(group: list[Queued], limit: int, max_bytes: int) -> list[Queued]:
    size = 0
    for count, one in enumerate(group):
        size += one.weight()
        if count and (count >= limit or size > max_bytes):
            return group[:count]
    return group


def _groups(rows: Iterable[Queued]) -> Iterator[list[Queued]]:
    """Changes of one group stand together: one transaction wrote them."""
    group: list[Queued] = []
    for one in rows:
        if group and group[0].group_id != one.group_id:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _stuck(connection: Connection) -> set[bytes]:
    """Records that wait for a person or for other changes."""
    return {row[0] for row in run(connection, f"SELECT record_id FROM outbox WHERE state IN {_STUCK}")}


def queued_of(rows: Iterable[Sequence[Any]]) -> Iterator[Queued]:
    """Rows of a statement that selects COLUMNS."""
    return starmap(Queued, rows)


def _identity(raw: bytes) -> str:
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return as_json(text)


@lru_cache(maxsize=1024)
def _instant(microseconds: int) -> str:
    return from_microseconds(microseconds).isoformat().replace("+00:00", "Z")
