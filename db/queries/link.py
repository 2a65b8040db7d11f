"""The one row that says how this PC is linked with the city, and beside it the keys of an identity not answered yet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Connection

from db.engine import run
from db.models.sync import CITY_LINK
from db.types import Stored

LINKED = 1
ASKED = 2
"""Keys made for an enrolment or renewal whose answer has not come: asked again, the same ones are offered."""

_COLUMNS = [column for column in CITY_LINK.columns if column.name != "id"]
_LISTED = ", ".join(f'"{column.name}"' for column in _COLUMNS)


def _encode(column: Column[Any], value: Any) -> Any:
    return column.type.encode(value) if isinstance(column.type, Stored) else value


def _decode(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, Stored):
        return column.type.decode(value)
    return bool(value) if isinstance(column.type, Boolean) else value


def find(connection: Connection, place: int = LINKED) -> dict[str, Any] | None:
    """The row by column name, or None."""
    row = run(connection, f"SELECT {_LISTED} FROM city_link WHERE id = ?", (place,)).fetchone()
    if row is None:
        return None
    return {column.name: _decode(column, value) for column, value in zip(_COLUMNS, row, strict=True)}


def put(connection: Connection, values: dict[str, Any], place: int = LINKED) -> None:
    """Write the row in place of the one before."""
    stored = [_encode(column, values[column.name]) for column in _COLUMNS]
    marks = ", ".join("?" * (len(stored) + 1))
    run(connection, f"INSERT OR REPLACE INTO city_link(id, {_LISTED}) VALUES ({marks})", (place, *stored))


def remove(connection: Connection, place: int) -> None:
    """Forget the row."""
    run(connection, "DELETE FROM city_link WHERE id = ?", (place,))


def next_counter(connection: Connection, place: int = LINKED) -> int | None:
    """The request counter, one higher than ever before; None without a link."""
    sql = "UPDATE city_link SET counter = counter + 1 WHERE id = ? RETURNING counter"
    row = run(connection, sql, (place,)).fetchone()
    return None if row is None else int(row[0])
