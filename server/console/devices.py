"""PCs and their health; stopping one and letting it back in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import select

from server import devices
from server.console import keyset, places
from server.console.health import ailments
from server.console.pages import back_to, console_router, render
from server.console.seats import Deed, city_of, deed, seated
from server.tables import ATTEMPT, DEVICE

router = console_router()
_ATTEMPTS_SHOWN = 50


@router.get("/devices", dependencies=[Depends(seated)])
def listing(request: Request, district: str = "", after: str = "") -> Response:
    """PCs of all districts, or of one."""
    city, query = city_of(request), select(DEVICE)
    if district:
        query = query.where(DEVICE.c.district == district)
    with city.database.read() as connection:
        page = keyset.page_of(connection, query, (DEVICE.c.district, DEVICE.c.id), after)
        known = places.districts(connection)
    wrong = {device.id: ailments(device, city.now()) for device in page.lines}
    return render(request, "devices.html", page=page, districts=known, district=district, wrong=wrong)


@router.get("/devices/{device_id}", dependencies=[Depends(seated)])
def one(request: Request, device_id: UUID) -> Response:
    """One PC: all that is remembered of it, and its last attempts."""
    city = city_of(request)
    attempts = select(ATTEMPT).where(ATTEMPT.c.device_id == device_id).order_by(ATTEMPT.c.id.desc())
    with city.database.read() as connection:
        device = connection.execute(select(DEVICE).where(DEVICE.c.id == device_id)).first()
        if device is None:
            raise HTTPException(404)
        rows = connection.execute(attempts.limit(_ATTEMPTS_SHOWN)).all()
        known = places.districts(connection)
        later = connection.execute(select(DEVICE.c.id).where(DEVICE.c.renewed_from == device_id)).scalars().all()
    wrong = ailments(device, city.now())
    return render(request, "device.html", device=device, attempts=rows, districts=known, wrong=wrong, later=later)


@router.post("/devices/{device_id}/revoke")
def revoke(device_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Stop the PC."""
    done.city.database.retrying(lambda connection: devices.revoke(connection, done.city, device_id, who=done.seat.who))
    return back_to(f"/console/devices/{device_id}", "device.revoke")


@router.post("/devices/{device_id}/reinstate")
def reinstate(device_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Let the PC back in."""
    done.city.database.retrying(
        lambda connection: devices.reinstate(connection, done.city, device_id, who=done.seat.who)
    )
    return back_to(f"/console/devices/{device_id}", "device.reinstate")
