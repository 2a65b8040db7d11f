"""Desks and a city at which everything happens that may happen, in any order; afterwards all of them agree."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, open_desk
from app.domain.cases import Case, PhotoPhase
from app.domain.decisions import Verdict
from app.domain.directory import Road, Unit
from app.domain.permissions import Actor
from app.domain.problems import Problem, Refused, Unavailable
from app.sync.link import LinkStore
from app.sync.service import Parts, SyncService
from app.sync.views import SyncReport
from app.wire.sync import CITY_SCOPE, PushRequest
from db.blobs import BlobStore
from tests.builders import a_draft, a_picture, inputs
from tests.conftest import MONDAY_MORNING
from tests.sync import promises
from tests.sync.machine_grids import GridWork
from tests.sync.towns import Town

NAMES = st.sampled_from(["一马路", "二马路", "三马路"])
FAULTS = st.sampled_from(["none", "none", "question lost", "answer lost", "asked twice", "power cut"])
WHEN = st.integers(0, 9)
OTHER_DISTRICT = "410103"


class PowerCut(BaseException):
    """Nothing after this point happens."""


@dataclass(frozen=True)
class Template:
    """A folder with one folder a desk, copied for each example; `found` opens the city that belongs to it."""

    folder: Path
    keys: dict[str, bytes]
    districts: dict[str, str]
    found: Callable[[Path, FixedClock], Town]


@dataclass
class Member:
    """One desk in an example."""

    name: str
    folder: Path
    key: bytes
    district: str
    town: Town
    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY_MORNING))
    made: set[UUID] = field(default_factory=set)
    kept: set[UUID] | None = None
    pushed: list[PushRequest] = field(default_factory=list)
    fault: str = "none"
    left: int = 0
    person: int = 0

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """As after the program's start."""
        self.desk: Desk = open_desk(self.key, StorePaths.of(self.folder), self.clock)

    def again(self) -> None:
        """Closed and opened."""
        self.desk.close()
        self.open()

    @property
    def actor(self) -> Actor:
        """Whoever sits there now."""
        persons = self.desk.accounts.persons()
        return self.desk.accounts.actor(persons[self.person % len(persons)].id)

    @property
    def service(self) -> SyncService:
        """The door to the line, with this example's faults."""
        desk = self.desk
        parts = Parts(self._line, lambda: bytes(32), lambda: "machine", self._reach)
        return SyncService(
            desk.store, BlobStore(desk.paths.files, self.key), desk.reference, desk.accounts, desk.care, parts
        )

    def sync(self, fault: str = "none", at: int = 0) -> SyncReport | None:
        """One run; None when the power went."""
        self.fault, self.left = fault, at
        try:
            return self.service.run()
        except PowerCut:
            self.again()
            return None
        finally:
            self.fault = "none"

    def cases(self) -> list[Case]:
        """Every case here, in id order."""
        with self.desk.store.read() as reader:
            return sorted(reader.all(Case), key=lambda case: case.id)

    def _line(self, link: LinkStore) -> Any:
        return Faulty(self, self.town.line(link))

    def _reach(self, _point: str) -> None:
        if self.fault == "power cut" and self._now():
            raise PowerCut

    def ask(self, question: Callable[..., Any], asked: tuple[Any, ...]) -> Any:
        """One question over the line as it is now."""
        if self.fault in ("none", "power cut") or not self._now():
            return question(*asked)
        fault, self.fault = self.fault, "none"
        if fault == "question lost":
            raise Unavailable("sync.offline", reason="test")
        answer = question(*asked)
        if fault == "answer lost":
            raise Unavailable("sync.offline", reason="test")
        return answer if question.__name__ == "send_piece" else question(*asked)

    def _now(self) -> bool:
        self.left -= 1
        return self.left < 0


class Faulty:
    """Every question passes through its desk's faults; pushes are remembered, so that an old one may arrive late."""

    def __init__(self, member: Member, line: Any) -> None:
        self._member = member
        self._of = line

    def __getattr__(self, name: str) -> Any:
        question = getattr(self._of, name)

        def asked(*words: Any) -> Any:
            return self._member.ask(question, words)

        return question if name == "close" else asked

    def push(self, request: PushRequest) -> Any:
        self._member.pushed.append(request)
        return self._member.ask(self._of.push, (request,))


