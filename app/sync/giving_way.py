"""What two PCs did without knowing of each other and nobody has to choose between: what stands is known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.base.words import N_
from app.domain.attendance import RollCall
from app.domain.decisions import Verdict
from app.domain.facilities import Facility, FacilityState
from app.domain.finding_views import UNDER_WAY
from app.domain.findings import FieldTask, Finding, FindingState
from app.domain.office import SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME
from app.domain.patrols import PatrolRound, RoundState
from app.domain.permissions import Actor
from app.domain.records import Record
from app.sync import deciding
from app.sync.points import Reach
from app.sync.troubles import OpenUnit, open_unit
from app.sync.units import record_of
from db.queries import troubles as rows
from db.store import Store
from db.tx import Reader

REASON = N_("各电脑都会自动办理,以先到市平台的为准")
SAME_FINDING = N_("两台电脑各自把同一问题转成了案件,以先到市平台的为准;另一件会关联到它")
SAME_WEEK = N_("两台电脑各自排了同一周,以先到市平台的为准")
WALKED = N_("到期未巡查是程序自动记的,以人录入的为准")
LATER_LOOK = N_("两次巡查都看过这个部件,以看得晚的为准")
COUNTED = N_("两台电脑各自添了记录,合计数以多的为准,随后重新计数")
BOTH_CALLED = N_("两台电脑各自记了不同人的应答,都算数")
FOLLOWS_CASE = N_("任务随案件,以案件在市平台的结果为准")
AT_ONCE = 200
_OF_THE_CASE = frozenset({"case_id", "case_no"})
_LOOKED_AT = frozenset({"seen_at", "state", "lit"})
_BY_PEOPLE = frozenset({RoundState.STARTED, RoundState.DONE, RoundState.CANCELLED})
_SUMS = frozenset({"finding_count", "distance_m", "in_grid_s", "gap_s"})


@dataclass(frozen=True)
class Stands:
    """What is decided, and why. joined: field -> JSON value made of both sides."""

    verdict: Verdict
    reason: str
    joined: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class _Clash:
    """One record with its two sides. clashes: fields both changed. unit: everything that hangs together with it."""

    mine: Record
    theirs: Record
    clashes: frozenset[str]
    unit: OpenUnit

    @property
    def deeds(self) -> frozenset[str]:
        """What was done to the record here."""
        return frozenset(change.action for change in self.unit.of(self.mine.id))


def give_way(store: Store, reach: Reach) -> int:
    """Close the conflicts in which nothing of a person is lost; gives how many. Kept in the record's story like any decision.

    What programs did by themselves gives way to what the city has, and to what a person did; of two findings made cases,
    two plannings of a week and two looks at a facility it is settled which stands, and the other is kept or linked.
    """
    actor = Actor(SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, frozenset(), store.device_id)
    with store.read() as reader:
        found = dict(_by_themselves(reader))
        for record_type, rule in _RULES.items():
            for record_id in rows.conflicts_of_type(reader.connection, record_type, AT_ONCE):
                clash = None if record_id in found else _clash(reader, record_type, record_id)
                stands = None if clash is None else rule(clash)
                if stands is not None:
                    found[record_id] = stands
    for record_id, stands in found.items():
        sides = dict.fromkeys(stands.joined or {}, deciding.MINE)
        said = (stands.verdict, sides, stands.reason)
        deciding.decide(store, record_id, *said, actor=actor, joined=stands.joined, reach=reach)
    return len(found)


def _by_themselves(reader: Reader) -> list[tuple[UUID, Stands]]:
    asked = rows.conflicts_of(reader.connection, SYSTEM_PERSON_ID, AT_ONCE)
    return [
        (record_id, Stands(Verdict.THEIRS, REASON))
        for record_id in asked
        if all(one.actor_id == SYSTEM_PERSON_ID for one in open_unit(reader, record_id).changes)
    ]


def _clash(reader: Reader, record_type: str, record_id: UUID) -> _Clash | None:
    """The two sides; None when the city's is not there, or this program is too old to read it."""
    mine = record_of(reader, record_type, record_id)
    if mine is None:
        return None
    unit = open_unit(reader, record_id)
    fold = unit.fold(mine)
    theirs = None if fold.theirs is None else fold.theirs.record
    return None if theirs is None else _Clash(mine, theirs, frozenset(fold.clashes), unit)


