"""What is old goes, what somebody may still need stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.base.clock import FixedClock
from server import devices, files, fsck, tidy
from server.city import City
from server.tables import ATTEMPT, FEED, RECORD, SCOPE_HEAD
from tests.server.bureaus import Bureau
from tests.server.city_files import offer_of, some_bytes
from tests.server.devices import JINSHUI, OPERATOR


def test_young_feed_lines_stay(city: City, clock: FixedClock) -> None:
    bureau = Bureau(city, JINSHUI)
    bureau.push(bureau.unit())
    clock.advance(timedelta(days=city.settings.feed_days))

    assert tidy.tidy(city, who=OPERATOR)["feed"] == 0


def test_records_outlive_their_feed_lines_and_can_still_be_edited(city: City, clock: FixedClock) -> None:
    bureau = Bureau(city, JINSHUI)
    unit = bureau.unit()
    bureau.push(unit)
    clock.advance(timedelta(days=city.settings.feed_days + 1))
    tidy.tidy(city, who=OPERATOR)

    edit = bureau.change("unit", unit.record_id, {"phone": ("", "0371")}, base_version=1)

    assert bureau.push(edit)[0].status == "applied"
    with city.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(RECORD)).scalar_one() == 1
        assert connection.execute(select(FEED.c.seq)).scalars().all() == [2]
        floor = connection.execute(select(SCOPE_HEAD.c.floor).where(SCOPE_HEAD.c.scope == JINSHUI)).scalar_one()
    assert floor == 1


def test_a_long_feed_is_cut_piece_by_piece_up_to_the_first_young_line(
    city: City, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidy, "LINES_AT_ONCE", 3)
    bureau = Bureau(city, JINSHUI)
    bureau.push(*(bureau.unit() for _ in range(7)))
    clock.advance(timedelta(days=city.settings.feed_days + 1))
    bureau.push(bureau.unit())

    assert tidy.tidy(city, who=OPERATOR)["feed"] == 7
    assert [entry.seq for entry in bureau.pull(after=7).scopes[JINSHUI].entries] == [8]
    assert list(fsck.damages(city)) == []


def test_uploads_nobody_goes_on_with_are_forgotten(city: City, clock: FixedClock) -> None:
    data = some_bytes(2000)
    state = files.offer(city, JINSHUI, offer_of(data))
    files.append(city, JINSHUI, state.sha256, 0, data[:1000])
    clock.advance(timedelta(days=city.settings.partial_file_days, seconds=1))

    assert tidy.tidy(city, who=OPERATOR)["files"] >= 1
    assert files.state(city, JINSHUI, state.sha256).state == "unknown"


def test_old_failures_go_and_strangers_never_fill_the_disk(
    city: City, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidy, "MOST_UNKNOWN_ATTEMPTS", 10)
    pc = city.ids.new()
    with city.database.write() as connection:
        devices.note_failure(connection, city.now(), pc, "sync.counter_old")
    clock.advance(timedelta(days=city.settings.feed_days + 1))
    with city.database.write() as connection:
        for _ in range(tidy.MOST_UNKNOWN_ATTEMPTS + 5):
            devices.note_failure(connection, city.now(), None, "sync.device_unknown")

    gone = tidy.tidy(city, who=OPERATOR)["attempts"]

    assert gone == 1 + 5
    with city.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(ATTEMPT)).scalar_one() == tidy.MOST_UNKNOWN_ATTEMPTS
