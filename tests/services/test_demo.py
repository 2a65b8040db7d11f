"""Made-up cases in an office that has begun its own lists."""

from __future__ import annotations

from app.desk import Desk
from tests.desks import first_actor

CASES = 30


def test_an_office_keeps_its_own_units_and_roads_and_still_gets_made_up_cases(desk: Desk) -> None:
    units, roads = desk.directory.units(), desk.directory.roads()

    made = desk.demo.load(CASES, seed=3, actor=first_actor(desk))

    assert made.cases == CASES
    assert desk.directory.units() == units
    assert desk.directory.roads() == roads
