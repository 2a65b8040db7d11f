"""A record with its children is what a person decides about: a case, its steps, its photos, its decisions."""

from __future__ import annotations

from uuid import UUID

from app.base.words import _
from app.domain.attendance import Attendance
from app.domain.cases import PHOTO_PARENTS, Case, Photo
from app.domain.catalog import TYPE_NAMED
from app.domain.records import Record
from db.tx import CODECS, Reader

CHILDREN = frozenset({"case_step", "photo", "decision"})
_CALLED = ("name", "title", "number", "house_number", "code", "address")


def record_of(reader: Reader, record_type: str, record_id: UUID) -> Record | None:
    """The record as it lies here, or None."""
    codec = CODECS.get(record_type)
    found = None if codec is None else codec.find(reader.connection, record_id.bytes)
    return None if found is None else found[1]


def root_of(reader: Reader, record_type: str, record_id: UUID) -> tuple[str, UUID]:
    """Type and id of the record a child belongs to; of itself for any other."""
    if record_type not in CHILDREN:
        return record_type, record_id
    parent = getattr(record_of(reader, record_type, record_id), "parent", None)
    if parent is None:
        return record_type, record_id
    if record_type == "photo":
        return next((kind for kind in PHOTO_PARENTS if record_of(reader, kind, parent) is not None), "case"), parent
    return getattr(record_of(reader, record_type, record_id), "parent_type", "case"), parent


def case_of(reader: Reader, record_type: str, record_id: UUID) -> UUID | None:
    """The case a record is or belongs to."""
    root_type, root_id = root_of(reader, record_type, record_id)
    return root_id if root_type == "case" else None


def title_of(reader: Reader, record_type: str, record_id: UUID) -> str:
    """What a clerk calls it: number and matter of a case, name of a person or unit, number of a round or finding."""
    record = record_of(reader, record_type, record_id)
    kind = _(TYPE_NAMED[record_type].title) if record_type in TYPE_NAMED else record_type
    if isinstance(record, Case):
        return f"{record.city_no or record.local_no} {record.minor_name or record.category_text}".strip()
    if record_type in CHILDREN and record is not None:
        root_type, root_id = root_of(reader, record_type, record_id)
        own = record.name if isinstance(record, Photo) else ""
        return " · ".join(part for part in (title_of(reader, root_type, root_id), kind, own) if part)
    return f"{kind} {_called(record)}".strip()


def _called(record: Record | None) -> str:
    """What tells a record from others of its type: its name or number; whose day it is."""
    if isinstance(record, Attendance):
        return f"{record.member_name} {record.day.isoformat()}"
    said = (getattr(record, name, "") for name in _CALLED)
    return next((str(word) for word in said if word), "")
