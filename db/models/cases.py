"""Tables of cases, their steps and photos."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Text, text

from app.domain.deadlines import Limit, StageClock
from db.base import record_table
from db.types import Json, Typed, Uid, UtcTime, Word

_OPEN = text("stage NOT IN ('closed', 'void')")

CASES = record_table(
    "cases",
    Column("local_no", String, nullable=False),
    Column("city_no", String, nullable=False),
    Column("source", String, nullable=False),
    Column("source_system", String, nullable=False),
    Column("source_no", String, nullable=False),
    Column("reporter_name", String, nullable=False),
    Column("reporter_phone", String, nullable=False),
    Column("scheme", String, nullable=False),
    Column("kind", Word),
    Column("major", String, nullable=False),
    Column("minor", String, nullable=False),
    Column("major_name", String, nullable=False),
    Column("minor_name", String, nullable=False),
    Column("category_text", String, nullable=False),
    Column("standards_version", String, nullable=False),
    Column("condition_no", Integer),
    Column("condition", Text, nullable=False),
    Column("closing", Text, nullable=False),
    Column("limit", Typed(Limit)),
    Column("street_code", String, nullable=False),
    Column("street_name", String, nullable=False),
    Column("community_code", String, nullable=False),
    Column("community_name", String, nullable=False),
    Column("road", String, nullable=False),
    Column("house_no", String, nullable=False),
    Column("near", String, nullable=False),
    Column("address", String, nullable=False),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("point_source", Json, nullable=False),
    Column("unit_grid", String, nullable=False),
    Column("duty_grid", String, nullable=False),
    Column("governance_grid", String, nullable=False),
    Column("facility_id", Uid),
    Column("description", Text, nullable=False),
    Column("reported_at", UtcTime, nullable=False),
    Column("stage", Word, nullable=False),
    Column("stage_before", Word),
    Column("stage_at", UtcTime, nullable=False),
    Column("flow_version", String, nullable=False),
    Column("acceptor_id", Uid),
    Column("acceptor_name", String, nullable=False),
    Column("collector_name", String, nullable=False),
    Column("unit_id", Uid),
    Column("unit_name", String, nullable=False),
    Column("handler_name", String, nullable=False),
    Column("clocks", Typed(tuple[StageClock, ...]), nullable=False),
    Column("clock", String, nullable=False),
    Column("due_at", UtcTime),
    Column("warn_at", UtcTime),
    Column("due_gap_year", Integer),
    Column("suspended_until", UtcTime),
    Column("suspend_count", Integer, nullable=False),
    Column("handled_late", Boolean, nullable=False),
    Column("appeal", Word, nullable=False),
    Column("supervise", Word, nullable=False),
    Column("rework_count", Integer, nullable=False),
    Column("check_result", String, nullable=False),
    Column("self_handled", Boolean, nullable=False),
    Column("city_level", Boolean, nullable=False),
    Column("closed_at", UtcTime),
    Column("linked_case_id", Uid),
    Index("ix_cases_number", "local_no"),
    Index("ix_cases_reported", "reported_at"),
    Index("ix_cases_stage_reported", "stage", "reported_at"),
    Index("ix_cases_street_reported", "street_code", "reported_at"),
    Index("ix_cases_acceptor_reported", "acceptor_id", "reported_at"),
    Index("ix_cases_category_reported", "minor", "major", "kind", "reported_at"),
    Index("ix_cases_source_reported", "source", "reported_at"),
    Index("ix_cases_changed", "changed_at"),
)
# Open cases are few beside a year's archive: partial indexes stay small and are what the lights read.
Index("ix_cases_due", CASES.c.due_at, sqlite_where=CASES.c.due_at.is_not(None))
Index("ix_cases_stage_due", CASES.c.stage, CASES.c.due_at, sqlite_where=CASES.c.due_at.is_not(None))
Index("ix_cases_open_changed", CASES.c.stage, CASES.c.changed_at, sqlite_where=_OPEN)
Index("ix_cases_open_number", CASES.c.stage, CASES.c.local_no, sqlite_where=_OPEN)
Index(
    "ix_cases_open_no_clock",
    CASES.c.stage,
    CASES.c.reported_at,
    sqlite_where=text("due_at IS NULL AND stage NOT IN ('closed', 'void')"),
)
Index("ix_cases_unit_reported", CASES.c.unit_id, CASES.c.reported_at, sqlite_where=CASES.c.unit_id.is_not(None))
Index("ix_cases_suspended", CASES.c.suspended_until, sqlite_where=CASES.c.suspended_until.is_not(None))
# Holds all that the figures of a month and a list by closing time ask, so that neither touches the table.
Index(
    "ix_cases_closed",
    CASES.c.closed_at,
    CASES.c.stage,
    CASES.c.handled_late,
    CASES.c.reported_at,
    sqlite_where=CASES.c.closed_at.is_not(None),
)
Index("ix_cases_facility", CASES.c.facility_id, sqlite_where=CASES.c.facility_id.is_not(None))
Index("ix_cases_city_no", CASES.c.city_no, sqlite_where=CASES.c.city_no != "")
# Not unique: two offices may take in the same outside number while neither has a line; a person links them then.
Index("ix_cases_source_no", CASES.c.source_no, CASES.c.source_system, sqlite_where=CASES.c.source_no != "")
# Few rows: what finds, among the cases made of findings, one that another PC made of the same finding.
Index(
    "ix_cases_of_findings",
    CASES.c.source_no,
    sqlite_where=text("source_system = 'finding' AND stage NOT IN ('closed', 'void')"),
)

CASE_STEPS = record_table(
    "case_steps",
    Column("parent", Uid, nullable=False),
    Column("action", String, nullable=False),
    Column("from_stage", Word),
    Column("to_stage", Word, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor_id", Uid, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("on_behalf_of", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("inputs", Json, nullable=False),
    Index("ix_case_steps_parent", "parent", "at"),
)

PHOTOS = record_table(
    "photos",
    Column("parent", Uid, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("phase", Word, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("taken_at", UtcTime),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("warning", String, nullable=False),
    Index("ix_photos_parent", "parent"),
    Index("ix_photos_sha256", "sha256"),
)
