"""Photos no camera should make: kept as received where they may be evidence, refused in words where they are none."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.base.problem_words import problem_cure, problem_text
from app.base.words import _
from app.desk import Desk
from app.domain.cases import PhotoPhase
from app.domain.permissions import Actor
from app.domain.problems import Refused, Unavailable
from tests.builders import a_draft, a_picture

ROOT = Path(__file__).parents[2]
MB = 1024 * 1024
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(range(256)) * 40


def heavy_jpeg() -> bytes:
    """A picture with 200 MB of something behind its end."""
    return a_picture() + os.urandom(MB) * 200


def flat_bitmap() -> bytes:
    """39 million pixels that have to be decoded whole."""
    written = io.BytesIO()
    Image.new("RGB", (6300, 6300), "seagreen").save(written, "BMP")
    return written.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="the figure comes from Unix")
@pytest.mark.parametrize(("made", "most_mb"), [(heavy_jpeg, 24), (flat_bitmap, 200)])
def test_a_huge_photo_is_kept_byte_for_byte_in_little_memory(
    desk: Desk, tmp_path: Path, made: Callable[[], bytes], most_mb: int
) -> None:
    file = tmp_path / "huge.jpg"
    file.write_bytes(made())
    digest, size = hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_size
    command = [sys.executable, "-m", "tests.torture.photo_child", str(desk.paths.folder), str(file)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    told_digest, told_size, grown_mb, *_warning = done.stdout.split()
    assert (told_digest, int(told_size)) == (digest, size)
    assert float(grown_mb) < most_mb
    assert hashlib.sha256(desk.photos.open(digest)).hexdigest() == digest


@pytest.mark.parametrize(
    ("name", "content", "warned"),
    [
        ("现场.heic", HEIC, "HEIC"),
        ("现场.jpg", HEIC, "HEIC"),
        ("断了.jpg", a_picture()[:-900], "照片"),
        ("头.jpg", a_picture()[:40], "照片"),
        ("坏.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 5000, "照片"),
    ],
)
def test_a_photo_that_cannot_be_shown_whole_is_kept_as_received_and_said_so(
    desk: Desk, actor: Actor, tmp_path: Path, name: str, content: bytes, warned: str
) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    file = tmp_path / name
    file.write_bytes(content)

    taken = desk.photos.take_in(file)
    (photo,) = desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=actor)

    assert desk.photos.open(photo.sha256) == content
    assert warned in _(photo.warning)
    assert photo.name == name
    assert desk.care.check(actor=actor).sound


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        ("这是一段文字,不是照片".encode(), "file.kind_unknown"),
        (b"MZ\x90\x00", "file.kind_unknown"),
    ],
)
@pytest.mark.parametrize("from_clipboard", [False, True])
def test_what_is_no_photo_is_refused_by_name_and_leaves_nothing(
    desk: Desk, tmp_path: Path, content: bytes, code: str, from_clipboard: bool
) -> None:
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(content)

    with pytest.raises(Refused) as refused:
        desk.photos.take_in(content if from_clipboard else file, "IMG_1.jpg")

    assert refused.value.code == code
    assert "IMG_1.jpg" in problem_text(refused.value)
    assert problem_cure(refused.value)
    assert [path for path in desk.paths.files.rglob("*") if path.is_file()] == []


def test_a_photo_that_is_gone_or_is_a_folder_is_refused_by_name(desk: Desk, tmp_path: Path) -> None:
    for source in (tmp_path / "没有.jpg", tmp_path):
        with pytest.raises(Refused) as refused:
            desk.photos.take_in(source)
        assert refused.value.code == "file.unreadable"
        assert source.name in problem_text(refused.value)


def stored_file(desk: Desk) -> Path:
    (path,) = desk.paths.files.glob("??/*")
    return path


def harm_by_removing(path: Path) -> None:
    path.unlink()


def harm_by_a_flipped_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "missing"), [(harm_by_removing, True), (harm_by_a_flipped_bit, False)], ids=["missing", "damaged"]
)
def test_a_lost_photo_is_named_by_the_check_and_healed_by_adding_it_again(
    desk: Desk, actor: Actor, harm: Callable[[Path], None], missing: bool
) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    taken = desk.photos.take_in(a_picture(), "井盖.jpg")
    desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=actor)
    harm(stored_file(desk))

    report = desk.care.check(actor=actor)
    with pytest.raises(Unavailable) as told:
        desk.photos.open(taken.sha256)
    desk.photos.take_in(a_picture(), "井盖的原件.jpg")

    (bad,) = report.told()["bad_files"]
    assert (bad["name"], bad["cases"], bad["missing"]) == ("井盖.jpg", (case.local_no,), missing)
    assert told.value.code == ("file.missing" if missing else "file.damaged")
    assert desk.photos.open(taken.sha256) == a_picture()
    assert desk.care.check(actor=actor).sound
