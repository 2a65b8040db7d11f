"""Brings the city's database to this program's schema."""

from __future__ import annotations

from server.database import Database
from server.tables import METADATA


def bring_up_to_date(database: Database) -> None:
    """Make what is missing."""
    METADATA.create_all(database.engine)
