"""Divisions found by the names people write; a name is never a key, so several may fit and a person chooses."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.grids import GridKind
from app.domain.reference import Division, Divisions
from app.domain.text import normalise

_ENDINGS = (
    "街道办事处", "办事处", "街道办", "街道",
    "社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区", "村民委员会", "村委会",
)  # fmt: skip


def plain_name(name: str) -> str:
    """A name without what an office adds to it: 经八路街道办事处 and 经八路街道 are 经八路."""
    plain = "".join(normalise(name).split())
    for ending in _ENDINGS:
        if plain.endswith(ending) and plain != ending:
            return plain.removesuffix(ending)
    return plain


def divisions_named(divisions: Divisions, district_code: str, kind: GridKind, name: str) -> list[Division]:
    """Divisions of a kind in a district that are called so, exactly if any is, else but for their ending."""
    offered: Sequence[Division] = ()
    if kind == GridKind.STREET:
        offered = divisions.streets_of(district_code)
    elif kind == GridKind.COMMUNITY:
        offered = divisions.communities_of(district_code)
    elif kind == GridKind.DISTRICT:
        offered = [division for division in divisions.districts if division.code.startswith(district_code[:4])]
    exact = [division for division in offered if division.name == name.strip()]
    return exact or [division for division in offered if plain_name(division.name) == plain_name(name)]
