"""What somebody who means harm gets from the city: nothing, and no sign of what others have."""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic_core import from_json, to_json
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.domain.cases import Case
from app.domain.permissions import OfficeRole
from app.domain.records import Record
from app.wire.accounts import LocalPerson, NumberRequest
from app.wire.blobs import FileOffer
from app.wire.sync import Change, Cursor, Outcome, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply, Status
from server import devices as city_devices
from server.auth import LARGEST_OF_STRANGERS
from server.city import City
from server.tables import DEAD_LETTER, DEVICE, FEED, METADATA, RECORD, REVIEW, SCOPE_HEAD
from tests.builders import NINE, a_case
from tests.data_files import data_file
from tests.server.city_files import a_photo, put_record, send_whole, sha256_of, some_bytes
from tests.server.devices import HUIJI, JINSHUI, OPERATOR, SignedDevice, a_code, stranger

ALL_ROLES = tuple(OfficeRole)
_COMMON = {"id", "version", "created_at", "changed_at"}
Made = Callable[..., SignedDevice]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what never comes near the database; the rest is tried on both."""


class Pc:
    """A PC with one person who may do everything."""

    def __init__(self, make_device: Made, district: str) -> None:
        self.person = uuid4()
        person = LocalPerson(
            id=self.person, name=f"张敏{self.person.hex[:4]}", login=self.person.hex[:8], roles=ALL_ROLES
        )
        self.device = make_device(district, persons=[person])
        self.district = district
        self.seq = 0

    def change(self, record: Record, record_type: str = "case", **what_matters: object) -> Change:
        """A change that makes this record."""
        self.seq += 1
        values = record.model_dump(mode="json", exclude=_COMMON, exclude_defaults=True)
        made: dict[str, object] = {
            "change_id": uuid4(),
            "group": uuid4(),
            "seq": self.seq,
            "record_type": record_type,
            "record_id": record.id,
            "action": "case.import",
            "base_version": 0,
            "fields": {name: (None, value) for name, value in values.items()},
            "made_at": NINE,
            "actor_id": self.person,
            "actor_name": "张敏",
        }
        return Change.model_validate({**made, **what_matters})

    def push(self, *changes: Change) -> list[Outcome]:
        """The city's outcomes."""
        answer = self.device.ask("POST", "/v1/sync/push", PushRequest(changes=list(changes)))
        assert answer.status_code == 200, answer.text
        return PushReply.model_validate_json(answer.content).outcomes

    def pulled(self, *scopes: str) -> PullReply:
        """What is there from the beginning."""
        answer = self.device.ask("POST", "/v1/sync/pull", PullRequest(scopes={scope: Cursor() for scope in scopes}))
        assert answer.status_code == 200, answer.text
        return PullReply.model_validate_json(answer.content)

    def snapshot(self, scope: str) -> Any:
        """The answer to a question for the scope's records."""
        return self.device.ask("GET", f"/v1/sync/snapshot?scope={scope}&limit=5000")

    def sees(self) -> set[UUID]:
        """The records of its own district."""
        return {row.id for row in SnapshotReply.model_validate_json(self.snapshot(self.district).content).rows}


@pytest.fixture
def jinshui(make_device: Made) -> Pc:
    """A PC of one district."""
    return Pc(make_device, JINSHUI)


@pytest.fixture
def huiji(make_device: Made) -> Pc:
    """A PC of another."""
    return Pc(make_device, HUIJI)


def told(answer: Any) -> tuple[int, Any]:
    """Everything of an answer that could tell two cases apart."""
    return answer.status_code, from_json(answer.content) if answer.content else b""


# Another district's records.


def test_a_desk_sees_the_records_of_its_district_alone(jinshui: Pc, huiji: Pc) -> None:
    mine, theirs = a_case(), a_case()
    assert [outcome.status for outcome in (*jinshui.push(jinshui.change(mine)), *huiji.push(huiji.change(theirs)))] == [
        Status.APPLIED,
        Status.APPLIED,
    ]

    assert jinshui.sees() == {mine.id}
    assert huiji.sees() == {theirs.id}


