"""What an office does with verify and check tasks: hand over, give to another, take in the result, list."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.base.watch import Watch, silent
from app.base.words import N_, _
from app.domain import task_rules
from app.domain.case_judgement import StepInputs
from app.domain.case_views import CountSaid
from app.domain.cases import Case, CaseStep, Photo, PhotoPhase
from app.domain.directory import Worker
from app.domain.finding_views import TaskFilter, TaskLine, TaskView, task_filter
from app.domain.findings import FieldTask, TaskKind
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.domain.task_rules import Chosen
from app.reports.field_task_paper import TaskSlip, task_blocks
from app.reports.paper import Block, Paper, Together
from app.reports.paper_foot import foot_words
from app.services.cases import CaseService
from app.services.photos import TakenPhoto, batch_of, tie
from app.services.preferences import PreferenceService
from app.services.reference import ReferenceService
from app.services.task_follow import TaskFollower
from db.queries import field_tasks as rows
from db.store import Store
from db.tx import Tx

COUNT_CAP = 1000
MY_STREET = "field_tasks.my_street"
CALLED_OFF = N_("案件已转到其他环节")
_PHASES = {TaskKind.VERIFY: PhotoPhase.VERIFY, TaskKind.CHECK: PhotoPhase.CHECK}


@dataclass(frozen=True)
class TaskDetail:
    """Everything the detail shows of one task. nearest: who would be sent now."""

    task: FieldTask
    case: Case
    photos: Sequence[Photo]
    nearest: Chosen


class FieldTaskService:
    """Verify and check tasks. They are made by the step that sends a case to be verified or checked."""

    def __init__(
        self,
        store: Store,
        reference: ReferenceService,
        cases: CaseService,
        follower: TaskFollower,
        preferences: PreferenceService,
    ) -> None:
        self._store = store
        self._reference = reference
        self._cases = cases
        self._follower = follower
        self._preferences = preferences

    def proposal(self, case: Case) -> Chosen:
        """Who would be sent to this case if nobody is named, and why."""
        return self._follower.proposal(case)

    def assign(self, task_id: UUID, member_id: UUID, *, actor: Actor) -> FieldTask:
        """Give a task to another member; it is to be handed over anew. Raises Refused: task.over,
        account.role_needed."""
        need_writer(actor, "field_task")
        with self._store.write(actor, "field_task.assign") as tx:
            task, member = tx.need(FieldTask, task_id), tx.need(Worker, member_id)
            chosen = self._follower.given_to(tx.need(Case, task.case_id), member)
            given = task_rules.given_to(task, chosen, tx.now)
            tx.change(given)
        return given

    def hand_over(self, task_ids: Sequence[UUID], *, actor: Actor) -> list[FieldTask]:
        """Note that tasks were told or given on paper to their members, all or none. Raises Refused: task.over,
        task.member_missing, account.role_needed."""
        need_writer(actor, "field_task")
        with self._store.write(actor, "field_task.hand_over") as tx:
            handed = [task_rules.handed(tx.need(FieldTask, task_id), tx.now) for task_id in task_ids]
            for task in handed:
                tx.change(task)
        return handed

    def answer(
        self,
        task_id: UUID,
        result: str,
        note: str = "",
        *,
        actor: Actor,
        photos: Sequence[TakenPhoto] = (),
    ) -> Case:
        """Take in what the member brought back: the task's result is the case's step, typed once.

        result: a key of `task_rules.RESULTS`. Raises Refused of the task and of the flow; nothing is changed then.
        """
        with self._store.write(actor, "field_task.answer", note) as tx:
            task = tx.need(FieldTask, task_id)
            task_rules.refuse_over(task)
            said = task_rules.answer_note(task.kind, result, note)
            case = tx.need(Case, task.case_id)
            phase = _PHASES[task.kind]
            tie(tx, case.id, photos, phase, batch_of(case, phase))
            inputs = StepInputs(note=said, on_behalf_of=task.member_name, collector_name=task.member_name)
            case = self._cases.act_in(tx, case, task_rules.ANSWERS[task.kind], replace(inputs, result=result))
            answered = tx.need(FieldTask, task_id)
            tx.change(answered.changed(tx.now, result=result, note=note.strip()))
        return case

    def settle_left_behind(self, *, actor: Actor) -> list[FieldTask]:
        """Close tasks whose case went on at another PC that did not know of them: with the answer given there, if any."""
        with self._store.read() as reader:
            left = rows.left_behind(reader.connection)
        settled = []
        for task_id in left:
            with self._store.write(actor, "field_task.call_off") as tx:
                task = tx.need(FieldTask, task_id)
                over = _overtaken(tx, task)
                tx.change(over)
                settled.append(over)
        return settled

    # Reading -----------------------------------------------------------------------------------------------------

    def get(self, task_id: UUID) -> FieldTask:
        """One task. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(FieldTask, task_id)

    def find_number(self, number: str) -> UUID:
        """The task of that number. Raises Refused("task.not_found")."""
        with self._store.read() as reader:
            found = rows.find_by_number(reader.connection, number.strip())
        if found is None:
            raise Refused("task.not_found", number=number)
        return found

    def detail(self, task_id: UUID) -> TaskDetail:
        """A task with its case and the case's photos."""
        with self._store.read() as reader:
            task = reader.need(FieldTask, task_id)
            case = reader.need(Case, task.case_id)
            photos = reader.children(Photo, case.id)
        return TaskDetail(task, case, photos, self._follower.proposal(case))

    def of_case(self, case_id: UUID) -> list[FieldTask]:
        """The tasks of a case, in order of entry."""
        with self._store.read() as reader:
            return [reader.need(FieldTask, task_id) for task_id in rows.of_case(reader.connection, case_id)]

    def slips(self, task_ids: Sequence[UUID], *, actor: Actor, watch: Watch | None = None) -> Paper:
        """The slips of tasks, one after the other."""
        watch, office = watch or silent(), self._reference.office()
        blocks: list[Block] = []
        title = ""
        for done, task_id in enumerate(task_ids):
            watch.step(done, len(task_ids))
            with self._store.read() as reader:
                task = reader.need(FieldTask, task_id)
                case = reader.need(Case, task.case_id)
            title = title or task.number
            blocks.append(Together(task_blocks(TaskSlip(task, case), office)))
        foot = foot_words(office, actor.name, self._store.clock.now())
        return Paper(_("任务单 {number}").format(number=title), tuple(blocks), foot)

    def my_street(self, *, actor: Actor) -> str:
        """Code of the street this person looks after at this PC; empty: not said yet."""
        said = self._preferences.get(MY_STREET, actor=actor)
        return said if isinstance(said, str) else ""

    def set_my_street(self, street_code: str, *, actor: Actor) -> None:
        """Say which street this person looks after."""
        self._preferences.set(MY_STREET, street_code, actor=actor)

    def view(self, view: TaskView, *, actor: Actor) -> TaskFilter:
        """The filter a saved view stands for now and for this person."""
        return task_filter(view, self._store.clock.now(), self.my_street(actor=actor))

    def ids(self, wanted: TaskFilter, limit: int | None = None) -> array[int]:
        """Row numbers of a list in its order; the whole list when `limit` is None."""
        with self._store.read() as reader:
            return rows.ids(reader.connection, wanted, limit)

    def lines(self, rids: Sequence[int]) -> list[TaskLine]:
        """The lines of these rows."""
        with self._store.read() as reader:
            return rows.lines(reader.connection, rids)

    def count(self, wanted: TaskFilter, cap: int | None = COUNT_CAP) -> CountSaid:
        """How many tasks a list holds, capped unless `cap` is None."""
        with self._store.read() as reader:
            return rows.count(reader.connection, wanted, cap)

    def counts(self, views: Sequence[TaskView], *, actor: Actor) -> Mapping[TaskView, CountSaid]:
        """Capped counts of several views in one snapshot."""
        filters = {view: self.view(view, actor=actor) for view in views}
        with self._store.read() as reader:
            return {view: rows.count(reader.connection, wanted, COUNT_CAP) for view, wanted in filters.items()}

    def rid_of(self, task_id: UUID) -> int | None:
        """The row number of a task, to find it in a list again."""
        with self._store.read() as reader:
            return rows.rid_of(reader.connection, task_id)


def _overtaken(tx: Tx, task: FieldTask) -> FieldTask:
    """The task as the steps of its case left it."""
    steps = [step for step in tx.children(CaseStep, task.case_id) if step.at >= task.issued_at]
    answer = next((step for step in steps if step.action == task_rules.ANSWERS[task.kind]), None)
    result = "" if answer is None else str(answer.inputs.get("result", ""))
    note = CALLED_OFF if answer is None else answer.note
    case = tx.need(Case, task.case_id)
    return task_rules.followed(task, case, done=answer is not None, result=result, note=note, now=tx.now)
