"""Whether the city is there: no proof needed, nothing told that is not public."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import select

from app.wire.accounts import Health
from app.wire.sync import OLDEST_PROTOCOL, PROTOCOL
from server.auth import city_of
from server.tables import CITY

router = APIRouter(prefix="/v1", tags=["health"])


@router.get("/health", response_model=Health)
def health(request: Request) -> Health:
    """The city's name, its instant and the protocols it speaks; it asks the database, so that silence means trouble."""
    city = city_of(request)
    with city.database.read() as connection:
        name = str(connection.execute(select(CITY.c.name)).scalar_one())
    return Health(city=name, now=city.now(), protocol=PROTOCOL, oldest_protocol=OLDEST_PROTOCOL)
