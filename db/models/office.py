"""Tables of the office, its persons, its lists and imported reference versions."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Text

from app.domain.directory import Certificate
from app.domain.grids import Line
from app.domain.permissions import OfficeRole
from db.base import record_table
from db.types import Day, Json, Typed, Uid, Word

OFFICES = record_table(
    "offices",
    Column("district_code", String, nullable=False),
    Column("district_name", String, nullable=False),
    Column("name", String, nullable=False),
    Column("mark", String, nullable=False),
    Column("pc_mark", String, nullable=False),
    Column("demonstration", Boolean, nullable=False),
    Column("scheme", String, nullable=False),
    Column("work_periods", Typed(tuple[tuple[time, time], ...]), nullable=False),
    Column("yellow_share", Float, nullable=False),
    Column("swap_verify_and_check", Boolean, nullable=False),
    Column("urge_switched_on", Boolean, nullable=False),
    Column("force_close_switched_on", Boolean, nullable=False),
    Column("duplicate_metres", Integer, nullable=False),
    Column("duplicate_hours", Integer, nullable=False),
    Column("print_shift_x_mm", Float, nullable=False),
    Column("print_shift_y_mm", Float, nullable=False),
)

PERSONS = record_table(
    "persons",
    Column("name", String, nullable=False),
    Column("login", String, nullable=False),
    Column("roles", Typed(tuple[OfficeRole, ...]), nullable=False),
    Column("active", Boolean, nullable=False),
)

UNITS = record_table(
    "units",
    Column("name", String, nullable=False),
    Column("code", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("active", Boolean, nullable=False),
)

ROADS = record_table(
    "roads",
    Column("name", String, nullable=False),
    Column("street_code", String, nullable=False),
    Column("chief", String, nullable=False),
    Column("level", String, nullable=False),
    Column("lines", Typed(tuple[Line, ...]), nullable=False),
    Column("active", Boolean, nullable=False),
    Index("ix_roads_name", "name"),
)

WORKERS = record_table(
    "workers",
    Column("name", String, nullable=False),
    Column("kind", Word, nullable=False),
    Column("unit_id", Uid),
    Column("phone", String, nullable=False),
    Column("number", String, nullable=False),
    Column("skills", Typed(tuple[str, ...]), nullable=False),
    Column("certificates", Typed(tuple[Certificate, ...]), nullable=False),
    Column("seconded_to", String, nullable=False),
    Column("seconded_from", Day),
    Column("seconded_until", Day),
    Column("active", Boolean, nullable=False),
    Index("ix_workers_kind", "kind", "name"),
)

REPLY_TEMPLATES = record_table(
    "reply_templates",
    Column("title", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("purpose", String, nullable=False),
    Column("active", Boolean, nullable=False),
)

REFERENCE_VERSIONS = record_table(
    "reference_versions",
    Column("table", Word, nullable=False),
    Column("scheme", String, nullable=False),
    Column("label", String, nullable=False),
    Column("valid_from", Typed(date), nullable=False),
    Column("source", String, nullable=False),
    Column("content", Json, nullable=False),
    Index("ix_reference_versions_table", "table", "valid_from"),
)
