"""How a file of boundaries is to be read: what its areas are, in which system, which property is what; and what to propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.boundary_words import system_named
from app.domain.grids import PointSystem
from app.domain.projections import ValueKind

ROAD, SEGMENT, BY_COLUMN = "road", "road_segment", "by_column"
"""What a file can hold beside grids of one kind: roads, pieces of roads, or areas whose kind a property says."""

PROPERTIES: Mapping[str, str] = {
    "code": "代码",
    "name": "名称",
    "kind": "类别",
    "street": "街道",
    "community": "社区",
    "level": "等级",
    "land_use": "用地类别",
    "member": "网格员",
    "units": "所含单元网格",
    "road": "道路",
    "chief": "路长",
}


ALIKE = frozenset({PointSystem.WGS84, PointSystem.CGCS2000})
"""Systems less than a metre apart, as long as both are degrees."""


class Why(StrEnum):
    """What a proposed coordinate system rests on."""

    SAID = "said"
    METRES = "metres"
    ATLAS = "atlas"
    NAMED = "named"
    OVERLAP = "overlap"
    NOTHING = "nothing"


@dataclass(frozen=True)
class SystemGuess:
    """A coordinate system to propose, and why. detail: the words of the file it rests on."""

    system: PointSystem
    why: Why
    detail: str = ""

    def speaks_against(self, chosen: PointSystem) -> bool:
        """Whether the file itself says another system than the one chosen; WGS-84 and CGCS2000 in degrees are one."""
        if self.why == Why.NOTHING or chosen == self.system:
            return False
        return self.why == Why.METRES or not {chosen, self.system} <= ALIKE


@dataclass(frozen=True)
class BoundaryPlan:
    """What a person says of a file before it is taken over.

    kind: a GridKind, ROAD, SEGMENT or BY_COLUMN. columns: our field -> property of the file. put_right: turn swapped axes.
    mend: make crossing outlines valid. The last two change what the file says, so they are asked for.
    """

    kind: str
    system: PointSystem
    columns: Mapping[str, str] = field(default_factory=dict)
    put_right: bool = False
    mend: bool = False

    @property
    def is_lines(self) -> bool:
        """Roads and their pieces are lines, everything else areas."""
        return self.kind in (ROAD, SEGMENT)


def guess_system(
    *, members: Mapping[str, Any], properties: Sequence[str], values: ValueKind, words: str, overlap: PointSystem | None
) -> SystemGuess:
    """The system to propose: from metres, from the traits of an atlas, from `crs`, from words, from what lies over our outlines.

    words: file name and title, where people write what they know.
    """
    if values in (ValueKind.METRES, ValueKind.SWAPPED_METRES):
        return SystemGuess(PointSystem.CGCS2000, Why.METRES)
    if {"adcode", "centroid"} <= set(properties) or {"adcode", "acroutes"} <= set(properties):
        # The atlas of a Chinese map service; its files often claim WGS-84 all the same.
        return SystemGuess(PointSystem.GCJ02, Why.ATLAS, "adcode")
    said = _crs_name(members.get("crs"))
    if (system := system_named(said)) is not None:
        return SystemGuess(system, Why.SAID, said)
    if (system := system_named(words)) is not None:
        return SystemGuess(system, Why.NAMED, words)
    if overlap is not None:
        return SystemGuess(overlap, Why.OVERLAP)
    return SystemGuess(PointSystem.WGS84, Why.NOTHING)


def _crs_name(crs: Any) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return str(properties.get("name", "")) if isinstance(properties, dict) else ""
