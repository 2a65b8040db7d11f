"""Routes by which a PC becomes known."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from app.wire.accounts import EnrolReply, EnrolRequest, RenewRequest
from server import auth, enrolment
from server.api.bodies import takes
from server.auth import city_of, proven

router = APIRouter(prefix="/v1", tags=["accounts"])


@router.post("/enrol", response_model=EnrolReply, openapi_extra=takes(EnrolRequest))
async def enrol(request: Request) -> EnrolReply:
    """Take a PC in with a one-time code."""
    city, sent = city_of(request), await proven(request, auth.LARGEST_OF_STRANGERS)
    auth.refuse_old_protocol(request)
    sent = replace(sent, plain=auth.unpacked(city, sent, known=False))
    source = request.client.host if request.client else ""
    return await run_in_threadpool(enrolment.enrol, city, sent, source)


@router.post("/renew", response_model=EnrolReply, openapi_extra=takes(RenewRequest))
async def renew(request: Request) -> EnrolReply:
    """Give a copied disk an identity of its own."""
    city, sent = city_of(request), await proven(request, auth.LARGEST_OF_STRANGERS)
    sent = replace(sent, plain=auth.unpacked(city, sent, known=False))
    return await run_in_threadpool(enrolment.renew, city, sent)
