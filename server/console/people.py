"""People and their roles by district: adding, changing, stopping, and saying that two ids are one human."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from app.domain.permissions import OFFICE_ROLE_TITLES
from app.domain.problems import Problem
from server import people
from server.city import City
from server.console import keyset, places
from server.console.pages import back_to, console_router, render, said
from server.console.seats import Deed, city_of, deed, seated
from server.tables import PERSON

router = console_router()
NOBODY = "nobody"


@router.get("/people", dependencies=[Depends(seated)])
def listing(request: Request, district: str = "", state: str = "", after: str = "") -> Response:
    """People of all districts, or of one; those that wait to be mapped stand on a page of their own."""
    query = select(PERSON)
    if district:
        query = query.where(PERSON.c.district == district)
    if state:
        query = query.where(PERSON.c.state == state)
    with city_of(request).database.read() as connection:
        page = keyset.page_of(connection, query, (PERSON.c.district, PERSON.c.id), after)
        known = places.districts(connection)
        waiting = connection.execute(select(PERSON.c.id).where(PERSON.c.state == people.TO_MAP).limit(1)).first()
    roles = {person.id: people.roles_in(person.roles) for person in page.lines}
    asked = {"district": district, "state": state, "districts": known, "waiting": waiting is not None}
    return render(request, "people.html", page=page, roles=roles, **asked)


@router.get("/people/new", dependencies=[Depends(seated)])
def form(request: Request, district: str = "") -> Response:
    """The form for a new person."""
    return _form(request, city_of(request), {"district": district, "name": "", "login": "", "roles": []})


@router.post("/people/new")
def add(request: Request, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Register a person; what was typed stays when it is refused."""
    name, login, district = done.get("name")[:40], done.get("login")[:40], done.get("district")
    typed = {"district": district, "name": name, "login": login, "roles": done.all("roles")}
    if not (name and login):
        return _form(request, done.city, typed, "姓名和登录名都要填写")

    def register(connection: Connection) -> UUID:
        roles = people.roles_of(done.all("roles"))
        who = done.seat.who
        return people.add(connection, done.city, district=district, name=name, login=login, roles=roles, who=who)

    try:
        person_id = done.city.database.retrying(register)
    except Problem as problem:
        return _form(request, done.city, typed, said(problem))
    return back_to(f"/console/people/{person_id}", "person.add")


@router.get("/people/{person_id}", dependencies=[Depends(seated)])
def one(request: Request, person_id: UUID) -> Response:
    """One person: roles, state, and who of the same district may be the same human."""
    with city_of(request).database.read() as connection:
        person = connection.execute(select(PERSON).where(PERSON.c.id == person_id)).first()
        if person is None:
            raise HTTPException(404)
        same = (PERSON.c.login == person.login) | (PERSON.c.name == person.name)
        possible = (PERSON.c.district == person.district, PERSON.c.id != person.id, PERSON.c.mapped_to.is_(None))
        others = select(PERSON).where(*possible, PERSON.c.state != people.TO_MAP)
        alike = connection.execute(others.where(same).order_by(PERSON.c.id).limit(20)).all()
        target = connection.execute(select(PERSON).where(PERSON.c.id == person.mapped_to)).first()
        ids = connection.execute(select(PERSON).where(PERSON.c.mapped_to == person.id).order_by(PERSON.c.id)).all()
        known = places.districts(connection)
    shown = {"person": person, "alike": alike, "target": target, "ids": ids, "districts": known}
    roles = people.roles_in(person.roles)
    return render(request, "person.html", roles=roles, titles=OFFICE_ROLE_TITLES, nobody=NOBODY, **shown)


@router.post("/people/{person_id}/roles")
def set_roles(person_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Other roles from now on."""
    return _done(
        done,
        person_id,
        "person.set_roles",
        lambda connection: people.set_roles(
            connection, done.city, person_id, people.roles_of(done.all("roles")), who=done.seat.who
        ),
    )


@router.post("/people/{person_id}/revoke")
def revoke(person_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Stop a person."""
    return _done(
        done,
        person_id,
        "person.revoke",
        lambda connection: people.revoke(connection, done.city, person_id, who=done.seat.who),
    )


@router.post("/people/{person_id}/reinstate")
def reinstate(person_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Let a person work again."""
    return _done(
        done,
        person_id,
        "person.reinstate",
        lambda connection: people.reinstate(connection, done.city, person_id, who=done.seat.who),
    )


@router.post("/people/{person_id}/map")
def map_to(person_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Say who this is: somebody known, or somebody else."""
    try:
        to = None if done.get("to") == NOBODY else UUID(done.get("to"))
    except ValueError as error:
        raise HTTPException(422) from error
    return _done(
        done,
        person_id,
        "person.map",
        lambda connection: people.map_to(connection, done.city, person_id, to, who=done.seat.who),
    )


def _done(done: Deed, person_id: UUID, word: str, act: Callable[[Connection], None]) -> Response:
    done.city.database.retrying(act)
    return back_to(f"/console/people/{person_id}", word)


def _form(request: Request, city: City, typed: Mapping[str, object], wrong: str = "") -> Response:
    with city.database.read() as connection:
        known = places.districts(connection)
    shown = {"districts": known, "titles": OFFICE_ROLE_TITLES, "wrong": wrong}
    return render(request, "person_new.html", 422 if wrong else 200, typed=typed, **shown)
