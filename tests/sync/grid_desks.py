"""What tests of grid records on two desks begin with."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.domain.patrol_views import EnteredPoint, RoundFilter
from app.domain.patrols import CheckGrade, CheckPoint, PatrolPlan
from tests.sync import promises
from tests.sync.offices import Office

TODAY = WEEK = date(2026, 11, 2)
LAMP = {"major": "01", "minor": "37", "street_code": "410105001", "address": "经八路12号门前"}
GOOD = [EnteredPoint(no, CheckGrade.GOOD) for no in (1, 2)]


def met(*offices: Office) -> None:
    """Both talk to the city until nothing is new; no person is asked anything, and all hold the same."""
    for office in (*offices, *offices):
        report = office.sync()
        assert (report.problem_code, report.conflicts, report.refused, report.held) == ("", 0, 0, 0)
    for office in offices:
        promises.equal_with_city(office.desk.store, office.city, "410105")
        promises.check_desk(office.desk.store)
    promises.same_on_all(office.desk.store for office in offices)
    promises.check_city(offices[0].city)


def a_plan(office: Office, **what_matters: object) -> PatrolPlan:
    """Two check points on every workday."""
    points = tuple(CheckPoint(no=no, name=f"检查点{no}") for no in (1, 2))
    values: dict[str, object] = {"name": "纬一路", "points": points, "valid_from": TODAY, "street_code": "410105001"}
    return office.desk.patrol_plans.save({**values, **what_matters}, actor=office.actor)


def the_rounds(office: Office) -> list[UUID]:
    """Rounds of the week, today's first."""
    lines = office.desk.patrols.first_page(RoundFilter())
    return [line.id for line in sorted(lines, key=lambda line: line.day)]
