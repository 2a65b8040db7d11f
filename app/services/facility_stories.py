"""The history of one facility in words: its own events, results of rounds, findings, cases."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from app.base.words import N_, _
from app.domain.facilities import FACILITY_STATE_TITLES, FacilityEvent
from app.domain.facility_rules import EVENT_TITLES, HistoryLine
from app.domain.findings import FINDING_STATE_TITLES, FindingState
from app.domain.patrols import CHECK_GRADE_TITLES, CheckGrade
from app.domain.stages import STAGE_TITLES, Stage
from db.queries import facility_history as rows
from db.tx import Reader

LIT_WORDS = {True: N_("亮灯"), False: N_("不亮")}


def story(reader: Reader, facility_id: UUID) -> Iterator[HistoryLine]:
    """Every line, in no order."""
    for event in reader.children(FacilityEvent, facility_id):
        yield _event_line(event)
    for seen in rows.seen(reader.connection, facility_id):
        words = " ".join(part for part in (_(CHECK_GRADE_TITLES[CheckGrade(seen.grade)]), seen.note) if part)
        what = _("巡查 {number}").format(number=seen.number).strip()
        yield HistoryLine(seen.at, what, words, seen.member, "patrol_round", seen.round_id)
    for found in rows.findings(reader.connection, facility_id):
        words = " ".join((found.note, _(FINDING_STATE_TITLES[FindingState(found.state)])))
        yield HistoryLine(found.at, _("问题 {number}").format(number=found.number), words, "", "finding", found.id)
    for case in rows.cases(reader.connection, facility_id):
        words = " ".join((case.note, _(STAGE_TITLES[Stage(case.state)])))
        yield HistoryLine(case.at, _("案件 {number}").format(number=case.number), words, "", "case", case.id)


def _event_line(event: FacilityEvent) -> HistoryLine:
    words = []
    if event.to_state is not None:
        before = _(FACILITY_STATE_TITLES[event.from_state]) if event.from_state is not None else "-"
        words.append(f"{before} → {_(FACILITY_STATE_TITLES[event.to_state])}")
    if event.lit is not None:
        words.append(_(LIT_WORDS[event.lit]))
    words += [event.note] if event.note else []
    what = _(EVENT_TITLES.get(event.action, event.action))
    return HistoryLine(event.at, what, " ".join(words), event.actor_name, "facility_event", event.id)
