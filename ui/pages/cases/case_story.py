"""The story of a case: every step with person, time, for whom, what was given and where it led."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.cases import CaseStep
from app.domain.decisions import VERDICT_TITLES, Decision
from app.domain.office import Office
from app.domain.workflow import Workflow
from app.services.case_step_words import action_word, inputs_words, stages_word
from app.sync.value_words import field_title
from ui.time_words import moment_words
from ui.widgets.timeline import Timeline, TimelineStep

STEP_LIGHTS = {"close": "done", "city_close": "done", "suspend": "grey", "supervise": "red"}


class CaseStory(Timeline):
    """A timeline as tall as its steps, so that the page scrolls and not a box in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def tell(
        self,
        steps: Sequence[CaseStep],
        workflow: Workflow,
        office: Office,
        now: datetime,
        decisions: Sequence[Decision] = (),
        *,
        has_city: bool = False,
    ) -> None:
        """Tell these steps and decisions, oldest first. has_city: say which of them the city does not have yet."""
        told = [(step.at, step_words(step, workflow, office, now, has_city=has_city)) for step in steps]
        told += [(decision.created_at, decision_words(decision, now)) for decision in decisions]
        self.show_steps([words for _at, words in sorted(told, key=lambda one: one[0])])
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay as tall as the steps are at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        page = self.widget()
        height = page.heightForWidth(self.width()) if page.hasHeightForWidth() else page.sizeHint().height()
        self.setFixedHeight(max(height, page.minimumSizeHint().height()))


def decision_words(decision: Decision, now: datetime) -> TimelineStep:
    """A conflict that somebody decided: whose values stand, for which fields, and why."""
    fields = "、".join(field_title("case", field) for field in decision.fields)
    given_up = _("{n} 个步骤没有生效,内容留存").format(n=len(decision.given_up)) if decision.given_up else ""
    return TimelineStep(
        at=moment_words(decision.created_at, now),
        title=f"{_('冲突处理')} · {_(VERDICT_TITLES[decision.verdict])}",
        person=decision.actor_name,
        reason="\n".join(part for part in (fields, decision.reason, given_up) if part),
    )


def step_words(
    step: CaseStep, workflow: Workflow, office: Office, now: datetime, *, has_city: bool = False
) -> TimelineStep:
    """One step as the timeline shows it."""
    parts = [action_word(step.action, workflow, office), stages_word(step, office)]
    if has_city and not step.version:
        parts.append(_("○ 未送达"))
    person = step.actor_name
    if step.on_behalf_of:
        person = _("{person} 代 {other}").format(person=person, other=step.on_behalf_of)
    said = [inputs_words(step.inputs), step.note]
    return TimelineStep(
        at=moment_words(step.at, now),
        title=" · ".join(part for part in parts if part),
        person=person,
        reason="\n".join(part for part in said if part),
        light=STEP_LIGHTS.get(step.action),
    )
