"""A person closes conflicts and refusals; both sides are kept, and desk and city are equal afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.base.clock import FixedClock
from app.domain.case_judgement import StepInputs
from app.domain.cases import Case, CaseDraft, CaseStep, Photo, PhotoPhase
from app.domain.decisions import Decision, Verdict
from app.domain.directory import Road
from app.domain.findings import FindingDraft
from app.domain.problems import Refused
from app.domain.stages import Stage
from app.sync import deciding, troubles
from app.sync.views import RecordState, Trouble
from tests.builders import CONDITION, a_draft, a_picture
from tests.sync.conftest import MakeOffice
from tests.sync.offices import Office


def test_mine_stands_when_the_person_says_so_and_the_reason_reaches_every_desk(
    make_desk_with_line: MakeOffice,
) -> None:
    office, other, road = two_chiefs(make_desk_with_line)

    decision = decide(other, road, Verdict.MINE, reason="王路长本月起负责")

    assert other.sync().finished
    assert office.sync().finished
    assert chief(office, road) == chief(other, road) == "王路长"
    assert decisions(office, road) == decisions(other, road)
    assert decision.fields["chief"] == {"before": "", "mine": "王路长", "theirs": "李路长", "chosen": "王路长"}


def test_theirs_stands_when_the_person_says_so_and_nothing_is_sent_but_the_decision(
    make_desk_with_line: MakeOffice,
) -> None:
    office, other, road = two_chiefs(make_desk_with_line)

    decide(other, road, Verdict.THEIRS)

    waiting = other.sql("SELECT record_type FROM outbox WHERE state = 'waiting'")
    assert waiting == [("decision",)]
    assert not other.sql("SELECT * FROM bases")
    assert other.sync().finished
    assert office.sync().finished
    assert chief(office, road) == chief(other, road) == "李路长"


def test_each_field_is_chosen_for_itself(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    road = office.desk.directory.roads()[0]
    save(office, road, chief="李路长", street_code="410105001")
    save(other, road, chief="王路长", street_code="410105002")
    office.sync()
    other.sync()

    with pytest.raises(Refused, match=r"sync\.choice_missing"):
        decide(other, road.id, Verdict.MIXED, {"chief": "mine"})
    decide(other, road.id, Verdict.MIXED, {"chief": "mine", "street_code": "theirs"})

    assert other.sync().finished
    assert office.sync().finished
    for desk in (office, other):
        settled = next(r for r in desk.desk.directory.roads() if r.id == road.id)
        assert (settled.chief, settled.street_code) == ("王路长", "410105001")


def test_old_changes_stay_as_they_were_and_are_sent_no_more(make_desk_with_line: MakeOffice) -> None:
    _office, other, road = two_chiefs(make_desk_with_line)
    before = other.sql("SELECT change_id, fields FROM outbox WHERE record_id = ? ORDER BY seq", road.bytes)

    decide(other, road, Verdict.MINE)

    after = other.sql("SELECT change_id, fields, state FROM outbox WHERE record_id = ? ORDER BY seq", road.bytes)
    assert [row[:2] for row in after[: len(before)]] == [tuple(row) for row in before]
    assert [row[2] for row in after if row[2] != "settled"] == ["decided", "waiting"]
    assert other.sql("SELECT count(*) FROM outcomes WHERE decided_at IS NULL") == [(0,)]
    with pytest.raises(Refused, match=r"sync\.nothing_to_decide"):
        decide(other, road, Verdict.MINE)


def test_nobody_decides_about_what_came_after_they_looked(make_desk_with_line: MakeOffice) -> None:
    office, other, road = two_chiefs(make_desk_with_line)
    with other.desk.store.read() as reader:
        shown = troubles.trouble(reader, road, other.desk.reference)
    assert shown is not None
    seen = {clash.name: (clash.mine, clash.theirs) for clash in shown.clashes}
    save(office, at(office, road), chief="李路长二")
    office.sync()
    other.sync()

    for verdict in (Verdict.MINE, Verdict.THEIRS):
        with pytest.raises(Refused, match="trouble_moved"):
            deciding.decide(other.desk.store, road, verdict, {}, "核对过了", actor=other.actor, seen=seen)
    assert chief(other, road) == "王路长"

    seen = {"chief": ("王路长", "李路长二")}
    deciding.decide(other.desk.store, road, Verdict.MINE, {}, "核对过了", actor=other.actor, seen=seen)
    assert other.sync().finished


def test_a_decision_needs_a_reason(make_desk_with_line: MakeOffice) -> None:
    _office, other, road = two_chiefs(make_desk_with_line)

    with pytest.raises(Refused, match=r"sync\.reason_missing"):
        decide(other, road, Verdict.MINE, reason="  ")


def test_further_changes_made_while_it_was_open_go_with_the_decision(make_desk_with_line: MakeOffice) -> None:
    office, other, road = two_chiefs(make_desk_with_line)
    found = next(r for r in other.desk.directory.roads() if r.id == road)
    other.desk.directory.save(Road, {"name": "新名字", "chief": found.chief}, actor=other.actor, record_id=road)

    decide(other, road, Verdict.THEIRS)

    assert other.sync().finished
    assert office.sync().finished
    settled = next(r for r in office.desk.directory.roads() if r.id == road)
    assert (settled.name, settled.chief) == ("新名字", "李路长")


@pytest.mark.parametrize("minutes_later", [0, 5])
def test_two_steps_from_one_stage_leave_the_citys_and_keep_mine_whole(
    make_desk_with_line: MakeOffice, clock: FixedClock, minutes_later: int
) -> None:
    later = timedelta(minutes=minutes_later)
    office, other, case = two_that_registered(make_desk_with_line, between=lambda: clock.advance(later))

    shown = trouble(other, case)
    assert [clash.only_theirs for clash in shown.clashes] == [True] * len(shown.clashes)
    assert len(shown.steps) == 1
    with pytest.raises(Refused, match=r"sync\.flow_is_theirs"):
        decide(other, case, Verdict.MINE)
    mine = next(step for step in steps(other, case) if step.version == 0)
    decision = decide(other, case, Verdict.THEIRS, reason="已由他人立案")

    assert other.sync().finished
    assert office.sync().finished
    assert steps(other, case) == steps(office, case)
    assert other.case(case) == office.case(case)
    assert [UUID(str(given["id"])) for given in decision.given_up] == [mine.id]
    assert CaseStep.model_validate(decisions(office, case)[0].given_up[0]) == mine


def test_what_i_corrected_beside_a_lost_step_still_arrives(make_desk_with_line: MakeOffice) -> None:
    office, other, case = two_that_registered(make_desk_with_line, corrected="更正后的描述")

    decide(other, case, Verdict.THEIRS)

    assert other.sync().finished
    assert office.sync().finished
    settled = office.case(case)
    assert settled is not None
    assert settled.description == "更正后的描述"
    assert "correct" in [step.action for step in steps(office, case)]


def test_a_correction_goes_together_with_a_step_somebody_else_took(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    case = office.report()
    office.sync()
    other.sync()
    register(office, case)
    correct(other, case.id, "更正后的描述")
    office.sync()

    assert other.sync().finished
    assert office.sync().finished
    settled = office.case(case.id)
    assert settled is not None
    assert (settled.stage, settled.description) == (Stage.PENDING_DISPATCH, "更正后的描述")
    assert settled == other.case(case.id)


def test_refused_work_is_put_right_and_sent_again(make_desk_with_line: MakeOffice, clock: FixedClock) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    case = office.report()
    refuse(office, case.id)
    clock.advance(timedelta(minutes=7))
    correct(office, case.id, "改正后的描述")
    assert office.desk.sync.delivery(case.id).state is RecordState.REFUSED

    deciding.resend(office.desk.store, case.id, actor=office.actor)

    assert office.sync().finished
    other.sync()
    assert other.case(case.id) == office.case(case.id)
    assert steps(other, case.id) == steps(office, case.id)
    assert office.desk.sync.delivery(case.id).state is RecordState.WITH_CITY


def test_work_the_city_never_had_cannot_be_given_up_for_theirs(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line("A")
    case = office.report()
    refuse(office, case.id)

    with pytest.raises(Refused, match=r"sync\.nothing_of_theirs"):
        decide(office, case.id, Verdict.THEIRS)


def test_a_refused_step_that_is_given_up_leaves_the_case_as_the_city_has_it(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line("A")
    case = office.report()
    office.sync()
    register(office, case)
    refuse(office, steps(office, case.id)[-1].id)

    decision = decide(office, case.id, Verdict.THEIRS, reason="不该立案")

    assert office.sync().finished
    settled = office.case(case.id)
    assert settled is not None
    assert settled.stage == Stage.PENDING_REGISTER
    assert len(decision.given_up) == 1


@pytest.mark.parametrize("verdict", [Verdict.MINE, Verdict.THEIRS])
def test_what_was_held_beside_a_conflict_goes_once_it_is_decided(
    make_desk_with_line: MakeOffice, verdict: Verdict
) -> None:
    office, other = two_that_know(make_desk_with_line)
    one, two = office.desk.directory.roads()[:2]
    save(office, one, chief="李路长")
    office.sync()
    save_together(other, [one, two], chief="王路长")
    other.sync()
    assert other.desk.sync.delivery(two.id).state is RecordState.HELD

    decide(other, one.id, verdict)

    assert other.sync().finished
    assert office.sync().finished
    assert chief(office, one.id) == chief(other, one.id) == ("王路长" if verdict is Verdict.MINE else "李路长")
    assert chief(office, two.id) == chief(other, two.id) == "王路长"


def test_two_conflicts_of_one_deed_are_decided_one_by_one(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    roads = office.desk.directory.roads()[:2]
    for road in roads:
        save(office, road, chief="李路长")
    office.sync()
    save_together(other, roads, chief="王路长")
    other.sync()
    one, two = (road.id for road in roads)

    decide(other, one, Verdict.MINE)
    assert not other.sync().finished
    assert trouble(other, two).state is RecordState.CONFLICT
    decide(other, two, Verdict.THEIRS)

    assert other.sync().finished
    assert office.sync().finished
    assert [chief(office, road) for road in (one, two)] == ["王路长", "李路长"]
    assert [chief(other, road) for road in (one, two)] == ["王路长", "李路长"]


def test_a_photo_attached_to_a_case_in_conflict_stays_with_it(make_desk_with_line: MakeOffice) -> None:
    office, other, case = two_that_registered(make_desk_with_line)
    file = other.desk.paths.folder / "photo.jpg"
    file.write_bytes(a_picture())
    other.desk.photos.attach(case, [other.desk.photos.take_in(file)], PhotoPhase.BEFORE, actor=other.actor)

    decide(other, case, Verdict.THEIRS)

    other.sync()
    office.sync()
    with office.desk.store.read() as reader:
        assert len(reader.children(Photo, case)) == 1


def test_a_refused_photo_is_given_up_and_nothing_else_with_it(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    case = office.report()
    office.sync()
    file = office.desk.paths.folder / "photo.jpg"
    file.write_bytes(a_picture())
    [photo] = office.desk.photos.attach(
        case.id, [office.desk.photos.take_in(file)], PhotoPhase.BEFORE, actor=office.actor
    )
    refuse(office, photo.id)
    correct(office, case.id, "更正后的描述")

    decision = decide(office, case.id, Verdict.THEIRS, reason="照片不对")

    assert [given["id"] for given in decision.given_up] == [str(photo.id)]
    assert office.sync().finished
    other.sync()
    settled = other.case(case.id)
    assert settled is not None
    assert settled == office.case(case.id)
    assert settled.description == "更正后的描述"


def test_a_refused_photo_of_a_finding_is_given_up_like_one_of_a_case(make_desk_with_line: MakeOffice) -> None:
    office, _other = two_that_know(make_desk_with_line)
    finding = office.desk.findings.report(
        FindingDraft(road="纬一路", house_no="12", description="出店摆放"), actor=office.actor
    )
    office.sync()
    taken = office.desk.photos.take_in(a_picture(), "one.jpg")
    [photo] = office.desk.photos.attach_to(finding, [taken], PhotoPhase.BEFORE, actor=office.actor)
    refuse(office, photo.id)

    decision = decide(office, trouble(office, photo.id).record_id, Verdict.THEIRS, reason="照片不对")

    assert (decision.parent, decision.parent_type) == (finding.id, "finding")
    assert [given["id"] for given in decision.given_up] == [str(photo.id)]
    assert office.sync().finished


WORDS = st.sampled_from(["", "甲", "乙", "丙"])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_after_deciding_and_syncing_all_are_equal_and_the_decision_holds_every_value(
    make_desk_with_line: MakeOffice, data: st.DataObject
) -> None:
    office, other = pair(make_desk_with_line)
    road = office.desk.directory.save(Road, {"name": "试验路"}, actor=office.actor)
    office.sync()
    other.sync()
    one, two = (data.draw(st.fixed_dictionaries({"chief": WORDS, "street_code": WORDS})) for _ in range(2))
    save(office, road, **one)
    save(other, road, **two)
    office.sync()
    other.sync()
    with other.desk.store.read() as reader:
        found = troubles.trouble(reader, road.id, other.desk.reference)
    if found is not None:
        choices = {clash.name: data.draw(st.sampled_from(["mine", "theirs"])) for clash in found.clashes}
        decision = decide(other, road.id, Verdict.MIXED, choices)
        for clash in found.clashes:
            held = decision.fields[clash.name]
            assert (held["before"], held["mine"], held["theirs"]) == (clash.before, clash.mine, clash.theirs)
            assert held["chosen"] == held[choices[clash.name]]

    assert other.sync().finished
    assert office.sync().finished
    assert at(office, road.id) == at(other, road.id)
    assert decisions(office, road.id) == decisions(other, road.id)


# What the tests are made of.

_PAIR: dict[int, tuple[Office, Office]] = {}


def pair(make: MakeOffice) -> tuple[Office, Office]:
    """The two desks of a property, made once for all its examples."""
    if id(make) not in _PAIR:
        _PAIR.clear()
        _PAIR[id(make)] = two_that_know(make)
    return _PAIR[id(make)]


def two_that_know(make: MakeOffice) -> tuple[Office, Office]:
    """Two desks that hold the same."""
    office, other = make("A"), make("B")
    office.sync()
    other.sync()
    office.sync()
    return office, other


def two_chiefs(make: MakeOffice) -> tuple[Office, Office, UUID]:
    """Two desks named another chief for a road; the second learnt of the conflict."""
    office, other = two_that_know(make)
    road = office.desk.directory.roads()[0]
    save(office, road, chief="李路长")
    save(other, road, chief="王路长")
    office.sync()
    other.sync()
    return office, other, road.id


def two_that_registered(
    make: MakeOffice, corrected: str = "", between: Callable[[], None] = lambda: None
) -> tuple[Office, Office, UUID]:
    """Two desks filed the same case; the second learnt of the conflict."""
    office, other = two_that_know(make)
    case = office.report()
    office.sync()
    other.sync()
    register(office, case)
    between()
    if corrected:
        correct(other, case.id, corrected)
    register(other, case)
    office.sync()
    other.sync()
    return office, other, case.id


def save(office: Office, road: Road, **fields: str) -> None:
    office.desk.directory.save(Road, {"name": road.name, **fields}, actor=office.actor, record_id=road.id)


def save_together(office: Office, roads: Sequence[Road], **fields: str) -> None:
    """One deed that changes several records."""
    with office.desk.store.write(office.actor, "directory.save") as tx:
        for road in roads:
            tx.change(tx.need(Road, road.id).changed(tx.now, **fields))


def register(office: Office, case: Case) -> None:
    office.desk.cases.act(case.id, "register", StepInputs(condition=CONDITION, note="立案"), actor=office.actor)


def correct(office: Office, case_id: UUID, description: str) -> None:
    draft: CaseDraft = a_draft(description=description)
    office.desk.cases.correct(case_id, draft, "写错了", actor=office.actor)


def refuse(office: Office, record_id: UUID) -> None:
    """The city refused the open changes of a record and holds the rest of their group."""
    with office.desk.store.local() as connection:
        groups = "SELECT group_id FROM outbox WHERE record_id = ? AND state = 'waiting'"
        found = connection.exec_driver_sql(
            f"SELECT change_id, record_type, record_id FROM outbox WHERE group_id IN ({groups})", (record_id.bytes,)
        ).fetchall()
        for change_id, kind, raw in found:
            status = "refused" if raw == record_id.bytes else "held"
            said = ("sync.field_wrong", "description") if status == "refused" else ("", "")
            connection.exec_driver_sql("UPDATE outbox SET state = ? WHERE change_id = ?", (status, change_id))
            connection.exec_driver_sql(
                "INSERT INTO outcomes(change_id, record_type, record_id, status, code, field, message, answer, at) "
                "VALUES (?, ?, ?, ?, ?, ?, '', ?, 0)",
                (change_id, kind, raw, status, *said, f'{{"change_id":"{UUID(bytes=change_id)}","status":"{status}"}}'),
            )


def decide(
    office: Office,
    record_id: UUID,
    verdict: Verdict,
    choices: dict[str, str] | None = None,
    reason: str = "核对过了",
) -> Decision:
    return deciding.decide(office.desk.store, record_id, verdict, choices or {}, reason, actor=office.actor)


def trouble(office: Office, record_id: UUID) -> Trouble:
    found = office.desk.sync.trouble(record_id)
    assert found is not None
    return found


def steps(office: Office, case_id: UUID) -> list[CaseStep]:
    with office.desk.store.read() as reader:
        return sorted(reader.children(CaseStep, case_id), key=lambda step: step.id)


def decisions(office: Office, record_id: UUID) -> list[Decision]:
    return office.desk.sync.decisions_of(record_id)


def chief(office: Office, road_id: UUID) -> str:
    return at(office, road_id).chief


def at(office: Office, road_id: UUID) -> Road:
    with office.desk.store.read() as reader:
        return reader.need(Road, road_id)
