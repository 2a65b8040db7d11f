"""What can be known of a photo before it is attached: kind, size, time and place, and a small picture of it."""

from __future__ import annotations

import io
import struct
import threading
import warnings
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.base.words import N_
from app.domain.problems import Refused
from app.services.exif import Taken, taken_of
from app.services.media_kinds import AVIF, HEAD_BYTES, HEIC, media_type_of

if TYPE_CHECKING:
    from PIL import Image

THUMBNAIL_PX = 256
_THUMBNAIL_QUALITY = 82
_MOST_PIXELS, _MOST_JPEG_PIXELS, _MOST_PROGRESSIVE_PIXELS = 40_000_000, 400_000_000, 80_000_000
"""Decoding takes four bytes a pixel; a JPEG is decoded small, but a progressive one keeps all its coefficients."""
_DECODERS = {
    "image/jpeg": "Jpeg",
    "image/png": "Png",
    "image/webp": "WebP",
    "image/bmp": "Bmp",
    "image/gif": "Gif",
    "image/tiff": "Tiff",
}
"""Only the decoder that the first bytes ask for ever sees a file."""
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    ArithmeticError,
    TypeError,
    LookupError,
    MemoryError,
)
"""What Pillow's decoders are known to raise on hostile bytes; there is no common class."""

NOT_WHOLE = N_("照片不完整,只有一部分能显示;原件已照原样保存")
NOT_SHOWN = N_("照片打不开,没有缩略图;原件已照原样保存")
HEIC_KEPT = N_("HEIC 照片已照原样保存,没有缩略图")
TOO_MANY_PIXELS = N_("照片像素太多,没有做缩略图;原件已照原样保存")

_pillow = threading.Lock()


@dataclass(frozen=True)
class Inspected:
    """What was found. width and height as seen upright (0: unknown). thumbnail: JPEG, at most 256 px, or None.

    taken_at: aware UTC, or None. warning: a msgid for the screen, or empty.
    """

    media_type: str
    width: int = 0
    height: int = 0
    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    thumbnail: bytes | None = None
    warning: str = ""


def inspect(source: Path | bytes, name: str, zone: tzinfo) -> Inspected:
    """Look at a file that is about to be kept. zone: where a camera's clock stands when the photo does not say.

    Raises Refused: file.empty, file.unreadable, file.kind_unknown. A photo that is cut off or cannot be shown is not
    refused, since it may be evidence: it comes back with a warning.
    """
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            return _inspect(file, name, zone)
    except OSError as error:
        raise Refused("file.unreadable", name=name) from error


def _inspect(file: BinaryIO, name: str, zone: tzinfo) -> Inspected:
    head = file.read(HEAD_BYTES)
    if not head:
        raise Refused("file.empty", name=name)
    media_type = media_type_of(head, name)
    if media_type is None:
        raise Refused("file.kind_unknown", name=name)
    if media_type in (HEIC, AVIF):
        return Inspected(media_type, warning=HEIC_KEPT)
    if not media_type.startswith("image/"):
        return Inspected(media_type)
    # Pillow keeps its switch for cut-off files in a module, so one photo at a time; what it warns of we say ourselves.
    with _pillow, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _look(file, media_type, zone)


def _look(file: BinaryIO, media_type: str, zone: tzinfo) -> Inspected:
    try:
        image = _opened(file, media_type)
    except _BROKEN:
        return Inspected(media_type, warning=NOT_SHOWN)
    with image:
        taken = _taken(image, zone)
        width, height = image.size
        if taken.lies_on_its_side:
            width, height = height, width
        found = Inspected(media_type, width, height, taken.at, taken.longitude, taken.latitude)
        if width * height > _most_pixels(image):
            return replace(found, warning=TOO_MANY_PIXELS)
        thumbnail, warning = _thumbnail(image, file, media_type)
    return replace(found, thumbnail=thumbnail, warning=warning)


def _most_pixels(image: Image.Image) -> int:
    if image.format not in ("JPEG", "MPO"):
        return _MOST_PIXELS
    return _MOST_PROGRESSIVE_PIXELS if image.info.get("progressive") else _MOST_JPEG_PIXELS


def _opened(file: BinaryIO, media_type: str) -> Image.Image:
    from PIL import Image

    decoder = _DECODERS[media_type]
    import_module(f"PIL.{decoder}ImagePlugin")
    Image.MAX_IMAGE_PIXELS = None  # Counted by us instead, so that a large phone photo is no warning.
    file.seek(0)
    return Image.open(file, formats=(decoder.upper(),))


def _taken(image: Image.Image, zone: tzinfo) -> Taken:
    try:
        return taken_of(image.getexif(), zone)
    except _BROKEN:
        return Taken()


def _thumbnail(image: Image.Image, file: BinaryIO, media_type: str) -> tuple[bytes | None, str]:
    from PIL import ImageFile

    try:
        return _small(image), ""
    except _BROKEN:
        pass
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with _opened(file, media_type) as again:
            return _small(again), NOT_WHOLE
    except _BROKEN:
        return None, NOT_SHOWN
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _small(image: Image.Image) -> bytes:
    from PIL import Image, ImageOps

    image.draft("RGB", (THUMBNAIL_PX * 2, THUMBNAIL_PX * 2))
    image.load()
    # In place: a copy would hold a large picture twice.
    image.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        ground = Image.new("RGB", upright.size, "white")
        ground.paste(upright, mask=upright.getchannel("A"))
        upright = ground
    written = io.BytesIO()
    upright.convert("RGB").save(written, "JPEG", quality=_THUMBNAIL_QUALITY)
    return written.getvalue()
