"""Long lists a page at a time: the key of the last line shown says where the next page begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import Column, Connection, Integer, Select, Uuid, literal, tuple_

from server.tables import Instant

PAGE = 100
_JOINT = "~"


@dataclass(frozen=True)
class Listed:
    """One page of a list. next: the key to go on from, "" at the end. first: this is the beginning."""

    lines: Sequence[Any]
    next: str
    first: bool


def page_of(
    connection: Connection, query: Select[Any], by: Sequence[Column[Any]], after: str, *, newest_first: bool = False
) -> Listed:
    """Up to PAGE lines of `query`, ordered by columns that are unique together and stand in its rows.

    after: a key of an earlier page, "" for the first. Raises HTTPException 404 for a key that is none.
    """
    if after:
        values = tuple_(*(literal(value, column.type) for value, column in zip(_parsed(by, after), by, strict=True)))
        query = query.where(tuple_(*by) < values if newest_first else tuple_(*by) > values)
    ordered = query.order_by(*(column.desc() if newest_first else column.asc() for column in by))
    lines = connection.execute(ordered.limit(PAGE + 1)).all()
    shown = lines[:PAGE]
    more = len(lines) > PAGE
    return Listed(
        shown, _JOINT.join(_text(getattr(shown[-1], column.name)) for column in by) if more else "", not after
    )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _parsed(by: Sequence[Column[Any]], after: str) -> list[object]:
    parts = after.split(_JOINT)
    if len(parts) != len(by):
        raise HTTPException(404)
    try:
        return [_value(column, part) for column, part in zip(by, parts, strict=True)]
    except ValueError as error:
        raise HTTPException(404) from error


def _value(column: Column[Any], part: str) -> object:
    if isinstance(column.type, Uuid):
        return UUID(part)
    if isinstance(column.type, Instant):
        at = datetime.fromisoformat(part)
        if at.tzinfo is None:
            raise ValueError("an instant without its zone")
        return at
    if isinstance(column.type, Integer):
        number = int(part)
        if abs(number) >= 2**63:
            raise ValueError("larger than any key")
        return number
    if "\x00" in part:
        raise ValueError("no text of a database")
    return part
