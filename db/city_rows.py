"""Rows as the city sends them to stored values: straight from JSON where each value passes a cheap look, by full validation else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import to_json, to_jsonable_python
from sqlalchemy import Boolean, Column, Float, Integer, Table

from app.domain.records import Record, RecordType
from db.codec import TableCodec
from db.types import Typed, Uid, UtcTime, Word, as_json, to_microseconds

_LARGEST = 2**63 - 1
Take = Callable[[Any], Any]


class RowBroken(ValueError):
    """The row is no record of its type; the sentence says why."""


class _Slow(Exception):
    """A value the cheap look does not settle."""


class CityRows:
    """Fixed functions of one record type: JSON row -> stored values -> a record for the search index."""

    def __init__(self, codec: TableCodec) -> None:
        self._codec = codec
        self.kind: RecordType = codec.kind
        self.table: Table = codec.table
        self._place = {name: at for at, name in enumerate(codec.names)}
        self._fields = self.kind.record.model_fields
        self._takes = {name: _take(self.table.columns[name], self._fields[name]) for name in codec.names}
        self._known = {
            name: (self._place[name], _longest(self._fields[name]), take) for name, take in self._takes.items()
        }
        rules = self.kind.record.__pydantic_decorators__
        if rules.field_validators or rules.model_validators:
            self._known = {}
        self._blank = [self._default(name) for name in codec.names]
        self._needed = frozenset(name for name, info in self._fields.items() if info.is_required()) - {"id"}
        self._plain = {name: self._plain_default(name) for name in codec.names}
        self._id, self._version, self._extra = (self._place[name] for name in ("id", "version", "extra"))
        names = [name for name in codec.names if name != "id"]
        sets = ", ".join(f'"{name}" = ?' for name in names)
        self.update_sql = f'UPDATE "{self.table.name}" SET {sets} WHERE id = ?'
        self.insert_sql = codec.insert_sql

    def stored(self, record_id: bytes, version: int, row: Mapping[str, Any]) -> list[Any]:
        """Values of all columns. Fields this program does not know go into `extra`. Raises RowBroken."""
        if not self._needed <= row.keys():
            raise RowBroken(f"missing: {', '.join(sorted(self._needed - row.keys()))}")
        values = self._blank.copy()
        known = self._known
        try:
            for name, value in row.items():
                at, longest, take = known[name]
                if longest is None:
                    values[at] = take(value)
                elif type(value) is str and len(value) <= longest:
                    values[at] = value
                else:
                    raise _Slow
        except (KeyError, _Slow, ValueError, TypeError, AttributeError):
            values = self._checked(record_id, version, row)
        values[self._id] = record_id
        values[self._version] = version
        return values

    def update_values(self, stored: list[Any]) -> list[Any]:
        """What `update_sql` is given."""
        at = self._id
        return [*stored[:at], *stored[at + 1 :], stored[at]]

    def key_of(self, stored: list[Any]) -> tuple[bytes, int]:
        """(id, version) of stored values."""
        return stored[self._id], stored[self._version]

    def for_words(self, row: Mapping[str, Any]) -> Record:
        """A record that is only looked at for its search words: its texts are right, nothing was checked again."""
        record = self.kind.record.__new__(self.kind.record)
        values = self._plain.copy()
        values.update(row)
        object.__setattr__(record, "__dict__", values)
        return record

    def row(self, record: Record) -> dict[str, Any]:
        """A record as the wire says it: JSON values, without id and version, defaults left out."""
        return to_jsonable_python(record.model_dump(mode="json", exclude={"id", "version"}, exclude_defaults=True))  # type: ignore[no-any-return]

    def _checked(self, record_id: bytes, version: int, row: Mapping[str, Any]) -> list[Any]:
        known = {name: value for name, value in row.items() if name in self._fields}
        unknown = {name: value for name, value in row.items() if name not in self._fields}
        extra = known.get("extra", {})
        if unknown and isinstance(extra, dict):
            known["extra"] = {**extra, **unknown}
        whole = {**known, "id": str(UUID(bytes=record_id)), "version": version}
        try:
            record = self.kind.record.model_validate_json(to_json(whole))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise RowBroken(f"{'.'.join(map(str, first['loc']))}: {first['type']}") from error
        stored = self._codec.encode(record)
        if any(type(value) is int and not -_LARGEST <= value <= _LARGEST for value in stored):
            raise RowBroken("a number is too large")
        return stored

    def _default(self, name: str) -> Any:
        info = self._fields[name]
        if info.is_required():
            return None
        value = info.get_default(call_default_factory=True)
        column = self.table.columns[name]
        if value is None:
            return None
        if isinstance(column.type, Boolean):
            return int(value)
        encode = getattr(column.type, "encode", None)
        return value if encode is None else encode(value)

    def _plain_default(self, name: str) -> Any:
        info = self._fields[name]
        return None if info.is_required() else info.get_default(call_default_factory=True)


def _take(column: Column[Any], info: Any) -> Take:
    """JSON value -> stored value of one column; raises _Slow when only full validation can say."""
    kind = column.type
    empty = bool(column.nullable)
    if isinstance(kind, UtcTime):
        return _or_none(_instant, empty)
    if isinstance(kind, Uid):
        return _or_none(_identity, empty)
    if isinstance(kind, Typed):
        return _or_none(_typed(kind), empty)
    if isinstance(kind, Word):
        return _or_none(_word(info.annotation), empty)
    if isinstance(kind, Boolean):
        return _or_none(_truth, empty)
    if isinstance(kind, Integer | Float):
        return _or_none(_number(isinstance(kind, Integer), info.metadata), empty)
    if _is_text(info.annotation):
        return _or_none(_text(info.metadata), empty)
    return _tree if _base(info.annotation) is dict and not info.metadata else _slow


def _or_none(take: Take, empty: bool) -> Take:
    if not empty:
        return take
    return lambda value: None if value is None else take(value)


@lru_cache(maxsize=8192)
def _instant(value: str) -> int:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise _Slow
    return to_microseconds(at)


def _identity(value: Any) -> bytes:
    raw = bytes.fromhex(value.replace("-", ""))
    if len(raw) != 16 or len(value) != 36:
        raise _Slow
    return raw


def _typed(kind: Typed) -> Take:
    check = kind._adapter.validator.validate_json

    @lru_cache(maxsize=4096)
    def known(text: bytes) -> str:
        check(text)
        return text.decode()

    return lambda value: known(to_json(value))


def _word(annotation: Any) -> Take:
    enum = _base(annotation)
    if not (isinstance(enum, type) and issubclass(enum, Enum)):
        return _slow
    known = {str(member.value): str(member.value) for member in enum}
    return known.__getitem__


def _truth(value: Any) -> int:
    if value is True:
        return 1
    if value is False:
        return 0
    raise _Slow


def _number(whole: bool, metadata: list[Any]) -> Take:
    low, high = _bound(metadata, "ge"), _bound(metadata, "le")
    if not _only(metadata, "Ge", "Le"):
        return _slow
    kinds = (int,) if whole else (int, float)

    def take(value: Any) -> Any:
        if (
            type(value) not in kinds
            or not -_LARGEST <= value <= _LARGEST
            or (low is not None and value < low)
            or (high is not None and value > high)
        ):
            raise _Slow
        return value if whole else float(value)

    return take


def _text(metadata: list[Any]) -> Take:
    most, least = _bound(metadata, "max_length", 1 << 40), _bound(metadata, "min_length", 0)
    if not _only(metadata, "MaxLen", "MinLen"):
        return _slow

    def take(value: Any) -> Any:
        if type(value) is not str or not least <= len(value) <= most:
            raise _Slow
        return value

    return take


def _bound(metadata: list[Any], name: str, otherwise: Any = None) -> Any:
    return next((getattr(m, name) for m in metadata if hasattr(m, name)), otherwise)


def _only(metadata: list[Any], *names: str) -> bool:
    return all(type(m).__name__ in names for m in metadata)


def _tree(value: Any) -> str:
    if type(value) is not dict:
        raise _Slow
    return as_json(value)


def _slow(_value: Any) -> Any:
    raise _Slow


def _base(annotation: Any) -> Any:
    """X of `X | None`, dict of dict[str, Any]."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return _base(rest[0]) if len(rest) == 1 else None
    return origin or annotation


def _longest(info: Any) -> int | None:
    """How long a plain text may be; None for fields that need more than that looked at."""
    if info.annotation is not str or not _only(info.metadata, "MaxLen"):
        return None
    return int(_bound(info.metadata, "max_length", 1 << 40))


def _is_text(annotation: Any) -> bool:
    return _base(annotation) is str
