"""When and where a photo says it was taken (EXIF 2.32)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Exif

_ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0112, 0x8769, 0x8825
_TAKEN, _TAKEN_OFFSET = 0x9003, 0x9011
_LAT_REF, _LAT, _LON_REF, _LON, _DATUM = 1, 2, 3, 4, 0x12
_ON_ITS_SIDE = (5, 6, 7, 8)
_INSTANT = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_WGS_84 = ("", "WGS-84", "WGS84", "WGS 84")


@dataclass(frozen=True)
class Taken:
    """at: aware UTC. longitude and latitude: WGS-84, both or neither."""

    at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    lies_on_its_side: bool = False


def taken_of(exif: Exif, zone: tzinfo) -> Taken:
    """What the tags say; a tag that makes no sense counts as missing. zone: used when the photo names no offset."""
    tags, gps = exif.get_ifd(_EXIF_IFD), exif.get_ifd(_GPS_IFD)
    longitude, latitude = _point(gps)
    on_its_side = exif.get(_ORIENTATION) in _ON_ITS_SIDE
    return Taken(_instant(tags, zone), longitude, latitude, on_its_side)


def _instant(tags: Mapping[int, Any], zone: tzinfo) -> datetime | None:
    found = _INSTANT.match(_text(tags.get(_TAKEN)))
    if found is None:
        return None
    offset = _OFFSET.fullmatch(_text(tags.get(_TAKEN_OFFSET)))
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3])
        if minutes < 24 * 60:
            zone = timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    year, month, day, hour, minute, second = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _point(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    if _text(gps.get(_DATUM)).upper() not in _WGS_84:
        return None, None
    longitude = _degrees(gps.get(_LON), _text(gps.get(_LON_REF)), "E", "W", 180)
    latitude = _degrees(gps.get(_LAT), _text(gps.get(_LAT_REF)), "N", "S", 90)
    # Cameras without a fix write zero degrees for both.
    if longitude is None or latitude is None or (longitude == 0 and latitude == 0):
        return None, None
    return longitude, latitude


def _degrees(value: Any, side: str, plus: str, minus: str, most: float) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3 or side.upper() not in (plus, minus):
        return None
    try:
        degrees: float = sum(float(part) / 60**place for place, part in enumerate(value))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not math.isfinite(degrees) or not 0 <= degrees <= most:
        return None
    return round(-degrees if side.upper() == minus else degrees, 7)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip(" \x00") if isinstance(value, str) else ""
