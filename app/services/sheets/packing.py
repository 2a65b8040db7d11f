"""Looks into a zipped workbook before it is loaded: how far it unpacks and how large a block its cells span.

calamine 0.37 keeps a sheet as one dense block from the first to the last used cell and reserves room for as many shared
strings as the file claims. Two cells in opposite corners ask for 550 GB and end the process (calamine issue 693), so
the block is measured first. The scan searches the unpacked XML and takes about half as long as the reading itself.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from app.base.watch import Watch
from app.domain.problems import Refused

MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_PART_RATIO = 250
SMALL_PART_BYTES = 64 * 1024**2
MAX_BLOCK_CELLS = 20_000_000
MAX_SHARED_STRINGS = 20_000_000
CHUNK_BYTES = 1024**2
LONGEST_TAG_BYTES = 4 * CHUNK_BYTES

_ROW_PLACE = re.compile(rb'r="(\d+)"')
_CELL_PLACE = re.compile(rb'r="([A-Z]+)\d')
_ODD_TAGS = tuple(re.compile(tag) for tag in (rb"<c[>/\t\r\n]", rb"<row[>/\t\r\n]", rb":(?:c|row)[ >/\t\r\n]"))
_CLAIMED_STRINGS = re.compile(rb"<(?:\w+:)?sst\b[^>]*?\buniqueCount=[\"'](\d+)[\"']")
_TOKEN = re.compile(rb"<(?:\w+:)?(?:(row)\b([^>]*)>|c\b([^>]*)>)")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)[\"']")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)(\d+)[\"']")


def check_packing(path: Path, watch: Watch) -> None:
    """Refuse a zipped workbook that is damaged, unpacks without end or spans more cells than memory should hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            _check_sizes(path, parts)
            for part in parts:
                _check_part(path, archive, part, watch)
    except RuntimeError as error:  # zipfile says so when a member is encrypted
        raise Refused("sheet.password", file=path.name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Refused("sheet.damaged", file=path.name) from error


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > SMALL_PART_BYTES and part.file_size > MAX_PART_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if total > MAX_UNPACKED_BYTES or swollen:
        raise Refused("sheet.unpacks_too_far", file=path.name, size=total // 1_000_000)


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, watch: Watch) -> None:
    extent = Extent()
    plain = True
    for place, chunk in enumerate(_chunks(archive, part, watch)):
        if place == 0 and (claimed := _CLAIMED_STRINGS.search(chunk)) and int(claimed[1]) > MAX_SHARED_STRINGS:
            raise Refused("sheet.damaged", file=path.name)
        plain = plain and extent.widen(chunk)
    if extent.cells > MAX_BLOCK_CELLS or not plain:
        extent = exact_extent(_chunks(archive, part, watch))
    if extent.cells > MAX_BLOCK_CELLS:
        raise Refused("sheet.too_wide", file=path.name, rows=extent.rows, columns=extent.columns)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo, watch: Watch) -> Iterator[bytes]:
    """Pieces cut at the end of a tag; reading to the end also proves the checksum."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK_BYTES):
            watch.check()
            piece = rest + piece
            cut = piece.rfind(b">") + 1 or (len(piece) if len(piece) > LONGEST_TAG_BYTES else 0)
            rest = piece[cut:]
            if cut:
                yield piece[:cut]
    if rest:
        yield rest


class Extent:
    """The block the cells of one part span, as far as their references say."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0

    @property
    def cells(self) -> int:
        """How many cells a dense copy of the block would hold."""
        return self.rows * self.columns

    def widen(self, chunk: bytes) -> bool:
        """Take in what `chunk` holds; False when it is not written plainly and only `exact_extent` can tell."""
        rows = _ROW_PLACE.findall(chunk)
        columns = _CELL_PLACE.findall(chunk)
        if len(rows) != chunk.count(b"<row ") or len(columns) != chunk.count(b"<c "):
            return False
        if any(tag.search(chunk) for tag in _ODD_TAGS):
            return False
        self.rows = max(self.rows, max(map(int, rows), default=0))
        self.columns = max(self.columns, max(map(_column_number, set(columns)), default=0))
        return _below(self.rows).search(chunk) is None


def _below(row: int) -> re.Pattern[bytes]:
    """Finds the reference of a cell whose row number is greater than that of every row tag so far."""
    name = str(row)
    options = [
        name[:place] + f"[{int(digit) + 1}-9]" + "[0-9]" * (len(name) - place - 1)
        for place, digit in enumerate(name)
        if digit != "9"
    ]
    longer = f"[0-9]{{{len(name) + 1},}}"
    return re.compile(f'r="[A-Z]+(?:{"|".join([*options, longer])})"'.encode())


def exact_extent(chunks: Iterator[bytes]) -> Extent:
    """The block spanned by cells that hold something; counts along where rows or cells carry no reference."""
    extent = Extent()
    row = column = 0
    for chunk in chunks:
        for match in _TOKEN.finditer(chunk):
            if match[1]:
                given = _ROW_NUMBER.search(match[2])
                row, column = int(given[1]) if given else row + 1, 0
                continue
            if place := _REFERENCE.search(match[3]):
                column, row = _column_number(place[1].upper()), int(place[2])
            else:
                column += 1
            if not match[3].endswith(b"/"):
                extent.rows, extent.columns = max(extent.rows, row), max(extent.columns, column)
    return extent


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name[:8]:
        number = number * 26 + letter - 64
    return number
