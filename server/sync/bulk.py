"""Sets of rows in few statements: one array of identities instead of many parameters, COPY where it is faster."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Column, ColumnElement, Connection, Table, Uuid, any_, insert, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

Row = Mapping[str, Any]
COPY_FROM_ROWS = 20


def among(connection: Connection, column: Column[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    """`column` is one of `ids`; one parameter on PostgreSQL, however many there are."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(ids), postgresql.ARRAY(Uuid)))
    return column.in_(list(ids))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns. A key that exists is an error, as it must be."""
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) >= COPY_FROM_ROWS:
        _copy(connection, table, rows)
    else:
        connection.execute(insert(table), list(rows))


def replace_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows over those with the same primary key."""
    if not rows:
        return
    make = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    keys = [column.name for column in table.primary_key]
    others = {name: make.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(make.on_conflict_do_update(index_elements=keys, set_=others), list(rows))


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    names = tuple(rows[0])
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    sql = _copy_sql(table.name, names)
    try:
        with raw.cursor() as cursor, cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))
    except psycopg.Error as error:
        # As SQLAlchemy would have raised it, so that a key made meanwhile is tried again like any other.
        raise DBAPIError(sql, None, error) from error


@cache
def _copy_sql(table: str, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f'COPY "{table}" ({columns}) FROM STDIN'
