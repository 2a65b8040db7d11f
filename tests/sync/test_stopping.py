"""Closing the program while the city does not answer: nobody waits for it, nothing is lost, nothing is called an outage."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from app.base.watch import Cancelled
from app.domain.problems import Unavailable
from app.sync.city import CityClient
from app.sync.link import LinkStore
from app.sync.runner import SyncRunner
from app.sync.service import SyncService
from app.sync.views import LineState, SyncStatus
from server.city import City
from server.main import create_app
from tests.sync.certificates import an_authority
from tests.sync.conftest import MakeOffice
from tests.sync.fault_proxy import Exchange, FaultProxy, fault_proxy
from tests.sync.live_city import live
from tests.sync.offices import Office
from tests.sync.services import a_service

PATIENCE_S = 30
PLACES = ("/v1/sync/push", "/v1/sync/pull", "/v1/sync/snapshot")


@dataclass
class Silent:
    """A city that has a request and says nothing until it is let go."""

    asked: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange) -> None:
        self.asked.set()
        self.let_go.wait(PATIENCE_S)


@dataclass
class Closing:
    """An office whose line runs by itself, to a city that can fall silent."""

    office: Office
    service: SyncService
    proxy: FaultProxy
    silent: Silent = field(default_factory=Silent)
    told: list[object] = field(default_factory=list)
    quiet: threading.Event = field(default_factory=threading.Event)

    def tell(self, event: object) -> None:
        self.told.append(event)
        if isinstance(event, SyncStatus) and event.state is LineState.IDLE and event.last_try_at is not None:
            self.quiet.set()

    def runner(self) -> SyncRunner:
        return SyncRunner(self.service, clock=self.office.desk.clock, chance=lambda: 0.5, tell=self.tell)


@pytest.fixture
def closing(city: City, make_desk_with_line: MakeOffice) -> Iterator[Closing]:
    """With a row at the city that is not this office's, so that there is a snapshot to fetch."""
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    other.report()
    assert other.sync().finished
    with live(create_app(city)) as served, fault_proxy(served.port) as proxy:
        LinkStore(office.desk.store).set(url=proxy.url)
        made = Closing(office, a_service(office, CityClient), proxy)
        yield made
        made.silent.let_go.set()
        made.service.close()


@pytest.mark.parametrize("place", PLACES)
def test_closing_does_not_wait_for_a_city_that_is_silent(closing: Closing, place: str) -> None:
    closing.office.report()
    closing.proxy.spoil(closing.silent, on=place)
    runner = closing.runner()
    runner.start()
    assert closing.silent.asked.wait(PATIENCE_S)

    runner.stop()

    assert not runner.alive
    assert not closing.silent.let_go.is_set()


def test_what_was_under_way_when_the_program_closed_goes_the_next_time(closing: Closing) -> None:
    closing.office.report()
    closing.proxy.spoil(closing.silent, on="/v1/sync/push")
    runner = closing.runner()
    runner.start()
    assert closing.silent.asked.wait(PATIENCE_S)
    runner.stop()
    closing.proxy.heal()

    report = closing.service.run()

    assert (report.finished, report.equal, report.problem_code) == (True, True, "")
    assert closing.office.sql("SELECT ok, code FROM line_log") == [(1, "")], "being closed is no outage"


def test_a_run_that_was_stopped_by_hand_ends_at_once_and_the_line_goes_on(closing: Closing) -> None:
    closing.office.report()
    closing.proxy.spoil(closing.silent, on="/v1/sync/push")
    runner = closing.runner()
    runner.start()
    try:
        assert closing.silent.asked.wait(PATIENCE_S)
        closing.proxy.heal()

        runner.cancel()
        runner.now()

        assert closing.quiet.wait(PATIENCE_S)
        assert runner.alive
        assert not closing.silent.let_go.is_set()
        assert closing.office.states().keys() == {"settled"}
    finally:
        runner.stop()


def test_a_question_for_news_ends_with_the_program(closing: Closing) -> None:
    assert closing.service.run().finished
    closing.proxy.spoil(closing.silent, on="/v1/sync/pull")
    runner = closing.runner()
    asking = threading.Thread(target=runner._has_news)
    asking.start()
    assert closing.silent.asked.wait(PATIENCE_S)

    closing.service.break_off()
    asking.join(PATIENCE_S)

    assert not asking.is_alive()
    assert not closing.silent.let_go.is_set()


def test_a_question_over_tls_ends_with_the_program(make_desk_with_line: MakeOffice, tmp_path: Path) -> None:
    asked, gone = threading.Event(), threading.Event()

    async def silent(_scope: Scope, receive: Receive, _send: Send) -> None:
        asked.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    authority, store = an_authority(), make_desk_with_line().desk.store
    certificate, key = authority.issue(tmp_path / "tls")
    with live(silent, certificate=certificate, key=key) as here:
        LinkStore(store).set(url=here.url, own_ca=authority.pem)
        line = CityClient(LinkStore(store))
        answer = line.snapshot_ahead("410105", None, 10)
        assert asked.wait(PATIENCE_S)
        assert line.asking

        line.break_off()

        with pytest.raises(Cancelled):
            answer.take()
        with pytest.raises(Cancelled):
            line.snapshot("410105", None, 10)
        assert gone.wait(PATIENCE_S)
        line.close()


def test_a_store_that_was_closed_stays_closed(make_desk_with_line: MakeOffice) -> None:
    store = make_desk_with_line().desk.store
    store.close()

    with pytest.raises(Unavailable, match=r"store\.closed"), store.read():
        pass
    with pytest.raises(Unavailable, match=r"store\.closed"), store.local():
        pass
    assert not list(store.paths.database.parent.glob("*-wal")), "closed whole, and nobody opened it again"
