"""Encrypted files beside the database: nothing plain, nothing half, nothing changed unnoticed."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import secrets
import shutil
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.base.watch import Cancelled, Watch
from app.domain.problems import Refused, Unavailable
from db import blobs as blobs_module
from db.blobs import PIECE_BYTES, BlobFault, BlobRef, BlobStore, stored_path

KEY = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def blobs(folder: Path) -> BlobStore:
    return BlobStore(folder, KEY)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [1, 100, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_what_goes_in_comes_out(blobs: BlobStore, tmp_path: Path, size: int) -> None:
    data = secrets.token_bytes(size)
    source = tmp_path / "照片.jpg"
    source.write_bytes(data)

    ref = blobs.put(source)

    assert (ref.sha256, ref.size) == (hashlib.sha256(data).hexdigest(), size)
    assert blobs.read(ref) == data
    blobs.copy_out(ref, tmp_path / "out.jpg")
    assert (tmp_path / "out.jpg").read_bytes() == data


def test_no_plain_byte_and_no_name_lies_on_the_disk(blobs: BlobStore, folder: Path) -> None:
    words = "王芳拍摄,紫荆山路12号".encode() * 100

    ref = blobs.put(words, name="王芳.jpg")

    (path,) = _files(folder)
    assert path == stored_path(folder, ref.stored_name)
    assert words[:20] not in path.read_bytes()
    assert ref.sha256 not in str(path)


def test_the_same_photo_is_stored_once(blobs: BlobStore, folder: Path) -> None:
    first = blobs.put(b"the same photo")
    names = {first.sha256: first.stored_name}

    second = blobs.put(b"the same photo", known=names.get)

    assert second == first
    assert len(_files(folder)) == 1


def test_a_known_photo_whose_file_is_gone_is_stored_again(blobs: BlobStore) -> None:
    first = blobs.put(b"the same photo")
    blobs.delete(first.stored_name)

    second = blobs.put(b"the same photo", known={first.sha256: first.stored_name}.get)

    assert blobs.read(second) == b"the same photo"


@pytest.mark.parametrize("make", ["empty", "missing", "folder"])
def test_what_cannot_be_read_is_refused_and_leaves_nothing(
    blobs: BlobStore, folder: Path, tmp_path: Path, make: str
) -> None:
    source = tmp_path / "a.jpg"
    if make == "empty":
        source.touch()
    elif make == "folder":
        source.mkdir()

    with pytest.raises(Refused) as refused:
        blobs.put(source)

    assert refused.value.code == ("file.empty" if make == "empty" else "file.unreadable")
    assert refused.value.details["name"] == "a.jpg"
    assert _files(folder) == []


def test_a_file_over_the_limit_is_refused_with_both_sizes(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    with source.open("wb") as file:
        file.truncate(3 << 20)

    with pytest.raises(Refused) as refused:
        BlobStore(folder, KEY, largest_mb=2).put(source)

    assert refused.value.details == {"name": "film.mp4", "size_mb": 3, "limit_mb": 2}
    assert _files(folder) == []


def test_a_photo_of_200_mb_needs_a_few_pieces_of_memory(blobs: BlobStore, tmp_path: Path) -> None:
    source = tmp_path / "large.tif"
    with source.open("wb") as file:
        file.truncate(200 << 20)
    tracemalloc.start()

    ref = blobs.put(source)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ref.size == 200 << 20
    assert peak < 12 * PIECE_BYTES


def test_a_nearly_full_disk_is_told_before_anything_is_written(
    blobs: BlobStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 99, 1 << 20))

    with pytest.raises(Unavailable) as told:
        blobs.put(b"x" * 5000)

    assert told.value.code == "store.disk_full"
    assert _files(folder) == []


def test_a_disk_that_fills_up_midway_leaves_nothing_behind(
    blobs: BlobStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FillsUp(io.FileIO):
        def write(self, data: object) -> int:
            if self.tell() > PIECE_BYTES:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)  # type: ignore[arg-type]

    def opened(path: Path) -> BinaryIO:
        return FillsUp(path, "xb")

    monkeypatch.setattr(blobs_module, "open_private", opened)

    with pytest.raises(Unavailable) as told:
        blobs.put(secrets.token_bytes(4 * PIECE_BYTES))

    assert told.value.code == "store.disk_full"
    assert _files(folder) == []


def test_a_stop_midway_leaves_nothing_behind(blobs: BlobStore, folder: Path) -> None:
    watch = Watch(lambda done, _total, _note: watch.cancel() if done >= PIECE_BYTES else None)

    with pytest.raises(Cancelled):
        blobs.put(secrets.token_bytes(4 * PIECE_BYTES), watch=watch)

    assert _files(folder) == []


def test_a_program_killed_while_writing_leaves_nothing_that_counts(blobs: BlobStore, folder: Path) -> None:
    killed = (
        "import os, sys; from pathlib import Path; from app.base.watch import Watch; from db.blobs import BlobStore\n"
        "watch = Watch(lambda done, total, note: os._exit(9) if done > 2_000_000 else None)\n"
        "BlobStore(Path(sys.argv[1]), bytes(range(32))).put(bytes(4_000_000), watch=watch)\n"
    )

    code = subprocess.run([sys.executable, "-c", killed, str(folder)], check=False).returncode

    assert code == 9
    assert len(_files(folder)) == 1
    assert list(blobs.stored_names()) == []
    assert blobs.sweep([], datetime.now(UTC)) == 0
    assert blobs.sweep([], datetime.now(UTC) + timedelta(days=2)) == 1
    assert _files(folder) == []


def test_sweeping_takes_what_nothing_refers_to_and_nothing_else(blobs: BlobStore, folder: Path) -> None:
    used, left = blobs.put(b"used"), blobs.put(b"left behind")
    tomorrow = datetime.now(UTC) + timedelta(days=2)

    assert blobs.sweep([used.stored_name], datetime.now(UTC)) == 0
    assert blobs.sweep([used.stored_name], tomorrow) == 1

    assert list(blobs.stored_names()) == [used.stored_name]
    assert not stored_path(folder, left.stored_name).exists()


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10**9), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed(tmp_path_factory: pytest.TempPathFactory, at: int, flip: int) -> None:
    folder = tmp_path_factory.mktemp("files")
    blobs = BlobStore(folder, KEY)
    ref = blobs.put(b"evidence " * 300)
    (path,) = _files(folder)
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= flip
    path.write_bytes(data)

    with pytest.raises(Unavailable) as told:
        blobs.read(ref)

    assert told.value.code == "file.damaged"


def _sealed_pieces(path: Path) -> tuple[bytes, list[bytes]]:
    data, size = path.read_bytes(), PIECE_BYTES + 16
    return data[:36], [data[at : at + size] for at in range(36, len(data), size)]


@pytest.mark.parametrize("change", ["cut at a piece", "swapped pieces", "doubled piece", "cut to the head"])
def test_pieces_cannot_be_cut_off_or_moved(blobs: BlobStore, folder: Path, change: str) -> None:
    ref = blobs.put(secrets.token_bytes(3 * PIECE_BYTES))
    (path,) = _files(folder)
    head, (one, two, three) = _sealed_pieces(path)
    changed = {
        "cut at a piece": [one, two],
        "swapped pieces": [two, one, three],
        "doubled piece": [one, one, two, three],
        "cut to the head": [],
    }
    path.write_bytes(head + b"".join(changed[change]))

    with pytest.raises(Unavailable) as told:
        blobs.read(ref)

    assert told.value.code == "file.damaged"


def test_another_file_in_its_place_is_noticed(blobs: BlobStore, folder: Path) -> None:
    real, other = blobs.put(b"the real photo"), blobs.put(b"another photo!")
    shutil.copy(stored_path(folder, other.stored_name), stored_path(folder, real.stored_name))

    with pytest.raises(Unavailable) as told:
        blobs.read(real)

    assert told.value.code == "file.damaged"


def test_a_check_names_what_is_missing_and_what_is_changed(blobs: BlobStore, folder: Path) -> None:
    sound, missing, changed = (blobs.put(name) for name in (b"sound", b"missing", b"changed"))
    blobs.delete(missing.stored_name)
    stored_path(folder, changed.stored_name).write_bytes(b"GDB1")

    faults = blobs.verify([sound, missing, changed])

    assert faults == [
        BlobFault(missing.sha256, missing.stored_name, missing=True),
        BlobFault(changed.sha256, changed.stored_name, missing=False),
    ]


def test_another_store_cannot_read_it(blobs: BlobStore, folder: Path) -> None:
    ref = blobs.put(b"secret")

    with pytest.raises(Unavailable):
        BlobStore(folder, secrets.token_bytes(32)).read(ref)


def test_a_name_that_leads_out_of_the_folder_is_no_name(blobs: BlobStore) -> None:
    for stored_name in ("../../etc/passwd", "", "A" * 32, "0" * 33):
        with pytest.raises(ValueError, match="name of a stored file"):
            blobs.read(BlobRef("0" * 64, 1, stored_name))


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_only_the_owner_can_read_the_files(blobs: BlobStore, folder: Path) -> None:
    blobs.put(b"private")

    assert all(path.stat().st_mode & 0o077 == 0 for path in _files(folder))
