"""Every table of the local file (registration 2)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

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
from app.domain.reference_versions import REFERENCE_VERSION
from db.models import local, queue, sync
from db.models.cases import CASE_STEPS, CASES, PHOTOS
from db.models.facilities import DRAWS, ENTERPRISES, FACILITIES, FACILITY_EVENTS, INSPECTIONS, OFFICERS
from db.models.office import OFFICES, PERSONS, REFERENCE_VERSIONS, REPLY_TEMPLATES, ROADS, UNITS, WORKERS
from db.models.patrols import (
    ATTENDANCES,
    CHECK_RESULTS,
    CHECKLIST_TEMPLATES,
    FIELD_TASKS,
    FINDINGS,
    GRIDS,
    PATROL_PLANS,
    PATROL_ROUNDS,
    ROAD_SEGMENTS,
    ROLL_CALLS,
    TRACKS,
)
from db.models.sync import DECISIONS, LINE_TESTS

TABLES: Mapping[str, Table] = {
    OFFICE.name: OFFICES,
    PERSON.name: PERSONS,
    UNIT.name: UNITS,
    ROAD.name: ROADS,
    WORKER.name: WORKERS,
    REPLY_TEMPLATE.name: REPLY_TEMPLATES,
    REFERENCE_VERSION.name: REFERENCE_VERSIONS,
    CASE.name: CASES,
    CASE_STEP.name: CASE_STEPS,
    PHOTO.name: PHOTOS,
    DECISION.name: DECISIONS,
    LINE_TEST.name: LINE_TESTS,
    GRID.name: GRIDS,
    ROAD_SEGMENT.name: ROAD_SEGMENTS,
    CHECKLIST_TEMPLATE.name: CHECKLIST_TEMPLATES,
    PATROL_PLAN.name: PATROL_PLANS,
    PATROL_ROUND.name: PATROL_ROUNDS,
    CHECK_RESULT.name: CHECK_RESULTS,
    FINDING.name: FINDINGS,
    FIELD_TASK.name: FIELD_TASKS,
    ATTENDANCE.name: ATTENDANCES,
    ROLL_CALL.name: ROLL_CALLS,
    TRACK.name: TRACKS,
    FACILITY.name: FACILITIES,
    FACILITY_EVENT.name: FACILITY_EVENTS,
    ENTERPRISE.name: ENTERPRISES,
    OFFICER.name: OFFICERS,
    INSPECTION.name: INSPECTIONS,
    DRAW.name: DRAWS,
}

__all__ = ["TABLES", "local", "queue", "sync"]
