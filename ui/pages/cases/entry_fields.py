"""The fields of the entry form in the order they are typed, what stands in them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.cases import Case, CaseDraft
from app.domain.directory import WorkerKind
from ui.forms.entry_inputs import EntryLine, EntryPicker
from ui.forms.report_fields import ReportFields
from ui.forms.tick_input import TickInput
from ui.forms.time_inputs import MomentInput
from ui.naming import name
from ui.pages.cases.entry_category import ConditionsInput
from ui.pages.context import PageContext

PLACE_FIELDS = ("street_code", "community_code", "road", "house_no", "near", "longitude")
KEPT_FOR_NEXT = ("source", *PLACE_FIELDS)


class EntryFields(ReportFields[CaseDraft]):
    """All fields of a case."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, CaseDraft, 4, parent)
        self._unseen: dict[str, str] = {}
        self.description.setPlaceholderText(_("换行 Alt+Enter · 常用语 Ctrl+M"))
        self.category.picked.connect(self._on_category)

    def _make_inputs(self) -> None:
        pickers = self._desk.pickers
        self.source = EntryPicker(pickers.sources)
        self.phone = EntryLine()
        self.reporter = EntryLine()
        self.conditions = ConditionsInput()
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
        self._add_place()
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

    # --------------------------------------------------------------------------------------------------------------

    def _values(self, wrong: dict[str, str]) -> dict[str, Any]:
        return super()._values(wrong) | {
            "source": self.source.text_value(),
            "condition_no": self.conditions.value(),
            "collector_name": self.collector.text_value(),
            "self_handled": self.self_handled.value(),
            "city_level": self.city_level.value(),
            "reporter_phone": self.phone.value() or self._unseen.get("reporter_phone", ""),
            "reporter_name": self.reporter.value() or self._unseen.get("reporter_name", ""),
        }

    def _restore(self, field_name: str, typed: Mapping[str, Any]) -> None:
        widget = self._inputs[field_name]
        if isinstance(widget, ConditionsInput):
            widget.set_value(typed.get(field_name))
        elif isinstance(widget, TickInput):
            widget.set_value(typed.get(field_name) is True)
        else:
            super()._restore(field_name, typed)

    def _on_category(self, _choice: object) -> None:
        self._show_conditions()

    def _show_conditions(self) -> None:
        key = self.category.value()
        if key is None:
            self.conditions.show_category(None, ())
            return
        kind, major, minor = key.split("-")
        category = self._desk.reference.categories().find(kind, major, minor)
        self.conditions.show_category(category, self._desk.reference.collection_rules(kind, major, minor))
