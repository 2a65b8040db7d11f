"""Files and receipts over the wire, as PCs ask for them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from app.domain.problems import Unavailable
from app.wire.blobs import PIECE_BYTES, FileState, Receipt
from app.wire.signing import to_raw
from server.city import City
from server.shelf import FileShelf
from tests.server.city_files import JINSHUI, name_file, offer_of, sha256_of, some_bytes
from tests.server.devices import HUIJI, SignedDevice

MakeDevice = Callable[..., SignedDevice]
JPEG = b"\xff\xd8\xff" + b"small"


def test_a_file_travels_up_and_down_in_pieces(city: City, make_device: MakeDevice) -> None:
    data = some_bytes(PIECE_BYTES + 10)
    sha256, sender, reader = sha256_of(data), make_device(JINSHUI), make_device(JINSHUI)
    name_file(city, JINSHUI, data)
    state = FileState.model_validate_json(sender.ask("POST", "/v1/files", offer_of(data)).content)
    assert (state.state, state.offset) == ("partial", 0)
    sender.ask("PATCH", f"/v1/files/{sha256}?offset=0", data[:PIECE_BYTES])
    told = reader.ask("GET", f"/v1/files/{sha256}/state")
    assert FileState.model_validate_json(told.content).offset == PIECE_BYTES
    done = sender.ask("PATCH", f"/v1/files/{sha256}?offset={PIECE_BYTES}", data[PIECE_BYTES:])
    assert FileState.model_validate_json(done.content).state == "complete"
    assert sender.ask("PUT", f"/v1/files/{sha256}/thumbnail", JPEG).status_code == 204
    small = reader.ask("GET", f"/v1/files/{sha256}/thumbnail")
    assert (small.content, small.headers["content-type"]) == (JPEG, "image/jpeg")
    pieces = [reader.ask("GET", f"/v1/files/{sha256}?offset={at}").content for at in (0, PIECE_BYTES, len(data))]
    assert b"".join(pieces) == data
    assert pieces[2] == b""


def test_another_district_is_told_the_same_as_of_a_file_that_does_not_exist(
    city: City, make_device: MakeDevice
) -> None:
    data = some_bytes(100)
    sha256, owner, stranger = sha256_of(data), make_device(JINSHUI), make_device(HUIJI)
    photo = name_file(city, JINSHUI, data)
    owner.ask("POST", "/v1/files", offer_of(data))
    owner.ask("PATCH", f"/v1/files/{sha256}?offset=0", data)
    nowhere = "0" * 64
    for method, tail, body in (
        ("GET", "", b""),
        ("GET", "/thumbnail", b""),
        ("GET", "/state", b""),
        ("PUT", "/thumbnail", JPEG),
        ("PATCH", "?offset=0", b"x"),
    ):
        there = stranger.ask(method, f"/v1/files/{sha256}{tail}", body)
        not_there = stranger.ask(method, f"/v1/files/{nowhere}{tail}", body)
        assert there.status_code == not_there.status_code
        assert there.text.replace(sha256, nowhere) == not_there.text
    assert stranger.ask("GET", f"/v1/receipts/{photo.id}").status_code == 404
    assert owner.ask("GET", f"/v1/receipts/{photo.id}").status_code == 200


def test_a_receipt_comes_signed_and_unchanged_through_the_wire(city: City, make_device: MakeDevice) -> None:
    data, device = some_bytes(100), make_device(JINSHUI)
    photo = name_file(city, JINSHUI, data)
    receipt = Receipt.model_validate_json(device.ask("GET", f"/v1/receipts/{photo.id}").content)
    city.keys.sign.public_key().verify(to_raw(receipt.signature), receipt.signed_bytes())
    assert [file.complete for file in receipt.files] == [False]


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd", "A" * 64, "0" * 63, "0" * 65, "' OR 1=1 --", "%00" * 64, "．" * 64]
)
def test_a_name_that_is_no_hash_reaches_no_disk(city: City, make_device: MakeDevice, name: str) -> None:
    device = make_device(JINSHUI)
    target = f"/v1/files/{quote(name, safe='%')}"
    for method, tail in (("GET", ""), ("GET", "/state"), ("PATCH", "?offset=0")):
        answer = device.ask(method, target + tail, b"x" if method == "PATCH" else b"")
        assert answer.status_code in (404, 422)
        assert answer.headers["content-type"].startswith("application/")
    assert [path for path in city.settings.files.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("offset", ["-1", "x", "1e3", "", str(2**80)])
def test_an_offset_that_is_none_is_refused(make_device: MakeDevice, offset: str) -> None:
    answer = make_device(JINSHUI).ask("PATCH", f"/v1/files/{'0' * 64}?offset={offset}", b"x")
    assert answer.status_code == 422


def test_without_a_signature_nothing_is_told(city: City, make_device: MakeDevice) -> None:
    data = some_bytes(10)
    device = make_device(JINSHUI)
    name_file(city, JINSHUI, data)
    for target in (f"/v1/files/{sha256_of(data)}", f"/v1/files/{sha256_of(data)}/state"):
        assert device.client.get(target).status_code == 401


def test_an_empty_offer_is_refused(make_device: MakeDevice) -> None:
    device = make_device(JINSHUI)
    for body in (b"", b"{}", b'{"sha256": "' + b"0" * 64 + b'", "size": 0}', b"\xff\xfe"):
        assert device.ask("POST", "/v1/files", body).status_code == 422


def test_a_full_disk_of_the_city_is_told_as_such(
    city: City, make_device: MakeDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_shelf: object, _size: int) -> None:
        raise Unavailable("sync.city_full")

    monkeypatch.setattr(FileShelf, "need_room", full)
    answer = make_device(JINSHUI).ask("POST", "/v1/files", offer_of(some_bytes(100)))
    assert (answer.status_code, answer.json()["code"]) == (507, "sync.city_full")
    assert "市平台的存储空间不足" in answer.json()["title"]
