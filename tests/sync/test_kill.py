"""Desk and city killed for real, at every named point and at any moment: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.desk import open_desk
from app.domain.cases import Case, PhotoPhase
from app.domain.decisions import Verdict
from app.domain.directory import Road
from app.sync.city import CityClient
from app.sync.link import LinkStore
from app.sync.points import POINTS
from app.sync.views import SyncReport
from server.city import City
from server.main import create_app
from tests.builders import a_picture
from tests.desks import JINSHUI
from tests.sync import promises
from tests.sync.conftest import MakeOffice
from tests.sync.live_city import live
from tests.sync.offices import Office
from tests.sync.services import a_service

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of Unix"),
    pytest.mark.timeout(7200),
]
ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("GRIDDESK_KILLS", "20"))
SEED = int(os.environ.get("GRIDDESK_SEED", "20261121"))
DEEDS = {
    "after_file_fetched": "fetch",
    "before_renew": "renew",
    "after_renew": "renew",
    "before_decide_commit": "decide",
}
"""What has to be done to come to a point; everything else is on the way of a first sync."""
CITY_POINTS = {
    "server.sync.receive:_received": 1,
    "server.sync.settling:write_records": 1,
    "+server.sync.settling:write_records": 1,
    "server.sync.sequence:append_at_once": 1,
    "+server.sync.sequence:append_at_once": 1,
    "server.sync.settling:write_answers": 1,
    "+server.sync.settling:write_answers": 1,
    "+server.sync.receive:_received": 1,
    "+server.sync.serve:pull": 1,
    "+server.sync.serve:snapshot": 1,
    "server.shelf:FileShelf.append": 1,
    "+server.shelf:FileShelf.append": 1,
    "server.files:_proved": 1,
    "+server.files:_proved": 1,
    "+server.numbers:grant": 1,
}
"""Before and after (`+`) every step the city takes between a request and its answer."""


@dataclass
class Pair:
    """Two desks of one district and their city; A is the one that dies."""

    a: Office
    b: Office
    city: City

    def sync(self, office: Office) -> SyncReport:
        """One run of a program just started."""
        return a_service(office).run()

    def reopened(self) -> None:
        """The desk that died, opened again."""
        self.a = Office(open_desk(self.a.key, self.a.desk.paths, SystemClock()), self.a.client, self.city, self.a.key)

    def hold(self) -> None:
        """What must hold at once, before anybody heals anything."""
        for office in (self.a, self.b):
            promises.check_desk(office.desk.store)
            promises.own_work_shows(office.desk.store)
            promises.sent_is_known(office.desk.store, self.city)
        promises.check_city(self.city)

    def heal(self) -> None:
        """With a sound line both come to say finished, and it is true."""
        reports = promises.quiet([lambda: self.sync(self.a), lambda: self.sync(self.b)])
        assert all(report.finished for report in reports), reports
        self.hold()
        for office in (self.a, self.b):
            promises.equal_with_city(office.desk.store, self.city, JINSHUI)
        promises.same_on_all([self.a.desk.store, self.b.desk.store])


@pytest.fixture
def pair(city: City, make_desk_with_line: MakeOffice) -> Iterator[Pair]:
    """A has never synced and has a case with a photo; B has synced one."""
    made = Pair(make_desk_with_line("A"), make_desk_with_line("B"), city)
    for office in (made.b, made.a):
        photographed(office)
    made.sync(made.b)
    yield made
    made.a.desk.close()


def photographed(office: Office) -> Case:
    """A case with a photo of its own."""
    case = office.report()
    taken = office.desk.photos.take_in(a_picture(str(case.id)), "现场.jpg")
    office.desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=office.actor)
    return case


def conflicting(pair: Pair) -> None:
    """Both named one road anew; the city took B's word."""
    pair.sync(pair.a)
    pair.sync(pair.b)
    road = pair.a.desk.directory.roads()[0]
    for office, name in ((pair.b, "人民路"), (pair.a, "大同路")):
        office.desk.directory.save(Road, {"name": name}, actor=office.actor, record_id=road.id)
        pair.sync(office)


@contextmanager
def desk_child(office: Office, deed: str, point: str = "") -> Iterator[subprocess.Popen[str]]:
    """The program of an office that was closed before; its machine is another one when the deed is to renew."""
    machine, deed = ("another machine", "sync") if deed == "renew" else ("machine A", deed)
    what = [str(office.desk.paths.folder), office.key.hex(), machine, deed, point]
    with _child("tests.sync.kill_child", *what) as child:
        yield child


@contextmanager
def city_child(city: City, port: int, *point: str) -> Iterator[subprocess.Popen[str]]:
    """The city as its own process, listening at once."""
    database = city.settings.database.split(":///", 1)[1]
    with _child("tests.sync.kill_city", database, str(city.settings.files), str(port), *point) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith("listening")
        yield child


