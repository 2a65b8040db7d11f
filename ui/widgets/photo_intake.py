"""Photos a person hands over: dropped or pasted files, pasted pictures, whole folders."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

PHOTO_ENDINGS = frozenset(
    {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif"}
)


def photo_paths(paths: Iterable[Path]) -> list[Path]:
    """What `paths` hand over: files as they are, of folders the photos directly in them by name.

    A file that is no photo, or a folder that cannot be read, is handed on too, so that it is refused by its name.
    """
    found: list[Path] = []
    for path in paths:
        found += _photos_in(path) if path.is_dir() else [path]
    return found


def _photos_in(folder: Path) -> list[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return [folder]
    return [file for file in inside if file.suffix.lower() in PHOTO_ENDINGS and file.is_file()]


def paths_of(mime: QMimeData) -> list[Path]:
    """Files of a drop or a paste; empty: it holds none."""
    return photo_paths(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())


def picture_of(mime: QMimeData) -> bytes | None:
    """A copied picture (a screenshot, from a chat) as PNG; None: there is none."""
    if not mime.hasImage():
        return None
    image = QImage(mime.imageData())
    if image.isNull():
        return None
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(kept.data())


def holds_photos(mime: QMimeData) -> bool:
    """True when a drop may be taken; looks at names only, since it is asked while the pointer moves."""
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())
