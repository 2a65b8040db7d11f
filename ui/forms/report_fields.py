"""What a case and a finding are told by alike: what, where, when, in which words; and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.cases import CaseKind
from app.services.pickers import Choice as Offer
from ui.forms.entry_inputs import DescriptionInput, EntryLine, EntryPicker, plain
from ui.forms.entry_point import PointInput
from ui.forms.entry_watch import FieldWatch
from ui.forms.field import FormColumn
from ui.forms.refusals import refusals
from ui.forms.time_inputs import MomentInput
from ui.pages.context import PageContext

D = TypeVar("D", bound=BaseModel)


@dataclass(frozen=True)
class Reading(Generic[D]):
    """What the form says: the draft of all that can be read, and a sentence for each field that cannot."""

    draft: D
    wrong: Mapping[str, str]


class ReportFields(FormColumn, Generic[D]):
    """`edited`: a person changed something. `left`: the keyboard left that field.

    A subclass makes its own inputs in `_make_inputs`, adds all of them in `_lay_out`, and reads its own in `_values`.
    """

    edited = Signal(str)
    left = Signal(str)

    def __init__(self, context: PageContext, draft: type[D], lines: int, parent: QWidget | None = None) -> None:
        """draft: what the fields are read into. lines: of the description in sight."""
        super().__init__(parent)
        self._desk = context.desk
        self._draft = draft
        pickers = context.desk.pickers
        self.category = EntryPicker(pickers.categories)
        self.category.setPlaceholderText(_("代码、名称或拼音首字母,例如 dwjy"))
        self.street = EntryPicker(pickers.streets)
        self.community = EntryPicker(self._communities)
        self.road = EntryPicker(pickers.roads, free=True)
        self.house_no = EntryLine()
        self.near = EntryLine()
        self.point = PointInput()
        self.description = DescriptionInput(lines)
        self._make_inputs()
        self._lay_out()
        self.watch = FieldWatch(self)
        self._inputs: dict[str, Any] = {box.field_name: box.widget for box in self.fields()}
        for field_name, widget in self._inputs.items():
            self.watch.follow(field_name, widget.line if isinstance(widget, PointInput) else widget)
            widget.edited.connect(partial(self._tell, field_name))
        self.watch.left.connect(self.left)
        self.street.picked.connect(self._on_street)
        self.community.picked.connect(self._on_community)

    def typed(self) -> dict[str, Any]:
        """Everything that stands in the fields, right or wrong, as plain JSON for a draft; empty fields left out."""
        found = {field_name: _typed(widget) for field_name, widget in self._inputs.items()}
        return {field_name: value for field_name, value in found.items() if value not in ("", None, False)}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Show again what `typed` gave; fields not named become empty."""
        for field_name in self._inputs:
            self._restore(field_name, typed)
        self.clear_refusals()

    def reading(self, **others: Any) -> Reading[D]:
        """The draft of what can be read and `others`, and what is wrong with the rest."""
        wrong = {
            field_name: _("列表里没有“{text}”,请从列表中选择").format(text=widget.text().strip())
            for field_name, widget in self._inputs.items()
            if isinstance(widget, EntryPicker) and widget.is_unknown()
        }
        values = {**self._values(wrong), **others}
        try:
            return Reading(self._draft.model_validate(values), wrong)
        except ValidationError as error:
            wrong = {**refusals(error, self._draft), **wrong}
            sound = {field: value for field, value in values.items() if field not in wrong}
            return Reading(self._draft.model_validate(sound), wrong)

    def say_wrong_if_left(self, field_name: str) -> None:
        """Say under a field what is wrong with it, or that nothing is any more."""
        sentence = self.reading().wrong.get(field_name, "")
        box = self.field(field_name)
        if sentence:
            box.say_wrong(sentence)
        elif box.wrong():
            box.clear()

    # What a subclass says -----------------------------------------------------------------------------------------

    def _make_inputs(self) -> None:
        """The inputs that stand in this form alone."""
        raise NotImplementedError

    def _lay_out(self) -> None:
        """Add every input, in the order they are typed."""
        raise NotImplementedError

    def _add_place(self) -> None:
        """The rows that say where it is."""
        self.add_row(
            _("街道"), [("street_code", _("街道"), self.street), ("community_code", _("社区"), self.community)]
        )
        self.add_row(
            _("道路"),
            [("road", _("道路"), self.road), ("house_no", _("门牌"), self.house_no), ("near", _("附近"), self.near)],
        )
        self.add("longitude", _("坐标"), self.point)

    def _values(self, wrong: dict[str, str]) -> dict[str, Any]:
        """Values of the draft by field; what cannot be read goes into `wrong`."""
        kind, major, minor = (self.category.value() or "--").split("-", 2)
        values: dict[str, Any] = {
            "kind": CaseKind(kind) if kind else None,
            "major": major,
            "minor": minor,
            "street_code": self.street.text_value(),
            "community_code": self.community.text_value(),
            "road": self.road.text_value(),
            "house_no": self.house_no.value(),
            "near": self.near.value(),
            "description": self.description.value(),
        }
        return values | self._point_values(wrong) | self._moments(wrong)

    def _restore(self, field_name: str, typed: Mapping[str, Any]) -> None:
        """Show one field again."""
        widget = self._inputs[field_name]
        if isinstance(widget, EntryPicker | PointInput):
            widget.restore(typed.get(field_name, ""))
        elif isinstance(widget, MomentInput):
            widget.setText(plain(typed, field_name))
        else:
            widget.set_value(plain(typed, field_name))

    # --------------------------------------------------------------------------------------------------------------

    def _point_values(self, wrong: dict[str, str]) -> dict[str, Any]:
        trouble = self.point.trouble()
        point = None if trouble else self.point.point()
        if trouble:
            wrong["longitude"] = trouble
        if point is None:
            return {}
        return {"longitude": point.longitude, "latitude": point.latitude, "point_source": point.source}

    def _moments(self, wrong: dict[str, str]) -> dict[str, Any]:
        found = {name: widget.value() for name, widget in self._inputs.items() if isinstance(widget, MomentInput)}
        unread = [name for name, moment in found.items() if isinstance(moment, str)]
        wrong.update(dict.fromkeys(unread, _("看不懂这个时间,请写成 2026-11-21 09:30 的样子")))
        return {name: moment for name, moment in found.items() if name not in unread}

    def _tell(self, field_name: str) -> None:
        self.edited.emit(field_name)

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
