"""The review tray: work that still came from revoked persons and PCs, looked at group by group, taken over or sent back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import and_, func, select

from app.domain.problems import Problem
from app.wire.sync import SETTLED, Change, Status
from server import review
from server.city import City
from server.console import keyset, places, words
from server.console.pages import back_to, console_router, render, said
from server.console.seats import Deed, city_of, deed, seated
from server.tables import RECORD, REVIEW

router = console_router()
_UNSAID = ("created_at", "changed_at")


@dataclass(frozen=True)
class Told:
    """One change as the operator reads it. fields: title, old, new; change None: it cannot be read, `raw` is all there is."""

    raw: str
    change: Change | None
    number: str
    fields: list[tuple[str, Any, Any]]


@router.get("/review", dependencies=[Depends(seated)])
def listing(request: Request, state: str = review.WAITING, district: str = "", after: str = "") -> Response:
    """Groups, each by its first change; the oldest first while they wait. What came in after a decision is a group anew."""
    earlier, others = REVIEW.alias("earlier"), REVIEW.alias("others")
    is_first = ~(select(earlier.c.change_id).where(_same(earlier), earlier.c.change_id < REVIEW.c.change_id).exists())
    size = select(func.count()).select_from(others).where(_same(others)).scalar_subquery()
    waiting = state != "all"
    query = select(REVIEW, size.label("changes")).where(is_first)
    if waiting:
        query = query.where(REVIEW.c.state == review.WAITING)
    if district:
        query = query.where(REVIEW.c.district == district)
    with city_of(request).database.read() as connection:
        page = keyset.page_of(connection, query, (REVIEW.c.at, REVIEW.c.change_id), after, newest_first=not waiting)
        known = places.districts(connection)
        names = places.devices(connection, [group.device_id for group in page.lines])
    asked = {"state": review.WAITING if waiting else "all", "district": district, "districts": known, "names": names}
    return render(request, "review.html", page=page, told=[told(line, "") for line in page.lines], **asked)


@router.get("/review/{group_id}", dependencies=[Depends(seated)])
def one(request: Request, group_id: UUID) -> Response:
    """One group: what would change, who did it and when."""
    return _page(request, city_of(request), group_id)


@router.post("/review/{group_id}/accept")
def accept(request: Request, group_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Take the group over as it was seen. What clashes with the city meanwhile is told."""
    if done.get("seen") not in ("", str(_waiting(done.city, group_id))):
        return _page(request, done.city, group_id, wrong="又来了新的内容,还没有接受;请再看一遍")
    try:
        outcomes = review.accept(done.city, group_id, who=done.seat.who)
    except Problem as problem:
        return _page(request, done.city, group_id, wrong=said(problem))
    if any(outcome.status is Status.HELD for outcome in outcomes):
        return _page(request, done.city, group_id, wrong="还不能接受:它在等别的内容先到市平台,现在仍留在待审")
    unsettled = [outcome for outcome in outcomes if outcome.status not in SETTLED]
    if unsettled:
        answers = [(words.STATUSES[outcome.status], words.code(outcome.code, outcome.details)) for outcome in unsettled]
        return _page(request, done.city, group_id, answers=answers)
    return back_to("/console/review", "review.accept")


@router.post("/review/{group_id}/refuse")
def refuse(request: Request, group_id: UUID, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Send the group back with a reason its office will read."""
    reason = done.get("reason")[:400]
    if not reason:
        return _page(request, done.city, group_id, wrong="退回要写明理由")
    try:
        review.refuse(done.city, group_id, reason, who=done.seat.who)
    except Problem as problem:
        return _page(request, done.city, group_id, wrong=said(problem), reason=reason)
    return back_to("/console/review", "review.refuse")


def _same(other: Any) -> Any:
    """Rows of the same group that stand alike."""
    return and_(other.c.group_id == REVIEW.c.group_id, other.c.state == REVIEW.c.state)


def _waiting(city: City, group_id: UUID) -> int:
    mine = (REVIEW.c.group_id == group_id, REVIEW.c.state == review.WAITING)
    with city.database.read() as connection:
        return int(connection.execute(select(func.count()).where(*mine)).scalar_one())


def told(line: Any, number: str) -> Told:
    """A change of the tray with the titles of its fields."""
    try:
        change = Change.model_validate_json(line.change)
    except ValidationError:
        return Told(line.change, None, number, [])
    fields = [
        (words.field_title(change.record_type, name), old, new)
        for name, (old, new) in change.fields.items()
        if name not in _UNSAID
    ]
    return Told(line.change, change, number, fields)


def _page(
    request: Request,
    city: City,
    group_id: UUID,
    *,
    wrong: str = "",
    reason: str = "",
    answers: list[tuple[str, str]] | None = None,
) -> Response:
    query = select(REVIEW).where(REVIEW.c.group_id == group_id).order_by(REVIEW.c.change_id)
    with city.database.read() as connection:
        lines = connection.execute(query).all()
        if not lines:
            raise HTTPException(404)
        changes = [told(line, "") for line in lines]
        ids = {one.change.record_id for one in changes if one.change}
        numbers = select(RECORD.c.id, RECORD.c.number).where(RECORD.c.id.in_(ids))
        known = {row.id: row.number or "" for row in connection.execute(numbers)}
        shown = {"districts": places.districts(connection), "names": places.devices(connection, [lines[0].device_id])}
    changes = [
        told(line, known.get(one.change.record_id, "") if one.change else "")
        for line, one in zip(lines, changes, strict=True)
    ]
    asked = {"wrong": wrong, "reason": reason, "answers": answers or []}
    open_ones = [line for line in lines if line.state == review.WAITING]
    whose = {"first": (open_ones or lines)[0], "waiting": len(open_ones)}
    return render(request, "review_group.html", 422 if wrong else 200, changes=changes, **whose, **shown, **asked)
