"""Testing the line proves the whole way there and back, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.base.watch import Cancelled, Watch, silent
from app.domain.problems import Unavailable
from app.sync.line import CityLine
from app.sync.line_test import LineTester
from app.sync.link import LinkStore
from app.sync.views import LineTestResult
from app.wire.sync import CITY_SCOPE, Cursor, PullReply, PullRequest, PushReply, PushRequest
from server import devices
from server.city import City
from server.tables import DEAD_LETTER, RECORD, SCOPE_HEAD
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around, Changes
from tests.sync.offices import Office

ALL = ["proof", "disk", "push", "back", "compare", "remove"]


def try_the_line(office: Office, line: CityLine | None = None, watch: Watch | None = None) -> LineTestResult:
    """What the button does."""
    store = office.desk.store
    link = LinkStore(store).need()
    tester = LineTester(store, line or office.line, link, actor=office.desk.accounts.system())
    return tester.run(watch or silent())


def test_a_sound_line_passes_every_station_and_nothing_stays(city: City, make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()

    result = try_the_line(office)

    assert result.ok
    assert [(name, code) for name, _seconds, code in result.stations] == [(name, "") for name in ALL]
    nothing_stays(office, city)


def test_the_test_passes_by_work_that_waits(city: City, make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.report()
    waiting = office.states()

    assert try_the_line(office).ok

    assert office.states() == waiting
    assert office.sync().finished


def test_no_other_desk_ever_sees_it(city: City, make_desk_with_line: MakeOffice) -> None:
    one, other = make_desk_with_line("A"), make_desk_with_line("B")
    one.sync()
    other.sync()
    heads = [line for line in feeds(city) if line[0] in ("410105", CITY_SCOPE)]

    assert try_the_line(one).ok

    assert [line for line in feeds(city) if line[0] in ("410105", CITY_SCOPE)] == heads
    assert other.sync().pulled == 0


def test_without_a_line_nothing_is_written_at_all(city: City, make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    before = (office.states(), feeds(city))

    class Dead(Around):
        def file_state(self, sha256: str) -> Any:
            raise Unavailable("sync.offline", reason="test")

    result = try_the_line(office, Dead(office.line))

    assert not result.ok
    assert [(name, code) for name, _seconds, code in result.stations] == [("proof", "sync.offline")]
    assert (office.states(), feeds(city)) == before


def test_a_revoked_pc_is_told_at_once(city: City, make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    device = LinkStore(office.desk.store).need().device_id
    city.database.retrying(lambda connection: devices.revoke(connection, city, device, who="测试"))

    assert [code for _name, _seconds, code in try_the_line(office).stations] == ["sync.device_revoked"]


@pytest.mark.parametrize("deed", ["push", "pull"])
@pytest.mark.parametrize("after", [True, False])
def test_a_line_that_breaks_in_the_middle_leaves_nothing_after_the_next_sync(
    city: City, make_desk_with_line: MakeOffice, deed: str, after: bool
) -> None:
    office = make_desk_with_line()

    class Breaks(Around):
        def push(self, request: PushRequest) -> PushReply:
            return self._broken("push", lambda: super(Breaks, self).push(request))

        def pull(self, request: PullRequest) -> PullReply:
            return self._broken("pull", lambda: super(Breaks, self).pull(request))

        def _broken(self, name: str, ask: Any) -> Any:
            if name != deed:
                return ask()
            if after:
                ask()
            raise Unavailable("sync.offline", reason="test")

    result = try_the_line(office, Breaks(office.line))

    assert result.stations[-1][2] == "sync.offline"
    assert not result.ok
    assert office.sql("SELECT count(*) FROM line_tests") == [(0,)]
    assert office.sync().finished
    nothing_stays(office, city)


def test_altered_words_are_noticed(city: City, make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()

    def altered(reply: PullReply) -> PullReply:
        text = reply.model_dump_json().replace("αβγ", "abc")
        return PullReply.model_validate_json(text)

    result = try_the_line(office, Changes(office.line, altered))

    assert [(name, code) for name, _seconds, code in result.stations][-1] == ("compare", "sync.not_equal")
    office.sync()
    nothing_stays(office, city)


def test_stopping_the_test_takes_the_record_back(city: City, make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    watch = Watch()

    class Stops(Around):
        def push(self, request: PushRequest) -> PushReply:
            watch.cancel()
            return super().push(request)

    with pytest.raises(Cancelled):
        try_the_line(office, Stops(office.line), watch)

    office.sync()
    nothing_stays(office, city)


def test_pcs_test_one_after_another_without_end(city: City, make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()

    assert [try_the_line(office).ok for _ in range(3)] == [True, True, True]
    link = LinkStore(office.desk.store).need()
    scope = f"{link.district}/{link.device_id}"
    page = office.line.pull(PullRequest(scopes={scope: Cursor()})).scopes[scope]
    assert (page.head.head, page.head.count, page.head.hash) == (6, 0, 0)
    nothing_stays(office, city)


def nothing_stays(office: Office, city: City) -> None:
    """No live record at the city, no row, nothing that waits here, no letter nobody could use."""
    with city.database.read() as connection:
        live = select(RECORD.c.id).where(RECORD.c.type == "line_test", RECORD.c.deleted.is_(False))
        assert connection.execute(live).all() == []
        assert connection.execute(select(DEAD_LETTER.c.note)).all() == []
    assert office.sql("SELECT count(*) FROM line_tests") == [(0,)]
    open_states = "('waiting', 'conflict', 'refused', 'held')"
    sql = f"SELECT count(*) FROM outbox WHERE record_type = 'line_test' AND state IN {open_states}"
    assert office.sql(sql) == [(0,)]
    for table in ("outcomes", "bases", "foreign_rows"):
        assert office.sql(f"SELECT count(*) FROM {table} WHERE record_type = 'line_test'") == [(0,)]


def feeds(city: City) -> list[tuple[str, int]]:
    """How far each scope is."""
    with city.database.read() as connection:
        return [tuple(row) for row in connection.execute(select(SCOPE_HEAD.c.scope, SCOPE_HEAD.c.head))]
