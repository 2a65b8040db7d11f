"""What a deed about an inspection asks: the notice's number, why it is cancelled, what was found, which paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QScrollArea, QWidget

from app.base.words import _
from app.domain.inspections import (
    INSPECTION_RESULT_TITLES,
    ITEM_RESULT_TITLES,
    Inspection,
    InspectionItem,
    InspectionState,
    ItemResult,
)
from app.reports.inspection_paper import FORM_TITLES, InspectionForm
from app.services.drafts import SavedDraft
from ui.dialogs.deed_dialog import DeedDialog
from ui.dialogs.kept_dialog import KeptDialog
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.text_inputs import ParagraphInput, TextInput
from ui.pages.context import PageContext

FINISH_FORM = "inspection_finish"
MOST_PX = 260
_NEXT_PAPER = {
    InspectionState.DRAFTED: InspectionForm.APPROVAL,
    InspectionState.APPROVED: InspectionForm.NOTICE,
    InspectionState.NOTIFIED: InspectionForm.RECORD,
    InspectionState.UNDER_WAY: InspectionForm.RECORD,
    InspectionState.DONE: InspectionForm.RESULT,
    InspectionState.CANCELLED: InspectionForm.APPROVAL,
}


class NotifyDialog(DeedDialog):
    """Under which number the notice was handed over."""

    def __init__(self, inspection: Inspection, parent: QWidget) -> None:
        super().__init__(_("已告知企业"), about(inspection), parent)
        self.number = TextInput(60)
        self.form.add("notice_no", _("通知书编号"), self.number, hint=_("不填就用检查编号"))


class CancelDialog(DeedDialog):
    """Why it will not take place."""

    def __init__(self, inspection: Inspection, parent: QWidget) -> None:
        super().__init__(_("取消检查"), about(inspection), parent)
        self.reason = ParagraphInput(3)
        self.form.add("note", _("理由"), self.reason, required=True)


class PaperDialog(DeedDialog):
    """Which paper is printed; the one that is next stands there already."""

    def __init__(self, inspection: Inspection, parent: QWidget) -> None:
        super().__init__(_("打印文书"), about(inspection), parent)
        self.paper = ChoiceInput(list(FORM_TITLES.items()))
        self.paper.set_value(_NEXT_PAPER[inspection.state])
        self.form.add("paper", _("文书"), self.paper, required=True)


class FinishDialog(KeptDialog):
    """What was found of each matter, and what comes of it."""

    def __init__(self, context: PageContext, inspection: Inspection, draft: SavedDraft | None, parent: QWidget) -> None:
        super().__init__(context, FINISH_FORM, inspection.id, _("填写结果"), about(inspection), parent)
        self._inspection = inspection
        self.answers: list[tuple[ChoiceInput, TextInput]] = []
        rows = FormColumn()
        for at, item in enumerate(inspection.items, start=1):
            answer, note = ChoiceInput(list(ITEM_RESULT_TITLES.items())), TextInput(1000)
            answer.set_value(ItemResult.FINE)
            note.setPlaceholderText(_("说明"))
            answer.setAccessibleName(item.title)
            rows.add_row(item.title, [(f"item_{at}", item.title, answer), (f"note_{at}", "", note)])
            answer.edited.connect(self._propose)
            self.answers.append((answer, note))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(rows)
        area.setMinimumHeight(min(MOST_PX, rows.sizeHint().height()))
        self.result_input = ChoiceInput(list(INSPECTION_RESULT_TITLES.items()))
        self.note = ParagraphInput(3)
        self.form.add_wide(area)
        self.form.add("result", _("检查结果"), self.result_input, required=True)
        self.form.add("note", _("检查情况"), self.note)
        self._propose()
        self.go_on(draft, self.result_input, self.note, *(part for pair in self.answers for part in pair))
        if self.answers:
            self.answers[0][0].setFocus()

    def items(self) -> list[InspectionItem]:
        """The matters with what was found."""
        return [
            item.model_copy(update={"result": str(answer.value() or ""), "note": note.value() or ""})
            for item, (answer, note) in zip(self._inspection.items, self.answers, strict=True)
        ]

    def typed(self) -> dict[str, Any]:
        """Result and note of each matter, and of the whole."""
        answers = [[str(answer.value() or ""), note.value()] for answer, note in self.answers]
        return {"answers": answers, "result": str(self.result_input.value() or ""), "note": self.note.value()}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Result and note of each matter, and of the whole."""
        for (answer, note), (result, words) in zip(self.answers, typed["answers"], strict=False):
            answer.set_value(result)
            note.set_value(words)
        self.result_input.set_value(typed["result"])
        self.note.set_value(typed["note"])

    def _propose(self) -> None:
        """The result the answers ask for; a person may choose otherwise."""
        wrong = any(answer.value() == ItemResult.WRONG for answer, _note in self.answers)
        chosen = self.result_input.value()
        if chosen is None or wrong == (chosen == "nothing_found"):
            self.result_input.set_value("put_right" if wrong else "nothing_found")


def about(inspection: Inspection) -> str:
    """An inspection in one line."""
    return " · ".join(part for part in (inspection.number, inspection.enterprise_name, inspection.matter) if part)
