"""What a time without the city came to, once it was over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class OutageReport:
    """What an outage left behind once it was over; can be printed."""

    since: datetime
    until: datetime
    tries: int
    most_waiting: int
    pushed: int
    pulled: int
    conflicts: int
    refused: int
    held: int
    files_sent: int
    waiting: int
    equal: bool | None
