"""Statements made once, at import: PostgreSQL gets several in one round trip, prepared; SQLite through SQLAlchemy."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Column, ColumnElement, Connection, Executable, Table, Uuid, any_, bindparam, insert
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from server import exchange
from server.tables import Instant

Values = Mapping[str, Any]
Rows = list[tuple[Any, ...]]
Said = tuple["Statement", Sequence[Values]]
_PREPARED = "griddesk_prepared"
_PLACE = re.compile(r"\$([0-9]+)")
_numbers = itertools.count(1)
_NUMBERED: Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class Statement:
    """One statement in both dialects. Parameters are `bindparam`s; all are named when it is run."""

    def __init__(self, make: Callable[[bool], Executable]) -> None:
        """make: gives the statement, told whether it is for PostgreSQL."""
        self._make = make
        self.name = b"griddesk_%d" % next(_numbers)

    @cached_property
    def plain(self) -> Executable:
        """As SQLAlchemy runs it on SQLite."""
        return self._make(False)

    @cached_property
    def compiled(self) -> SQLCompiler:
        """As PostgreSQL understands it."""
        compiled = self._make(True).compile(dialect=_NUMBERED)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        return compiled

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Names of the parameters, once each, in the order of $1, $2."""
        fixed = self.compiled.params
        return tuple(name for name in self.compiled.positiontup or () if fixed[name] is None)

    @cached_property
    def text(self) -> bytes:
        """The statement with $1, $2 for what is told when it is run; what never changes is written out."""
        places, fixed, named = self.compiled.positiontup or (), self.compiled.params, self.order

        def written(found: re.Match[str]) -> str:
            name = places[int(found[1]) - 1]
            return f"${named.index(name) + 1}" if name in named else _literal(fixed[name])

        return _PLACE.sub(written, self.compiled.string).encode()

    @cached_property
    def instants(self) -> tuple[int, ...]:
        """Places of the columns that come back as instants."""
        columns = self.compiled._result_columns
        return tuple(place for place, column in enumerate(columns) if isinstance(column.type, Instant))

    def parameters(self, values: Values) -> list[Any]:
        """The values in the order PostgreSQL wants them; collections of identities as it writes arrays."""
        return [_written(values[name]) for name in self.order]


def _literal(value: object) -> str:
    """A value of ours, never one somebody sent."""
    if isinstance(value, (bool, int)):
        return f"({value})"
    return "'{}'".format(str(value).replace("'", "''"))


def _written(value: Any) -> Any:
    return f"{{{','.join(one.hex for one in value)}}}" if isinstance(value, (list, tuple)) else value


def among(postgres: bool, column: Column[UUID], name: str) -> ColumnElement[bool]:
    """`column` is one of a collection of identities: one parameter on PostgreSQL, however many there are."""
    if postgres:
        return column == any_(bindparam(name, type_=postgresql.ARRAY(Uuid)))
    return column.in_(bindparam(name, type_=Uuid(), expanding=True))


def insertion(table: Table, **made: ColumnElement[Any]) -> Statement:
    """A new row of a table, every column told that the database does not number; `made` says how some are made of what is told."""
    columns = (column for column in table.columns if column.autoincrement is not True)
    told = {column.name: bindparam(column.name, type_=column.type) for column in columns}
    return Statement(lambda _postgres: insert(table).inline().values(told | made))


def one(connection: Connection, statement: Statement, **values: Any) -> Rows:
    """The rows of one statement."""
    return together(connection, (statement, [values]))[0]


def together(connection: Connection, *said: Said, commit: bool = False) -> list[Rows]:
    """Run the statements one after the other, each for all its rows of values; gives the rows of each.

    commit: on PostgreSQL the transaction ends in the same round trip; the `write` around it finds nothing left to commit.
    Raises DBAPIError as SQLAlchemy would have raised it.
    """
    if connection.dialect.name != "postgresql":
        return [_through_sqlalchemy(connection, statement, rows) for statement, rows in said]
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    known = connection.info.setdefault(_PREPARED, set())
    try:
        answers = exchange.exchange(raw, known, said, commit=commit)
    except psycopg.Error as error:
        raise _as_sqlalchemy(connection, raw, error) from error
    return [_instants(statement, rows) for (statement, _values), rows in zip(said, answers, strict=True)]


def _through_sqlalchemy(connection: Connection, statement: Statement, rows: Sequence[Values]) -> Rows:
    if not rows:
        return []
    result = connection.execute(statement.plain, list(rows) if len(rows) > 1 else rows[0])
    return [tuple(row) for row in result] if result.returns_rows else []


def _instants(statement: Statement, rows: Rows) -> Rows:
    if not rows or not statement.instants:
        return rows
    utc = Instant().process_result_value
    places = frozenset(statement.instants)
    return [
        tuple(utc(value, _NUMBERED) if place in places else value for place, value in enumerate(row)) for row in rows
    ]


def _as_sqlalchemy(connection: Connection, raw: psycopg.Connection[Any], error: psycopg.Error) -> BaseException:
    lost = connection.dialect.is_disconnect(error, raw, None) or raw.broken  # type: ignore[arg-type]
    if lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        "(several)", None, error, psycopg.Error, True, connection_invalidated=lost, dialect=connection.dialect
    )
