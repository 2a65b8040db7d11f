"""Importing enterprises from a sheet."""

from __future__ import annotations

from app.base.words import N_, _
from app.services.case_import import ImportResult
from app.services.enterprise_columns import COLUMNS, EnterpriseMapping
from app.services.enterprise_import import EnterpriseImportService, EnterpriseOutcome
from app.services.sheets.reading import Sheet
from ui.dialogs.columns_form import ColumnsForm
from ui.dialogs.sheet_import import SheetImport
from ui.dialogs.sheet_outcomes import first_cells, outcome_columns
from ui.tables.columns import Column


def _field(outcome: EnterpriseOutcome, field: str) -> str:
    return str(outcome.fields.get(field, "")) if outcome.fields is not None else ""


def _title(outcome: EnterpriseOutcome) -> str:
    return first_cells(outcome) if outcome.fields is None else _field(outcome, "name")


PREVIEW_COLUMNS: tuple[Column[EnterpriseOutcome], ...] = outcome_columns(
    Column("name", N_("名称"), 180, _title, hint=_title),
    Column("credit_code", N_("统一社会信用代码"), 160, lambda outcome: _field(outcome, "credit_code")),
    Column("risk", N_("信用风险"), 70, lambda outcome: _field(outcome, "risk")),
    Column("street", N_("街道"), 110, lambda outcome: _field(outcome, "street_name")),
    Column("address", N_("地址"), 180, lambda outcome: _field(outcome, "address")),
)


class EnterpriseMappingForm(ColumnsForm[EnterpriseMapping]):
    """Columns alone."""

    def __init__(self) -> None:
        super().__init__("enterprise_mapping")
        for column in COLUMNS:
            self.add_column(column.name, _(column.title))
        self.put_in_place()

    def show_sheet(self, sheet: Sheet, mapping: EnterpriseMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        self.show_columns(sheet, mapping.columns)

    def mapping(self) -> EnterpriseMapping:
        """What is chosen."""
        return EnterpriseMapping(self.columns())


class ImportEnterprises(SheetImport[EnterpriseMapping, EnterpriseOutcome, ImportResult]):
    """`imported` carries the ImportResult when something was read."""

    object_name, title = "import_enterprises_dialog", N_("导入企业")
    columns = PREVIEW_COLUMNS
    first_words = N_("选择 Excel、WPS 或 CSV 文件。按信用代码认企业,再导入一次不会重复。")

    def imports(self) -> EnterpriseImportService:
        """Sheets of enterprises."""
        return self._context.desk.enterprise_import

    def mapping_form(self) -> EnterpriseMappingForm:
        """Fields of an enterprise."""
        return EnterpriseMappingForm()
