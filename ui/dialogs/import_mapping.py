"""Which column of a sheet goes into which field, said by a person where the header words do not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.services.sheets.dates import DAY_ORDER_TITLES, DayOrder
from app.services.sheets.fields import IMPORT_FIELDS, INSTANT, REQUIRED
from app.services.sheets.mapping import ColumnMapping
from app.services.sheets.reading import Sheet
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.naming import name
from ui.theme import gap

SYSTEMS = (("wgs84", "WGS-84"), ("cgcs2000", "CGCS2000"), ("gcj02", N_("GCJ-02(高德、腾讯地图)")))
DATES = tuple(field for field in IMPORT_FIELDS if field.kind == INSTANT)


class MappingForm(QScrollArea):
    """One line per field with the columns to choose from. `changed`: a person chose another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        name(self, "mapping_scroll", _("列的对应关系"))
        self._mapping = ColumnMapping({})
        self._columns = {field.name: ChoiceInput() for field in IMPORT_FIELDS}
        self._orders = {field.name: ChoiceInput() for field in DATES}
        self._system = ChoiceInput(SYSTEMS)
        self.form = FormColumn()
        for field in IMPORT_FIELDS:
            title = _(field.title)
            self.form.add(f"column_{field.name}", title, self._columns[field.name], required=field.name in REQUIRED)
            self._columns[field.name].edited.connect(self._on_edited)
            if field.name in self._orders:
                said = _("{field}的写法").format(field=title)
                self.form.add(f"order_{field.name}", said, self._orders[field.name])
                self._orders[field.name].edited.connect(self._on_edited)
        self.form.add("coordinates", _("坐标系"), self._system)
        self._system.edited.connect(self._on_edited)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, gap(2), 0)
        lines.addWidget(self.form)
        lines.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(page)
        # Wide enough for the longest title in any language; the preview takes what is left.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())

    def show_sheet(self, sheet: Sheet, mapping: ColumnMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        self._mapping = mapping
        choices = [(place, title) for place, title in enumerate(sheet.unique_names())]
        for field_name, choice in self._columns.items():
            choice.set_choices(choices, empty=N_("(没有这一列)"))
            choice.set_value(mapping.columns.get(field_name))
        for field_name, order in self._orders.items():
            order.set_choices(list(DAY_ORDER_TITLES.items()), empty=N_("自动识别"))
            order.set_value(mapping.day_orders.get(field_name))
        self._system.set_value(mapping.coordinates)
        self.form.clear_refusals()

    def mapping(self) -> ColumnMapping:
        """What is chosen."""
        columns = {name: choice.value() for name, choice in self._columns.items() if choice.value() is not None}
        orders = {name: DayOrder(order.value()) for name, order in self._orders.items() if order.value() is not None}
        return ColumnMapping(columns, orders, self._system.value() or self._mapping.coordinates, self._mapping.zone)

    def ask_order(self, field_name: str, sentence: str) -> None:
        """Say at a date column that a person must tell month and day apart."""
        self.form.show_refusals({f"order_{field_name}": sentence})

    def _on_edited(self) -> None:
        self.form.clear_refusals()
        self.changed.emit()
