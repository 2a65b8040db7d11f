"""The slim entry of a finding: what the round knows stands there already, nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.problem_words import problem_cure, problem_text
from app.base.watch import Watch
from app.base.words import _
from app.desk import Desk
from app.domain.cases import PhotoPhase
from app.domain.findings import Finding, FindingDraft
from app.domain.permissions import Actor
from app.domain.problems import Problem
from app.services.drafts import SavedDraft
from app.services.photos import TakenPhoto
from ui.forms.entry_keeper import DraftKeeper
from ui.forms.entry_photos import PHASES, EntryPhotos
from ui.forms.entry_place import PlaceTeller
from ui.forms.typed_form import TypedForm
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.finding_fields import FindingFields
from ui.theme import gap, set_look

FORM = "finding_entry"
WIDEST_PX = gap(220)


@dataclass(frozen=True)
class _Order:
    """One form to save."""

    draft: FindingDraft
    photos: Mapping[PhotoPhase, list[TakenPhoto]]
    draft_id: UUID | None
    to_case: bool


class FindingForm(TypedForm):
    """One finding at a time. `saved` carries the Finding as it stands; `closed` comes when the person is done here."""

    saved = Signal(object)
    FORM = FORM

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, "finding_trouble", "finding_draft_kept")
        name(self, "finding_form", _("问题录入"))
        self._fixed: dict[str, Any] = {}
        self._asked = 0
        self._make_parts()
        self._lay_out()
        self._place = PlaceTeller(context, self.fields, self)
        self._keeper = DraftKeeper(context, self._body, self, form=self.FORM)
        self._connect()

    # What the page asks ------------------------------------------------------------------------------------------

    def start_new(self, round_id: UUID | None = None, point_no: int | None = None, item_code: str = "") -> None:
        """An empty form; of a round, check point and checklist item what they know is filled in."""
        self._keeper.keep_now()
        self._keeper.begin()
        self._fixed = {"round_id": round_id, "point_no": point_no, "item_code": item_code}
        self.fields.restore({})
        self._place.ask()
        self.photos.restore(())
        self.fields.found_at.set_value(self.context.desk.clock.now().replace(second=0, microsecond=0))
        self._untouched = True
        self.title.setText(_("新问题") if point_no is None else _("检查点 {no} 的问题").format(no=point_no))
        self.say("")
        self.say_kept("")
        self._asked += 1
        known = FindingDraft(round_id=round_id, point_no=point_no, item_code=item_code)
        if round_id is not None:
            findings = self.context.desk.findings
            self.context.tasks.read(
                lambda _watch: findings.proposal(known),
                done=partial(self._on_proposal, self._asked),
                failed=self._on_no,
            )
        self.focus_first()

    def load_draft(self, draft: SavedDraft) -> None:
        """Go on with a form that was not finished."""
        self._keeper.keep_now()
        self._keeper.begin(draft.id)
        body = draft.body
        round_id = body.get("round_id")
        self._fixed = {
            "round_id": UUID(round_id) if round_id else None,
            "point_no": body.get("point_no"),
            "item_code": body.get("item_code", ""),
        }
        self._asked += 1
        self.fields.restore(body.get("fields", {}))
        self.photos.restore(body.get("photos", ()))
        self._untouched = False
        self._place.ask()
        self.title.setText(_("新问题(继续草稿)"))
        self.focus_first()

    def drafts(self) -> list[SavedDraft]:
        """Forms of this person that were not finished."""
        return self.context.desk.drafts.all(self.FORM, actor=self.context.actor)

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.title = set_look(name(QLabel(), "finding_title", _("标题")), "title")
        self.fields: FindingFields = FindingFields(self.context)
        self.photos = EntryPhotos(self.context)
        self.save_button = set_look(name(QPushButton(_("保存 Ctrl+S")), "save_finding", _("保存")), "primary")
        self.case_button = name(QPushButton(_("保存并转案件 Ctrl+Enter")), "save_to_case", _("保存并转案件"))
        self.map_button = name(QPushButton(_("地图点选 F2")), "finding_on_map", _("在地图上点选位置"))
        self.close_button = set_look(name(QPushButton(_("关闭 Esc")), "close_finding", _("关闭")), "quiet")
        self._trouble.hide()

    def _lay_out(self) -> None:
        self.fields.add("photos", _("照片"), self.photos)
        column = QWidget()
        column.setMaximumWidth(WIDEST_PX)
        lines = QVBoxLayout(column)
        lines.setContentsMargins(gap(4), gap(3), gap(4), gap(3))
        lines.setSpacing(gap(3))
        lines.addWidget(self.title)
        lines.addWidget(self.fields)
        lines.addStretch(1)
        scroll = name(QScrollArea(), "finding_scroll", _("问题录入"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(column)
        self.fields.watch.entered.connect(lambda field: scroll.ensureWidgetVisible(field, 0, gap(12)))
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        for widget in (self.save_button, self.case_button, self.map_button, self.close_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self._kept)
        foot = QVBoxLayout()
        foot.setContentsMargins(gap(4), gap(2), gap(4), gap(3))
        foot.setSpacing(gap(2))
        foot.addWidget(self._trouble)
        foot.addLayout(buttons)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(scroll, 1)
        page.addLayout(foot)

    def _connect(self) -> None:
        self.fields.edited.connect(self._on_edited)
        self.fields.left.connect(self._on_left)
        self.fields.watch.picture_pasted.connect(self.photos.paste)
        self.photos.edited.connect(self._on_touched)
        self.photos.time_wanted.connect(self._on_photo_time)
        self.photos.place_wanted.connect(self.fields.point.take)
        self.follow_keeper()
        self.save_button.clicked.connect(self.save)
        self.case_button.clicked.connect(self.save_to_case)
        self.map_button.clicked.connect(self.pick_on_map)
        self.close_button.clicked.connect(self.close_form)
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+S": self.save,
            "Ctrl+Return": self.save_to_case,
            "Ctrl+Enter": self.save_to_case,
            "F2": self.pick_on_map,
            "F9": self._place.take_road,
        }
        self.listen(keys)

    def pick_on_map(self) -> None:
        """Ask the map where it is; the point stands in the form then."""
        from ui.map.place_dialog import ask_place

        draft = self.fields.reading(**self._fixed).draft
        near = None
        if draft.longitude is not None and draft.latitude is not None:
            near = (draft.longitude, draft.latitude)
        place = ask_place(self, self.context, near)
        if place is not None:
            self.fields.point.take(*place)
            self._on_touched()

    # Saving ------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the finding, or say at the fields what keeps it from being saved."""
        self._start_saving(self._write_finding)

    def save_to_case(self) -> None:
        """Save the finding and make a case of it at once."""
        self._start_saving(self._write_case)

    def _start_saving(self, write: Callable[[FindingDraft], None]) -> None:
        draft = self._sound_draft() if self.may_save() else None
        if draft is not None:
            self.begin_saving()
            write(draft)

    def _write_finding(self, draft: FindingDraft) -> None:
        job = partial(_save, self.context.desk, self._order(draft, to_case=False), self.context.actor)
        self.context.tasks.write(job, done=self._on_saved, failed=self._on_refused)

    def _write_case(self, draft: FindingDraft) -> None:
        job = partial(_save, self.context.desk, self._order(draft, to_case=True), self.context.actor)
        self.context.tasks.write(job, done=self._on_saved, failed=self._on_no_case)

    def _order(self, draft: FindingDraft, *, to_case: bool) -> _Order:
        photos = {phase: self.photos.unsaved(phase) for phase in PHASES}
        return _Order(draft, photos, self._keeper.draft_id, to_case)

    def _sound_draft(self) -> FindingDraft | None:
        """What is typed, when nothing keeps it from being saved; else None, and said at the fields."""
        reading = self.fields.reading(**self._fixed)
        wrong = dict(reading.wrong)
        for field_name, refusal in self.context.desk.findings.missing(reading.draft).items():
            wrong.setdefault(field_name, f"{problem_text(refusal)},{problem_cure(refusal)}")
        rest = self.fields.show_refusals(wrong)
        self.say_wrong(wrong, rest)
        return None if wrong else reading.draft

    def _on_saved(self, finding: Finding) -> None:
        self._saving = False
        self._show_saving()
        self._keeper.begin()
        self.context.notices.say(self._saved_words(finding))
        self.saved.emit(finding)
        self._empty()
        self.closed.emit()

    def _saved_words(self, finding: Finding) -> str:
        if finding.case_no:
            words = _("问题 {number} 已转成案件 {case}")
            return words.format(number=finding.number, case=finding.case_no)
        return _("已保存问题 {number}").format(number=finding.number)

    def _on_no_case(self, problem: Problem) -> None:
        """Neither finding nor case was kept; the finding alone may still be."""
        self._on_refused(problem)
        if problem.code.startswith("case."):
            words = _("问题也没有保存,填的都在。可以先按 Ctrl+S 只保存问题,以后再转案件")
            self.say(f"{self.trouble_words()}\n{words}")

    def _show_saving(self) -> None:
        for button in (self.save_button, self.case_button):
            button.setEnabled(not self._saving)

    # What comes back ---------------------------------------------------------------------------------------------

    def _on_proposal(self, asked: int, proposal: FindingDraft) -> None:
        """What the round knows, in the fields nobody has typed into; an answer to an older question is late."""
        if asked == self._asked:
            self.fields.show_draft(proposal.model_copy(update={"found_at": None}), only_empty=True)
            self._place.ask()
            self.focus_first()

    def _on_no(self, problem: Problem) -> None:
        self.say(problem_text(problem))

    def _on_edited(self, field_name: str) -> None:
        if self.fields.field(field_name).wrong():
            self.fields.say_wrong_if_left(field_name)
        self._on_touched()

    def _on_touched(self) -> None:
        self._untouched = False
        self._keeper.touch()

    def _on_left(self, field_name: str) -> None:
        self.fields.say_wrong_if_left(field_name)
        self._keeper.keep_soon()

    def _on_photo_time(self, taken_at: datetime) -> None:
        self.fields.found_at.set_value(taken_at)
        self._on_touched()

    def _body(self) -> dict[str, Any]:
        """Everything on the form, as plain JSON; empty when nobody has typed anything."""
        if self._untouched:
            return {}
        body: dict[str, Any] = {"fields": self.fields.typed(), "photos": self.photos.typed()}
        if not body["photos"] and body["fields"].keys() <= {"found_at"}:
            return {}
        round_id = self._fixed.get("round_id")
        return body | {**self._fixed, "round_id": str(round_id) if round_id else None}

    # Leaving -----------------------------------------------------------------------------------------------------

    def close_form(self) -> None:
        """Close; what is typed stays as a draft."""
        if self._keeper.keep_now():
            self._empty()
            self.closed.emit()

    def _empty(self) -> None:
        """Nothing on the form, no draft of it."""
        self._keeper.begin()
        self._untouched = True
        self._asked += 1
        self.fields.restore({})
        self._place.ask()
        self.photos.restore(())
        self.say("")
        self.say_kept("")

    def _focus_now(self) -> None:
        first = self.fields.description if self.fields.category.text() else self.fields.category
        if self.isVisible():
            first.setFocus(Qt.FocusReason.OtherFocusReason)


def _save(desk: Desk, order: _Order, actor: Actor, _watch: Watch) -> Finding:
    """Keep the finding with its photos and, where wanted, the case made of it; raises when nothing was kept."""
    return desk.findings.report(
        order.draft, actor=actor, draft_id=order.draft_id, photos=order.photos, to_case=order.to_case
    )
