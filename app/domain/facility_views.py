"""Plain values between queries and screens: one line of the list of facilities, and what it is narrowed by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.facilities import FacilityState


class FacilityOrder(StrEnum):
    """What the list may be ordered by."""

    ENTERED = "rid"
    CODE = "code"
    SEEN = "seen_at"


@dataclass(frozen=True)
class FacilityFilter:
    """What the list is narrowed by; everything empty means all. unseen_since: not looked at since that instant, or never.

    doubled: codes that stand on more than one facility. uncoded: without a code. picked: these alone.
    """

    group: str = ""
    states: frozenset[FacilityState] = frozenset()
    street_code: str = ""
    unit_grid: str = ""
    duty_grid: str = ""
    owner: str = ""
    maintainer: str = ""
    minor: str = ""
    major: str = ""
    lit: bool | None = None
    unseen_since: datetime | None = None
    doubled: bool = False
    uncoded: bool = False
    picked: frozenset[UUID] = frozenset()
    search: str = ""
    order: FacilityOrder = FacilityOrder.ENTERED
    ascending: bool = False

    def narrowed(self, **fields: object) -> FacilityFilter:
        """The same filter with more said."""
        return replace(self, **fields)  # type: ignore[arg-type]


class FacilityLine(NamedTuple):
    """One line of the list; a plain tuple, since a page makes hundreds of them."""

    rid: int
    id: UUID
    code: str
    house_number: str
    name: str
    minor_name: str
    group: str
    state: FacilityState
    lit: bool | None
    main_road: bool | None
    street_name: str
    road: str
    address: str
    unit_grid: str
    duty_grid: str
    authority: str
    owner: str
    maintainer: str
    seen_at: datetime | None
    surveyed_on: str
    longitude: float | None
    latitude: float | None

    @property
    def title(self) -> str:
        """What it is called: its own name, else its category."""
        return self.name or self.minor_name

    @property
    def number(self) -> str:
        """The number a person knows it by."""
        return self.code or self.house_number


@dataclass(frozen=True)
class NearFacility:
    """A facility near a point, with the metres between."""

    line: FacilityLine
    metres: float


@dataclass(frozen=True)
class GroupCount:
    """How many facilities a register holds, and how many of them are not intact."""

    group: str
    total: int
    wrong: int
