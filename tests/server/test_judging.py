"""The city asks the desks' own rules of every step that arrives: what a real desk did passes, what it could not does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic_core import from_json
from sqlalchemy import select

from app.base.clock import FixedClock
from app.base.reference_builtin import workflow
from app.base.resources import resource_rows
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.cases import Case, PhotoPhase
from app.domain.permissions import Actor
from app.domain.reference_versions import ReferenceTable, ReferenceVersion
from app.domain.stages import Stage
from app.wire.accounts import LocalPerson
from app.wire.sync import Change, Outcome
from db.queries.sync import next_batch
from server import people
from server.city import City
from server.devices import Device
from server.sync import city_records
from server.tables import RECORD
from tests.builders import a_draft, a_picture
from tests.server.bureaus import Bureau
from tests.server.devices import JINSHUI


class RealDesk:
    """A desk that does its work by its own services; `send` hands everything it queued to the city, once."""

    def __init__(self, city: City, desk: Desk, actor: Actor) -> None:
        self.city, self.desk, self.actor = city, desk, actor
        self.device = Device(actor.device_id, JINSHUI, "城市管理局", "ABCD", revoked=False)
        self.bureau = Bureau(city, JINSHUI)
        self.bureau.device = self.device
        self.sent: set[UUID] = set()
        known = [
            LocalPerson(id=person.id, name=person.name, login=person.login, roles=person.roles)
            for person in desk.accounts.persons()
        ]
        with city.database.write() as connection:
            people.register(connection, JINSHUI, known, city.now())

    def queued(self) -> list[Change]:
        """What waits and was not sent yet."""
        with self.desk.store.read() as reader:
            waiting = next_batch(reader.connection, 500, 10_000_000)
        return [change for change in waiting if change.record_type != "office" and change.change_id not in self.sent]

    def send(self, altered: Callable[[Change], Change] = lambda change: change) -> list[Outcome]:
        changes = [altered(change) for change in self.queued()]
        self.sent |= {change.change_id for change in changes}
        return self.bureau.push(*changes)

    def act(self, case: Case, action: str, **given: Any) -> Case:
        return self.desk.cases.act(case.id, action, StepInputs(**given), actor=self.actor)

    def dispatched(self) -> Case:
        case = self.desk.cases.report(a_draft(), actor=self.actor)
        self.act(case, "register")
        unit = self.desk.directory.units()[0]
        return self.act(case, "dispatch", unit_id=unit.id, unit_name=unit.name)


@pytest.fixture
def city(sqlite_city: City) -> City:
    """Judging happens in memory; test_receive asks both databases."""
    return sqlite_city


@pytest.fixture
def real(city: City, desk: Desk, actor: Actor) -> RealDesk:
    return RealDesk(city, desk, actor)


def wrong(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(str(o.status), o.code or o.waiting_for) for o in outcomes if o.status != "applied"]


def a_month(real: RealDesk, clock: FixedClock) -> tuple[Case, Case, Case]:
    """A case from the call to the archive, one that paused and was corrected, one that was no case."""
    case = real.dispatched()
    real.act(case, "assign", handler_name="处置员甲")
    photo = real.desk.photos.take_in(a_picture(), "after.jpg")
    real.desk.photos.attach(case.id, [photo], PhotoPhase.AFTER, actor=real.actor)
    for action in ("submit", "confirm", "forward"):
        real.act(case, action)
    real.act(case, "send_check", collector_name="采集员甲")
    real.act(case, "check_done", collector_name="采集员甲", result="ok")
    real.act(case, "close")
    paused = real.dispatched()
    real.act(paused, "assign", handler_name="处置员甲")
    real.act(paused, "extend", note="路远", approved_by="值班长")
    real.act(paused, "suspend", note="待批", until=clock.now() + timedelta(days=3), approved_by="值班长")
    clock.advance(timedelta(days=4))
    assert len(real.desk.cases.resume_due(actor=real.actor)) == 1
    real.act(paused, "revoke_assign")
    real.act(paused, "return_dispatcher", note="不属本部门")
    real.desk.cases.correct(paused.id, a_draft(road="经八路"), "地址有误", actor=real.actor)
    real.desk.cases.link(paused.id, case.id, actor=real.actor)
    void = real.desk.cases.report(a_draft(), actor=real.actor)
    real.act(void, "void", note="重复")
    return case, paused, void


def test_a_whole_month_of_a_real_desk_is_taken_over_without_one_word(real: RealDesk, clock: FixedClock) -> None:
    cases = a_month(real, clock)
    assert wrong(real.send()) == []
    assert [real.bureau.row(case.id)["stage"] for case in cases] == ["closed", "returned_dispatcher", "void"]
    assert real.bureau.is_equal()


def test_the_same_month_stands_as_one_deed_as_after_a_decision(real: RealDesk, clock: FixedClock) -> None:
    a_month(real, clock)
    group = real.city.ids.new()
    assert wrong(real.send(lambda change: change.model_copy(update={"group": group}))) == []


def test_a_second_suspension_does_not_stand_even_in_one_deed(real: RealDesk, clock: FixedClock) -> None:
    a_month(real, clock)
    group, until = real.city.ids.new(), (clock.now() + timedelta(days=1)).isoformat()
    again = {"action": "suspend", "to_stage": "suspended", "inputs": {"approved_by": "值班长", "until": until}}
    twice = step_altered("return_dispatcher", again)
    outcomes = real.send(lambda change: twice(change).model_copy(update={"group": group}))
    assert [code for status, code in wrong(outcomes) if status == "refused"] == ["case.suspended_before"]


def test_a_correction_stands_though_the_case_has_moved_on_meanwhile(real: RealDesk, city: City) -> None:
    case = real.desk.cases.report(a_draft(), actor=real.actor)
    real.send()
    moved_by_the_city(city, case.id, stage=Stage.VERIFYING)
    real.desk.cases.correct(case.id, a_draft(road="经八路"), "地址有误", actor=real.actor)
    assert [str(outcome.status) for outcome in real.send()] == ["merged", "applied"]
    assert (real.bureau.row(case.id)["stage"], real.bureau.row(case.id)["road"]) == ("verifying", "经八路")


def test_work_sent_step_by_step_is_taken_over_as_well(real: RealDesk) -> None:
    case = real.desk.cases.report(a_draft(), actor=real.actor)
    assert wrong(real.send()) == []
    real.act(case, "register")
    assert wrong(real.send()) == []
    real.act(case, "return_acceptor", note="看不清")
    assert wrong(real.send()) == []
    versions = {entry.id: entry.version for entry in real.bureau.snapshot().rows}
    assert versions[case.id] == 3


def test_a_stage_that_moves_without_its_step_is_refused(real: RealDesk) -> None:
    case = real.desk.cases.report(a_draft(), actor=real.actor)
    real.send()
    moved = real.bureau.change("case", case.id, {"stage": ("pending_register", "closed")}, base_version=1)
    (outcome,) = real.bureau.push(moved.model_copy(update={"actor_id": real.actor.person_id}))
    assert outcome.code == "sync.stage_without_step"
    assert real.bureau.row(case.id)["stage"] == "pending_register"


def step_altered(action: str, values: dict[str, Any]) -> Callable[[Change], Change]:
    """Alters the step `action` on its way."""

    def alter(change: Change) -> Change:
        if change.record_type != "case_step" or change.fields["action"][1] != action:
            return change
        fields = change.fields | {name: (None, value) for name, value in values.items()}
        return change.model_copy(update={"fields": fields})

    return alter


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"action": "close"}, "sync.step_does_not_fit"),
        ({"action": "no_such_step"}, "sync.step_does_not_fit"),
        ({"from_stage": "pending_close"}, "sync.step_does_not_fit"),
        ({"from_stage": None}, "sync.step_does_not_fit"),
        ({"to_stage": "closed"}, "sync.step_does_not_fit"),
        ({"actor_id": "00000000-0000-7000-8000-0000000000ff"}, "sync.step_does_not_fit"),
        ({"action": "correct"}, "sync.step_does_not_fit"),
        ({"action": "import"}, "sync.step_does_not_fit"),
    ],
)
def test_a_step_that_does_not_lead_where_the_case_stands_is_refused_and_the_case_held(
    real: RealDesk, values: dict[str, Any], code: str
) -> None:
    case = real.desk.cases.report(a_draft(), actor=real.actor)
    real.send()
    real.act(case, "register")
    outcomes = real.send(step_altered("register", values))
    assert sorted(wrong(outcomes))[1] == ("refused", code)
    assert sorted(str(outcome.status) for outcome in outcomes) == ["held", "refused"]
    assert real.bureau.row(case.id)["stage"] == "pending_register"


def test_a_case_that_lands_elsewhere_than_its_step_leads_is_refused(real: RealDesk) -> None:
    case = real.desk.cases.report(a_draft(), actor=real.actor)
    real.send()
    real.act(case, "register")

    def closed(change: Change) -> Change:
        if change.record_type != "case":
            return change
        return change.model_copy(update={"fields": change.fields | {"stage": ("pending_register", "closed")}})

    assert ("refused", "sync.step_does_not_fit") in wrong(real.send(closed))
    assert real.bureau.row(case.id)["stage"] == "pending_register"


def test_a_step_by_somebody_without_the_role_is_refused(real: RealDesk, city: City) -> None:
    case = real.desk.cases.report(a_draft(), actor=real.actor)
    real.send()
    with city.database.write() as connection:
        people.set_roles(connection, city, real.actor.person_id, people.roles_of(["dispatcher"]), who="操作员")
    real.act(case, "register")
    assert ("refused", "sync.not_permitted") in wrong(real.send())


def test_a_step_that_needs_a_reason_is_refused_without_one(real: RealDesk) -> None:
    case = real.desk.cases.report(a_draft(), actor=real.actor)
    real.send()
    real.act(case, "void", note="重复")
    assert ("refused", "case.reason_missing") in wrong(real.send(step_altered("void", {"note": "  "})))


def test_a_photo_that_never_arrived_keeps_the_step_from_standing(real: RealDesk) -> None:
    case = real.dispatched()
    real.act(case, "assign", handler_name="处置员甲")
    real.send()
    photo = real.desk.photos.take_in(a_picture(), "after.jpg")
    real.desk.photos.attach(case.id, [photo], PhotoPhase.AFTER, actor=real.actor)
    kept = [change for change in real.queued() if change.record_type == "photo"]
    real.sent |= {change.change_id for change in kept}
    real.act(case, "submit")
    assert ("refused", "case.photo_missing") in wrong(real.send())


def test_guards_on_what_was_given_are_asked_as_well(real: RealDesk, clock: FixedClock) -> None:
    case = real.dispatched()
    real.send()
    until = clock.now() + timedelta(days=3)
    real.act(case, "suspend", note="待批", until=until, approved_by="值班长")
    nobody = step_altered("suspend", {"inputs": {"until": until.isoformat()}})
    assert ("refused", "case.approval_missing") in wrong(real.send(nobody))


@pytest.mark.parametrize("until", ["tomorrow", "2026-11-05", "2030-01-01T00:00:00+00:00"])
def test_an_instant_nobody_can_read_is_refused_and_nothing_breaks(
    real: RealDesk, clock: FixedClock, until: str
) -> None:
    case = real.dispatched()
    real.send()
    real.act(case, "suspend", note="待批", until=clock.now() + timedelta(days=3), approved_by="值班长")
    outcomes = real.send(step_altered("suspend", {"inputs": {"until": until, "approved_by": "值班长"}}))
    assert {code for status, code in wrong(outcomes) if status == "refused"} <= {"sync.field_wrong", "case.until_wrong"}
    assert len(wrong(outcomes)) == 2


def test_steps_of_the_city_never_come_from_a_desk(real: RealDesk, city: City) -> None:
    case_id = city.ids.new()
    real.bureau.push(real.bureau.change("case", case_id, case_fields(city.now(), Stage.CITY_REVIEW)))
    step = {
        "parent": (None, str(case_id)),
        "action": (None, "city_close"),
        "from_stage": (None, "city_review"),
        "to_stage": (None, "closed"),
        "at": (None, city.now().isoformat()),
        "actor_id": (None, str(real.bureau.person)),
        "actor_name": (None, "张三"),
        "role": (None, "city"),
    }
    group = city.ids.new()
    outcomes = real.bureau.push(
        real.bureau.change("case", case_id, {"stage": ("city_review", "closed")}, base_version=1, group=group),
        real.bureau.change("case_step", city.ids.new(), step, group=group),
    )
    assert ("refused", "sync.not_permitted") in wrong(outcomes)


def test_imported_cases_come_in_any_stage_with_a_step_of_their_own_group(real: RealDesk, city: City) -> None:
    case_id = city.ids.new()
    imported = {
        "parent": (None, str(case_id)),
        "action": (None, "import"),
        "to_stage": (None, "closed"),
        "at": (None, city.now().isoformat()),
        "actor_id": (None, str(real.bureau.person)),
        "actor_name": (None, "张三"),
    }
    outcomes = real.bureau.push(
        real.bureau.change("case", case_id, case_fields(city.now(), Stage.CLOSED)),
        real.bureau.change("case_step", city.ids.new(), imported),
    )
    assert wrong(outcomes) == []


def test_an_import_closes_only_what_was_not_filed_yet(real: RealDesk, city: City) -> None:
    for stage, expected in ((Stage.PENDING_REGISTER, []), (Stage.HANDLING, ["held", "refused"])):
        case_id, group = city.ids.new(), city.ids.new()
        real.bureau.push(real.bureau.change("case", case_id, case_fields(city.now(), stage)))
        step = {
            "parent": (None, str(case_id)),
            "action": (None, "import"),
            "from_stage": (None, str(stage)),
            "to_stage": (None, "closed"),
            "at": (None, city.now().isoformat()),
            "actor_id": (None, str(real.bureau.person)),
            "actor_name": (None, "张三"),
        }
        outcomes = real.bureau.push(
            real.bureau.change("case", case_id, {"stage": (str(stage), "closed")}, base_version=1, group=group),
            real.bureau.change("case_step", city.ids.new(), step, group=group),
        )
        assert [status for status, _code in wrong(outcomes)] == expected


def test_a_case_that_moved_on_at_the_city_conflicts_and_its_step_waits(real: RealDesk, city: City) -> None:
    case = real.desk.cases.report(a_draft(), actor=real.actor)
    real.send()
    moved_by_the_city(city, case.id, stage=Stage.VERIFYING)
    real.act(case, "register")
    outcomes = real.send()
    assert [str(outcome.status) for outcome in outcomes] == ["conflict", "held"]
    assert (outcomes[0].clashes["stage"].mine, outcomes[0].clashes["stage"].theirs) == ("pending_dispatch", "verifying")


def test_an_imported_flow_of_the_district_decides_and_a_broken_one_is_left_out(real: RealDesk, city: City) -> None:
    rows = [dict(row) for row in resource_rows("tables", "case_flow.csv")]
    own = [*rows, {**rows[1], "action": "hurry", "from_stage": "pending_register", "to_stage": "pending_dispatch"}]
    version = flow_version(city, own)
    broken = flow_version(city, [{"from_stage": "x"}])
    strange = flow_version(city, [{**rows[0], "guards": "no_such_guard"}])
    with city.database.write() as connection:
        for one in (version, broken, strange):
            city_records.put(connection, city, scope=JINSHUI, record=one, who="操作员")
    case_id, group = city.ids.new(), city.ids.new()
    real.bureau.push(real.bureau.change("case", case_id, case_fields(city.now(), Stage.PENDING_REGISTER)))
    step = {
        "parent": (None, str(case_id)),
        "action": (None, "hurry"),
        "from_stage": (None, "pending_register"),
        "to_stage": (None, "pending_dispatch"),
        "at": (None, city.now().isoformat()),
        "actor_id": (None, str(real.bureau.person)),
        "actor_name": (None, "张三"),
    }
    stage = {"stage": ("pending_register", "pending_dispatch")}
    outcomes = real.bureau.push(
        real.bureau.change("case", case_id, stage, base_version=1, group=group),
        real.bureau.change("case_step", city.ids.new(), step, group=group),
    )
    assert wrong(outcomes) == []
    assert workflow().title("hurry") == "hurry"


def test_an_official_number_must_have_been_given_to_this_pc(real: RealDesk, city: City) -> None:
    case_id = city.ids.new()
    foreign = case_fields(city.now(), Stage.CLOSED) | {"city_no": (None, f"{JINSHUI}-2026-000001")}
    (outcome,) = real.bureau.push(real.bureau.change("case", case_id, foreign))
    assert (outcome.code, outcome.details["number"]) == ("sync.number_foreign", f"{JINSHUI}-2026-000001")


def moved_by_the_city(city: City, case_id: UUID, **fields: Any) -> None:
    """The city itself changes a case meanwhile."""
    with city.database.write() as connection:
        body = connection.execute(select(RECORD.c.body).where(RECORD.c.id == case_id)).scalar_one()
        now = Case.model_validate({**from_json(body), "id": case_id})
        theirs = now.changed(city.now(), **fields)
        city_records.put(connection, city, scope=JINSHUI, record=theirs, who="操作员")


def case_fields(now: datetime, stage: Stage) -> dict[str, Any]:
    """A new case standing somewhere."""
    values = {"local_no": "JS-ABCD-261102-0001", "reported_at": now.isoformat(), "stage_at": now.isoformat()}
    return {name: (None, value) for name, value in {**values, "stage": str(stage)}.items()}


def flow_version(city: City, rows: list[dict[str, str]]) -> ReferenceVersion:
    """An imported flow in force since yesterday."""
    return ReferenceVersion(
        id=city.ids.new(),
        created_at=city.now(),
        changed_at=city.now(),
        table=ReferenceTable.FLOW,
        label="区流程",
        valid_from=(city.now() - timedelta(days=1)).date(),
        content={"rows": rows},
    )
