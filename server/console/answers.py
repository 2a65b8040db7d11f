"""Changes the city did not take over: refused, or in conflict; each with the answer the desk got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic_core import from_json
from sqlalchemy import select

from app.domain.catalog import TYPE_NAMED
from server.console import keyset, places, words
from server.console.pages import console_router, render
from server.console.seats import city_of, seated
from server.tables import DEVICE, OUTCOME, RECORD

router = console_router()
STATES = ("refused", "conflict")


@dataclass(frozen=True)
class Answered:
    """An outcome as the page shows it. clashes: title, what the person saw, what they set, what the city has."""

    line: Any
    reason: str
    field: str
    clashes: list[tuple[str, Any, Any, Any]]


@router.get("/refused", dependencies=[Depends(seated)])
def listing(request: Request, state: str = "", district: str = "", after: str = "") -> Response:
    """The newest first."""
    device = (DEVICE.c.district, DEVICE.c.office, DEVICE.c.pc_mark)
    query = select(OUTCOME, *device, RECORD.c.type, RECORD.c.number).select_from(
        OUTCOME.outerjoin(DEVICE, DEVICE.c.id == OUTCOME.c.device_id).outerjoin(
            RECORD, RECORD.c.id == OUTCOME.c.record_id
        )
    )
    query = query.where(OUTCOME.c.status.in_([state] if state in STATES else STATES))
    if district:
        query = query.where(DEVICE.c.district == district)
    with city_of(request).database.read() as connection:
        page = keyset.page_of(connection, query, (OUTCOME.c.at, OUTCOME.c.change_id), after, newest_first=True)
        known = places.districts(connection)
    answers = [answered(line) for line in page.lines]
    asked = {"state": state, "district": district, "districts": known}
    return render(request, "refused.html", page=page, answers=answers, **asked)


def answered(line: Any) -> Answered:
    """The stored answer in words; one that cannot be read is shown as it is."""
    try:
        answer = from_json(line.answer or "{}")
    except ValueError:
        answer = {}
    if not isinstance(answer, dict):
        answer = {}
    kind, field = line.type or "", str(answer.get("field") or "")
    reason = words.code(str(answer.get("code") or ""), _details(answer)) or str(answer.get("message") or "")
    clashes = answer.get("clashes")
    found = [
        (words.field_title(kind, name), clash.get("before"), clash.get("mine"), clash.get("theirs"))
        for name, clash in (clashes.items() if isinstance(clashes, dict) else ())
        if isinstance(clash, dict)
    ]
    return Answered(line, reason, words.field_title(kind, field) if field else "", found)


def _details(answer: dict[str, Any]) -> dict[str, object]:
    details = answer.get("details")
    given = dict(details) if isinstance(details, dict) else {}
    if given.get("type") in TYPE_NAMED:
        given["type"] = words.type_title(str(given["type"]))
    return given
