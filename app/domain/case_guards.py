"""The guards a flow table may choose among, each a named function that refuses in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from app.domain import deadlines
from app.domain.case_judgement import Judged
from app.domain.cases import AppealState, PhotoPhase
from app.domain.problems import Refused
from app.domain.workcalendar import ZONE, CalendarGap

Guard = Callable[[Judged], None]
MAX_EXTENSIONS = 2
LONGEST_SUSPENSION = timedelta(days=366)


def condition_chosen(judged: Judged) -> None:
    """必须选中立案标准, and one whose limit can be computed."""
    if judged.inputs.condition is None and judged.case.condition_no is None:
        raise Refused("case.condition_missing")
    limit = judged.inputs.condition.limit if judged.inputs.condition else judged.case.limit
    if limit is None:
        raise Refused("case.limit_missing", case=judged.case.local_no)


def closing_chosen(judged: Judged) -> None:
    """Nobody closes without a closing condition."""
    if not (judged.inputs.closing or judged.case.closing):
        raise Refused("case.closing_missing")


def unit_chosen(judged: Judged) -> None:
    """A dispatch names its unit; the one already on the case counts when it is sent again."""
    if judged.inputs.unit_id is None and judged.case.unit_id is None:
        raise Refused("case.unit_missing")


def handler_chosen(judged: Judged) -> None:
    """An assignment names who does the work."""
    if not (judged.inputs.handler_name or judged.case.handler_name):
        raise Refused("case.handler_missing")


def acceptor_chosen(judged: Judged) -> None:
    """The acceptor who will close; the one who filed counts when nobody else is named."""
    if judged.inputs.acceptor_id is None and judged.case.acceptor_id is None:
        raise Refused("case.acceptor_missing")


def result_given(judged: Judged) -> None:
    """A check says whether the place is in order."""
    if judged.inputs.result not in ("ok", "not_ok"):
        raise Refused("case.result_missing")


def approval_named(judged: Judged) -> None:
    """Suspension needs somebody who approved it."""
    if not judged.inputs.approved_by.strip():
        raise Refused("case.approval_missing", action=judged.step.title)


def until_within_a_year(judged: Judged) -> None:
    """A suspension ends on a day after now and at most a year away."""
    until, now = judged.inputs.until, judged.context.now
    if until is None or not now < until <= now + LONGEST_SUSPENSION:
        raise Refused("case.until_wrong")


def never_suspended(judged: Judged) -> None:
    """Once only."""
    if judged.case.suspend_count:
        raise Refused("case.suspended_before", case=judged.case.local_no)


def until_reached(judged: Judged) -> None:
    """A suspension ends by itself on its day, not before."""
    until = judged.case.suspended_until
    if until is not None and judged.context.now < until:
        raise Refused("case.until_not_reached", until=f"{until.astimezone(ZONE):%Y-%m-%d}")


def not_overdue(judged: Judged) -> None:
    """An extension is asked for before the time runs out."""
    handle = judged.case.stage_clock("handle")
    try:
        due = deadlines.due_at(handle, judged.context.calendar) if handle else None
    except CalendarGap:
        return
    if due is not None and judged.context.now > due:
        raise Refused("case.overdue_extension", case=judged.case.local_no)


def fewer_than_two_extensions(judged: Judged) -> None:
    """At most two are granted."""
    handle = judged.case.stage_clock("handle")
    if handle is not None and handle.extensions >= MAX_EXTENSIONS:
        raise Refused("case.extended_twice", case=judged.case.local_no)


def no_handler(judged: Judged) -> None:
    """The unit takes back its worker before it returns a case."""
    if judged.case.handler_name:
        raise Refused("case.handler_still_assigned", handler=judged.case.handler_name)


def after_photo(judged: Judged) -> None:
    """A photo after handling, of this round of work."""
    if (PhotoPhase.AFTER, judged.case.rework_count) not in judged.context.photos:
        raise Refused("case.photo_missing", case=judged.case.local_no)


def before_and_after_photo(judged: Judged) -> None:
    """自处置 shows the place before and after."""
    phases = {phase for phase, _batch in judged.context.photos}
    if not {PhotoPhase.BEFORE, PhotoPhase.AFTER} <= phases:
        raise Refused("case.both_photos_missing")


def named_acceptor(judged: Judged) -> None:
    """Only the acceptor named on the case may close it."""
    case = judged.case
    if case.acceptor_id is not None and case.acceptor_id != judged.actor.person_id:
        raise Refused("case.other_acceptor", case=case.local_no, name=case.acceptor_name)


def handled_late(judged: Judged) -> None:
    """Only late handling can be appealed against."""
    if not judged.case.handled_late:
        raise Refused("case.not_late", case=judged.case.local_no)


def never_appealed(judged: Judged) -> None:
    """One appeal a case."""
    if judged.case.appeal != AppealState.NONE:
        raise Refused("case.appealed_before", case=judged.case.local_no)


def _appeal_in(*states: AppealState) -> Guard:
    def guard(judged: Judged) -> None:
        if judged.case.appeal not in states:
            raise Refused("case.no_appeal_waiting", case=judged.case.local_no)

    return guard


def city_level(judged: Judged) -> None:
    """Only city-level cases go to the city for review."""
    if not judged.case.city_level:
        raise Refused("case.not_city_level", case=judged.case.local_no)


def urge_switched_on(judged: Judged) -> None:
    """催办 is known from memory only, so it is off until the office wants it."""
    if not judged.context.urge_switched_on:
        raise Refused("case.action_switched_off", action=judged.step.title)


def force_close_switched_on(judged: Judged) -> None:
    """强制结案 exists in the source without its rule, so it is off until the office wants it."""
    if not judged.context.force_close_switched_on:
        raise Refused("case.action_switched_off", action=judged.step.title)


INPUT_GUARDS: Mapping[str, Guard] = {
    "condition_chosen": condition_chosen,
    "closing_chosen": closing_chosen,
    "unit_chosen": unit_chosen,
    "handler_chosen": handler_chosen,
    "acceptor_chosen": acceptor_chosen,
    "result_given": result_given,
    "approval_named": approval_named,
    "until_within_a_year": until_within_a_year,
}
STATE_GUARDS: Mapping[str, Guard] = {
    "never_suspended": never_suspended,
    "until_reached": until_reached,
    "not_overdue": not_overdue,
    "fewer_than_two_extensions": fewer_than_two_extensions,
    "no_handler": no_handler,
    "after_photo": after_photo,
    "before_and_after_photo": before_and_after_photo,
    "named_acceptor": named_acceptor,
    "handled_late": handled_late,
    "never_appealed": never_appealed,
    "appeal_asked": _appeal_in(AppealState.ASKED),
    "appeal_supported": _appeal_in(AppealState.SUPPORTED),
    "appeal_open": _appeal_in(AppealState.ASKED, AppealState.SUPPORTED),
    "city_level": city_level,
    "urge_switched_on": urge_switched_on,
    "force_close_switched_on": force_close_switched_on,
}
GUARDS: Mapping[str, Guard] = {**INPUT_GUARDS, **STATE_GUARDS}
