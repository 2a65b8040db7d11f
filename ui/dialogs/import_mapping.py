"""The columns of a sheet of cases."""

from __future__ import annotations

from app.base.words import N_, _
from app.services.sheets.fields import IMPORT_FIELDS, INSTANT, REQUIRED
from app.services.sheets.mapping import ColumnMapping
from app.services.sheets.reading import Sheet
from ui.dialogs.columns_form import ColumnsForm
from ui.forms.choice_input import ChoiceInput

SYSTEMS = (("wgs84", "WGS-84"), ("cgcs2000", "CGCS2000"), ("gcj02", N_("GCJ-02(高德、腾讯地图)")))


class MappingForm(ColumnsForm[ColumnMapping]):
    """Each date has its order of day and month under it."""

    def __init__(self) -> None:
        super().__init__("mapping_scroll")
        self._mapping = ColumnMapping({})
        self._system = ChoiceInput(SYSTEMS)
        for field in IMPORT_FIELDS:
            self.add_column(field.name, _(field.title), required=field.name in REQUIRED)
            if field.kind == INSTANT:
                self.add_order(field.name, _("{field}的写法").format(field=_(field.title)))
        self.add("coordinates", _("坐标系"), self._system)
        self.put_in_place()

    def show_sheet(self, sheet: Sheet, mapping: ColumnMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        self._mapping = mapping
        self.show_columns(sheet, mapping.columns)
        self.show_orders(mapping.day_orders)
        self._system.set_value(mapping.coordinates)

    def mapping(self) -> ColumnMapping:
        """What is chosen."""
        system = self._system.value() or self._mapping.coordinates
        return ColumnMapping(self.columns(), self.orders(), system, self._mapping.zone)
