"""Which page shows what was picked on the map."""

from __future__ import annotations

from uuid import UUID

from ui.map.layers import MapHit
from ui.pages import PAGES
from ui.widgets.sections import InPart

_PARTS = {"finding": "findings", "round": "rounds", "grid": "grids", "road": "grids"}
_PAGES = {"case": "cases", "facility": "facilities"}


def target_of(hit: MapHit) -> tuple[str, object] | None:
    """(page, argument) for `wanted`; None: no page shows such a thing."""
    page, argument = _target(hit.kind, hit.id)
    return (page, argument) if page in {entry.name for entry in PAGES} else None


def _target(kind: str, own: UUID) -> tuple[str, object]:
    if kind in _PARTS:
        return "patrols", InPart(_PARTS[kind], own)
    return _PAGES.get(kind, ""), own
