"""Districts and PCs by their names, for the lists of every page."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, select

from server.tables import DEVICE, DISTRICT


def districts(connection: Connection) -> dict[str, str]:
    """Name by code, in the order of the codes."""
    rows = connection.execute(select(DISTRICT.c.code, DISTRICT.c.name).order_by(DISTRICT.c.code))
    return {row.code: row.name for row in rows}


def devices(connection: Connection, ids: Collection[UUID | None]) -> dict[UUID, str]:
    """Office and mark of PCs by id."""
    wanted = {device_id for device_id in ids if device_id is not None}
    rows = connection.execute(select(DEVICE.c.id, DEVICE.c.office, DEVICE.c.pc_mark).where(DEVICE.c.id.in_(wanted)))
    return {row.id: f"{row.office} {row.pc_mark}" for row in rows}
