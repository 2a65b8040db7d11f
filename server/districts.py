"""Districts of the city, each with the scope its desks share."""

from __future__ import annotations

import re

from sqlalchemy import Connection, insert, select

from app.domain.problems import Refused
from app.wire.sync import CITY_SCOPE
from server import audit
from server.city import City
from server.sync.city_records import make_scope
from server.tables import DISTRICT

_CODE = re.compile(r"[0-9]{6}")


def add(connection: Connection, city: City, code: str, name: str, *, who: str) -> None:
    """Register a district. Raises Refused("city.district_code_wrong"), ("city.district_known")."""
    if _CODE.fullmatch(code) is None:
        raise Refused("city.district_code_wrong", code=code)
    known = connection.execute(select(DISTRICT.c.name).where(DISTRICT.c.code == code)).scalar()
    if known is not None:
        raise Refused("city.district_known", code=code, name=known)
    connection.execute(insert(DISTRICT).values(code=code, name=name.strip()[:40] or code, added_at=city.now()))
    for scope in (CITY_SCOPE, code):
        make_scope(connection, city, scope)
    audit.note(connection, city.now(), who, "district.add", code, name)


def need(connection: Connection, code: str) -> str:
    """The district's name. Raises Refused("city.district_unknown")."""
    name = connection.execute(select(DISTRICT.c.name).where(DISTRICT.c.code == code)).scalar()
    if name is None:
        raise Refused("city.district_unknown", code=code)
    return str(name)
