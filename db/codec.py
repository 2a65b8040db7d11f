"""Records to rows and back with the column types' own processors, without building statements anew each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

from app.domain.records import Record, RecordType

_DIALECT = sqlite.dialect()
Processor = Callable[[Any], Any] | None


class TableCodec:
    """Fixed SQL and value processors of one record table."""

    def __init__(self, kind: RecordType, table: Table) -> None:
        self.table = table
        self.kind = kind
        columns = [column for column in table.columns if column.name != "rid"]
        self.names = tuple(column.name for column in columns)
        self._binds: dict[str, Processor] = {
            c.name: c.type.dialect_impl(_DIALECT).bind_processor(_DIALECT) for c in columns
        }
        self._results: list[Processor] = [
            c.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for c in columns
        ]
        listed = ", ".join(f'"{name}"' for name in self.names)
        marks = ", ".join("?" * len(self.names))
        self.insert_sql = f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})'
        self.select_sql = f'SELECT rid, {listed} FROM "{table.name}"'

    def encode(self, record: Record, names: Iterable[str] | None = None) -> tuple[Any, ...]:
        """Column values in the order of `names` (all columns when None)."""
        values = record.__dict__
        return tuple(self._bind(name, values[name]) for name in (self.names if names is None else names))

    def _bind(self, name: str, value: Any) -> Any:
        processor = self._binds[name]
        return value if processor is None else processor(value)

    def decode(self, row: Sequence[Any]) -> Record:
        """The record of a row selected by `select_sql`."""
        values = {
            name: value if processor is None else processor(value)
            for name, value, processor in zip(self.names, row[1:], self._results, strict=True)
        }
        return self.kind.record.model_validate(values)

    def insert(self, connection: Connection, record: Record) -> int:
        """Write a new row; gives its rid."""
        return int(connection.exec_driver_sql(self.insert_sql, self.encode(record)).lastrowid)

    def insert_many(self, connection: Connection, records: Sequence[Record]) -> None:
        """Write many new rows with one prepared statement."""
        connection.exec_driver_sql(self.insert_sql, [self.encode(record) for record in records])

    def update(self, connection: Connection, record: Record, names: Sequence[str]) -> None:
        """Write the named columns of an existing row."""
        sets = ", ".join(f'"{name}" = ?' for name in names)
        sql = f'UPDATE "{self.table.name}" SET {sets} WHERE id = ?'
        connection.exec_driver_sql(sql, (*self.encode(record, names), record.id.bytes))

    def find(self, connection: Connection, record_id: bytes) -> tuple[int, Record] | None:
        """(rid, record) of an identity, or None."""
        row = connection.exec_driver_sql(f"{self.select_sql} WHERE id = ?", (record_id,)).first()
        return None if row is None else (row[0], self.decode(row))
