"""How lists of violations write units, kinds and benchmarks, and what that means."""

from __future__ import annotations

import re
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

YUAN = "元"
_PER = re.compile(r"元/(?P<what>[^(,;]+)")
_CAP = re.compile(r"总额≤(?P<cap>\d+)元")
_TIER = re.compile(r"(?P<name>[^:]+):(?:(?P<when>[^:]*):)?(?P<low>\d+)?(?:-|≤)(?P<high>\d+)")


class Tier(BaseModel):
    """One step of a published benchmark (裁量等次): when it applies, and between which amounts."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(max_length=20)
    when: str = Field(default="", max_length=200)
    low: Decimal
    high: Decimal


def counted_by(unit: str) -> str:
    """What a fine is counted by: 平方米 of 元/平方米; empty when it is for the act as a whole."""
    found = _PER.match(unit)
    return found["what"] if found else ""


def most_of(unit: str) -> Decimal | None:
    """The most in all, in yuan, where the unit names it (总额≤20000元)."""
    found = _CAP.search(unit)
    return Decimal(found["cap"]) if found else None


def tiers_of(text: str) -> tuple[tuple[Tier, ...], str]:
    """Tiers as they are written (`轻微:两处以下:20-30|严重:其余:≤50`), or the text as a note when it is none."""
    parts = [part.strip() for part in text.split("|") if part.strip()]
    found = [_TIER.fullmatch(part) for part in parts]
    if not parts or not all(found):
        return (), text.strip()
    tiers = tuple(
        Tier(name=one["name"], when=one["when"] or "", low=Decimal(one["low"] or 0), high=Decimal(one["high"]))
        for one in found
        if one is not None
    )
    return tiers, ""


def kinds_of(text: str) -> tuple[str, ...]:
    """Kinds of penalty as they are written, divided by semicolons or commas."""
    return tuple(part.strip() for part in re.split(r"[;;、,,]", text) if part.strip())
