"""Importing facilities from a sheet: the import of cases with the columns, systems and registers of facilities."""

from __future__ import annotations

from typing import Any

from app.base.words import N_, _
from app.domain.problems import Problem
from ui.dialogs.import_cases import ImportCases
from ui.pages.facilities.import_lines import PREVIEW_COLUMNS
from ui.pages.facilities.import_mapping import FacilityMappingForm


class ImportFacilities(ImportCases):
    """`imported` carries the ImportResult when something was read."""

    object_name, title = "import_facilities_dialog", N_("导入部件")
    columns = PREVIEW_COLUMNS
    first_words = N_("选择 Excel、WPS 或 CSV 文件。先核对坐标系和列的对应关系,以后会记住。")

    def _imports(self) -> Any:
        return self._context.desk.facility_import

    def _mapping_form(self) -> Any:
        return FacilityMappingForm()

    def _is_taken(self, outcome: Any) -> bool:
        return outcome.facility is not None

    def _ask_about(self, problem: Problem) -> None:
        if problem.code == "facility.columns_swapped":
            self.mapping.offer_swap(_("两列里的值像是互换了,勾选这里就对调"))
