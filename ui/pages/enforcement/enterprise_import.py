"""Importing enterprises from a sheet: the import of cases with the columns of enterprises."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.services.enterprise_columns import COLUMNS, EnterpriseMapping
from app.services.enterprise_import import EnterpriseOutcome
from app.services.sheets.reading import Sheet
from app.services.sheets.values import as_text
from ui.dialogs.import_cases import ImportCases
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.naming import name
from ui.tables.columns import RIGHT, Column
from ui.theme import gap

CELLS_SHOWN = 5


def outcome_words(outcome: EnterpriseOutcome) -> str:
    """What becomes of a row."""
    if outcome.fields is None:
        return "▲ " + ";".join(refusal.message for refusal in outcome.refusals)
    if outcome.notes:
        return "· " + ";".join(note.message for note in outcome.notes)
    return _("✓ 可以导入")


def _field(outcome: EnterpriseOutcome, field: str) -> str:
    return str(outcome.fields.get(field, "")) if outcome.fields is not None else ""


def _title(outcome: EnterpriseOutcome) -> str:
    if outcome.fields is not None:
        return _field(outcome, "name")
    return " | ".join(filter(None, map(as_text, outcome.cells[:CELLS_SHOWN])))


PREVIEW_COLUMNS: tuple[Column[EnterpriseOutcome], ...] = (
    Column("row", N_("行"), 60, lambda outcome: str(outcome.row), RIGHT),
    Column(
        "outcome",
        N_("结果"),
        220,
        outcome_words,
        light=lambda outcome: "red" if outcome.fields is None else None,
        hint=outcome_words,
    ),
    Column("name", N_("名称"), 180, _title, hint=_title),
    Column("credit_code", N_("统一社会信用代码"), 160, lambda outcome: _field(outcome, "credit_code")),
    Column("risk", N_("信用风险"), 70, lambda outcome: _field(outcome, "risk")),
    Column("street", N_("街道"), 110, lambda outcome: _field(outcome, "street_name")),
    Column("address", N_("地址"), 180, lambda outcome: _field(outcome, "address")),
)


class EnterpriseMappingForm(QScrollArea):
    """One line per field with the columns to choose from. `changed`: a person chose another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        name(self, "enterprise_mapping", _("列的对应关系"))
        self._columns = {column.name: ChoiceInput() for column in COLUMNS}
        self.form = FormColumn()
        for column in COLUMNS:
            choice = self._columns[column.name]
            self.form.add(f"column_{column.name}", _(column.title), choice)
            choice.edited.connect(self.changed)
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

    def show_sheet(self, sheet: Sheet, mapping: EnterpriseMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        choices = [(place, title) for place, title in enumerate(sheet.unique_names())]
        for field, choice in self._columns.items():
            choice.set_choices(choices, empty=N_("(没有这一列)"))
            choice.set_value(mapping.columns.get(field))

    def mapping(self) -> EnterpriseMapping:
        """What is chosen."""
        return EnterpriseMapping(
            {field: choice.value() for field, choice in self._columns.items() if choice.value() is not None}
        )


class ImportEnterprises(ImportCases):
    """`imported` carries the ImportResult when something was read."""

    object_name, title = "import_enterprises_dialog", N_("导入企业")
    columns = PREVIEW_COLUMNS
    first_words = N_("选择 Excel、WPS 或 CSV 文件。按信用代码认企业,再导入一次不会重复。")

    def _imports(self) -> Any:
        return self._context.desk.enterprise_import

    def _mapping_form(self) -> Any:
        return EnterpriseMappingForm()

    def _is_taken(self, outcome: Any) -> bool:
        return outcome.fields is not None
