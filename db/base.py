"""Tables of records: one column per field, and an internal row number in front."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, Table

from db.types import Json, Uid, UtcTime

METADATA = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


def record_table(name: str, *columns: Column[Any] | Index) -> Table:
    """The table of one record type (see `db.models.TABLES`): `rid` in front, the common fields, then `columns`."""
    return Table(
        name,
        METADATA,
        Column("rid", Integer, primary_key=True),
        Column("id", Uid, nullable=False, unique=True),
        Column("version", Integer, nullable=False),
        Column("created_at", UtcTime, nullable=False),
        Column("changed_at", UtcTime, nullable=False),
        Column("extra", Json, nullable=False),
        *columns,
    )
