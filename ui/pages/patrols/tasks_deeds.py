"""What is done with verify and check tasks: handed over, given to somebody else, answered, printed, exported."""

from __future__ import annotations

from array import array
from functools import partial

from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import Case, PhotoPhase
from app.domain.findings import FieldTask, TaskState
from app.domain.task_rules import TASK_KIND_TITLES
from app.reports.paper import Paper
from app.services.case_words import swapped
from app.services.drafts import SavedDraft
from app.services.field_tasks import TaskDetail
from ui.dialogs.deeds import Deeds
from ui.pages.patrols.tasks_dialogs import ANSWER_FORM, AnswerDialog, AssignDialog

MOST_SLIPS = 200


class TaskDeeds(Deeds):
    """`done` carries the id of a task that went on."""

    def answer(self, detail: TaskDetail) -> None:
        """Ask for the result, and take it into the case; a draft of it is gone on with."""
        self.ask_kept(ANSWER_FORM, detail.task.id, partial(self._open_answer, detail))

    def assign(self, detail: TaskDetail) -> None:
        """Ask who goes instead."""
        tasks, actor, task = self._context.desk.field_tasks, self._context.actor, detail.task
        dialog = AssignDialog(self._context, detail, self._window)

        def submit() -> None:
            member_id = dialog.member_id()
            if member_id is None:
                dialog.again()
                dialog.form.show_refusals({"member_name": _("请从名单中选择网格员")})
                return
            words = _("任务 {number} 已改派").format(number=task.number)
            self.act(task.id, lambda _w: tasks.assign(task.id, member_id, actor=actor), words, dialog)

        self.ask(dialog, submit)

    def hand_over(self, task: FieldTask, rids: array[int]) -> None:
        """Every one of these rows that still waits to be handed over; of one row or none, the task itself."""
        tasks, actor = self._context.desk.field_tasks, self._context.actor

        def hand(_watch: Watch) -> int:
            lines = tasks.lines(rids) if len(rids) > 1 else []
            chosen = [line.id for line in lines if line.state is TaskState.OPEN and line.member_name] or [task.id]
            return len(tasks.hand_over(chosen, actor=actor))

        words = _("已交办 {n} 个任务")
        self.act(task.id, hand, lambda count: words.format(n=count))

    def print_slips(self, rids: array[int]) -> None:
        """The slips of these rows."""
        if not rids:
            return
        if len(rids) > MOST_SLIPS:
            words = _("一次最多打印 {n} 张任务单,已选 {chosen} 个;请分批选择")
            self._context.notices.say(words.format(n=MOST_SLIPS, chosen=len(rids)))
            return
        tasks, actor = self._context.desk.field_tasks, self._context.actor

        def make(watch: Watch) -> Paper:
            return tasks.slips([line.id for line in tasks.lines(rids)], actor=actor, watch=watch)

        self.print_paper(make)

    def export(self, rids: array[int]) -> None:
        """Write these rows of the list."""
        sheets, actor = self._context.desk.finding_sheets, self._context.actor
        self.ask_sheet(
            rids, _("核实核查"), lambda path, rows, watch: sheets.tasks(path, rows, actor=actor, watch=watch)
        )

    def _open_answer(self, detail: TaskDetail, draft: SavedDraft | None) -> None:
        desk, actor, task = self._context.desk, self._context.actor, detail.task
        kind = _(swapped(TASK_KIND_TITLES[task.kind], desk.reference.office()))
        dialog = AnswerDialog(self._context, detail, _("{kind}反馈").format(kind=kind), draft, self._window)

        def submit() -> None:
            result, note = dialog.result_input.value() or "", dialog.note.value()
            photos = [one for phase in PhotoPhase for one in dialog.photos.unsaved(phase)]

            def answer(_watch: Watch) -> Case:
                return desk.field_tasks.answer(task.id, result, note, actor=actor, photos=photos)

            words = _("已把{kind}结果记入案件 {case}").format(kind=kind, case=detail.case.local_no)
            self.act(task.id, answer, words, dialog)

        self.ask(dialog, submit)
