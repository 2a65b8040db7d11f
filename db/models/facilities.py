"""Tables of facilities and what happened to them; of enterprises, officers, inspections and draws."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Text

from app.domain.inspections import DrawPick, Exclusion, InspectionItem
from db.base import record_table
from db.types import Day, Json, Typed, Uid, UtcTime, Word

FACILITIES = record_table(
    "facilities",
    Column("code", String, nullable=False),
    Column("house_number", String, nullable=False),
    Column("name", String, nullable=False),
    Column("scheme", String, nullable=False),
    Column("major", String, nullable=False),
    Column("minor", String, nullable=False),
    Column("major_name", String, nullable=False),
    Column("minor_name", String, nullable=False),
    Column("group", String, nullable=False),
    Column("state", Word, nullable=False),
    Column("lit", Boolean),
    Column("main_road", Boolean),
    Column("authority", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("maintainer", String, nullable=False),
    Column("street_code", String, nullable=False),
    Column("street_name", String, nullable=False),
    Column("community_code", String, nullable=False),
    Column("community_name", String, nullable=False),
    Column("unit_grid", String, nullable=False),
    Column("duty_grid", String, nullable=False),
    Column("road", String, nullable=False),
    Column("address", String, nullable=False),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("point_source", Json, nullable=False),
    Column("accuracy", String, nullable=False),
    Column("installed_on", Day),
    Column("surveyed_on", Day),
    Column("seen_at", UtcTime),
    Column("attributes", Json, nullable=False),
    Column("source", String, nullable=False),
    Column("source_no", String, nullable=False),
    Column("note", String, nullable=False),
    Index("ix_facilities_code", "code"),
    Index("ix_facilities_group_street", "group", "street_code", "state"),
    Index("ix_facilities_minor_street", "minor", "major", "street_code", "state"),
    Index("ix_facilities_street_state", "street_code", "state"),
    Index("ix_facilities_state", "state"),
    Index("ix_facilities_group_code", "group", "code"),
    Index("ix_facilities_seen", "seen_at"),
    Index("ix_facilities_point", "longitude", "latitude"),
    Index("ix_facilities_source_no", "source_no", "source"),
)
Index("ix_facilities_house_number", FACILITIES.c.house_number, sqlite_where=FACILITIES.c.house_number != "")

FACILITY_EVENTS = record_table(
    "facility_events",
    Column("parent", Uid, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("action", String, nullable=False),
    Column("from_state", Word),
    Column("to_state", Word),
    Column("lit", Boolean),
    Column("round_id", Uid),
    Column("case_id", Uid),
    Column("actor_name", String, nullable=False),
    Column("note", String, nullable=False),
    Index("ix_facility_events_parent", "parent", "at"),
)

ENTERPRISES = record_table(
    "enterprises",
    Column("name", String, nullable=False),
    Column("credit_code", String, nullable=False),
    Column("category", String, nullable=False),
    Column("risk", String, nullable=False),
    Column("street_code", String, nullable=False),
    Column("street_name", String, nullable=False),
    Column("address", String, nullable=False),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("yearly_cap", Integer),
    Column("active", Boolean, nullable=False),
    Index("ix_enterprises_name", "name"),
    Index("ix_enterprises_credit_code", "credit_code"),
)

OFFICERS = record_table(
    "officers",
    Column("name", String, nullable=False),
    Column("unit_name", String, nullable=False),
    Column("certificate_no", String, nullable=False),
    Column("valid_from", Day),
    Column("valid_until", Day),
    Column("active", Boolean, nullable=False),
)

INSPECTIONS = record_table(
    "inspections",
    Column("number", String, nullable=False),
    Column("enterprise_id", Uid, nullable=False),
    Column("enterprise_name", String, nullable=False),
    Column("basis", Word, nullable=False),
    Column("exempt_reason", String, nullable=False),
    Column("state", Word, nullable=False),
    Column("matter", String, nullable=False),
    Column("units", Typed(tuple[str, ...]), nullable=False),
    Column("officer_ids", Typed(tuple[UUID, ...]), nullable=False),
    Column("officer_words", Typed(tuple[str, ...]), nullable=False),
    Column("items", Typed(tuple[InspectionItem, ...]), nullable=False),
    Column("planned_on", Day, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("approved_at", UtcTime),
    Column("notice_no", String, nullable=False),
    Column("noticed_at", UtcTime),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("result", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("draw_id", Uid),
    Column("drafter_id", Uid),
    Column("drafter_name", String, nullable=False),
    Column("case_id", Uid),
    Column("case_no", String, nullable=False),
    Index("ix_inspections_number", "number"),
    Index("ix_inspections_draw", "draw_id"),
    Index("ix_inspections_enterprise", "enterprise_id", "planned_on"),
    Index("ix_inspections_planned", "planned_on"),
    Index("ix_inspections_state", "state", "planned_on"),
)

DRAWS = record_table(
    "draws",
    Column("number", String, nullable=False),
    Column("drawn_at", UtcTime, nullable=False),
    Column("seed", String, nullable=False),
    Column("method", String, nullable=False),
    Column("enterprises", Typed(tuple[UUID, ...]), nullable=False),
    Column("officers", Typed(tuple[UUID, ...]), nullable=False),
    Column("weights", Typed(tuple[int, ...]), nullable=False),
    Column("officer_units", Typed(tuple[str, ...]), nullable=False),
    Column("exclusions", Typed(tuple[Exclusion, ...]), nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("picks", Typed(tuple[DrawPick, ...]), nullable=False),
    Column("note", String, nullable=False),
    Index("ix_draws_drawn", "drawn_at"),
)
