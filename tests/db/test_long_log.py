"""Many writes in a row let the log grow; each is safe all the same, and afterwards the log is short again."""

from __future__ import annotations

import pytest

from app.desk import Desk
from app.domain.directory import Road
from app.domain.permissions import Actor
from db.store import LOG_PAGES

PAGE_BYTES = 4096
HEAVY = "路" * 40


def write(desk: Desk, actor: Actor, times: int) -> None:
    """Roads of one deed after another, some hundred pages each."""
    for _ in range(times):
        with desk.store.write(actor, "directory.road") as tx:
            roads = [Road(id=tx.ids.new(), created_at=tx.now, changed_at=tx.now, name=HEAVY) for _ in range(1000)]
            tx.add_many(roads)


def log_pages(desk: Desk) -> int:
    """How many pages the log takes on the disk."""
    log = desk.paths.database.with_name(desk.paths.database.name + "-wal")
    return log.stat().st_size // PAGE_BYTES


def test_the_log_grows_only_while_many_writes_are_made(desk: Desk, actor: Actor) -> None:
    write(desk, actor, 12)
    usual = log_pages(desk)
    with desk.store.long_log():
        write(desk, actor, 12)
        long = log_pages(desk)
    write(desk, actor, 12)

    assert usual < 1.5 * LOG_PAGES
    assert long > 2 * LOG_PAGES
    assert log_pages(desk) < long + LOG_PAGES, "it is written over from its beginning again"


def fail_after_a_while(desk: Desk, actor: Actor) -> None:
    with desk.store.long_log():
        write(desk, actor, 1)
        with desk.store.write(actor, "directory.road") as tx:
            tx.add(Road(id=tx.ids.new(), created_at=tx.now, changed_at=tx.now, name="半途"))
            raise ZeroDivisionError


def test_what_is_written_meanwhile_is_there_although_the_last_of_it_failed(desk: Desk, actor: Actor) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_a_while(desk, actor)

    with desk.store.read() as reader:
        names = {road.name for road in reader.all(Road)}
    assert HEAVY in names
    assert "半途" not in names
