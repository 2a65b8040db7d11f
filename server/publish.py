"""Reference tables for the whole city: published by the operator, or taken over from the district that had them first."""

from __future__ import annotations

from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection, select

from app.base.words import N_
from app.domain.problems import Refused
from app.domain.reference_contents import is_understood
from app.domain.reference_versions import REFERENCE_VERSION, ReferenceVersion
from app.wire.sync import CITY_SCOPE
from server import audit
from server.city import City
from server.sync import city_records
from server.tables import RECORD


def publish(connection: Connection, city: City, version: ReferenceVersion, who: str) -> int:
    """Put a version before every desk of the city; gives the record's version. Raises Refused("sync.field_wrong")."""
    _refuse_unreadable(version)
    city_records.make_scope(connection, city, CITY_SCOPE)
    number = city_records.put(connection, city, scope=CITY_SCOPE, record=version, who=who)
    audit.note(
        connection, city.now(), who, "reference.publish", f"{version.table} {version.label}"[:120], str(version.id)
    )
    return number


def promote(connection: Connection, city: City, record_id: UUID, who: str) -> None:
    """Make a version that a district imported the city's.

    Raises Refused("city.record_unknown"), ("city.not_a_version"), ("sync.field_wrong").
    """
    asked = (RECORD.c.type, RECORD.c.deleted, RECORD.c.scope, RECORD.c.body)
    row = connection.execute(select(*asked).where(RECORD.c.id == record_id)).first()
    if row is None or row.deleted:
        raise Refused("city.record_unknown", record=record_id)
    if row.type != REFERENCE_VERSION.name:
        raise Refused("city.not_a_version", record=record_id)
    if row.scope == CITY_SCOPE:
        return
    _refuse_unreadable(ReferenceVersion.model_validate({**from_json(row.body), "id": record_id}))
    city_records.make_scope(connection, city, CITY_SCOPE)
    city_records.move(connection, city, record_id=record_id, to_scope=CITY_SCOPE, who=who)
    audit.note(connection, city.now(), who, "reference.promote", str(record_id), row.scope)


def _refuse_unreadable(version: ReferenceVersion) -> None:
    if not is_understood(version):
        raise Refused("sync.field_wrong", field="content", reason=N_("格式不对"))
