"""Looking at photos before they are kept: real kind, upright size, time and place, damage told and never refused."""

from __future__ import annotations

import io
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.domain.problems import Refused
from app.services import photos_intake
from app.services.photos_intake import Inspected, inspect

ZONE = ZoneInfo("Asia/Shanghai")
RED, BLUE = (220, 20, 20), (20, 20, 220)


def _picture(width: int = 400, height: int = 200) -> Image.Image:
    """Red on the left half, blue on the right."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height))
    return picture


def _exif(**tags: object) -> Image.Exif:
    exif = Image.Exif()
    if "orientation" in tags:
        exif[0x0112] = tags["orientation"]
    inner, gps = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
    for name, tag in (("taken", 0x9003), ("offset", 0x9011)):
        if name in tags:
            inner[tag] = tags[name]
    for name, tag in (("lat_ref", 1), ("lat", 2), ("lon_ref", 3), ("lon", 4), ("datum", 0x12)):
        if name in tags:
            gps[tag] = tags[name]
    return exif


def _bytes(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def _seen(data: bytes, name: str = "photo.jpg") -> Inspected:
    return inspect(data, name, ZONE)


def _thumbnail(found: Inspected) -> Image.Image:
    assert found.thumbnail is not None
    return Image.open(io.BytesIO(found.thumbnail)).convert("RGB")


def _is_red(colour: float | tuple[int, ...] | None) -> bool:
    assert isinstance(colour, tuple)
    return colour[0] > 150 and colour[2] < 100


@pytest.mark.parametrize(
    ("orientation", "red_at"),
    [(1, "left"), (2, "right"), (3, "right"), (4, "left"), (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
)
def test_every_orientation_is_shown_upright(orientation: int, red_at: str) -> None:
    found = _seen(_bytes(_picture(), exif=_exif(orientation=orientation)))

    small = _thumbnail(found)
    corners = {
        "left": (2, small.height // 2),
        "right": (small.width - 3, small.height // 2),
        "top": (small.width // 2, 2),
        "bottom": (small.width // 2, small.height - 3),
    }
    assert (found.width, found.height) == ((400, 200) if orientation < 5 else (200, 400))
    assert max(small.size) == 256
    assert (small.width > small.height) == (found.width > found.height)
    assert _is_red(small.getpixel(corners[red_at]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "MPO"])
def test_the_kind_is_read_from_the_bytes_and_not_from_the_name(kind: str) -> None:
    found = _seen(_bytes(_picture(), kind), "没有后缀")

    assert found.media_type == {"MPO": "image/jpeg"}.get(kind, f"image/{kind.lower()}")
    assert found.warning == ""
    assert max(_thumbnail(found).size) == 256


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_every_colour_mode_gives_a_small_picture(mode: str) -> None:
    kind = {"CMYK": "JPEG", "F": "TIFF"}.get(mode, "PNG")

    assert _seen(_bytes(Image.new(mode, (300, 300)), kind)).thumbnail is not None


def test_time_and_place_are_read() -> None:
    exif = _exif(
        taken="2026:03:02 09:30:05", lat_ref="N", lat=(34.0, 44.0, 47.76), lon_ref="E", lon=(113.0, 37.0, 31.08)
    )

    found = _seen(_bytes(_picture(), exif=exif))

    assert found.taken_at == datetime(2026, 3, 2, 1, 30, 5, tzinfo=UTC)
    assert (found.longitude, found.latitude) == (113.6253, 34.7466)


def test_a_named_offset_wins_over_the_office_zone() -> None:
    found = _seen(_bytes(_picture(), exif=_exif(taken="2026:03:02 09:30:05", offset="-05:30")))

    assert found.taken_at == datetime(2026, 3, 2, 15, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2026:13:40 25:00:00", "昨天", ""])
def test_a_senseless_time_is_no_time(taken: str) -> None:
    found = _seen(_bytes(_picture(), exif=_exif(taken=taken.encode())))

    assert found.taken_at is None
    assert found.thumbnail is not None


@pytest.mark.parametrize(
    "gps",
    [
        {"lat_ref": "N", "lat": (0.0, 0.0, 0.0), "lon_ref": "E", "lon": (0.0, 0.0, 0.0)},
        {"lat_ref": "N", "lat": (134.0, 0.0, 0.0), "lon_ref": "E", "lon": (113.0, 0.0, 0.0)},
        {"lat_ref": "N", "lat": (34.0, 0.0, 0.0)},
        {"lat": (34.0, 0.0, 0.0), "lon": (113.0, 0.0, 0.0)},
        {"lat_ref": "N", "lat": (34.0, 0.0, 0.0), "lon_ref": "E", "lon": (113.0, 0.0, 0.0), "datum": "TOKYO"},
    ],
)
def test_a_senseless_place_is_no_place(gps: dict[str, object]) -> None:
    found = _seen(_bytes(_picture(), exif=_exif(**gps)))

    assert (found.longitude, found.latitude) == (None, None)


def test_a_photo_cut_in_half_is_kept_shown_in_part_and_said_so() -> None:
    whole = _bytes(Image.effect_noise((600, 600), 80).convert("RGB"), quality=90)

    found = _seen(whole[: len(whole) // 2])

    assert found.warning == photos_intake.NOT_WHOLE
    assert found.thumbnail is not None
    assert (found.width, found.height) == (600, 600)
    assert _seen(whole).warning == ""


def test_bytes_after_the_end_change_nothing() -> None:
    whole = _bytes(_picture())

    assert _seen(whole + b"<script>alert(1)</script>" * 50) == _seen(whole)


def test_heic_is_kept_without_a_small_picture_and_said_so() -> None:
    found = _seen(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(400), "IMG_0001.HEIC")

    assert found == Inspected("image/heic", warning=photos_intake.HEIC_KEPT)


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"%PDF-1.7\n", "a.pdf", "application/pdf"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "a.mp4", "video/mp4"),
        (b"PK\x03\x04\x14\x00", "说明.DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_papers_and_films_are_kept_as_they_are(head: bytes, name: str, kind: str) -> None:
    assert _seen(head + bytes(100), name) == Inspected(kind)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "file.empty"),
        (b"this is no photo", "a.jpg", "file.kind_unknown"),
        (b"MZ\x90\x00" + bytes(90), "a.jpg", "file.kind_unknown"),
        (b"PK\x03\x04\x14\x00", "a.zip", "file.kind_unknown"),
        (b"#!/bin/sh\n", "a.png", "file.kind_unknown"),
    ],
)
def test_what_is_no_photo_is_refused_by_its_content(data: bytes, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        _seen(data, name)

    assert refused.value.code == code
    assert refused.value.details == {"name": name}


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        inspect(tmp_path / "gone.jpg", "gone.jpg", ZONE)

    assert refused.value.code == "file.unreadable"


def test_a_picture_bomb_is_not_unpacked() -> None:
    bomb = _bytes(Image.new("1", (30_000, 30_000)), "PNG")
    assert len(bomb) < 300_000
    tracemalloc.start()

    found = _seen(bomb, "a.png")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.warning == photos_intake.TOO_MANY_PIXELS
    assert found.thumbnail is None
    assert (found.width, found.height) == (30_000, 30_000)
    assert peak < 5_000_000


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_photo_escapes_as_a_fault(data: st.DataObject) -> None:
    whole = bytearray(_SAMPLES[data.draw(st.sampled_from(sorted(_SAMPLES)))])
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))

    with suppress(Refused):
        assert _seen(bytes(whole[:cut])).media_type.startswith(("image/", "video/", "application/"))


_TAGGED = _exif(
    orientation=6, taken="2026:03:02 09:30:05", lat_ref="N", lat=(34.0, 1.0, 2.0), lon_ref="E", lon=(1.0, 2, 3)
)
_SAMPLES = {kind: _bytes(_picture(80, 40), kind, exif=_TAGGED) for kind in ("JPEG", "PNG", "WEBP", "TIFF")} | {
    kind: _bytes(_picture(80, 40), kind) for kind in ("GIF", "BMP")
}
