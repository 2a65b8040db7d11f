"""Plain values between the line and whoever shows it: the sync page, the foot line, the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.outages import OutageReport

__all__ = [
    "FieldClash",
    "LineState",
    "LineTestResult",
    "MissingFile",
    "OutageReport",
    "QueueLine",
    "RecordDelivery",
    "RecordState",
    "SyncReport",
    "SyncStatus",
    "Trouble",
]


class LineState(StrEnum):
    """How the line stands."""

    NOT_ENROLLED = "not_enrolled"
    IDLE = "idle"
    RUNNING = "running"
    OUTAGE = "outage"
    PAUSED = "paused"
    STOPPED = "stopped"
    """The city refuses this PC, or a question waits for a person (the brake)."""


class RecordState(StrEnum):
    """Where one record stands on its way to the city."""

    LOCAL = "local"
    """Nothing of it was ever queued (demonstration)."""
    WAITING = "waiting"
    SENT = "sent"
    """The city has everything but some files."""
    WITH_CITY = "with_city"
    REFUSED = "refused"
    CONFLICT = "conflict"
    HELD = "held"


@dataclass(frozen=True)
class RecordDelivery:
    """The state of one record with its children: changes waiting, photos delivered of all."""

    state: RecordState
    waiting: int = 0
    files_done: int = 0
    files: int = 0


@dataclass(frozen=True)
class SyncStatus:
    """Everything the sync page's head and the foot line tell. outage_since: first failure after the last success."""

    state: LineState
    city: str = ""
    url: str = ""
    device_id: UUID | None = None
    pc_mark: str = ""
    waiting: int = 0
    refused: int = 0
    conflicts: int = 0
    held: int = 0
    files_waiting: int = 0
    files_missing: int = 0
    last_success_at: datetime | None = None
    last_try_at: datetime | None = None
    next_try_at: datetime | None = None
    outage_since: datetime | None = None
    problem_code: str = ""
    problem_details: Mapping[str, str] = field(default_factory=dict)
    clock_offset_s: float = 0.0
    first_sync_done: bool = False
    equal: bool | None = None
    brake: int = 0
    """How many removals wait for a person's word; 0: none."""
    numbers_left: int = 0


@dataclass(frozen=True)
class SyncReport:
    """What one run did and what it left. finished: queue empty, files empty, every scope at its head and equal."""

    pushed: int = 0
    merged: int = 0
    pulled: int = 0
    conflicts: int = 0
    refused: int = 0
    held: int = 0
    files_sent: int = 0
    files_fetched: int = 0
    waiting: int = 0
    files_waiting: int = 0
    head: Mapping[str, int] = field(default_factory=dict)
    equal: bool | None = None
    finished: bool = False
    problem_code: str = ""
    problem_details: Mapping[str, str] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """The report as plain values for the command line."""
        return {
            **self.__dict__,
            "head": dict(self.head),
            "files": self.files_sent,
            "problem_details": dict(self.problem_details),
        }


@dataclass(frozen=True)
class QueueLine:
    """One record with changes that are not settled. title: what a clerk calls it (number and what it is about)."""

    record_type: str
    record_id: UUID
    case_id: UUID | None
    title: str
    action: str
    actor_name: str
    made_at: datetime
    changes: int
    state: RecordState
    code: str = ""
    field: str = ""
    message: str = ""
    waiting_for: str = ""


@dataclass(frozen=True)
class FieldClash:
    """One field in three columns. name: the field; title: as forms call it; words: values as a clerk reads them."""

    name: str
    title: str
    before: Any
    mine: Any
    theirs: Any
    before_words: str
    mine_words: str
    theirs_words: str
    only_theirs: bool = False
    """The flow's own fields: only the city's value can stand; the step is taken anew."""


@dataclass(frozen=True)
class Trouble:
    """A conflict or refusal a person decides. merged: fields others changed that went together by themselves."""

    record_type: str
    record_id: UUID
    case_id: UUID | None
    title: str
    state: RecordState
    clashes: tuple[FieldClash, ...] = ()
    merged: tuple[str, ...] = ()
    theirs_by: str = ""
    theirs_at: datetime | None = None
    code: str = ""
    field: str = ""
    message: str = ""
    steps: tuple[str, ...] = ()
    """Steps of mine that would not take effect, in words."""


@dataclass(frozen=True)
class MissingFile:
    """A file a record names whose bytes are neither here nor with the city, or not here yet."""

    sha256: str
    case_id: UUID
    case_no: str
    name: str
    state: str
    code: str = ""


@dataclass(frozen=True)
class LineTestResult:
    """The stations of "test the line", each with seconds or the code it failed with."""

    stations: tuple[tuple[str, float, str], ...]
    ok: bool
