"""Enrolment, devices, numbers: how a PC becomes known to the city."""

from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime, Field

from app.wire.sync import PROTOCOL, ScopeHead, Wire


class LocalPerson(Wire):
    """A person known at the PC when it enrols."""

    id: UUID
    name: str = Field(max_length=40)
    login: str = Field(max_length=40)
    roles: tuple[str, ...] = ()
    active: bool = True


class EnrolRequest(Wire):
    """A PC introduces itself with a one-time code. Keys: raw 32 bytes, base64url without padding.

    sign_key: Ed25519, proves every later request. box_key: X25519, for sealed files from the city.
    """

    protocol: int = PROTOCOL
    code: str = Field(min_length=4, max_length=40)
    device_id: UUID
    sign_key: str = Field(min_length=43, max_length=44)
    box_key: str = Field(min_length=43, max_length=44)
    district: str = Field(min_length=6, max_length=6)
    office: str = Field(max_length=60)
    office_mark: str = Field(max_length=12)
    pc_mark: str = Field(max_length=8)
    machine: str = Field(default="", max_length=64)
    program: str = Field(default="", max_length=40)
    persons: list[LocalPerson] = Field(default_factory=list, max_length=500)


class EnrolReply(Wire):
    """The city takes the PC in. to_map: persons whose name or login the city knows under another id."""

    now: AwareDatetime
    city: str
    district: str
    pc_mark: str
    sign_key: str
    box_key: str
    scopes: list[ScopeHead]
    to_map: list[UUID] = Field(default_factory=list)


class RenewRequest(Wire):
    """A cloned disk or a restored image asks for an identity of its own; signed with the old device's key."""

    device_id: UUID
    sign_key: str = Field(min_length=43, max_length=44)
    box_key: str = Field(min_length=43, max_length=44)
    machine: str = Field(default="", max_length=64)
    reason: str = Field(default="", max_length=40)
    pc_mark: str = Field(default="", max_length=8)


class NumberRequest(Wire):
    """Ask for a block of official numbers. request_id: asked again with the same one, the same block comes back."""

    request_id: UUID
    kind: str = Field(min_length=1, max_length=20)
    year: int = Field(ge=2000, le=2200)
    count: int = Field(ge=1, le=1000)


class NumberBlock(Wire):
    """Numbers `first`..`last` of a kind and year belong to this PC alone; `pattern` makes the number of {n}."""

    id: UUID
    kind: str
    year: int
    first: int
    last: int
    pattern: str


class Health(Wire):
    """The city is there: its name, its instant, the newest and the oldest protocol it speaks."""

    city: str
    now: AwareDatetime
    protocol: int = PROTOCOL
    oldest_protocol: int = PROTOCOL
