"""The entry form: a case from the first field to the last by keyboard alone, with nothing typed ever lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.base.problem_words import problem_cure, problem_text
from app.base.words import _
from app.domain.case_views import DuplicateHint
from app.domain.cases import Case, CaseDraft
from app.domain.problems import Problem
from app.domain.stages import Stage
from app.services.cases import CaseDetail
from app.services.drafts import SavedDraft
from ui.forms.entry_keeper import CASE_FORM, DraftKeeper
from ui.forms.entry_photos import PHASES
from ui.forms.entry_place import PlaceTeller
from ui.pages.cases.entry_fields import KEPT_FOR_NEXT
from ui.pages.cases.entry_parts import EntryParts
from ui.pages.cases.entry_saving import Saved, SaveOrder, save_form
from ui.pages.cases.entry_templates import TemplateMenu
from ui.pages.context import PageContext
from ui.tasks import Latest
from ui.widgets.masked_label import mask

DUPLICATE_REST_MS = 300
DUPLICATE_FIELDS = frozenset({"minor", "street_code", "road", "house_no", "longitude", "reported_at"})
NOT_CORRECTED = ("reported_at", "self_handled")


class EntryForm(EntryParts):
    """One case at a time. `saved` carries the Case; `closed` comes when the person is done here."""

    saved = Signal(object)
    open_wanted = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._case: Case | None = None
        self._next = False
        self._facility_id: UUID | None = None
        self._wanted_draft: UUID | None = None
        self._wanted_body: dict[str, Any] | None = None
        self._templates = TemplateMenu(context, self)
        self._place = PlaceTeller(context, self.fields, self)
        self._keeper = DraftKeeper(context, self._body, self)
        self._hints: Latest[list[DuplicateHint]] = Latest(
            context.tasks, done=self._on_hints, pause_ms=DUPLICATE_REST_MS, parent=self
        )
        self._connect()
        self.start_new()

    # What the page asks ------------------------------------------------------------------------------------------

    def start_new(self, keep: Mapping[str, Any] | None = None) -> None:
        """An empty form. keep: fields of `typed()` to begin with, the source and place of the case before."""
        self._keeper.keep_now()
        self._case = None
        self._keeper.begin()
        self._show_body({"fields": dict(keep or {})})
        self.fields.reported_at.set_value(self._now_minute())
        self._untouched = True
        self.title.setText(_("新建案件"))
        self.say("")
        self.say_kept("")
        self.ask_drafts()
        self.focus_first()

    def load_draft(self, draft_id: UUID) -> None:
        """Go on with a form that was not finished."""
        drafts, actor = self.context.desk.drafts, self.context.actor
        self._wanted_draft = draft_id
        self.context.tasks.read(lambda _watch: drafts.all(CASE_FORM, actor=actor), done=self._on_drafts_to_load)

    def correct(self, case: Case) -> None:
        """Put right what was typed of a saved case."""
        cases, actor = self.context.desk.cases, self.context.actor
        self._keeper.keep_now()
        self._keeper.begin()
        self._wanted_body = None
        self.context.tasks.read(lambda _watch: cases.detail(case.id, actor=actor), done=self._on_detail)

    def typed_place(self) -> dict[str, Any]:
        """The source and place as typed, for the next case."""
        typed = self.fields.typed()
        return {field_name: typed[field_name] for field_name in KEPT_FOR_NEXT if field_name in typed}

    def ask_drafts(self) -> None:
        """Look for forms that were not finished, and offer them."""
        drafts, actor = self.context.desk.drafts, self.context.actor
        self.context.tasks.read(lambda _watch: drafts.all(CASE_FORM, actor=actor), done=self._on_drafts)

    def _connect(self) -> None:
        self.fields.edited.connect(self._on_edited)
        self.fields.left.connect(self._on_left)
        self.fields.watch.picture_pasted.connect(self.photos.paste)
        self.photos.edited.connect(self._on_touched)
        self.photos.time_wanted.connect(self._on_photo_time)
        self.photos.place_wanted.connect(self.fields.point.take)
        self.fields.point.offer_map(self.context)
        self.note.edited.connect(self._on_touched)
        self.duplicates.linked.connect(lambda _case_id: self._on_touched())
        self.duplicates.open_wanted.connect(self.open_wanted)
        self.drafts.wanted.connect(self.load_draft)
        self.drafts.discard_wanted.connect(self._on_discard)
        self.follow_keeper()
        self.save_button.clicked.connect(self.save)
        self.next_button.clicked.connect(self.save_and_next)
        self.close_button.clicked.connect(self.close_form)
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+S": self.save,
            "Ctrl+Return": self.save_and_next,
            "Ctrl+Enter": self.save_and_next,
            "F3": self.duplicates.toggle_list,
            "F4": self.duplicates.link,
            "F9": self._place.take_road,
            "Ctrl+M": self._on_templates,
        }
        self.listen(keys)

    # Saving ------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the case, or say at the fields what keeps it from being saved."""
        self._next = False
        self._start_saving()

    def save_and_next(self) -> None:
        """Save, and begin the next one at the same place from the same source."""
        self._next = True
        self._start_saving()

    def _start_saving(self) -> None:
        draft = self._sound_draft() if self.may_save() else None
        if draft is None:
            return
        self.begin_saving()
        photos = {phase: self.photos.unsaved(phase) for phase in PHASES}
        order = SaveOrder(draft, photos, self._keeper.draft_id, self._case, self.note.value())
        job = partial(save_form, self.context.desk, order, self.context.actor)
        self.context.tasks.write(job, done=self._on_saved, failed=self._on_refused)

    def _sound_draft(self) -> CaseDraft | None:
        """What is typed, when nothing keeps it from being saved; else None, and said at the fields."""
        reading = self.fields.reading()
        beside = {"linked_case_id": self.duplicates.linked_id(), "facility_id": self._facility_id}
        draft = reading.draft.model_copy(update=beside)
        wrong = dict(reading.wrong)
        if self._case is None:
            for field_name, refusal in self.context.desk.cases.missing(draft).items():
                wrong.setdefault(field_name, f"{problem_text(refusal)},{problem_cure(refusal)}")
        elif self._case.stage != Stage.PENDING_REGISTER and not self.note.value().strip():
            wrong["note"] = _("立案以后更正要写明理由")
        self.reason.show_refusals({field: said for field, said in wrong.items() if field == "note"})
        rest = self.fields.show_refusals({field: said for field, said in wrong.items() if field != "note"})
        self.say_wrong(wrong, rest)
        return None if wrong else draft

    def _on_saved(self, outcome: Saved) -> None:
        self._saving = False
        if outcome.trouble is not None:
            self._go_on_with_photos(outcome.case, outcome.trouble)
            return
        self._show_saving()
        place = self.typed_place()
        corrected = self._case is not None
        self._keeper.begin()
        said = _("已更正案件 {number}") if corrected else _("已保存案件 {number}")
        self.context.notices.say(said.format(number=outcome.case.local_no))
        self.saved.emit(outcome.case)
        if self._next and not corrected:
            self.start_new(place)
        else:
            self.start_new()
            self.closed.emit()

    def _go_on_with_photos(self, case: Case, trouble: Problem) -> None:
        """The case is safe, its photos are not attached yet: they stay on the form, which now belongs to that case."""
        typed = self._body()
        self._keeper.begin()
        self._become(case, typed)
        self._keeper.touch()
        words = _("案件 {number} 已保存,照片还没有附上:{why}。{cure}")
        self.say(words.format(number=case.local_no, why=problem_text(trouble).rstrip("。"), cure=problem_cure(trouble)))
        self.saved.emit(case)

    def _show_saving(self) -> None:
        for button in (self.save_button, self.next_button):
            button.setEnabled(not self._saving)
        self.next_button.setVisible(self._case is None)

    # What comes back ---------------------------------------------------------------------------------------------

    def _on_edited(self, field_name: str) -> None:
        if field_name == "reported_at":
            self._untouched = False
        box = self.fields.field(field_name)
        if box.wrong():
            self.fields.say_wrong_if_left(field_name)
        self._on_touched()
        if field_name in DUPLICATE_FIELDS:
            self._ask_hints()

    def _on_touched(self) -> None:
        """Something was typed. A form that lay open says now as the time of the report only from here on."""
        if self._untouched and self._case is None:
            self.fields.reported_at.set_value(self._now_minute())
        self._untouched = False
        self._keeper.touch()

    def _on_left(self, field_name: str) -> None:
        if field_name != "note":
            self.fields.say_wrong_if_left(field_name)
        self._keeper.keep_soon()

    def _ask_hints(self) -> None:
        draft = self.fields.reading().draft
        has_place = draft.longitude is not None or bool(draft.road and draft.house_no)
        if self._case is not None or not draft.minor or not has_place:
            self._hints.drop()
            self._on_hints([])
            return
        cases = self.context.desk.cases
        self._hints.ask(lambda _watch: cases.duplicates(draft))

    def _on_hints(self, hints: list[DuplicateHint]) -> None:
        self.duplicates.show_hints(hints, self.context.desk.clock.now())

    def _on_photo_time(self, taken_at: datetime) -> None:
        self.fields.reported_at.set_value(taken_at)
        self._on_edited("reported_at")

    def _on_templates(self) -> None:
        self._templates.open_for(self.fields)

    # Drafts ------------------------------------------------------------------------------------------------------

    def _body(self) -> dict[str, Any]:
        """Everything on the form, as plain JSON; empty when nobody has typed anything."""
        if self._untouched and self._case is None:
            return {}
        body: dict[str, Any] = {"fields": self.fields.typed(), "photos": self.photos.typed()}
        if self._case is None and body["fields"].keys() <= {"reported_at"} and not body["photos"]:
            return {}
        if self._case is not None:
            body |= {"case_id": str(self._case.id), "note": self.note.value()}
        if self._facility_id is not None:
            body |= {"facility_id": str(self._facility_id)}
        if self.duplicates.linked_id() is not None:
            body |= {"linked": [str(self.duplicates.linked_id()), self.duplicates.linked_no()]}
        return body

    def _show_body(self, body: Mapping[str, Any]) -> None:
        self.fields.fix(*NOT_CORRECTED, fixed=self._case is not None)
        self.fields.restore(body.get("fields", {}))
        self._place.ask()
        self.photos.restore(body.get("photos", ()))
        self.note.set_value(str(body.get("note", "")))
        self.reason.setVisible(self._case is not None)
        facility_id = body.get("facility_id")
        self._facility_id = None if facility_id is None else UUID(facility_id)
        linked = body.get("linked")
        self.duplicates.show_hints((), self.context.desk.clock.now())
        self.duplicates.show_linked(UUID(linked[0]) if linked else None, linked[1] if linked else "")
        self._show_saving()

    def _on_drafts(self, drafts: list[SavedDraft]) -> None:
        self.drafts.show_drafts([draft for draft in drafts if draft.id != self._keeper.draft_id])

    def _on_drafts_to_load(self, drafts: list[SavedDraft]) -> None:
        draft = next((draft for draft in drafts if draft.id == self._wanted_draft), None)
        if draft is None:
            self.say(_("这份草稿已经不在了"))
            return
        self._keeper.keep_now()
        self._keeper.begin(draft.id)
        self._untouched = False
        case_id = draft.body.get("case_id")
        if case_id is None:
            self._case = None
            self.title.setText(_("新建案件(继续草稿)"))
            self._show_body(draft.body)
            self._on_drafts(drafts)
            self._ask_hints()
            self.focus_first()
            return
        self._wanted_body = draft.body
        cases, actor = self.context.desk.cases, self.context.actor
        self.context.tasks.read(lambda _watch: cases.detail(UUID(case_id), actor=actor), done=self._on_detail)

    def _on_detail(self, detail: CaseDetail) -> None:
        self._become(detail.case, self._wanted_body, detail)
        self.focus_first()

    def _become(self, case: Case, body: Mapping[str, Any] | None, detail: CaseDetail | None = None) -> None:
        """Let the form correct a saved case. body: what was typed since, if anything."""
        self._case = case
        self._untouched = False
        self.title.setText(_("更正案件 {number}").format(number=case.local_no))
        self._show_body(body or {})
        self._facility_id = case.facility_id
        unseen = {"reporter_phone": mask(case.reporter_phone), "reporter_name": mask(case.reporter_name)}
        self.fields.show_case(case, unseen={field: words for field, words in unseen.items() if words})
        if body is not None:
            self.fields.restore_over(body.get("fields", {}))
        self.photos.restore((body or {}).get("photos", ()), detail.photos if detail is not None else ())
        self.say("")
        self.say_kept("")
        self.drafts.show_drafts(())

    def _on_discard(self, draft_id: UUID) -> None:
        drafts, actor = self.context.desk.drafts, self.context.actor
        self.context.tasks.write(lambda _watch: drafts.discard(draft_id, actor=actor), done=self._on_discarded)

    def _on_discarded(self, _nothing: object) -> None:
        self.ask_drafts()

    # Leaving -----------------------------------------------------------------------------------------------------

    def close_form(self) -> None:
        """Close; what is typed stays as a draft. An open list of duplicates closes first."""
        if self.duplicates.list_is_open():
            self.duplicates.close_list()
            return
        if self._keeper.keep_now():
            self.start_new()
            self.closed.emit()

    def _now_minute(self) -> datetime:
        return self.context.desk.clock.now().replace(second=0, microsecond=0)
