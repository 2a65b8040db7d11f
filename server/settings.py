"""What the city is started with; the command line and the environment say it, nothing is read from the desk's settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DATABASE_VARIABLE = "GRIDDESK_DATABASE"
FILES_VARIABLE = "GRIDDESK_FILES"
OLDEST_VARIABLE = "GRIDDESK_OLDEST_PROGRAM"


@dataclass(frozen=True)
class CitySettings:
    """database: an SQLAlchemy URL, postgresql+psycopg://… or sqlite:///FILE. files: where received files lie.

    oldest_program: programs below this version may hand in work but receive nothing; "" lets all receive.
    secure_cookies: the console's cookie is sent over TLS alone; off on loopback only.
    """

    database: str
    files: Path
    secure_cookies: bool = True
    pool_size: int = 8
    largest_body: int = 8 * 1024 * 1024
    largest_unpacked: int = 64 * 1024 * 1024
    largest_file_mb: int = 500
    feed_days: int = 90
    partial_file_days: int = 14
    oldest_program: str = ""
