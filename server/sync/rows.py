"""Records as the city keeps them: JSON text of everything that differs from its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json

from app.base.words import N_
from app.domain.catalog import TYPE_NAMED
from app.domain.problems import Refused
from app.domain.records import Record, RecordType

RESERVED = frozenset({"id", "version", "created_at", "changed_at"})
_NUMBERS: Mapping[str, tuple[str, ...]] = {
    "case": ("city_no", "local_no"),
    "reference_version": ("table",),
    **dict.fromkeys(("patrol_round", "finding", "field_task", "roll_call", "inspection", "draw"), ("number",)),
    "facility": ("code", "house_number"),
    "grid": ("code",),
}
"""Fields an operator knows a record by, of at most 40 characters; the first that is filled in counts."""
_NOT_IN_BODY = {"id", "version"}
_REASONS: Mapping[str, str] = {
    # pydantic's kinds of errors in the words of the desk's forms.
    "missing": N_("缺少"),
    "string_too_long": N_("太长"),
    "string_too_short": N_("太短"),
    "enum": N_("不是已知的值"),
    "literal_error": N_("不是已知的值"),
    "string_type": N_("不是文字"),
    "greater_than_equal": N_("太小"),
    "greater_than": N_("太小"),
    "less_than_equal": N_("太大"),
    "less_than": N_("太大"),
    "uuid_parsing": N_("不是标识"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it stands with the city, or as it would stand after a change."""

    id: UUID
    scope: str
    type: str
    version: int
    schema_no: int
    deleted: bool
    created_at: datetime
    changed_at: datetime
    body: str
    record: Record | None = None
    """Parsed already; None: `read` parses the body."""

    @property
    def live_version(self) -> int:
        """The version its scope counts, 0 when it is deleted."""
        return 0 if self.deleted else self.version


def read(standing: Standing) -> Record:
    """The record of a type the city knows."""
    if standing.record is not None:
        return standing.record
    values = from_json(standing.body) | {"id": standing.id, "version": standing.version}
    return TYPE_NAMED[standing.type].record.model_validate(values)


def values_in(standing: Standing) -> dict[str, Any]:
    """The values a record holds that differ from their default, bookkeeping left out, unknown names beside the known."""
    values = from_json(standing.body)
    extra = values.pop("extra", {})
    return {name: value for name, value in {**extra, **values}.items() if name not in RESERVED}


def flat(record: Record) -> dict[str, Any]:
    """All fields but bookkeeping as JSON values, defaults filled in, unknown ones beside the known."""
    values = record.model_dump(mode="json", exclude=set(RESERVED))
    extra = values.pop("extra")
    return {**extra, **values}


def body_of(record: Record) -> str:
    """The record's fields but id and version that differ from their default."""
    return record.model_dump_json(exclude=_NOT_IN_BODY, exclude_defaults=True)


def made(
    kind: RecordType, record_id: UUID, values: Mapping[str, Any], *, created_at: datetime, changed_at: datetime
) -> Record:
    """The record with these values; names its type does not know go into `extra`.

    Raises Refused("sync.field_wrong", field=…, reason=…).
    """
    known = _known_names(kind.record)
    given = dict(values)
    if not known.issuperset(values):
        given = {name: said for name, said in values.items() if name in known}
        given["extra"] = {name: said for name, said in values.items() if name not in known}
    given |= {"id": record_id, "created_at": created_at, "changed_at": changed_at}
    try:
        return kind.record.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        raise Refused("sync.field_wrong", field=field, reason=_REASONS.get(first["type"], N_("格式不对"))) from None


def plain(words: str) -> str:
    """Words for a column of their own: PostgreSQL knows no NUL. Inside JSON it is written out and stays."""
    return words.replace("\0", "")


def value(record: Record | None, name: str) -> Any:
    """A field that only some types have; None for the others."""
    return None if record is None else record.__dict__.get(name)


def columns(standing: Standing, received_at: datetime) -> dict[str, Any]:
    """The standing as a row of the table of records, with the fields lists and papers filter by."""
    record = standing.record
    stage = value(record, "stage")
    return {
        "id": standing.id,
        "scope": standing.scope,
        "type": standing.type,
        "version": standing.version,
        "schema_no": standing.schema_no,
        "parent": value(record, "parent"),
        "deleted": standing.deleted,
        "stage": None if stage is None else str(stage),
        "number": _number(standing.type, record),
        "sha256": value(record, "sha256"),
        "created_at": standing.created_at,
        "changed_at": standing.changed_at,
        "received_at": received_at,
        "body": standing.body,
    }


def _number(kind: str, record: Record | None) -> str | None:
    """What a record is looked up by: a case's official or local number, a round's own, a facility's code."""
    for name in _NUMBERS.get(kind, ()):
        if said := value(record, name):
            return plain(str(said))
    return None


@cache
def _known_names(record: type[Record]) -> frozenset[str]:
    return frozenset(record.model_fields) - RESERVED - {"extra"}
