"""Which day a workbook counts its date numbers from: 1900, or 1904 as old Macintosh sheets do."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

from app.services.sheets.kinds import FileKind

_XLSX_1904 = re.compile(rb"\bdate1904=[\"'](?:1|true)[\"']")
_BIFF_START = b"\x09\x08"
_BIFF_DATE_MODE, _BIFF_END = 0x0022, 0x000A
_XLSB_WORKBOOK_PROPERTIES = 153
SCAN_BYTES = 256 * 1024


def counts_from_1904(path: Path, kind: FileKind) -> bool:
    """True when plain numbers in date columns count from 1904-01-01. Unknown is the usual 1900."""
    if kind is FileKind.XLSX:
        return _XLSX_1904.search(_part(path, "xl/workbook.xml")) is not None
    if kind is FileKind.XLSB:
        return _xlsb_mode(_part(path, "xl/workbook.bin"))
    if kind is FileKind.XLS:
        with path.open("rb") as file:
            return _xls_mode(file.read(SCAN_BYTES))
    return False


def _part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        if name not in archive.namelist():
            return b""
        with archive.open(name) as part:
            return part.read(SCAN_BYTES)


def _xls_mode(data: bytes) -> bool:
    """Walk the records of the workbook's first stream; a stream in scattered sectors ends the walk early."""
    place = data.find(_BIFF_START, 512)
    while 0 < place <= len(data) - 6:
        record, size = struct.unpack_from("<HH", data, place)
        if record == _BIFF_DATE_MODE:
            return bool(struct.unpack_from("<H", data, place + 4)[0])
        if record == _BIFF_END:
            return False
        place += 4 + size
    return False


def _xlsb_mode(data: bytes) -> bool:
    place = 0
    while place < len(data):
        record, place = _variable(data, place, 2)
        size, place = _variable(data, place, 4)
        if record == _XLSB_WORKBOOK_PROPERTIES and place < len(data):
            return bool(data[place] & 1)
        place += size
    return False


def _variable(data: bytes, place: int, longest: int) -> tuple[int, int]:
    """A number of the binary format: 7 bits a byte (record numbers keep their high bit), low byte first."""
    value = shift = 0
    for byte in data[place : place + longest]:
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            break
        shift += 7
    return value, max(place, 1)