def test_a_foreign_scope_answers_as_one_that_does_not_exist(jinshui: Pc, huiji: Pc) -> None:
    jinshui.push(jinshui.change(a_case()))
    foreign, absent = JINSHUI, "410199"

    assert told(huiji.snapshot(foreign)) == told(huiji.snapshot(absent))
    assert huiji.snapshot(foreign).status_code == 404
    pulls = [
        told(huiji.device.ask("POST", "/v1/sync/pull", PullRequest(scopes={scope: Cursor()})))
        for scope in (foreign, absent, f"{JINSHUI}/{jinshui.device.id}", f"{HUIJI}/{uuid4()}")
    ]
    assert pulls[0][0] == 404
    assert all(pull == pulls[0] for pull in pulls)


def test_a_foreign_scope_beside_ones_own_spoils_the_whole_question(jinshui: Pc, huiji: Pc) -> None:
    request = PullRequest(scopes={HUIJI: Cursor(), JINSHUI: Cursor()})

    answer = huiji.device.ask("POST", "/v1/sync/pull", request)

    assert answer.status_code == 404
    assert JINSHUI not in answer.text


def test_pushing_onto_a_foreign_record_changes_nothing_and_tells_nothing(city: City, jinshui: Pc, huiji: Pc) -> None:
    case = a_case(description="占道经营,业主王某某")
    jinshui.push(jinshui.change(case))
    before = rows_of(city)

    taken = huiji.push(huiji.change(case, fields={"description": ("占道经营,业主王某某", "改了")}, base_version=1))
    guessed = huiji.push(huiji.change(case.changed(NINE, description="新建")))

    for outcome in (*taken, *guessed):
        assert outcome.status is Status.REFUSED
        assert outcome.row is None
        assert outcome.clashes == {}
        assert outcome.version == outcome.seq == 0
        assert "王某某" not in outcome.model_dump_json()
    assert rows_of(city) == before


def test_changing_a_foreign_record_answers_as_changing_one_that_is_not_there(jinshui: Pc, huiji: Pc) -> None:
    case, absent = a_case(), a_case()
    jinshui.push(jinshui.change(case))
    fields = {"description": ("", "改了")}

    answers = [huiji.push(huiji.change(each, fields=fields, base_version=1))[0] for each in (case, absent)]

    assert {answer.status for answer in answers} == {Status.REFUSED}
    assert len({without_identity(answer) for answer in answers}) == 1


def test_a_child_of_a_foreign_case_waits_as_one_of_a_case_nobody_has(jinshui: Pc, huiji: Pc) -> None:
    case = a_case()
    jinshui.push(jinshui.change(case))
    data = some_bytes(100)

    answers = [
        huiji.push(huiji.change(a_photo(uuid4(), parent, data, NINE), "photo"))[0] for parent in (case.id, uuid4())
    ]

    assert [answer.status for answer in answers] == [Status.HELD, Status.HELD]
    assert len({without_identity(answer) for answer in answers}) == 1
    assert len(jinshui.sees()) == 1


def test_asking_for_a_foreign_change_id_tells_nothing_of_it(city: City, jinshui: Pc, huiji: Pc) -> None:
    change = jinshui.change(a_case(description="占道经营,业主王某某"))
    jinshui.push(change)

    (outcome,) = huiji.push(change)

    assert outcome.status not in (Status.APPLIED, Status.MERGED, Status.DUPLICATE)
    assert outcome.row is None
    assert outcome.scope != JINSHUI
    assert (outcome.seq, outcome.version) == (0, 0)


def test_a_case_number_of_another_pc_is_refused(jinshui: Pc, huiji: Pc) -> None:
    block = from_json(jinshui.device.ask("POST", "/v1/numbers", a_wish_for_numbers()).content)
    number = block["pattern"].format(n=block["first"])

    (outcome,) = huiji.push(huiji.change(a_case(city_no=number)))
    own = from_json(huiji.device.ask("POST", "/v1/numbers", a_wish_for_numbers()).content)

    assert (outcome.status, outcome.code) == (Status.REFUSED, "sync.number_foreign")
    assert own["id"] != block["id"]
    assert JINSHUI not in own["pattern"]


