"""Files of this PC and those of other PCs: which bytes are here, which the city has, which are on their way.

`files`: bytes that lie here. `deliveries`: what becomes of them on the way to the city. `remote_files`: files that records
name whose bytes are not here (state: wanted, with_city, here).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from db.blobs import BlobRef
from db.engine import run, run_many
from db.types import to_microseconds

_OURS = (
    "SELECT f.sha256 FROM files f WHERE EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = f.sha256) "
    "AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.sha256 = f.sha256)"
)
_OURS_OF = (
    "SELECT DISTINCT p.sha256 FROM photos p JOIN files f ON f.sha256 = p.sha256 WHERE {which} "
    "AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.sha256 = p.sha256)"
)
_AT_ONCE = 400
_QUEUE = (
    "INSERT INTO deliveries(sha256, state, offset, tries, code, thumbnail_sent) "
    "SELECT sha256, 'waiting', 0, 0, '', 0 FROM files WHERE sha256 = ? ON CONFLICT(sha256) DO NOTHING"
)
_OF_OTHERS = (
    "SELECT p.sha256, max(p.size) FROM photos p "
    "WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.sha256 = p.sha256) "
    "AND NOT EXISTS (SELECT 1 FROM remote_files r WHERE r.sha256 = p.sha256) GROUP BY p.sha256 ORDER BY max(p.rid)"
)
_WANT = "INSERT INTO remote_files(sha256, size, state) VALUES (?, ?, 'wanted') ON CONFLICT(sha256) DO NOTHING"
_KEEP = (
    "INSERT INTO files(sha256, size, stored_name, media_type, thumbnail, added_at) VALUES (?, ?, ?, ?, ?, ?) "
    # The same bytes again: their file may have been lost or damaged meanwhile, and this one is whole.
    "ON CONFLICT(sha256) DO UPDATE SET stored_name = excluded.stored_name"
)


@dataclass(frozen=True)
class Waiting:
    """A file of ours the city does not have whole. offset: how far it was when the city last answered."""

    ref: BlobRef
    media_type: str
    offset: int
    tries: int
    thumbnail_sent: bool


@dataclass(frozen=True)
class Wanted:
    """A file named by a record whose bytes are not here."""

    sha256: str
    size: int
    has_thumbnail: bool
    state: str


def find(connection: Connection, sha256: str) -> BlobRef | None:
    """Where a file lies here."""
    row = run(connection, "SELECT sha256, size, stored_name FROM files WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else BlobRef(*row)


def keep(connection: Connection, ref: BlobRef, media_type: str, thumbnail: bytes | None, now: datetime) -> None:
    """Remember bytes that lie here now; what was missing before is sent after all."""
    run(connection, _KEEP, (ref.sha256, ref.size, ref.stored_name, media_type, thumbnail, to_microseconds(now)))
    run(
        connection,
        "UPDATE deliveries SET state = 'waiting', code = '' WHERE sha256 = ? AND state = 'missing'",
        (ref.sha256,),
    )
    run(connection, "UPDATE remote_files SET state = 'here' WHERE sha256 = ?", (ref.sha256,))


def thumbnail(connection: Connection, sha256: str) -> bytes | None:
    """The small picture, made here or fetched from the city."""
    for table in ("files", "remote_files"):
        row = run(connection, f"SELECT thumbnail FROM {table} WHERE sha256 = ?", (sha256,)).fetchone()
        if row is not None and row[0] is not None:
            return bytes(row[0])
    return None


def is_of_others(connection: Connection, sha256: str) -> bool:
    """Whether the city knows a record that names the file, though its bytes never lay here."""
    sql = "SELECT EXISTS (SELECT 1 FROM photos WHERE sha256 = ? AND version > 0)"
    return bool(run(connection, sql, (sha256,)).fetchone()[0])


def media_type(connection: Connection, sha256: str) -> str:
    """What the records say a file is."""
    row = run(connection, "SELECT media_type FROM photos WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
    return "" if row is None else str(row[0])


def queue(connection: Connection, hashes: Iterable[str]) -> None:
    """Queue files of ours that a record names now, in the transaction that writes it."""
    run_many(connection, _QUEUE, [(sha256,) for sha256 in hashes])


def underived(connection: Connection) -> tuple[list[tuple[str]], list[tuple[str, int]]]:
    """(files of ours a record names that are not queued yet, files of others that are not wanted yet).

    The first are few: `queue` was not there for those of salvaged stores and of records that came from elsewhere.
    """
    return run(connection, _OURS).fetchall(), run(connection, _OF_OTHERS).fetchall()


def underived_of(connection: Connection, photo_ids: Sequence[UUID]) -> tuple[list[tuple[str]], list[tuple[str, int]]]:
    """As `underived`, of these photo records alone."""
    ours: list[tuple[str]] = []
    of_others: list[tuple[str, int]] = []
    for start in range(0, len(photo_ids), _AT_ONCE):
        some = [photo_id.bytes for photo_id in photo_ids[start : start + _AT_ONCE]]
        which = f"p.id IN ({', '.join('?' * len(some))})"
        ours += run(connection, _OURS_OF.format(which=which), some).fetchall()
        of_others += run(connection, _OF_OTHERS.replace("WHERE", f"WHERE {which} AND", 1), some).fetchall()
    return ours, of_others


def derive(connection: Connection, ours: Sequence[tuple[str]], of_others: Sequence[tuple[str, int]]) -> None:
    """Queue and want what `underived` found. Done again, nothing changes."""
    run_many(connection, _QUEUE, ours)
    run_many(connection, _WANT, of_others)


def look_again(connection: Connection) -> None:
    """Files missing before may be back: a drive was put in again, a backup brought them."""
    run(connection, "UPDATE deliveries SET state = 'waiting' WHERE state = 'missing'")


def offer_all_again(connection: Connection) -> None:
    """The city was brought back from a backup: what it had then is asked anew, file by file."""
    run(connection, "UPDATE deliveries SET state = 'waiting', thumbnail_sent = 0 WHERE state = 'done'")
    run(connection, "UPDATE remote_files SET state = 'wanted', asked_at = NULL WHERE state = 'with_city'")


def waiting(connection: Connection) -> list[Waiting]:
    """What is to be sent, least tried first, then as taken in."""
    sql = (
        "SELECT f.sha256, f.size, f.stored_name, f.media_type, d.offset, d.tries, d.thumbnail_sent FROM deliveries d "
        "JOIN files f ON f.sha256 = d.sha256 WHERE d.state IN ('waiting', 'sending') ORDER BY d.tries, f.added_at"
    )
    return [Waiting(BlobRef(*row[:3]), row[3], row[4], row[5], bool(row[6])) for row in run(connection, sql)]


def note_offset(connection: Connection, sha256: str, offset: int) -> None:
    """The city has so much of it."""
    run(connection, "UPDATE deliveries SET state = 'sending', offset = ? WHERE sha256 = ?", (offset, sha256))


def note_thumbnail(connection: Connection, sha256: str) -> None:
    """The small picture is with the city."""
    run(connection, "UPDATE deliveries SET thumbnail_sent = 1 WHERE sha256 = ?", (sha256,))


def note_trouble(connection: Connection, sha256: str, code: str, state: str = "waiting") -> None:
    """It did not go; `state` missing when its bytes are gone from this disk."""
    sql = "UPDATE deliveries SET state = ?, tries = tries + 1, code = ? WHERE sha256 = ?"
    run(connection, sql, (state, code, sha256))


def note_done(connection: Connection, ref: BlobRef, at: datetime | None) -> None:
    """The city proved it whole at `at`."""
    sql = (
        "INSERT INTO deliveries(sha256, state, offset, tries, code, thumbnail_sent, city_at) VALUES (?, 'done', ?, 0, '', 1, ?) "
        "ON CONFLICT(sha256) DO UPDATE SET state = 'done', offset = excluded.offset, code = '', city_at = excluded.city_at"
    )
    run(connection, sql, (ref.sha256, ref.size, None if at is None else to_microseconds(at)))


def counts(connection: Connection) -> tuple[int, int]:
    """(files waiting for the city, files missing from this disk)."""
    sql = "SELECT state, count(*) FROM deliveries WHERE state IN ('waiting', 'sending', 'missing') GROUP BY state"
    found = {row[0]: int(row[1]) for row in run(connection, sql)}
    return found.get("waiting", 0) + found.get("sending", 0), found.get("missing", 0)


def wanted(connection: Connection, limit: int, now: datetime, again_after: timedelta) -> list[Wanted]:
    """Files of others to ask the city about, never asked first, then the longest ago. A clock set back stops nothing."""
    sql = (
        "SELECT sha256, size, thumbnail IS NOT NULL, state FROM remote_files r WHERE state = 'wanted' "
        "AND (asked_at IS NULL OR asked_at < ? OR asked_at > ?) "
        "AND EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = r.sha256) "
        "ORDER BY asked_at IS NOT NULL, asked_at, rowid DESC LIMIT ?"
    )
    rows = run(connection, sql, (to_microseconds(now - again_after), to_microseconds(now), limit))
    return [Wanted(row[0], row[1], bool(row[2]), row[3]) for row in rows]


def remote(connection: Connection, sha256: str) -> Wanted | None:
    """What is known of a file of others."""
    sql = "SELECT sha256, size, thumbnail IS NOT NULL, state FROM remote_files WHERE sha256 = ?"
    row = run(connection, sql, (sha256,)).fetchone()
    return None if row is None else Wanted(row[0], row[1], bool(row[2]), row[3])


def note_asked(
    connection: Connection, sha256: str, now: datetime, *, with_city: bool, small: bytes | None = None
) -> None:
    """The city was asked: whether it has all of the file, and the small picture if it gave one."""
    sql = (
        "UPDATE remote_files SET asked_at = ?, thumbnail = coalesce(?, thumbnail), "
        "state = CASE WHEN ? AND state = 'wanted' THEN 'with_city' ELSE state END WHERE sha256 = ?"
    )
    run(connection, sql, (to_microseconds(now), small, with_city, sha256))
