"""Which photo of a folder belongs to which check point or finding of a round: a proposal with how sure it is and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.places import distance_m

NEAR_M, WITHIN_M, OTHER_CITY_M = 40.0, 150.0, 5000.0
"""Surely there; possibly there; so far from every place of the round that it was taken elsewhere."""
SOON, WITHIN = timedelta(minutes=5), timedelta(minutes=20)
AROUND = timedelta(hours=2)
"""How long before its start and after its end a photo may still be of the round."""
SHIFT_BUCKET = timedelta(minutes=5)
SMALLEST_SHIFT = timedelta(minutes=10)
FEWEST_VOTES = 3
_NO_SHIFT = timedelta()


class PhotoGroup(StrEnum):
    """Where a photo stands in the proposal: placed, or why not."""

    PLACED = "placed"
    UNSURE = "unsure"
    NO_FACTS = "no_facts"
    OTHER_CITY = "other_city"
    OTHER_DAY = "other_day"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"


PHOTO_GROUP_TITLES = {
    PhotoGroup.PLACED: "已对上",
    PhotoGroup.UNSURE: "对不上检查点",
    PhotoGroup.NO_FACTS: "没有时间和位置",
    PhotoGroup.OTHER_CITY: "拍摄地点不在这次巡查",
    PhotoGroup.OTHER_DAY: "不是这次巡查的时间",
    PhotoGroup.DUPLICATE: "重复",
    PhotoGroup.UNREADABLE: "打不开",
}


class Confidence(StrEnum):
    """How sure a placement is."""

    HIGH = "high"
    FAIR = "fair"
    LOW = "low"


CONFIDENCE_TITLES = {Confidence.HIGH: "把握大", Confidence.FAIR: "把握一般", Confidence.LOW: "把握小"}


@dataclass(frozen=True)
class PhotoFacts:
    """What a photo says of itself. key: tells photos apart. group: set when it cannot be placed at all."""

    key: str
    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    group: PhotoGroup | None = None


@dataclass(frozen=True)
class PhotoTarget:
    """Where a photo may belong. finding: preferred to the check point at the same place and time."""

    key: str
    no: int
    longitude: float | None = None
    latitude: float | None = None
    at: datetime | None = None
    finding: bool = False


@dataclass(frozen=True)
class Placement:
    """One photo in the proposal. metres, apart: from its target, where both sides know; apart after the clock was put right."""

    key: str
    group: PhotoGroup
    target: str | None = None
    confidence: Confidence | None = None
    metres: float | None = None
    apart: timedelta | None = None


@dataclass(frozen=True)
class Proposal:
    """placements: in the order of the route, then those without a place. shift: what the camera's clock is to be moved by."""

    placements: Sequence[Placement]
    shift: timedelta = _NO_SHIFT


