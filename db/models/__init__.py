"""Every table of the local file (registration 2)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from app.domain.cases import CASE, CASE_STEP, PHOTO
from app.domain.decisions import DECISION
from app.domain.directory import REPLY_TEMPLATE, ROAD, UNIT, WORKER
from app.domain.line_tests import LINE_TEST
from app.domain.office import OFFICE, PERSON
from app.domain.reference_versions import REFERENCE_VERSION
from db.models import local, queue, sync
from db.models.cases import CASE_STEPS, CASES, PHOTOS
from db.models.office import OFFICES, PERSONS, REFERENCE_VERSIONS, REPLY_TEMPLATES, ROADS, UNITS, WORKERS
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
}

__all__ = ["TABLES", "local", "queue", "sync"]
