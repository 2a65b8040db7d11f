"""What a task asks: the result a member brought back, or who goes instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.task_rules import RESULTS, Chosen
from app.services.drafts import SavedDraft
from app.services.field_tasks import TaskDetail
from ui.dialogs.deed_dialog import DeedDialog
from ui.dialogs.kept_dialog import KeptDialog
from ui.forms.choice_input import ChoiceInput
from ui.forms.entry_photos import EntryPhotos
from ui.forms.text_inputs import ParagraphInput
from ui.pages.context import PageContext
from ui.time_words import moment_words
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker

ANSWER_FORM = "field_task_answer"


class AnswerDialog(KeptDialog):
    """Result, words and photos; what is typed is the step of the case."""

    def __init__(
        self, context: PageContext, detail: TaskDetail, title: str, draft: SavedDraft | None, parent: QWidget
    ) -> None:
        super().__init__(context, ANSWER_FORM, detail.task.id, title, _about(detail), parent)
        self.result_input = ChoiceInput(list(RESULTS[detail.task.kind].items()))
        self.result_input.set_value(None)
        self.note = ParagraphInput(3)
        self.photos: EntryPhotos = EntryPhotos(context)
        self.form.add("result", _("结果"), self.result_input, required=True)
        self.form.add("note", _("现场情况"), self.note)
        self.form.add("photos", _("照片"), self.photos)
        self.go_on(draft, self.result_input, self.note, self.photos)

    def typed(self) -> dict[str, Any]:
        """Result, note and photos."""
        return {"result": self.result_input.value(), "note": self.note.value(), "photos": self.photos.typed()}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Result, note and photos."""
        self.result_input.set_value(typed["result"])
        self.note.set_value(typed["note"])
        self.photos.restore(typed["photos"])


class AssignDialog(DeedDialog):
    """Who goes instead; the nearest stands there already."""

    def __init__(self, context: PageContext, detail: TaskDetail, parent: QWidget) -> None:
        super().__init__(_("换人"), _about(detail), parent)
        self._members = {str(one.id): one for one in context.desk.members.all()}
        self.member = CodePicker(self._search)
        nearest = detail.nearest
        if nearest.member is not None and nearest.member.id != detail.task.member_id:
            self.member.set_choice(Choice(str(nearest.member.id), "", nearest.member.name))
        hint = _near(nearest, context)
        self.form.add("member_name", _("网格员"), self.member, hint=hint, required=True)

    def member_id(self) -> UUID | None:
        """Who was chosen."""
        key = self.member.value()
        return UUID(key) if key else None

    def _search(self, typed: str) -> list[Choice]:
        wanted = typed.strip()
        return [
            Choice(key, one.number, one.name, one.phone)
            for key, one in self._members.items()
            if wanted in one.name or wanted in one.number
        ]


def _about(detail: TaskDetail) -> str:
    case = detail.case
    what = case.minor_name or case.category_text
    return " · ".join(part for part in (detail.task.number, case.local_no, what, case.address) if part)


def _near(nearest: Chosen, context: PageContext) -> str:
    if nearest.member is None:
        return _("今天没有网格员的位置,请按名单选择")
    if nearest.distance_m is None or nearest.seen_at is None:
        return _("责任网格:{name}").format(name=nearest.member.name)
    at = moment_words(nearest.seen_at, context.desk.clock.now())
    return _("现在最近:{name},{n} 米({at})").format(name=nearest.member.name, n=round(nearest.distance_m), at=at)
