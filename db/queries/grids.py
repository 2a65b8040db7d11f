"""Grids and road pieces looked up along their indexes."""

from __future__ import annotations

from collections.abc import Iterator
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


def ids_by_code(connection: Connection) -> dict[tuple[GridKind, str], UUID]:
    """(kind, code) -> the grid in use, without reading any boundary; of several of one code, the oldest."""
    rows = run(connection, "SELECT kind, code, id FROM grids WHERE active ORDER BY rid DESC")
    return {(GridKind(row[0]), row[1]): UUID(bytes=row[2]) for row in rows}


def grids_of_kind(connection: Connection, kind: GridKind) -> Iterator[Grid]:
    """Grids in use of one kind, one after the other, so that their boundaries need not be in memory together."""
    codec = CODECS["grid"]
    for row in run(connection, f"{codec.select_sql} WHERE kind = ? AND active ORDER BY code", (str(kind),)):
        yield cast(Grid, codec.decode(row))


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
