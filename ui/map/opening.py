"""Which page shows what was picked on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from ui.map.layers import MapHit
from ui.pages import PAGES
from ui.widgets.sections import InPart

_LISTS = {"facility": "facilities"}
_PARTS = {"finding": "findings", "round": "rounds", "track": "traces", "grid": "grids", "road": "grids"}
_PAGES = {"case": "cases", "facility": "facilities"}


def target_of(hit: MapHit) -> tuple[str, object] | None:
    """(page, argument) for `wanted`; None: no page shows such a thing."""
    page, argument = _target(hit.kind, hit.id)
    return (page, argument) if page in {entry.name for entry in PAGES} else None


def list_of(hits: Sequence[MapHit]) -> tuple[str, object] | None:
    """(page, ids) that lists those of the kind there are most of; None: none of them stands in such a list."""
    counted = Counter(hit.kind for hit in hits if hit.kind in _LISTS).most_common(1)
    if not counted:
        return None
    kind = counted[0][0]
    return _LISTS[kind], frozenset(hit.id for hit in hits if hit.kind == kind)


def _target(kind: str, own: UUID) -> tuple[str, object]:
    if kind in _PARTS:
        return "patrols", InPart(_PARTS[kind], own)
    return _PAGES.get(kind, ""), own
