"""Made-up findings of the rounds: some became cases, some were settled, watched or dropped, a few wait; tasks of live cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from app.base.words import _
from app.domain.case_opening import category_fields, place_fields
from app.domain.cases import Case, CaseKind
from app.domain.checklists import ChecklistTemplate
from app.domain.finding_rules import case_draft
from app.domain.findings import ChosenBy, FieldTask, Finding, FindingDraft, FindingState, TaskState
from app.domain.numbering import lettered_series, local_number
from app.domain.patrols import CheckGrade, CheckPoint, CheckResult, PatrolRound, RoundState
from app.domain.reference import Divisions
from app.domain.task_rules import KIND_OF_STAGE, Chosen, made_task
from app.services import demo_words as words
from app.services.demo_district import PC_MARK, DemoDistrict
from app.services.demo_patrols import DemoRounds
from app.services.reference import OFFICE_ZONE
from db.tx import Tx

FINDING_LETTERS, TASK_LETTERS = "WT", "HC"
STATES = (FindingState.SETTLED, FindingState.WATCH, FindingState.DROPPED)
STATE_WEIGHTS = (60, 25, 15)
LONG_AGO = timedelta(days=5)
SHIFT = (time(8, 30), time(18))
TAKEN = (
    "scheme",
    "kind",
    "major",
    "minor",
    "minor_name",
    "street_code",
    "street_name",
    "community_code",
    "community_name",
    "road",
    "house_no",
    "near",
    "address",
    "longitude",
    "latitude",
    "point_source",
    "unit_grid",
    "duty_grid",
    "description",
)
"""What a finding and the case it became both say."""


def make_findings(
    district: DemoDistrict, walked: DemoRounds, templates: Sequence[ChecklistTemplate], divisions: Divisions
) -> DemoRounds:
    """Write findings with their numbers; gives the rounds with their counts, which are not written yet."""
    by_id = {one.id: one for one in templates}
    cases = _cases_by_walk(district.cases)
    rounds, found = [], []
    for walk in walked.rounds:
        own: list[Finding] = []
        if walk.state is RoundState.DONE:
            own += [_of_case(district, walk, case) for case in cases.pop((walk.grid_code, walk.day), ())]
            template = by_id.get(walk.template_id) if walk.template_id else None
            for result in walked.results[walk.id]:
                if result.grade is CheckGrade.BAD and template is not None:
                    own.append(_of_result(district, walk, result, template, divisions))
        rounds.append(walk.model_copy(update={"finding_count": len(own)}))
        found += own
    # What a member brought in on a day without a round of that grid was found between rounds.
    found += [_of_case(district, None, case) for own in cases.values() for case in own]
    found.sort(key=lambda one: one.found_at)
    with district.store.write(district.actor, "demo.load") as tx:
        numbers = [_number(tx, district, FINDING_LETTERS, one.found_at) for one in found]
        tx.add_many(
            [one.model_copy(update={"number": no}) for one, no in zip(found, numbers, strict=True)], queue=False
        )
    return replace(walked, rounds=rounds)


def make_tasks(district: DemoDistrict, live: Sequence[Case]) -> None:
    """A verify or check task for each case that waits for one, with the owner of its grid."""
    owners = {duty.code: district.member(duty.member_id) for duty in district.duties}
    tasks = []
    with district.store.write(district.actor, "demo.load") as tx:
        for case in live:
            if case.stage not in KIND_OF_STAGE:
                continue
            number = _number(tx, district, TASK_LETTERS, case.stage_at)
            chosen = Chosen(owners.get(case.duty_grid), ChosenBy.OWNER)
            task = made_task(
                case, chosen, case.collector_name, task_id=district.ids.new(), number=number, now=case.stage_at
            )
            tasks.append(_maybe_handed(district, task))
        tx.add_many(tasks, queue=False)


def _maybe_handed(district: DemoDistrict, task: FieldTask) -> FieldTask:
    if district.chance.random() < 0.5:
        return task
    return task.model_copy(update={"state": TaskState.HANDED, "handed_at": task.issued_at})


def _cases_by_walk(cases: Sequence[Case]) -> dict[tuple[str, date], list[Case]]:
    """Cases a collector brought in during the day, by duty grid and day."""
    found: dict[tuple[str, date], list[Case]] = {}
    for case in cases:
        local = case.reported_at.astimezone(OFFICE_ZONE)
        if case.duty_grid and SHIFT[0] <= local.time() <= SHIFT[1]:
            found.setdefault((case.duty_grid, local.date()), []).append(case)
    return found


def _of_case(district: DemoDistrict, walk: PatrolRound | None, case: Case) -> Finding:
    member = next((one for one in district.members if one.name == case.collector_name), None)
    return Finding.model_validate(
        {
            **district.stamps(case.reported_at),
            **{name: getattr(case, name) for name in TAKEN},
            "number": "",
            "round_id": walk.id if walk else None,
            "found_at": case.reported_at,
            "member_id": member.id if member else None,
            "member_name": case.collector_name,
            "state": FindingState.CASE,
            "case_id": case.id,
            "case_no": case.local_no,
        }
    )


def _of_result(
    district: DemoDistrict, walk: PatrolRound, result: CheckResult, template: ChecklistTemplate, divisions: Divisions
) -> Finding:
    """A finding of a bad check point, as old ones were decided and new ones wait."""
    chance, at = district.chance, result.at or district.now
    bad = next((answer.code for answer in result.answers if answer.over or answer.grade is CheckGrade.BAD), "")
    item = next((one for one in template.items if one.code == bad), template.items[0])
    point = next(point for point in walk.points if point.no == result.point_no)
    said = _(chance.choice(words.SEEN)).format(place=result.name, item=item.title)
    draft = _draft(walk, point, said)
    known = district.categories.find(item.case_kind, item.major, item.minor)
    if known is not None:
        draft = draft.model_copy(update={"kind": CaseKind(known.kind), "major": known.major, "minor": known.minor})
    named = category_fields(case_draft(draft), district.categories)
    fields = draft.model_dump(exclude={"found_at"}) | place_fields(case_draft(draft), divisions)
    fields |= {name: named[name] for name in ("scheme", "minor_name") if name in named}
    return Finding.model_validate(
        {
            **fields,
            **district.stamps(at),
            "number": "",
            "found_at": at,
            "item_code": item.code,
            "category_text": "" if known else item.title,
            **_outcome(district, at),
        }
    )


def _draft(walk: PatrolRound, point: CheckPoint, said: str) -> FindingDraft:
    return FindingDraft(
        round_id=walk.id,
        point_no=point.no,
        member_id=walk.member_id,
        member_name=walk.member_name,
        facility_id=point.facility_id,
        street_code=walk.street_code,
        road=point.road,
        address=point.name,
        longitude=point.longitude,
        latitude=point.latitude,
        point_source={"system": "WGS-84", "made_up": True},
        duty_grid=walk.grid_code,
        description=said,
    )


def _outcome(district: DemoDistrict, at: datetime) -> Mapping[str, object]:
    """What became of a finding; the newest still wait."""
    if district.now - at < LONG_AGO:
        return {"state": FindingState.OPEN}
    state = district.chance.choices(STATES, STATE_WEIGHTS)[0]
    if state is FindingState.SETTLED:
        settled = at + timedelta(minutes=district.chance.randrange(5, 50))
        return {"state": state, "settled_at": settled, "outcome_note": _(words.SETTLED_NOTE)}
    if state is FindingState.WATCH:
        until = district.today + timedelta(days=district.chance.randrange(-2, 20))
        return {"state": state, "watch_until": until, "outcome_note": _(words.WATCH_NOTE)}
    return {"state": state, "outcome_note": _(words.DROPPED_NOTE)}


def _number(tx: Tx, district: DemoDistrict, letters: str, at: datetime) -> str:
    series = lettered_series(letters, district.office.mark, PC_MARK, at.astimezone(OFFICE_ZONE).date())
    return local_number(series, tx.next_number(series))
