"""What the nets say of a point, in one line for a clerk."""

from __future__ import annotations

from app.base.words import _
from app.domain.grid_places import PlaceOfPoint


def place_words(place: PlaceOfPoint, owner: str = "") -> str:
    """District, street and grids of a point, and what is odd about it; "" when nobody drew anything around it.

    owner: the member of the duty grid.
    """
    named = [division.name for division in (place.district, place.street, place.community) if division is not None]
    said = ["".join(named)] if named else []
    if place.unit_grid is not None:
        said.append(_("单元网格 {code}").format(code=place.unit_grid.code))
    if place.duty_grid is not None:
        duty = place.duty_grid.name or place.duty_grid.code
        said.append(_("责任网格 {name}").format(name=f"{duty}({owner})" if owner else duty))
    if place.road is not None:
        said.append(_("近 {road}").format(road=place.road.name))
    if place.border:
        codes = "、".join(grid.code for grid in place.touching)
        said.append(_("▲ 在边界上({codes}),每类取代码小的").format(codes=codes))
    if place.outside:
        said.append(_("▲ 不在本区县范围内,请核对"))
    return " · ".join(said)
