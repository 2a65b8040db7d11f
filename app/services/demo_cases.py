"""One made-up case at a time: the archive in a few strokes, live cases by the real rules."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.base import reference_builtin as builtin
from app.base.ids import IdSource
from app.domain import case_rules
from app.domain.case_judgement import FlowContext, StepInputs
from app.domain.cases import Case, CaseKind, CaseStep, PhotoPhase
from app.domain.directory import WorkerKind
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.reference import Category
from app.domain.stages import Stage
from app.services.demo_field import DemoGrids
from app.services.demo_words import APPROVER, ASKED, NEARBY, REPORTERS, RETURN_REASON, SUSPEND_REASON, VOID_REASON
from app.services.directory import DirectoryService
from app.services.reference import ReferenceService

LIVE_DAYS = 6
ALL_ROLES = frozenset({"acceptor", "collector", "dispatcher", "unit", "handler", "system"})
PHOTOS = tuple((phase, batch) for phase in (PhotoPhase.BEFORE, PhotoPhase.AFTER) for batch in range(4))
# How far a live case has come: the actions taken after the report, each list a prefix of the office's day.
PATH = ("register", "dispatch", "assign", "submit", "confirm", "forward", "send_check", "check_done", "close")


class DemoMaker:
    """Makes cases from one chance source, so that a seed always gives the same district."""

    def __init__(
        self,
        chance: random.Random,
        reference: ReferenceService,
        directory: DirectoryService,
        ids: IdSource,
        actor: Actor,
        grids: DemoGrids | None = None,
    ) -> None:
        """grids: the made-up net, None where the office has grids of its own."""
        self._chance = chance
        self._grids = grids
        self._ids = ids
        self._actor = actor
        self._context: FlowContext = reference.context()
        office, table = reference.office(), reference.categories()
        self._table = table
        self._streets = reference.divisions().streets_of(office.district_code)
        self._sources = list(reference.case_sources())
        self._units = directory.units()
        self._roads = [road.name for road in directory.roads()]
        self._collectors = [worker.name for worker in directory.workers(WorkerKind.COLLECTOR)]
        self._handlers = [worker.name for worker in directory.workers(WorkerKind.HANDLER)]
        known = [(w, table.find(w.kind, w.major, w.minor)) for w in builtin.frequent_minors()]
        usable = [(w.weight, c) for w, c in known if c is not None and any(x.limit for x in c.conditions)]
        self._weights = [weight for weight, _category in usable]
        self._categories: list[Category] = [category for _weight, category in usable]

    def make(self, at: datetime, now: datetime) -> tuple[Case, Sequence[CaseStep]]:
        """A case reported at `at`, as it would stand at `now`."""
        case = self._reported(at)
        if now - at > timedelta(days=LIVE_DAYS) and self._chance.random() < 0.985:
            return self._archived(case)
        return self._live(case, now)

    def _reported(self, at: datetime) -> Case:
        chance = self._chance
        category = chance.choices(self._categories, self._weights)[0]
        condition = chance.choice([c for c in category.conditions if c.limit])
        street = chance.choice(self._streets)
        spot = self._spot(street.code)
        road, house = spot["road"], str(chance.randrange(1, 220))
        near = chance.choice(NEARBY) if chance.random() < 0.4 else ""
        place = f"{street.name}{road}{house}号" + (f"({near})" if near else "")
        source = chance.choice(self._sources)
        called = source.startswith("hotline")
        return Case(
            id=self._ids.new(),
            created_at=at,
            changed_at=at,
            local_no="",
            source=source,
            reporter_name=chance.choice(REPORTERS) if called else "",
            reporter_phone=f"000{chance.randrange(10**8):08d}" if called else "",
            scheme=self._table.scheme,
            kind=CaseKind(category.kind),
            major=category.major,
            minor=category.minor,
            major_name=category.major_name,
            minor_name=category.minor_name,
            standards_version=self._table.version_id,
            condition_no=condition.no,
            condition=condition.filing,
            closing=condition.closing,
            limit=condition.limit,
            street_code=street.code,
            street_name=street.name,
            house_no=house,
            near=near,
            address=place,
            point_source={"system": "WGS-84", "made_up": True},
            description=chance.choice(ASKED).format(place=place, thing=category.minor_name),
            reported_at=at,
            stage=Stage.REPORTED,
            stage_at=at,
            flow_version=self._context.workflow.version,
            acceptor_id=self._actor.person_id,
            acceptor_name=self._actor.name,
            collector_name="" if called else self._collector(spot),
            **spot,
        )

    def _spot(self, street_code: str) -> dict[str, Any]:
        """Road, point and grids of a made-up case."""
        chance = self._chance
        if self._grids is None:
            point = (round(113.66 + chance.uniform(-0.06, 0.06), 6), round(34.77 + chance.uniform(-0.05, 0.05), 6))
            return {"road": chance.choice(self._roads), "longitude": point[0], "latitude": point[1]}
        place = self._grids.ground.place(chance, street_code)
        return {
            "road": self._grids.roads[place.road % len(self._grids.roads)].name,
            "longitude": place.longitude,
            "latitude": place.latitude,
            "unit_grid": place.unit_code,
            "duty_grid": place.duty_code,
        }

    def _collector(self, spot: dict[str, Any]) -> str:
        """The owner of the duty grid, or anybody."""
        owner = self._grids.owner(spot["duty_grid"]) if self._grids else None
        return owner.name if owner else self._chance.choice(self._collectors)

    def _archived(self, case: Case) -> tuple[Case, Sequence[CaseStep]]:
        chance = self._chance
        unit = chance.choice(self._units)
        took = timedelta(hours=chance.choice((1, 2, 3, 5, 8, 20, 26, 47)), minutes=chance.randrange(60))
        end = case.reported_at + took
        void = chance.random() < 0.03
        update: dict[str, Any] = {
            "stage": Stage.VOID if void else Stage.CLOSED,
            "stage_at": end,
            "closed_at": end,
            "changed_at": end,
            "handled_late": not void and chance.random() < 0.06,
        }
        if not void:
            update |= {"unit_id": unit.id, "unit_name": unit.name, "handler_name": chance.choice(self._handlers)}
            update["check_result"] = "ok"
        done = case.model_copy(update=update)
        moves: list[tuple[str, Stage | None, Stage, datetime, str]] = [
            ("report", None, Stage.REPORTED, case.reported_at, "")
        ]
        if void:
            moves.append(("void", Stage.PENDING_REGISTER, Stage.VOID, end, VOID_REASON))
        else:
            sent = case.reported_at + timedelta(minutes=chance.randrange(3, 25))
            moves.append(("dispatch", Stage.PENDING_DISPATCH, Stage.PENDING_HANDLE, sent, ""))
            moves.append(("close", Stage.PENDING_CLOSE, Stage.CLOSED, end, ""))
        return done, [self._step(case, *move) for move in moves]

    def _live(self, case: Case, now: datetime) -> tuple[Case, Sequence[CaseStep]]:
        steps = [self._step(case, "report", None, Stage.REPORTED, case.reported_at, "")]
        at = case.reported_at
        fate = self._chance.random()
        settled = self._chance.random() < min(0.95, (now - at) / timedelta(days=2))
        far = len(PATH) if settled else self._chance.randrange(len(PATH) + 1)
        wanted: tuple[str, ...] = ("enter_pool", *PATH[:far])
        if fate < 0.04:
            wanted = ("enter_pool", "register", "dispatch", "suspend")
        elif fate < 0.09:
            wanted = ("enter_pool", "register", "dispatch", "return_dispatcher")
        for action in wanted:
            at += timedelta(minutes=self._chance.choice((2, 4, 7, 12, 40, 90)))
            if at >= now:
                break
            case, taken = self._act(case, action, at)
            steps.append(taken)
        return case, steps

    def _act(self, case: Case, action: str, at: datetime) -> tuple[Case, CaseStep]:
        context = replace(self._context, now=at, photos=PHOTOS)
        inputs = self._inputs(case, action, at)
        try:
            taken = case_rules.take_step(
                case, action, inputs, actor=self._actor, roles=ALL_ROLES, step_id=self._ids.new(), context=context
            )
        except Refused as refusal:
            raise AssertionError(f"the demonstration broke a rule: {refusal}") from refusal
        return taken.case, taken.step

    def _inputs(self, case: Case, action: str, at: datetime) -> StepInputs:
        chance = self._chance
        match action:
            case "dispatch":
                unit = chance.choice(self._units)
                return StepInputs(unit_id=unit.id, unit_name=unit.name)
            case "assign" | "submit":
                return StepInputs(handler_name=case.handler_name or chance.choice(self._handlers))
            case "send_check" | "check_done":
                return StepInputs(collector_name=chance.choice(self._collectors), result="ok")
            case "suspend":
                until = at + timedelta(days=chance.randrange(20, 120))
                return StepInputs(note=SUSPEND_REASON, until=until, approved_by=APPROVER)
            case "return_dispatcher":
                return StepInputs(note=RETURN_REASON)
            case _:
                return StepInputs()

    def _step(self, case: Case, action: str, source: Stage | None, target: Stage, at: datetime, note: str) -> CaseStep:
        return CaseStep(
            id=self._ids.new(),
            created_at=at,
            changed_at=at,
            parent=case.id,
            action=action,
            from_stage=source,
            to_stage=target,
            at=at,
            actor_id=self._actor.person_id,
            actor_name=self._actor.name,
            note=note,
        )
