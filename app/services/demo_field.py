"""The field side of the demonstration put together: grids, members, facilities, plans, rounds, findings, traces."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.base.words import _
from app.domain.cases import Case
from app.domain.directory import Certificate, Road, Worker, WorkerKind
from app.domain.grids import Grid, GridKind
from app.domain.permissions import Actor
from app.domain.records import Record
from app.services import demo_words as words
from app.services.checklists import ChecklistService
from app.services.demo_district import DemoDistrict
from app.services.demo_facilities import keep_facilities, make_facilities
from app.services.demo_findings import make_findings, make_tasks
from app.services.demo_ground import DemoGround
from app.services.demo_inspections import make_inspections, make_matters
from app.services.demo_patrols import make_rounds
from app.services.demo_plans import make_plans
from app.services.demo_traces import make_attendance, make_roll_call, make_tracks
from app.services.directory import DirectoryService
from app.services.facilities import FacilityService
from app.services.grids import GridService
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.store import Store

NET_SEED = 20261121
"""The net is the same in every demonstration."""
CERTIFICATE_YEARS = (-300, 430)
LENT = 2
COLLECTED = "collector"


@dataclass(frozen=True)
class DemoGrids:
    """The made-up net with its roads and the owners of its duty grids."""

    ground: DemoGround
    roads: Sequence[Road]
    duties: Sequence[Grid]
    members: Mapping[object, Worker]

    def owner(self, duty_code: str) -> Worker | None:
        """Who walks a duty grid."""
        duty = next((one for one in self.duties if one.code == duty_code), None)
        return self.members.get(duty.member_id) if duty else None


@dataclass(frozen=True)
class DemoField:
    """Fills what an office without grids does not have; one that has drawn its own is left alone."""

    store: Store
    reference: ReferenceService
    directory: DirectoryService
    grids: GridService
    checklists: ChecklistService
    facilities: FacilityService

    def lay_grids(self, fresh: frozenset[type[Record]], actor: Actor) -> DemoGrids | None:
        """Write the net, and what made-up members and roads have of it; None when the office has grids.

        fresh: the lists that were made up just now; the office's own entries stay as they are.
        """
        if self.grids.all():
            return None
        office = self.reference.office()
        ground = DemoGround(NET_SEED, office.district_code, self.reference.divisions())
        members = self._certified(actor) if Worker in fresh else self.directory.workers(WorkerKind.COLLECTOR)
        roads = self._laid(ground, actor) if Road in fresh else self.directory.roads()
        made: list[Grid] = []
        with self.store.write(actor, "demo.load") as tx:
            stamps = {"created_at": tx.now, "changed_at": tx.now}
            duties = 0
            for fields in ground.grids():
                own: dict[str, object] = {"note": _(words.GRID_NOTE)}
                if fields["kind"] is GridKind.DUTY:
                    own |= {"member_id": members[duties % len(members)].id, "name": self._duty_name(fields, duties)}
                    duties += 1
                made.append(Grid.model_validate({"id": tx.ids.new(), **stamps, **fields, **own}))
            tx.add_many(made, queue=False)
        own_duties = [grid for grid in made if grid.kind is GridKind.DUTY]
        return DemoGrids(ground, roads, own_duties, {one.id: one for one in members})

    def walk(self, net: DemoGrids, cases: Sequence[Case], chance: random.Random, actor: Actor) -> None:
        """Facilities, plans and four weeks of rounds with what came of them. cases: those reported in these weeks."""
        divisions, office = self.reference.divisions(), self.reference.office()
        district = DemoDistrict(
            store=self.store,
            chance=chance,
            actor=actor,
            office=office,
            ground=net.ground,
            roads=net.roads,
            units=self.directory.units(),
            members=list(net.members.values()),
            duties=net.duties,
            street_names={street.code: street.name for street in divisions.streets_of(office.district_code)},
            categories=self.reference.categories(),
            cases=[case for case in cases if case.source == COLLECTED],
        )
        templates = self.checklists.current()
        things = make_facilities(district, self.facilities.tables())
        plans = make_plans(district, templates, things)
        walked = make_rounds(district, plans, templates, self.reference.calendar())
        walked = make_tracks(district, make_findings(district, walked, templates, divisions))
        results = [result for one in walked.rounds for result in walked.results[one.id]]
        district.write(walked.rounds, results)
        keep_facilities(district, things, results, self.facilities.coding())
        make_tasks(district, cases)
        make_attendance(district, self.reference.calendar())
        make_roll_call(district)
        known = self.checklists.made_known() or [make_matters(district)]
        make_inspections(district, known[0].items)

    def _duty_name(self, fields: Mapping[str, object], at: int) -> str:
        street = self.reference.divisions().street(str(fields["street_code"]))
        return _(words.DUTY_NAME).format(street=street.name if street else "", n=at % 2 + 1)

    def _certified(self, actor: Actor) -> Sequence[Worker]:
        """The made-up members with skills and a certificate; two are lent to a street."""
        members = self.directory.workers(WorkerKind.COLLECTOR)
        today = self.store.clock.now().astimezone(OFFICE_ZONE).date()
        street = self.reference.divisions().streets_of(self.reference.office().district_code)[0].code
        rows: list[dict[str, object]] = []
        for at, _member in enumerate(members):
            first, last = (today + timedelta(days=days + 7 * at) for days in CERTIFICATE_YEARS)
            # The last certificate ends within the month, so that the page has something to warn of.
            last = today + timedelta(days=20) if at == len(members) - 1 else last
            paper = Certificate(name=_(words.CERTIFICATE), number=f"YS{at + 1:04d}", valid_from=first, valid_until=last)
            row: dict[str, object] = {
                "number": f"W{at + 1:03d}",
                "phone": f"000{at + 1:08d}",
                "skills": (_(words.SKILLS[at % len(words.SKILLS)]), _(words.SKILLS[(at + 2) % len(words.SKILLS)])),
                "certificates": (paper,),
            }
            if at >= len(members) - LENT:
                row |= {"seconded_to": street, "seconded_from": today - timedelta(days=9)}
                row |= {"seconded_until": today + timedelta(days=30)}
            rows.append(row)
        return self.directory.save_many(Worker, rows, actor=actor, record_ids=[one.id for one in members])

    def _laid(self, ground: DemoGround, actor: Actor) -> Sequence[Road]:
        """The made-up roads with a course, a chief and a level."""
        roads = list(self.directory.roads())
        rows: list[dict[str, object]] = []
        for at, line in enumerate(ground.roads(len(roads))):
            rows.append(
                {
                    "lines": (line,),
                    "chief": _(words.CHIEF).format(n=words.CHIEFS[at % len(words.CHIEFS)]),
                    "level": _(words.ROAD_LEVELS[min(at // 8, len(words.ROAD_LEVELS) - 1)]),
                }
            )
        laid = self.directory.save_many(Road, rows, actor=actor, record_ids=[road.id for road in roads[: len(rows)]])
        return [*laid, *roads[len(rows) :]]
