"""What the city itself writes into the feed: records of its own, removals, moves between scopes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Connection

from app.domain.catalog import TYPE_OF
from app.domain.problems import Refused
from app.domain.records import Record
from server import files
from server.city import SYSTEM_PERSON_ID, City
from server.sync import rows, sequence
from server.sync.bulk import changed_rows, left_to_say
from server.sync.history import locked, locked_children
from server.sync.rows import Standing
from server.sync.sequence import FeedLine, make_scope, new_epoch
from server.tables import RECORD

__all__ = ["make_scope", "move", "new_epoch", "put", "remove"]


def put(connection: Connection, city: City, *, scope: str, record: Record, who: str) -> int:
    """Write a new or changed record of the city's own into a scope; gives its version.

    The record's own version is not looked at. Raises Refused("sync.other_district") when it lives in another scope.
    """
    now, kind = city.now(), TYPE_OF[type(record)]
    old = locked(connection, [record.id]).get(record.id)
    if old is not None and old.scope != scope:
        raise Refused("sync.other_district")
    version = 1 if old is None else old.version + 1
    body = rows.body_of(record)
    made = Standing(
        record.id, scope, kind.name, version, kind.schema, False, record.created_at, record.changed_at, body, record
    )
    row = [rows.columns(made, now)]
    said = left_to_say(connection, RECORD, row) if old is None else changed_rows(row)
    fields = None if old is None else _moved_fields(old, record)
    line = _line(made, before=0 if old is None else old.live_version, fields=fields, who=who, city=city)
    sequence.write(connection, city, [line], now, before=said)
    return version


def remove(connection: Connection, city: City, *, record_id: UUID, who: str) -> None:
    """Delete a record with its children, softly: it leaves the scope's count and hash. Gone already: nothing happens."""
    family = [one for one in _family(connection, [record_id]) if not one.deleted]
    now = city.now()
    gone = [replace(one, version=one.version + 1, deleted=True, changed_at=now) for one in family]
    lines = [
        replace(_line(after, before=old.version, fields="{}", who=who, city=city), op="delete", row=None)
        for old, after in zip(family, gone, strict=True)
    ]
    sequence.write(connection, city, lines, now, before=changed_rows([rows.columns(one, now) for one in gone]))


def move(connection: Connection, city: City, *, record_id: UUID, to_scope: str, who: str) -> None:
    """Take a record with its children from one scope to another, in one transaction of both feeds.

    Files they name whose bytes are here go along; those still under way follow when they are complete.
    """
    family = [one for one in _family(connection, [record_id]) if not one.deleted and one.scope != to_scope]
    now = city.now()
    moved = [replace(one, scope=to_scope, version=one.version + 1) for one in family]
    lines: list[FeedLine] = []
    for old, after in zip(family, moved, strict=True):
        if (sha256 := getattr(old.record, "sha256", None)) is not None:
            files.follow(connection, city, sha256, old.scope, to_scope)
        entered = replace(_line(after, before=0, fields="{}", who=who, city=city), op="enter")
        left = replace(entered, scope=old.scope, before=old.version, op="leave", row=None)
        lines += [left, entered]
    sequence.write(connection, city, lines, now, before=changed_rows([rows.columns(one, now) for one in moved]))


def _family(connection: Connection, ids: Sequence[UUID]) -> list[Standing]:
    """The records with those below them, parents first, locked, parsed."""
    found = list(locked(connection, ids).values())
    level: Iterable[Standing] = found
    while children := locked_children(connection, [one.id for one in level]):
        found += children
        level = children
    return [replace(one, record=rows.read(one)) for one in found]


def _moved_fields(old: Standing, record: Record) -> str:
    before, after = rows.flat(rows.read(old)), rows.flat(record)
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return to_json({name: [before.get(name), after.get(name)] for name in names}).decode()


def _line(standing: Standing, *, before: int, fields: str | None, who: str, city: City) -> FeedLine:
    return FeedLine(
        scope=standing.scope,
        record_id=standing.id,
        type=standing.type,
        version=standing.version,
        before=before,
        op="put",
        row=standing.body,
        fields=fields,
        actor_name=who,
        made_at=city.now(),
        actor_id=SYSTEM_PERSON_ID,
    )
