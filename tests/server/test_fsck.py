"""The check finds every kind of damage there is, and says nothing when all is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, update

from app.base.clock import FixedClock
from app.wire.sync import Status
from server import files, fsck, tidy
from server.city import City
from server.tables import AUDIT, BLOB, FEED, RECORD, SCOPE_HEAD
from tests.server.bureaus import Bureau
from tests.server.city_files import send_whole, some_bytes
from tests.server.devices import JINSHUI, OPERATOR

Harm = Callable[[Connection], object]


def filled(city: City) -> Bureau:
    """Three units, one of them edited, and a file."""
    bureau = Bureau(city, JINSHUI)
    first, second, third = bureau.unit("甲"), bureau.unit("乙"), bureau.unit("丙")
    edit = bureau.change("unit", first.record_id, {"phone": ("", "0371")}, base_version=1)
    assert {outcome.status for outcome in bureau.push(first, second, third, edit)} == {Status.APPLIED}
    send_whole(city, JINSHUI, some_bytes(5000))
    return bureau


def kinds(city: City) -> set[str]:
    return {damage.kind for damage in fsck.damages(city)}


def test_a_sound_city_has_no_damage(city: City) -> None:
    filled(city)

    assert list(fsck.damages(city)) == []


IN_JINSHUI = SCOPE_HEAD.c.scope == JINSHUI
HARMS: dict[str, tuple[Harm, set[str]]] = {
    "a line of the feed is gone": (
        lambda c: c.execute(delete(FEED).where(FEED.c.scope == JINSHUI, FEED.c.seq == 2)),
        {"feed_hole", "version_missing"},
    ),
    "the newest line is gone": (
        lambda c: c.execute(delete(FEED).where(FEED.c.scope == JINSHUI, FEED.c.seq == 4)),
        {"feed_hole", "version_missing"},
    ),
    "the head is ahead of the feed": (
        lambda c: c.execute(update(SCOPE_HEAD).where(IN_JINSHUI).values(head=9)),
        {"feed_hole"},
    ),
    "the count is wrong": (
        lambda c: c.execute(update(SCOPE_HEAD).where(IN_JINSHUI).values(live_count=2)),
        {"count_wrong"},
    ),
    "the hash is wrong": (
        lambda c: c.execute(update(SCOPE_HEAD).where(IN_JINSHUI).values(live_hash=1)),
        {"hash_wrong"},
    ),
    "a record was changed past the feed": (
        lambda c: c.execute(update(RECORD).where(RECORD.c.scope == JINSHUI).values(version=RECORD.c.version + 1)),
        {"hash_wrong", "version_missing"},
    ),
    "a record was deleted past the feed": (
        lambda c: c.execute(delete(RECORD).where(RECORD.c.scope == JINSHUI)),
        {"count_wrong", "hash_wrong"},
    ),
    "a scope lost its head": (
        lambda c: c.execute(delete(SCOPE_HEAD).where(IN_JINSHUI)),
        {"feed_stray"},
    ),
    "a file is said to be another": (
        lambda c: c.execute(update(BLOB).values(size=4999)),
        {"file_altered"},
    ),
    "the trail was changed": (
        lambda c: c.execute(update(AUDIT).where(AUDIT.c.deed == "district.add").values(who="别人")),
        {"audit_broken"},
    ),
    "the trail was added to by hand": (
        lambda c: c.execute(
            insert(AUDIT).from_select(
                ["at", "who", "deed", "subject", "note", "hash"],
                AUDIT.select()
                .with_only_columns(AUDIT.c.at, AUDIT.c.who, AUDIT.c.deed, AUDIT.c.subject, AUDIT.c.note, AUDIT.c.hash)
                .limit(1),
            )
        ),
        {"audit_broken"},
    ),
}


@pytest.mark.parametrize("name", HARMS)
def test_damage_in_the_database_is_found(city: City, name: str) -> None:
    filled(city)
    harm, expected = HARMS[name]
    with city.database.write() as connection:
        harm(connection)

    assert kinds(city) == expected


def test_a_file_that_is_gone_or_was_changed_on_the_disk_is_found(sqlite_city: City) -> None:
    filled(sqlite_city)
    shelf = files.shelf_of(sqlite_city)
    (name,) = shelf.names()
    path = sqlite_city.settings.files / name[:2] / name
    whole = path.read_bytes()

    path.write_bytes(whole[:-1] + b"\0")
    altered = kinds(sqlite_city)
    path.unlink()

    assert altered == {"file_altered"}
    assert kinds(sqlite_city) == {"file_missing"}


def test_what_was_tidied_away_is_no_damage(city: City, clock: FixedClock) -> None:
    bureau = filled(city)
    clock.advance(timedelta(days=city.settings.feed_days + 1))
    late = bureau.unit("丁")
    bureau.push(late)

    gone = tidy.tidy(city, who=OPERATOR)

    assert gone["feed"] == 4
    assert list(fsck.damages(city)) == []
    assert bureau.pull(after=3).scopes[JINSHUI].snapshot_needed
    assert [entry.id for entry in bureau.pull(after=4).scopes[JINSHUI].entries] == [late.record_id]
    assert bureau.is_equal()
