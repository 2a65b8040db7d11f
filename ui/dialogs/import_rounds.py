"""Importing rounds from a sheet: one row is one check of one point."""

from __future__ import annotations

from app.base.words import N_, _
from app.domain.patrols import CHECK_GRADE_TITLES
from app.services.round_columns import COLUMNS, RoundMapping
from app.services.round_import import RoundImportResult, RoundImportService
from app.services.round_rows import CheckOutcome
from app.services.sheets.reading import Sheet
from ui.dialogs.columns_form import ColumnsForm
from ui.dialogs.import_mapping import SYSTEMS
from ui.dialogs.sheet_import import SheetImport
from ui.dialogs.sheet_outcomes import first_cells, outcome_columns
from ui.forms.choice_input import ChoiceInput
from ui.forms.time_inputs import ZONE
from ui.tables.columns import Column


class RoundMappingForm(ColumnsForm[RoundMapping]):
    """Every check has its day; all days are written in one order."""

    def __init__(self) -> None:
        super().__init__("round_mapping_scroll")
        self._system = ChoiceInput(SYSTEMS)
        for column in COLUMNS:
            self.add_column(column.name, _(column.title), required=column.name == "at")
        self.add_order("at", _("日期的写法"))
        self.add("coordinates", _("坐标系"), self._system)
        self.put_in_place()

    def show_sheet(self, sheet: Sheet, mapping: RoundMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        self.show_columns(sheet, mapping.columns)
        self.show_orders(mapping.day_orders)
        self._system.set_value(mapping.coordinates)

    def mapping(self) -> RoundMapping:
        """What is chosen."""
        return RoundMapping(self.columns(), self.orders(), self._system.value() or "wgs84")


def _day(outcome: CheckOutcome) -> str:
    if outcome.check is None:
        return ""
    local = outcome.check.at.astimezone(ZONE)
    return f"{local:%Y-%m-%d %H:%M}" if outcome.check.timed else f"{local:%Y-%m-%d}"


def _what(outcome: CheckOutcome) -> str:
    return outcome.check.name if outcome.check is not None else first_cells(outcome)


def _grade(outcome: CheckOutcome) -> str:
    return _(CHECK_GRADE_TITLES[outcome.check.grade]) if outcome.check is not None else ""


CHECK_COLUMNS: tuple[Column[CheckOutcome], ...] = outcome_columns(
    Column("at", N_("检查时间"), 120, _day),
    Column("member", N_("网格员"), 76, lambda outcome: outcome.check.member if outcome.check else ""),
    Column("grid", N_("网格"), 90, lambda outcome: outcome.check.grid if outcome.check else ""),
    Column("what", N_("检查点"), 180, _what),
    Column("grade", N_("结果"), 56, _grade),
    Column("found", N_("问题"), 200, lambda outcome: ";".join(outcome.check.problems) if outcome.check else ""),
    title=N_("导入"),
)


class ImportRoundsDialog(SheetImport[RoundMapping, CheckOutcome, RoundImportResult]):
    """`imported` carries the RoundImportResult when something was read."""

    object_name, title = "import_rounds_dialog", N_("导入巡查")
    columns = CHECK_COLUMNS
    first_words = N_("一行是一个检查点的一次检查;同一天、同一人、同一网格的行合成一次巡查。")

    def imports(self) -> RoundImportService:
        """Sheets of rounds."""
        return self._context.desk.round_import

    def mapping_form(self) -> RoundMappingForm:
        """Fields of a check."""
        return RoundMappingForm()

    def result_words(self, result: RoundImportResult) -> str:
        """Rows became rounds and findings."""
        return _("得到 {rounds} 次巡查、{findings} 个问题").format(rounds=result.rounds, findings=result.findings)

    def stopped_words(self) -> str:
        """Rounds were written whole, not the first rows of the sheet."""
        return _("已停止。已经写入的保留,再次导入同一文件不会重复。")
