"""Programs of different ages: an older store delivers what it held, unknown words survive, too old is said in words."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import open_desk
from app.domain.directory import Road
from app.gate import Gate
from app.sync.enrolment import Enrolment
from app.sync.link import LinkStore
from app.wire.sync import PROTOCOL, Change, PullReply, PullRequest, PushReply, PushRequest
from db import migrate
from server.city import City
from server.tables import RECORD
from tests.builders import PASSWORD
from tests.data_files import data_file
from tests.desks import JINSHUI
from tests.sync import promises
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around
from tests.sync.offices import URL, Office
from tests.sync.services import a_service, new_code

RELEASES = sorted(folder.name for folder in data_file("schema").iterdir() if folder.is_dir())


@pytest.fixture(params=RELEASES)
def old_office(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock, client: TestClient, city: City
) -> Iterator[Office]:
    """A store as that release left it, opened by this program."""
    shutil.copytree(data_file("schema", request.param), tmp_path / "store")
    paths = StorePaths.of(tmp_path / "store")
    key = Gate(paths, clock).enter("zhangmin", PASSWORD).key
    office = Office(open_desk(key, paths, clock), client, city, key)
    yield office
    office.desk.close()


def enrolled(office: Office) -> None:
    asks = Enrolment(
        office.desk.store, office.line_of, seed=lambda: secrets.token_bytes(32), machine=lambda: "machine A"
    )
    asks.enrol(URL, new_code(office), own_ca="", proxy="", actor=office.actor)


def test_a_store_of_every_release_delivers_the_work_it_held(
    old_office: Office, make_desk_with_line: MakeOffice
) -> None:
    waiting = {row[0]: row[1:] for row in old_office.sql("SELECT change_id, record_id, fields FROM outbox")}
    assert waiting
    enrolled(old_office)

    assert a_service(old_office).run().finished

    kept = {row[0]: row[1:] for row in old_office.sql("SELECT change_id, record_id, fields FROM outbox")}
    assert {change_id: kept[change_id] for change_id in waiting} == waiting, (
        "what waited is sent as it was written down"
    )
    promises.equal_with_city(old_office.desk.store, old_office.city, JINSHUI)
    promises.check_city(old_office.city)
    other = make_desk_with_line("B")
    assert a_service(other).run().finished
    assert a_service(old_office).run().finished
    promises.same_on_all([old_office.desk.store, other.desk.store])


def test_a_store_that_was_upgraded_is_refused_by_the_older_program_with_everything_in_it(
    old_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = old_office.sql("SELECT count(*) FROM outbox")
    paths, clock, key = old_office.desk.paths, old_office.desk.clock, old_office.key
    with monkeypatch.context() as older:
        older.setattr(migrate, "KNOWN", migrate.KNOWN[:-1])
        older.setattr(migrate, "HEAD", migrate.KNOWN[-1])
        with pytest.raises(Exception, match=r"store\.newer"):
            open_desk(key, paths, clock)

    assert old_office.sql("SELECT count(*) FROM outbox") == before
    open_desk(key, paths, clock).close()


class OfTomorrow(Around):
    """A city one release ahead: every envelope holds words this program has never heard."""

    def push(self, request: PushRequest) -> PushReply:
        reply = super().push(request)
        said = reply.model_dump() | {"weather": "晴", "protocol": PROTOCOL + 1}
        said["outcomes"] = [one | {"mood": {"good": True}} for one in said["outcomes"]]
        return PushReply.model_validate(said)

    def pull(self, request: PullRequest) -> PullReply:
        said = super().pull(request).model_dump()
        for page in said["scopes"].values():
            page["head"]["colour"] = "绿"
            page["entries"] = [entry | {"signed_by": "某人"} for entry in page["entries"]]
        return PullReply.model_validate(said | {"weather": "晴"})


def test_a_newer_city_is_understood_as_far_as_it_can_be(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line("A")
    case = office.report()

    report = office.sync(OfTomorrow(office.line))

    assert (report.finished, report.problem_code) == (True, "")
    assert office.case(case.id) is not None


def test_an_older_city_that_does_not_know_a_word_yet_keeps_it(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line("A")
    office.report()

    class Newer(Around):
        def push(self, request: PushRequest) -> PushReply:
            told = request.model_dump() | {"mood": "好"}
            told["changes"] = [one | {"witness": "李四"} for one in told["changes"]]
            return super().push(PushRequest.model_validate(told))

    assert office.sync(Newer(office.line)).finished


def test_a_protocol_the_city_speaks_no_more_is_refused_in_words_and_work_goes_on(
    make_desk_with_line: MakeOffice,
) -> None:
    office = make_desk_with_line("A")

    class Old(Around):
        def pull(self, request: PullRequest) -> PullReply:
            return super().pull(request.model_copy(update={"protocol": 0, "program": "0.0.1"}))

    case = office.report()

    report = office.sync(Old(office.line))

    assert (report.problem_code, report.waiting) == ("sync.upgrade_needed", 0), "its work was taken all the same"
    assert office.case(case.id) is not None


def test_a_field_of_tomorrow_survives_an_edit_by_a_program_of_today(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    office.sync()
    road = office.desk.directory.roads()[0]
    office.desk.directory.save(Road, {"name": "人民路"}, actor=office.actor, record_id=road.id)
    office.sync(_Adds(office.line, {"width_m": (None, 12)}))
    other.sync()

    other.desk.directory.save(Road, {"name": "大同路"}, actor=other.actor, record_id=road.id)
    assert other.sync().finished

    with office.city.database.read() as connection:
        body = connection.execute(select(RECORD.c.body).where(RECORD.c.id == road.id)).scalar_one()
    assert '"width_m":12' in body
    assert "大同路" in body
    assert office.sync().finished


class _Adds(Around):
    """A newer desk, whose changes of roads name a field this program does not know."""

    def __init__(self, line: Any, more: dict[str, Any]) -> None:
        super().__init__(line)
        self._more = more

    def push(self, request: PushRequest) -> PushReply:
        changes = [
            Change.model_validate({**one.model_dump(), "fields": {**one.fields, **self._more}})
            if one.record_type == "road"
            else one
            for one in request.changes
        ]
        return super().push(request.model_copy(update={"changes": changes}))


def test_the_link_of_an_enrolled_desk_knows_the_protocols_the_city_speaks(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line("A")

    health = office.client.get("/v1/health").json()

    assert health["oldest_protocol"] <= PROTOCOL <= health["protocol"]
    assert LinkStore(office.desk.store).need().district == JINSHUI
