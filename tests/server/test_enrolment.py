"""A code takes one PC of one district in, once; a copied disk gets an identity of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.wire.accounts import EnrolReply, LocalPerson, NumberRequest
from app.wire.signing import to_raw
from server import devices, guard, numbers, people
from server.city import City
from server.statements import one
from server.tables import ATTEMPT, AUDIT, DEVICE, ENROLMENT_CODE, PERSON
from tests.server.devices import HUIJI, JINSHUI, OPERATOR, SignedDevice, a_code, stranger

Make = Callable[..., SignedDevice]


def ask_in(pc: SignedDevice, code: str, **told: Any) -> Any:
    return pc.ask("POST", "/v1/enrol", pc.enrol_request(code, **told), counter=1)


def code_of(answer: Any) -> str:
    return str(answer.json()["code"])


def test_a_pc_is_taken_in_and_learns_the_citys_keys_and_scopes(city: City, client: TestClient) -> None:
    answer = ask_in(stranger(client, city), a_code(city))

    reply = EnrolReply.model_validate_json(answer.content)
    assert (reply.district, reply.city, reply.now) == (JINSHUI, city.name, city.now())
    assert (to_raw(reply.sign_key), to_raw(reply.box_key)) == (city.keys.sign_public, city.keys.box_public)
    assert [head.scope for head in reply.scopes] == [JINSHUI, "city"]
    assert all(head.epoch for head in reply.scopes)


def test_the_code_is_read_with_or_without_its_dashes_and_in_small_letters(city: City, client: TestClient) -> None:
    code = a_code(city)

    assert ask_in(stranger(client, city), " " + code.replace("-", "").lower()).status_code == 200


def test_a_lost_answer_is_given_again_to_the_same_pc(city: City, client: TestClient) -> None:
    pc, code = stranger(client, city), a_code(city)

    first, second = ask_in(pc, code), ask_in(pc, code)

    assert (second.status_code, second.content) == (200, first.content)
    with city.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(DEVICE)).scalar_one() == 1


def test_a_used_code_takes_no_second_pc_in(city: City, client: TestClient) -> None:
    code = a_code(city)
    ask_in(stranger(client, city), code)

    answer = ask_in(stranger(client, city), code)

    assert (answer.status_code, code_of(answer)) == (403, "sync.code_wrong")


def test_an_expired_code_takes_nobody_in(city: City, client: TestClient, clock: FixedClock) -> None:
    code = a_code(city, hours=2)
    clock.advance(timedelta(hours=2))

    answer = ask_in(stranger(client, city), code)

    assert (answer.status_code, code_of(answer)) == (403, "sync.code_wrong")


def test_a_code_of_another_district_is_refused_and_stays_good(city: City, client: TestClient) -> None:
    code = a_code(city, HUIJI)

    answer = ask_in(stranger(client, city, JINSHUI), code)

    assert (answer.status_code, code_of(answer)) == (403, "sync.code_other_district")
    assert ask_in(stranger(client, city, HUIJI), code).status_code == 200


def test_the_code_itself_is_kept_nowhere(city: City) -> None:
    code = a_code(city)

    with city.database.read() as connection:
        kept = str(connection.execute(select(ENROLMENT_CODE)).all()) + str(connection.execute(select(AUDIT)).all())
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_whoever_does_not_hold_the_key_is_not_taken_in(city: City, client: TestClient) -> None:
    pc, other = stranger(client, city), stranger(client, city)
    request = pc.enrol_request(a_code(city)).model_copy(update={"device_id": other.id})

    answer = other.ask("POST", "/v1/enrol", request, counter=1)

    assert (answer.status_code, code_of(answer)) == (401, "sync.signature_wrong")


def test_the_identity_of_a_known_pc_cannot_be_taken_over_with_a_fresh_code(
    city: City, client: TestClient, make_device: Make
) -> None:
    known, thief = make_device(), stranger(client, city)
    thief.id = known.id

    answer = ask_in(thief, a_code(city))

    assert code_of(answer) == "sync.signature_wrong"
    assert known.ask("POST", "/v1/numbers", a_request(city)).status_code == 200


def test_a_revoked_pc_is_not_let_in_again_by_a_code(city: City, client: TestClient, make_device: Make) -> None:
    pc = make_device()
    with city.database.write() as connection:
        devices.revoke(connection, city, pc.id, who=OPERATOR)

    assert code_of(ask_in(pc, a_code(city))) == "sync.device_revoked"


def test_guessing_codes_gets_slower_and_slower_and_the_right_one_waits_too(
    city: City, client: TestClient, clock: FixedClock
) -> None:
    pc, code = stranger(client, city), a_code(city)
    wrong = [ask_in(pc, f"WRONG-{number}").status_code for number in range(guard.FREE_TRIES)]

    answer = ask_in(pc, code)
    clock.advance(timedelta(seconds=guard.FIRST_WAIT_S))

    assert wrong == [403] * guard.FREE_TRIES
    assert (answer.status_code, code_of(answer)) == (429, "sync.too_many_tries")
    assert answer.headers["Retry-After"] == str(guard.FIRST_WAIT_S)
    with city.database.read() as connection:
        kept = connection.execute(select(ATTEMPT.c.code).where(ATTEMPT.c.kind == "enrol")).all()
    assert len(kept) == guard.FREE_TRIES
    assert ask_in(pc, "WRONG-AGAIN").status_code == 403
    clock.advance(timedelta(seconds=guard.FIRST_WAIT_S))
    assert ask_in(pc, code).status_code == 429
    clock.advance(timedelta(seconds=guard.FIRST_WAIT_S))
    assert ask_in(pc, code).status_code == 200


def test_two_pcs_of_one_district_never_share_a_mark(city: City, client: TestClient) -> None:
    first, second, elsewhere = stranger(client, city), stranger(client, city), stranger(client, city, HUIJI)

    marks = [
        EnrolReply.model_validate_json(ask_in(pc, a_code(city, pc.district), pc_mark="QRST").content).pc_mark
        for pc in (first, second, elsewhere)
    ]

    assert marks[0] == marks[2] == "QRST"
    assert marks[1] != "QRST"
    assert len(marks[1]) == 4


def a_person(city: City, name: str, login: str, *roles: str) -> LocalPerson:
    return LocalPerson(id=city.ids.new(), name=name, login=login, roles=roles)


def test_the_persons_of_a_pc_are_known_from_then_on(city: City, make_device: Make) -> None:
    person = a_person(city, "张敏", "zhangmin", "acceptor", "admin")

    make_device(persons=[person])

    with city.database.read() as connection:
        rows = one(connection, people.NAMED, ids=[person.id])
    known, elsewhere = people.known_among(rows, JINSHUI)[person.id], people.known_among(rows, HUIJI)
    assert (known.name, known.state, set(known.roles)) == ("张敏", "active", {"acceptor", "admin"})
    assert elsewhere == {}


@pytest.mark.parametrize(("name", "login"), [("张敏", "other"), ("别人", "zhangmin")])
def test_a_name_or_login_known_under_another_id_waits_to_be_mapped(
    city: City, client: TestClient, make_device: Make, name: str, login: str
) -> None:
    make_device(persons=[a_person(city, "张敏", "zhangmin")])
    again, fresh = a_person(city, name, login), a_person(city, "李强", "liqiang")

    answer = ask_in(stranger(client, city), a_code(city), persons=[again, fresh])

    assert EnrolReply.model_validate_json(answer.content).to_map == [again.id]
    with city.database.read() as connection:
        states = {row.id: row.state for row in connection.execute(select(PERSON))}
    assert (states[again.id], states[fresh.id]) == ("to_map", "active")


def renewed(city: City, old: SignedDevice, **told: Any) -> tuple[SignedDevice, Any]:
    new = stranger(old.client, city, old.district)
    return new, old.ask("POST", "/v1/renew", old.renew_request(new, **told), counter=1)


def test_a_copied_disk_gets_an_identity_and_a_mark_of_its_own(city: City, make_device: Make) -> None:
    old = make_device()
    old.ask("POST", "/v1/numbers", a_request(city), counter=9)

    new, answer = renewed(city, old, pc_mark=old.pc_mark, reason="counter")

    reply = EnrolReply.model_validate_json(answer.content)
    assert reply.pc_mark != old.pc_mark
    assert new.as_device(city).previous == {old.id}
    assert new.ask("POST", "/v1/numbers", a_request(city)).status_code == 200
    assert old.ask("POST", "/v1/numbers", a_request(city), counter=10).status_code == 200


def test_asking_twice_for_the_same_new_identity_gives_it_once(city: City, make_device: Make) -> None:
    old = make_device()
    new = stranger(old.client, city)
    body = old.renew_request(new)

    first, second = (old.ask("POST", "/v1/renew", body, counter=1) for _ in range(2))

    assert first.json()["pc_mark"] == second.json()["pc_mark"]
    with city.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(DEVICE)).scalar_one() == 2


def test_the_identity_of_another_pc_cannot_be_asked_for(city: City, make_device: Make) -> None:
    old, victim = make_device(), make_device()

    answer = old.ask("POST", "/v1/renew", old.renew_request(victim), counter=1)

    assert code_of(answer) == "sync.signature_wrong"


def test_only_a_known_pc_in_good_standing_is_renewed(city: City, client: TestClient, make_device: Make) -> None:
    nobody, revoked = stranger(client, city), make_device()
    with city.database.write() as connection:
        devices.revoke(connection, city, revoked.id, who=OPERATOR)

    assert code_of(renewed(city, nobody)[1]) == "sync.device_unknown"
    assert code_of(renewed(city, revoked)[1]) == "sync.device_revoked"


def test_numbers_of_the_old_identity_stay_good_under_the_new_one(city: City, make_device: Make) -> None:
    old, stranger_pc = make_device(), make_device()
    block = old.ask("POST", "/v1/numbers", a_request(city)).json()
    number = block["pattern"].format(n=block["first"])

    new, _answer = renewed(city, old)

    with city.database.read() as connection:
        assert numbers.belongs(connection, new.as_device(city), "case", number)
        assert not numbers.belongs(connection, stranger_pc.as_device(city), "case", number)


@pytest.mark.parametrize(
    "told",
    [
        {"sign_key": "!" * 43},
        {"box_key": "A" * 44},
        {"office": "局\u0000"},
        {"pc_mark": "TOO LONG MARK"},
        {"persons": 3},
    ],
)
def test_what_cannot_be_read_is_refused_by_name(city: City, client: TestClient, told: dict[str, Any]) -> None:
    pc = stranger(client, city)
    said = pc.enrol_request(a_code(city)).model_dump(mode="json") | told
    body = EnrolReply.model_construct(**said)

    answer = pc.ask("POST", "/v1/enrol", body.model_dump_json(warnings=False).encode(), counter=1)

    assert (answer.status_code, code_of(answer)) == (422, "sync.request_broken")


def a_request(city: City) -> NumberRequest:
    return NumberRequest(request_id=city.ids.new(), kind="case", year=2026, count=10)
