"""What the city has not taken over yet: the open changes, the answers they got, and what deciding about them needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection

from db.engine import run, run_many
from db.outbox import OPEN, open_count
from db.queries import files
from db.types import from_microseconds, to_microseconds

ROWS_AT_ONCE = 400

_COLUMNS = (
    'o.seq, o.change_id, o.group_id, o.record_type, o.record_id, o.action, o."schema", o.base_version, o.fields, '
    "o.made_at, o.actor_id, o.actor_name, a.status, a.code, a.field, a.message, a.answer, "
    "o.base_version = 0 AND o.follows IS NULL"
)
_LISTED = _COLUMNS.replace("o.fields", "'{}'")
"""For lists of many, which show no values."""
_RANK = "CASE a.status WHEN 'conflict' THEN 0 WHEN 'refused' THEN 1 ELSE 2 END"
_ANSWERED = "outcomes a CROSS JOIN outbox o ON o.change_id = a.change_id"
"""Few records have answers, however long the outbox is: they are looked at first."""
_OPEN_ROWS = "outbox o LEFT JOIN outcomes a ON a.change_id = o.change_id AND a.decided_at IS NULL"


@dataclass(frozen=True)
class OpenChange:
    """A change the city has not settled. status: conflict, refused, held, or waiting when it never was answered.

    makes: it makes the record; the values before it are no values anybody saw.
    """

    seq: int
    change_id: UUID
    group: UUID
    record_type: str
    record_id: UUID
    action: str
    schema_no: int
    base_version: int
    fields: dict[str, list[Any]]
    made_at: datetime
    actor_id: UUID
    actor_name: str
    status: str
    code: str
    field: str
    message: str
    answer: dict[str, Any]
    makes: bool = False


@dataclass(frozen=True)
class Counts:
    """Changes that wait for the line, and records by what the city said of them."""

    waiting: int
    conflicts: int
    refused: int
    held: int


def counts(connection: Connection) -> Counts:
    """How much is not with the city; cheap with a long outbox."""
    sql = (
        f"SELECT a.status, count(*), count(DISTINCT a.record_id) FROM {_ANSWERED} "
        f"WHERE a.decided_at IS NULL AND o.state IN {OPEN} GROUP BY a.status"
    )
    found = {row[0]: (row[1], row[2]) for row in run(connection, sql)}
    records = {status: found.get(status, (0, 0))[1] for status in ("conflict", "refused", "held")}
    waiting = open_count(connection) - sum(changes for changes, _records in found.values())
    return Counts(waiting, records["conflict"], records["refused"], records["held"])


def troubled(connection: Connection, status: str, limit: int) -> list[OpenChange]:
    """Open changes the city answered, those of records that need a person most first; without their values.

    status: only of records whose worst answer is this one; empty: of all.
    """
    sql = (
        f"WITH worst(record_id, rank) AS (SELECT a.record_id, min({_RANK}) FROM {_ANSWERED} "
        f"WHERE a.decided_at IS NULL AND o.state IN {OPEN} GROUP BY a.record_id) "
        f"SELECT {_LISTED} FROM worst w CROSS JOIN outcomes a ON a.record_id = w.record_id "
        "CROSS JOIN outbox o ON o.change_id = a.change_id "
        f"WHERE a.decided_at IS NULL AND o.state IN {OPEN} AND (? = '' OR w.rank = {_RANK.replace('a.status', '?')}) "
        "ORDER BY w.rank, o.seq LIMIT ?"
    )
    return [_change(row) for row in run(connection, sql, (status, status, limit))]


def conflicts_where(connection: Connection, column: str, value: bytes | str, limit: int) -> list[UUID]:
    """Records with an undecided conflict over a change of this `actor_id` or `record_type`, oldest first."""
    sql = (
        f"SELECT o.record_id FROM {_ANSWERED} WHERE a.decided_at IS NULL AND a.status = 'conflict' "
        f"AND o.state IN {OPEN} AND o.{column} = ? GROUP BY o.record_id ORDER BY min(o.seq) LIMIT ?"
    )
    return [UUID(bytes=row[0]) for row in run(connection, sql, (value, limit))]


def unanswered(connection: Connection, limit: int) -> list[OpenChange]:
    """Open changes without an answer, oldest first; without their values."""
    sql = f"SELECT {_LISTED} FROM {_OPEN_ROWS} WHERE o.state = 'waiting' AND a.change_id IS NULL ORDER BY o.seq LIMIT ?"
    return [_change(row) for row in run(connection, sql, (limit,))]


def of_records(connection: Connection, record_ids: Iterable[UUID]) -> list[OpenChange]:
    """Every open change of these records, in the order they were made."""
    return _open_where(connection, "record_id", [record_id.bytes for record_id in record_ids])


def of_groups(connection: Connection, groups: Iterable[UUID]) -> list[OpenChange]:
    """Every open change of these groups, in the order they were made."""
    return _open_where(connection, "group_id", [group.bytes for group in groups])


def _open_where(connection: Connection, column: str, values: Sequence[bytes]) -> list[OpenChange]:
    found: list[OpenChange] = []
    for start in range(0, len(values), ROWS_AT_ONCE):
        some = values[start : start + ROWS_AT_ONCE]
        marks = ", ".join("?" * len(some))
        sql = f"SELECT {_COLUMNS} FROM {_OPEN_ROWS} WHERE o.state IN {OPEN} AND o.{column} IN ({marks})"
        found += [_change(row) for row in run(connection, sql, some)]
    return sorted(found, key=lambda change: change.seq)


def states_of_cases(connection: Connection, case_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Case -> status -> open changes of the case, its steps, photos and decisions."""
    found: dict[UUID, dict[str, int]] = {}
    for start in range(0, len(case_ids), ROWS_AT_ONCE):
        some = [case_id.bytes for case_id in case_ids[start : start + ROWS_AT_ONCE]]
        marks = ", ".join("?" * len(some))
        sql = (
            f"WITH wanted(id, root) AS (SELECT id, id FROM cases WHERE id IN ({marks}) "
            f"UNION ALL SELECT id, parent FROM case_steps WHERE parent IN ({marks}) "
            f"UNION ALL SELECT id, parent FROM photos WHERE parent IN ({marks}) "
            f"UNION ALL SELECT id, parent FROM decisions WHERE parent IN ({marks})) "
            "SELECT w.root, coalesce(a.status, 'waiting'), count(*) FROM wanted w "
            f"CROSS JOIN outbox o INDEXED BY ix_outbox_record ON o.record_id = w.id AND o.state IN {OPEN} "
            "LEFT JOIN outcomes a ON a.change_id = o.change_id AND a.decided_at IS NULL GROUP BY 1, 2"
        )
        for root, status, number in run(connection, sql, some * 4):
            found.setdefault(UUID(bytes=root), {})[status] = number
    return found


