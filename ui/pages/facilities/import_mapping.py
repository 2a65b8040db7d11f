"""Which column of a sheet goes into which field of a facility, said by a person where the header words do not."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.grids import PointSystem
from app.services.facility_columns import COLUMNS, FacilityMapping, attribute_columns
from app.services.facility_groups import groups
from app.services.sheets.reading import Sheet
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.inputs import Input
from ui.forms.text_inputs import TextInput
from ui.forms.tick_input import TickInput
from ui.naming import name
from ui.theme import gap

SYSTEMS = (
    (PointSystem.WGS84, "WGS-84"),
    (PointSystem.CGCS2000, N_("CGCS2000(经纬度或 3 度带米)")),
    (PointSystem.GCJ02, N_("GCJ-02(高德、腾讯地图)")),
    (PointSystem.BD09, N_("BD-09(百度地图)")),
)


class FacilityMappingForm(QScrollArea):
    """One line per field with the columns to choose from. `changed`: a person chose another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        name(self, "facility_mapping", _("列的对应关系"))
        self._mapping = FacilityMapping({})
        columns = (*COLUMNS, *attribute_columns())
        self._columns = {column.name: ChoiceInput() for column in columns}
        self.system = ChoiceInput(SYSTEMS)
        self.swapped = TickInput(_("经度和纬度两列对调"))
        self.group = ChoiceInput([(group.name, group.title) for group in groups()], empty=N_("按类别分到各台账"))
        self.category = TextInput(8)
        self.category.setPlaceholderText("05-02")
        self.form = FormColumn()
        self.form.add("coordinates", _("坐标系"), self.system)
        self.form.add("swapped", "", self.swapped)
        self.form.add("whole_group", _("整表台账"), self.group)
        self.form.add("whole_category", _("整表类别"), self.category, hint=_("表里没有类别列时填:大类-小类"))
        for column in columns:
            self.form.add(f"column_{column.name.replace(':', '_')}", _(column.title), self._columns[column.name])
        inputs: list[Input] = [*self._columns.values(), self.system, self.swapped, self.group, self.category]
        for one in inputs:
            one.edited.connect(self._on_edited)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, gap(2), 0)
        lines.addWidget(self.form)
        lines.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(page)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())

    def show_sheet(self, sheet: Sheet, mapping: FacilityMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        self._mapping = mapping
        choices = [(place, title) for place, title in enumerate(sheet.unique_names())]
        for field, choice in self._columns.items():
            choice.set_choices(choices, empty=N_("(没有这一列)"))
            choice.set_value(mapping.columns.get(field))
        self.system.set_value(mapping.system)
        self.swapped.set_value(mapping.swapped)
        self.group.set_value(mapping.fixed.get("group"))
        self.category.set_value(mapping.fixed.get("category", ""))
        self.form.clear_refusals()

    def mapping(self) -> FacilityMapping:
        """What is chosen; nobody has said whether columns are swapped until the box was ticked or offered."""
        columns = {field: choice.value() for field, choice in self._columns.items() if choice.value() is not None}
        fixed = {"group": self.group.value() or "", "category": self.category.value()}
        return replace(
            self._mapping,
            columns=columns,
            system=self.system.value() or PointSystem.WGS84,
            swapped=True if self.swapped.value() else self._mapping.swapped,
            fixed={field: value for field, value in fixed.items() if value},
        )

    def offer_swap(self, sentence: str) -> None:
        """Say at the box that the two columns hold each other's values."""
        self.form.show_refusals({"swapped": sentence})

    def _on_edited(self) -> None:
        if self.sender() is self.swapped:
            self._mapping = replace(self._mapping, swapped=self.swapped.value())
        self.form.clear_refusals()
        self.changed.emit()
