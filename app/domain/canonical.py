"""One way to write a record down, the same on every side, so that its sha-256 proves what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import to_json

from app.domain.catalog import TYPE_NAMED
from app.domain.records import Record

_LEFT_OUT = frozenset({"id", "version"})


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and without spaces; instants in UTC, all else as pydantic writes it."""
    return to_json(_ordered(value))


def record_sha256(record: Record) -> str:
    """What a receipt names for a record: all its fields with their defaults, without id, version and an empty `extra`."""
    values = {name: value for name, value in record.model_dump().items() if name not in _LEFT_OUT}
    if not values["extra"]:
        del values["extra"]
    return hashlib.sha256(canonical_json(values)).hexdigest()


def row_sha256(record_type: str, record_id: UUID, row: Mapping[str, Any]) -> str:
    """The same for a row of the wire (fields as JSON values, defaults left out).

    Names its type does not know count as `extra`. A row this program cannot read as a record is taken as it stands.
    """
    kind = TYPE_NAMED.get(record_type)
    if kind is not None:
        known = {name: value for name, value in row.items() if name in kind.record.model_fields}
        unknown = {name: value for name, value in row.items() if name not in kind.record.model_fields}
        known["extra"] = {**known.get("extra", {}), **unknown}
        try:
            return record_sha256(kind.record.model_validate({**known, "id": record_id, "version": 0}))
        except ValidationError:
            pass
    return hashlib.sha256(canonical_json(dict(row))).hexdigest()


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _ordered(value[name]) for name in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value
