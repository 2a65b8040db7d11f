"""One deed on thousands of records still fits through the line."""

from __future__ import annotations

from app.domain.directory import Road
from tests.sync.conftest import MakeOffice

MANY = 700


def test_a_list_changed_at_once_goes_in_parts(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    desk, actor = office.desk, office.actor
    roads = desk.directory.save_many(Road, [{"name": f"第{number}号路"} for number in range(MANY)], actor=actor)
    office.sync()

    changed = [{"name": road.name, "chief": "路长甲"} for road in roads]
    desk.directory.save_many(Road, changed, actor=actor, record_ids=[road.id for road in roads])
    report = office.sync()

    assert report.finished
    assert report.pushed == MANY
    assert office.states() == {"settled": office.sql("SELECT count(*) FROM outbox")[0][0]}
