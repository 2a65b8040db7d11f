"""Photos a person hands over: dropped or pasted files, pasted pictures, whole folders."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

PHOTO_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic", ".heif"})


def photo_paths(paths: Iterable[Path]) -> list[Path]:
    """Photo files among `paths`, with those directly in any folder; in the order given, folders by name."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [file for file in inside if file.suffix.lower() in PHOTO_ENDINGS and file.is_file()]
    return found


def paths_of(mime: QMimeData) -> list[Path]:
    """Photo files of a drop or a paste; empty: it holds none."""
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
