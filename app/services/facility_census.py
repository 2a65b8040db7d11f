"""A census round: the route past facilities chosen from the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.facility_views import FacilityLine
from app.domain.patrols import CheckPoint, RoundKind
from app.domain.places import distance_m
from app.domain.problems import Refused
from app.services.patrols import RoundDraft

MOST_POINTS = 500


def census_draft(lines: Sequence[FacilityLine], day: date) -> RoundDraft:
    """A round past these facilities, each time on to the nearest one left; those without a point come last.

    Raises Refused: facility.nothing_chosen, facility.too_many_for_round.
    """
    need_few(len(lines))
    points = tuple(_point(no, line) for no, line in enumerate(in_walking_order(lines), start=1))
    return RoundDraft(day=day, kind=RoundKind.CENSUS, points=points)


def need_few(count: int) -> None:
    """Raise Refused as `census_draft` does for so many, before anybody reads them."""
    if not count:
        raise Refused("facility.nothing_chosen")
    if count > MOST_POINTS:
        raise Refused("facility.too_many_for_round", found=count, limit=MOST_POINTS)


def in_walking_order(lines: Sequence[FacilityLine]) -> list[FacilityLine]:
    """From the one furthest west on to the nearest one left, until all are walked."""
    left: list[tuple[float, float, FacilityLine]] = []
    rest: list[FacilityLine] = []
    for line in lines:
        if line.longitude is None or line.latitude is None:
            rest.append(line)
        else:
            left.append((line.longitude, line.latitude, line))
    left.sort(key=lambda placed: (placed[0], placed[2].rid))
    route: list[FacilityLine] = []
    while left:
        longitude, latitude, line = left.pop(0)
        route.append(line)
        left.sort(key=lambda placed: distance_m(longitude, latitude, placed[0], placed[1]))
    return route + rest


def _point(no: int, line: FacilityLine) -> CheckPoint:
    title = " ".join(part for part in (line.title, line.number or line.address) if part)[:120]
    return CheckPoint(
        no=no,
        name=title or f"{no}",
        longitude=line.longitude,
        latitude=line.latitude,
        road=line.road,
        facility_id=line.id,
    )