@dataclass(frozen=True)
class Span:
    """When the round was walked."""

    begin: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Within the round, or not long before or after."""
        return self.begin - AROUND <= at <= self.end + AROUND


def propose(
    photos: Iterable[PhotoFacts], targets: Iterable[PhotoTarget], span: Span, shift: timedelta | None = None
) -> Proposal:
    """A place for every photo that has one; the same for any order of the input.

    shift: what is added to the camera's time; None: the shift that was detected, if any.
    """
    known = sorted(photos, key=lambda photo: photo.key)
    places = sorted(targets, key=lambda target: (target.no, not target.finding, target.key))
    moved = detected_shift(known, places) if shift is None else shift
    order = {target.key: at for at, target in enumerate(places)}
    placed = [_placed(photo, places, span, moved) for photo in known]
    placed.sort(key=lambda one: (order.get(one.target or "", len(order)), _GROUP_ORDER[one.group], one.key))
    return Proposal(tuple(placed), moved)


def detected_shift(photos: Sequence[PhotoFacts], targets: Sequence[PhotoTarget]) -> timedelta:
    """How far the camera's clock stood wrong, when most photos agree on it; nothing when they fit as they are.

    A photo with a place votes by the check points near it, one without by all of them.
    """
    timed = [photo for photo in photos if photo.taken_at is not None and photo.group is None]
    votes: Counter[int] = Counter()
    offs: dict[int, list[tuple[timedelta, str]]] = defaultdict(list)
    for photo in timed:
        for bucket, (weight, off) in _votes(photo, targets).items():
            votes[bucket] += weight
            offs[bucket].append((off, photo.key))
    around = {bucket: votes[bucket - 1] + votes[bucket] + votes[bucket + 1] for bucket in votes}
    best = min(around, key=lambda bucket: (-around[bucket], -votes[bucket], abs(bucket), bucket), default=0)
    agreeing = sorted(off for bucket in (best - 1, best, best + 1) for off in offs.get(bucket, ()))
    enough = len({key for _off, key in agreeing}) >= max(FEWEST_VOTES, (len(timed) + 1) // 2)
    shift = agreeing[len(agreeing) // 2][0] if agreeing else _NO_SHIFT
    if not enough or abs(shift) < SMALLEST_SHIFT or around[best] < around.get(0, 0) + 2:
        return _NO_SHIFT
    return timedelta(seconds=round(shift.total_seconds()))


def _votes(photo: PhotoFacts, targets: Sequence[PhotoTarget]) -> dict[int, tuple[int, timedelta]]:
    """Bucket of a shift -> how much this photo speaks for it, and the shift itself, nearest the middle of the bucket."""
    found: dict[int, tuple[int, timedelta]] = {}
    for target in targets:
        if photo.taken_at is None or target.at is None or not _may_be_at(photo, target):
            continue
        off = target.at - photo.taken_at
        bucket = round(off / SHIFT_BUCKET)
        # A photo taken at the point says more than one that may have been taken anywhere.
        weight = 1 if _metres(photo, target) is None else 2
        beside = abs(off - bucket * SHIFT_BUCKET)
        known = found.get(bucket)
        if known is None or (-weight, beside) < (-known[0], abs(known[1] - bucket * SHIFT_BUCKET)):
            found[bucket] = (weight, off)
    return found


_GROUP_ORDER: Mapping[PhotoGroup, int] = {group: at for at, group in enumerate(PhotoGroup)}


def _placed(photo: PhotoFacts, targets: Sequence[PhotoTarget], span: Span, shift: timedelta) -> Placement:
    if photo.group is not None:
        return Placement(photo.key, photo.group)
    at = None if photo.taken_at is None else photo.taken_at + shift
    if at is None and photo.longitude is None:
        return Placement(photo.key, PhotoGroup.NO_FACTS)
    if at is not None and not span.holds(at):
        return Placement(photo.key, PhotoGroup.OTHER_DAY)
    if _is_elsewhere(photo, targets):
        return Placement(photo.key, PhotoGroup.OTHER_CITY)
    offers = [offer for target in targets if (offer := _offer(photo, at, target)) is not None]
    if not offers:
        return Placement(photo.key, PhotoGroup.UNSURE)
    cost, _no, _point, target, metres, apart = min(offers, key=lambda one: (*one[:3], one[3].key))
    return Placement(photo.key, PhotoGroup.PLACED, target.key, _sure(metres, apart, cost), metres, apart)


_Offer = tuple[float, int, bool, PhotoTarget, float | None, timedelta | None]


def _offer(photo: PhotoFacts, at: datetime | None, target: PhotoTarget) -> _Offer | None:
    """What speaks for a target: the smaller the cost the better; None when nothing does."""
    metres = _metres(photo, target)
    apart = None if at is None or target.at is None else abs(at - target.at)
    if metres is None and apart is None:
        return None
    if (metres is not None and metres > WITHIN_M) or (metres is None and apart is not None and apart > WITHIN):
        return None
    # A place says more than a time: a member stands at a point for minutes, and writes its time down later.
    cost = (metres or 0.0) / NEAR_M + (0.0 if apart is None else min(apart, AROUND) / SOON) / (2 if metres else 1)
    return round(cost, 6), target.no, not target.finding, target, metres, apart


def _sure(metres: float | None, apart: timedelta | None, cost: float) -> Confidence:
    near = metres is not None and metres <= NEAR_M
    soon = apart is not None and apart <= SOON
    if near and (soon or apart is None or apart <= WITHIN):
        return Confidence.HIGH
    if near or soon or cost <= 2:
        return Confidence.FAIR
    return Confidence.LOW


def _is_elsewhere(photo: PhotoFacts, targets: Sequence[PhotoTarget]) -> bool:
    far = [metres for target in targets if (metres := _metres(photo, target)) is not None]
    return bool(far) and min(far) > OTHER_CITY_M


def _may_be_at(photo: PhotoFacts, target: PhotoTarget) -> bool:
    metres = _metres(photo, target)
    return metres is None or metres <= WITHIN_M


def _metres(photo: PhotoFacts, target: PhotoTarget) -> float | None:
    sides = (photo.longitude, photo.latitude, target.longitude, target.latitude)
    if any(side is None for side in sides):
        return None
    longitude, latitude, there_longitude, there_latitude = (side for side in sides if side is not None)
    return round(distance_m(longitude, latitude, there_longitude, there_latitude), 1)