def test_a_block_of_numbers_is_not_given_out_under_anothers_request(jinshui: Pc, huiji: Pc) -> None:
    wish = a_wish_for_numbers()
    first = jinshui.device.ask("POST", "/v1/numbers", wish)

    other = huiji.device.ask("POST", "/v1/numbers", wish)

    assert first.status_code == 200
    assert other.status_code != 200 or from_json(other.content)["id"] != from_json(first.content)["id"]
    assert JINSHUI not in other.text


def test_receipts_of_foreign_and_absent_records_are_the_same_answer(jinshui: Pc, huiji: Pc) -> None:
    case = a_case()
    jinshui.push(jinshui.change(case))

    answers = [told(huiji.device.ask("GET", f"/v1/receipts/{record}")) for record in (case.id, uuid4())]

    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    assert jinshui.device.ask("GET", f"/v1/receipts/{case.id}").status_code == 200


@ON_SQLITE
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/files/{sha256}/state"),
        ("GET", "/v1/files/{sha256}"),
        ("GET", "/v1/files/{sha256}/thumbnail"),
        ("PATCH", "/v1/files/{sha256}?offset=0"),
        ("PUT", "/v1/files/{sha256}/thumbnail"),
    ],
)
def test_a_foreign_file_answers_as_one_nobody_has(city: City, huiji: Pc, method: str, path: str) -> None:
    foreign, absent = some_bytes(3000, 1), some_bytes(3000, 2)
    send_whole(city, JINSHUI, foreign)
    put_record(city, JINSHUI, "photo", a_photo(uuid4(), uuid4(), foreign, city.now()))
    body = b"\xff\xd8\xff x" if method in ("PATCH", "PUT") else b""

    answers = []
    for data in (foreign, absent):
        status, said = told(huiji.device.ask(method, path.format(sha256=sha256_of(data)), body))
        answers.append((status, str(said).replace(sha256_of(data), "")))

    assert answers[0] == answers[1]


def test_offering_a_foreign_file_gives_neither_its_bytes_nor_its_presence(city: City, huiji: Pc) -> None:
    data = some_bytes(3000)
    send_whole(city, JINSHUI, data)
    offer = FileOffer(sha256=sha256_of(data), size=len(data))

    offered = from_json(huiji.device.ask("POST", "/v1/files", offer).content)

    assert (offered["state"], offered.get("offset", 0)) == ("partial", 0)
    assert huiji.device.ask("GET", f"/v1/files/{sha256_of(data)}").status_code == 404


# Who may ask at all.


def test_a_revoked_pc_reads_nothing_and_its_work_waits_for_review(city: City, jinshui: Pc) -> None:
    city.database.retrying(lambda c: city_devices.revoke(c, city, jinshui.device.id, who=OPERATOR))
    case = a_case()

    (outcome,) = jinshui.push(jinshui.change(case))

    assert (outcome.status, outcome.waiting_for) == (Status.HELD, "review")
    assert count(city, REVIEW) == 1
    assert count(city, RECORD) == 0
    for method, path in (
        ("GET", f"/v1/sync/snapshot?scope={JINSHUI}&limit=10"),
        ("GET", f"/v1/receipts/{case.id}"),
        ("GET", f"/v1/files/{'0' * 64}/state"),
    ):
        assert jinshui.device.ask(method, path).status_code == 403
    for path, body in (
        ("/v1/sync/pull", PullRequest(scopes={JINSHUI: Cursor()})),
        ("/v1/numbers", a_wish_for_numbers()),
    ):
        assert jinshui.device.ask("POST", path, body).status_code == 403


@ON_SQLITE
@pytest.mark.parametrize("path", ["/v1/sync/push", "/v1/sync/pull", "/v1/numbers", "/v1/files"])
def test_without_a_proof_nothing_is_answered(client: TestClient, path: str) -> None:
    for header in (
        "",
        "Bearer x",
        "GridDesk x",
        f"GridDesk {uuid4()}.1.{'A' * 86}",
        f"GridDesk {uuid4()}.x.{'A' * 86}",
    ):
        answer = client.post(path, content=b"{}", headers={"Authorization": header} if header else {})
        assert answer.status_code == 401, (path, header, answer.text)


