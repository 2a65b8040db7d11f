"""Importing a list of violations from a sheet."""

from __future__ import annotations

from app.base.words import N_, _
from app.services.case_import import ImportResult
from app.services.sheets.reading import Sheet
from app.services.violation_columns import COLUMNS, NEEDED, ViolationMapping
from app.services.violation_rows import ViolationOutcome
from app.services.violations import ViolationService
from ui.dialogs.columns_form import ColumnsForm
from ui.dialogs.sheet_import import SheetImport
from ui.dialogs.sheet_outcomes import first_cells, outcome_columns
from ui.pages.enforcement.violation_list import fine_words
from ui.tables.columns import Column


def _title(outcome: ViolationOutcome) -> str:
    return first_cells(outcome) if outcome.item is None else outcome.item.title


def _days(outcome: ViolationOutcome) -> str:
    return "" if outcome.item is None or outcome.item.valid_from is None else str(outcome.item.valid_from)


PREVIEW_COLUMNS: tuple[Column[ViolationOutcome], ...] = outcome_columns(
    Column("code", N_("代码"), 90, lambda outcome: outcome.item.code if outcome.item else ""),
    Column("title", N_("违法事项"), 220, _title, hint=_title),
    Column("fine", N_("罚款"), 120, lambda outcome: fine_words(outcome.item) if outcome.item else ""),
    Column("valid_from", N_("施行"), 90, _days),
    Column("basis", N_("依据"), 220, lambda outcome: outcome.item.basis if outcome.item else ""),
)


class ViolationMappingForm(ColumnsForm[ViolationMapping]):
    """Columns alone."""

    def __init__(self) -> None:
        super().__init__("violation_mapping")
        for column in COLUMNS:
            self.add_column(column.name, _(column.title), required=column.name in NEEDED)
        self.put_in_place()

    def show_sheet(self, sheet: Sheet, mapping: ViolationMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        self.show_columns(sheet, mapping.columns)

    def mapping(self) -> ViolationMapping:
        """What is chosen."""
        return ViolationMapping(self.columns())


class ImportViolations(SheetImport[ViolationMapping, ViolationOutcome, ImportResult]):
    """`imported` carries the ImportResult when something was read."""

    object_name, title = "import_violations_dialog", N_("导入违法事项")
    columns = PREVIEW_COLUMNS
    first_words = N_("选择本单位的处罚事项清单或裁量基准表。同一代码、同一施行日期的以新导入的为准。")

    def imports(self) -> ViolationService:
        """Sheets of violations."""
        return self._context.desk.violations

    def mapping_form(self) -> ViolationMappingForm:
        """Fields of an item."""
        return ViolationMappingForm()

    def stopped_words(self) -> str:
        """A list comes in whole or not at all."""
        return _("已停止,什么也没有导入。")
