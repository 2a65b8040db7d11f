"""Importing facilities from a sheet."""

from __future__ import annotations

from app.base.words import N_, _
from app.domain.facilities import FACILITY_STATE_TITLES, FacilityState
from app.services.case_import import ImportResult
from app.services.facility_columns import FacilityMapping
from app.services.facility_groups import group_title
from app.services.facility_import import FacilityImportService
from app.services.facility_rows import FacilityOutcome
from ui.dialogs.sheet_import import SheetImport
from ui.dialogs.sheet_outcomes import first_cells, outcome_columns
from ui.pages.facilities.import_mapping import FacilityMappingForm
from ui.tables.columns import Column


def _field(outcome: FacilityOutcome, field: str) -> str:
    return str(outcome.facility.fields.get(field, "")) if outcome.facility is not None else ""


def _number(outcome: FacilityOutcome) -> str:
    return _field(outcome, "code") or (outcome.facility.number if outcome.facility is not None else "")


def _title(outcome: FacilityOutcome) -> str:
    if outcome.facility is not None:
        return _field(outcome, "name") or _field(outcome, "minor_name")
    return first_cells(outcome)


def _state(outcome: FacilityOutcome) -> str:
    state = _field(outcome, "state")
    return _(FACILITY_STATE_TITLES[FacilityState(state)]) if state else ""


def _group(outcome: FacilityOutcome) -> str:
    return _(group_title(_field(outcome, "group"))) if outcome.facility is not None else ""


def _point(outcome: FacilityOutcome) -> str:
    fields = outcome.facility.fields if outcome.facility is not None else {}
    return f"{fields['longitude']:.6f}, {fields['latitude']:.6f}" if "longitude" in fields else ""


PREVIEW_COLUMNS: tuple[Column[FacilityOutcome], ...] = outcome_columns(
    Column("number", N_("编号"), 140, _number),
    Column("title", N_("名称"), 130, _title, hint=_title),
    Column("group", N_("台账"), 72, _group),
    Column("state", N_("状态"), 52, _state),
    Column("street", N_("街道"), 96, lambda outcome: _field(outcome, "street_name")),
    Column("point", N_("经纬度"), 160, _point),
    Column("address", N_("位置"), 160, lambda outcome: _field(outcome, "address")),
)


class ImportFacilities(SheetImport[FacilityMapping, FacilityOutcome, ImportResult]):
    """`imported` carries the ImportResult when something was read."""

    object_name, title = "import_facilities_dialog", N_("导入部件")
    columns = PREVIEW_COLUMNS
    first_words = N_("选择 Excel、WPS 或 CSV 文件。先核对坐标系和列的对应关系,以后会记住。")

    def imports(self) -> FacilityImportService:
        """Sheets of facilities."""
        return self._context.desk.facility_import

    def mapping_form(self) -> FacilityMappingForm:
        """Fields of a facility."""
        return FacilityMappingForm()
