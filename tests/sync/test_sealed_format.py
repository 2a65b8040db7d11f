"""A sealed file gives out what went in, to its receiver alone, or nothing at all."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.base.sealing import SealedFile, sealing
from app.domain.problems import Refused
from app.wire.sealed import PIECE_BYTES, ItemHead, SealedHead, first_line
from app.wire.signing import to_text

SENDER, RECEIVER = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
SENDER_KEY = SENDER.public_key().public_bytes_raw()
NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def a_head(**what_matters: object) -> SealedHead:
    fields: dict[str, object] = {
        "kind": "to_city",
        "device_id": UUID(int=7),
        "city": to_text(SENDER_KEY),
        "receiver": to_text(RECEIVER.public_key().public_bytes_raw()),
        "counter": 1,
        "made_at": NINE,
        "ephemeral": "",
    }
    return SealedHead.model_validate({**fields, **what_matters})


def seal(path: Path, *bodies: bytes) -> Path:
    with sealing(path, a_head(), SENDER) as writer:
        for body in bodies:
            writer.envelope("push", body)
    return path


def opened(path: Path, box: X25519PrivateKey = RECEIVER, sender: bytes = SENDER_KEY) -> list[bytes]:
    with SealedFile(path) as file:
        return [body.whole() for _, body in file.items(box, sender)]


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 40, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_what_went_in_comes_out(tmp_path: Path, size: int) -> None:
    bodies = [b"first", os.urandom(size), b"", b"last"]

    assert opened(seal(tmp_path / "a.gds", *bodies)) == bodies


def test_a_piece_that_ends_exactly_with_the_body_is_the_last(tmp_path: Path) -> None:
    framing = 4 + len(ItemHead(kind="push", size=PIECE_BYTES).model_dump_json(exclude_defaults=True))

    body = os.urandom(PIECE_BYTES - framing)

    assert opened(seal(tmp_path / "a.gds", body)) == [body]


def test_items_that_are_not_read_are_passed_over(tmp_path: Path) -> None:
    path = seal(tmp_path / "a.gds", b"x" * PIECE_BYTES * 2, b"wanted")

    with SealedFile(path) as file:
        found = [body.whole() for head, body in file.items(RECEIVER, SENDER_KEY) if head.size == 6]

    assert found == [b"wanted"]


def test_plain_words_do_not_stand_in_the_file(tmp_path: Path) -> None:
    path = seal(tmp_path / "a.gds", "纬一路店外经营".encode())

    assert "纬一路".encode() not in path.read_bytes()


def test_every_altered_byte_is_noticed_before_anything_is_given_out(tmp_path: Path) -> None:
    path = seal(tmp_path / "a.gds", b"one", b"two")
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert refusal(path) in ("sync.seal_not_ours", "sync.seal_newer")


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path = seal(tmp_path / "a.gds", b"one", b"two")
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert refusal(path) == "sync.seal_not_ours"
    path.write_bytes(whole + b"\0")
    assert refusal(path) == "sync.seal_not_ours"


def test_pieces_cannot_change_places(tmp_path: Path) -> None:
    path = tmp_path / "a.gds"
    with sealing(path, a_head(), SENDER) as writer:
        writer.envelope("push", os.urandom(3 * PIECE_BYTES))
    with SealedFile(path) as file:
        start, piece = len(file._before), PIECE_BYTES + 16
    whole = path.read_bytes()
    one, two = whole[start : start + piece], whole[start + piece : start + 2 * piece]
    signed = whole[:start] + two + one + whole[start + 2 * piece : -64]
    path.write_bytes(signed + signature_of(signed))

    assert refusal(path) == "sync.seal_not_ours"


def test_another_receiver_and_another_sender_get_nothing(tmp_path: Path) -> None:
    path = seal(tmp_path / "a.gds", b"one")
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
        opened(path, box=X25519PrivateKey.generate())
    with pytest.raises(Refused, match=r"sync\.seal_not_ours"):
        opened(path, sender=stranger)


def test_a_file_of_a_newer_program_says_so(tmp_path: Path) -> None:
    path = seal(tmp_path / "a.gds", b"one")
    path.write_bytes(b"GRIDDESK-SEALED 2\n" + path.read_bytes()[len(first_line()) :])

    assert refusal(path) == "sync.seal_newer"


@pytest.mark.parametrize("junk", [b"", b"GRIDDESK-SEALED", b"GRIDDESK-SEALED x\n", b"PK\x03\x04" * 50, b"\xff" * 9000])
def test_any_other_file_is_not_ours(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.gds"
    path.write_bytes(junk)

    assert refusal(path) == "sync.seal_not_ours"


def test_a_folder_and_a_missing_file_are_told_as_unreadable(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "file.unreadable"
    assert refusal(tmp_path / "nothing.gds") == "file.unreadable"


def test_an_unfinished_file_leaves_the_old_one_and_no_rest(tmp_path: Path) -> None:
    path = seal(tmp_path / "a.gds", b"old")

    def breaks() -> Iterator[bytes]:
        yield b"ne"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), sealing(path, a_head(), SENDER) as writer:
        writer.item(ItemHead(kind="push", size=3), breaks())

    assert opened(path) == [b"old"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.gds"]


def test_an_item_that_claims_more_than_the_file_holds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gds"
    with sealing(path, a_head(), SENDER) as writer:
        writer.envelope("push", b"one")
        writer._plain((99).to_bytes(4, "big"))

    assert refusal(path) == "sync.seal_not_ours"


def signature_of(signed: bytes) -> bytes:
    return SENDER.sign(b"griddesk-sealed-1\n" + hashlib.sha256(signed).digest())


def refusal(path: Path) -> str:
    """The code a file is refused with, before any item was given out."""
    with pytest.raises(Refused) as refused:
        opened(path)
    return refused.value.code


def test_a_large_item_needs_little_memory_on_either_side(tmp_path: Path) -> None:
    chunk, times = os.urandom(64 * 1024), 512
    tracemalloc.start()
    try:
        with sealing(tmp_path / "a.gds", a_head(), SENDER) as writer:
            head = ItemHead(kind="file", size=len(chunk) * times)
            writer.item(head, (chunk for _ in range(times)))
        with SealedFile(tmp_path / "a.gds") as file:
            read = sum(len(part) for _, body in file.items(RECEIVER, SENDER_KEY) for part in body.chunks())
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert read == len(chunk) * times
    assert most < 6 * 1024 * 1024
