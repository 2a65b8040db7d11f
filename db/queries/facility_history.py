"""What happened to a facility: results of rounds, findings and cases that name it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from db.engine import run
from db.types import from_microseconds

MOST = 200


class SeenLine(NamedTuple):
    """A round's result at a facility."""

    at: datetime
    round_id: UUID
    number: str
    member: str
    grade: str
    note: str


class NamedLine(NamedTuple):
    """A case or finding that names a facility; note: its category or description."""

    at: datetime
    id: UUID
    number: str
    state: str
    note: str


def seen(connection: Connection, facility_id: UUID) -> list[SeenLine]:
    """The newest results of rounds at a facility; one without an instant stands at its record's."""
    sql = (
        "SELECT coalesce(c.at, c.created_at), c.parent, coalesce(r.number, ''), coalesce(r.member_name, ''), c.grade, c.note "
        "FROM check_results c INDEXED BY ix_check_results_facility LEFT JOIN patrol_rounds r ON r.id = c.parent "
        "WHERE c.facility_id = ? ORDER BY c.at DESC LIMIT ?"
    )
    rows = run(connection, sql, (facility_id.bytes, MOST))
    return [SeenLine(from_microseconds(row[0]), UUID(bytes=row[1]), *row[2:]) for row in rows]


def cases(connection: Connection, facility_id: UUID) -> list[NamedLine]:
    """Cases of a facility."""
    sql = (
        "SELECT reported_at, id, local_no, stage, CASE minor_name WHEN '' THEN substr(description, 1, 80) ELSE minor_name END "
        "FROM cases INDEXED BY ix_cases_facility WHERE facility_id = ? LIMIT ?"
    )
    return _named(connection, sql, facility_id)


def findings(connection: Connection, facility_id: UUID) -> list[NamedLine]:
    """Findings at a facility."""
    sql = (
        "SELECT found_at, id, number, state, CASE minor_name WHEN '' THEN substr(description, 1, 80) ELSE minor_name END "
        "FROM findings INDEXED BY ix_findings_facility WHERE facility_id = ? LIMIT ?"
    )
    return _named(connection, sql, facility_id)


def _named(connection: Connection, sql: str, facility_id: UUID) -> list[NamedLine]:
    rows = run(connection, sql, (facility_id.bytes, MOST))
    return [NamedLine(from_microseconds(row[0]), UUID(bytes=row[1]), *row[2:]) for row in rows]