def files_of_cases(connection: Connection, case_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Case -> (own files the city proved, own files); files that came from the city are not ours to deliver."""
    found: dict[UUID, tuple[int, int]] = {}
    for start in range(0, len(case_ids), ROWS_AT_ONCE):
        some = [case_id.bytes for case_id in case_ids[start : start + ROWS_AT_ONCE]]
        sql = (
            "SELECT p.parent, count(DISTINCT CASE WHEN d.state = 'done' THEN p.sha256 END), count(DISTINCT p.sha256) "
            "FROM photos p JOIN files f ON f.sha256 = p.sha256 LEFT JOIN deliveries d ON d.sha256 = p.sha256 "
            "LEFT JOIN remote_files r ON r.sha256 = p.sha256 "
            f"WHERE p.parent IN ({', '.join('?' * len(some))}) AND (r.sha256 IS NULL OR d.sha256 IS NOT NULL) "
            "GROUP BY p.parent"
        )
        found |= {UUID(bytes=row[0]): (row[1], row[2]) for row in run(connection, sql, some)}
    return found


def versions_of_cases(connection: Connection, case_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Case -> the city's version here; 0 when the city has not seen it."""
    found: dict[UUID, int] = {}
    for start in range(0, len(case_ids), ROWS_AT_ONCE):
        some = [case_id.bytes for case_id in case_ids[start : start + ROWS_AT_ONCE]]
        sql = f"SELECT id, version FROM cases WHERE id IN ({', '.join('?' * len(some))})"
        found |= {UUID(bytes=row[0]): row[1] for row in run(connection, sql, some)}
    return found


def base_of(connection: Connection, record_id: UUID) -> tuple[int, dict[str, Any]] | None:
    """(version, row) the city had of a record when last heard of; None when it has unsent changes of a new record."""
    row = run(connection, "SELECT version, row FROM bases WHERE record_id = ?", (record_id.bytes,)).fetchone()
    return None if row is None else (int(row[0]), from_json(row[1]))


def close(connection: Connection, change_ids: Sequence[UUID], at: datetime) -> None:
    """A decision closes these changes: they stay as they were, and are sent no more."""
    raw = [(change_id.bytes,) for change_id in change_ids]
    run_many(connection, "UPDATE outbox SET state = 'decided' WHERE change_id = ?", raw)
    stamp = to_microseconds(at)
    answered = "UPDATE outcomes SET decided_at = ? WHERE change_id = ? AND decided_at IS NULL"
    run_many(connection, answered, [(stamp, one[0]) for one in raw])


def forget_base(connection: Connection, record_id: UUID) -> None:
    """Nothing of a record waits any more: its own row is the city's."""
    run(connection, "DELETE FROM bases WHERE record_id = ?", (record_id.bytes,))


_MISSING = (
    ("deliveries", "'missing', x.code", "x.state = 'missing'"),
    ("remote_files", "'waiting', ''", "x.state = 'wanted' AND x.asked_at IS NULL"),
    ("remote_files", "'wanted', ''", "x.state = 'wanted' AND x.asked_at IS NOT NULL"),
)


def missing_files(connection: Connection, limit: int) -> list[tuple[str, UUID, str, str, str, str]]:
    """(sha256, case, its number, file name, state, code) of files neither here nor to be had from the city.

    state: missing (gone from this disk), waiting (the city was not asked yet), wanted (it does not have it either).
    """
    found: list[tuple[str, UUID, str, str, str, str]] = []
    for table, columns, where in _MISSING:
        sql = (
            f"SELECT p.sha256, p.parent, coalesce(c.local_no, ''), p.name, {columns} FROM {table} x "
            f"CROSS JOIN photos p ON p.sha256 = x.sha256 LEFT JOIN cases c ON c.id = p.parent WHERE {where} LIMIT ?"
        )
        rows = run(connection, sql, (limit - len(found),))
        found += [(row[0], UUID(bytes=row[1]), row[2], row[3], row[4], row[5]) for row in rows]
    return found


def file_counts(connection: Connection) -> tuple[int, int]:
    """(own files the city has not proved yet, files gone from this disk)."""
    return files.counts(connection)


def _change(row: Sequence[Any]) -> OpenChange:
    return OpenChange(
        seq=row[0],
        change_id=UUID(bytes=row[1]),
        group=UUID(bytes=row[2]),
        record_type=row[3],
        record_id=UUID(bytes=row[4]),
        action=row[5],
        schema_no=row[6],
        base_version=row[7],
        fields=from_json(row[8]),
        made_at=from_microseconds(row[9]),
        actor_id=UUID(bytes=row[10]),
        actor_name=row[11],
        status=row[12] or "waiting",
        code=row[13] or "",
        field=row[14] or "",
        message=row[15] or "",
        answer=from_json(row[16]) if row[16] else {},
        makes=bool(row[17]),
    )
