"""The line at a glance, put together from what the store says and what the runner is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.services.reference import OFFICE_ZONE
from app.sync.line_log import LineFacts, LineLog, equal_of
from app.sync.link import Link, LinkStore
from app.sync.views import LineState, SyncStatus
from db.queries import numbers, troubles
from db.queries.troubles import Counts
from db.store import Store

STOPS = frozenset(
    {
        "sync.device_revoked",
        "sync.device_unknown",
        "sync.signature_wrong",
        "sync.brake",
        "sync.upgrade_needed",
        "sync.scope_denied",
    }
)
"""Trying again by itself would not help: a person has to do something first."""
READY = "ready"


@dataclass
class Live:
    """What only this process knows: whether a run is under way, and when the runner tries next."""

    running: bool = False
    next_try_at: datetime | None = None


def status_of(store: Store, links: LinkStore, log: LineLog, live: Live, pc_mark: str) -> SyncStatus:
    """Everything the foot line and the head of the sync page tell."""
    link, facts = links.get(), log.facts()
    with store.read() as reader:
        counts = troubles.counts(reader.connection)
        files_waiting, files_missing = troubles.file_counts(reader.connection)
        left = (
            0
            if link is None
            else numbers.left(reader.connection, link.device_id, "case", store.clock.now().astimezone(OFFICE_ZONE).year)
        )
    if link is None:
        return SyncStatus(LineState.NOT_ENROLLED, pc_mark=pc_mark, waiting=counts.waiting, files_waiting=files_waiting)
    return SyncStatus(
        state=_state(link, facts, live),
        city=link.city,
        url=link.url,
        device_id=link.device_id,
        pc_mark=pc_mark,
        **_numbers(counts),
        files_waiting=files_waiting,
        files_missing=files_missing,
        last_success_at=facts.last_success_at,
        last_try_at=facts.last_try_at,
        next_try_at=live.next_try_at,
        outage_since=facts.failing_since,
        problem_code=facts.trouble_code,
        problem_details=facts.trouble_details,
        clock_offset_s=link.clock_offset_ms / 1000,
        first_sync_done=bool(facts.scopes) and all(scope.phase == READY for scope in facts.scopes),
        equal=equal_of(facts.scopes),
        brake=_brake(facts),
        numbers_left=left,
    )


def _numbers(counts: Counts) -> dict[str, int]:
    return {
        "waiting": counts.waiting,
        "conflicts": counts.conflicts,
        "refused": counts.refused,
        "held": counts.held,
    }


def _state(link: Link, facts: LineFacts, live: Live) -> LineState:
    if live.running:
        return LineState.RUNNING
    if link.paused:
        return LineState.PAUSED
    if facts.trouble_code in STOPS:
        return LineState.STOPPED
    return LineState.OUTAGE if facts.failing_since is not None else LineState.IDLE


def _brake(facts: LineFacts) -> int:
    """How many removals wait for a person's word."""
    said = facts.trouble_details.get("count", "") if facts.trouble_code == "sync.brake" else ""
    return int(said) if said.isdecimal() else 0
