"""Test the line: a made-up record goes to the city through the real queue, comes back, is compared and taken away again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from app.base.version import VERSION
from app.base.watch import Watch
from app.domain.line_tests import LINE_TEST, LINE_TEST_REMOVAL, LineTest
from app.domain.permissions import Actor
from app.domain.problems import Problem, Refused, Unavailable
from app.domain.problems.catalog import PROBLEMS
from app.sync.line import CityLine
from app.sync.link import Link
from app.sync.views import LineTestResult
from app.wire.sync import SETTLED, Cursor, Entry, Outcome, PullRequest, PushRequest, ScopePage, Status
from db.city_settle import settle
from db.queries import line_tests as rows
from db.queries.queued import Queued
from db.store import Store

T = TypeVar("T")
_NO_FILE = "0" * 64
_WORDS = "线路测试 αβγ 𠮷 👷 \u200b'\";--"


class LineTester:
    """One test. Its record belongs to this PC's own scope, so no other desk ever sees it."""

    def __init__(self, store: Store, line: CityLine, link: Link, *, actor: Actor) -> None:
        self._store = store
        self._line = line
        self._scope = f"{link.district}/{link.device_id}"
        self._actor = actor
        self._stations: list[tuple[str, float, str]] = []

    def run(self, watch: Watch) -> LineTestResult:
        """Go through the stations until one fails. Nothing is left behind here; at the city, at most until the next sync.

        Raises Cancelled between stations, after taking the record back.
        """
        try:
            self._station("proof", lambda: self._line.file_state(_NO_FILE))
            record = self._station("disk", self._write)
        except Problem:
            return LineTestResult(tuple(self._stations), ok=False)
        try:
            watch.check()
            there = self._station("push", lambda: self._send(record.id))
            watch.check()
            entry = self._station("back", lambda: self._fetch(record.id, there))
            self._station("compare", lambda: _compare(record, there, entry))
        except Problem:
            pass
        finally:
            self._take_back(record)
        return LineTestResult(tuple(self._stations), ok=not any(code for _name, _seconds, code in self._stations))

    def _station(self, name: str, job: Callable[[], T]) -> T:
        """The job with its seconds written down, or the code it failed with."""
        since = self._store.clock.steady()
        try:
            result = job()
        except Problem as problem:
            self._stations.append((name, self._store.clock.steady() - since, problem.code))
            raise
        self._stations.append((name, self._store.clock.steady() - since, ""))
        return result

    def _write(self) -> LineTest:
        with self._store.write(self._actor, "line_test.write") as tx:
            record_id = tx.ids.new()
            record = LineTest(id=record_id, created_at=tx.now, changed_at=tx.now, words=f"{_WORDS} {record_id}")
            tx.add(record)
        return record

    def _send(self, record_id: UUID) -> Outcome:
        """Send what waits of the record; the last answer. Raises what the city refuses it with."""
        changes = self._waiting(record_id)
        request = PushRequest(
            program=VERSION, sent_at=self._store.clock.now(), changes=[one.change() for one in changes]
        )
        outcomes = self._line.push(request).outcomes
        if [outcome.change_id for outcome in outcomes] != [
            change.change_id for change in request.changes
        ] or not outcomes:
            raise Unavailable("sync.reply_broken", reason="outcomes")
        with self._store.from_city("city.settle") as tx:
            settle(tx, changes, outcomes)
        for outcome in outcomes:
            if outcome.status not in SETTLED:
                raise _said(outcome)
        return outcomes[-1]

    def _fetch(self, record_id: UUID, there: Outcome) -> Entry:
        """The record as it comes down in this PC's own scope."""
        page = self._page(Cursor())
        page = self._page(Cursor(epoch=page.head.epoch, after=there.seq - 1))
        for entry in page.entries:
            if entry.id == record_id:
                return entry
        raise Unavailable("sync.not_equal")

    def _page(self, cursor: Cursor) -> ScopePage:
        reply = self._line.pull(PullRequest(program=VERSION, scopes={self._scope: cursor}))
        if self._scope not in reply.scopes:
            raise Unavailable("sync.reply_broken", reason="scopes")
        return reply.scopes[self._scope]

    def _take_back(self, record: LineTest) -> None:
        """Away here at once; at the city now, or with the next sync when the line is broken. Refused, it never was there."""
        with self._store.local() as connection:
            if rows.is_stuck(connection, record.id):
                rows.forget(connection, record.id)
                return
        with self._store.write(self._actor, LINE_TEST_REMOVAL) as tx:
            tx.take_back(record)
        if any(code for _name, _seconds, code in self._stations):
            return
        try:
            self._station("remove", lambda: self._send(record.id))
        except Problem:
            return
        with self._store.local() as connection:
            rows.forget(connection, record.id)

    def _waiting(self, record_id: UUID) -> list[Queued]:
        with self._store.read() as reader:
            return rows.waiting_of(reader.connection, record_id)


def _compare(record: LineTest, there: Outcome, entry: Entry) -> None:
    same = (entry.op, entry.type, entry.version) == ("put", LINE_TEST.name, there.version)
    if not same or (entry.row or {}).get("words") != record.words:
        raise Unavailable("sync.not_equal")


def _said(outcome: Outcome) -> Problem:
    """Why the city did not take the record."""
    if outcome.status is Status.HELD:
        return Unavailable("sync.city_busy")
    if outcome.code in PROBLEMS:
        return Refused(outcome.code, **outcome.details)
    return Unavailable("sync.reply_broken", reason=outcome.status.value)
