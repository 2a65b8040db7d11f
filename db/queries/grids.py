"""Grids and road pieces looked up along their indexes."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from sqlalchemy import Connection

from app.domain.grids import Grid, GridKind, RoadSegment
from db.engine import run
from db.tx import CODECS


def id_of_code(connection: Connection, kind: GridKind, code: str) -> UUID | None:
    """The grid in use of that kind and code; of several that two desks made, the oldest."""
    sql = "SELECT id FROM grids WHERE kind = ? AND code = ? AND active ORDER BY rid LIMIT 1"
    row = run(connection, sql, (str(kind), code)).fetchone()
    return None if row is None else UUID(bytes=row[0])


def grids_of_member(connection: Connection, member_id: UUID) -> list[Grid]:
    """Grids in use a member owns, by code; grids are few enough to be read along."""
    codec = CODECS["grid"]
    rows = run(connection, f"{codec.select_sql} WHERE member_id = ? AND active ORDER BY kind, code", (member_id.bytes,))
    return [cast(Grid, codec.decode(row)) for row in rows]


def segments_of(connection: Connection, road_id: UUID) -> list[RoadSegment]:
    """The pieces of a road in use, in order of entry."""
    codec = CODECS["road_segment"]
    rows = run(connection, f"{codec.select_sql} WHERE road_id = ? AND active ORDER BY rid", (road_id.bytes,))
    return [cast(RoadSegment, codec.decode(row)) for row in rows]
