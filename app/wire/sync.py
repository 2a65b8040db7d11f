"""Push and pull: changes go up and get an outcome each, feed entries come down in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

PROTOCOL = 1
OLDEST_PROTOCOL = 1
CITY_SCOPE = "city"
MAX_CHANGES = 500
MAX_PUSH_BYTES = 1_000_000
PAGE_ROWS = 1000
LONGEST_WAIT_S = 25
HASH_MODULUS = 2**61 - 1

FieldChanges = dict[str, tuple[Any, Any]]


class Wire(BaseModel):
    """An envelope. Names this side does not know yet are kept and travel on."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Change(Wire):
    """One change of one record, as the desk wrote it down; its bytes never change again.

    fields: name -> (value the person saw, value they set), as JSON values; for a new record the first is null and fields
    that hold their default are left out. base_version: the city's version the person saw, 0 for a record the city has
    not seen. follows: this desk's previous change of the same record that the city had not settled then.
    group: changes of one use case stand or fall together. action: the deed, as in the audit trail.
    """

    change_id: UUID
    group: UUID
    seq: int = Field(ge=1)
    record_type: str = Field(min_length=1, max_length=40)
    record_id: UUID
    action: str = Field(max_length=80)
    schema_no: int = Field(default=1, ge=1)
    base_version: int = Field(ge=0)
    follows: UUID | None = None
    fields: FieldChanges
    made_at: AwareDatetime
    actor_id: UUID
    actor_name: str = Field(max_length=60)


class Status(StrEnum):
    """What became of a change."""

    APPLIED = "applied"
    MERGED = "merged"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"
    HELD = "held"


SETTLED = frozenset({Status.APPLIED, Status.MERGED, Status.DUPLICATE})
"""The city has taken it over for good."""


class Clash(Wire):
    """One field both sides changed: what the person saw, what they set, what the city has."""

    before: Any = None
    mine: Any = None
    theirs: Any = None


class Outcome(Wire):
    """The city's answer to one change.

    settled: scope, seq and version it got, and the city's instant. merged: `row` is the whole record as it stands now.
    conflict: `clashes` by field, `version` and `row` of the city's record. refused: a code of the catalogue of problems,
    the field, a sentence, and the details its words need. held: `waiting_for` a change, or the words "review" or "parent".
    """

    change_id: UUID
    status: Status
    scope: str = ""
    seq: int = 0
    version: int = 0
    at: AwareDatetime | None = None
    code: str = ""
    field: str = ""
    message: str = ""
    details: dict[str, str] = Field(default_factory=dict)
    clashes: dict[str, Clash] = Field(default_factory=dict)
    row: dict[str, Any] | None = None
    waiting_for: str = ""


class PushRequest(Wire):
    """Up to MAX_CHANGES changes in the order they were made; a group is never split between two requests."""

    protocol: int = PROTOCOL
    program: str = ""
    sent_at: datetime | None = None
    changes: list[Change] = Field(max_length=MAX_CHANGES)


def written(request: PushRequest, changes: Iterable[str]) -> str:
    """The JSON of a request without changes of its own, with these in their place, written as `Change` says them."""
    empty = request.model_dump_json()
    at = empty.index("[]", empty.index('"changes":')) + 1
    return f"{empty[:at]}{','.join(changes)}{empty[at:]}"


class PushReply(Wire):
    """One outcome for each change, in the same order. now: the city's clock."""

    now: AwareDatetime
    outcomes: list[Outcome]


class ScopeHead(Wire):
    """How far a scope has come, and what it holds: `count` live records, `hash` over their ids and versions."""

    scope: str
    epoch: str
    head: int = Field(ge=0)
    count: int = Field(ge=0)
    hash: int = Field(ge=0)
    floor: int = Field(default=0, ge=0)


class Cursor(Wire):
    """Where a desk stands in a scope. epoch "" asks what there is."""

    epoch: str = ""
    after: int = Field(default=0, ge=0)


class PullRequest(Wire):
    """wait: seconds to hold the answer open when there is nothing new. lean: what this PC sent itself comes without its row."""

    protocol: int = PROTOCOL
    program: str = ""
    scopes: dict[str, Cursor]
    limit: int = Field(default=PAGE_ROWS, ge=1, le=5000)
    wait: int = Field(default=0, ge=0, le=LONGEST_WAIT_S)
    lean: bool = False


Op = Literal["put", "enter", "leave", "delete"]


class Entry(Wire):
    """One line of the feed. row: the record's fields without id and version (put, enter); None otherwise, and in a lean
    answer for what the asking PC sent itself.
    """

    seq: int
    op: Op
    type: str
    id: UUID
    version: int
    row: dict[str, Any] | None = None


class ScopePage(Wire):
    """Entries `from_seq`..`to_seq` of a scope, without a gap: from_seq is the cursor + 1 and to_seq >= from_seq - 1.

    snapshot_needed: the cursor is of another epoch or older than the feed reaches; ask for a snapshot.
    """

    head: ScopeHead
    from_seq: int
    to_seq: int
    entries: list[Entry]
    snapshot_needed: bool = False


class PullReply(Wire):
    """One page for each scope asked for, all read in one snapshot of the city's database."""

    now: AwareDatetime
    scopes: dict[str, ScopePage]


class SnapshotReply(Wire):
    """The live records of a scope with an id above the one asked for, in id order; `next` None: that was all.

    head: read before the first row of this page; the desk keeps the head of its first page and pulls on from there.
    """

    now: AwareDatetime
    head: ScopeHead
    rows: list[Entry]
    next: UUID | None = None
