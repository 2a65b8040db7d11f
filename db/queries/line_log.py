"""Every attempt to speak with the city, how far each scope has come, the numbers that are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from db.engine import run
from db.types import from_microseconds, to_microseconds

KEPT_ATTEMPTS = 20_000
_FIGURES = "pushed, pulled, conflicts, refused, held, files, ms, waiting"
_SELECT = f"SELECT at, ok, code, {_FIGURES} FROM line_log"


@dataclass(frozen=True)
class Attempt:
    """One run, successful or not. code: of the problem it ended with; waiting: changes left; ms: how long it took."""

    at: datetime
    ok: bool
    code: str = ""
    pushed: int = 0
    pulled: int = 0
    conflicts: int = 0
    refused: int = 0
    held: int = 0
    files: int = 0
    ms: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class ScopeState:
    """How far one scope has come here."""

    scope: str
    after: int
    head: int
    phase: str
    equal: bool | None


def note(connection: Connection, attempt: Attempt) -> None:
    """Write an attempt down; very old ones go."""
    figures = (attempt.pushed, attempt.pulled, attempt.conflicts, attempt.refused, attempt.held)
    marks = ", ".join("?" * 11)
    sql = f"INSERT INTO line_log(at, ok, code, {_FIGURES}) VALUES ({marks})"
    ends = (attempt.files, attempt.ms, attempt.waiting)
    cursor = run(connection, sql, (to_microseconds(attempt.at), int(attempt.ok), attempt.code, *figures, *ends))
    run(connection, "DELETE FROM line_log WHERE seq <= ?", (cursor.lastrowid - KEPT_ATTEMPTS,))


def attempts(connection: Connection, limit: int = KEPT_ATTEMPTS) -> list[Attempt]:
    """The newest attempts, oldest first."""
    rows = run(connection, f"{_SELECT} ORDER BY seq DESC LIMIT ?", (limit,)).fetchall()
    return [_attempt(row) for row in reversed(rows)]


def last_attempt(connection: Connection) -> Attempt | None:
    """The newest attempt."""
    row = run(connection, f"{_SELECT} ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else _attempt(row)


def last_success_at(connection: Connection) -> datetime | None:
    """When the line last carried everything."""
    row = run(connection, "SELECT at FROM line_log WHERE ok = 1 ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else from_microseconds(row[0])


def failing_since(connection: Connection) -> datetime | None:
    """The first failure after the last success; None while the line is up."""
    sql = "SELECT min(at) FROM line_log WHERE seq > coalesce((SELECT max(seq) FROM line_log WHERE ok = 1), 0)"
    row = run(connection, sql).fetchone()
    return None if row is None or row[0] is None else from_microseconds(row[0])


def scopes(connection: Connection) -> list[ScopeState]:
    """Every scope this PC follows."""
    rows = run(connection, "SELECT scope, after, head, phase, equal FROM scopes ORDER BY scope")
    return [ScopeState(row[0], row[1], row[2], row[3], None if row[4] is None else bool(row[4])) for row in rows]


def _attempt(row: tuple[int, int, str, int, int, int, int, int, int, int, int]) -> Attempt:
    return Attempt(from_microseconds(row[0]), bool(row[1]), *row[2:])
