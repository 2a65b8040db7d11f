"""Whom a request of a signed PC is refused to, and what its body says."""

from __future__ import annotations

import re
from typing import TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from app.domain.problems import Refused
from app.wire.signing import PROTOCOL_HEADER
from app.wire.sync import OLDEST_PROTOCOL, PullRequest
from server import devices
from server.admission import admitted
from server.city import City
from server.devices import Device
from server.proven import LARGEST_OF_STRANGERS, Proven, Signed, city_of, keep_dead_letter, proven, unpacked

__all__ = [
    "LARGEST_OF_STRANGERS",
    "Device",
    "Proven",
    "Signed",
    "city_of",
    "keep_dead_letter",
    "proven",
    "signed",
    "understood",
    "unpacked",
]

M = TypeVar("M", bound=BaseModel)


async def signed(request: Request) -> Signed:
    """The device behind a request (FastAPI dependency).

    Raises Refused("sync.proof_missing" | "sync.device_unknown" | "sync.signature_wrong" | "sync.counter_old" |
    "sync.device_revoked" | "sync.upgrade_needed" | "sync.too_large" | "sync.request_broken").
    """
    return await run_in_threadpool(_signed, request, await proven(request))


def _signed(request: Request, sent: Proven) -> Signed:
    found = admitted(city_of(request), sent)
    refuse(request, found.device)
    return found


def refuse(request: Request, device: Device) -> None:
    """Whom nothing is given to. Raises Refused("sync.device_revoked"), ("sync.upgrade_needed")."""
    if device.revoked:
        _note_stopped(city_of(request), device.id)
        raise Refused("sync.device_revoked")
    refuse_old_protocol(request)


def refuse_old_protocol(request: Request) -> None:
    """Raises Refused("sync.upgrade_needed") for a program that speaks a protocol older than we still answer."""
    said = request.headers.get(PROTOCOL_HEADER, "")
    if said.isascii() and said.isdigit() and int(said[:9]) < OLDEST_PROTOCOL:
        raise Refused("sync.upgrade_needed")


def refuse_old_program(city: City, asked: PullRequest) -> None:
    """Raises Refused("sync.upgrade_needed") for a program the operator no longer lets receive; it may still hand in."""
    oldest = _version(city.settings.oldest_program)
    if asked.protocol < OLDEST_PROTOCOL or (oldest and asked.program and _version(asked.program) < oldest):
        raise Refused("sync.upgrade_needed")


def _version(words: str) -> tuple[int, ...]:
    """1.10.2 as numbers, so that it comes after 1.9."""
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", words)[:4])


def readable(kind: type[M], body: bytes) -> M | None:
    """The body as `kind`; None when it is none."""
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        return None


def understood(request: Request, sent: Signed, kind: type[M]) -> M:
    """The body as `kind`. Raises Refused("sync.request_broken") after keeping the bytes as a dead letter."""
    try:
        return kind.model_validate_json(sent.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        reason = f"{'.'.join(map(str, first['loc']))} {first['type']}".strip()
        agent = request.headers.get("User-Agent", "")[:200]
        keep_dead_letter(city_of(request), sent.device.id, "sync.request_broken", reason, agent, sent.body)
        raise Refused("sync.request_broken", reason=reason) from None


def _note_stopped(city: City, device_id: UUID) -> None:
    """A stopped PC that asks all the same is an attempt the operator sees."""
    city.database.retrying(
        lambda connection: devices.note_failure(connection, city.now(), device_id, "sync.device_revoked")
    )
