"""The fields of a finding in the order they are typed: what is wrong, then where, then who and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.cases import CaseKind
from app.domain.directory import WorkerKind
from app.domain.findings import Finding, FindingDraft
from app.services.pickers import Choice as Offer
from ui.forms.entry_inputs import DescriptionInput, EntryLine, EntryPicker, plain
from ui.forms.entry_point import PointInput
from ui.forms.entry_watch import FieldWatch
from ui.forms.field import FormColumn
from ui.forms.refusals import refusals
from ui.forms.time_inputs import MomentInput
from ui.pages.context import PageContext


@dataclass(frozen=True)
class Reading:
    """What the form says: the draft of all that can be read, and a sentence for each field that cannot."""

    draft: FindingDraft
    wrong: Mapping[str, str]


class FindingFields(FormColumn):
    """All fields of a finding. `edited`: a person changed something. `left`: the keyboard left that field."""

    edited = Signal(str)
    left = Signal(str)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = context.desk
        self._make_inputs()
        self._lay_out()
        self.watch = FieldWatch(self)
        self._inputs: dict[str, Any] = {box.field_name: box.widget for box in self.fields()}
        for field_name, widget in self._inputs.items():
            self.watch.follow(field_name, widget.line if isinstance(widget, PointInput) else widget)
            widget.edited.connect(self._teller(field_name))
        self.watch.left.connect(self.left)
        self.street.picked.connect(self._on_street)
        self.community.picked.connect(self._on_community)

    def _make_inputs(self) -> None:
        pickers = self._desk.pickers
        self.category = EntryPicker(pickers.categories)
        self.category.setPlaceholderText(_("代码、名称或拼音首字母,例如 dwjy"))
        self.description = DescriptionInput(3)
        self.description.setPlaceholderText(_("换行 Alt+Enter"))
        self.street = EntryPicker(pickers.streets)
        self.community = EntryPicker(self._communities)
        self.road = EntryPicker(pickers.roads, free=True)
        self.house_no = EntryLine()
        self.near = EntryLine()
        self.point = PointInput()
        self.member = EntryPicker(lambda typed: pickers.workers(WorkerKind.COLLECTOR, typed), free=True)
        self.found_at = MomentInput()

    def _lay_out(self) -> None:
        self.add("minor", _("类别"), self.category)
        self.add("description", _("描述"), self.description)
        self.add_row(
            _("街道"), [("street_code", _("街道"), self.street), ("community_code", _("社区"), self.community)]
        )
        self.add_row(
            _("道路"),
            [("road", _("道路"), self.road), ("house_no", _("门牌"), self.house_no), ("near", _("附近"), self.near)],
        )
        self.add("longitude", _("坐标"), self.point)
        self.add_row(
            _("网格员"),
            [("member_name", _("网格员"), self.member), ("found_at", _("发现时间"), self.found_at)],
        )

    # What stands in the fields -----------------------------------------------------------------------------------

    def typed(self) -> dict[str, Any]:
        """Everything that stands in the fields, right or wrong, as plain JSON for a draft; empty fields left out."""
        found = {field_name: _typed(widget) for field_name, widget in self._inputs.items()}
        return {field_name: value for field_name, value in found.items() if value not in ("", None)}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Show again what `typed` gave; fields not named become empty."""
        for field_name, widget in self._inputs.items():
            if isinstance(widget, EntryPicker | PointInput):
                widget.restore(typed.get(field_name, ""))
            elif isinstance(widget, MomentInput):
                widget.setText(plain(typed, field_name))
            else:
                widget.set_value(plain(typed, field_name))
        self.clear_refusals()

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

    def reading(self, **others: Any) -> Reading:
        """The draft of what can be read and `others`, and what is wrong with the rest."""
        wrong = {
            field_name: _("列表里没有“{text}”,请从列表中选择").format(text=widget.text().strip())
            for field_name, widget in self._inputs.items()
            if isinstance(widget, EntryPicker) and widget.is_unknown()
        }
        values = {**self._values(wrong), **others}
        try:
            return Reading(FindingDraft.model_validate(values), wrong)
        except ValidationError as error:
            wrong = {**refusals(error, FindingDraft), **wrong}
            sound = {field: value for field, value in values.items() if field not in wrong}
            return Reading(FindingDraft.model_validate(sound), wrong)

    def say_wrong_if_left(self, field_name: str) -> None:
        """Say under a field what is wrong with it, or that nothing is any more."""
        sentence = self.reading().wrong.get(field_name, "")
        box = self.field(field_name)
        if sentence:
            box.say_wrong(sentence)
        elif box.wrong():
            box.clear()

    # --------------------------------------------------------------------------------------------------------------

    def _values(self, wrong: dict[str, str]) -> dict[str, Any]:
        kind, major, minor = (self.category.value() or "--").split("-", 2)
        values: dict[str, Any] = {
            "kind": CaseKind(kind) if kind else None,
            "major": major,
            "minor": minor,
            "description": self.description.value(),
            "street_code": self.street.text_value(),
            "community_code": self.community.text_value(),
            "road": self.road.text_value(),
            "house_no": self.house_no.value(),
            "near": self.near.value(),
            "member_name": self.member.text_value(),
            "member_id": self._member_id(),
        }
        moment = self.found_at.value()
        if isinstance(moment, str):
            wrong["found_at"] = _("看不懂这个时间,请写成 2026-11-21 09:30 的样子")
        else:
            values["found_at"] = moment
        return values | self._point_values(wrong)

    def _point_values(self, wrong: dict[str, str]) -> dict[str, Any]:
        trouble = self.point.trouble()
        point = None if trouble else self.point.point()
        if trouble:
            wrong["longitude"] = trouble
        if point is None:
            return {}
        return {"longitude": point.longitude, "latitude": point.latitude, "point_source": point.source}

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

    def _teller(self, field_name: str) -> Any:
        return lambda: self.edited.emit(field_name)

    def _communities(self, typed: str) -> list[Offer]:
        return self._desk.pickers.communities(typed, self.street.value() or "")

    def _on_street(self, _choice: object) -> None:
        """A community of another street cannot stay."""
        street, community = self.street.value(), self.community.value()
        if street and community and not community.startswith(street):
            self.community.set_choice(None)

    def _on_community(self, _choice: object) -> None:
        """A community says its street too."""
        community = self.community.value()
        if community and not self.street.value():
            street = self._desk.reference.divisions().street(community[:9])
            if street is not None:
                self.street.choose(street.code, street.name)


def _typed(widget: Any) -> Any:
    if isinstance(widget, EntryPicker | PointInput):
        return widget.typed()
    if isinstance(widget, MomentInput):
        return widget.text()
    return widget.value()
