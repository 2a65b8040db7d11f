"""Importing cases from a sheet."""

from __future__ import annotations

from app.base.words import N_
from app.services.case_import import ImportResult, ImportService
from app.services.sheets.case_outcomes import CaseOutcome
from app.services.sheets.mapping import ColumnMapping
from ui.dialogs.import_mapping import MappingForm
from ui.dialogs.sheet_import import SheetImport
from ui.dialogs.sheet_outcomes import first_cells, outcome_columns
from ui.forms.time_inputs import ZONE
from ui.tables.columns import Column


def _case(outcome: CaseOutcome, field_name: str) -> str:
    return str(getattr(outcome.case, field_name)) if outcome.case is not None else ""


def _reported(outcome: CaseOutcome) -> str:
    return f"{outcome.case.reported_at.astimezone(ZONE):%Y-%m-%d %H:%M}" if outcome.case is not None else ""


def _about(outcome: CaseOutcome) -> str:
    return outcome.case.description.replace("\n", " ") if outcome.case is not None else first_cells(outcome)


def _place(outcome: CaseOutcome) -> str:
    case = outcome.case
    return case.address or f"{case.street_text}{case.road}{case.house_no}" if case is not None else ""


OUTCOME_COLUMNS: tuple[Column[CaseOutcome], ...] = outcome_columns(
    Column("source_no", N_("来源编号"), 120, lambda outcome: _case(outcome, "source_no")),
    Column("reported_at", N_("上报时间"), 120, _reported),
    Column("category", N_("分类"), 120, lambda outcome: _case(outcome, "category_text")),
    Column("place", N_("地点"), 180, _place),
    Column("about", N_("描述"), 320, _about),
)


class ImportCases(SheetImport[ColumnMapping, CaseOutcome, ImportResult]):
    """`imported` carries the ImportResult when something was read."""

    object_name, title = "import_cases", N_("导入案件")
    columns = OUTCOME_COLUMNS
    first_words = N_("选择 Excel、WPS 或 CSV 文件。第一次导入时核对列的对应关系,以后会记住。")

    def imports(self) -> ImportService:
        """Sheets of cases."""
        return self._context.desk.imports

    def mapping_form(self) -> MappingForm:
        """Fields of a case."""
        return MappingForm()
