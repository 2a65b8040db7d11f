"""Sets of rows in few statements: COPY where it is faster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Connection, Table, Update, bindparam, update
from sqlalchemy.exc import DBAPIError

from server.statements import Said, Statement, insertion
from server.tables import RECORD

Row = Mapping[str, Any]
COPY_FROM_ROWS = 20


def left_to_say(connection: Connection, table: Table, rows: Sequence[Row]) -> Said:
    """Insert rows that tell every column now where COPY is faster; else what inserts them, to be said together with others.

    A key that exists is an error, as it must be.
    """
    if _is_copied(connection, rows):
        _copy(connection, table, rows)
        rows = []
    return _insertion(table), rows


def changed_rows(rows: Sequence[Row]) -> Said:
    """What writes records that are there over."""
    return _CHANGED, [{**row, "which": row["id"]} for row in rows]


def _changed(_postgres: bool) -> Update:
    names = [column.name for column in RECORD.columns if column.name != "id"]
    values = {name: bindparam(name, type_=RECORD.c[name].type) for name in names}
    return update(RECORD).where(RECORD.c.id == bindparam("which", type_=RECORD.c.id.type)).values(values)


_CHANGED = Statement(_changed)


def _is_copied(connection: Connection, rows: Sequence[Row]) -> bool:
    return connection.dialect.name == "postgresql" and len(rows) >= COPY_FROM_ROWS


@cache
def _insertion(table: Table) -> Statement:
    return insertion(table)


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
