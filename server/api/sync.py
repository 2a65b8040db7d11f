"""Routes of push, pull and snapshot."""

from __future__ import annotations

import asyncio
import gzip
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.wire.sync import PAGE_ROWS, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply
from server.api.bodies import takes
from server.auth import Signed, city_of, refuse_old_program, signed, signed_even_when_revoked, understood
from server.city import City
from server.devices import Device
from server.sync import receive, serve
from server.sync.reading import push_request

router = APIRouter(prefix="/v1/sync", tags=["sync"])

JSON = "application/json"
WORTH_PACKING = 1400
Sent = Annotated[Signed, Depends(signed)]
SentByAnybody = Annotated[Signed, Depends(signed_even_when_revoked)]
Limit = Annotated[int, Query(ge=1, le=serve.MOST_ROWS)]
Scope = Annotated[str, Query(max_length=60)]


@router.post("/push", response_model=PushReply, openapi_extra=takes(PushRequest))
def push(request: Request, sent: SentByAnybody) -> Response:
    """Take in changes; a revoked PC's go to the review tray."""
    asked = push_request(sent.body) or understood(request, sent, PushRequest)
    agent = request.headers.get("User-Agent", "")
    reply = receive.receive(city_of(request), sent.device, asked, raw=sent.body, agent=agent)
    return _answer(request, reply.model_dump_json().encode())


@router.post("/pull", response_model=PullReply, openapi_extra=takes(PullRequest))
async def pull(request: Request, sent: Sent) -> Response:
    """Entries of the feed after the cursors; waits for news without holding a connection to the database."""
    asked = await run_in_threadpool(understood, request, sent, PullRequest)
    city = city_of(request)
    refuse_old_program(city, asked)
    if asked.wait:
        await _news(city, sent.device, asked)
    return await run_in_threadpool(lambda: _answer(request, serve.pull(city, sent.device, asked)))


@router.get("/snapshot", response_model=SnapshotReply)
def snapshot(
    request: Request, sent: Sent, scope: Scope, after: UUID | None = None, limit: Limit = PAGE_ROWS
) -> Response:
    """Live records of a scope in id order, from the one after `after`."""
    return _answer(request, serve.snapshot(city_of(request), sent.device, scope, after, limit))


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
