"""The one search box finds grids and roads by code, by name and by the first letters of their pinyin."""

from __future__ import annotations

import pytest

from app.desk import Desk
from app.domain.directory import Road
from app.domain.grids import GridKind
from app.domain.permissions import Actor


@pytest.fixture
def searched(desk: Desk, actor: Actor) -> Desk:
    """Three grids, one of them out of use, and a road."""
    for code, name in (("Z-0101", "文化路一号网格"), ("Z-0102", "农业路网格"), ("Z-0199", "文化路旧网格")):
        grid = desk.grids.save({"kind": GridKind.DUTY, "code": code, "name": name}, actor=actor)
    desk.grids.retire(grid.id, actor=actor)
    desk.grids.save_road({"name": "文化北路", "chief": "李路长"}, actor=actor)
    return desk


@pytest.mark.parametrize(
    ("typed", "grids", "roads"),
    [
        ("Z-0101", ["Z-0101"], []),
        ("z010", ["Z-0101", "Z-0102"], []),
        ("文化", ["Z-0101"], ["文化北路"]),
        ("whl", ["Z-0101"], []),
        ("whbl", [], ["文化北路"]),
        ("旧网格", [], []),
    ],
)
def test_grids_and_roads_are_found_by_code_name_and_initials(
    searched: Desk, actor: Actor, typed: str, grids: list[str], roads: list[str]
) -> None:
    found = {group.record_type: group.hits for group in searched.search.groups(typed, actor=actor)}

    assert sorted(hit.number for hit in found.get("grid", ())) == grids
    assert [hit.title for hit in found.get("road", ())] == roads


def test_a_few_of_many_are_shown_and_the_whole_code_comes_first(desk: Desk, actor: Actor) -> None:
    for no in range(12, 0, -1):
        desk.grids.save({"kind": GridKind.DUTY, "code": f"Z-1{no}"}, actor=actor)

    [group] = desk.search.groups("z-11", actor=actor)

    assert (group.hits[0].number, len(group.hits), group.more) == ("Z-11", 4, False)
    assert len(desk.search.groups("z-1", actor=actor)[0].hits) == 5


def test_a_road_newly_listed_is_found_at_once(desk: Desk, actor: Actor) -> None:
    assert desk.search.groups("新开路", actor=actor) == []
    road = desk.directory.save(Road, {"name": "新开路"}, actor=actor)
    assert desk.search.groups("xkl", actor=actor)[0].hits[0].id == road.id