@ON_SQLITE
def test_another_pcs_name_under_ones_own_signature_is_refused(jinshui: Pc, huiji: Pc) -> None:
    body = PushRequest(changes=[]).model_dump_json().encode()
    huiji.device.id, own = jinshui.device.id, huiji.device.id

    answer = huiji.device.ask("POST", "/v1/sync/push", body, counter=99)

    huiji.device.id = own
    assert (answer.status_code, from_json(answer.content)["code"]) == (401, "sync.signature_wrong")


@ON_SQLITE
def test_an_altered_body_path_or_method_breaks_the_signature(client: TestClient, jinshui: Pc) -> None:
    body = PushRequest(changes=[]).model_dump_json().encode()
    proof = jinshui.device.proof("POST", "/v1/sync/push", body)

    for method, path, sent in (
        ("POST", "/v1/sync/push", body + b" "),
        ("POST", "/v1/sync/push?x=1", body),
        ("POST", "/v1/sync/pull", body),
    ):
        answer = client.request(method, path, content=sent, headers={"Authorization": proof})
        assert (answer.status_code, from_json(answer.content)["code"]) == (401, "sync.signature_wrong")


def test_a_request_that_is_sent_again_is_refused(city: City, client: TestClient, jinshui: Pc) -> None:
    body = PushRequest(changes=[jinshui.change(a_case())]).model_dump_json().encode()
    headers = {"Authorization": jinshui.device.proof("POST", "/v1/sync/push", body)}
    assert client.post("/v1/sync/push", content=body, headers=headers).status_code == 200
    before = rows_of(city)

    again = client.post("/v1/sync/push", content=body, headers=headers)

    assert (again.status_code, from_json(again.content)["code"]) == (409, "sync.counter_old")
    assert rows_of(city) == before


@ON_SQLITE
def test_expired_used_and_foreign_codes_take_nobody_in(city: City, client: TestClient, clock: FixedClock) -> None:
    used, expired = a_code(city), a_code(city, hours=1)
    first = stranger(client, city)
    assert first.ask("POST", "/v1/enrol", first.enrol_request(used), counter=1).status_code == 200
    clock.advance(timedelta(hours=2))

    said = []
    for code in (used, expired, "AAAA-BBBB-CCCC"):
        other = stranger(client, city)
        answer = other.ask("POST", "/v1/enrol", other.enrol_request(code, pc_mark="WXYZ"), counter=1)
        said.append(told(answer))

    assert said[0] == said[1] == said[2]
    assert said[0][1]["code"] == "sync.code_wrong"
    foreign = stranger(client, city, HUIJI)
    answer = foreign.ask("POST", "/v1/enrol", foreign.enrol_request(a_code(city, JINSHUI)), counter=1)
    assert from_json(answer.content)["code"] == "sync.code_other_district"


@ON_SQLITE
def test_a_pc_cannot_take_the_identity_of_another_with_a_code_of_its_own(
    city: City, client: TestClient, jinshui: Pc
) -> None:
    thief = stranger(client, city)
    thief.id = jinshui.device.id

    answer = thief.ask("POST", "/v1/enrol", thief.enrol_request(a_code(city)), counter=1)

    assert answer.status_code == 401
    assert jinshui.device.ask("GET", f"/v1/files/{'0' * 64}/state").status_code == 200


@ON_SQLITE
def test_junk_of_strangers_is_kept_nowhere(city: City, client: TestClient) -> None:
    unknown = stranger(client, city)
    for path in ("/v1/enrol", "/v1/renew", "/v1/sync/push", "/v1/files"):
        for headers in ({}, {"Content-Encoding": "gzip"}):
            answer = unknown.ask("POST", path, b"junk" * 1000, headers=headers)
            assert answer.status_code in (401, 422)

    assert count(city, DEAD_LETTER) == 0


# Bodies that are to break something.


