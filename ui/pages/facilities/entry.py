"""The entry of a facility: one column, keyboard from top to bottom, kept as a draft at every pause."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence, problem_text
from app.base.watch import Watch
from app.base.words import _
from app.domain.facilities import Facility
from app.domain.problems import Problem
from app.services.drafts import SavedDraft
from ui.forms.entry_keeper import DraftKeeper
from ui.forms.refusals import refusals
from ui.forms.time_inputs import ZONE
from ui.keys import listen
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.facilities.entry_fields import FacilityFields
from ui.theme import gap, set_look

FORM = "facility_entry"
WIDEST = 220
FIELD_OF = {
    "facility.code_shape": "code",
    "facility.code_district": "code",
    "facility.code_category": "code",
    "facility.code_twice": "code",
    "facility.house_number_twice": "house_number",
    "facility.category_unknown": "minor",
    "facility.says_nothing": "name",
}
KEPT_FOR_NEXT = ("minor", "group", "street_code", "community_code", "road", "authority", "owner", "maintainer")


class FacilityEntry(QWidget):
    """`saved` carries the Facility, `closed` comes when the person is done here."""

    saved = Signal(object)
    closed = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "facility_entry", _("登记部件"))
        self._context = context
        self._facility: Facility | None = None
        self._saving = self._next = False
        self.fields = FacilityFields(context)
        self._keeper = DraftKeeper(context, self._body, self, form=FORM)
        self._make_parts()
        self._lay_out()
        self._connect()

    def start_new(self, keep: dict[str, Any] | None = None) -> None:
        """An empty form, or the one that was not finished. keep: fields of `typed()` to begin with."""
        self._keeper.keep_now()
        self._keeper.begin()
        self._become(None, keep or {})
        if keep is None:
            drafts, actor = self._context.desk.drafts, self._context.actor
            self._context.tasks.read(lambda _watch: drafts.all(FORM, actor=actor), done=self._on_drafts)

    def change(self, facility: Facility) -> None:
        """Change what is registered."""
        self._keeper.keep_now()
        self._keeper.begin()
        self._become(facility, {})
        self.fields.show_facility(facility)

    def keep(self) -> bool:
        """Put what is typed into a draft now."""
        return self._keeper.keep_now()

    def words(self) -> str:
        """What is said above the buttons."""
        return self._said.text()

    def save(self) -> None:
        """Save, or say at the fields what keeps it from being saved."""
        self._next = False
        self._save()

    def save_and_next(self) -> None:
        """Save, and begin the next one of the same kind and street."""
        self._next = True
        self._save()

    def _make_parts(self) -> None:
        self._title = set_look(name(QLabel(), "entry_title", _("登记部件")), "title")
        self._said = set_look(name(QLabel(), "entry_words", _("说明")), "wrong")
        self._said.setWordWrap(True)
        self._kept = set_look(name(QLabel(), "draft_kept", _("草稿")), "muted")
        self.save_button = set_look(name(QPushButton(_("保存 Ctrl+S")), "save_facility", _("保存")), "primary")
        self.next_button = name(QPushButton(_("保存并继续 Ctrl+Enter")), "save_and_next", _("保存并继续"))
        self.close_button = set_look(name(QPushButton(_("返回列表 Esc")), "close_entry", _("返回列表")), "quiet")

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        for widget in (self.save_button, self.next_button, self.close_button):
            foot.addWidget(widget)
        foot.addWidget(self._kept)
        foot.addStretch(1)
        page = QWidget()
        page.setMaximumWidth(gap(WIDEST))
        column = QVBoxLayout(page)
        column.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        column.setSpacing(gap(3))
        column.addWidget(self._title)
        column.addWidget(self.fields)
        column.addStretch(1)
        area = name(QScrollArea(), "entry_scroll", _("登记部件"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        below = QVBoxLayout()
        below.setContentsMargins(gap(5), 0, gap(5), gap(3))
        below.addWidget(self._said)
        below.addLayout(foot)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(area, 1)
        lines.addLayout(below)

    def _connect(self) -> None:
        self.fields.edited.connect(self._keeper.touch)
        self._keeper.kept.connect(
            lambda at: self._kept.setText(_("草稿已存 {at}").format(at=f"{at.astimezone(ZONE):%H:%M:%S}"))
        )
        self._keeper.failed.connect(lambda problem: self._kept.setText(problem_text(problem)))
        self.save_button.clicked.connect(self.save)
        self.next_button.clicked.connect(self.save_and_next)
        self.close_button.clicked.connect(self.close_form)
        listen(self, {"Ctrl+S": self.save, "Ctrl+Return": self.save_and_next, "Ctrl+Enter": self.save_and_next})

    def _save(self) -> None:
        if self._saving:
            return
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)
        if wrong := self.fields.unknown():
            self._say_wrong(wrong)
            return
        values, before = self._changed(), self._facility
        desk, actor, draft_id = self._context.desk, self._context.actor, self._keeper.draft_id
        own = None if before is None else before.id

        def job(_watch: Watch) -> Facility | ValidationError:
            try:
                return desk.facilities.save(values, actor=actor, facility_id=own, draft_id=draft_id)
            except ValidationError as error:
                return error

        self._saving = True
        self._keeper.hold()
        self._context.tasks.write(job, done=self._on_saved, failed=self._on_refused)

    def _changed(self) -> dict[str, Any]:
        """What the form says; of what is registered already only what differs, for others may have changed the rest."""
        values, before = self.fields.values(), self._facility
        if before is None:
            return values
        # A register asks for some attributes; what an import brought beside them stays.
        values["attributes"] = {**self._attributes_beside(before), **values["attributes"]}
        return {field: value for field, value in values.items() if value != getattr(before, field)}

    def _attributes_beside(self, before: Facility) -> dict[str, str]:
        return {key: words for key, words in before.attributes.items() if key not in self.fields.attributes}

    def _on_saved(self, outcome: Facility | ValidationError) -> None:
        self._saving = False
        if isinstance(outcome, ValidationError):
            self._keeper.release()
            self._say_wrong(refusals(outcome, Facility))
            return
        self._keeper.begin()
        number = outcome.code or outcome.house_number or outcome.name
        self._context.notices.say(_("已保存部件 {number}").format(number=number))
        keep = {field: value for field, value in self.fields.typed().items() if field in KEPT_FOR_NEXT}
        self.saved.emit(outcome)
        if self._next and self._facility is None:
            self.start_new(keep)
        else:
            self._become(None, {})
            self.closed.emit()

    def _on_refused(self, problem: Problem) -> None:
        """Nothing was saved; everything stays on the screen."""
        self._saving = False
        self._keeper.release()
        words = problem_sentence(problem)
        field = FIELD_OF.get(problem.code)
        if field is None:
            self._said.setText(words)
        else:
            self._say_wrong({field: words})

    def _say_wrong(self, wrong: dict[str, str]) -> None:
        rest = self.fields.show_refusals(wrong)
        said = _("还有 {n} 处要改,已标在项目下面;不急的话,草稿会一直留着").format(n=len(wrong))
        self._said.setText("\n".join(rest) or said)

    def _become(self, facility: Facility | None, typed: dict[str, Any]) -> None:
        self._facility = facility
        number = "" if facility is None else facility.code or facility.name
        self._title.setText(_("登记部件") if facility is None else _("修改部件 {number}").format(number=number))
        self.next_button.setVisible(facility is None)
        self._said.setText("")
        self._kept.setText("")
        self.fields.restore(typed)
        self.fields.category.setFocus(Qt.FocusReason.OtherFocusReason)

    def _body(self) -> dict[str, Any]:
        typed = self.fields.typed()
        if self._facility is None and set(typed) <= {"state", "group"}:
            return {}
        own = {} if self._facility is None else {"facility_id": str(self._facility.id)}
        return {"fields": typed, **own}

    def _on_drafts(self, drafts: list[SavedDraft]) -> None:
        """Go on with the newest form that was not finished, unless somebody types already."""
        if not drafts or self._body():
            return
        draft = drafts[0]
        self._keeper.begin(draft.id)
        own = draft.body.get("facility_id")
        facility = None if own is None else self._context.desk.facilities.get(UUID(own))
        self._become(facility, draft.body.get("fields", {}))
        self._kept.setText(_("接着上次没有保存的草稿"))

    def close_form(self) -> None:
        """Close; what is typed stays as a draft."""
        if self._keeper.keep_now():
            self._keeper.begin()
            self._become(None, {})
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)
