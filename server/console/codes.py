"""One-time codes that let a PC in: made here and shown once, listed with what became of them, withdrawn."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select, update

from app.domain.problems import Problem
from server import audit, enrolment
from server.city import City
from server.console import places
from server.console.pages import back_to, console_router, render, said
from server.console.seats import Deed, city_of, deed, seated
from server.tables import ENROLMENT_CODE

router = console_router()
HOURS = (4, 24, 72, 168)
_SHOWN = 200


@router.get("/codes", dependencies=[Depends(seated)])
def listing(request: Request, district: str = "") -> Response:
    """The newest codes and the form for another one."""
    return _page(request, city_of(request), district)


@router.post("/codes")
def new(request: Request, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Make a code. It stands on this one answer and nowhere else."""
    district, hours = done.get("district"), done.get("hours")
    if hours not in map(str, HOURS):
        raise HTTPException(422)

    def make(connection: Connection) -> str:
        return enrolment.new_code(connection, done.city, district, hours=int(hours), who=done.seat.who)

    try:
        code = done.city.database.retrying(make)
    except Problem as problem:
        return _page(request, done.city, district, wrong=said(problem))
    return _page(request, done.city, district, code=code, hours=int(hours))


@router.post("/codes/withdraw")
def withdraw(done: Annotated[Deed, Depends(deed)]) -> Response:
    """Take back a code nobody has used yet."""
    try:
        code_hash = bytes.fromhex(done.get("code"))
    except ValueError as error:
        raise HTTPException(422) from error
    done.city.database.retrying(lambda connection: _withdraw(connection, done, code_hash))
    return back_to("/console/codes", "code.withdraw")


def _withdraw(connection: Connection, done: Deed, code_hash: bytes) -> None:
    now = done.city.now()
    unused = (ENROLMENT_CODE.c.used_at.is_(None), ENROLMENT_CODE.c.expires_at > now)
    ended = update(ENROLMENT_CODE).where(ENROLMENT_CODE.c.code_hash == code_hash, *unused).values(expires_at=now)
    district = connection.execute(ended.returning(ENROLMENT_CODE.c.district)).scalar()
    if district is None:
        raise HTTPException(404)
    audit.note(connection, now, done.seat.who, "code.withdraw", district, code_hash.hex()[:8])


def _page(
    request: Request, city: City, district: str, *, code: str = "", hours: int = enrolment.CODE_HOURS, wrong: str = ""
) -> Response:
    query = select(ENROLMENT_CODE).order_by(ENROLMENT_CODE.c.made_at.desc(), ENROLMENT_CODE.c.code_hash)
    with city.database.read() as connection:
        codes = connection.execute(query.limit(_SHOWN)).all()
        known = places.districts(connection)
        used_by = places.devices(connection, [one.device_id for one in codes])
    asked = {"district": district, "hours": hours, "choices": HOURS, "code": code, "wrong": wrong}
    shown = {"codes": codes, "districts": known, "used_by": used_by, "now": city.now()}
    return render(request, "codes.html", 422 if wrong else 200, **asked, **shown)