def _of_rounds(clash: _Clash) -> Stands | None:
    """A walk stands over a day given up; the same week planned twice is the one the city heard of first."""
    mine, theirs = clash.mine, clash.theirs
    assert isinstance(mine, PatrolRound)
    assert isinstance(theirs, PatrolRound)
    if clash.clashes <= {"state"} and theirs.state is RoundState.MISSED and mine.state in _BY_PEOPLE:
        return Stands(Verdict.MINE, WALKED)
    if clash.deeds <= {"patrol.plan_week", "patrol.miss"}:
        return Stands(Verdict.THEIRS, WALKED if theirs.state in _BY_PEOPLE else SAME_WEEK)
    if clash.clashes <= _SUMS:
        return Stands(Verdict.MINE if _sums(mine) > _sums(theirs) else Verdict.THEIRS, COUNTED)
    return None


def _sums(walk: PatrolRound) -> tuple[float, int]:
    """The longer way knows of more tracks, the higher count of more findings."""
    return walk.distance_m or 0, walk.finding_count


def _of_roll_calls(clash: _Clash) -> Stands | None:
    """Two PCs that telephoned to different members have both answers; one member's two different ones are a person's."""
    mine, theirs = clash.mine, clash.theirs
    assert isinstance(mine, RollCall)
    assert isinstance(theirs, RollCall)
    said = {one.member_id: one for one in mine.answers}
    if clash.clashes != {"answers"} or said.keys() != {one.member_id for one in theirs.answers}:
        return None
    both = [(said[one.member_id], one) for one in theirs.answers]
    if any(None not in (one.answered, other.answered) and one != other for one, other in both):
        return None
    joined = [other if one.answered is None else one for one, other in both]
    return Stands(Verdict.MIXED, BOTH_CALLED, {"answers": [one.model_dump(mode="json") for one in joined]})


def _of_facilities(clash: _Clash) -> Stands | None:
    """Of two rounds that saw it the later look stands; what was scrapped, or set by hand here, is a person's to decide."""
    mine, theirs = clash.mine, clash.theirs
    assert isinstance(mine, Facility)
    assert isinstance(theirs, Facility)
    if clash.deeds != {"patrol.enter"} or "seen_at" not in clash.clashes or not clash.clashes <= _LOOKED_AT:
        return None
    if FacilityState.SCRAPPED in (mine.state, theirs.state) or mine.seen_at is None or theirs.seen_at is None:
        return None
    return Stands(Verdict.MINE if mine.seen_at > theirs.seen_at else Verdict.THEIRS, LATER_LOOK)


def _of_findings(clash: _Clash) -> Stands | None:
    """Here and elsewhere the finding became a case; nothing else of it differs. `FindingService.join_doubles` links them."""
    mine, theirs = clash.mine, clash.theirs
    assert isinstance(mine, Finding)
    assert isinstance(theirs, Finding)
    both = clash.clashes <= _OF_THE_CASE and mine.state is theirs.state is FindingState.CASE
    return Stands(Verdict.THEIRS, SAME_FINDING) if both else None


def _of_tasks(clash: _Clash) -> Stands | None:
    """A task is over with its case: once that is decided, nothing is left to decide about the task."""
    mine, theirs = clash.mine, clash.theirs
    assert isinstance(mine, FieldTask)
    assert isinstance(theirs, FieldTask)
    undecided = any(one.record_id == mine.case_id and one.status == "conflict" for one in clash.unit.changes)
    return None if undecided or theirs.state in UNDER_WAY else Stands(Verdict.THEIRS, FOLLOWS_CASE)


_RULES: Mapping[str, Callable[[_Clash], Stands | None]] = {
    "patrol_round": _of_rounds,
    "facility": _of_facilities,
    "finding": _of_findings,
    "field_task": _of_tasks,
    "roll_call": _of_roll_calls,
}
