"""A believable month (or year) of made-up cases. No real persons; telephones begin with 000, which nobody has."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from app.base.ids import IdSource
from app.base.watch import Watch, silent
from app.domain.cases import Case, CaseStep
from app.domain.directory import ReplyTemplate, Road, Unit, Worker, WorkerKind
from app.domain.numbering import number_series
from app.domain.permissions import Actor
from app.domain.records import Record
from app.services.checklists import ChecklistService
from app.services.demo_cases import DemoMaker
from app.services.demo_district import PC_MARK, WEEKS
from app.services.demo_field import DemoField
from app.services.demo_words import COLLECTORS, HANDLERS, ROADS, TEMPLATES, UNITS
from app.services.directory import DirectoryService
from app.services.facilities import FacilityService
from app.services.grids import GridService
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.store import Store

BATCH = 5000
MOST_FOUND = 600
"""Cases that are looked at for findings of rounds, however many are made."""
BUSY_HOURS = (8, 9, 9, 10, 10, 11, 14, 15, 15, 16, 16, 17, 19, 21)


@dataclass(frozen=True)
class DemoMade:
    """What was written."""

    cases: int
    steps: int


@dataclass
class DemoService:
    """Fills a demonstration district; the cases are written as if the city had them already."""

    store: Store
    reference: ReferenceService
    directory: DirectoryService
    grids: GridService
    checklists: ChecklistService
    facilities: FacilityService
    _ids: IdSource = field(init=False)

    def __post_init__(self) -> None:
        self._ids = self.store.ids

    def load(self, cases: int, seed: int, *, actor: Actor, days: int = 30, watch: Watch | None = None) -> DemoMade:
        """Write `cases` made-up cases over the last `days` days; the same seed gives the same district.

        An office that has no grids gets made-up ones, and four weeks of rounds in them.
        """
        watch = watch or silent()
        fresh = self._fill_lists(actor)
        chance = random.Random(seed)
        moments = sorted(self._moment(chance, days) for _ in range(cases))
        field = DemoField(self.store, self.reference, self.directory, self.grids, self.checklists, self.facilities)
        ground = field.lay_grids(fresh, actor)
        maker = DemoMaker(chance, self.reference, self.directory, self._ids, actor, ground)
        written = steps = 0
        recent: list[Case] = []
        for batch in _batches(moments):
            made = [maker.make(at, self.store.clock.now()) for at in batch]
            numbered = self._write(made, actor)
            recent = [*recent, *filter(self._is_recent, numbered)][-MOST_FOUND:]
            steps += sum(len(own) for _case, own in made)
            written += len(batch)
            watch.step(written, cases)
        if ground is not None:
            field.walk(ground, recent, chance, actor)
        return DemoMade(written, steps)

    def _is_recent(self, case: Case) -> bool:
        return case.reported_at > self.store.clock.now() - timedelta(weeks=WEEKS)

    def _write(self, made: Sequence[tuple[Case, Sequence[CaseStep]]], actor: Actor) -> Sequence[Case]:
        with self.store.write(actor, "demo.load") as tx:
            numbered: list[Case] = []
            for day, group in groupby(made, key=lambda pair: pair[0].reported_at.astimezone(OFFICE_ZONE).date()):
                cases = [case for case, _steps in group]
                series = number_series(self.reference.office().mark, PC_MARK, day)
                first = tx.next_number(series, len(cases))
                numbered += [
                    case.model_copy(update={"local_no": f"{series}-{serial:04d}"})
                    for serial, case in enumerate(cases, start=first)
                ]
            tx.add_many(numbered, queue=False)
            steps = [step for _case, own in made for step in own]
            tx.add_many(steps, queue=False)
        return numbered

    def _moment(self, chance: random.Random, days: int) -> datetime:
        now = self.store.clock.now()
        day: date = now.astimezone(OFFICE_ZONE).date() - timedelta(days=int(days * chance.random() ** 1.1))
        clock = time(chance.choice(BUSY_HOURS), chance.randrange(60), chance.randrange(60))
        at = datetime.combine(day, clock, OFFICE_ZONE)
        return at if at < now else now - timedelta(minutes=chance.randrange(5, 120))

    def _fill_lists(self, actor: Actor) -> frozenset[type[Record]]:
        """What an office has already stays; each list that is empty gets made-up entries. Gives the lists that were empty."""
        directory = self.directory
        fresh: set[type[Record]] = set()
        if not directory.units():
            directory.save_many(Unit, [{"name": name, "code": code} for code, name in UNITS], actor=actor)
        if not directory.roads():
            directory.save_many(Road, [{"name": name} for name in ROADS], actor=actor)
            fresh.add(Road)
        if not directory.workers(WorkerKind.COLLECTOR):
            people: list[dict[str, object]] = [{"name": name, "kind": WorkerKind.COLLECTOR} for name in COLLECTORS]
            directory.save_many(Worker, people, actor=actor)
            fresh.add(Worker)
        if not directory.workers(WorkerKind.HANDLER):
            units = {unit.name: unit.id for unit in directory.units()}
            directory.save_many(Worker, [_handler(name, unit, units) for name, unit in HANDLERS], actor=actor)
        if not directory.templates():
            directory.save_many(ReplyTemplate, [{"title": a, "text": b} for a, b in TEMPLATES], actor=actor)
        return frozenset(fresh)


def _handler(name: str, unit: str, units: dict[str, UUID]) -> dict[str, object]:
    return {"name": name, "kind": WorkerKind.HANDLER, "unit_id": units.get(unit)}


def _batches(moments: Sequence[datetime]) -> Iterator[Sequence[datetime]]:
    for start in range(0, len(moments), BATCH):
        yield moments[start : start + BATCH]
