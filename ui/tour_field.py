"""Grid inspections as a grid clerk does them: a week planned, a round entered by keys, its finding a case, coverage, map, facilities."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.base.words import _
from app.domain.facility_views import FacilityFilter
from app.domain.findings import Finding, FindingState
from app.domain.grids import GridKind
from app.domain.inspection_views import InspectionView
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import PatrolRound, RoundState
from ui.tour_walk import TourStopped, Walk
from ui.widgets.sections import InPart

CONTROL = Qt.KeyboardModifier.ControlModifier
GOOD, FINDING = Qt.Key.Key_1, Qt.Key.Key_F
KIND = "dwjy"
SAID = "门前货架占用人行道约两米。"
SEEN_BEFORE = 2
FACILITIES = "lamps"


class FieldWalk:
    """Each method is one step of the job and leaves a picture."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    def plan_a_week(self) -> None:
        """Next week's rounds by one press."""
        walk = self._walk
        self._show("plans")
        walk.click("week_after")
        before = self._planned()
        walk.click("plan_week")
        walk.until(lambda: self._planned() > before, _("没有排出下一周的巡查"))
        walk.picture("plans")

    def enter_a_round(self) -> None:
        """One key a check point; a finding opens in place."""
        walk, round_id = self._walk, self._round_of_today()
        self._show("rounds", round_id)
        walk.picture("rounds")
        walk.press(Qt.Key.Key_F5)
        walk.until(lambda: walk.find("round_entry", QWidget), _("没有打开巡查录入"))
        for _point in range(SEEN_BEFORE):
            walk.press(GOOD)
        walk.press(FINDING)
        walk.find("finding_form", QWidget)
        walk.settle()
        walk.type(KIND)
        walk.press(Qt.Key.Key_Return)
        walk.fill("description", SAID)
        walk.picture("round-finding")
        walk.press(Qt.Key.Key_S, CONTROL)
        walk.until(lambda: self._findings(round_id), _("问题没有保存"))
        for _point in range(len(self._round(round_id).points)):
            walk.press(GOOD)
        walk.without_notice()
        walk.picture("round-entry")
        walk.press(Qt.Key.Key_Return, CONTROL)
        walk.until(lambda: self._round(round_id).state is RoundState.DONE, _("巡查没有完成"))

    def make_a_case(self) -> None:
        """The finding becomes a case by one key."""
        walk = self._walk
        finding = self._findings(self._round_of_today(RoundState.DONE))[0]
        self._show("findings", finding.id)
        walk.press(Qt.Key.Key_G)
        findings = walk.shell.desk.findings
        walk.until(lambda: findings.get(finding.id).state is FindingState.CASE, _("问题没有转成案件"))
        walk.settle()
        walk.without_notice()
        walk.picture("finding")

    def look_at_tasks_and_people(self) -> None:
        """Tasks, the month of the members, who was where."""
        walk = self._walk
        friday = walk.shell.desk.reference.today() - timedelta(days=3)
        for part, argument in (("tasks", None), ("members", None), ("traces", friday)):
            self._show(part, argument)
            walk.picture(part)

    def coverage(self) -> None:
        """Which grid was seen on which day."""
        self._show("coverage")
        self._walk.picture("coverage")

    def grids(self) -> None:
        """The net with one grid beside it."""
        self._show("grids", GridKind.DUTY)
        self._walk.picture("grids")

    def map(self) -> None:
        """Everything on the map."""
        self._walk.shell.frame.go("map", None)
        self._walk.picture("map")

    def facilities(self) -> None:
        """The register with one thing beside it that rounds have seen."""
        found = self._walk.shell.desk.facilities.find(FacilityFilter(group=FACILITIES))
        seen = [one for one in found if one.seen_at is not None]
        if not seen:
            raise TourStopped(_("没有巡查过的部件"))
        self._walk.shell.frame.go("facilities", seen[0].id)
        self._walk.picture("facilities")

    def inspections(self) -> None:
        """Enterprises are inspected by officers, not on rounds: one inspection, and the draw it came from."""
        for part, argument in (("inspections", InspectionView.DONE), ("draws", None)):
            self._walk.shell.frame.go("enforcement", InPart(part, argument))
            self._walk.picture(part)

    def violations(self) -> None:
        """A lorry without a cover before the law changed, decided after: both versions."""
        walk = self._walk
        walk.shell.frame.go("enforcement", InPart("violations", "VC07"))
        walk.settle()
        walk.fill("violation_act", "2026-08-01")
        walk.fill("violation_search", "VC07")
        walk.until(lambda: "37" in walk.find("violation_change", QLabel).text(), _("没有显示两个版本"))
        walk.picture("violations")

    def terms(self) -> None:
        """A fine fell due in the holidays of October: when, and by which days."""
        walk = self._walk
        walk.shell.frame.go("enforcement", InPart("terms", "PAY_15"))
        walk.settle()
        walk.fill("term_day", "2026-09-20")
        walk.until(lambda: "2026-10-08" in walk.find("term_result", QLabel).text(), _("期限没有算出来"))
        walk.picture("terms")

    def _show(self, part: str, argument: object = None) -> None:
        self._walk.without_notice()
        self._walk.shell.frame.go("patrols", InPart(part, argument))
        self._walk.settle()

    def _planned(self) -> int:
        desk = self._walk.shell.desk
        next_week = desk.reference.today() + timedelta(days=7)
        return sum(desk.patrol_plans.workload(next_week).cells.values())

    def _round_of_today(self, state: RoundState = RoundState.PLANNED) -> UUID:
        desk = self._walk.shell.desk
        today = desk.reference.today()
        wanted = RoundFilter(first=today, last=today, states=frozenset({state}))
        lines = desk.patrols.lines(desk.patrols.find(wanted, 1))
        if not lines:
            raise TourStopped(_("今天没有这样的巡查"))
        return lines[0].id

    def _round(self, round_id: UUID) -> PatrolRound:
        return self._walk.shell.desk.patrols.get(round_id)

    def _findings(self, round_id: UUID) -> list[Finding]:
        return list(self._walk.shell.desk.findings.of_round(round_id))
