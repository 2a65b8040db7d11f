"""Drafting an inspection: company with what of its cap is used, officers, matters made known; a draft survives a crash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import _
from app.domain.inspection_rules import InspectionDraft
from app.domain.inspections import INSPECTION_BASIS_TITLES, Inspection, InspectionBasis
from app.domain.problems import Problem, Refused
from app.services.drafts import SavedDraft
from ui.forms.choice_input import ChoiceInput
from ui.forms.entry_keeper import DraftKeeper
from ui.forms.field import FormColumn
from ui.forms.text_inputs import ParagraphInput, TextInput
from ui.forms.time_inputs import DayInput
from ui.keys import listen
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.inputs import TickList, enterprise_picker, officer_picker, parts_of
from ui.pages.enforcement.inspections_detail import standing_words
from ui.theme import gap, set_look
from ui.widgets.choices import Choice

FORM = "inspection_entry"
WIDEST_PX = 760


class InspectionForm(QWidget):
    """`saved` carries the Inspection; `closed`: back to the list."""

    saved = Signal(object)
    closed = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "inspection_form", _("拟行政检查"))
        self._context = context
        desk = context.desk
        self.enterprise = enterprise_picker(desk)
        self.basis = ChoiceInput(list(INSPECTION_BASIS_TITLES.items()))
        self.reason = TextInput(400)
        self.day = DayInput()
        self.officers = (officer_picker(desk), officer_picker(desk), officer_picker(desk))
        self.units = TextInput()
        self.units.setPlaceholderText(_("联合检查(综合查一次)填几个单位,用顿号隔开,只计一次"))
        self.matter = TextInput(400)
        self.items = TickList("inspection_items", _("检查事项"))
        self.note = ParagraphInput(2)
        self.form = FormColumn()
        self._lay_out()
        self.keeper = DraftKeeper(context, self._body, self, form=FORM)
        self._connect()

    def start_new(self, enterprise_id: UUID | None = None) -> None:
        """An empty form, or one for a company; what was not finished is gone on with when none is named."""
        self.keeper.keep_now()
        drafts = [] if enterprise_id else self._context.desk.drafts.all(FORM, actor=self._context.actor)
        self._offer_items()
        self.form.clear_refusals()
        self._say("")
        if drafts:
            self._restore(drafts[0])
        else:
            self.keeper.begin()
            self._fill({"basis": InspectionBasis.PLAN, "planned_on": str(self._context.desk.reference.today())})
        if enterprise_id is not None:
            one = self._context.desk.enterprises.get(enterprise_id)
            self.enterprise.set_choice(Choice(str(one.id), one.credit_code, one.name))
        self._show_standing()
        QTimer.singleShot(0, self, lambda: self.enterprise.setFocus(Qt.FocusReason.OtherFocusReason))

    def keep(self) -> None:
        """Put what is typed into a draft now."""
        self.keeper.keep_now()

    def draft(self) -> InspectionDraft:
        """What is typed. Raises Refused for an officer who is none."""
        key, day = self.enterprise.value(), self.day.value()
        officers = [self._officer(at) for at in range(len(self.officers))]
        ticked = set(self.items.value())
        return InspectionDraft(
            enterprise_id=UUID(key) if key else None,
            basis=self.basis.value() or InspectionBasis.PLAN,
            exempt_reason=self.reason.value(),
            matter=self.matter.value(),
            units=parts_of(self.units.value()),
            officer_ids=tuple(one for one in officers if one is not None),
            items=tuple(item for item in self._context.desk.inspections.items() if item.title in ticked),
            planned_on=day if isinstance(day, date) else None,
            note=self.note.value() or "",
        )

    def save(self) -> None:
        """Keep it, or say at each field what is missing."""
        inspections, actor = self._context.desk.inspections, self._context.actor
        try:
            draft = self.draft()
        except Refused as refused:
            self._refuse({"officer_ids": refused})
            return
        missing = inspections.missing(draft)
        if missing:
            self._refuse(missing)
            return
        self.form.clear_refusals()
        self._say("")
        self._save.setEnabled(False)
        self.keeper.hold()
        draft_id = self.keeper.draft_id

        def job(_watch: Watch) -> Inspection:
            return inspections.plan(draft, actor=actor, draft_id=draft_id)

        self._context.tasks.write(job, done=self._on_saved, failed=self._on_no)

    def refused_words(self) -> str:
        """What is said to be in the way below the fields."""
        return self._said.text()

    # --------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        add = self.form.add
        add("enterprise_id", _("企业"), self.enterprise, hint=" ", required=True)
        add("basis", _("检查来源"), self.basis, required=True)
        add("exempt_reason", _("理由"), self.reason, hint=_("投诉举报、转办和紧急情况必填;这些检查不计入年度次数"))
        add("planned_on", _("计划日期"), self.day, required=True)
        officers = QWidget()
        row = QHBoxLayout(officers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gap(2))
        for at, picker in enumerate(self.officers, start=1):
            row.addWidget(name(picker, f"officer_{at}", _("执法人员 {n}").format(n=at)))
        officers.setFocusProxy(self.officers[0])
        add("officer_ids", _("执法人员"), officers, hint=_("至少两名持证人员;网格员不能检查企业"), required=True)
        add("items", _("检查事项"), self.items, hint=_("只能选已公布的事项;空格键勾选"), required=True)
        add("units", _("检查单位"), self.units)
        add("matter", _("检查内容"), self.matter)
        add("note", _("说明"), self.note)
        self.title = set_look(name(QLabel(_("拟行政检查")), "inspection_form_title", _("标题")), "title")
        column = QWidget()
        column.setMaximumWidth(WIDEST_PX)
        lines = QVBoxLayout(column)
        lines.setContentsMargins(gap(4), gap(3), gap(4), gap(3))
        lines.setSpacing(gap(3))
        lines.addWidget(self.title)
        lines.addWidget(self.form)
        lines.addStretch(1)
        scroll = name(QScrollArea(), "inspection_form_scroll", _("拟行政检查"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(column)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll, 1)
        page.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self._save = set_look(name(QPushButton(_("保存 Ctrl+S")), "inspection_save", _("保存")), "primary")
        self._close = set_look(name(QPushButton(_("关闭 Esc")), "inspection_close", _("关闭")), "quiet")
        self._said = set_look(name(QLabel(), "inspection_refused", _("没有保存的原因")), "wrong")
        self._said.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setContentsMargins(gap(4), gap(2), gap(4), gap(2))
        foot.setSpacing(gap(2))
        foot.addWidget(self._save)
        foot.addWidget(self._close)
        foot.addWidget(self._said, 1)
        return foot

    def _connect(self) -> None:
        self._save.clicked.connect(self.save)
        self._close.clicked.connect(self._on_close)
        listen(self, {"Ctrl+S": self.save, "Ctrl+Return": self.save, "Esc": self._on_close})
        inputs = (self.basis, self.reason, self.day, self.units, self.matter, self.items, self.note, *self.officers)
        for one in inputs:
            one.edited.connect(self.keeper.touch)
        self.enterprise.picked.connect(self._on_enterprise)
        self.day.edited.connect(self._show_standing)

    def _on_enterprise(self, _choice: object) -> None:
        self.keeper.touch()
        self._show_standing()

    def _show_standing(self) -> None:
        """What of the cap is used stands under the company, before anything is saved."""
        key, day = self.enterprise.value(), self.day.value()
        year = day.year if isinstance(day, date) else None
        words = standing_words(self._context.desk.inspections.standing(UUID(key), year)) if key else " "
        self.form.field("enterprise_id").set_hint(words)

    def _officer(self, at: int) -> UUID | None:
        picker = self.officers[at]
        key, typed = picker.value(), picker.text().strip()
        if key:
            return UUID(key)
        return self._context.desk.officers.named(typed).id if typed else None

    def _offer_items(self) -> None:
        items = self._context.desk.inspections.items()
        self.items.set_choices([(item.title, f"{item.title}  {item.basis}".strip()) for item in items])

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "basis": str(self.basis.value() or ""),
            "exempt_reason": self.reason.value(),
            "planned_on": str(self.day.value() or ""),
            "units": self.units.value(),
            "matter": self.matter.value(),
            "items": list(self.items.value()),
            "note": self.note.value() or "",
        }
        for field, picker in (("enterprise", self.enterprise), *((f"officer_{n}", one) for n, one in self._numbered())):
            body[field] = [picker.value() or "", picker.text()]
        return body

    def _numbered(self) -> list[tuple[int, Any]]:
        return list(enumerate(self.officers, start=1))

    def _restore(self, draft: SavedDraft) -> None:
        self.keeper.begin(draft.id)
        self._fill(draft.body)

    def _fill(self, body: Mapping[str, Any]) -> None:
        basis, day = body.get("basis"), str(body.get("planned_on", ""))
        self.basis.set_value(InspectionBasis(basis) if basis else InspectionBasis.PLAN)
        self.reason.set_value(body.get("exempt_reason", ""))
        self.day.set_value(_day(day))
        self.units.set_value(body.get("units", ""))
        self.matter.set_value(body.get("matter", ""))
        self.items.set_value(body.get("items", ()))
        self.note.set_value(body.get("note", ""))
        pickers = [("enterprise", self.enterprise), *((f"officer_{n}", one) for n, one in self._numbered())]
        for field, picker in pickers:
            key, text = body.get(field, ("", ""))
            picker.set_choice(Choice(key, "", text) if key else None)
            if text and not key:
                picker.setText(text)

    def _refuse(self, missing: Mapping[str, Refused]) -> None:
        said = {field: problem_sentence(refused) for field, refused in missing.items()}
        self._say(" ".join(self.form.show_refusals(said)))

    def _say(self, words: str) -> None:
        self._said.setText(words)

    def _on_saved(self, inspection: Inspection) -> None:
        self._save.setEnabled(True)
        self.keeper.begin()
        self._context.notices.say(_("已拟 {number},等待批准").format(number=inspection.number))
        self.saved.emit(inspection)

    def _on_no(self, problem: Problem) -> None:
        self._save.setEnabled(True)
        self.keeper.release()
        self._say(problem_sentence(problem))

    def _on_close(self) -> None:
        self.keeper.keep_now()
        self.closed.emit()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
