"""How values of records lie in columns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json
from sqlalchemy import BigInteger, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 in UTC; `at` must be aware."""
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The aware UTC instant."""
    return _EPOCH + timedelta(microseconds=value)


def as_json(value: Any) -> str:
    """JSON as compact text, keys as given, characters unescaped; instants, identities and models as pydantic says them."""
    return to_json(value).decode()


class Stored(TypeDecorator[T]):
    """A column type of ours: `encode` and `decode` see every value but None, here and in `db.codec`."""

    impl: Any = Text
    cache_ok = True

    def encode(self, value: Any) -> Any:
        """What is stored."""
        raise NotImplementedError

    def decode(self, value: Any) -> T:
        """What was stored."""
        raise NotImplementedError

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        return None if value is None else self.encode(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        return None if value is None else self.decode(value)


class UtcTime(Stored[datetime]):
    """An instant as an integer, so that it sorts and compares in an index."""

    impl = BigInteger
    cache_ok = True

    def encode(self, value: datetime) -> int:
        return (value - _EPOCH) // _MICROSECOND

    def decode(self, value: int) -> datetime:
        return _EPOCH + timedelta(microseconds=value)


class Uid(Stored[UUID]):
    """An identity as its 16 bytes."""

    impl = LargeBinary(16)
    cache_ok = True

    def encode(self, value: UUID) -> bytes:
        return value.bytes

    def decode(self, value: bytes) -> UUID:
        return UUID(bytes=value)


class Json(Stored[Any]):
    """A JSON value as compact text."""

    cache_ok = True

    def encode(self, value: Any) -> str:
        return as_json(value)

    def decode(self, value: str) -> Any:
        return from_json(value)


class Typed(Stored[Any]):
    """A value pydantic knows (a tuple of clocks, a limit, a day) as JSON text."""

    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def encode(self, value: Any) -> str:
        return self._adapter.dump_json(value).decode()

    def decode(self, value: str) -> Any:
        return self._adapter.validate_json(value)


class Word(Stored[str]):
    """A StrEnum by its value."""

    impl = String
    cache_ok = True

    def encode(self, value: str) -> str:
        return str(value)

    def decode(self, value: str) -> str:
        return value


class Day(Stored[date]):
    """A day as YYYY-MM-DD, so that it sorts and compares in an index."""

    impl = String
    cache_ok = True

    def encode(self, value: date) -> str:
        return value.isoformat()

    def decode(self, value: str) -> date:
        return date.fromisoformat(value)
