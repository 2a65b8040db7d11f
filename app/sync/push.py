"""Sending what waits: batch by batch, each answered change by change; the next one goes while the answer is written down."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from app.base.undisturbed import undisturbed
from app.base.version import VERSION
from app.base.watch import Watch
from app.domain.problems import Problem, Unavailable
from app.sync.ahead import Answer
from app.sync.line import CityLine, asking_ahead
from app.sync.points import Reach
from app.wire.sync import MAX_CHANGES, MAX_PUSH_BYTES, SETTLED, Outcome, PushReply, PushRequest, Status, written
from db.city_settle import settle
from db.outbox import open_count
from db.queries import sync as queue
from db.queries.queued import Queued, may_be_split, next_queued
from db.store import Store

_OF_THE_ENVELOPE = frozenset({"sync.too_large", "sync.request_broken"})
"""Refusals of a whole request that smaller ones may not meet."""
SMALL_BYTES = MAX_PUSH_BYTES // 4
"""What every line lets through that is meant for desks."""


@dataclass
class Pushed:
    """How many changes were settled, of those how many together with others' work."""

    settled: int = 0
    merged: int = 0


@dataclass(frozen=True)
class _UnderWay:
    """A batch that was sent, and the answer it will have."""

    changes: Sequence[Queued]
    answer: Answer[PushReply]
    is_full: bool = False
    """So much went at once that there may be more."""


class Push:
    """One run's sending."""

    def __init__(self, store: Store, line: CityLine, reach: Reach) -> None:
        self._store = store
        self._line = line
        self._ahead = asking_ahead(line)
        self._reach = reach
        self._limit = MAX_CHANGES
        self._passed = False
        self._left_over: list[tuple[Sequence[Queued], Problem]] = []
        self.done = Pushed()

    def prepare(self) -> None:
        """Before a run that has something to send: what never travels is settled, what waited for the city's side is asked again."""
        with self._store.local() as connection:
            queue.settle_what_stays_here(connection)
            queue.free_held(connection)

    def run(self, watch: Watch) -> None:
        """Send until nothing is left that may go. Raises Unavailable and Refused of the line; Cancelled between batches."""
        changes = self._next()
        total = self.done.settled + self._waiting() if changes else 0
        with self._store.long_log() if total > 2 * MAX_CHANGES else nullcontext():
            watch.check()
            sent = self._ask(changes)
            try:
                while sent is not None:
                    watch.step(self.done.settled, max(total, self.done.settled))
                    sent = self._go_on(sent, watch)
            finally:
                if sent is not None:
                    sent.answer.drop()

    def _go_on(self, sent: _UnderWay, watch: Watch) -> _UnderWay | None:
        """Take what the city answered; gives the batch that is under way then.

        The next one goes before the answer is written down, unless the answer may keep something of it back.
        """
        following = self._next(sent.changes[-1].seq) if sent.is_full else []
        outcomes = self._outcomes(sent, watch)
        ahead = None
        if following and outcomes and all(outcome.status in SETTLED for outcome in outcomes):
            ahead = self._ask(following)
        try:
            self._settle(sent.changes, outcomes)
            self._judge_left_over()
        except BaseException:
            if ahead is not None:
                ahead.answer.drop()
            raise
        if ahead is None:
            watch.check()
            ahead = self._ask(self._next())
        return ahead

    def _next(self, after: int = 0) -> list[Queued]:
        with undisturbed(), self._store.read() as reader:
            return next_queued(reader.connection, self._limit, MAX_PUSH_BYTES, after)

    def _waiting(self) -> int:
        with self._store.read() as reader:
            return open_count(reader.connection)

    def _ask(self, changes: Sequence[Queued]) -> _UnderWay | None:
        if not changes:
            return None
        self._reach("before_push")
        request = PushRequest(program=VERSION, sent_at=self._store.clock.now(), changes=[])
        if self._ahead is None:
            whole = request.model_copy(update={"changes": [one.change() for one in changes]})
            return _UnderWay(changes, Answer(lambda: self._line.push(whole)))
        full = 2 * len(changes) > self._limit or 2 * sum(one.weight() for one in changes) > MAX_PUSH_BYTES
        body = written(request, (one.text() for one in changes)).encode()
        return _UnderWay(changes, self._ahead.push_written(body, ahead=full), is_full=full)

    def _outcomes(self, sent: _UnderWay, watch: Watch) -> list[Outcome]:
        """The answers in the order of the changes; nothing when they had to go apart and are settled by now."""
        try:
            reply = sent.answer.take()
        except Problem as problem:
            if problem.code not in _OF_THE_ENVELOPE:
                raise
            self._send_apart(sent.changes, problem, watch)
            return []
        self._reach("after_send")
        self._passed = True
        return _in_order(sent.changes, reply)

    def _send(self, changes: Sequence[Queued], watch: Watch) -> None:
        watch.check()
        sent = self._ask(changes)
        if sent is not None:
            self._settle(changes, self._outcomes(sent, watch))

    def _send_apart(self, changes: Sequence[Queued], problem: Problem, watch: Watch) -> None:
        """The city does not take this request: halves of it may go, and what alone is too much stays with its reason."""
        groups = [list(group) for _, group in groupby(changes, key=lambda change: change.group_id)]
        parts = groups if len(groups) > 1 or len(changes) == 1 else _new_ones(groups[0])
        if len(parts) == 1:
            self._left_over.append((parts[0], problem))
            return
        self._limit = max(1, min(self._limit, len(changes) // 2))
        middle = len(parts) // 2
        for half in (parts[:middle], parts[middle:]):
            self._send([change for part in half for change in part], watch)

    def _judge_left_over(self) -> None:
        """What does not pass even alone is refused, once it is known that the line lets others through.

        Raises Unavailable("sync.too_large") when nothing small passes: somebody between here and the city is at fault.
        """
        left, self._left_over = self._left_over, []
        for changes, problem in left:
            small = sum(len(change.text()) for change in changes) < SMALL_BYTES
            if problem.code == "sync.too_large" and small and not self._passed:
                raise Unavailable(problem.code, **problem.details)
            words = {name: str(value) for name, value in problem.details.items()}
            answer = {"status": Status.REFUSED, "code": problem.code, "details": words}
            self._settle(changes, [Outcome(change_id=UUID(bytes=change.change_id), **answer) for change in changes])

    def _settle(self, changes: Sequence[Queued], outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        self._reach("before_settle")
        with undisturbed(), self._store.from_city("city.settle") as tx:
            settle(tx, changes, outcomes)
        self._reach("after_settle")
        self.done.settled += sum(1 for outcome in outcomes if outcome.status in SETTLED)
        self.done.merged += sum(1 for outcome in outcomes if outcome.status is Status.MERGED)


def _new_ones(group: list[Queued]) -> list[list[Queued]]:
    """A group in parts of one when every change in it is a new record, else the group as it is."""
    return [[change] for change in group] if may_be_split(group) else [group]


def _in_order(changes: Sequence[Queued], reply: PushReply) -> list[Outcome]:
    """The answers in the order of the changes. Raises Unavailable("sync.reply_broken") when one is missing."""
    answers = {outcome.change_id.bytes: outcome for outcome in reply.outcomes}
    if len(reply.outcomes) != len(changes) or any(change.change_id not in answers for change in changes):
        raise Unavailable("sync.reply_broken", reason=f"{len(reply.outcomes)}/{len(changes)}")
    return [answers[change.change_id] for change in changes]
