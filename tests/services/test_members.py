"""Grid members: kept, scored, handed over; their days and roll calls."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.desk import Desk
from app.domain.attendance import AttendanceState, Track
from app.domain.directory import Certificate, Worker
from app.domain.findings import ChosenBy, FieldTask, Finding, FindingState, TaskKind, TaskState
from app.domain.grids import Grid, GridKind
from app.domain.member_scores import CertificateLight, MemberScore, Score, certificate_light
from app.domain.patrols import PatrolPlan, PatrolRound, RoundKind, RoundState
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.domain.records import Record
from app.domain.tracks import pack
from app.services.sheets.reading import open_sheet
from tests.builders import an_actor

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 2)


def kept(desk: Desk, actor: Actor, kind: type[Record], /, **fields: Any) -> Any:
    """A record written as it is given."""
    with desk.store.write(actor, "test.keep") as tx:
        record = kind.model_validate({"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now, **fields})
        tx.add(record)
    return record


def square(longitude: float = 113.60, latitude: float = 34.70, size: float = 0.02) -> tuple[Any, ...]:
    ring = ((0, 0), (size, 0), (size, size), (0, size), (0, 0))
    return ((tuple((longitude + x, latitude + y) for x, y in ring),),)


@pytest.fixture
def anna(desk: Desk, actor: Actor) -> Worker:
    return desk.members.save({"name": "网格员乙", "number": "007"}, actor=actor)


@pytest.fixture
def grid(desk: Desk, actor: Actor, anna: Worker) -> Grid:
    desk.grids.save({"kind": GridKind.UNIT, "code": "410105001001001", "boundary": square()}, actor=actor)
    desk.grids.save({"kind": GridKind.UNIT, "code": "410105001001002", "boundary": square(113.63)}, actor=actor)
    values = {
        "kind": GridKind.DUTY,
        "code": "410105901",
        "unit_codes": ("410105001001001", "410105001001002"),
        "member_id": anna.id,
        "street_code": "410105001",
    }
    return desk.grids.save(values, actor=actor)


def a_round(desk: Desk, actor: Actor, member: Worker, day: date = MONDAY, **fields: Any) -> PatrolRound:
    values = {"number": "XC-1", "kind": RoundKind.PATROL, "state": RoundState.DONE, "day": day}
    made: PatrolRound = kept(
        desk, actor, PatrolRound, member_id=member.id, member_name=member.name, **{**values, **fields}
    )
    return made


def a_finding(desk: Desk, actor: Actor, member: Worker, state: FindingState, **fields: Any) -> Finding:
    values = {"number": "WT-1", "found_at": NINE, "member_id": member.id, "state": state}
    made: Finding = kept(desk, actor, Finding, **{**values, **fields})
    return made


def score_of(desk: Desk, member: Worker) -> MemberScore:
    return next(one for one in desk.member_scores.month(MONDAY) if one.member_id == member.id)


def test_a_member_is_kept_with_skills_certificates_and_secondment(desk: Desk, actor: Actor, anna: Worker) -> None:
    paper = Certificate(name="执法证", number="1", valid_from=date(2024, 1, 1), valid_until=date(2026, 11, 20))
    values = {"skills": ("无人机",), "certificates": (paper,), "seconded_to": "410105001", "seconded_from": MONDAY}
    desk.members.save(values, actor=actor, member_id=anna.id)
    known = desk.members.named("007")
    assert (known.skills, known.certificates, known.seconded_from) == (("无人机",), (paper,), MONDAY)


@pytest.mark.parametrize(
    ("until", "light"),
    [
        (None, CertificateLight.VALID),
        (date(2026, 11, 1), CertificateLight.EXPIRED),
        (date(2026, 11, 2), CertificateLight.SOON),
        (date(2026, 12, 2), CertificateLight.SOON),
        (date(2026, 12, 3), CertificateLight.VALID),
    ],
)
def test_a_certificate_warns_thirty_days_before_it_ends(until: date | None, light: CertificateLight) -> None:
    assert certificate_light(Certificate(name="证", valid_until=until), MONDAY) == light


def test_dates_the_wrong_way_round_are_refused(desk: Desk, actor: Actor, anna: Worker) -> None:
    values = {"seconded_from": date(2026, 11, 5), "seconded_until": MONDAY}
    with pytest.raises(Refused, match="dates_reversed"):
        desk.members.save(values, actor=actor, member_id=anna.id)


def test_a_member_who_still_owns_a_grid_is_not_retired(desk: Desk, actor: Actor, anna: Worker, grid: Grid) -> None:
    with pytest.raises(Refused, match="still_owns"):
        desk.members.retire(anna.id, actor=actor)
    assert desk.members.get(anna.id).active


def test_retiring_hands_grids_tasks_and_plans_over_in_one_step(
    desk: Desk, actor: Actor, anna: Worker, grid: Grid
) -> None:
    other = desk.members.save({"name": "网格员丙"}, actor=actor)
    task: FieldTask = kept(
        desk, actor, FieldTask, number="HC-1", case_id=UUID(int=1), kind=TaskKind.VERIFY, state=TaskState.OPEN,
        member_id=anna.id, member_name=anna.name, chosen_by=ChosenBy.OWNER, issued_at=NINE,
    )  # fmt: skip
    kept(desk, actor, PatrolPlan, name="早班", member_id=anna.id, valid_from=MONDAY)
    desk.members.retire(anna.id, actor=actor, successor_id=other.id)
    assert not desk.members.get(anna.id).active
    assert [one.id for one in desk.grids.duty_of(other.id)] == [grid.id]
    left = desk.members.hanging(other.id)
    assert ([one.id for one in left.tasks], len(left.plans)) == ([task.id], 1)
    assert left.tasks[0].member_name == other.name
    assert desk.members.hanging(anna.id).nothing
    with pytest.raises(Refused, match="unknown"):
        desk.members.named("007")


def test_what_is_handed_over_is_told_to_the_successor_and_walked_by_them(
    desk: Desk, actor: Actor, anna: Worker, grid: Grid
) -> None:
    other = desk.members.save({"name": "网格员丙"}, actor=actor)
    kept(
        desk, actor, FieldTask, number="HC-1", case_id=UUID(int=1), kind=TaskKind.VERIFY, state=TaskState.HANDED,
        member_id=anna.id, member_name=anna.name, chosen_by=ChosenBy.OWNER, issued_at=NINE, handed_at=NINE,
    )  # fmt: skip
    today = desk.reference.today()
    walked, ahead = (
        kept(
            desk,
            actor,
            PatrolRound,
            number=f"XC-{day}",
            kind=RoundKind.PATROL,
            state=RoundState.PLANNED,
            day=day,
            member_id=anna.id,
            member_name=anna.name,
        )
        for day in (today - timedelta(days=1), today + timedelta(days=1))
    )
    desk.members.retire(anna.id, actor=actor, successor_id=other.id)
    task = desk.members.hanging(other.id).tasks[0]
    assert (task.state, task.handed_at) == (TaskState.OPEN, None)
    assert desk.patrols.get(ahead.id).member_name == other.name
    assert desk.patrols.get(walked.id).member_id == anna.id


def test_a_member_is_not_handed_over_to_themselves(desk: Desk, actor: Actor, anna: Worker) -> None:
    with pytest.raises(Refused, match="same_person"):
        desk.members.retire(anna.id, actor=actor, successor_id=anna.id)


def test_two_members_of_one_name_are_asked_for_by_number(desk: Desk, actor: Actor, anna: Worker) -> None:
    desk.members.save({"name": anna.name, "number": "008"}, actor=actor)
    assert desk.members.named("008").number == "008"
    with pytest.raises(Refused, match="several"):
        desk.members.named(anna.name)


def test_who_is_away_or_seconded_is_not_on_duty(desk: Desk, actor: Actor, anna: Worker) -> None:
    other = desk.members.save({"name": "网格员丙", "seconded_from": MONDAY, "seconded_until": MONDAY}, actor=actor)
    tuesday = MONDAY + timedelta(days=1)
    assert anna.id in {one.id for one in desk.members.on_duty(MONDAY)}
    assert other.id not in {one.id for one in desk.members.on_duty(MONDAY)}
    assert other.id in {one.id for one in desk.members.on_duty(tuesday)}
    desk.attendance.mark([(anna.id, tuesday)], AttendanceState.LEAVE, actor=actor)
    assert anna.id not in {one.id for one in desk.members.on_duty(tuesday)}


def test_on_a_day_off_only_who_walks_is_on_duty(desk: Desk, actor: Actor, anna: Worker) -> None:
    sunday = date(2026, 11, 8)
    assert desk.members.on_duty(sunday) == []
    a_round(desk, actor, anna, sunday, state=RoundState.PLANNED)
    assert [one.id for one in desk.members.on_duty(sunday)] == [anna.id]


def test_scores_without_anything_to_count_are_none_and_never_zero(desk: Desk, actor: Actor, anna: Worker) -> None:
    score = score_of(desk, anna)
    assert [score.value(one) for one in Score] == [None] * len(Score)


def test_a_month_of_a_member_in_figures(desk: Desk, actor: Actor, anna: Worker, grid: Grid) -> None:
    other = desk.members.save({"name": "网格员丙"}, actor=actor)
    for state in (FindingState.SETTLED, FindingState.CASE, FindingState.DROPPED, FindingState.OPEN):
        a_finding(desk, actor, anna, state)
    a_finding(desk, actor, other, FindingState.CASE, duty_grid="410105901")
    a_finding(desk, actor, other, FindingState.DROPPED, duty_grid="410105901")
    a_finding(desk, actor, anna, FindingState.CASE, found_at=NINE - timedelta(days=40))
    task = {
        "number": "HC",
        "case_id": UUID(int=1),
        "member_id": anna.id,
        "chosen_by": ChosenBy.OWNER,
        "issued_at": NINE,
    }
    due = {"due_at": NINE + timedelta(minutes=30)}
    for kind, state, done in (
        (TaskKind.VERIFY, TaskState.DONE, NINE + timedelta(minutes=30)),
        (TaskKind.VERIFY, TaskState.DONE, NINE + timedelta(minutes=31)),
        (TaskKind.VERIFY, TaskState.OPEN, None),
        (TaskKind.VERIFY, TaskState.CALLED_OFF, None),
        (TaskKind.CHECK, TaskState.DONE, NINE),
    ):
        kept(desk, actor, FieldTask, kind=kind, state=state, done_at=done, **task, **due)
    a_round(desk, actor, anna, points_total=10, points_checked=8)
    fixes = [(0, 113.61, 34.71), (60, 113.612, 34.71)]
    kept(desk, actor, Track, member_id=anna.id, day=MONDAY, started_at=NINE, ended_at=NINE, points=pack(fixes), count=2)
    score = score_of(desk, anna)
    assert score.value(Score.VALID) == pytest.approx(2 / 3)
    assert score.value(Score.MISSED) == 1
    assert score.value(Score.VERIFY) == pytest.approx(1 / 3)
    assert score.value(Score.CHECK) == 1
    assert score.value(Score.COVER) == 0.5
    assert score.value(Score.POINTS) == 0.8
    assert score.value(Score.SELF_HANDLED) == 1


def test_a_day_is_marked_changed_and_taken_back(desk: Desk, actor: Actor, anna: Worker) -> None:
    first = desk.attendance.mark([(anna.id, MONDAY)], AttendanceState.PRESENT, actor=actor)
    second = desk.attendance.mark([(anna.id, MONDAY)], AttendanceState.SICK, actor=actor, note="感冒")
    entries = desk.attendance.month(MONDAY).entries
    assert (entries[anna.id, MONDAY].state, entries[anna.id, MONDAY].note) == (AttendanceState.SICK, "感冒")
    desk.attendance.undo(second, actor=actor)
    assert desk.attendance.month(MONDAY).entries[anna.id, MONDAY].state == AttendanceState.PRESENT
    desk.attendance.undo(first, actor=actor)
    assert (anna.id, MONDAY) not in desk.attendance.month(MONDAY).entries


def test_nobody_was_present_tomorrow_but_may_be_on_leave(desk: Desk, actor: Actor, anna: Worker) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    with pytest.raises(Refused, match="in_future"):
        desk.attendance.mark([(anna.id, tomorrow)], AttendanceState.PRESENT, actor=actor)
    desk.attendance.mark([(anna.id, tomorrow)], AttendanceState.LEAVE, actor=actor)


@pytest.mark.parametrize(
    ("begin", "end", "state"),
    [
        (time(8, 40), time(17, 20), AttendanceState.PRESENT),
        (time(8, 41), time(17, 30), AttendanceState.LATE),
        (time(8, 0), time(17, 19), AttendanceState.LEFT_EARLY),
    ],
)
def test_rounds_and_tracks_propose_a_day_and_write_nothing_over(
    desk: Desk, actor: Actor, anna: Worker, begin: time, end: time, state: AttendanceState
) -> None:
    started, ended = (datetime.combine(MONDAY, one, UTC) - timedelta(hours=8) for one in (begin, end))
    kept(desk, actor, Track, member_id=anna.id, day=MONDAY, started_at=started, ended_at=started + timedelta(hours=1))
    a_round(
        desk,
        actor,
        anna,
        started_at=started + timedelta(hours=2),
        ended_at=ended,
        shift_start=time(8, 30),
        shift_end=time(17, 30),
    )
    sheet = desk.attendance.month(MONDAY)
    assert sheet.entries == {}
    proposals = list(sheet.proposals.values())
    assert [one.state for one in proposals] == [state]
    desk.attendance.mark([(anna.id, MONDAY)], AttendanceState.LEAVE, actor=actor)
    assert desk.attendance.accept(proposals, actor=actor).kept == 1
    after = desk.attendance.month(MONDAY)
    assert after.entries[anna.id, MONDAY].state == AttendanceState.LEAVE
    assert after.proposals == {}


def test_the_file_of_a_time_clock_comes_in_once(desk: Desk, actor: Actor, anna: Worker, tmp_path: Path) -> None:
    path = tmp_path / "clock.csv"
    rows = [
        "工号,姓名,日期,上班打卡,下班打卡",
        "007,网格员乙,2026-11-02,8:25,17:40",
        "007,网格员乙,2026-10-30,9:10,17:40",
        "007,网格员乙,2026-10-29,,",
        "404,没有这人,2026-10-29,8:00,18:00",
        "007,网格员乙,2026-10-28,八点半,18:00",
        "007,网格员乙,2026-11-09,8:00,18:00",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    result = desk.attendance.take_sheet(path, MONDAY, actor=actor)
    assert (result.read, result.taken) == (6, 3)
    assert [one.code for one in result.refused] == ["member.unknown", "attendance.cell", "attendance.in_future"]
    october = desk.attendance.month(date(2026, 10, 1)).entries
    assert october[anna.id, date(2026, 10, 30)].state == AttendanceState.LATE
    assert october[anna.id, date(2026, 10, 29)].state == AttendanceState.ABSENT
    assert desk.attendance.month(MONDAY).entries[anna.id, MONDAY].state == AttendanceState.PRESENT
    again = desk.attendance.take_sheet(path, MONDAY, actor=actor)
    assert (again.taken, again.unchanged) == (0, 3)


def test_a_month_sheet_comes_in_and_keeps_what_was_written_here(
    desk: Desk, actor: Actor, anna: Worker, tmp_path: Path
) -> None:
    days = ",".join(str(n) for n in range(1, 32))
    path = tmp_path / "month.csv"
    path.write_text(f"姓名,{days}\n网格员乙,√,迟,病,怪" + "," * 27 + "\n", encoding="utf-8")
    october = date(2026, 10, 15)
    desk.attendance.mark([(anna.id, date(2026, 10, 1))], AttendanceState.ABSENT, actor=actor)
    result = desk.attendance.take_sheet(path, october, actor=actor)
    assert (result.taken, result.kept, [one.code for one in result.refused]) == (2, 1, ["attendance.cell"])
    entries = desk.attendance.month(october).entries
    assert [entries[anna.id, date(2026, 10, n)].state for n in (1, 2, 3)] == [
        AttendanceState.ABSENT,
        AttendanceState.LATE,
        AttendanceState.SICK,
    ]
    assert desk.attendance.take_sheet(path, october, actor=actor, overwrite=True).taken == 1


def test_the_month_goes_out_as_a_sheet_and_on_paper(desk: Desk, actor: Actor, anna: Worker, tmp_path: Path) -> None:
    desk.attendance.mark([(anna.id, MONDAY)], AttendanceState.PRESENT, actor=actor)
    sheet = desk.attendance.month(MONDAY)
    assert desk.attendance.export(tmp_path / "m.xlsx", sheet, actor=actor) == len(sheet.members)
    rows = {row.cells[0]: row.cells for row in open_sheet(tmp_path / "m.xlsx").rows()}
    assert rows[anna.name][3] == "√"
    assert "11 月考勤表" in desk.attendance.paper(sheet, actor=actor).title


def test_a_file_that_is_no_attendance_says_so(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(Refused, match="columns_missing"):
        desk.attendance.take_sheet(path, MONDAY, actor=actor)


def test_an_auditor_changes_nobodys_day(desk: Desk, anna: Worker) -> None:
    with pytest.raises(Refused, match="role_needed"):
        desk.attendance.mark([(anna.id, MONDAY)], AttendanceState.REST, actor=an_actor(OfficeRole.AUDITOR))


def test_a_roll_call_is_drawn_from_who_is_on_duty_and_answered_with_a_place(
    desk: Desk, actor: Actor, anna: Worker, grid: Grid
) -> None:
    assert [one.id for one in desk.roll_calls.pool(MONDAY, grid_code="410105901")] == [anna.id]
    assert desk.roll_calls.pool(MONDAY, street_code="410105002") == []
    pool = desk.roll_calls.pool(MONDAY)
    call = desk.roll_calls.call(pool, len(pool), actor=actor, seed="2026-11-02")
    assert call.number.startswith("DM-JS-")
    assert set(call.pool) == {one.id for one in pool}
    inside = desk.roll_calls.answer(call.id, anna.id, actor=actor, there=True, point=(113.61, 34.71))
    outside = desk.roll_calls.answer(call.id, anna.id, actor=actor, there=True, point=(113.70, 34.71))
    unknown = desk.roll_calls.answer(call.id, anna.id, actor=actor, there=False)
    said = [next(one for one in made.answers if one.member_id == anna.id) for made in (inside, outside, unknown)]
    assert [one.in_grid for one in said] == [True, False, None]
    assert [made.id for made in desk.roll_calls.of_month(MONDAY)] == [call.id]


def test_a_roll_call_without_a_seed_takes_a_fresh_one(desk: Desk, actor: Actor, anna: Worker) -> None:
    pool = desk.roll_calls.pool(MONDAY)
    one, two = (desk.roll_calls.call(pool, 1, actor=actor) for _n in range(2))
    assert one.seed != two.seed
    assert one.number != two.number
