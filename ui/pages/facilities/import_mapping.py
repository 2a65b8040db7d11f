"""The columns of a sheet of facilities, its coordinates, and what holds for the whole of it."""

from __future__ import annotations

from dataclasses import replace

from app.base.words import N_, _
from app.domain.grids import PointSystem
from app.domain.problems import Problem
from app.services.facility_columns import COLUMNS, FacilityMapping, attribute_columns
from app.services.facility_groups import groups
from app.services.sheets.reading import Sheet
from ui.dialogs.columns_form import ColumnsForm
from ui.forms.choice_input import ChoiceInput
from ui.forms.text_inputs import TextInput
from ui.forms.tick_input import TickInput

SYSTEMS = (
    (PointSystem.WGS84, "WGS-84"),
    (PointSystem.CGCS2000, N_("CGCS2000(经纬度或 3 度带米)")),
    (PointSystem.GCJ02, N_("GCJ-02(高德、腾讯地图)")),
    (PointSystem.BD09, N_("BD-09(百度地图)")),
)


class FacilityMappingForm(ColumnsForm[FacilityMapping]):
    """What holds for the whole sheet comes first, then the columns."""

    def __init__(self) -> None:
        super().__init__("facility_mapping")
        self._mapping = FacilityMapping({})
        self.system = ChoiceInput(SYSTEMS)
        self.swapped = TickInput(_("经度和纬度两列对调"))
        self.group = ChoiceInput([(group.name, group.title) for group in groups()], empty=N_("按类别分到各台账"))
        self.category = TextInput(8)
        self.category.setPlaceholderText("05-02")
        self.swapped.edited.connect(self._on_swapped)  # before anybody asks for the mapping
        self.add("coordinates", _("坐标系"), self.system)
        self.add("swapped", "", self.swapped)
        self.add("whole_group", _("整表台账"), self.group)
        self.add("whole_category", _("整表类别"), self.category, hint=_("表里没有类别列时填:大类-小类"))
        for column in (*COLUMNS, *attribute_columns()):
            self.add_column(column.name, _(column.title))
        self.put_in_place()

    def show_sheet(self, sheet: Sheet, mapping: FacilityMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        self._mapping = mapping
        self.show_columns(sheet, mapping.columns)
        self.system.set_value(mapping.system)
        self.swapped.set_value(mapping.swapped)
        self.group.set_value(mapping.fixed.get("group"))
        self.category.set_value(mapping.fixed.get("category", ""))

    def mapping(self) -> FacilityMapping:
        """What is chosen; nobody has said whether columns are swapped until the box was ticked or offered."""
        fixed = {"group": self.group.value() or "", "category": self.category.value()}
        return replace(
            self._mapping,
            columns=self.columns(),
            system=self.system.value() or PointSystem.WGS84,
            swapped=True if self.swapped.value() else self._mapping.swapped,
            fixed={field: value for field, value in fixed.items() if value},
        )

    def ask_about(self, problem: Problem) -> None:
        """Say at the box that the two columns hold each other's values."""
        if problem.code == "facility.columns_swapped":
            self.form.show_refusals({"swapped": _("两列里的值像是互换了,勾选这里就对调")})

    def _on_swapped(self) -> None:
        self._mapping = replace(self._mapping, swapped=self.swapped.value())
