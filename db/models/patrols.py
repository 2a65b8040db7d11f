"""Tables of grids, patrols and what they find: grids, checklists, plans, rounds, results, findings, tasks, traces."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Text

from app.domain.attendance import RollAnswer
from app.domain.checklists import ChecklistItem
from app.domain.grids import Boundary, Line
from app.domain.patrols import CheckPoint, Frequency, ItemAnswer
from db.base import record_table
from db.types import Day, Json, Typed, Uid, UtcTime, Word

GRIDS = record_table(
    "grids",
    Column("kind", Word, nullable=False),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("street_code", String, nullable=False),
    Column("community_code", String, nullable=False),
    Column("boundary", Typed(Boundary), nullable=False),
    Column("source_system", Word),
    Column("unit_codes", Typed(tuple[str, ...]), nullable=False),
    Column("member_id", Uid),
    Column("land_use", String, nullable=False),
    Column("level", String, nullable=False),
    Column("area_m2", Float),
    Column("note", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Index("ix_grids_code", "kind", "code"),
)

ROAD_SEGMENTS = record_table(
    "road_segments",
    Column("road_id", Uid, nullable=False),
    Column("name", String, nullable=False),
    Column("from_place", String, nullable=False),
    Column("to_place", String, nullable=False),
    Column("street_code", String, nullable=False),
    Column("chief", String, nullable=False),
    Column("lines", Typed(tuple[Line, ...]), nullable=False),
    Column("active", Boolean, nullable=False),
    Index("ix_road_segments_road", "road_id"),
)

CHECKLIST_TEMPLATES = record_table(
    "checklist_templates",
    Column("family", Uid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("programme", Word, nullable=False),
    Column("items", Typed(tuple[ChecklistItem, ...]), nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("note", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Index("ix_checklist_templates_family", "family", "number"),
)

PATROL_PLANS = record_table(
    "patrol_plans",
    Column("name", String, nullable=False),
    Column("kind", Word, nullable=False),
    Column("grid_id", Uid),
    Column("road_id", Uid),
    Column("street_code", String, nullable=False),
    Column("member_id", Uid),
    Column("template_id", Uid),
    Column("frequency", Typed(Frequency), nullable=False),
    Column("shift_start", Typed(time), nullable=False),
    Column("shift_end", Typed(time), nullable=False),
    Column("points", Typed(tuple[CheckPoint, ...]), nullable=False),
    Column("units", Typed(tuple[str, ...]), nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("valid_until", Day),
    Column("note", String, nullable=False),
    Column("active", Boolean, nullable=False),
)

PATROL_ROUNDS = record_table(
    "patrol_rounds",
    Column("number", String, nullable=False),
    Column("plan_id", Uid),
    Column("kind", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("programme", Word, nullable=False),
    Column("day", Day, nullable=False),
    Column("shift_start", Typed(time)),
    Column("shift_end", Typed(time)),
    Column("member_id", Uid),
    Column("member_name", String, nullable=False),
    Column("grid_id", Uid),
    Column("grid_code", String, nullable=False),
    Column("street_code", String, nullable=False),
    Column("street_name", String, nullable=False),
    Column("road", String, nullable=False),
    Column("template_id", Uid),
    Column("template_name", String, nullable=False),
    Column("points", Typed(tuple[CheckPoint, ...]), nullable=False),
    Column("units", Typed(tuple[str, ...]), nullable=False),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("points_total", Integer, nullable=False),
    Column("points_checked", Integer, nullable=False),
    Column("finding_count", Integer, nullable=False),
    Column("distance_m", Float),
    Column("in_grid_s", Integer),
    Column("gap_s", Integer),
    Column("cancel_reason", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("source_system", String, nullable=False),
    Column("source_no", String, nullable=False),
    Index("ix_patrol_rounds_day", "day"),
    Index("ix_patrol_rounds_state_day", "state", "day"),
    Index("ix_patrol_rounds_member_day", "member_id", "day"),
    # Holds all that the coverage of a month asks, so that it does not touch the table.
    Index(
        "ix_patrol_rounds_grid_day",
        "grid_code",
        "day",
        "state",
        "street_code",
        "points_total",
        "points_checked",
        "finding_count",
        "distance_m",
    ),
    Index("ix_patrol_rounds_plan_day", "plan_id", "day"),
    Index("ix_patrol_rounds_number", "number"),
    Index("ix_patrol_rounds_source_no", "source_no", "source_system"),
)

CHECK_RESULTS = record_table(
    "check_results",
    Column("parent", Uid, nullable=False),
    Column("point_no", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("facility_id", Uid),
    Column("grade", Word, nullable=False),
    Column("answers", Typed(tuple[ItemAnswer, ...]), nullable=False),
    Column("at", UtcTime),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("note", String, nullable=False),
    Index("ix_check_results_parent", "parent", "point_no"),
)
Index(
    "ix_check_results_facility",
    CHECK_RESULTS.c.facility_id,
    CHECK_RESULTS.c.at,
    sqlite_where=CHECK_RESULTS.c.facility_id.is_not(None),
)

FINDINGS = record_table(
    "findings",
    Column("number", String, nullable=False),
    Column("round_id", Uid),
    Column("point_no", Integer),
    Column("item_code", String, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("member_id", Uid),
    Column("member_name", String, nullable=False),
    Column("facility_id", Uid),
    Column("scheme", String, nullable=False),
    Column("kind", Word),
    Column("major", String, nullable=False),
    Column("minor", String, nullable=False),
    Column("minor_name", String, nullable=False),
    Column("category_text", String, nullable=False),
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
    Column("description", Text, nullable=False),
    Column("state", Word, nullable=False),
    Column("case_id", Uid),
    Column("case_no", String, nullable=False),
    Column("watch_until", Day),
    Column("settled_at", UtcTime),
    Column("outcome_note", String, nullable=False),
    Column("source_system", String, nullable=False),
    Column("source_no", String, nullable=False),
    Index("ix_findings_found", "found_at"),
    Index("ix_findings_state_found", "state", "found_at"),
    Index("ix_findings_round", "round_id"),
    Index("ix_findings_member_found", "member_id", "found_at"),
    Index("ix_findings_source_no", "source_no", "source_system"),
)
Index("ix_findings_case", FINDINGS.c.case_id, sqlite_where=FINDINGS.c.case_id.is_not(None))
Index("ix_findings_facility", FINDINGS.c.facility_id, sqlite_where=FINDINGS.c.facility_id.is_not(None))
Index("ix_findings_watch", FINDINGS.c.watch_until, sqlite_where=FINDINGS.c.watch_until.is_not(None))

FIELD_TASKS = record_table(
    "field_tasks",
    Column("number", String, nullable=False),
    Column("case_id", Uid, nullable=False),
    Column("case_no", String, nullable=False),
    Column("kind", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("member_id", Uid),
    Column("member_name", String, nullable=False),
    Column("chosen_by", Word, nullable=False),
    Column("distance_m", Float),
    Column("street_code", String, nullable=False),
    Column("duty_grid", String, nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("warn_at", UtcTime),
    Column("handed_at", UtcTime),
    Column("done_at", UtcTime),
    Column("result", String, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_field_tasks_case", "case_id"),
    Index("ix_field_tasks_state_issued", "state", "issued_at"),
    Index("ix_field_tasks_member_issued", "member_id", "issued_at"),
)

ATTENDANCES = record_table(
    "attendances",
    Column("member_id", Uid, nullable=False),
    Column("member_name", String, nullable=False),
    Column("day", Day, nullable=False),
    Column("state", Word, nullable=False),
    Column("shift_start", Typed(time)),
    Column("shift_end", Typed(time)),
    Column("clock_in", UtcTime),
    Column("clock_out", UtcTime),
    Column("source", String, nullable=False),
    Column("note", String, nullable=False),
    Index("ix_attendances_day", "day", "member_id"),
)

ROLL_CALLS = record_table(
    "roll_calls",
    Column("number", String, nullable=False),
    Column("called_at", UtcTime, nullable=False),
    Column("seed", String, nullable=False),
    Column("pool", Typed(tuple[UUID, ...]), nullable=False),
    Column("answers", Typed(tuple[RollAnswer, ...]), nullable=False),
    Column("note", String, nullable=False),
    Index("ix_roll_calls_called", "called_at"),
)

TRACKS = record_table(
    "tracks",
    Column("member_id", Uid),
    Column("member_name", String, nullable=False),
    Column("round_id", Uid),
    Column("day", Day, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime, nullable=False),
    Column("source_name", String, nullable=False),
    Column("source_system", Word, nullable=False),
    Column("sha256", String, nullable=False),
    Column("points", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("dropped", Integer, nullable=False),
    Column("clock_shift_s", Integer, nullable=False),
    Column("distance_m", Float, nullable=False),
    Column("note", String, nullable=False),
    Index("ix_tracks_day", "day", "member_id"),
    Index("ix_tracks_round", "round_id"),
    Index("ix_tracks_sha256", "sha256"),
)
