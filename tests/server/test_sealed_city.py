"""The city takes a sealed file in on either database, and answers it in full."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

from pydantic_core import from_json
from sqlalchemy import select

from app.base.sealing import SealedFile, sealing
from app.domain.permissions import OfficeRole
from app.wire.accounts import LocalPerson, NumberRequest
from app.wire.sealed import ItemHead, SealedHead
from app.wire.signing import to_text
from app.wire.sync import CITY_SCOPE, Change, PushRequest
from server import audit
from server.city import City
from server.sealed import unseal
from server.tables import AUDIT, BLOB, DEAD_LETTER
from tests.builders import NINE, a_case
from tests.server.city_files import sha256_of, some_bytes
from tests.server.devices import JINSHUI, OPERATOR, SignedDevice

_COMMON = {"id", "version", "created_at", "changed_at"}


def test_everything_of_a_file_is_taken_in_and_answered(
    city: City, make_device: Callable[..., SignedDevice], tmp_path: Path
) -> None:
    person, case = uuid4(), a_case()
    known = LocalPerson(id=person, name="张敏", login="zhangmin", roles=tuple(OfficeRole))
    device = make_device(JINSHUI, persons=[known])
    data = some_bytes(5_000_000)

    for _ in range(2):
        with sealing(tmp_path / "stick", head_of(city, device), device.sign_key) as out:
            out.envelope("push", PushRequest(changes=[new(case.id, person)]).model_dump_json().encode())
            out.item(ItemHead(kind="file", size=len(data), sha256=sha256_of(data)), (data,))
            out.envelope(
                "numbers",
                NumberRequest(request_id=UUID(int=5), kind="case", year=2026, count=7).model_dump_json().encode(),
            )
            out.envelope("wishes", f'{{"scopes": {{"{JINSHUI}": {{}}, "{CITY_SCOPE}": {{}}}}}}'.encode())
        taken = unseal(city, tmp_path / "stick", tmp_path / "answer", who=OPERATOR)
        answer = answered(city, device, tmp_path / "answer")

        assert (dict(taken.outcomes), taken.files, taken.counter) == ({"applied": 1}, 1, 3)
        assert [outcome["status"] for outcome in answer["outcomes"][0]["outcomes"]] == ["applied"]
        assert [state["state"] for state in answer["file_state"]] == ["complete"]
        assert [(block["first"], block["last"]) for block in answer["numbers"]] == [(1, 7)]
        rows = [row["id"] for page in answer["snapshot"] for row in page["rows"]]
        assert rows.count(str(case.id)) == 1
        assert {scope for page in answer["pages"] for scope in page["scopes"]} == {JINSHUI, CITY_SCOPE}

    with city.database.read() as connection:
        assert connection.execute(select(BLOB.c.size)).scalars().all() == [len(data)]
        assert connection.execute(select(AUDIT.c.deed)).scalars().all().count("sealed.take") == 2
        assert audit.broken_at(connection) is None


def test_numbers_the_city_does_not_give_hold_nothing_else_back(
    city: City, make_device: Callable[..., SignedDevice], tmp_path: Path
) -> None:
    person, case = uuid4(), a_case()
    known = LocalPerson(id=person, name="张敏", login="zhangmin", roles=tuple(OfficeRole))
    device = make_device(JINSHUI, persons=[known])
    with sealing(tmp_path / "stick", head_of(city, device), device.sign_key) as out:
        strange = NumberRequest(request_id=UUID(int=5), kind="letter", year=2026, count=7)
        out.envelope("numbers", strange.model_dump_json().encode())
        out.envelope("push", PushRequest(changes=[new(case.id, person)]).model_dump_json().encode())

    taken = unseal(city, tmp_path / "stick", tmp_path / "answer", who=OPERATOR)

    assert dict(taken.outcomes) == {"applied": 1}
    assert "numbers" not in answered(city, device, tmp_path / "answer")
    with city.database.read() as connection:
        assert connection.execute(select(DEAD_LETTER.c.note)).scalars().all() == ["letter"]


def head_of(city: City, device: SignedDevice) -> SealedHead:
    """The head of a file this PC makes."""
    return SealedHead(
        kind="to_city",
        device_id=device.id,
        city=to_text(city.keys.sign_public),
        receiver=to_text(city.keys.box_public),
        counter=3,
        made_at=NINE,
        ephemeral="",
    )


def new(record_id: UUID, person: UUID) -> Change:
    """The change that makes a case; the same bytes each time."""
    values = a_case(id=record_id).model_dump(mode="json", exclude=_COMMON, exclude_defaults=True)
    return Change(
        change_id=UUID(int=record_id.int ^ 1),
        group=record_id,
        seq=1,
        record_type="case",
        record_id=record_id,
        action="case.import",
        base_version=0,
        fields={name: (None, value) for name, value in values.items()},
        made_at=NINE,
        actor_id=person,
        actor_name="张敏",
    )


def answered(city: City, device: SignedDevice, path: Path) -> dict[str, list[dict[str, object]]]:
    """The envelopes of an answer by kind, opened as its PC does."""
    found: dict[str, list[dict[str, object]]] = {}
    with SealedFile(path) as file:
        assert (file.head.kind, file.head.device_id, file.head.counter) == ("to_desk", device.id, 3)
        for head, body in file.items(device.box_key, city.keys.sign_public):
            found.setdefault(head.kind, []).append(from_json(body.whole()))
    return found
