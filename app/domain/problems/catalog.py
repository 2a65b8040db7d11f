"""All problem codes in one mapping; each area keeps its own file beside this one."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.accounts import ACCOUNT_PROBLEMS
from app.domain.problems.cases import CASE_PROBLEMS
from app.domain.problems.city import CITY_PROBLEMS
from app.domain.problems.entry import ProblemEntry
from app.domain.problems.facilities import FACILITY_PROBLEMS
from app.domain.problems.files import FILE_PROBLEMS
from app.domain.problems.findings import FINDING_PROBLEMS
from app.domain.problems.grids import GRID_PROBLEMS
from app.domain.problems.inspections import INSPECTION_PROBLEMS
from app.domain.problems.maps import MAP_PROBLEMS
from app.domain.problems.patrols import PATROL_PROBLEMS
from app.domain.problems.reference import REFERENCE_PROBLEMS
from app.domain.problems.sheets import SHEET_PROBLEMS
from app.domain.problems.store import STORE_PROBLEMS
from app.domain.problems.sync import SYNC_PROBLEMS
from app.domain.problems.terms import TERM_PROBLEMS
from app.domain.problems.traces import TRACE_PROBLEMS
from app.domain.problems.violations import VIOLATION_PROBLEMS

PROBLEMS: Mapping[str, ProblemEntry] = {
    **ACCOUNT_PROBLEMS,
    **CASE_PROBLEMS,
    **CITY_PROBLEMS,
    **FILE_PROBLEMS,
    **GRID_PROBLEMS,
    **PATROL_PROBLEMS,
    **FINDING_PROBLEMS,
    **TRACE_PROBLEMS,
    **FACILITY_PROBLEMS,
    **INSPECTION_PROBLEMS,
    **MAP_PROBLEMS,
    **REFERENCE_PROBLEMS,
    **SHEET_PROBLEMS,
    **STORE_PROBLEMS,
    **SYNC_PROBLEMS,
    **TERM_PROBLEMS,
    **VIOLATION_PROBLEMS,
}
