"""The form of a finding opened again: what is typed puts the finding right, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.finding_corrections import as_draft
from app.domain.findings import Finding, FindingDraft
from app.services.drafts import ABOUT, SavedDraft
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.finding_form import FindingForm

CORRECTION = "finding_correction"
_ATTRIBUTES = {"minor": ("kind", "major", "minor"), "longitude": ("longitude", "latitude")}
"""Fields of the form that stand for more than one value of a finding."""
_UNSHOWN = ("round_id", "point_no", "item_code", "facility_id", "category_text", "address")
"""What the form does not show, and what may yet be all that is known of matter or place."""


class FindingCorrection(FindingForm):
    """Photos are added in the detail, so they are not here; `saved` carries the finding as it stands then."""

    FORM = CORRECTION

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        name(self, "finding_correction", _("更正问题"))
        self._seen: Finding | None = None
        self._shown = FindingDraft()
        self._stood: Mapping[str, Any] = {}
        self.fields.show_field("photos", False)
        self.case_button.hide()

    def show_finding(self, finding: Finding) -> None:
        """Open with what stands in the finding; what was typed for it before and not saved stands over it."""
        self._keeper.keep_now()
        kept = self.context.desk.drafts.about(CORRECTION, finding.id, actor=self.context.actor)
        draft = kept[0] if kept else None
        self._keeper.begin(None if draft is None else draft.id)
        self._seen = finding
        self._asked += 1
        self.fields.restore({})
        self._place.ask()
        self.fields.show_draft(finding)
        self._fixed = {one: getattr(finding, one) for one in _UNSHOWN}
        self._shown, self._stood = self.fields.reading(**self._fixed).draft, self.fields.typed()
        self._untouched = True
        self.say_kept("")
        self.title.setText(_("更正问题 {number}").format(number=finding.number))
        self.say("" if draft is None else self._gone_on(finding, draft))
        self.focus_first()

    def save_to_case(self) -> None:
        """What is put right is saved; a case is made of it in the list."""
        self.save()

    # --------------------------------------------------------------------------------------------------------------

    def _gone_on(self, finding: Finding, draft: SavedDraft) -> str:
        """Put what was typed over what stands, and say which of it somebody else changed in between."""
        typed = dict(draft.body.get("fields", {}))
        self.fields.restore({**self._stood, **typed})
        self._untouched = False
        seen = Finding.model_validate(draft.body["seen"])
        changed = [one for one in typed if any(getattr(seen, key) != getattr(finding, key) for key in _keys(one))]
        words = _("这里是没有保存的更正")
        if changed:
            titles = "、".join(str(Finding.model_fields[one].title) for one in changed)
            words += _(";{fields}已被别人改过,保存后以这里填的为准").format(fields=titles)
        return words

    def _sound_draft(self) -> FindingDraft | None:
        """The finding with what differs from what the form showed first; what it shows in its own way is no change."""
        draft = super()._sound_draft()
        if draft is None or self._seen is None:
            return None
        own = {
            one: value
            for one in FindingDraft.model_fields
            if (value := getattr(draft, one)) != getattr(self._shown, one)
        }
        return as_draft(self._seen).model_copy(update=own)

    def _write_finding(self, draft: FindingDraft) -> None:
        if self._seen is None:
            return
        job = partial(self._correct, self._seen, draft, self._keeper.draft_id)
        self.context.tasks.write(job, done=self._on_saved, failed=self._on_refused)

    def _correct(self, seen: Finding, draft: FindingDraft, draft_id: UUID | None, _watch: Watch) -> Finding:
        findings, actor = self.context.desk.findings, self.context.actor
        return findings.correct(seen.id, draft, actor=actor, seen=seen, draft_id=draft_id)

    def _saved_words(self, finding: Finding) -> str:
        return _("已更正问题 {number}").format(number=finding.number)

    def _body(self) -> dict[str, Any]:
        """What differs from what the form showed first, and the finding as it was then."""
        if self._untouched or self._seen is None:
            return {}
        typed = self.fields.typed()
        own = {one: typed.get(one, "") for one in {**self._stood, **typed} if typed.get(one) != self._stood.get(one)}
        if not own:
            return {}
        return {ABOUT: str(self._seen.id), "fields": own, "seen": self._seen.model_dump(mode="json")}


def _keys(field_name: str) -> tuple[str, ...]:
    return _ATTRIBUTES.get(field_name, (field_name,))