@ON_SQLITE
def test_a_change_more_than_a_batch_holds_is_refused_whole(city: City, jinshui: Pc) -> None:
    body = PushRequest(changes=[]).model_dump(mode="json")
    body["changes"] = [jinshui.change(a_case()).model_dump(mode="json") for _ in range(501)]
    before = rows_of(city)

    answer = jinshui.device.ask("POST", "/v1/sync/push", to_json(body))

    assert (answer.status_code, from_json(answer.content)["code"]) == (422, "sync.request_broken")
    assert rows_of(city) == before
    assert count(city, DEAD_LETTER) == 1


@ON_SQLITE
def test_a_small_body_that_unpacks_to_gigabytes_is_refused(city: City, jinshui: Pc) -> None:
    limit = city.settings.largest_unpacked
    packed = gzip.compress(b" " * (limit + 1024))
    assert len(packed) < city.settings.largest_body

    answer = jinshui.device.ask("POST", "/v1/sync/push", packed, headers={"Content-Encoding": "gzip"})

    assert (answer.status_code, from_json(answer.content)["code"]) == (413, "sync.too_large")


@ON_SQLITE
@pytest.mark.parametrize("path", ["/v1/enrol", "/v1/renew"])
def test_strangers_are_not_listened_to_for_long(city: City, client: TestClient, path: str) -> None:
    unknown, long = stranger(client, city), b" " * (LARGEST_OF_STRANGERS + 1)

    plain = unknown.ask("POST", path, long)
    packed = unknown.ask("POST", path, gzip.compress(long), headers={"Content-Encoding": "gzip"})

    assert (plain.status_code, packed.status_code) == (413, 413)


@ON_SQLITE
def test_a_body_over_the_limit_is_refused(city: City, jinshui: Pc) -> None:
    answer = jinshui.device.ask("POST", "/v1/sync/push", b" " * (city.settings.largest_body + 1))

    assert answer.status_code == 413


@ON_SQLITE
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"changes":' + b'{"a":' * 100_000,
        b'{"changes":[{"fields":' + b"[" * 50_000 + b"]" * 50_000 + b"}]}",
        b"\x00\xff\xfe",
        b'{"changes": NaN}',
        b'{"changes": "' + b"x" * 1000 + b'"}',
    ],
    ids=["brackets", "objects", "closed brackets", "no utf-8", "nan", "a string"],
)
def test_json_that_is_no_request_is_refused_in_words_and_kept(city: City, jinshui: Pc, body: bytes) -> None:
    answer = jinshui.device.ask("POST", "/v1/sync/push", body)

    assert (answer.status_code, from_json(answer.content)["code"]) == (422, "sync.request_broken")
    with city.database.read() as connection:
        assert connection.execute(select(DEAD_LETTER.c.raw)).scalars().all() == [body]


@ON_SQLITE
def test_a_deep_value_in_a_free_field_harms_nothing(jinshui: Pc) -> None:
    deep: Any = "bottom"
    for _ in range(150):
        deep = [deep]
    change = jinshui.change(a_case()).model_dump(mode="json")
    change["fields"]["new_one"] = [None, deep]

    answer = jinshui.device.ask("POST", "/v1/sync/push", to_json({"changes": [change]}))

    assert answer.status_code in (200, 422)
    assert jinshui.device.ask("GET", f"/v1/sync/snapshot?scope={JINSHUI}&limit=9").status_code == 200


HOSTILE = (
    "'; DROP TABLE record; --",
    "1 OR 1=1",
    '" ; DELETE FROM feed ; --',
    "%s %(x)s {0} :x $1 ?",
    "'||(SELECT sign_seed FROM city)||'",
    "\\'; COPY city TO PROGRAM 'true'; --",
    "../../../../etc/passwd",
)


