"""Taking steps: asks what a step needs, takes it beside the screen, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.case_judgement import StepInputs
from app.domain.case_rules import ActionOffer
from app.domain.cases import Case
from app.domain.problems import Problem, Refused
from app.domain.stages import Stage
from app.domain.workflow import FlowStep
from app.services.case_words import stage_word
from ui.naming import name
from ui.pages.cases.action_dialog import ActionDialog
from ui.pages.cases.action_fields import FieldMaker, asks_nothing, behalf_of
from ui.pages.cases.list_reading import case_ids
from ui.pages.cases.offer_words import offer_title, refusal_words
from ui.pages.cases.refused_dialog import RefusedDialog, RefusedLine
from ui.pages.context import PageContext
from ui.tasks import Task

BULK_ACTION = "dispatch"


class Actions(QObject):
    """`taken` carries the Case after a step; `many_taken` comes after a step on several."""

    taken = Signal(object)
    many_taken = Signal()

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self.dialog: ActionDialog | None = None

    def take(self, case: Case, offer: ActionOffer) -> None:
        """Take a step of this case: at once when it asks nothing, else after its dialog."""
        title = offer_title(offer, self._context.desk.reference.office())
        step = offer.step
        if asks_nothing(step):
            inputs = StepInputs(on_behalf_of=behalf_of(step, case))
            self._act(case, step, inputs, title, self._context.tasks.tell_problem)
            return
        about = " · ".join(part for part in (case.local_no, case.minor_name, case.address) if part)
        dialog = self._dialog(title, about, step, case)
        dialog.submitted.connect(lambda inputs: self._act(case, step, inputs, title, dialog.show_refusal, dialog))
        dialog.open()

    def take_many(self, rids: Sequence[int], follow: Callable[[Task, str], object]) -> None:
        """Dispatch many cases to one unit. follow: shows the work while it runs."""
        workflow = self._context.desk.reference.workflow()
        step = next(s for s in workflow.leaving(Stage.PENDING_DISPATCH) if s.action == BULK_ACTION)
        title = _("批量派遣")
        dialog = self._dialog(title, _("{n} 件案件派遣到同一个部门").format(n=len(rids)), step, None)
        dialog.submitted.connect(lambda inputs: self._act_on_many(rids, inputs, dialog, follow))
        dialog.open()

    def _dialog(self, title: str, about: str, step: FlowStep, case: Case | None) -> ActionDialog:
        maker = FieldMaker(self._context.desk, self._context.actor, case)
        self.dialog = ActionDialog(title, about, maker.fields(step), self._window)
        return self.dialog

    def _act(
        self,
        case: Case,
        step: FlowStep,
        inputs: StepInputs,
        title: str,
        refused: Callable[[Problem], object],
        dialog: ActionDialog | None = None,
    ) -> None:
        cases, actor = self._context.desk.cases, self._context.actor

        def act(_watch: Watch) -> Case:
            return cases.act(case.id, step.action, inputs, actor=actor)

        self._context.tasks.write(act, done=partial(self._acted, title, dialog), failed=refused)

    def _acted(self, title: str, dialog: ActionDialog | None, case: Case) -> None:
        if dialog is not None:
            dialog.accept()
        stage = stage_word(case.stage, self._context.desk.reference.office())
        words = _("已办理“{action}” {number} · 现在 {stage}")
        self._context.notices.say(words.format(action=title, number=case.local_no, stage=stage))
        self.taken.emit(case)

    def _act_on_many(
        self, rids: Sequence[int], inputs: StepInputs, dialog: ActionDialog, follow: Callable[[Task, str], object]
    ) -> None:
        if inputs.unit_id is None:
            dialog.show_refusal(Refused("case.unit_missing"))
            return
        dialog.accept()
        desk, actor = self._context.desk, self._context.actor
        plain = replace(inputs, on_behalf_of="")

        def act(watch: Watch) -> tuple[int, list[RefusedLine]]:
            ids = case_ids(desk.case_lists, rids, watch)
            refused = desk.cases.act_on_many(ids, BULK_ACTION, plain, actor=actor, watch=watch)
            lines = [RefusedLine(desk.cases.get(case_id).local_no, refusal_words(why)) for case_id, why in refused]
            return len(ids) - len(lines), lines

        task = self._context.tasks.write(act, done=self._acted_on_many)
        task.ended.connect(self.many_taken)
        follow(task, _("批量派遣"))

    def _acted_on_many(self, outcome: tuple[int, list[RefusedLine]]) -> None:
        done, refused = outcome
        self._context.notices.say(_("已派遣 {n} 件").format(n=done))
        if refused:
            name(
                RefusedDialog(_("批量派遣"), done, refused, self._window), "refused_dialog", _("没有办理的案件")
            ).open()
