"""What the city saves in round trips costs nobody anything: no request twice, no answer lost, no line left broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import psycopg
import pytest
from psycopg import pq
from psycopg.pq.abc import PGconn
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.testclient import TestClient

from app.wire.sync import Cursor, PullReply, PullRequest, PushReply, PushRequest
from server import exchange, statements
from server.city import City
from server.main import create_app
from server.statements import insertion, one, together
from server.sync import bulk, history
from server.tables import DEVICE, DISTRICT, FEED, OUTCOME
from tests.server.bureaus import Bureau
from tests.server.devices import HUIJI, JINSHUI, SignedDevice
from tests.server.postgres import Cluster

Make = Callable[..., SignedDevice]
PUSH, PULL = "/v1/sync/push", "/v1/sync/pull"
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
def bureau(city: City) -> Bureau:
    """Persons of 金水区 and the changes they make."""
    return Bureau(city, JINSHUI)


@pytest.fixture
def pc(bureau: Bureau, make_device: Make) -> SignedDevice:
    """A PC the city has heard before, so that its key is remembered."""
    device = make_device()
    assert device.ask("POST", PUSH, PushRequest(changes=[bureau.unit("甲")])).status_code == 200
    return device


def replies(answer: Any) -> PushReply:
    assert answer.status_code == 200, answer.text
    return PushReply.model_validate_json(answer.content)


def test_the_same_small_push_under_a_new_counter_gets_the_same_answer(
    city: City, pc: SignedDevice, bureau: Bureau
) -> None:
    asked = PushRequest(changes=[bureau.unit("乙"), bureau.unit("丙")])

    first, again = replies(pc.ask("POST", PUSH, asked)), replies(pc.ask("POST", PUSH, asked))

    assert again.outcomes == first.outcomes
    assert [outcome.seq for outcome in first.outcomes] == [2, 3]
    with city.database.read() as connection:
        kept = connection.execute(select(OUTCOME.c.seq, OUTCOME.c.scope).order_by(OUTCOME.c.seq)).all()
        fed = connection.execute(select(FEED.c.seq, FEED.c.tx).where(FEED.c.scope == JINSHUI).order_by("seq")).all()
    assert kept == [(1, JINSHUI), (2, JINSHUI), (3, JINSHUI)]
    assert fed == [(1, 1), (2, 2), (3, 2)]


def test_few_changes_and_many_are_numbered_alike(city: City, bureau: Bureau) -> None:
    for count in (1, bulk.COPY_FROM_ROWS - 1, bulk.COPY_FROM_ROWS, 2):
        bureau.push(*(bureau.unit(f"{count}-{n}") for n in range(count)))

    with city.database.read() as connection:
        fed = connection.execute(select(FEED.c.seq, FEED.c.tx).where(FEED.c.scope == JINSHUI).order_by("seq")).all()
    last = 2 * bulk.COPY_FROM_ROWS
    assert [seq for seq, _tx in fed] == list(range(1, last + 3))
    assert sorted({tx for _seq, tx in fed}) == [1, 2, bulk.COPY_FROM_ROWS + 1, last + 1]
    assert bureau.is_equal()


def test_a_push_that_fails_uses_its_counter_up_and_leaves_nothing(city: City, pc: SignedDevice, bureau: Bureau) -> None:
    pc.client = TestClient(create_app(city), raise_server_exceptions=False)
    asked = PushRequest(changes=[bureau.unit("乙")])
    with city.database.write() as connection:
        connection.execute(text("ALTER TABLE outcome RENAME TO outcome_away"))
    failed = pc.ask("POST", PUSH, asked, counter=50)
    with city.database.write() as connection:
        connection.execute(text("ALTER TABLE outcome_away RENAME TO outcome"))

    replayed = pc.ask("POST", PUSH, asked, counter=50)

    assert failed.status_code in (500, 503)
    assert (replayed.status_code, replayed.json()["code"]) == (409, "sync.counter_old")
    assert [outcome.seq for outcome in replies(pc.ask("POST", PUSH, asked, counter=51)).outcomes] == [2]


def test_a_remembered_key_is_not_believed_when_the_city_has_another(
    city: City, pc: SignedDevice, bureau: Bureau
) -> None:
    with city.database.write() as connection:
        connection.execute(update(DEVICE).where(DEVICE.c.id == pc.id).values(sign_key=bytes(range(32))))

    pushed = pc.ask("POST", PUSH, PushRequest(changes=[bureau.unit("乙")]))
    pulled = pc.ask("POST", PULL, PullRequest(scopes={JINSHUI: Cursor()}))

    assert [answer.json()["code"] for answer in (pushed, pulled)] == ["sync.signature_wrong"] * 2


def test_a_pull_without_news_uses_its_counter_up(pc: SignedDevice) -> None:
    head = PullReply.model_validate_json(pc.ask("POST", PULL, PullRequest(scopes={JINSHUI: Cursor()})).content)
    at = head.scopes[JINSHUI].head
    asked = PullRequest(scopes={JINSHUI: Cursor(epoch=at.epoch, after=at.head)})

    first, again = pc.ask("POST", PULL, asked, counter=40), pc.ask("POST", PULL, asked, counter=40)

    page = PullReply.model_validate_json(first.content).scopes[JINSHUI]
    assert (page.head, page.entries, page.from_seq, page.to_seq) == (at, [], at.head + 1, at.head)
    assert (again.status_code, again.json()["code"]) == (409, "sync.counter_old")


@pytest.mark.parametrize("scope", [HUIJI, "没有的", "zero\0byte", "'; DROP TABLE feed; --"])
def test_a_scope_that_is_not_ones_own_is_denied_however_it_is_written(pc: SignedDevice, scope: str) -> None:
    answer = pc.ask("POST", PULL, PullRequest(scopes={scope: Cursor(), JINSHUI: Cursor()}))

    assert (answer.status_code, answer.json()["code"]) == (404, "sync.scope_denied")


@on_postgres
def test_a_database_that_was_restarted_is_used_again_at_once(
    city: City, pc: SignedDevice, bureau: Bureau, postgres_cluster: Cluster
) -> None:
    for ask in (
        lambda: pc.ask("POST", PUSH, PushRequest(changes=[bureau.unit("乙")])),
        lambda: pc.ask("POST", PULL, PullRequest(scopes={JINSHUI: Cursor()})),
        lambda: pc.client.get("/v1/health"),
    ):
        end_all_lines(city, postgres_cluster)
        assert ask().status_code == 200


@on_postgres
def test_a_line_that_lay_unused_for_long_is_asked_before_it_is_used(
    city: City, postgres_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("server.database.ASKED_AFTER_S", -1)
    event.listen(city.database.engine, "connect", lambda *_told: asked.append("a new line"))
    with city.database.write() as connection:
        connection.execute(text("SELECT 1"))
    end_all_lines(city, postgres_cluster)
    with city.database.write() as connection:
        connection.execute(text("SELECT 1"))

    assert asked == ["a new line"]


@on_postgres
def test_what_fails_in_the_middle_is_rolled_back_whole_and_the_line_goes_on(city: City) -> None:
    add = insertion(DISTRICT)
    new = {"code": "410199", "name": "新区", "added_at": city.now()}

    def twice(connection: Connection) -> None:
        together(connection, (add, [new]))
        together(connection, (add, [new | {"code": "410198"}, new]), commit=True)

    with pytest.raises(IntegrityError), city.database.write() as connection:
        twice(connection)
    with city.database.write() as connection:
        codes = select(DISTRICT.c.code)
        assert set(connection.execute(codes).scalars()) == {JINSHUI, HUIJI}
        together(connection, (add, [new]))
    with city.database.read() as connection:
        assert "410199" in set(connection.execute(codes).scalars())


@on_postgres
def test_what_cannot_be_written_down_is_not_sent_and_harms_no_line(city: City) -> None:
    add = insertion(DISTRICT)
    rows = [
        {"code": "410198", "name": "先", "added_at": city.now()},
        {"code": "410199", "name": "a\0b", "added_at": city.now()},
    ]
    with pytest.raises(DBAPIError), city.database.write() as connection:
        together(connection, (add, rows), commit=True)

    with city.database.write() as connection:
        assert one(connection, history.LOCKED, ids=[city.ids.new()]) == []
        assert set(connection.execute(select(DISTRICT.c.code)).scalars()) == {JINSHUI, HUIJI}


@on_postgres
def test_a_single_change_takes_two_conversations_with_the_database(
    pc: SignedDevice, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    exchange = statements.exchange.exchange

    def counted(*told: Any, **more: Any) -> Any:
        held.append(len(told[2]))
        return exchange(*told, **more)

    monkeypatch.setattr(statements.exchange, "exchange", counted)
    replies(pc.ask("POST", PUSH, PushRequest(changes=[bureau.unit("乙")])))

    assert len(held) == 2


def end_all_lines(city: City, cluster: Cluster) -> None:
    """As a restart of the database does."""
    ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    with cluster.admin() as connection:
        connection.execute(ended, [city.database.url.database])


class BrokenLine:
    """libpq's side of a conversation whose other end is gone: not busy, and nothing more to say."""

    status = pq.ConnStatus.BAD

    def __init__(self) -> None:
        self._asked = 0

    def flush(self) -> int:
        return 0

    def is_busy(self) -> int:
        return 0

    def get_result(self) -> None:
        self._asked += 1
        assert self._asked < 10, "asked without end"


def test_a_line_that_broke_in_the_middle_is_not_asked_without_end() -> None:
    with pytest.raises(psycopg.OperationalError):
        next(exchange._heard(cast(PGconn, BrokenLine())))
