"""The command line between a desk and a real city on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.cli.main import main
from app.domain.problems import Refused
from app.gate import Gate
from server import districts, enrolment, people
from server.city import City, open_city
from server.main import create_app
from server.settings import CitySettings
from tests.builders import PASSWORD
from tests.sync.live_city import live
from ui.program import open_office

CASE = "source=hotline_12345 kind=event major=04 minor=05 condition_no=1 street_code=410105001 road=纬一路 house_no=3"


@dataclass
class Technician:
    """Types commands on the stores of a test."""

    folder: Path
    read: Callable[[], str]
    city: City
    url: str = ""
    made: set[str] = field(default_factory=set)

    def __call__(self, *words: object, store: str = "A") -> tuple[int, Mapping[str, Any]]:
        secret = self.folder / "password.txt"
        secret.write_text(PASSWORD + "\n", encoding="utf-8")
        base = ["--store", str(self.folder / store), "--password-file", str(secret), "--json"]
        code = main([*base, *map(str, words)])
        told = self.read().strip()
        return code, json.loads(told.splitlines()[-1]) if told else {}

    def code(self) -> str:
        """A one-time code of the city."""
        return self.city.database.retrying(lambda c: enrolment.new_code(c, self.city, "410105", hours=1, who="测试"))

    def office(self, store: str = "A") -> None:
        """A store that joined the city."""
        words = ("--district", "410105", "--office", "金水区城管局", "--person", f"张敏{store}", "--mark", "JS")
        assert self("init", *words, store=store)[0] == 0
        code, told = self("enrol", "--city", self.url, "--code", self.code(), store=store)
        assert (code, told["url"]) == (0, self.url)

    def report(self, store: str = "A") -> str:
        """Enter a case; gives its number."""
        sets = [part for word in CASE.split() for part in ("--set", word)]
        code, told = self("report", *sets, store=store)
        assert code == 0
        return str(told["case"])

    def sync(self, store: str = "A") -> Mapping[str, Any]:
        """One run that came to its end."""
        code, told = self("sync", "--once", store=store)
        assert code == 0, told
        return told


@pytest.fixture
def technician(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Technician]:
    """Somebody at the command line, and a city that listens on loopback."""
    clock = SystemClock()
    city = open_city(CitySettings(f"sqlite:{'///'}{tmp_path / 'city.sqlite'}", tmp_path / "files"), clock=clock)
    city.database.retrying(lambda c: districts.add(c, city, "410105", "金水区", who="测试"))
    with live(create_app(city)) as served:
        yield Technician(tmp_path, lambda: capsys.readouterr().out, city, served.url)
    city.close()


def test_a_desk_joins_sends_and_says_so_in_one_line_of_json(technician: Technician) -> None:
    technician.office()
    technician.report()

    told = technician.sync()

    assert told["finished"] is True
    assert told["equal"] is True
    assert told["pushed"] >= 3
    assert (told["conflicts"], told["refused"], told["held"], told["files"]) == (0, 0, 0, 0)
    assert told["head"]["410105"] > 0
    code, status = technician("sync", "status")
    assert (code, status["state"], status["waiting"], status["equal"]) == (0, "idle", 0, True)


def test_a_conflict_is_listed_decided_and_gone(technician: Technician) -> None:
    for store in ("A", "B"):
        technician.office(store)
    number = technician.report("A")
    technician.sync("A")
    technician.sync("B")
    for store in ("A", "B"):
        act = ("act", number, "register", "--set", "condition=1", "--note", f"立案 {store}")
        assert technician(*act, store=store)[0] == 0
        technician.sync(store)

    code, told = technician("conflicts", store="B")
    [trouble] = told["conflicts"]
    assert (code, trouble["what"].split()[0] != "", len(trouble["steps"])) == (0, True, 1)
    code, told = technician("decide", number, "--mine", "--reason", "我先立的", store="B")
    assert (code, told["error"]["code"]) == (4, "sync.flow_is_theirs")
    code, told = technician("decide", trouble["id"], "--theirs", "--reason", "已由他人立案", store="B")
    assert (code, told["verdict"], told["given_up"]) == (0, "theirs", 1)

    assert technician.sync("B")["finished"] is True
    assert technician("conflicts", store="B")[1] == {"conflicts": []}


def test_a_line_that_is_down_is_exit_three_with_its_words(technician: Technician, tmp_path: Path) -> None:
    technician.office()
    from app.base.paths import StorePaths
    from app.desk import open_desk
    from app.gate import Gate
    from app.sync.link import LinkStore

    paths = StorePaths.of(tmp_path / "A")
    opened = Gate(paths, SystemClock()).enter("张敏A", PASSWORD)
    desk = open_desk(opened.key, paths, SystemClock())
    LinkStore(desk.store).set(url="http://127.0.0.1:9")
    desk.close()
    technician.report()

    code, told = technician("sync", "--once")

    assert (code, told["problem_code"], told["finished"]) == (3, "sync.offline", False)
    assert told["message"].startswith("连不上市平台")
    code, status = technician("sync", "status")
    assert (code, status["state"], status["problem_code"]) == (0, "outage", "sync.offline")


def test_the_only_person_of_a_pc_is_stopped_and_nothing_of_their_work_is_shut_in(
    technician: Technician, tmp_path: Path
) -> None:
    technician.office()
    technician.sync()
    city = technician.city
    person = city.database.retrying(lambda c: people.find(c, "410105", "张敏A"))
    technician.report()
    city.database.retrying(lambda c: people.revoke(c, city, person, who="测试"))
    technician.sync()

    refused, told = technician("list", "cases")
    late = technician("sync", "--once")[1]
    sealed, carried = technician("seal", tmp_path / "work.seal")
    city.database.retrying(lambda c: people.reinstate(c, city, person, who="测试"))
    technician.sync()

    assert (refused, told["error"]["code"]) == (4, "account.inactive")
    assert late["held"] > 0
    assert (sealed, carried["changes"]) == (0, late["held"])
    assert technician("list", "cases")[1]["count"] == 1


def test_who_was_stopped_gets_in_at_the_window_once_the_city_says_so(technician: Technician) -> None:
    technician.office()
    technician.sync()
    city, paths = technician.city, StorePaths.of(technician.folder / "A")
    person = city.database.retrying(lambda c: people.find(c, "410105", "张敏A"))
    city.database.retrying(lambda c: people.revoke(c, city, person, who="测试"))
    technician.sync()
    opened = Gate(paths, SystemClock()).enter("张敏A", PASSWORD)

    with pytest.raises(Refused, match=r"account\.inactive"):
        open_office(opened, paths, SystemClock())
    city.database.retrying(lambda c: people.reinstate(c, city, person, who="测试"))
    desk, actor = open_office(opened, paths, SystemClock())
    desk.close()

    assert actor.person_id == person


def test_work_and_answer_travel_on_a_stick(technician: Technician, tmp_path: Path) -> None:
    technician.office()
    technician.report()
    file = tmp_path / "stick.sealed"

    code, told = technician("seal", file)

    assert code == 0
    assert told["changes"] >= 3
    assert file.exists()
    code, told = technician("unseal", file)
    assert (code, told["error"]["code"]) == (4, "sync.seal_not_ours")


def test_the_line_is_tested_station_by_station(technician: Technician) -> None:
    technician.office()

    code, told = technician("test-line")

    assert (code, told["ok"]) == (0, True), told
    assert [station["station"] for station in told["stations"]] == [
        "proof",
        "disk",
        "push",
        "back",
        "compare",
        "remove",
    ]
    assert technician.sync()["finished"] is True


def test_a_command_that_says_too_little_or_too_much_is_exit_two(technician: Technician) -> None:
    technician.office()
    number = technician.report()

    for words in (
        ("sync",),
        ("decide", number, "--reason", "y"),
        ("decide", number, "--mine", "--theirs", "--reason", "y"),
        ("decide", number, "--field", "a=ours", "--reason", "y"),
    ):
        assert technician(*words)[0] == 2, words


def test_a_desk_without_a_city_is_told_how_to_join(technician: Technician) -> None:
    words = ("--district", "410105", "--office", "金水区城管局", "--person", "张敏", "--mark", "JS")
    assert technician("init", *words)[0] == 0

    code, told = technician("sync", "--once")

    assert (code, told["error"]["code"]) == (4, "sync.not_enrolled")
    assert technician("sync", "status")[1]["state"] == "not_enrolled"
