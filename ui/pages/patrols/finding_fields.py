"""The fields of a finding in the order they are typed: what is wrong, then where, then who and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.directory import WorkerKind
from app.domain.findings import Finding, FindingDraft
from ui.forms.entry_inputs import EntryPicker
from ui.forms.report_fields import ReportFields
from ui.forms.time_inputs import MomentInput
from ui.pages.context import PageContext


class FindingFields(ReportFields[FindingDraft]):
    """All fields of a finding."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, FindingDraft, 3, parent)
        self.description.setPlaceholderText(_("换行 Alt+Enter"))

    def _make_inputs(self) -> None:
        pickers = self._desk.pickers
        self.member = EntryPicker(lambda typed: pickers.workers(WorkerKind.COLLECTOR, typed), free=True)
        self.found_at = MomentInput()

    def _lay_out(self) -> None:
        self.add("minor", _("类别"), self.category)
        self.add("description", _("描述"), self.description)
        self._add_place()
        self.add_row(
            _("网格员"),
            [("member_name", _("网格员"), self.member), ("found_at", _("发现时间"), self.found_at)],
        )

    def show_draft(self, draft: FindingDraft | Finding, *, only_empty: bool = False) -> None:
        """Show what is known. only_empty: what stands in a field already stays."""
        filled = self.typed() if only_empty else {}
        divisions = self._desk.reference.divisions()
        street, community = divisions.street(draft.street_code), divisions.community(draft.community_code)
        if "minor" not in filled:
            self._show_category(draft)
        if "street_code" not in filled:
            self.street.choose(draft.street_code, street.name if street else "")
        if "community_code" not in filled:
            self.community.choose(draft.community_code, community.name if community else "")
        if "longitude" not in filled:
            self.point.show_point(draft.longitude, draft.latitude, draft.point_source)
        if "found_at" not in filled:
            self.found_at.set_value(draft.found_at)
        for field_name in ("road", "member_name"):
            if field_name not in filled:
                self._inputs[field_name].restore(getattr(draft, field_name))
        for field_name in ("house_no", "near", "description"):
            if field_name not in filled:
                self._inputs[field_name].set_value(getattr(draft, field_name))

    # --------------------------------------------------------------------------------------------------------------

    def _values(self, wrong: dict[str, str]) -> dict[str, Any]:
        member = {"member_name": self.member.text_value(), "member_id": self._member_id()}
        return super()._values(wrong) | member

    def _member_id(self) -> UUID | None:
        """Who the name is, where exactly one member of the list bears it."""
        named = [one.id for one in self._desk.members.all() if one.name == self.member.text_value()]
        return named[0] if len(named) == 1 else None

    def _show_category(self, draft: FindingDraft | Finding) -> None:
        if not draft.minor or draft.kind is None:
            self.category.set_choice(None)
            return
        found = self._desk.reference.categories().find(draft.kind, draft.major, draft.minor)
        title = found.minor_name if found else draft.minor
        self.category.choose(f"{draft.kind.value}-{draft.major}-{draft.minor}", title)
