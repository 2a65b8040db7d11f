"""What a facility's typed or imported fields become: category names, register, grids and street of its point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.cases import CaseKind
from app.domain.division_names import plain_name
from app.domain.facilities import Facility
from app.domain.facility_rules import group_for
from app.domain.grid_places import PlaceOfPoint
from app.domain.problems import Refused
from app.domain.reference import Category, CategoryTable, Division, Divisions
from app.services.facility_groups import groups

PLACE_FIELDS = ("street_code", "community_code", "unit_grid", "duty_grid", "road")


@dataclass(frozen=True)
class Tables:
    """What a facility is completed from."""

    categories: CategoryTable
    divisions: Divisions

    def category_fields(self, major: str, minor: str) -> dict[str, Any]:
        """Names and register of a category. Raises Refused("facility.category_unknown")."""
        category = self.categories.find(CaseKind.COMPONENT, major, minor)
        if category is None:
            raise Refused("facility.category_unknown", text=f"{major}-{minor}")
        return self.fields_of(category)

    def fields_of(self, category: Category) -> dict[str, Any]:
        """What a facility keeps of its category."""
        return {
            "scheme": self.categories.scheme,
            "major": category.major,
            "minor": category.minor,
            "major_name": category.major_name,
            "minor_name": category.minor_name,
        }

    def place_names(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """The names of the street and community whose codes are given; "" for codes the table does not know."""
        street = self.divisions.street(fields.get("street_code", ""))
        community = self.divisions.community(fields.get("community_code", ""))
        return {
            "street_name": street.name if street else "",
            "community_name": community.name if community else "",
        }

    def typed_place(self, street: str, community: str, district: str) -> dict[str, str]:
        """Codes and names of a street and community as somebody wrote them; a name the table does not know stays as it is.

        A community's name is looked for inside its street alone: the same one stands in several.
        """
        found: dict[str, str] = {}
        if street:
            known = _named(street, self.divisions.streets_of(district))
            found |= {"street_code": known.code, "street_name": known.name} if known else {"street_name": street}
        if community:
            inside = self.divisions.communities_of(found.get("street_code", "")) if found.get("street_code") else ()
            known = _named(community, inside)
            found |= (
                {"community_code": known.code, "community_name": known.name} if known else {"community_name": community}
            )
        return found

    def place_fields(self, place: PlaceOfPoint, typed: Mapping[str, Any]) -> dict[str, Any]:
        """Grids, street and road of a point, where nothing was typed; names beside them."""
        found = {name: code for name, code in place.codes.items() if name in PLACE_FIELDS and not typed.get(name)}
        names = self.place_names(found)
        if "street_code" in found and place.street is not None:
            names["street_name"] = place.street.name
        if "community_code" in found and place.community is not None:
            names["community_name"] = place.community.name
        return found | {name: value for name, value in names.items() if value}


def _named(name: str, among: Sequence[Division]) -> Division | None:
    """The one division that is called so, exactly or but for the ending its office adds; None for none and for several."""
    exact = [one for one in among if name.strip() in (one.name, one.code)]
    found = exact or [one for one in among if plain_name(one.name) == plain_name(name)]
    return found[0] if len(found) == 1 else None


def completed(values: Mapping[str, Any], tables: Tables, place: PlaceOfPoint | None) -> dict[str, Any]:
    """The fields with everything that follows from them.

    place: where the point lies; None without one. Raises Refused("facility.category_unknown").
    """
    fields = dict(values)
    if fields.get("major") and fields.get("minor"):
        fields |= tables.category_fields(fields["major"], fields["minor"])
    if not fields.get("group"):
        fields["group"] = group_for(fields.get("minor_name") or fields.get("name", ""), groups())
    names = tables.place_names(fields)
    fields |= {name: value for name, value in names.items() if value}
    if place is not None:
        fields |= tables.place_fields(place, fields)
    return fields


def point_of(facility: Facility | Mapping[str, Any]) -> tuple[float, float] | None:
    """Longitude and latitude, when both are known."""
    values = facility if isinstance(facility, Mapping) else facility.__dict__
    longitude, latitude = values.get("longitude"), values.get("latitude")
    return None if longitude is None or latitude is None else (longitude, latitude)
