"""The fields of a facility: category first, place, state, owners, and what its register alone has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.base.words import N_, _
from app.domain.cases import CaseKind
from app.domain.facilities import FACILITY_STATE_TITLES, Facility
from app.domain.facility_rules import group_for
from app.services.facility_groups import group_named, groups
from app.services.pickers import Choice as Offer
from ui.forms.choice_input import ChoiceInput
from ui.forms.entry_inputs import EntryLine, EntryPicker
from ui.forms.entry_point import PointInput
from ui.forms.field import FormColumn
from ui.forms.refusals import title_of
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.pages.context import PageContext

YES_NO = ((True, N_("是")), (False, N_("否")))
LINES = ("house_number", "code", "name", "address", "authority", "owner", "maintainer", "accuracy", "note")
DAYS = ("installed_on", "surveyed_on")


class FacilityFields(FormColumn):
    """All fields. `edited`: a person changed something."""

    edited = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = context.desk
        pickers = context.desk.pickers
        self.category = EntryPicker(self._components)
        self.category.setPlaceholderText(_("代码、名称或拼音首字母,例如 wsjg"))
        self.group = ChoiceInput([(group.name, group.title) for group in groups()])
        self.state = ChoiceInput(list(FACILITY_STATE_TITLES.items()))
        self.lit, self.main_road = ChoiceInput(YES_NO, empty=N_("不清楚")), ChoiceInput(YES_NO, empty=N_("不清楚"))
        self.street, self.road = EntryPicker(pickers.streets), EntryPicker(pickers.roads, free=True)
        self.community = EntryPicker(lambda typed: pickers.communities(typed, self.street.value() or ""))
        self.point = PointInput()
        self.point.offer_map(context)
        self.lines: dict[str, EntryLine] = {field: EntryLine() for field in LINES}
        self.days: dict[str, DayInput] = {field: DayInput() for field in DAYS}
        self.attributes: dict[str, EntryLine] = {}
        self._lay_out()
        for box in self.fields():
            box.widget.edited.connect(self.edited)  # type: ignore[attr-defined]
        self.category.picked.connect(self._on_category)
        self.group.edited.connect(self._show_attributes)

    def values(self) -> dict[str, Any]:
        """What is typed, by field of the record. Raises Refused for a point that cannot be read."""
        _kind, major, minor = (self.category.value() or "--").split("-", 2)
        values: dict[str, Any] = {field: line.value().strip() for field, line in self.lines.items()}
        values |= {field: day.value() for field, day in self.days.items()}
        values |= {
            "major": major,
            "minor": minor,
            "group": self.group.value() or "",
            "state": self.state.value(),
            "lit": self.lit.value(),
            "main_road": self.main_road.value(),
            "street_code": self.street.text_value(),
            "community_code": self.community.text_value(),
            "road": self.road.text_value(),
            "attributes": {key: text for key, line in self.attributes.items() if (text := line.value().strip())},
        }
        point = self.point.point()
        if point is None:
            return values | {"longitude": None, "latitude": None, "point_source": {}}
        return values | {"longitude": point.longitude, "latitude": point.latitude, "point_source": point.source}

    def unknown(self) -> dict[str, str]:
        """Field -> what is wrong with it before anything is asked of the rules."""
        said = _("列表里没有“{text}”,请从列表中选择")
        pickers = {"minor": self.category, "street_code": self.street, "community_code": self.community}
        wrong = {field: said.format(text=one.text().strip()) for field, one in pickers.items() if one.is_unknown()}
        for field, day in self.days.items():
            if isinstance(day.value(), str):
                wrong[field] = _("看不懂这个日期,请写成 2026-11-21 的样子")
        if trouble := self.point.trouble():
            wrong["longitude"] = trouble
        return wrong

    def show_facility(self, facility: Facility) -> None:
        """Show what a facility holds."""
        key = f"{CaseKind.COMPONENT}-{facility.major}-{facility.minor}" if facility.minor else ""
        self.category.choose(key, facility.minor_name)
        self.group.set_value(group_named(facility.group).name)
        self._show_attributes()
        self.state.set_value(facility.state)
        self.lit.set_value(facility.lit)
        self.main_road.set_value(facility.main_road)
        self.street.choose(facility.street_code, facility.street_name)
        self.community.choose(facility.community_code, facility.community_name)
        self.road.restore(facility.road)
        self.point.show_point(facility.longitude, facility.latitude, facility.point_source)
        for field, line in self.lines.items():
            line.set_value(getattr(facility, field))
        for field, day in self.days.items():
            day.set_value(getattr(facility, field))
        for key, line in self.attributes.items():
            line.set_value(facility.attributes.get(key, ""))

    def typed(self) -> dict[str, Any]:
        """Everything that stands in the fields, as plain JSON for a draft; empty fields left out."""
        found: dict[str, Any] = {field: line.value() for field, line in self.lines.items()}
        found |= {field: day.text() for field, day in self.days.items()}
        found |= {field: one.typed() for field, one in self._pickers().items()}
        found |= {field: one.value() for field, one in self._choices().items()}
        found |= {"point": self.point.typed(), "attributes": {k: line.value() for k, line in self.attributes.items()}}
        return {field: value for field, value in found.items() if value not in ("", None, {})}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Show again what `typed` gave; fields not named become empty."""
        for field, picker in self._pickers().items():
            picker.restore(typed.get(field, ""))
        for field, choice in self._choices().items():
            choice.set_value(typed.get(field))
        if self.state.value() is None:
            self.state.setCurrentIndex(0)
        self.point.restore(typed.get("point", ""))
        for field, line in self.lines.items():
            line.set_value(str(typed.get(field, "")))
        for field, day in self.days.items():
            day.setText(str(typed.get(field, "")))
        self._show_attributes()
        for key, line in self.attributes.items():
            line.set_value(str(typed.get("attributes", {}).get(key, "")))
        self.clear_refusals()

    def _lay_out(self) -> None:
        said = {field: title_of(Facility, field) for field in Facility.model_fields}
        self.add_row(_("类别"), [("minor", _("类别"), self.category), ("group", said["group"], self.group)])
        self.add("name", said["name"], self.lines["name"])
        self.add_row(
            said["code"],
            [
                ("code", said["code"], self.lines["code"]),
                ("house_number", said["house_number"], self.lines["house_number"]),
            ],
        )
        self.add_row(
            said["state"],
            [
                ("state", said["state"], self.state),
                ("lit", said["lit"], self.lit),
                ("main_road", said["main_road"], self.main_road),
            ],
        )
        self.add("longitude", _("坐标"), self.point)
        self.add_row(
            _("街道"), [("street_code", _("街道"), self.street), ("community_code", _("社区"), self.community)]
        )
        self.add_row(_("道路"), [("road", _("道路"), self.road), ("address", said["address"], self.lines["address"])])
        self.add("authority", said["authority"], self.lines["authority"])
        self.add_row(
            said["owner"],
            [
                ("owner", said["owner"], self.lines["owner"]),
                ("maintainer", said["maintainer"], self.lines["maintainer"]),
            ],
        )
        self.add_row(
            said["installed_on"],
            [
                ("installed_on", said["installed_on"], self.days["installed_on"]),
                ("surveyed_on", said["surveyed_on"], self.days["surveyed_on"]),
                ("accuracy", said["accuracy"], self.lines["accuracy"]),
            ],
        )
        self._own = FormColumn()
        self.add_wide(self._own)
        self.add("note", said["note"], self.lines["note"])
        self.align_with(self._own)
        self.lines["code"].setPlaceholderText(_("留空由程序编发"))

    def _show_attributes(self) -> None:
        """The attributes of the register chosen; what was typed in those both have stays."""
        kept = {key: line.value() for key, line in self.attributes.items()}
        own = FormColumn()
        self.attributes = {}
        for one in group_named(self.group.value() or "").attributes:
            line = self.attributes[one.name] = EntryLine()
            line.set_value(kept.get(one.name, ""))
            line.edited.connect(self.edited)
            unit = f" ({_(one.unit)})" if one.unit else ""
            own.add(f"attribute_{one.name}", f"{_(one.title)}{unit}", line)
        self._grid.replaceWidget(self._own, own)
        self._own.deleteLater()
        self._own = own
        self.align_with(own)
        name(own, "facility_attributes", _("属性"))

    def _on_category(self, choice: object) -> None:
        if choice is not None:
            self.group.set_value(group_for(self.category.text(), groups()))
            self._show_attributes()

    def _components(self, typed: str) -> list[Offer]:
        """Categories of things alone."""
        prefix = f"{CaseKind.COMPONENT}-"
        return [offer for offer in self._desk.pickers.categories(typed) if offer.key.startswith(prefix)]

    def _pickers(self) -> dict[str, EntryPicker]:
        return {"minor": self.category, "street_code": self.street, "community_code": self.community, "road": self.road}

    def _choices(self) -> dict[str, ChoiceInput]:
        return {"group": self.group, "state": self.state, "lit": self.lit, "main_road": self.main_road}
