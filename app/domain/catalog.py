"""Every record type the program and the city know (registration 1)."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.cases import CASE, CASE_STEP, PHOTO
from app.domain.decisions import DECISION
from app.domain.directory import REPLY_TEMPLATE, ROAD, UNIT, WORKER
from app.domain.line_tests import LINE_TEST
from app.domain.office import OFFICE, PERSON
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
)

TYPE_OF: Mapping[type[Record], RecordType] = {kind.record: kind for kind in RECORD_TYPES}
TYPE_NAMED: Mapping[str, RecordType] = {kind.name: kind for kind in RECORD_TYPES}
