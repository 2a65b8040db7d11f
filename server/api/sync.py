"""Routes of push, pull and snapshot."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.wire.sync import PAGE_ROWS, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply
from server.admission import admitted_closely, counter_used, entry
from server.api.bodies import takes
from server.auth import Signed, city_of, proven, readable, refuse, refuse_old_program, signed, understood
from server.city import City
from server.devices import Device, Entry, NotEntered
from server.proven import Proven, plain
from server.sync import receive, serve
from server.sync.reading import push_request

router = APIRouter(prefix="/v1/sync", tags=["sync"])

JSON = "application/json"
WORTH_PACKING = 1400
Sent = Annotated[Signed, Depends(signed)]
Limit = Annotated[int, Query(ge=1, le=serve.MOST_ROWS)]
Scope = Annotated[str, Query(max_length=60)]


@router.post("/push", response_model=PushReply, openapi_extra=takes(PushRequest))
async def push(request: Request) -> Response:
    """Take in changes; a revoked PC's go to the review tray."""
    return await run_in_threadpool(_pushed, request, await proven(request))


@router.post("/pull", response_model=PullReply, openapi_extra=takes(PullRequest))
async def pull(request: Request) -> Response:
    """Entries of the feed after the cursors; waits for news without holding a connection to the database."""
    device, asked, answer = await run_in_threadpool(_asked, request, await proven(request))
    if answer is not None:
        return answer
    city = city_of(request)
    if asked.wait:
        await _news(city, device, asked)
    return await run_in_threadpool(lambda: _answer(request, serve.pull(city, device, asked)))


@router.get("/snapshot", response_model=SnapshotReply)
def snapshot(
    request: Request, sent: Sent, scope: Scope, after: UUID | None = None, limit: Limit = PAGE_ROWS
) -> Response:
    """Live records of a scope in id order, from the one after `after`."""
    return _answer(request, serve.snapshot(city_of(request), sent.device, scope, after, limit))


def _pushed(request: Request, sent: Proven) -> Response:
    city = city_of(request)
    known = entry(city, sent)
    reply = None if known is None else _pushed_at_once(city, sent, known)
    if reply is None:
        found = admitted_closely(city, sent)
        asked = push_request(found.body) or understood(request, found, PushRequest)
        reply = receive.receive(city, found.device, asked, raw=found.body, agent=sent.agent)
    return _answer(request, reply.model_dump_json().encode())


def _pushed_at_once(city: City, sent: Proven, known: Entry) -> PushReply | None:
    """Counter and changes in one transaction; None when the request must be looked at closely."""
    body = plain(city, sent)
    asked = None if body is None else push_request(body)
    if body is None or asked is None or not asked.changes:
        return None
    try:
        with counter_used(city, sent):
            return receive.receive_entering(city, known, asked, raw=body, agent=sent.agent)
    except NotEntered:
        return None


def _asked(request: Request, sent: Proven) -> tuple[Device, PullRequest, Response | None]:
    """Who asks for what; the answer as well when it is that there is nothing new, and nobody waits for it."""
    city = city_of(request)
    known, body = entry(city, sent), plain(city, sent)
    asked = None if known is None or body is None else readable(PullRequest, body)
    if known is not None and asked is not None:
        with suppress(NotEntered):
            device, heads = serve.glance(city, known, asked)
            refuse(request, device)
            refuse_old_program(city, asked)
            serve.permit(device, asked.scopes)
            nothing = None if asked.wait else serve.nothing_new(city, heads, asked)
            return device, asked, None if nothing is None else _answer(request, nothing)
    found = admitted_closely(city, sent)
    refuse(request, found.device)
    asked = understood(request, found, PullRequest)
    refuse_old_program(city, asked)
    return found.device, asked, None


def _answer(request: Request, body: bytes) -> Response:
    """JSON, packed for whoever takes it so: a row of some 1,300 bytes goes over a thin office line as 160."""
    if len(body) < WORTH_PACKING or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(body, media_type=JSON)
    packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(gzip.compress(body, compresslevel=1, mtime=0), headers=packed, media_type=JSON)


async def _news(city: City, device: Device, asked: PullRequest) -> None:
    """Return once there is something to pull, or the time the PC gave is over."""
    # Listening begins before the look: what is committed between the two is heard.
    waiting = asyncio.create_task(city.waker.wait(asked.scopes, asked.wait))
    try:
        await asyncio.sleep(0)
        if not await run_in_threadpool(serve.has_news, city, device, asked):
            await waiting
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
