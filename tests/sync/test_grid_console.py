"""What the operator of the city reads of grid records: their type in words, their number, what clashed under its title."""

from __future__ import annotations

from starlette.testclient import TestClient

from app.domain.facilities import FacilityState
from app.domain.grids import GridKind
from server.city import City
from tests.server.console.city import add_operator, sign_in
from tests.sync.conftest import MakeOffice
from tests.sync.grid_desks import LAMP, a_plan, met, the_rounds


def test_what_clashed_is_told_by_type_number_and_title(
    make_desk_with_line: MakeOffice, client: TestClient, city: City
) -> None:
    one, other = make_desk_with_line("A"), make_desk_with_line("B")
    corners = [(113.6 + 0.00001 * n, 34.7 + 0.0000001 * n * n) for n in range(3000)]
    values = {"kind": GridKind.DUTY, "code": "Z-01", "boundary": (((*corners, corners[0]),),)}
    grid = one.desk.grids.save(values, actor=one.actor)
    lamp = one.desk.facilities.save({**LAMP, "house_number": "灯-0001"}, actor=one.actor)
    a_plan(one)
    one.desk.patrol_plans.plan_week(one.desk.reference.today(), actor=one.actor)
    met(one, other)
    round_id = the_rounds(one)[0]
    number = one.desk.patrols.get(round_id).number
    for office, state, fewer in ((one, FacilityState.MISSING, 9), (other, FacilityState.SCRAPPED, 5)):
        office.desk.facilities.set_state([lamp.id], state, actor=office.actor)
        office.desk.grids.save({"boundary": (((*corners[:-fewer], corners[0]),),)}, actor=office.actor, grid_id=grid.id)
        office.desk.patrols.cancel(round_id, f"{state}", actor=office.actor)
        office.sync()
    add_operator(city)
    browser = TestClient(client.app, base_url="https://testserver")
    assert sign_in(browser).status_code == 303

    page = browser.get("/console/refused").text

    for words in (f"部件 {lamp.code or lamp.house_number}", "网格 Z-01", f"巡查 {number}"):
        assert words in page
    for title in ("状态", "边界", "取消原因"):
        assert f"<div>{title}:当时" in page
    assert len(page) < 60_000
