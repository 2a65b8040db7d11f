"""Tasks follow their cases: made, kept in time, answered or called off in the transaction that moves the case."""

from __future__ import annotations

from uuid import UUID

from app.domain import task_rules
from app.domain.case_judgement import StepInputs
from app.domain.cases import Case
from app.domain.directory import Worker
from app.domain.findings import FieldTask
from app.domain.numbering import lettered_series, local_number
from app.domain.task_rules import Chosen, Seen
from app.services.grids import GridService
from app.services.members import MemberService
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import field_tasks as rows
from db.store import Store
from db.tx import Tx

_MOVES_PEOPLE = ("track", "check_result", "roll_call", "attendance", "worker", "patrol_round")


class TaskFollower:
    """What `CaseService` tells of every step; it knows where people are, and keeps that for a minute."""

    def __init__(self, store: Store, reference: ReferenceService, members: MemberService, grids: GridService) -> None:
        self._store = store
        self._reference = reference
        self._members = members
        self._grids = grids
        self._seen: tuple[int, dict[UUID, Seen]] | None = None
        self._forgotten = 0
        store.listen(lambda changes: self._forget() if changes.concerns(*_MOVES_PEOPLE) else None)

    def follow(self, tx: Tx, before: Case, after: Case, action: str, inputs: StepInputs) -> None:
        """Do to the tasks of a case what its step means for them. action: empty when only its times were laid out anew."""
        kind = task_rules.KIND_OF_STAGE.get(before.stage)
        done = kind is not None and action == task_rules.ANSWERS[kind]
        for task_id in rows.under_way_of_case(tx.connection, after.id):
            task = tx.need(FieldTask, task_id)
            now = task_rules.followed(task, after, done=done, result=inputs.result, note=inputs.note, now=tx.now)
            if now is not task:
                tx.change(now)
        if action in task_rules.SENDING_ACTIONS:
            name = inputs.collector_name.strip()
            chosen = self.sent(after, name)
            number = self._next_number(tx)
            tx.add(task_rules.made_task(after, chosen, name, task_id=tx.ids.new(), number=number, now=tx.now))

    def proposal(self, case: Case) -> Chosen:
        """Who would be sent if nobody is named: the nearest, else the owner of the duty grid."""
        today = self._reference.today()
        owner = self._grids.owner_of(case.duty_grid) if case.duty_grid else None
        return task_rules.choose(case, self._members.on_duty(today), self.seen(), owner)

    def sent(self, case: Case, name: str) -> Chosen:
        """Who is sent: the one a clerk named, else the proposal; the proposal's name typed is the proposal."""
        proposal = self.proposal(case)
        if not name or (proposal.member is not None and proposal.member.name == name):
            return proposal
        named = [member for member in self._members.all() if member.name == name]
        return task_rules.by_hand(case, named[0] if len(named) == 1 else None, self.seen())

    def given_to(self, case: Case, member: Worker) -> Chosen:
        """A member chosen by hand, with how far they are."""
        return task_rules.by_hand(case, member, self.seen())

    def seen(self) -> dict[UUID, Seen]:
        """Where each member was last seen."""
        now = self._store.clock.now()
        minute = int(now.timestamp()) // 60
        kept, forgotten = self._seen, self._forgotten
        if kept is None or kept[0] != minute:
            kept = (minute, self._members.last_known_points(now))
            if forgotten == self._forgotten:
                self._seen = kept
        return kept[1]

    def _forget(self) -> None:
        self._forgotten += 1
        self._seen = None

    def _next_number(self, tx: Tx) -> str:
        office, day = self._reference.office(), tx.now.astimezone(OFFICE_ZONE).date()
        series = lettered_series("HC", office.mark, office.pc_mark, day)
        return local_number(series, tx.next_number(series))
