"""Sending what waits: batch by batch, each answered change by change and settled before the next one goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.base.undisturbed import undisturbed
from app.base.version import VERSION
from app.base.watch import Watch
from app.domain.problems import Problem, Unavailable
from app.sync.line import CityLine
from app.sync.points import Reach
from app.wire.sync import MAX_CHANGES, MAX_PUSH_BYTES, SETTLED, Change, Outcome, PushReply, PushRequest, Status
from db.city_settle import settle
from db.queries import sync as queue
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


class Push:
    """One run's sending."""

    def __init__(self, store: Store, line: CityLine, reach: Reach) -> None:
        self._store = store
        self._line = line
        self._reach = reach
        self._limit = MAX_CHANGES
        self._passed = False
        self._left_over: list[tuple[Sequence[Change], Problem]] = []
        self.done = Pushed()

    def prepare(self) -> None:
        """Before a run: what never travels is settled, what waited for the city's side is asked again."""
        with self._store.read() as reader:
            idle = queue.waiting_count(reader.connection) == 0
        if idle:
            return
        with self._store.local() as connection:
            queue.settle_what_stays_here(connection)
            queue.free_held(connection)

    def run(self, watch: Watch) -> None:
        """Send until nothing is left that may go. Raises Unavailable and Refused of the line; Cancelled between batches."""
        total = self.done.settled + self._waiting()
        while changes := self._next():
            watch.step(self.done.settled, max(total, self.done.settled))
            self._send(changes, watch)
            self._judge_left_over()

    def _next(self) -> list[Change]:
        with undisturbed(), self._store.read() as reader:
            return queue.next_batch(reader.connection, self._limit, MAX_PUSH_BYTES)

    def _waiting(self) -> int:
        with self._store.read() as reader:
            return queue.waiting_count(reader.connection)

    def _send(self, changes: Sequence[Change], watch: Watch) -> None:
        watch.check()
        self._reach("before_push")
        try:
            reply = self._line.push(
                PushRequest(program=VERSION, sent_at=self._store.clock.now(), changes=list(changes))
            )
        except Problem as problem:
            if problem.code not in _OF_THE_ENVELOPE:
                raise
            self._send_apart(changes, problem, watch)
            return
        self._reach("after_send")
        self._passed = True
        self._settle(changes, _in_order(changes, reply))

    def _send_apart(self, changes: Sequence[Change], problem: Problem, watch: Watch) -> None:
        """The city does not take this request: halves of it may go, and what alone is too much stays with its reason."""
        groups = [list(group) for _, group in groupby(changes, key=lambda change: change.group)]
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
            small = sum(len(change.model_dump_json()) for change in changes) < SMALL_BYTES
            if problem.code == "sync.too_large" and small and not self._passed:
                raise Unavailable(problem.code, **problem.details)
            words = {name: str(value) for name, value in problem.details.items()}
            answer = {"status": Status.REFUSED, "code": problem.code, "details": words}
            self._settle(changes, [Outcome(change_id=change.change_id, **answer) for change in changes])

    def _settle(self, changes: Sequence[Change], outcomes: Sequence[Outcome]) -> None:
        self._reach("before_settle")
        with undisturbed(), self._store.from_city("city.settle") as tx:
            settle(tx, changes, outcomes)
        self._reach("after_settle")
        self.done.settled += sum(1 for outcome in outcomes if outcome.status in SETTLED)
        self.done.merged += sum(1 for outcome in outcomes if outcome.status is Status.MERGED)


def _new_ones(group: list[Change]) -> list[list[Change]]:
    """A group in parts of one when every change in it is a new record, else the group as it is."""
    if all(change.base_version == 0 and change.follows is None for change in group):
        return [[change] for change in group]
    return [group]


def _in_order(changes: Sequence[Change], reply: PushReply) -> list[Outcome]:
    """The answers in the order of the changes. Raises Unavailable("sync.reply_broken") when one is missing."""
    answers = {outcome.change_id: outcome for outcome in reply.outcomes}
    if len(reply.outcomes) != len(changes) or any(change.change_id not in answers for change in changes):
        raise Unavailable("sync.reply_broken", reason=f"{len(reply.outcomes)}/{len(changes)}")
    return [answers[change.change_id] for change in changes]
