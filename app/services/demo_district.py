"""What the parts of the demonstration share: its ground, its people, and the tables in force."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.base.ids import IdSource
from app.domain.cases import Case
from app.domain.directory import Road, Unit, Worker
from app.domain.grids import Grid
from app.domain.office import Office
from app.domain.permissions import Actor
from app.domain.records import Record
from app.domain.reference import CategoryTable
from app.services.demo_ground import DemoGround, DemoPlace
from app.services.reference import OFFICE_ZONE
from db.store import Store

WEEKS = 4
PC_MARK = "DEMO"
NOBODY_WALKS = 3
"""Duty grids no plan names, at the end of the list: coverage shows them as never seen."""


@dataclass(frozen=True)
class DemoDistrict:
    """chance: one source for everything, so that a seed gives the same district. cases: those collectors brought in."""

    store: Store
    chance: random.Random
    actor: Actor
    office: Office
    ground: DemoGround
    roads: Sequence[Road]
    units: Sequence[Unit]
    members: Sequence[Worker]
    duties: Sequence[Grid]
    street_names: Mapping[str, str]
    categories: CategoryTable
    cases: Sequence[Case]

    @property
    def now(self) -> datetime:
        """The moment the demonstration is made."""
        return self.store.clock.now()

    @property
    def today(self) -> date:
        """The office's day."""
        return self.now.astimezone(OFFICE_ZONE).date()

    @property
    def first_day(self) -> date:
        """Rounds are told of from here on."""
        return self.today - timedelta(weeks=WEEKS)

    @property
    def ids(self) -> IdSource:
        """Fresh identities."""
        return self.store.ids

    def stamps(self, at: datetime | None = None) -> dict[str, object]:
        """Identity and times of a new record."""
        made = at or self.now
        return {"id": self.ids.new(), "created_at": made, "changed_at": made}

    def member(self, member_id: UUID | None) -> Worker | None:
        """The member of that identity."""
        return next((one for one in self.members if one.id == member_id), None)

    def place(self, duty: Grid) -> DemoPlace:
        """Somewhere on a road of a duty grid."""
        half = int(duty.code[2:]) - 1
        return self.ground.place(self.chance, duty.street_code, half % 2)

    def road_name(self, place: DemoPlace) -> str:
        """What the road of a place is called here."""
        return self.roads[place.road % len(self.roads)].name

    def write(self, *sets: Sequence[Record]) -> None:
        """Keep sets of records as the city would have sent them."""
        with self.store.write(self.actor, "demo.load") as tx:
            for records in sets:
                tx.add_many(records, queue=False)
