"""The fields of the entry form in the order they are typed, what stands in them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.cases import Case, CaseDraft, CaseKind
from app.domain.directory import WorkerKind
from app.services.pickers import Choice as Offer
from ui.forms.entry_inputs import DescriptionInput, EntryLine, EntryPicker, plain
from ui.forms.entry_point import PointInput
from ui.forms.entry_watch import FieldWatch
from ui.forms.field import FormColumn
from ui.forms.refusals import refusals
from ui.forms.tick_input import TickInput
from ui.forms.time_inputs import MomentInput
from ui.naming import name
from ui.pages.cases.entry_category import ConditionsInput
from ui.pages.context import PageContext

PLACE_FIELDS = ("street_code", "community_code", "road", "house_no", "near", "longitude")
KEPT_FOR_NEXT = ("source", *PLACE_FIELDS)


@dataclass(frozen=True)
class Reading:
    """What the form says: the draft of all that can be read, and a sentence for each field that cannot."""

    draft: CaseDraft
    wrong: Mapping[str, str]


class EntryFields(FormColumn):
    """All fields of a case. `edited`: a person changed something. `left`: the keyboard left that field."""

    edited = Signal(str)
    left = Signal(str)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = context.desk
        self._unseen: dict[str, str] = {}
        self._make_inputs()
        self._lay_out()
        self.watch = FieldWatch(self)
        self._inputs: dict[str, Any] = {box.field_name: box.widget for box in self.fields()}
        for field_name, widget in self._inputs.items():
            self.watch.follow(field_name, widget.line if isinstance(widget, PointInput) else widget)
            widget.edited.connect(self._teller(field_name))
        self.watch.left.connect(self.left)
        self.category.picked.connect(self._on_category)
        self.street.picked.connect(self._on_street)
        self.community.picked.connect(self._on_community)

    def _make_inputs(self) -> None:
        pickers = self._desk.pickers
        self.source = EntryPicker(pickers.sources)
        self.phone = EntryLine()
        self.reporter = EntryLine()
        self.category = EntryPicker(pickers.categories)
        self.category.setPlaceholderText(_("代码、名称或拼音首字母,例如 dwjy"))
        self.conditions = ConditionsInput()
        self.street = EntryPicker(pickers.streets)
        self.community = EntryPicker(self._communities)
        self.road = EntryPicker(pickers.roads, free=True)
        self.house_no = EntryLine()
        self.near = EntryLine()
        self.point = PointInput()
        self.description = DescriptionInput(4)
        self.description.setPlaceholderText(_("换行 Alt+Enter · 常用语 Ctrl+M"))
        self.collector = EntryPicker(lambda typed: pickers.workers(WorkerKind.COLLECTOR, typed), free=True)
        self.reported_at = MomentInput()
        self.self_handled = TickInput(_("自处置(当场已解决,要有处置前和处置后照片)"))
        self.city_level = TickInput(_("市级案件"))

    def _lay_out(self) -> None:
        self.add_row(
            _("来源"),
            [
                ("source", _("来源"), self.source),
                ("reporter_phone", _("来电"), self.phone),
                ("reporter_name", _("姓名"), self.reporter),
            ],
        )
        self.add("minor", _("类别"), self.category)
        self.add("condition_no", _("情形"), self.conditions)
        self.add_row(
            _("街道"), [("street_code", _("街道"), self.street), ("community_code", _("社区"), self.community)]
        )
        self.add_row(
            _("道路"),
            [("road", _("道路"), self.road), ("house_no", _("门牌"), self.house_no), ("near", _("附近"), self.near)],
        )
        self.add("longitude", _("坐标"), self.point)
        self.add("description", _("描述"), self.description)
        self.add_row(
            _("采集员"),
            [("collector_name", _("采集员"), self.collector), ("reported_at", _("上报时间"), self.reported_at)],
        )
        ticks = _("办理")
        self.add_row(ticks, [("self_handled", ticks, self.self_handled), ("city_level", ticks, self.city_level)])
        name(self.self_handled, "self_handled", self.self_handled.text())
        name(self.city_level, "city_level", self.city_level.text())

    # What stands in the fields -----------------------------------------------------------------------------------

    def typed(self) -> dict[str, Any]:
        """Everything that stands in the fields, right or wrong, as plain JSON for a draft; empty fields left out."""
        found = {field_name: _typed(widget) for field_name, widget in self._inputs.items()}
        return {field_name: value for field_name, value in found.items() if value not in ("", None, False)}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Show again what `typed` gave; fields not named become empty."""
        self._unseen = {}
        for line in (self.phone, self.reporter):
            line.setPlaceholderText("")
        self.restore_over(typed)

    def restore_over(self, typed: Mapping[str, Any]) -> None:
        """Show what was typed over a saved case; fields kept unseen stay kept."""
        self._restore("minor", typed)
        self._show_conditions()
        for field_name in self._inputs:
            if field_name != "minor":
                self._restore(field_name, typed)
        self.clear_refusals()

    def reading(self) -> Reading:
        """The draft of what can be read, and what is wrong with the rest."""
        wrong = {
            field_name: _("列表里没有“{text}”,请从列表中选择").format(text=widget.text().strip())
            for field_name, widget in self._inputs.items()
            if isinstance(widget, EntryPicker) and widget.is_unknown()
        }
        values = self._values(wrong)
        try:
            return Reading(CaseDraft.model_validate(values), wrong)
        except ValidationError as error:
            wrong = {**refusals(error, CaseDraft), **wrong}
            sound = {field: value for field, value in values.items() if field not in wrong}
            return Reading(CaseDraft.model_validate(sound), wrong)

    def show_case(self, case: Case, *, unseen: Mapping[str, str]) -> None:
        """Show a saved case. unseen: fields kept as they are unless retyped, with what stands in their place."""
        self.restore({})
        titles = self._desk.reference.case_sources()
        self.source.choose(case.source, titles.get(case.source, case.source))
        self.category.choose(f"{case.kind}-{case.major}-{case.minor}" if case.minor else "", case.minor_name)
        self._show_conditions()
        self.conditions.set_value(case.condition_no)
        self.street.choose(case.street_code, case.street_name)
        self.community.choose(case.community_code, case.community_name)
        self.road.restore(case.road)
        self.point.show_point(case.longitude, case.latitude, case.point_source)
        self.collector.restore(case.collector_name)
        self.reported_at.set_value(case.reported_at)
        self.self_handled.set_value(case.self_handled)
        self.city_level.set_value(case.city_level)
        for field_name in ("reporter_phone", "reporter_name", "house_no", "near", "description"):
            self._inputs[field_name].set_value("" if field_name in unseen else getattr(case, field_name))
        self._unseen = {field_name: getattr(case, field_name) for field_name in unseen}
        for field_name, mask in unseen.items():
            self._inputs[field_name].setPlaceholderText(mask)

    def fix(self, *field_names: str, fixed: bool = True) -> None:
        """Keep fields from being changed, or allow it again."""
        for field_name in field_names:
            self._inputs[field_name].setEnabled(not fixed)

    def place_text(self) -> str:
        """Where, in one line, as a reply template needs it."""
        parts = (self.street, self.community, self.road)
        return "".join(picker.text().strip() for picker in parts) + self.house_no.text() + self.near.text()

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
            "source": self.source.text_value(),
            "kind": CaseKind(kind) if kind else None,
            "major": major,
            "minor": minor,
            "condition_no": self.conditions.value(),
            "street_code": self.street.text_value(),
            "community_code": self.community.text_value(),
            "road": self.road.text_value(),
            "house_no": self.house_no.value(),
            "near": self.near.value(),
            "description": self.description.value(),
            "collector_name": self.collector.text_value(),
            "self_handled": self.self_handled.value(),
            "city_level": self.city_level.value(),
            "reporter_phone": self.phone.value() or self._unseen.get("reporter_phone", ""),
            "reporter_name": self.reporter.value() or self._unseen.get("reporter_name", ""),
        }
        return values | self._point_values(wrong) | self._moment_values(wrong)

    def _point_values(self, wrong: dict[str, str]) -> dict[str, Any]:
        trouble = self.point.trouble()
        if trouble:
            wrong["longitude"] = trouble
            return {}
        point = self.point.point()
        if point is None:
            return {}
        return {"longitude": point.longitude, "latitude": point.latitude, "point_source": point.source}

    def _moment_values(self, wrong: dict[str, str]) -> dict[str, Any]:
        moment = self.reported_at.value()
        if isinstance(moment, str):
            wrong["reported_at"] = _("看不懂这个时间,请写成 2026-11-21 09:30 的样子")
            return {}
        return {"reported_at": moment}

    def _restore(self, field_name: str, typed: Mapping[str, Any]) -> None:
        widget = self._inputs[field_name]
        if isinstance(widget, EntryPicker | PointInput):
            widget.restore(typed.get(field_name, ""))
        elif isinstance(widget, ConditionsInput):
            widget.set_value(typed.get(field_name))
        elif isinstance(widget, TickInput):
            widget.set_value(typed.get(field_name) is True)
        elif isinstance(widget, MomentInput):
            widget.setText(plain(typed, field_name))
        else:
            widget.set_value(plain(typed, field_name))

    def _teller(self, field_name: str) -> Any:
        return lambda: self.edited.emit(field_name)

    def _communities(self, typed: str) -> list[Offer]:
        return self._desk.pickers.communities(typed, self.street.value() or "")

    def _on_category(self, _choice: object) -> None:
        self._show_conditions()

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

    def _show_conditions(self) -> None:
        key = self.category.value()
        if key is None:
            self.conditions.show_category(None, ())
            return
        kind, major, minor = key.split("-")
        category = self._desk.reference.categories().find(kind, major, minor)
        self.conditions.show_category(category, self._desk.reference.collection_rules(kind, major, minor))


def _typed(widget: Any) -> Any:
    if isinstance(widget, EntryPicker | PointInput):
        return widget.typed()
    if isinstance(widget, MomentInput):
        return widget.text()
    return widget.value()
