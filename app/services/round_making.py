"""Checks of a sheet become rounds, results and findings under the office's grids, members and registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.alike import alike_id, alike_number
from app.domain.checklists import PROGRAMME_TITLES, Programme
from app.domain.directory import Worker, WorkerKind
from app.domain.findings import Finding, FindingState
from app.domain.patrol_planning import ROUND_LETTERS
from app.domain.patrols import CheckPoint, CheckResult, PatrolRound, RoundKind, RoundState
from app.domain.round_rules import checked_count
from app.services.directory import DirectoryService
from app.services.facilities import FacilityService
from app.services.grids import GridService
from app.services.reference import OFFICE_ZONE, ReferenceService
from app.services.round_grounds import Ground, Grounds
from app.services.round_rows import CheckOutcome, CheckRow
from app.services.sheets.categories import CategoryFinder
from app.services.sheets.refusals import RowRefusal, refusal
from db.queries import facilities as facility_rows
from db.queries import patrols
from db.tx import Tx

FINDING_LETTERS = "WT"
_PROGRAMMES = {title: programme for programme, title in PROGRAMME_TITLES.items()}
FindingRow = tuple[CheckRow, "RoundGroup", CheckResult]
"""A check that found something, its round, and the result of the point it was found at."""


@dataclass(frozen=True)
class RoundTables:
    """What of the office an import looks at."""

    reference: ReferenceService
    directory: DirectoryService
    grids: GridService
    facilities: FacilityService


@dataclass(frozen=True)
class RoundGroup:
    """Checks of one round. key: what they share, the same whenever the sheet is imported."""

    key: str
    day: date
    round_id: UUID
    ground: Ground
    checks: tuple[CheckRow, ...]


class RoundMaker:
    """Makes records for one import. system: the outside system's name."""

    def __init__(self, tables: RoundTables, system: str) -> None:
        self._tables = tables
        self._system = system
        self._office = tables.reference.office()
        self._finder = CategoryFinder(tables.reference.categories())
        members = tables.directory.workers(WorkerKind.COLLECTOR)
        names = Counter(one.name for one in members)
        # Two of one name: a sheet that says no more than the name means nobody for sure, and its words are kept.
        self._members: dict[str, Worker] = {one.name: one for one in members if names[one.name] == 1}
        self._members |= {one.number: one for one in members if one.number}
        self._grounds = Grounds(tables.reference, tables.grids)
        self._unknown: set[tuple[str, str]] = set()

    def noted(self, outcome: CheckOutcome) -> CheckOutcome:
        """With what the office does not know of it, each said once."""
        check = outcome.check
        if check is None:
            return outcome
        notes: list[RowRefusal] = []
        if check.member and check.member not in self._members and self._first("member", check.member):
            notes.append(refusal(check.row, "", "row.member_unknown", name=check.member))
        if check.grid and not self._grounds.knows(check.grid) and self._first("grid", check.grid):
            notes.append(refusal(check.row, "", "row.grid_unknown", text=check.grid))
        return replace(outcome, notes=tuple(notes)) if notes else outcome

    def groups(self, checks: Sequence[CheckRow]) -> list[RoundGroup]:
        """Checks by round: the sheet's own round number, else day, member and grid; oldest first."""
        grounds = self._grounds.of(checks)
        found: dict[tuple[str, date], list[tuple[CheckRow, Ground]]] = {}
        for check, ground in zip(checks, grounds, strict=True):
            day = check.at.astimezone(OFFICE_ZONE).date()
            where = ground.grid_code or ground.street_code
            key = check.round_no or f"{day.isoformat()}/{check.member}/{where}/{check.programme}"
            found.setdefault((key, day), []).append((check, ground))
        groups = []
        for (key, day), pairs in found.items():
            pairs.sort(key=lambda pair: (pair[0].at, pair[0].row))
            identity = self._alike("round", day, key)
            groups.append(RoundGroup(key, day, identity, pairs[0][1], tuple(check for check, _ground in pairs)))
        return sorted(groups, key=lambda group: (group.day, group.checks[0].row))

    def facilities(self, tx: Tx, groups: Sequence[RoundGroup]) -> dict[str, UUID]:
        """Facility numbers the checks name -> the facility, by identity code or house number."""
        wanted = list({check.facility for group in groups for check in group.checks if check.facility})
        known = facility_rows.known_house_numbers(tx.connection, wanted) if wanted else {}
        return known | (facility_rows.known_codes(tx.connection, wanted) if wanted else {})

    def round_of(self, tx: Tx, group: RoundGroup, facilities: Mapping[str, UUID]) -> PatrolRound:
        """The round of a group, done."""
        first, ground = group.checks[0], group.ground
        member = self._members.get(first.member)
        timed = [check.at for check in group.checks if check.timed]
        return PatrolRound(
            id=group.round_id,
            created_at=tx.now,
            changed_at=tx.now,
            number=alike_number(ROUND_LETTERS, self._office.mark, group.round_id, group.day),
            kind=RoundKind.PATROL,
            state=RoundState.DONE,
            programme=_PROGRAMMES.get(first.programme, Programme.OTHER),
            day=group.day,
            member_id=member.id if member else None,
            member_name=member.name if member else first.member,
            grid_id=ground.grid.id if ground.grid else None,
            grid_code=ground.grid_code,
            street_code=ground.street_code,
            street_name=ground.street_name,
            road=first.road,
            points=tuple(_point(no, check, facilities) for no, check in enumerate(group.checks, start=1)),
            started_at=min(timed, default=None),
            ended_at=max(timed, default=None),
            points_total=len(group.checks),
            points_checked=_looked_at(group.checks),
            finding_count=sum(bool(check.problems) for check in group.checks),
            source_system=self._system,
            source_no=group.key[:80],
        )

    def check_id(self, group: RoundGroup, check: CheckRow) -> UUID:
        """The identity of the result of a row."""
        return self._alike("check", group.day, check.number)

    def results(
        self, tx: Tx, group: RoundGroup, checks: Sequence[CheckRow], facilities: Mapping[str, UUID], first: int = 1
    ) -> list[CheckResult]:
        """What was seen, numbered from `first` on."""
        return [
            CheckResult(
                id=self.check_id(group, check),
                created_at=tx.now,
                changed_at=tx.now,
                parent=group.round_id,
                point_no=no,
                name=check.name,
                facility_id=facilities.get(check.facility),
                grade=check.grade,
                at=check.at,
                longitude=check.longitude,
                latitude=check.latitude,
                note=check.note,
            )
            for no, check in enumerate(checks, start=first)
        ]

    def summed(
        self,
        round_: PatrolRound,
        results: Sequence[CheckResult],
        added: Sequence[CheckResult],
        group: RoundGroup,
        now: datetime,
    ) -> PatrolRound:
        """A known round with the checks that came to it."""
        route = {point.no: point for point in round_.points}
        route |= {
            one.point_no: CheckPoint(
                no=one.point_no,
                name=one.name,
                longitude=one.longitude,
                latitude=one.latitude,
                facility_id=one.facility_id,
            )
            for one in added
        }
        found = sum(bool(check.problems) for check in group.checks)
        return round_.changed(
            now,
            points=tuple(route[no] for no in sorted(route)),
            points_total=len(results),
            points_checked=checked_count(results),
            finding_count=max(round_.finding_count, found),
        )

    def findings(self, group: RoundGroup, results: Iterable[CheckResult]) -> list[FindingRow]:
        """Checks that found something. results: of the whole round; rows another round holds were found there."""
        there = {result.id: result for result in results}
        return [
            (check, group, there[own])
            for check in group.checks
            if check.problems and (own := self.check_id(group, check)) in there
        ]

    def report(self, tx: Tx, rows: Sequence[FindingRow]) -> int:
        """Write the findings that are not there yet; gives how many."""
        known = patrols.findings_by_source(tx.connection, self._system, [check.number for check, _g, _r in rows])
        fresh = [row for row in rows if row[0].number not in known]
        tx.add_many([self._finding(tx, row) for row in fresh])
        return len(fresh)

    def _finding(self, tx: Tx, row: FindingRow) -> Finding:
        check, group, result = row
        member = self._members.get(check.member)
        identity = self._alike("finding", group.day, check.number)
        return Finding(
            id=identity,
            created_at=tx.now,
            changed_at=tx.now,
            number=alike_number(FINDING_LETTERS, self._office.mark, identity, group.day),
            round_id=group.round_id,
            point_no=result.point_no,
            found_at=check.at,
            member_id=member.id if member else None,
            member_name=member.name if member else check.member,
            facility_id=result.facility_id,
            category_text=check.category,
            street_code=group.ground.street_code,
            street_name=group.ground.street_name,
            road=check.road,
            house_no=check.house_no,
            address=check.address or check.name,
            longitude=check.longitude,
            latitude=check.latitude,
            point_source={} if check.given is None else {"given": list(check.given)},
            **group.ground.codes,
            description="\n".join((check.name, *check.problems)),
            state=FindingState.OPEN,
            source_system=self._system,
            source_no=check.number,
            **self._category(check.category),
        )

    def _category(self, text: str) -> dict[str, Any]:
        found = self._finder.find(None, ("", ""), "", "", text) if text else None
        if found is None:
            return {}
        kind, major, minor = found
        table = self._tables.reference.categories()
        category = table.find(kind, major, minor)
        name = category.minor_name if category else ""
        return {"scheme": table.scheme, "kind": kind, "major": major, "minor": minor, "minor_name": name}

    def _alike(self, kind: str, day: date, number: str) -> UUID:
        """The identity of what the sheet brings: the same whenever, and on whatever PC, it is imported."""
        return alike_id(self._office.district_code, kind, self._system, number, day=day)

    def _first(self, kind: str, word: str) -> bool:
        """True the first time a word is met."""
        if (kind, word) in self._unknown:
            return False
        self._unknown.add((kind, word))
        return True


def _looked_at(checks: Sequence[CheckRow]) -> int:
    return sum(check.grade != "passed_over" for check in checks)


def _point(no: int, check: CheckRow, facilities: Mapping[str, UUID]) -> CheckPoint:
    return CheckPoint(
        no=no,
        name=check.name,
        longitude=check.longitude,
        latitude=check.latitude,
        road=check.road,
        house_no=check.house_no,
        facility_id=facilities.get(check.facility),
    )