def test_sql_in_any_field_of_a_change_is_only_text(city: City, jinshui: Pc) -> None:
    texts = [name for name, field in Case.model_fields.items() if field.annotation is str]
    cases = {hostile: a_case() for hostile in HOSTILE}
    jinshui.push(*(jinshui.change(case) for case in cases.values()))

    for hostile, case in cases.items():
        fields = [jinshui.change(case, fields={name: ("", hostile)}, base_version=1) for name in texts]
        words = [jinshui.change(a_case(), **{name: hostile[:40]}) for name in ("record_type", "action", "actor_name")]
        names = [{hostile: (None, hostile)}, {"extra": (None, {hostile: hostile})}]
        jinshui.push(*fields, *words, *(jinshui.change(a_case(), fields=each) for each in names))

    with city.database.read() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(select(func.count()).select_from(table)).scalar_one()
    scope = SnapshotReply.model_validate_json(jinshui.snapshot(JINSHUI).content)
    kept = {row.id: row.row or {} for row in scope.rows}
    assert {hostile: kept[case.id].get("description") for hostile, case in cases.items()} == {
        hostile: hostile for hostile in HOSTILE
    }
    assert scope.head.count == len(scope.rows)


def test_hostile_strings_come_back_as_they_went_in(jinshui: Pc) -> None:
    sent, changes = {}, []
    for text in from_json(data_file("hostile-strings", "blns.json").read_bytes()):
        case = a_case(description=text)
        sent[case.id] = text
        changes.append(jinshui.change(case))
    for start in range(0, len(changes), 500):
        outcomes = jinshui.push(*changes[start : start + 500])
        assert {outcome.status for outcome in outcomes} == {Status.APPLIED}

    rows = SnapshotReply.model_validate_json(jinshui.snapshot(JINSHUI).content).rows

    assert {row.id: (row.row or {}).get("description", "") for row in rows} == sent


def test_a_zero_byte_in_any_text_is_no_failure_of_the_city(jinshui: Pc) -> None:
    case, zero = a_case(), "a\x00b"
    for what_matters in (
        {"fields": {"description": (None, zero)}},
        {"fields": {zero: (None, 1)}},
        {"fields": {"extra": (None, {zero: zero})}},
        {"record_type": zero},
        {"action": zero},
        {"actor_name": zero},
    ):
        body = PushRequest(changes=[jinshui.change(case, **what_matters)])
        assert jinshui.device.ask("POST", "/v1/sync/push", body).status_code in (200, 422)

    for path, body in (
        ("/v1/numbers", a_wish_for_numbers().model_copy(update={"kind": zero})),
        ("/v1/files", FileOffer.model_construct(sha256="0" * 64, size=1, media_type=zero)),
        ("/v1/sync/pull", PullRequest(scopes={zero: Cursor()})),
        ("/v1/sync/pull", PullRequest(scopes={JINSHUI: Cursor(epoch=zero)})),
        ("/v1/sync/push", PushRequest(program=zero, changes=[])),
    ):
        assert jinshui.device.ask("POST", path, body).status_code in (200, 404, 422)

    broken = jinshui.device.ask("POST", "/v1/sync/pull", b'{"scopes": {"a\\u0000b": {"after": "x"}}}')
    assert broken.status_code == 422


def test_a_broken_request_that_comes_again_and_again_is_kept_once(city: City, jinshui: Pc) -> None:
    for _ in range(3):
        assert jinshui.device.ask("POST", "/v1/sync/push", b'{"changes": 1}').status_code == 422

    assert count(city, DEAD_LETTER) == 1
    with city.database.read() as connection:
        failures = select(DEVICE.c.failures).where(DEVICE.c.id == jinshui.device.id)
        assert connection.execute(failures).scalar_one() == 3


@ON_SQLITE
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\x", "/absolute", "C:\\x.jpg", "a\x00b", "%2e%2e%2f", "~/x"]
)
def test_a_path_in_a_file_name_touches_nothing(city: City, jinshui: Pc, tmp_path: Path, name: str) -> None:
    data, before = some_bytes(100), lying(tmp_path)
    case = a_case()
    photo = a_photo(uuid4(), case.id, data, NINE).model_copy(update={"name": name})

    jinshui.push(jinshui.change(case), jinshui.change(photo, "photo"))
    jinshui.device.ask(
        "POST", "/v1/files", FileOffer.model_construct(sha256=sha256_of(data), size=100, media_type=name)
    )
    jinshui.device.ask("PATCH", f"/v1/files/{sha256_of(data)}?offset=0", data)

    new = [path for path in lying(tmp_path) if path not in before]
    assert [path for path in new if not path.is_relative_to(city.settings.files) and "city.db" not in path.name] == []
    assert all(len(path.name) == 32 for path in new if path.is_relative_to(city.settings.files))


