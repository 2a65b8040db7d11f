"""What a file really is, told by its first bytes and never by its name alone."""

from __future__ import annotations

import mmap
import zipfile
from enum import StrEnum
from pathlib import Path

from app.domain.problems import Refused, Unavailable

HEAD_BYTES = 4096
MAX_FILE_BYTES = 512 * 1024 * 1024


class FileKind(StrEnum):
    """A file the reader knows how to open."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    JSON = "json"


_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NOT_SHEETS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"MZ", "EXE"),
    (b"SQLite format 3", "SQLite"),
)


def file_kind(path: Path) -> FileKind:
    """How to read `path`. Raises Refused with the cure when it is no sheet, Unavailable when it cannot be opened."""
    head = _first_bytes(path)
    if head.startswith(b"PK"):
        return _kind_of_zip(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_compound(path)
    for magic, name in _NOT_SHEETS:
        if head.startswith(magic):
            raise Refused("sheet.not_a_sheet", file=path.name, kind=name)
    return _kind_of_text(path, head)


def _first_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise Refused("sheet.missing", file=path.name) from error
    except (IsADirectoryError, PermissionError) as error:
        raise Unavailable("sheet.not_readable", file=path.name) from error
    except OSError as error:
        raise Unavailable("sheet.not_readable", file=path.name) from error
    if not head:
        raise Refused("sheet.empty_file", file=path.name)
    if size > MAX_FILE_BYTES:
        raise Refused("sheet.too_big", file=path.name, size=size // 1_000_000, limit=MAX_FILE_BYTES // 1_000_000)
    return head


def _kind_of_compound(path: Path) -> FileKind:
    """An old .xls, or the wrapping of a newer workbook that opens with a password only."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if content.find(_ENCRYPTED) >= 0:
                raise Refused("sheet.password", file=path.name)
    except OSError as error:
        raise Unavailable("sheet.not_readable", file=path.name) from error
    return FileKind.XLS


def _kind_of_zip(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("sheet.damaged", file=path.name) from error
    if "xl/workbook.bin" in names:
        return FileKind.XLSB
    if any(name.startswith("xl/") for name in names):
        return FileKind.XLSX
    if "content.xml" in names:
        return FileKind.ODS
    if any(name.startswith("word/") for name in names):
        raise Refused("sheet.not_a_sheet", file=path.name, kind="Word")
    raise Refused("sheet.not_a_sheet", file=path.name, kind="ZIP")


def _kind_of_text(path: Path, head: bytes) -> FileKind:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        raise Refused("sheet.web_page", file=path.name)
    if start.startswith(b"<"):
        raise Refused("sheet.xml", file=path.name)
    if start.startswith((b"{", b"[")):
        return FileKind.JSON
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        if path.suffix.lower() in {".xls", ".xlsx", ".xlsb", ".ods", ".et"}:
            raise Refused("sheet.damaged", file=path.name)
        raise Refused("sheet.not_a_sheet", file=path.name, kind=path.suffix.lstrip(".") or "?")
    if path.suffix.lower() in {".xls", ".xlsx", ".xlsb", ".ods", ".et"} and not _looks_like_table(head):
        raise Refused("sheet.damaged", file=path.name)
    return FileKind.TEXT


def _looks_like_table(head: bytes) -> bool:
    """Text with separators: many systems call their CSV download .xls."""
    lines = [line for line in head.splitlines() if line.strip()]
    return len(lines) > 1 and any(mark in lines[0] for mark in (b",", b"\t", b";", b"|"))
