"""A track as text and as figures: packed fixes, jumps, gaps, distance, check points reached, thinning.

A fix is (second since the track's start, longitude, latitude) in WGS-84.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

from app.domain.places import EARTH_M, distance_m
from app.domain.problems import Refused

Fix = tuple[int, float, float]
LONGEST_TEXT = 600_000
STEPS_PER_DEGREE = 1_000_000
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_MORE = 32
_CHUNK = 400
_METRES_PER_DEGREE = radians(1) * EARTH_M


@dataclass(frozen=True)
class Gap:
    """A stretch without a fix, in seconds of the track; metres between its ends."""

    start: int
    end: int
    metres: float

    @property
    def seconds(self) -> int:
        """How long it lasted."""
        return self.end - self.start


@dataclass(frozen=True)
class Reached:
    """A check point the track came near: first second within reach, and the nearest distance in metres."""

    no: int
    second: int
    metres: float


def pack(fixes: Iterable[Fix]) -> str:
    """The fixes as text: each the difference from the one before, in seconds and millionths of a degree.

    Raises Refused("track.too_long") past 600,000 characters.
    """
    letters: list[str] = []
    before = (0, 0, 0)
    for second, longitude, latitude in fixes:
        now = (second, round(longitude * STEPS_PER_DEGREE), round(latitude * STEPS_PER_DEGREE))
        for value, last in zip(now, before, strict=True):
            letters.extend(_letters(value - last))
        before = now
    if len(letters) > LONGEST_TEXT:
        raise Refused("track.too_long", n=len(letters), limit=LONGEST_TEXT)
    return "".join(letters)


def unpack(points: str) -> list[Fix]:
    """The fixes behind a text that `pack` made. Raises Refused("track.points_unreadable")."""
    numbers = list(_numbers(points))
    if len(numbers) % 3:
        raise Refused("track.points_unreadable")
    fixes: list[Fix] = []
    second = longitude = latitude = 0
    for at in range(0, len(numbers), 3):
        second += numbers[at]
        longitude += numbers[at + 1]
        latitude += numbers[at + 2]
        fixes.append((second, longitude / STEPS_PER_DEGREE, latitude / STEPS_PER_DEGREE))
    return fixes


def without_jumps(fixes: Sequence[Fix], fastest_mps: float) -> list[Fix]:
    """The fixes somebody no faster than that can have been at.

    The longest unbroken stretch is believed; from its two ends outward, stretches that cannot be reached in time go.
    """
    stretches = _stretches(fixes, fastest_mps)
    if len(stretches) < 2:
        return list(fixes)
    trusted = max(range(len(stretches)), key=lambda at: len(stretches[at]))
    kept = list(stretches[trusted])
    for stretch in stretches[trusted + 1 :]:
        if _in_time(kept[-1], stretch[0], fastest_mps):
            kept.extend(stretch)
    before: list[Fix] = []
    first = kept[0]
    for stretch in reversed(stretches[:trusted]):
        if _in_time(stretch[-1], first, fastest_mps):
            before = [*stretch, *before]
            first = stretch[0]
    return before + kept


def metres_walked(fixes: Sequence[Fix]) -> float:
    """Length of the way in metres."""
    return sum(_metres(a, b) for a, b in pairwise(fixes))


def gaps(fixes: Sequence[Fix], longer_than_s: int) -> list[Gap]:
    """Stretches longer than that without a fix."""
    return [Gap(a[0], b[0], _metres(a, b)) for a, b in pairwise(fixes) if b[0] - a[0] > longer_than_s]


def seconds_inside(fixes: Sequence[Fix], inside: Sequence[bool], longer_than_s: int) -> int:
    """Recorded seconds between fixes that are both inside an area. inside: one word per fix."""
    steps = zip(pairwise(fixes), pairwise(inside), strict=True)
    return sum(b[0] - a[0] for (a, b), (here, there) in steps if here and there and b[0] - a[0] <= longer_than_s)


def reached(fixes: Sequence[Fix], places: Sequence[tuple[int, float, float]], within_m: float) -> list[Reached]:
    """Which places (number, longitude, latitude) the way came within so many metres of, in their order."""
    found = []
    for no, longitude, latitude in places:
        hit = _reach(fixes, longitude, latitude, within_m)
        if hit is not None:
            found.append(Reached(no, *hit))
    return found


def thinned(fixes: Sequence[Fix], tolerance_m: float, every_s: int = 60) -> list[Fix]:
    """Fewer fixes whose way leaves the old one by no more than the tolerance; one at least every so many seconds."""
    if len(fixes) < 3:
        return list(fixes)
    kept: list[Fix] = [fixes[0]]
    for start in range(0, len(fixes) - 1, _CHUNK):
        chunk = fixes[start : start + _CHUNK + 1]
        for at in _corners(chunk, tolerance_m, every_s):
            kept.append(chunk[at])
    return kept


def _corners(chunk: Sequence[Fix], tolerance_m: float, every_s: int) -> list[int]:
    """Places of the fixes that stay, without the first and with the last (Douglas and Peucker)."""
    flat = _flat(chunk)
    kept = {len(chunk) - 1}
    open_spans = [(0, len(chunk) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        far, at = max((_off_line(flat[first], flat[last], flat[n]), n) for n in range(first + 1, last))
        if far <= tolerance_m:
            if chunk[last][0] - chunk[first][0] <= every_s:
                continue
            at = (first + last) // 2
        kept.add(at)
        open_spans += [(first, at), (at, last)]
    return sorted(kept)


def _reach(fixes: Sequence[Fix], longitude: float, latitude: float, within_m: float) -> tuple[int, float] | None:
    """(first second within reach, nearest metres) along the way between fixes, or None."""
    flat = _flat(fixes, (longitude, latitude))
    here = (0.0, 0.0)
    near = [hypot(*flat[0])] if flat else []
    near += [_off_line(a, b, here) for a, b in pairwise(flat)]
    within = [at for at, metres in enumerate(near) if metres <= within_m]
    return (fixes[within[0]][0], min(near)) if within else None


def _flat(fixes: Sequence[Fix], origin: tuple[float, float] | None = None) -> list[tuple[float, float]]:
    """Metres east and north of a place (the first fix unless told), good within a city."""
    lon0, lat0 = origin or (fixes[0][1:] if fixes else (0.0, 0.0))
    east = _METRES_PER_DEGREE * cos(radians(lat0))
    return [((lon - lon0) * east, (lat - lat0) * _METRES_PER_DEGREE) for _second, lon, lat in fixes]


def _off_line(a: tuple[float, float], b: tuple[float, float], point: tuple[float, float]) -> float:
    """Metres from a point to the stretch between a and b."""
    x, y = b[0] - a[0], b[1] - a[1]
    length = x * x + y * y
    px, py = point[0] - a[0], point[1] - a[1]
    share = 0.0 if length == 0 else max(0.0, min(1.0, (px * x + py * y) / length))
    return hypot(px - share * x, py - share * y)


def _stretches(fixes: Sequence[Fix], fastest_mps: float) -> list[list[Fix]]:
    stretches: list[list[Fix]] = []
    for fix in fixes:
        if stretches and _in_time(stretches[-1][-1], fix, fastest_mps):
            stretches[-1].append(fix)
        else:
            stretches.append([fix])
    return stretches


def _in_time(a: Fix, b: Fix, fastest_mps: float) -> bool:
    return _metres(a, b) <= max(b[0] - a[0], 1) * fastest_mps


def _metres(a: Fix, b: Fix) -> float:
    return distance_m(a[1], a[2], b[1], b[2])


def _letters(number: int) -> Iterator[str]:
    """Five bits a letter, the lowest first; the sign is the lowest bit of all."""
    rest = number << 1 if number >= 0 else ~(number << 1)
    while rest >= _MORE:
        yield _ALPHABET[_MORE | (rest & 31)]
        rest >>= 5
    yield _ALPHABET[rest]


def _numbers(text: str) -> Iterator[int]:
    number = shift = 0
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            raise Refused("track.points_unreadable")
        number |= (value & 31) << shift
        if value & _MORE:
            shift += 5
            continue
        yield ~(number >> 1) if number & 1 else number >> 1
        number = shift = 0
    if shift:
        raise Refused("track.points_unreadable")
