"""The made-up register of facilities: all groups, a few broken, some not seen for long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.base.words import _
from app.domain.facilities import Facility, FacilityState
from app.domain.grids import Grid
from app.domain.patrols import CheckResult
from app.services import demo_words as words
from app.services.demo_district import DemoDistrict
from app.services.facility_groups import groups
from app.services.facility_making import Tables, completed
from app.services.facility_numbers import Coding

WEIGHTS: Mapping[str, int] = {
    "manholes": 34,
    "lamps": 28,
    "advertising": 10,
    "toilets": 6,
    "other": 6,
    "vendors": 4,
    "fountains": 3,
    "rest_stations": 3,
    "flood_points": 3,
}
A_GRID = 8
STATES = (FacilityState.INTACT, FacilityState.DAMAGED, FacilityState.MISSING, FacilityState.SCRAPPED)
STATE_WEIGHTS = (91, 6, 2, 1)
OLDEST_DAYS = 1400
LIT_SHARE = 0.965


def make_facilities(district: DemoDistrict, tables: Tables) -> list[Facility]:
    """About eight things for each duty grid, one at least of every register; none of them written yet."""
    made: list[Facility] = []
    names = [group.name for group in groups()]
    for at, duty in enumerate(district.duties):
        for n in range(A_GRID):
            group = names[at] if at < len(names) and n == 0 else _group(district)
            made.append(_facility(district, duty, group, len(made) + 1, tables))
    return made


def keep_facilities(
    district: DemoDistrict, made: Sequence[Facility], results: Iterable[CheckResult], coding: Coding
) -> None:
    """Write them with their codes, as the rounds saw them last."""
    seen: dict[UUID | None, datetime] = {}
    for result in results:
        if result.at is not None:
            seen[result.facility_id] = max(seen.get(result.facility_id, result.at), result.at)
    with district.store.write(district.actor, "demo.load") as tx:
        codes = coding.next_codes(tx, [(one.major, one.minor) for one in made])
        kept = [
            one.model_copy(update={"code": code, "seen_at": seen.get(one.id)})
            for one, code in zip(made, codes, strict=True)
        ]
        tx.add_many(kept, queue=False)


def _group(district: DemoDistrict) -> str:
    return district.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]


def _facility(district: DemoDistrict, duty: Grid, group: str, serial: int, tables: Tables) -> Facility:
    chance, place = district.chance, district.place(duty)
    road = district.road_name(place)
    minors = words.FACILITY_MINORS.get(group, ())
    category = next(iter(district.categories.named(chance.choice(minors))), None) if minors else None
    owner = next((one.name for one in district.units if one.code == words.FACILITY_OWNERS.get(group, "SZ")), "")
    fields: dict[str, Any] = {
        "name": _(words.FACILITY_NAMES[group]).format(road=road) if group in words.FACILITY_NAMES else "",
        "group": group,
        "major": category.major if category else "",
        "minor": category.minor if category else "",
        "street_code": duty.street_code,
        "unit_grid": place.unit_code,
        "duty_grid": duty.code,
        "road": road,
        "address": _(words.HOUSE_POINT).format(road=road, n=chance.randrange(1, 220)),
        "longitude": place.longitude,
        "latitude": place.latitude,
        "point_source": {"system": "WGS-84", "made_up": True},
        "house_number": f"JH-{serial:05d}" if group == "manholes" else "",
        "state": chance.choices(STATES, STATE_WEIGHTS)[0],
        "lit": chance.random() < LIT_SHARE if group == "lamps" else None,
        "main_road": place.road < len(district.roads) // 2 if group == "lamps" else None,
        "owner": owner,
        "maintainer": owner,
        "installed_on": district.today - timedelta(days=chance.randrange(60, OLDEST_DAYS)),
        "attributes": dict(words.FACILITY_ATTRIBUTES.get(group, {})),
        "source": _(words.FACILITY_SOURCE),
    }
    return Facility.model_validate({**district.stamps(), **completed(fields, tables, None)})