class Machine(GridWork, RuleBasedStateMachine):
    """The rules. `template` is set by who runs it."""

    template: ClassVar[Template]

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(dir=self.template.folder.parent))
        here = self._folder / "all"
        shutil.copytree(self.template.folder, here)
        self.clock = FixedClock(MONDAY_MORNING)
        self.town = self.template.found(here, self.clock)
        self.members = [
            Member(name, here / name, key, self.template.districts[name], self.town)
            for name, key in self.template.keys.items()
        ]
        self.stopped: set[int] = set()
        self.gone: set[UUID] = set()
        self.saved = False
        self.renewed = False
        self.count = 0

    # What people do.

    @initialize()
    def begin(self) -> None:
        """Everybody holds the same."""

    @rule(who=st.integers(0, 2))
    def report(self, who: int) -> None:
        member = self.members[who]
        self.count += 1
        member.made.add(member.desk.cases.report(a_draft(description=f"第{self.count}件"), actor=member.actor).id)

    @rule(who=st.integers(0, 2), which=st.integers(0, 1), name=NAMES)
    def rename_road(self, who: int, which: int, name: str) -> None:
        """The same field of the same record, again and again and by everybody."""
        member = self.members[who]
        road = sorted(member.desk.directory.roads(), key=lambda one: one.id)[which]
        member.desk.directory.save(Road, {"name": name}, actor=member.actor, record_id=road.id)

    @rule(who=st.integers(0, 2), field_name=st.sampled_from(["code", "phone"]), value=st.sampled_from("123"))
    def change_unit(self, who: int, field_name: str, value: str) -> None:
        """Fields that go together."""
        member = self.members[who]
        unit = min(member.desk.directory.units(), key=lambda one: one.id)
        member.desk.directory.save(Unit, {field_name: value}, actor=member.actor, record_id=unit.id)

    @rule(who=st.integers(0, 2), which=st.integers(0, 5))
    def take_a_step(self, who: int, which: int) -> None:
        member = self.members[who]
        cases = member.cases()
        assume(cases)
        case = cases[which % len(cases)]
        offers = member.desk.cases.detail(case.id, actor=member.actor).offers
        for offer in offers:
            try:
                member.desk.cases.act(case.id, offer.step.action, inputs(), actor=member.actor)
            except Refused:
                continue
            return

    @rule(who=st.integers(0, 2), which=st.integers(0, 5))
    def attach(self, who: int, which: int) -> None:
        member = self.members[who]
        cases = member.cases()
        assume(cases)
        self.count += 1
        taken = member.desk.photos.take_in(a_picture(str(self.count)), "现场.jpg")
        try:
            member.desk.photos.attach(cases[which % len(cases)].id, [taken], PhotoPhase.BEFORE, actor=member.actor)
        except Refused:
            return

    @rule(who=st.integers(0, 2))
    def another_person_sits_down(self, who: int) -> None:
        self.members[who].person += 1

    @rule(who=st.integers(0, 2), verdict=st.sampled_from([Verdict.MINE, Verdict.THEIRS]))
    def decide(self, who: int, verdict: Verdict) -> None:
        self._decide_all(self.members[who], verdict)

    # What the line and the machines do.

    @rule(who=st.integers(0, 2), fault=FAULTS, at=WHEN)
    def sync(self, who: int, fault: str, at: int) -> None:
        member = self.members[who]
        before = {case.id for case in member.cases()}
        device = LinkStore(member.desk.store).need().device_id
        report = member.sync(fault, at)
        lost = before - {case.id for case in member.cases()}
        assert lost <= self.gone, f"went without a word of the city: {lost - self.gone}"
        self.renewed = self.renewed or LinkStore(member.desk.store).need().device_id != device
        promises.check_desk(member.desk.store)
        if report is not None and report.finished:
            self._agrees(member)

    @precondition(lambda self: any(member.pushed for member in self.members))
    @rule(who=st.integers(0, 2), which=st.integers(0, 100))
    def old_push_arrives_late(self, who: int, which: int) -> None:
        """What the line kept back for a while, and nobody waits for any more."""
        member = self.members[who]
        assume(member.pushed and who not in self.stopped)
        self.town.line(LinkStore(member.desk.store)).push(member.pushed[which % len(member.pushed)])

    @rule(who=st.integers(0, 2), days=st.sampled_from([-1, 1]))
    def clock_jumps(self, who: int, days: int) -> None:
        self.members[who].clock.set_wrong(timedelta(days=days))

    @rule(who=st.integers(0, 2))
    def keep_a_copy(self, who: int) -> None:
        member = self.members[who]
        member.desk.close()
        shutil.rmtree(self._copy_of(member), ignore_errors=True)
        shutil.copytree(member.folder, self._copy_of(member))
        member.kept = set(member.made)
        member.open()

    @rule(who=st.integers(0, 2))
    def the_copy_comes_back(self, who: int) -> None:
        """Work since the copy that never left is gone with the disk; what the city has is not."""
        member = self.members[who]
        assume(member.kept is not None)
        assert member.kept is not None
        member.desk.close()
        shutil.rmtree(member.folder)
        shutil.copytree(self._copy_of(member), member.folder)
        known = set(self.town.truth([member.district, OTHER_DISTRICT]))
        member.made = member.kept | (member.made & known)
        self.gone |= self.lost_with_disk(member)
        member.open()

    def lost_with_disk(self, member: Member) -> set[UUID]:
        """Nothing is taken from the city by it."""
        return set()

    # What the operator does.

    @rule(who=st.integers(0, 2))
    def stop(self, who: int) -> None:
        self.stopped.add(who)
        self.town.stop(LinkStore(self.members[who].desk.store).need().device_id)

    @precondition(lambda self: self.stopped)
    @rule()
    def let_in(self) -> None:
        for who in self.stopped:
            self.town.let_in(LinkStore(self.members[who].desk.store).need().device_id)
        self.stopped.clear()
        self.town.take_over()

    @rule(which=st.integers(0, 5), name=NAMES)
    def bulk_work(self, which: int, name: str) -> None:
        district = self.members[0].district
        self.town.rename(self.town.ids_of("road", district)[: which + 1], name)

    @rule(which=st.integers(0, 5))
    def move(self, which: int) -> None:
        cases = self.town.ids_of("case", self.members[0].district)
        assume(cases)
        case_id = cases[which % len(cases)]
        self.gone.add(case_id)
        self.town.move(case_id, OTHER_DISTRICT)

    @rule()
    def back_up_the_city(self) -> None:
        self.town.save()
        self.saved, self.renewed = True, False

    @precondition(lambda self: self.saved and not self.renewed)
    @rule()
    def restore_the_city(self) -> None:
        self.town.put_back()
        self.saved = False

    # What always holds.

    @invariant()
    def own_work_shows(self) -> None:
        for member in self.members:
            promises.own_work_shows(member.desk.store)

    def teardown(self) -> None:
        try:
            self._come_to_rest()
        finally:
            for member in self.members:
                member.desk.close()
            self.town.close()
            shutil.rmtree(self._folder)

    def _come_to_rest(self) -> None:
        for member in self.members:
            self.town.let_in(LinkStore(member.desk.store).need().device_id)
        for _turn in range(8):
            self.town.take_over()
            reports = [member.sync() for member in self.members]
            open_ones = [self._decide_all(member, Verdict.MINE) for member in self.members]
            if not any(open_ones) and all(one and one.finished and not one.pulled + one.pushed for one in reports):
                break
        else:
            raise AssertionError(f"no rest: {reports}")
        for member in self.members:
            promises.check_desk(member.desk.store)
            self._agrees(member)
        self.town.check()
        for district in {member.district for member in self.members}:
            promises.same_on_all(member.desk.store for member in self.members if member.district == district)
        known = set(self.town.truth({member.district for member in self.members} | {OTHER_DISTRICT}))
        for member in self.members:
            assert member.made <= known, f"{member.name}: acknowledged work is nowhere: {member.made - known}"

    def _agrees(self, member: Member) -> None:
        """Who says finished holds exactly what the city holds."""
        theirs = self.town.truth([member.district, CITY_SCOPE])
        mine = promises.held(member.desk.store)
        assert mine == theirs, f"{member.name} said finished: {dict(mine.items() ^ theirs.items())}"

    def _decide_all(self, member: Member, verdict: Verdict) -> int:
        service, lines = member.service, member.service.troubles()
        for line in lines:
            for deed in _ways(service, line.record_id, verdict, member.actor):
                try:
                    deed()
                except Problem:
                    continue
                break
        return len(lines)

    def _copy_of(self, member: Member) -> Path:
        return self._folder / f"copy {member.name}"


def _ways(service: SyncService, record_id: UUID, verdict: Verdict, actor: Actor) -> Iterator[Callable[[], object]]:
    """The wished verdict, else the other one, else sending again."""
    for one in (verdict, *(other for other in (Verdict.THEIRS, Verdict.MINE) if other is not verdict)):
        yield lambda one=one: service.decide(record_id, one, {}, "测试", actor=actor)  # type: ignore[misc]
    yield lambda: service.resend(record_id, actor=actor)
