"""The review tray: work of revoked persons and PCs, group by group taken over or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from app.domain.problems import Refused
from app.wire.sync import Change, Outcome, Status
from server import audit
from server.city import City
from server.sync.receive import receive_reviewed
from server.tables import REVIEW

WAITING, ACCEPTED, REFUSED = "waiting", "accepted", "refused"


def waiting(connection: Connection, group_id: UUID) -> list[Any]:
    """The waiting changes of a group in the order they came. Raises Refused("city.review_unknown")."""
    chosen = select(REVIEW).where(REVIEW.c.group_id == group_id, REVIEW.c.state == WAITING)
    rows = list(connection.execute(chosen.order_by(REVIEW.c.at, REVIEW.c.change_id)))
    if not rows:
        raise Refused("city.review_unknown", group=group_id)
    return rows


def accept(city: City, group_id: UUID, *, who: str) -> list[Outcome]:
    """Judge a group as if its person or PC were not revoked; the PC hears the outcome when it sends the work again.

    A group that still waits for something else stays in the tray. Raises Refused("city.review_unknown").
    """
    with city.database.read() as connection:
        rows = waiting(connection, group_id)
    outcomes: list[Outcome] = []
    # A PC names its groups itself: under the same name each PC's work stays work of that PC and its district.
    for device_id, district in dict.fromkeys((row.device_id, row.district) for row in rows):
        mine = [row for row in rows if (row.device_id, row.district) == (device_id, district)]
        changes = sorted((Change.model_validate_json(row.change) for row in mine), key=lambda change: change.seq)
        # Should the city stop before the tray is marked, accepting again gives the same answers.
        outcomes += receive_reviewed(city, device_id, district, changes, who)
    if not any(outcome.status is Status.HELD for outcome in outcomes):
        said = " ".join(sorted({outcome.status.value for outcome in outcomes}))
        city.database.retrying(lambda connection: _decide(connection, city, rows, ACCEPTED, "", said, who))
    return outcomes


def refuse(city: City, group_id: UUID, reason: str, *, who: str) -> None:
    """Send a group back: the PC shows the reason and keeps the work. Raises Refused("city.review_unknown")."""

    def decide(connection: Connection) -> None:
        _decide(connection, city, waiting(connection, group_id), REFUSED, reason, reason, who)

    city.database.retrying(decide)


def _decide(
    connection: Connection, city: City, rows: Sequence[Any], state: str, note: str, told: str, who: str
) -> None:
    """Mark these rows of one group; what came into it meanwhile goes on waiting."""
    values = {"state": state, "note": note, "decided_by": who[:60], "decided_at": city.now()}
    mine = update(REVIEW).where(REVIEW.c.change_id.in_([row.change_id for row in rows]), REVIEW.c.state == WAITING)
    if connection.execute(mine.values(values)).rowcount:
        audit.note(connection, city.now(), who, f"review.{state}", str(rows[0].group_id), told)
