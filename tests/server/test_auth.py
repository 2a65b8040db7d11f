"""Only a PC the city took in is heard, each request once, and every refusal is written down."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.wire.accounts import NumberRequest
from app.wire.signing import PROTOCOL_HEADER
from app.wire.sync import Cursor, PullRequest, PushRequest
from server import devices
from server.city import City
from server.main import create_app
from server.tables import ATTEMPT, DEAD_LETTER, DEVICE
from tests.server.devices import OPERATOR, SignedDevice, stranger
from tests.server.postgres import Cluster

Make = Callable[..., SignedDevice]
URL = "/v1/numbers"


def a_request(city: City) -> NumberRequest:
    return NumberRequest(request_id=city.ids.new(), kind="case", year=2026, count=1)


def code_of(answer: Any) -> str:
    return str(answer.json()["code"])


def device_row(city: City, device_id: UUID) -> Any:
    with city.database.read() as connection:
        return connection.execute(select(DEVICE).where(DEVICE.c.id == device_id)).one()


def test_a_signed_request_is_heard_and_the_pc_was_seen(city: City, make_device: Make) -> None:
    pc = make_device()

    assert pc.ask("POST", URL, a_request(city)).status_code == 200
    assert device_row(city, pc.id).last_seen_at == city.now()


def test_a_request_without_a_proof_is_not_heard(city: City, client: TestClient) -> None:
    answer = client.post(URL, content=a_request(city).model_dump_json())

    assert (answer.status_code, code_of(answer)) == (401, "sync.proof_missing")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_pc_nobody_took_in_is_not_heard_and_the_attempt_is_kept(city: City, client: TestClient) -> None:
    answer = stranger(client, city).ask("POST", URL, a_request(city))

    assert (answer.status_code, code_of(answer)) == (401, "sync.device_unknown")
    with city.database.read() as connection:
        assert connection.execute(select(ATTEMPT.c.code, ATTEMPT.c.ok)).all() == [("sync.device_unknown", False)]


def test_a_body_changed_on_the_way_is_not_heard(city: City, make_device: Make) -> None:
    pc = make_device()
    proof = pc.proof("POST", URL, a_request(city).model_dump_json().encode())

    answer = pc.client.post(URL, content=a_request(city).model_dump_json(), headers={"Authorization": proof})

    assert (answer.status_code, code_of(answer)) == (401, "sync.signature_wrong")
    assert device_row(city, pc.id).last_failure == "sync.signature_wrong"
    assert device_row(city, pc.id).failures == 1


def test_a_proof_of_one_address_is_no_proof_of_another(city: City, make_device: Make) -> None:
    pc = make_device()
    body = a_request(city).model_dump_json().encode()

    answer = pc.client.post(URL, content=body, headers={"Authorization": pc.proof("POST", "/v1/sync/push", body)})

    assert code_of(answer) == "sync.signature_wrong"


def test_the_query_is_signed_too(city: City, make_device: Make) -> None:
    pc = make_device()
    body = a_request(city).model_dump_json().encode()

    answer = pc.client.post(URL + "?more=1", content=body, headers={"Authorization": pc.proof("POST", URL, body)})

    assert code_of(answer) == "sync.signature_wrong"


def test_a_request_sent_again_word_for_word_is_refused(city: City, make_device: Make) -> None:
    pc = make_device()
    wanted = a_request(city)
    assert pc.ask("POST", URL, wanted, counter=7).status_code == 200

    answer = pc.ask("POST", URL, wanted, counter=7)

    assert (answer.status_code, code_of(answer)) == (409, "sync.counter_old")


def test_requests_that_overtake_each_other_are_heard_once_each(city: City, make_device: Make) -> None:
    pc = make_device()
    order = [70, 7, 69, 8, 12, 71, 10, 140, 78, 77, 139]

    first = [pc.ask("POST", URL, a_request(city), counter=counter).status_code for counter in order]
    again = [pc.ask("POST", URL, a_request(city), counter=counter).status_code for counter in order]

    # 77 and what is below lies 63 places and more behind 140.
    assert first == [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]
    assert again == [409] * len(order)


@pytest.mark.parametrize(
    ("newest", "late", "heard"), [(100, 37, True), (100, 36, False), (64, 2, True), (65, 1, False)]
)
def test_the_window_reaches_back_exactly_this_far(
    city: City, make_device: Make, newest: int, late: int, heard: bool
) -> None:
    pc = make_device()
    assert pc.ask("POST", URL, a_request(city), counter=newest).status_code == 200

    answer = pc.ask("POST", URL, a_request(city), counter=late)

    assert (answer.status_code == 200) is heard


def test_a_huge_counter_does_no_harm(city: City, make_device: Make) -> None:
    pc = make_device()
    top = 10**18 - 1

    assert pc.ask("POST", URL, a_request(city), counter=top).status_code == 200
    assert pc.ask("POST", URL, a_request(city), counter=top - 1).status_code == 200
    assert pc.ask("POST", URL, a_request(city), counter=top - 1).status_code == 409


def test_of_eight_equal_counters_at_once_one_is_heard(city: City, make_device: Make) -> None:
    pc = make_device()
    gate, heard = threading.Barrier(8), []

    def use() -> None:
        gate.wait()
        heard.append(city.database.retrying(lambda connection: devices.count(connection, pc.id, 50, city.now())))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([device for device in heard if device is not None]) == 1


def test_a_revoked_pc_is_refused_until_it_is_let_in_again(city: City, make_device: Make) -> None:
    pc = make_device()
    with city.database.write() as connection:
        devices.revoke(connection, city, pc.id, who=OPERATOR)
    refused = pc.ask("POST", URL, a_request(city))
    with city.database.write() as connection:
        devices.reinstate(connection, city, pc.id, who=OPERATOR)

    assert (refused.status_code, code_of(refused)) == (403, "sync.device_revoked")
    assert pc.ask("POST", URL, a_request(city)).status_code == 200


def test_an_outdated_protocol_is_told_to_upgrade(city: City, make_device: Make) -> None:
    answer = make_device().ask("POST", URL, a_request(city), headers={PROTOCOL_HEADER: "0"})

    assert (answer.status_code, code_of(answer)) == (426, "sync.upgrade_needed")


@pytest.mark.parametrize(("program", "heard"), [("0.9.9", False), ("0.10.0", True), ("0.11", True), ("", True)])
def test_a_program_too_old_may_hand_in_but_not_receive(
    city: City, make_device: Make, program: str, heard: bool
) -> None:
    pc = limited(city, make_device(), oldest_program="0.10.0")
    pull = PullRequest(program=program, scopes={pc.district: Cursor()})

    received = pc.ask("POST", "/v1/sync/pull", pull)
    handed_in = pc.ask("POST", "/v1/sync/push", PushRequest(program=program, changes=[]))

    assert (received.status_code, handed_in.status_code) == (200 if heard else 426, 200)


def test_a_protocol_too_old_may_hand_in_but_not_receive(city: City, make_device: Make) -> None:
    pc = make_device()

    received = pc.ask("POST", "/v1/sync/pull", PullRequest(protocol=0, scopes={pc.district: Cursor()}))
    handed_in = pc.ask("POST", "/v1/sync/push", PushRequest(protocol=0, changes=[]), headers={PROTOCOL_HEADER: "0"})

    assert (received.status_code, handed_in.status_code) == (426, 200)


def test_a_packed_body_is_heard(city: City, make_device: Make) -> None:
    packed = gzip.compress(a_request(city).model_dump_json().encode())

    answer = make_device().ask("POST", URL, packed, headers={"Content-Encoding": "gzip"})

    assert answer.status_code == 200


def limited(city: City, pc: SignedDevice, **limits: int | str) -> SignedDevice:
    pc.client = TestClient(create_app(replace(city, settings=replace(city.settings, **limits))))
    return pc


def test_a_body_too_large_is_refused_before_it_is_kept(city: City, make_device: Make) -> None:
    pc = limited(city, make_device(), largest_body=1000)

    answer = pc.ask("POST", URL, b"x" * 1001)

    assert (answer.status_code, code_of(answer)) == (413, "sync.too_large")


def test_a_body_of_unsaid_length_is_cut_off_at_the_limit(city: City, make_device: Make) -> None:
    pc = limited(city, make_device(), largest_body=1000)
    sent: list[int] = []

    def pieces() -> Any:
        for number in range(1000):
            sent.append(number)
            yield b"x" * 100

    answer = pc.client.post(URL, content=pieces(), headers={"Authorization": pc.proof("POST", URL, b"x")})

    assert (answer.status_code, code_of(answer)) == (413, "sync.too_large")


def test_a_small_body_that_unpacks_to_a_flood_is_refused(city: City, make_device: Make) -> None:
    pc = limited(city, make_device(), largest_unpacked=1_000_000)
    bomb = gzip.compress(bytes(20_000_000))

    answer = pc.ask("POST", URL, bomb, headers={"Content-Encoding": "gzip"})

    assert len(bomb) < 100_000
    assert (answer.status_code, code_of(answer)) == (413, "sync.too_large")


@pytest.mark.parametrize(
    "spoil", [lambda raw: raw[:-9], lambda raw: raw[:20] + b"\0\0\0" + raw[23:], lambda raw: raw + raw]
)
def test_spoiled_gzip_is_refused_and_kept_as_received(
    city: City, make_device: Make, spoil: Callable[[bytes], bytes]
) -> None:
    spoiled = spoil(gzip.compress(a_request(city).model_dump_json().encode()))
    pc = make_device()

    answer = pc.ask("POST", URL, spoiled, headers={"Content-Encoding": "gzip"})

    assert (answer.status_code, code_of(answer)) == (422, "sync.request_broken")
    with city.database.read() as connection:
        kept = connection.execute(select(DEAD_LETTER.c.raw, DEAD_LETTER.c.device_id)).one()
    assert (bytes(kept.raw), kept.device_id) == (spoiled, pc.id)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"kind": "case"}', b"\xff\xfe", b'"\\ud800"'])
def test_words_the_city_cannot_read_are_refused_and_kept_as_received(
    city: City, make_device: Make, body: bytes
) -> None:
    answer = make_device().ask("POST", URL, body, headers={"User-Agent": "GridDesk/9"})

    assert (answer.status_code, code_of(answer)) == (422, "sync.request_broken")
    with city.database.read() as connection:
        kept = connection.execute(select(DEAD_LETTER.c.raw, DEAD_LETTER.c.agent)).one()
    assert (bytes(kept.raw), kept.agent) == (body, "GridDesk/9")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_while_the_database_is_away_the_pc_is_told_to_come_back(
    city: City, make_device: Make, postgres_cluster: Cluster
) -> None:
    pc = make_device()
    with postgres_cluster.admin() as connection:
        connection.execute(f'ALTER DATABASE "{city.database.url.database}" WITH ALLOW_CONNECTIONS false')
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [city.database.url.database]
        )

    answers = [pc.ask("POST", URL, a_request(city)), pc.client.get("/v1/health")]

    assert [(answer.status_code, code_of(answer)) for answer in answers] == [(503, "sync.city_busy")] * 2
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
