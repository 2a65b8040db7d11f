"""Records to rows and back with the column types' own functions, without building statements anew each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Table

from app.domain.records import Record, RecordType
from db.engine import run, run_many
from db.types import Stored, Word

Change = Callable[[Any], Any]


class TableCodec:
    """Fixed SQL and value functions of one record table."""

    def __init__(self, kind: RecordType, table: Table) -> None:
        self.table = table
        self.kind = kind
        columns = [column for column in table.columns if column.name != "rid"]
        self.names = tuple(column.name for column in columns)
        self._values = itemgetter(*self.names)
        self._encode = [(at, encode) for at, column in enumerate(columns) if (encode := _encoder(column))]
        self._decode = [(at, decode) for at, column in enumerate(columns) if (decode := _decoder(column))]
        self._place = {name: at for at, name in enumerate(self.names)}
        listed = ", ".join(f'"{name}"' for name in self.names)
        marks = ", ".join("?" * len(self.names))
        self.insert_sql = f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})'
        self.select_sql = f'SELECT rid, {listed} FROM "{table.name}"'

    def encode(self, record: Record) -> list[Any]:
        """Values of all columns, as stored."""
        return _changed(self._values(record.__dict__), self._encode)

    def decode(self, row: Sequence[Any]) -> Record:
        """The record of a row selected by `select_sql`."""
        values = _changed(row[1:], self._decode)
        return self.kind.record.model_validate(dict(zip(self.names, values, strict=True)))

    def insert(self, connection: Connection, record: Record) -> int:
        """Write a new row; gives its rid."""
        return int(run(connection, self.insert_sql, self.encode(record)).lastrowid)

    def insert_many(self, connection: Connection, records: Sequence[Record]) -> None:
        """Write many new rows with one prepared statement."""
        run_many(connection, self.insert_sql, map(self.encode, records))

    def update(self, connection: Connection, record: Record, names: Sequence[str]) -> None:
        """Write the named columns of an existing row."""
        sets = ", ".join(f'"{name}" = ?' for name in names)
        sql = f'UPDATE "{self.table.name}" SET {sets} WHERE id = ?'
        stored = self.encode(record)
        run(connection, sql, (*(stored[self._place[name]] for name in names), record.id.bytes))

    def find(self, connection: Connection, record_id: bytes) -> tuple[int, Record] | None:
        """(rid, record) of an identity, or None."""
        row = run(connection, f"{self.select_sql} WHERE id = ?", (record_id,)).fetchone()
        return None if row is None else (row[0], self.decode(row))


def _encoder(column: Column[Any]) -> Change | None:
    if isinstance(column.type, Boolean):
        return int
    return column.type.encode if isinstance(column.type, Stored) else None


def _decoder(column: Column[Any]) -> Change | None:
    if isinstance(column.type, Boolean):
        return bool
    return column.type.decode if isinstance(column.type, Stored) and not isinstance(column.type, Word) else None


def _changed(values: Sequence[Any], changes: Sequence[tuple[int, Change]]) -> list[Any]:
    changed = list(values)
    for at, change in changes:
        if (value := changed[at]) is not None:
            changed[at] = change(value)
    return changed
