"""How the line stood at each attempt, successes and failures alike, and the outages between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic_core import from_json

from app.domain.problems import Problem
from app.sync.views import OutageReport, SyncReport
from db.engine import run
from db.queries import line_log as rows
from db.queries.line_log import Attempt, ScopeState
from db.store import Store
from db.types import as_json

TROUBLE = "sync.trouble"
"""The note that keeps what stands in the way, with its details, for a program that is started again."""
_PUT = "INSERT INTO notes(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value"


@dataclass(frozen=True)
class LineFacts:
    """What the log says now. trouble: code and details of the last failure, empty after a success."""

    last_try_at: datetime | None
    last_success_at: datetime | None
    failing_since: datetime | None
    trouble_code: str
    trouble_details: Mapping[str, str]
    scopes: Sequence[ScopeState]


class LineLog:
    """Attempts in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def carried(self, started_at: datetime, ms: int, report: SyncReport) -> None:
        """Note a run that came to its end; one that names a problem counts as a failure."""
        self._note(attempt_of(started_at, ms, report), report.problem_details)

    def failed(self, started_at: datetime, ms: int, problem: Problem, waiting: int) -> None:
        """Note a run the line or the city stopped."""
        details = {name: str(value) for name, value in problem.details.items()}
        self._note(Attempt(started_at, ok=False, code=problem.code, ms=ms, waiting=waiting), details)

    def facts(self) -> LineFacts:
        """How the line stands."""
        with self._store.read() as reader:
            connection = reader.connection
            last = rows.last_attempt(connection)
            kept = run(connection, "SELECT value FROM notes WHERE name = ?", (TROUBLE,)).fetchone()
            code = "" if last is None else last.code
            return LineFacts(
                last_try_at=None if last is None else last.at,
                last_success_at=rows.last_success_at(connection),
                failing_since=rows.failing_since(connection),
                trouble_code=code,
                trouble_details={} if kept is None or not code else from_json(kept[0]),
                scopes=rows.scopes(connection),
            )

    def outages(self) -> list[OutageReport]:
        """Outages that are over, newest first."""
        with self._store.read() as reader:
            attempts = rows.attempts(reader.connection)
            scopes = rows.scopes(reader.connection)
        found = outages_of(attempts)
        if found and attempts[-1].at == found[-1].until:
            found[-1] = _with_equality(found[-1], equal_of(scopes))
        return found[::-1]

    def _note(self, attempt: Attempt, details: Mapping[str, str]) -> None:
        with self._store.local() as connection:
            rows.note(connection, attempt)
            run(connection, _PUT, (TROUBLE, as_json(details)))


def attempt_of(started_at: datetime, ms: int, report: SyncReport) -> Attempt:
    """A run as a line of the log."""
    return Attempt(
        at=started_at,
        ok=not report.problem_code,
        code=report.problem_code,
        pushed=report.pushed,
        pulled=report.pulled,
        conflicts=report.conflicts,
        refused=report.refused,
        held=report.held,
        files=report.files_sent,
        ms=ms,
        waiting=report.waiting,
    )


def outages_of(attempts: Sequence[Attempt]) -> list[OutageReport]:
    """From the first failure after a success to the next success, oldest first; one that lasts still is left out."""
    found, failing = [], list[Attempt]()
    for attempt in attempts:
        if not attempt.ok:
            failing.append(attempt)
        elif failing:
            found.append(_outage(failing, attempt))
            failing = []
    return found


def equal_of(scopes: Sequence[ScopeState]) -> bool | None:
    """Whether desk and city hold the same: False as soon as one scope differs, None while one is not compared."""
    said = {scope.equal for scope in scopes}
    if False in said:
        return False
    return None if not said or None in said else True


def _outage(failing: Sequence[Attempt], end: Attempt) -> OutageReport:
    every = [*failing, end]
    return OutageReport(
        since=failing[0].at,
        until=end.at,
        tries=len(failing),
        most_waiting=max(attempt.waiting for attempt in every),
        pushed=sum(attempt.pushed for attempt in every),
        pulled=sum(attempt.pulled for attempt in every),
        conflicts=end.conflicts,
        refused=end.refused,
        held=end.held,
        files_sent=sum(attempt.files for attempt in every),
        waiting=end.waiting,
        equal=None,
    )


def _with_equality(outage: OutageReport, equal: bool | None) -> OutageReport:
    return replace(outage, equal=equal)
