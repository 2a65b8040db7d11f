"""What a desk sends arrives once, in order, and what the city says of it is told."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from uuid import UUID

from app.domain.case_judgement import StepInputs
from app.domain.cases import Case
from app.domain.directory import Road, Unit
from app.domain.problems import Refused
from app.wire.sync import PushReply, PushRequest
from db.queries import sync as queue
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around, LosesAnswers
from tests.sync.offices import Office, counted


def test_everything_entered_before_the_line_stood_goes_at_once(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    case = office.report()

    report = office.sync()

    assert report.finished, report
    assert report.equal is True
    assert set(office.states()) == {"settled"}
    assert versions(office, case) == [1]


def test_a_lost_answer_does_not_double_a_case(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    case = office.report()
    line = LosesAnswers(office.line)

    assert office.sync(line).problem_code == "sync.offline"
    assert "waiting" in office.states()
    assert office.sync(line).finished

    other.sync()
    assert [row[0] for row in other.sql("SELECT local_no FROM cases")] == [case.local_no]
    assert versions(office, case) == versions(other, case) == [1]


def test_the_order_of_a_desks_steps_is_kept(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    case = office.report()
    office.desk.cases.act(case.id, "register", register_inputs(office, case), actor=office.actor)

    office.sync()
    other.sync()

    steps = "SELECT action FROM case_steps WHERE parent = ? ORDER BY id"
    assert other.sql(steps, case.id.bytes) == office.sql(steps, case.id.bytes)
    assert other.case(case.id) == office.case(case.id)


def test_different_fields_merge_silently(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    road = office.desk.directory.roads()[0]
    office.desk.directory.save(Road, {"name": road.name, "chief": "李路长"}, actor=office.actor, record_id=road.id)
    other.desk.directory.save(
        Road, {"name": road.name, "street_code": "410105001"}, actor=other.actor, record_id=road.id
    )

    office.sync()
    report = other.sync()
    office.sync()

    assert (report.merged, report.conflicts, report.finished) == (1, 0, True)
    for desk in (office, other):
        merged = road_of(desk, road.id)
        assert (merged.chief, merged.street_code) == ("李路长", "410105001")
    assert not other.sql("SELECT * FROM bases")


def test_the_same_field_asks_and_both_values_are_kept(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    road = clash(office, other)

    office.sync()
    report = other.sync()

    assert (report.conflicts, report.finished, report.problem_code) == (1, False, "")
    assert road_of(other, road.id).chief == "王路长"
    [(status, answer)] = other.sql("SELECT status, answer FROM outcomes")
    assert status == "conflict"
    assert '"mine":"王路长"' in answer
    assert '"theirs":"李路长"' in answer
    [(base,)] = other.sql('SELECT "row" FROM bases WHERE record_id = ?', road.id.bytes)
    assert "李路长" in base


def test_further_changes_of_a_record_in_conflict_stay_here_until_it_is_decided(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    road = clash(office, other)
    office.sync()
    other.sync()
    other.desk.directory.save(Road, {"name": "新名字", "chief": "王路长"}, actor=other.actor, record_id=road.id)
    case = other.report()
    line = Around(other.line)

    report = other.sync(line)

    sent = {change.record_id for request in line.pushed for change in request.changes}
    assert case.id in sent
    assert road.id not in sent
    assert (report.waiting, report.conflicts) == (1, 1)


def test_a_forbidden_step_comes_back_with_its_reason(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    case = office.report()
    office.sync()
    other.sync()
    office.desk.cases.act(case.id, "register", register_inputs(office, case), actor=office.actor)
    other.desk.cases.act(case.id, "register", register_inputs(other, case), actor=other.actor)
    office.sync()

    report = other.sync()

    assert report.conflicts + report.refused > 0
    assert not report.finished
    told = other.sql("SELECT status, code, answer FROM outcomes")
    assert {row[0] for row in told} <= {"conflict", "refused", "held"}
    # Nothing of it is lost: the steps are still here, and in the queue.
    assert len(other.sql("SELECT 1 FROM outbox WHERE state IN ('conflict', 'refused', 'held')")) == len(told)


def test_a_group_waits_whole_for_its_conflict(make_desk_with_line: MakeOffice) -> None:
    office, other = two_that_know(make_desk_with_line)
    case = office.report()
    office.sync()
    other.sync()
    for desk in (office, other):
        desk.desk.cases.act(case.id, "register", register_inputs(desk, case), actor=desk.actor)
    office.sync()
    other.sync()
    line = Around(other.line)

    other.sync(line)

    assert line.pushed == []


def test_a_change_held_for_another_goes_when_that_one_is_settled(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    road = office.desk.directory.roads()[0]
    office.desk.directory.save(Road, {"name": "一"}, actor=office.actor, record_id=road.id)
    office.desk.directory.save(Road, {"name": "二"}, actor=office.actor, record_id=road.id)

    class Reverses(Around):
        """The second change of a record arrives alone first."""

        done = False

        def push(self, request: PushRequest) -> PushReply:
            if self.done or len(request.changes) < 2:
                return super().push(request)
            self.done = True
            last = super().push(request.model_copy(update={"changes": request.changes[1:]}))
            first = super().push(request.model_copy(update={"changes": request.changes[:1]}))
            return last.model_copy(update={"outcomes": [*first.outcomes, *last.outcomes]})

    report = office.sync(Reverses(office.line))

    assert report.finished, (report, office.sql("SELECT state, action FROM outbox WHERE state <> 'settled'"))
    assert office.sql("SELECT name, version FROM roads WHERE id = ?", road.id.bytes) == [("二", 3)]


def test_ten_thousand_pending_changes_drain(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    rows: list[dict[str, object]] = [{"name": f"路{n}"} for n in range(10_000)]
    office.desk.directory.save_many(Road, rows, actor=office.actor)
    line = Around(office.line)

    report = office.sync(line)

    assert report.finished
    assert report.pushed == 10_000
    assert 20 <= len(line.pushed) <= 30


def test_a_request_that_is_too_large_is_halved_until_it_passes(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    rows: list[dict[str, object]] = [{"name": f"路{n}"} for n in range(100)]
    office.desk.directory.save_many(Road, rows, actor=office.actor)

    class Narrow(Around):
        """A proxy on the way that lets few changes through, and never one of them."""

        def push(self, request: PushRequest) -> PushReply:
            if len(request.changes) > 30 or any(c.fields.get("name") == (None, "路7") for c in request.changes):
                raise Refused("sync.too_large", limit="HTTP 413")
            return super().push(request)

    report = office.sync(Narrow(office.line))

    assert (report.refused, report.waiting) == (1, 0)
    assert office.sql("SELECT code FROM outcomes") == [("sync.too_large",)]


def test_a_group_is_never_split_between_two_requests(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    for _ in range(6):
        office.report()
    with office.desk.store.read() as reader:
        seen: list[set[Any]] = []
        after = 0
        while batch := queue.next_batch(reader.connection, 3, 1_000_000, after):
            seen.append({change.group for change in batch})
            after = batch[-1].seq
    for one, other in pairwise(seen):
        whole = [g for g in one & other if g not in first_setup_groups(office)]
        assert whole == []


def test_batches_stay_below_a_megabyte(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    for _ in range(40):
        office.report(description="长" * 15_000)
    line = Around(office.line)

    assert office.sync(line).finished

    assert len(line.pushed) > 1
    assert max(len(request.model_dump_json()) for request in line.pushed) < 1_100_000


def test_the_office_and_its_settings_never_leave(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    line = Around(office.line)

    assert office.sync(line).finished

    assert "office" not in {change.record_type for request in line.pushed for change in request.changes}


def test_sending_takes_a_fixed_number_of_statements(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    count = statements(office, 50)
    assert count == statements(office, 400)


def statements(office: Office, rows: int) -> int:
    """How many statements sending so many new roads takes."""
    office.desk.directory.save_many(Road, [{"name": f"路{n}"} for n in range(rows)], actor=office.actor)
    with counted() as said:
        assert office.sync().finished
    return len(said)


def first_setup_groups(office: Office) -> set[Any]:
    """Groups of new records only, which may be split."""
    sql = "SELECT group_id FROM outbox GROUP BY group_id HAVING max(base_version) = 0 AND max(follows IS NOT NULL) = 0"
    return {UUID(bytes=row[0]) for row in office.sql(sql)}


def versions(office: Office, case: Case) -> list[int]:
    """The city's version of a case here, once for each row."""
    return [row[0] for row in office.sql("SELECT version FROM cases WHERE id = ?", case.id.bytes)]


def two_that_know(make: MakeOffice) -> tuple[Office, Office]:
    """Two desks of one district, equal."""
    office, other = make("A"), make("B")
    office.sync()
    other.sync()
    office.sync()
    return office, other


def road_of(office: Office, road_id: UUID) -> Road:
    """A road as the screen shows it."""
    return next(road for road in office.desk.directory.roads() if road.id == road_id)


def clash(office: Office, other: Office) -> Road:
    """Both name another road chief of the same road."""
    road: Road = office.desk.directory.roads()[0]
    for desk, chief in ((office, "李路长"), (other, "王路长")):
        desk.desk.directory.save(Road, {"name": road.name, "chief": chief}, actor=desk.actor, record_id=road.id)
    return road


def register_inputs(office: Office, case: Case) -> StepInputs:
    """What 立案 asks for."""
    unit: Unit = office.desk.directory.units()[0]
    return StepInputs(note="说明", condition=office.desk.condition(case, 1), unit_id=unit.id, unit_name=unit.name)