@ON_SQLITE
@pytest.mark.parametrize("path", ["..%2f..%2fcity.db", "../city.db", "%00", "." * 64, "g" * 64, "0" * 63, "A" * 64])
def test_a_path_in_place_of_a_hash_reaches_no_file(jinshui: Pc, path: str) -> None:
    answer = jinshui.device.ask("GET", f"/v1/files/{path}")

    assert answer.status_code in (401, 404, 422)


@ON_SQLITE
@pytest.mark.parametrize("line", ["x\r\nSet-Cookie: a=b", "x\nX-Evil: 1", "410105\r\n\r\n<html>"])
def test_a_line_break_in_a_question_makes_no_header(jinshui: Pc, line: str) -> None:
    from urllib.parse import quote

    answer = jinshui.device.ask("GET", f"/v1/sync/snapshot?scope={quote(line)}&limit=5")

    assert "set-cookie" not in answer.headers
    assert "x-evil" not in answer.headers
    assert answer.status_code in (404, 422)


# What the city writes down about it.


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every log line of the program, down to the most talkative."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


@ON_SQLITE
def test_no_log_line_holds_a_secret_or_a_person(
    city: City, client: TestClient, logged: pytest.LogCaptureFixture
) -> None:
    code = a_code(city)
    secret_name, secret_phone = "赵不留名", "13700000000"
    person = LocalPerson(id=uuid4(), name="张敏", login="zhangmin", roles=ALL_ROLES)
    device = stranger(client, city)
    device.ask("POST", "/v1/enrol", device.enrol_request(code, persons=[person]), counter=1)
    wrong = stranger(client, city)
    wrong.ask("POST", "/v1/enrol", wrong.enrol_request("QQQQ-WWWW-EEEE"), counter=1)
    pc = Pc.__new__(Pc)
    pc.person, pc.device, pc.district, pc.seq = person.id, device, JINSHUI, 0
    case = a_case(reporter_name=secret_name, reporter_phone=secret_phone)

    pc.push(pc.change(case))
    pc.push(pc.change(case, fields={"reporter_phone": ("1", secret_phone), "stage": ("x", "closed")}, base_version=1))
    device.ask("POST", "/v1/sync/push", b"{" + secret_phone.encode())
    proof = device.proof("GET", "/v1/sync/snapshot?scope=410105&limit=5")
    client.get("/v1/sync/snapshot?scope=410105&limit=5", headers={"Authorization": proof})
    pc.pulled(JINSHUI)

    text = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in logged.records)
    for secret in (code, "QQQQ-WWWW-EEEE", secret_name, secret_phone, proof, proof.rsplit(".", 1)[1]):
        assert secret not in text
    assert device.sign_key.private_bytes_raw().hex() not in text


def test_the_city_keeps_no_code_in_its_tables(city: City, client: TestClient) -> None:
    code = a_code(city)
    device = stranger(client, city)
    device.ask("POST", "/v1/enrol", device.enrol_request(code), counter=1)
    bare = code.replace("-", "")

    with city.database.read() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)):
                assert code not in str(tuple(row))
                assert bare not in str(tuple(row))


def rows_of(city: City) -> list[tuple[Any, ...]]:
    """Records, feed and counters as they stand."""
    with city.database.read() as connection:
        return [
            tuple(row)
            for table in (RECORD, FEED, SCOPE_HEAD)
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]


def count(city: City, table: Any) -> int:
    """How many rows a table has."""
    with city.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def without_identity(outcome: Outcome) -> str:
    """An outcome without what the asking PC put into it."""
    text = outcome.model_copy(update={"change_id": UUID(int=0), "at": None}).model_dump_json()
    return hashlib.sha256(text.encode()).hexdigest() if len(text) > 4000 else text


def a_wish_for_numbers() -> NumberRequest:
    """A block of ten."""
    return NumberRequest(request_id=uuid4(), kind="case", year=2026, count=10)


def lying(folder: Path) -> set[Path]:
    """Every file below a folder."""
    return {path for path in folder.rglob("*") if path.is_file()}