@contextmanager
def _child(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", module, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as child:
        try:
            yield child
        finally:
            child.kill()


def lines_until(child: subprocess.Popen[str], line: str) -> list[str]:
    """What a child tells until it says this; it must come to it."""
    assert child.stdout is not None
    told = []
    for said in child.stdout:
        told.append(said.strip())
        if told[-1] == line:
            return told
    raise AssertionError(f"it never came to {line}: {told}")


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("point", POINTS)
def test_a_desk_killed_at_a_named_point_loses_and_doubles_nothing(pair: Pair, point: str) -> None:
    deed = DEEDS.get(point, "sync")
    if deed == "decide":
        conflicting(pair)
    with live(create_app(pair.city)) as here:
        LinkStore(pair.a.desk.store).set(url=here.url)
        pair.a.desk.close()
        with desk_child(pair.a, deed, point) as child:
            lines_until(child, f"point {point}")
            child.send_signal(signal.SIGKILL)
            child.wait()

    pair.reopened()
    pair.hold()
    if deed == "decide":
        # Nobody acknowledged the decision, so the conflict is open as before, with both sides in it.
        (line,) = a_service(pair.a).troubles()
        trouble = a_service(pair.a).trouble(line.record_id)
        assert trouble is not None
        assert [(clash.mine, clash.theirs) for clash in trouble.clashes] == [("大同路", "人民路")]
        a_service(pair.a).decide(line.record_id, Verdict.MINE, {}, "以本单位为准", actor=pair.a.actor)
    if deed == "renew":
        assert a_service(pair.a, machine=lambda: "another machine").run().finished
        assert len(pair.a.sql("SELECT DISTINCT device_id FROM city_link")) == 1
        return
    pair.heal()


@pytest.mark.parametrize("point", CITY_POINTS)
def test_a_city_killed_at_any_step_of_an_answer_loses_and_doubles_nothing(pair: Pair, point: str) -> None:
    port = a_free_port()
    LinkStore(pair.a.desk.store).set(url=f"http://localhost:{port}")
    service = a_service(pair.a, CityClient)
    with city_child(pair.city, port, point, str(CITY_POINTS[point])) as child:
        killer = threading.Thread(target=_kill_at_point, args=(child,))
        killer.start()
        report = service.run()
        killer.join()
        assert child.returncode == -signal.SIGKILL, "it never came to the point"
    service.close()

    assert not report.finished
    assert report.problem_code == "sync.offline"
    pair.hold()
    pair.heal()


def _kill_at_point(child: subprocess.Popen[str]) -> None:
    lines_until(child, "point")
    child.send_signal(signal.SIGKILL)
    child.wait()


def test_whoever_is_killed_at_any_moment_nothing_acknowledged_is_lost(pair: Pair) -> None:
    """GRIDDESK_KILLS: how often (20, half of them the city); GRIDDESK_SEED: when and whom first, printed when it fails."""
    print(f"GRIDDESK_SEED={SEED}")
    chance, port = random.Random(SEED), a_free_port()
    told: list[str] = []
    LinkStore(pair.a.desk.store).set(url=f"http://localhost:{port}")
    pair.a.desk.close()

    for _round in range(KILLS // 2):
        with desk_child(pair.a, "work") as desk_process, city_child(pair.city, port) as city_process:
            lines_until(desk_process, "ready")
            listener = threading.Thread(target=_listen, args=(desk_process, told))
            listener.start()
            for victim in chance.sample([desk_process, city_process], 2):
                _kill_after(victim, chance.random())
            listener.join()
        pair.reopened()
        pair.hold()
        _all_there(pair.a, told)
        pair.a.desk.close()

    pair.reopened()
    pair.heal()
    _all_there(pair.a, told)
    _all_there(pair.b, told)


def _kill_after(victim: subprocess.Popen[str], moment_s: float) -> None:
    timer = threading.Timer(moment_s, victim.send_signal, (signal.SIGKILL,))
    timer.start()
    victim.wait()
    timer.join()


def _listen(child: subprocess.Popen[str], told: list[str]) -> None:
    assert child.stdout is not None
    told.extend(line.strip() for line in child.stdout if line.endswith("\n"))


def _all_there(office: Office, told: list[str]) -> None:
    """Every case and photo whose saving was told of."""
    assert StorePaths.of(office.desk.paths.folder).database.exists()
    cases = {UUID(line.split()[1]) for line in told if line.startswith("case ")}
    photos = {line.split()[1] for line in told if line.startswith("photo ")}
    assert cases <= {UUID(bytes=row[0]) for row in office.sql("SELECT id FROM cases")}
    assert photos <= {row[0] for row in office.sql("SELECT sha256 FROM photos")}
