"""Eight writers and four readers at once on a real PostgreSQL: nobody who reads after a cursor ever misses a line."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, select, text

from app.domain.directory import Unit
from app.wire.sync import Cursor, PullReply, PullRequest, ScopeHead
from server.city import City, open_city
from server.settings import CitySettings
from server.statements import Said, together
from server.sync import city_records, sequence, serve, settling
from server.tables import FEED, RECORD
from tests.server import devices, postgres
from tests.server.bureaus import Bureau
from tests.server.devices import HUIJI, JINSHUI

WRITERS, READERS, ROUNDS = 8, 4, 25


@pytest.fixture
def busy_city(postgres_cluster: postgres.Cluster, tmp_path: Path) -> Iterator[City]:
    """A city on PostgreSQL with the machine's own clock and room for twelve at once."""
    with postgres_cluster.database() as url:
        made = open_city(CitySettings(url, tmp_path / "files", pool_size=16))
        devices.add_districts(made)
        yield made
        made.close()


def dawdling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every transaction that has its numbers takes a little, different each time, before it writes and commits."""
    take: Callable[..., int] = sequence._advance

    def slow(*told: object) -> int:
        number = take(*told)
        time.sleep(random.random() * 0.01)
        return number

    monkeypatch.setattr(sequence, "_advance", slow)


def numbered_by_a_sequence(monkeypatch: pytest.MonkeyPatch, city: City) -> None:
    """Numbers as a database sequence gives them: at once, without waiting for whoever took one before.

    Blocks of 1000, so that one transaction's numbers stand together as they do with the counter.
    """
    with city.database.write() as connection:
        connection.execute(text("CREATE SEQUENCE feed_numbers INCREMENT BY 1000"))

    def take(connection: Connection, _city: City, _scope: str, _growth: object, before: Sequence[Said]) -> int:
        together(connection, *before)
        return int(connection.execute(text("SELECT nextval('feed_numbers')")).scalar_one())

    def newest(connection: Connection, scopes: Collection[str]) -> list[ScopeHead]:
        told = heads(connection, scopes)
        last = dict(connection.execute(select(FEED.c.scope, func.max(FEED.c.seq)).group_by(FEED.c.scope)).all())
        return [head.model_copy(update={"head": last.get(head.scope, 0)}) for head in told]

    heads = serve.heads
    monkeypatch.setattr(settling, "written_at_once", lambda *_told: False)
    monkeypatch.setattr(sequence, "_advance", take)
    monkeypatch.setattr(serve, "heads", newest)


def write(city: City, bureaus: Sequence[Bureau], n: int) -> None:
    """One writer: single changes, bulk ones, work of the city itself, and two scopes in one transaction."""
    chance, bureau = random.Random(n), bureaus[n % len(bureaus)]
    moving: list[UUID] = []
    for turn in range(ROUNDS):
        match chance.randrange(4):
            case 0:
                bureau.push(bureau.unit(f"{n}-{turn}"))
            case 1:
                changes = [bureau.unit(f"{n}-{turn}-{i}") for i in range(chance.randrange(2, 40))]
                moving.append(changes[0].record_id)
                bureau.push(*changes)
            case 2:
                publish(city, [JINSHUI, HUIJI][turn % 2], f"{n}-{turn}")
            case _ if moving:
                move(city, moving[-1], [JINSHUI, HUIJI][turn % 2])
            case _:
                bureau.push(bureau.change("line_test", city.ids.new(), {"words": (None, "x")}), bureau.unit("y"))


def publish(city: City, scope: str, name: str) -> None:
    unit = Unit(id=city.ids.new(), created_at=city.now(), changed_at=city.now(), name=name)
    city.database.retrying(lambda c: city_records.put(c, city, scope=scope, record=unit, who="操作员"))


def move(city: City, record_id: UUID, scope: str) -> None:
    city.database.retrying(lambda c: city_records.move(c, city, record_id=record_id, to_scope=scope, who="操作员"))


class Reader:
    """Follows a scope by its cursor alone, as a desk does, and keeps what it was told."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau, self.scope = bureau, bureau.device.district
        self.after, self.epoch = 0, bureau.pull().scopes[self.scope].head.epoch
        self.held: dict[UUID, int] = {}
        self.gaps = 0

    def look(self) -> bool:
        """One page; True when it brought something."""
        asked = PullRequest(scopes={self.scope: Cursor(epoch=self.epoch, after=self.after)}, limit=50)
        page = PullReply.model_validate_json(serve.pull(self.bureau.city, self.bureau.device, asked)).scopes[self.scope]
        self.gaps += page.from_seq != self.after + 1 or page.snapshot_needed
        for entry in page.entries:
            if entry.op in ("put", "enter"):
                self.held[entry.id] = entry.version
            else:
                self.held.pop(entry.id, None)
        self.after = page.to_seq
        return bool(page.entries)

    def follow(self, written: threading.Event) -> None:
        """Read until the writers are done and nothing more comes."""
        while True:
            over = written.is_set()
            if not self.look() and over:
                return


def run(city: City) -> list[Reader]:
    """All of them at once; gives the readers when everything is quiet."""
    bureaus = [Bureau(city, JINSHUI), Bureau(city, HUIJI), Bureau(city, JINSHUI)]
    readers = [Reader(bureaus[n % 2]) for n in range(READERS)]
    written = threading.Event()
    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        reading = [pool.submit(reader.follow, written) for reader in readers]
        writing = [pool.submit(write, city, bureaus, n) for n in range(WRITERS)]
        try:
            for one in writing:
                one.result(timeout=120)
        finally:
            written.set()
        for one in reading:
            one.result(timeout=120)
    return readers


def live(city: City, scope: str) -> dict[UUID, int]:
    """What the scope holds, by a plain query."""
    alive = select(RECORD.c.id, RECORD.c.version).where(RECORD.c.scope == scope, RECORD.c.deleted.is_(False))
    with city.database.read() as connection:
        return dict(connection.execute(alive).all())


def test_no_reader_misses_a_line_and_the_feed_has_no_hole(busy_city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    dawdling(monkeypatch)
    readers = run(busy_city)
    for reader in readers:
        assert reader.gaps == 0
        assert reader.held == live(busy_city, reader.scope)
        assert reader.bureau.is_equal()
    with busy_city.database.read() as connection:
        ends = select(FEED.c.scope, func.min(FEED.c.seq), func.max(FEED.c.seq), func.count()).group_by(FEED.c.scope)
        dense = {scope: (first, last == count) for scope, first, last, count in connection.execute(ends)}
    assert set(dense.values()) == {(1, True)}
    assert {reader.scope for reader in readers} == {JINSHUI, HUIJI} <= dense.keys()


def test_the_same_with_a_sequence_in_place_of_the_counter_loses_lines(
    busy_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbered_by_a_sequence(monkeypatch, busy_city)
    dawdling(monkeypatch)
    readers = run(busy_city)
    missed = [len(live(busy_city, reader.scope).keys() - reader.held.keys()) for reader in readers]
    assert max(missed) > 0
