"""Whatever the line does, nothing is lost, nothing happens twice, and the person reads what is wrong."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.base.watch import silent
from app.domain.cases import PhotoPhase
from app.domain.directory import Unit
from app.sync.city import CityClient
from app.sync.engine import SyncEngine
from app.sync.files import FileDelivery
from app.sync.link import LinkStore
from app.sync.views import SyncReport
from server.city import City
from server.main import create_app
from server.sync.city_records import put
from server.tables import BLOB, FEED, RECORD
from tests.builders import PASSWORD, a_picture
from tests.desks import JINSHUI
from tests.sync import fault_proxy as faults
from tests.sync.certificates import Authority, an_authority
from tests.sync.conftest import MakeOffice
from tests.sync.fault_proxy import Fault, FaultProxy, fault_proxy, nobody_there, said
from tests.sync.live_city import live
from tests.sync.offices import Office

PUSH, PULL, FILES, SNAPSHOT = "/v1/sync/push", "/v1/sync/pull", "/v1/files", "/v1/sync/snapshot"
PLACES = (SNAPSHOT, PUSH, PULL, FILES)
"""The first question of a fresh desk for rows is for the snapshot."""
PORTAL = b"<html><form action='/login'>WLAN</form></html>"


@dataclass
class Wired:
    """An office whose line goes through real sockets and the proxy."""

    office: Office
    proxy: FaultProxy
    city: City
    cases: int = 0

    def sync(self) -> SyncReport:
        """One run of a program just started."""
        store = self.office.desk.store
        line = CityClient(LinkStore(store))
        files = FileDelivery(store, self.office.desk.photos.blobs, line)
        try:
            return SyncEngine(store, line, LinkStore(store), files=files).run(silent())
        finally:
            line.close()

    def work(self) -> None:
        """A case with a photo of its own."""
        self.cases += 1
        case = self.office.report(description=f"店外经营{self.cases}")
        taken = self.office.desk.photos.take_in(a_picture(f"现场{self.cases}"), "现场.jpg")
        self.office.desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=self.office.actor)

    def settles(self) -> None:
        """With a sound line all of it arrives, once, and both sides hold the same."""
        report = self.sync()
        assert (report.finished, report.equal, report.problem_code) == (True, True, "")
        sent = self.office.sql("SELECT change_id FROM outbox WHERE record_type <> 'office'")
        with self.city.database.read() as connection:
            effects = connection.execute(
                select(FEED.c.change_id, func.count()).where(FEED.c.change_id.is_not(None)).group_by(FEED.c.change_id)
            ).all()
            records = connection.execute(select(RECORD.c.id, RECORD.c.version).where(RECORD.c.type == "case")).all()
            whole = connection.execute(select(BLOB.c.completed_at)).scalars().all()
        assert {count for _id, count in effects} == {1}
        assert {change_id.bytes for change_id, _count in effects} == {row[0] for row in sent}
        assert {(record.bytes, version) for record, version in records} == {
            tuple(row) for row in self.office.sql("SELECT id, version FROM cases")
        }
        assert len(whole) == self.cases
        assert None not in whole


@pytest.fixture
def wired(city: City, make_desk_with_line: MakeOffice) -> Iterator[Wired]:
    """A desk, the proxy, the city, which holds a row that is not this desk's, so that there is a snapshot to fetch."""
    now = city.now()
    unit = Unit(id=city.ids.new(), created_at=now, changed_at=now, name="市排水中心")
    city.database.retrying(lambda connection: put(connection, city, scope=JINSHUI, record=unit, who="测试"))
    office = make_desk_with_line()
    with live(create_app(city)) as here, fault_proxy(here.port) as proxy:
        LinkStore(office.desk.store).set(url=proxy.url)
        yield Wired(office, proxy, city)


