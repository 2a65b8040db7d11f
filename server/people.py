"""Who may do what in the city's eyes: people of each district, their roles, and several ids of one human."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Select, insert, select, update

from app.domain.office import Person
from app.domain.permissions import OfficeRole
from app.domain.problems import Refused
from app.wire.accounts import LocalPerson
from server import audit, districts
from server.city import City
from server.statements import Rows, Statement, among
from server.sync import city_records
from server.tables import PERSON, RECORD

ACTIVE, REVOKED, TO_MAP = "active", "revoked", "to_map"
ADDED = "person.add"
_ROLES = frozenset(role.value for role in OfficeRole)


@dataclass(frozen=True)
class Known:
    """A person as work is judged: of one mapped to another id, that one's state and roles.

    state: active, revoked, or to_map while nobody has said whether this is somebody known under another id; such work is
    taken in with the roles the desk named. revoked_by_city: a desk cannot let this person work again.
    """

    person_id: UUID
    name: str
    roles: frozenset[OfficeRole]
    state: str
    mapped_to: UUID | None
    revoked_by_city: bool = False


def known_among(rows: Rows, district: str) -> dict[UUID, Known]:
    """Those the district knows, of what `NAMED` gave."""
    return {row[0]: _known(*row) for row in rows if row[3] == district}


def note_person(
    connection: Connection,
    city: City,
    *,
    record_id: UUID,
    district: str,
    name: str,
    login: str,
    roles: Collection[OfficeRole],
    active: bool,
) -> None:
    """Follow a person record that a desk of the district sent and the city applied.

    Somebody the city itself revoked stays revoked; somebody waiting to be mapped goes on waiting.
    """
    row = connection.execute(select(PERSON).where(PERSON.c.id == record_id)).first()
    if row is None:
        local = LocalPerson(id=record_id, name=name, login=login, roles=tuple(roles), active=active)
        register(connection, district, [local], city.now())
        return
    if row.district != district:
        return
    state = row.state
    if state == ACTIVE and not active:
        state = REVOKED
    elif state == REVOKED and active and row.revoked_at is None:
        state = ACTIVE
    values = {"name": name, "login": login, "roles": _roles_text(roles), "state": state}
    connection.execute(update(PERSON).where(PERSON.c.id == record_id).values(values))


def register(connection: Connection, district: str, persons: Collection[LocalPerson], now: datetime) -> list[UUID]:
    """Take in the persons of a PC; gives those whose name or login is known under another id (state to_map)."""
    to_map: list[UUID] = []
    for person in persons:
        found = connection.execute(select(PERSON.c.state).where(PERSON.c.id == person.id)).scalar()
        if found is None:
            collides = _collides(connection, district, person)
            state = TO_MAP if collides else ACTIVE if person.active else REVOKED
            connection.execute(insert(PERSON).values(_values(district, person, state, now)))
            found = state
        if found == TO_MAP:
            to_map.append(person.id)
    return to_map


def add(
    connection: Connection, city: City, *, district: str, name: str, login: str, roles: Collection[OfficeRole], who: str
) -> UUID:
    """A new person of a district, told to its desks. Raises Refused("city.district_unknown"), ("city.login_taken")."""
    districts.need(connection, district)
    taken = select(PERSON.c.id).where(PERSON.c.district == district, PERSON.c.login == login)
    if connection.execute(taken).first() is not None:
        raise Refused("city.login_taken", login=login)
    local = LocalPerson(id=city.ids.new(), name=name, login=login, roles=tuple(roles))
    connection.execute(insert(PERSON).values(_values(district, local, ACTIVE, city.now())))
    _tell(connection, city, local.id, ADDED, who, " ".join(sorted(roles)))
    return local.id


def set_roles(connection: Connection, city: City, person_id: UUID, roles: Collection[OfficeRole], *, who: str) -> None:
    """What a person may do from now on."""
    _change(connection, city, person_id, "person.roles", who, " ".join(sorted(roles)), roles=_roles_text(roles))


def revoke(connection: Connection, city: City, person_id: UUID, *, who: str) -> None:
    """Stop a person: work that still comes from them goes to the review tray."""
    _change(connection, city, person_id, "person.revoke", who, state=REVOKED, revoked_at=city.now())


def reinstate(connection: Connection, city: City, person_id: UUID, *, who: str) -> None:
    """Let a person work again."""
    _change(connection, city, person_id, "person.reinstate", who, state=ACTIVE, revoked_at=None)


def map_to(connection: Connection, city: City, person_id: UUID, to: UUID | None, *, who: str) -> None:
    """Say that a person is the same human as `to`; None: somebody else, known from now on under this id.

    Whoever was stopped stays stopped; other ids of this person are ids of `to` from now on.
    Raises Refused("city.person_unknown"), ("city.map_to_itself").
    """
    person = _locked(connection, person_id)
    if to is not None:
        target = need(connection, to)
        if to == person_id or target.district != person.district or target.mapped_to or target.state == TO_MAP:
            raise Refused("city.map_to_itself")
        connection.execute(update(PERSON).where(PERSON.c.mapped_to == person_id).values(mapped_to=to))
    state = REVOKED if person.state == REVOKED else ACTIVE
    _change(connection, city, person_id, "person.map", who, str(to or ""), state=state, mapped_to=to)


def need(connection: Connection, person_id: UUID) -> Any:
    """The row of a person. Raises Refused("city.person_unknown")."""
    row = connection.execute(select(PERSON).where(PERSON.c.id == person_id)).first()
    if row is None:
        raise Refused("city.person_unknown", person=person_id)
    return row


def find(connection: Connection, district: str, name: str) -> UUID:
    """The person of an id or, in the district, a login. Raises Refused("city.person_unknown")."""
    by_login = select(PERSON.c.id).where(
        PERSON.c.district == district, PERSON.c.login == name, PERSON.c.mapped_to.is_(None)
    )
    found = connection.execute(by_login.order_by(PERSON.c.added_at, PERSON.c.id)).scalar()
    if found is not None:
        return UUID(str(found))
    try:
        wanted = UUID(name)
    except ValueError:
        raise Refused("city.person_unknown", person=name) from None
    need(connection, wanted)
    return wanted


def roles_of(words: Collection[str]) -> frozenset[OfficeRole]:
    """Roles by their names. Raises Refused("city.role_unknown")."""
    unknown = sorted(set(words) - _ROLES)
    if unknown:
        raise Refused("city.role_unknown", role=unknown[0], known=" ".join(OfficeRole))
    return frozenset(OfficeRole(word) for word in words)


def roles_in(text: str) -> frozenset[OfficeRole]:
    """Roles as the table keeps them; those this program does not know yet are left out."""
    return frozenset(OfficeRole(word) for word in from_json(text) if word in _ROLES)


def _roles_text(roles: Collection[str]) -> str:
    return to_json(sorted(set(roles))).decode()


def _named(postgres: bool) -> Select[Any]:
    other = PERSON.alias("other")
    ours, theirs = PERSON.c, other.c
    mapped = (theirs.id == ours.mapped_to) & (theirs.district == ours.district)
    told = (ours.id, ours.name, ours.mapped_to, ours.district)
    rights = (ours.roles, ours.state, ours.revoked_at, theirs.roles, theirs.state, theirs.revoked_at)
    return select(*told, *rights).outerjoin(other, mapped).where(among(postgres, ours.id, "ids"))


NAMED = Statement(_named)
"""Persons of every district among `ids`, each with whom they are mapped to."""


def _known(person_id: UUID, name: str, mapped_to: UUID | None, _district: str, *rights: Any) -> Known:
    own, other = rights[:3], rights[3:]
    roles, state, revoked_at = own if other[1] is None else other
    # Whoever was revoked under one of their ids is revoked under it, whatever the other says.
    state = REVOKED if REVOKED in (own[1], state) else own[1]
    return Known(person_id, name, roles_in(roles), state, mapped_to, revoked_at is not None)


def _collides(connection: Connection, district: str, person: LocalPerson) -> bool:
    same = (PERSON.c.login == person.login) | (PERSON.c.name == person.name)
    others = select(PERSON.c.id).where(PERSON.c.district == district, same, PERSON.c.id != person.id)
    return connection.execute(others.limit(1)).first() is not None


def _values(district: str, person: LocalPerson, state: str, now: datetime) -> dict[str, object]:
    return {
        "id": person.id,
        "district": district,
        "name": person.name,
        "login": person.login,
        "roles": _roles_text(person.roles),
        "state": state,
        "mapped_to": None,
        "revoked_at": None,
        "added_at": now,
    }


def _change(
    connection: Connection, city: City, person_id: UUID, deed: str, who: str, note: str = "", **values: object
) -> None:
    _locked(connection, person_id)
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(values))
    _tell(connection, city, person_id, deed, who, note)


def _locked(connection: Connection, person_id: UUID) -> Any:
    """The row of a person, their record locked first, as who pushes it does: two acts at once wait, none is broken off."""
    connection.execute(select(RECORD.c.id).where(RECORD.c.id == person_id).with_for_update())
    return need(connection, person_id)


def _tell(connection: Connection, city: City, person_id: UUID, deed: str, who: str, note: str = "") -> None:
    """Write the person into the district's feed and the act into the trail.

    Whose record a PC has not sent yet is not written for it: its own first version would clash with ours.
    """
    row, now = need(connection, person_id), city.now()
    sent = connection.execute(select(RECORD.c.id).where(RECORD.c.id == person_id)).first() is not None
    if sent or deed == ADDED:
        roles = tuple(sorted(roles_in(row.roles)))
        values = {"id": row.id, "created_at": row.added_at, "changed_at": now, "name": row.name, "login": row.login}
        record = Person.model_validate({**values, "roles": roles, "active": row.state != REVOKED})
        city_records.put(connection, city, scope=row.district, record=record, who=who)
    audit.note(connection, now, who, deed, f"{row.district} {row.login} {person_id}", note)
