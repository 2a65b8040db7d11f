"""What may happen to a round: starting, entering, finishing, cancelling, being missed. Pure; now is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from app.domain.checklists import ChecklistItem, ChecklistTemplate, ItemKind
from app.domain.patrol_planning import result_id
from app.domain.patrol_views import EnteredPoint
from app.domain.patrols import ROUND_STATE_TITLES, CheckGrade, CheckResult, ItemAnswer, PatrolRound, RoundState
from app.domain.problems import Refused

OPEN_TO_ENTRY = frozenset({RoundState.PLANNED, RoundState.STARTED, RoundState.MISSED})
CHECKED = frozenset({CheckGrade.GOOD, CheckGrade.FAIR, CheckGrade.BAD})


def started(round_: PatrolRound, now: datetime) -> PatrolRound:
    """The round as its entry begins; what comes back late from a missed day is still entered."""
    _need(round_, OPEN_TO_ENTRY, "录入")
    if round_.state is RoundState.STARTED:
        return round_
    return round_.changed(now, state=RoundState.STARTED)


def check_day(round_: PatrolRound, today: date) -> None:
    """Raises Refused("patrol.day_not_come"): nobody has walked a round of tomorrow."""
    if round_.day > today:
        raise Refused("patrol.day_not_come", day=round_.day, round=round_.number)


def reopened(round_: PatrolRound, now: datetime) -> PatrolRound:
    """A finished round put right: entered again, then finished again."""
    _need(round_, frozenset({RoundState.DONE}), "更正")
    return round_.changed(now, state=RoundState.STARTED)


def cancelled(round_: PatrolRound, reason: str, now: datetime) -> PatrolRound:
    """The round will not be walked. Raises Refused without a reason, or once something was entered."""
    _need(round_, frozenset({RoundState.PLANNED, RoundState.MISSED}), "取消")
    if not reason.strip():
        raise Refused("patrol.reason_missing")
    return round_.changed(now, state=RoundState.CANCELLED, cancel_reason=reason.strip())


def missed(round_: PatrolRound, now: datetime) -> PatrolRound:
    """Its day passed without it."""
    _need(round_, frozenset({RoundState.PLANNED}), "记为未巡查")
    return round_.changed(now, state=RoundState.MISSED)


def finished(
    round_: PatrolRound,
    results: Sequence[CheckResult],
    finding_count: int,
    now: datetime,
    times: tuple[datetime | None, datetime | None] = (None, None),
) -> PatrolRound:
    """The round with its sums. times: begin and end as on the paper, None leaves what is there."""
    _need(round_, frozenset({RoundState.STARTED}), "完成")
    return with_span(round_, *times, now).changed(
        now,
        state=RoundState.DONE,
        points_total=max(len(round_.points), len(results)),
        points_checked=checked_count(results),
        finding_count=finding_count,
    )


def with_span(round_: PatrolRound, began: datetime | None, ended: datetime | None, now: datetime) -> PatrolRound:
    """The round with begin and end as on the paper; None leaves what is there. Raises as `check_times`."""
    began, ended = began or round_.started_at, ended or round_.ended_at
    check_times(began, ended, now)
    return round_.changed(now, started_at=began, ended_at=ended)


def check_times(began: datetime | None, ended: datetime | None, now: datetime) -> None:
    """Raises Refused for an end before its beginning, or a walk that has not been yet."""
    if began is not None and ended is not None and ended < began:
        raise Refused("patrol.times_crossed")
    if any(at is not None and at > now for at in (began, ended)):
        raise Refused("patrol.time_ahead")


def checked_count(results: Sequence[CheckResult]) -> int:
    """Check points somebody looked at."""
    return sum(result.grade in CHECKED for result in results)


def is_missed(round_: PatrolRound, today: date) -> bool:
    """True once the day of a planned round is over; a shift over midnight belongs to the day it begins on."""
    last = round_.day
    if round_.shift_start is not None and round_.shift_end is not None and round_.shift_end <= round_.shift_start:
        last += timedelta(days=1)
    return round_.state is RoundState.PLANNED and last < today


def spread(began: datetime, ended: datetime, count: int) -> list[datetime]:
    """Moments of `count` check points, evenly from the beginning to the end of a walk, to the second."""
    step = (ended - began) / max(count, 1)
    return [(began + step * (place + 0.5)).replace(microsecond=0) for place in range(count)]


def answered(items: Sequence[ChecklistItem], answers: Sequence[ItemAnswer]) -> tuple[ItemAnswer, ...]:
    """The answers with `over` said by the checklist's limits. Raises Refused for an item the checklist lacks."""
    known: Mapping[str, ChecklistItem] = {item.code: item for item in items}
    judged = []
    for answer in answers:
        item = known.get(answer.code)
        if item is None:
            raise Refused("patrol.item_unknown", code=answer.code)
        judged.append(answer.model_copy(update={"over": over_limit(item, answer.value)}))
    return tuple(judged)


def over_limit(item: ChecklistItem, value: float | None) -> bool:
    """True for a measured number above the item's limit: a finding."""
    limited = item.answer is ItemKind.NUMBER and item.limit_max is not None
    return limited and value is not None and value > (item.limit_max or 0)


def result_of(
    round_: PatrolRound, entered: EnteredPoint, template: ChecklistTemplate | None, now: datetime
) -> CheckResult:
    """The result of one check point; its name and place are those of the route.

    Raises Refused("patrol.point_unknown") for a number beyond the route.
    """
    point = next((one for one in round_.points if one.no == entered.no), None)
    if point is None:
        raise Refused("patrol.point_unknown", no=entered.no, round=round_.number)
    return CheckResult(
        id=result_id(round_.id, entered.no),
        created_at=now,
        changed_at=now,
        parent=round_.id,
        point_no=entered.no,
        name=point.name,
        facility_id=point.facility_id,
        grade=entered.grade,
        answers=answered(template.items if template else (), entered.answers),
        at=entered.at,
        longitude=point.longitude,
        latitude=point.latitude,
        note=entered.note,
    )


def with_times(entered: Sequence[EnteredPoint], began: datetime | None, ended: datetime | None) -> list[EnteredPoint]:
    """Points without a time of their own get one spread over the walk; without its beginning and end they stay without."""
    if began is None or ended is None:
        return list(entered)
    moments = spread(began, ended, len(entered))
    return [
        one if one.at is not None else EnteredPoint(one.no, one.grade, one.answers, at, one.note)
        for one, at in zip(entered, moments, strict=True)
    ]


def _need(round_: PatrolRound, states: frozenset[RoundState], deed: str) -> None:
    if round_.state not in states:
        raise Refused("patrol.wrong_state", round=round_.number, state=ROUND_STATE_TITLES[round_.state], deed=deed)
