"""The draw of enterprises and officers (双随机): no chance of its own, so that anybody can do it again and compare.

How it is drawn (method `sha256-2`): every enterprise has as many tickets as its weight; a ticket is the SHA-256 of seed,
enterprise and ticket number, and the lowest tickets win. For each enterprise the officers stand in the order of how
many visits they have from this draw, then of the SHA-256 of seed, enterprise and officer; the first is sent, and the
next one of another unit with them, or simply the next when there is no other unit.
Source: 国办发〔2015〕58号 (objects and officers both drawn at random) and 国发〔2019〕5号 (weights by risk).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from app.domain.inspections import Draw, Exclusion
from app.domain.problems import Refused

METHOD = "sha256-2"
TEAM = 2
MOST_WEIGHT = 20


@dataclass(frozen=True)
class Lists:
    """What is drawn from. weights: a ticket count beside each enterprise. units: beside each officer."""

    enterprises: tuple[UUID, ...]
    weights: tuple[int, ...]
    officers: tuple[UUID, ...]
    units: tuple[str, ...]
    exclusions: tuple[Exclusion, ...] = ()


Pick = tuple[UUID, tuple[UUID, ...]]
"""An enterprise and its officers."""


def lists_of(draw: Draw) -> Lists:
    """The lists a draw was made from."""
    return Lists(draw.enterprises, draw.weights, draw.officers, draw.officer_units, draw.exclusions)


def drawn(lists: Lists, seed: str, wanted: int) -> list[Pick]:
    """The picks, in the order they were drawn.

    Raises Refused: draw.too_few for more than there are, draw.officers_missing when somebody cannot be sent two officers.
    """
    barred = {(one.enterprise_id, one.officer_id) for one in lists.exclusions}
    chosen = _enterprises(lists, seed, barred)
    if len(chosen) < wanted:
        raise Refused("draw.too_few", wanted=wanted, found=len(chosen))
    visits = dict.fromkeys(lists.officers, 0)
    units = dict(zip(lists.officers, lists.units, strict=True))
    picks: list[Pick] = []
    for enterprise in chosen[:wanted]:
        able = [officer for officer in lists.officers if not {(enterprise, officer), (None, officer)} & barred]
        team = _team(sorted(able, key=_turn(seed, enterprise, visits)), units)
        if len(team) < TEAM:
            raise Refused("draw.officers_missing", found=len(able))
        for officer in team:
            visits[officer] += 1
        picks.append((enterprise, team))
    return picks


def replays(draw: Draw) -> bool:
    """Whether seed and lists give exactly what the draw says was drawn."""
    if draw.method != METHOD:
        return False
    try:
        again = drawn(lists_of(draw), draw.seed, draw.wanted)
    except (Refused, ValueError):
        return False
    return again == [(pick.enterprise_id, pick.officer_ids) for pick in draw.picks]


def weight_of(risk: str, weights: Mapping[str, int]) -> int:
    """How many tickets a credit risk gets: by its first letter, A to D; one that is not said counts as A does."""
    return max(1, min(MOST_WEIGHT, weights.get(risk.strip()[:1].upper(), weights.get("A", 1))))


def ticket(*parts: object) -> bytes:
    """The number a ticket carries."""
    return sha256("|".join(map(str, parts)).encode()).digest()


def _enterprises(lists: Lists, seed: str, barred: set[tuple[UUID | None, UUID | None]]) -> list[UUID]:
    best = {
        enterprise: min(ticket(seed, enterprise, number) for number in range(weight))
        for enterprise, weight in zip(lists.enterprises, lists.weights, strict=True)
        if (enterprise, None) not in barred
    }
    return sorted(best, key=lambda enterprise: (best[enterprise], str(enterprise)))


def _turn(seed: str, enterprise: UUID, visits: Mapping[UUID, int]) -> Callable[[UUID], tuple[int, bytes]]:
    return lambda officer: (visits[officer], ticket(seed, enterprise, officer))


def _team(able: Sequence[UUID], units: Mapping[UUID, str]) -> tuple[UUID, ...]:
    if len(able) < TEAM:
        return tuple(able)
    first = able[0]
    others = [officer for officer in able[1:] if units[officer] != units[first]]
    return first, (others or list(able[1:]))[0]