OFFLINE, BROKEN, BUSY = {"sync.offline"}, {"sync.reply_broken"}, {"sync.city_busy"}
FAULTS: dict[str, tuple[Fault, set[str]]] = {
    "cut before the body": (faults.cut_before_body, OFFLINE),
    "cut in the body": (faults.cut_in_body, OFFLINE),
    "cut before the answer": (faults.cut_before_answer, OFFLINE),
    "closed before the answer": (faults.closed_before_answer, OFFLINE),
    "truncated answer": (faults.truncated_answer, BROKEN),
    "truncated answer without length": (faults.truncated_without_length, BROKEN),
    "garbled gzip": (faults.garbled_gzip, BROKEN),
    "flipped bytes": (faults.flipped_bytes, BROKEN),
    "length too large": (faults.length_too_large, BROKEN),
    "length too small": (faults.length_too_small, BROKEN),
    "no http": (faults.junk, BROKEN | OFFLINE),
    "429": (said("429 Too Many Requests", b"slow down", Retry_After="7"), BUSY),
    "502": (said("502 Bad Gateway", b"<html>nginx</html>"), BUSY),
    "503": (said("503 Service Unavailable"), BUSY),
    "500": (said("500 Internal Server Error", b"oops", "text/plain"), {"sync.city_failed"}),
    "407": (said("407 Proxy Authentication Required", Proxy_Authenticate="Basic"), {"sync.proxy_asks"}),
    "a page with 200": (said("200 OK", PORTAL), {"sync.captive_portal"}),
    "a redirect to a page": (said("302 Found", Location="http://localhost/login"), {"sync.captive_portal"}),
    "a page that calls itself json": (said("200 OK", PORTAL, "application/json"), BROKEN),
    "another json": (said("200 OK", b'{"now": 1, "hello": []}', "application/json"), BROKEN),
    "413": (said("413 Content Too Large", b"<html>nginx</html>"), {"sync.too_large"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_is_lost_or_doubled_and_the_trouble_has_its_name(
    wired: Wired, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    fault, codes = FAULTS[name]
    for place in PLACES:
        wired.work()
        wired.proxy.spoil(fault, on=place)

        report = wired.sync()

        assert wired.proxy.spoiled > 0, place
        assert not report.finished, place
        if not (place == FILES and name in _OF_ONE_FILE):
            assert report.problem_code in codes, place
        wired.proxy.heal()
        wired.settles()
    assert [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


_OF_ONE_FILE = {"413"}
"""What concerns one file is noted there; the run goes on without it."""


def test_a_line_of_single_bytes_is_slow_and_nothing_else(wired: Wired) -> None:
    wired.work()
    wired.proxy.spoil(faults.slow(0.0002))

    assert wired.sync().finished

    assert wired.proxy.spoiled > 3
    wired.settles()


def test_a_line_that_breaks_at_every_request_in_turn_still_brings_everything_through(wired: Wired) -> None:
    """Each run loses its next answer one request later than the run before."""
    wired.work()
    for at in range(40):
        counted = 0

        def cut_once(exchange: faults.Exchange, at: int = at) -> None:
            nonlocal counted
            counted += 1
            (faults.cut_before_answer if counted == at + 1 else faults.handed_on)(exchange)

        wired.proxy.spoil(cut_once)
        if wired.sync().finished:
            break
    else:
        raise AssertionError("it never came through")

    wired.proxy.heal()
    wired.settles()


def test_one_answer_in_five_lost_is_only_slower(wired: Wired) -> None:
    chance = random.Random(19)
    wired.proxy.spoil(lambda exchange: chance.choice(_ONE_IN_FIVE)(exchange))
    for _ in range(4):
        wired.work()
        for _run in range(50):
            if wired.sync().finished:
                break

    wired.proxy.heal()
    wired.settles()


_ONE_IN_FIVE = (faults.cut_before_answer, *[faults.handed_on] * 4)


def test_nobody_at_the_address_is_offline(wired: Wired) -> None:
    wired.work()
    LinkStore(wired.office.desk.store).set(url=f"http://localhost:{nobody_there()}")

    report = wired.sync()

    assert report.problem_code == "sync.offline"
    LinkStore(wired.office.desk.store).set(url=wired.proxy.url)
    wired.settles()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_office_proxy_that_asks_for_a_name_is_told(wired: Wired, scheme: str) -> None:
    """In the middle of a tunnel as well as in front of a plain city."""
    wired.work()
    links = LinkStore(wired.office.desk.store)
    wired.proxy.spoil(said("407 Proxy Authentication Required", Proxy_Authenticate="Basic"), on="")
    links.set(url=f"{scheme}://localhost:{wired.proxy.upstream}", proxy=wired.proxy.url)

    report = wired.sync()

    assert wired.proxy.spoiled > 0
    assert report.problem_code == "sync.proxy_asks"
    wired.proxy.heal()
    links.set(url=wired.proxy.url, proxy="")
    wired.settles()


def test_a_proxy_that_hands_on_brings_everything_through(wired: Wired) -> None:
    wired.work()
    LinkStore(wired.office.desk.store).set(url=f"http://localhost:{wired.proxy.upstream}", proxy=wired.proxy.url)

    wired.settles()

    assert wired.proxy.paths


CERTIFICATES = {
    "expired": ("localhost", -1, True),
    "of another name": ("other.example", 30, True),
    "of a stranger": ("localhost", 30, False),
}


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_certificate_that_does_not_hold_stops_before_anything_is_said(
    city: City, make_desk_with_line: MakeOffice, tmp_path: Path, kind: str
) -> None:
    name, days, trusted = CERTIFICATES[kind]
    authority, stranger = an_authority(), an_authority("Stranger")
    office = make_desk_with_line()
    office.report()
    certificate, key = authority.issue(tmp_path / "tls", name=name, days=days)
    with live(create_app(city), certificate=certificate, key=key) as here:
        before = entries(city)
        links = LinkStore(office.desk.store)
        links.set(url=here.url, own_ca=(authority if trusted else stranger).pem)
        report = Wired(office, FaultProxy(0), city).sync()

    assert report.problem_code == "sync.tls"
    assert entries(city) == before
    assert office.states().get("waiting", 0) > 0


def test_without_the_citys_own_authority_its_certificate_is_not_believed_and_with_it_all_is_well(
    city: City, make_desk_with_line: MakeOffice, tmp_path: Path
) -> None:
    authority: Authority = an_authority()
    office = make_desk_with_line()
    certificate, key = authority.issue(tmp_path / "tls")
    with live(create_app(city), certificate=certificate, key=key) as here:
        links = LinkStore(office.desk.store)
        links.set(url=here.url)
        wired = Wired(office, FaultProxy(0), city)
        wired.work()
        assert wired.sync().problem_code == "sync.tls"
        links.set(own_ca="this is no certificate")
        with pytest.raises(Exception, match=r"sync\.tls"):
            wired.sync()
        links.set(own_ca=authority.pem)
        wired.settles()


def entries(city: City) -> int:
    """How long the city's feeds are."""
    with city.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(FEED)).scalar_one())


def test_no_log_line_of_the_desk_holds_a_secret_or_a_person(
    city: City, make_desk_with_line: MakeOffice, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    name, phone = "赵不留名", "13700000000"
    with caplog.at_level(logging.DEBUG):
        office = make_desk_with_line()
        links = LinkStore(office.desk.store)
        with live(create_app(city)) as here, fault_proxy(here.port) as proxy:
            links.set(url=proxy.url)
            wired = Wired(office, proxy, city)
            office.report(reporter_name=name, reporter_phone=phone)
            for fault in (faults.flipped_bytes, faults.cut_before_answer, faults.handed_on):
                proxy.spoil(fault)
                wired.sync()
        office.desk.sync.seal(tmp_path / "stick.gds", actor=office.actor)
        link = links.need()

    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    assert "HTTP" in said, "something was logged at all"
    for secret in (name, phone, PASSWORD, "Authorization: GridDesk", link.sign_seed.hex(), link.box_seed.hex()):
        assert secret not in said
    assert re.search(r"GridDesk [0-9a-f-]{36}\.[0-9]+\.", said) is None
    assert re.search(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", said) is None
