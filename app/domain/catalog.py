"""Every record type the program and the city know (registration 1)."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.attendance import ATTENDANCE, ROLL_CALL, TRACK
from app.domain.cases import CASE, CASE_STEP, PHOTO
from app.domain.checklists import CHECKLIST_TEMPLATE
from app.domain.decisions import DECISION
from app.domain.directory import REPLY_TEMPLATE, ROAD, UNIT, WORKER
from app.domain.facilities import FACILITY, FACILITY_EVENT
from app.domain.findings import FIELD_TASK, FINDING
from app.domain.grids import GRID, ROAD_SEGMENT
from app.domain.inspections import DRAW, ENTERPRISE, INSPECTION, OFFICER
from app.domain.line_tests import LINE_TEST
from app.domain.office import OFFICE, PERSON
from app.domain.patrols import CHECK_RESULT, PATROL_PLAN, PATROL_ROUND
from app.domain.records import Record, RecordType
from app.domain.reference_versions import REFERENCE_VERSION

RECORD_TYPES: tuple[RecordType, ...] = (
    OFFICE,
    PERSON,
    UNIT,
    ROAD,
    WORKER,
    REPLY_TEMPLATE,
    REFERENCE_VERSION,
    CASE,
    CASE_STEP,
    PHOTO,
    DECISION,
    LINE_TEST,
    GRID,
    ROAD_SEGMENT,
    CHECKLIST_TEMPLATE,
    PATROL_PLAN,
    PATROL_ROUND,
    CHECK_RESULT,
    FINDING,
    FIELD_TASK,
    ATTENDANCE,
    ROLL_CALL,
    TRACK,
    FACILITY,
    FACILITY_EVENT,
    ENTERPRISE,
    OFFICER,
    INSPECTION,
    DRAW,
)

TYPE_OF: Mapping[type[Record], RecordType] = {kind.record: kind for kind in RECORD_TYPES}
TYPE_NAMED: Mapping[str, RecordType] = {kind.name: kind for kind in RECORD_TYPES}
