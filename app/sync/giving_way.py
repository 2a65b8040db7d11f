"""What two PCs did without knowing of each other and nobody has to choose between: what stands is known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
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
from app.domain.problems import Refused
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
SAME_SHEET = N_("两台电脑各自导入了同一张表,以先到市平台的为准")
FULLER_SHEET = N_("两台电脑各自导入了同一次巡查,以检查点多的为准")
WALKED = N_("到期未巡查是程序自动记的,以人录入的为准")
LATER_LOOK = N_("两次巡查都看过这个部件,以看得晚的为准")
COUNTED = N_("两台电脑各自添了记录,合计数以多的为准,随后重新计数")
BOTH_CALLED = N_("两台电脑各自记了不同人的应答,都算数")
FOLLOWS_CASE = N_("任务随案件,以案件在市平台的结果为准")
AT_ONCE = 200
"""Records of one type that are looked at between two looks at whether the run shall end."""
_BY_PEOPLE = frozenset({RoundState.STARTED, RoundState.DONE, RoundState.CANCELLED})
_PLANNED = frozenset({"patrol.plan_week", "patrol.miss"})
_IMPORTED = frozenset({"patrol.import"})
_BY_OWN_LISTS = frozenset({"member_id", "member_name", "facility_id", "street_code", "street_name"})
_MEANWHILE = frozenset({"sync.trouble_moved", "sync.nothing_to_decide"})
"""Somebody typed or decided since the sides were laid out: the next run looks again."""
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class _Clash(Generic[R]):
    """One record with its two sides. fields: name -> both values. unit: everything that hangs together with it."""

    mine: R
    theirs: R
    fields: deciding.Seen
    unit: OpenUnit


Whose = Verdict | Mapping[str, Any]
"""Whose values stand; or field -> JSON value made of both sides."""


@dataclass(frozen=True)
class _Rule:
    """What stands of one type's records, and why, where only `fields` clash and only `deeds` were done here; None: any.

    whose: gives None where the rule says nothing.
    """

    record_type: str
    reason: str
    whose: Callable[[_Clash[Any]], Whose | None]
    fields: frozenset[str] | None = None
    deeds: frozenset[str] | None = None

    def of(self, clash: _Clash[Any]) -> Whose | None:
        """Whose values stand of this record."""
        deeds = {change.action for change in clash.unit.of(clash.mine.id)}
        ours = (
            clash.unit.root_type == self.record_type
            and (self.fields is None or clash.fields.keys() <= self.fields)
            and (self.deeds is None or deeds <= self.deeds)
        )
        return self.whose(clash) if ours else None


def give_way(store: Store, reach: Reach) -> int:
    """Close the conflicts in which nothing of a person is lost; gives how many. Kept in the record's story like any decision.

    What programs did by themselves gives way to what the city has, and to what a person did; of two findings made cases,
    two plannings of a week, two looks at a facility and two imports of a sheet it is settled which stands, and the other is
    kept or linked.
    """
    actor = Actor(SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, frozenset(), store.device_id)
    with store.read() as reader:
        asked = dict.fromkeys(_asked(reader))
    return sum(_gives_way(store, record_id, actor, reach) for record_id in asked)


def _asked(reader: Reader) -> Iterator[UUID]:
    yield from rows.conflicts_where(reader.connection, "actor_id", SYSTEM_PERSON_ID.bytes, AT_ONCE)
    for record_type in dict.fromkeys(rule.record_type for rule in _RULES):
        yield from rows.conflicts_where(reader.connection, "record_type", record_type, AT_ONCE)


def _gives_way(store: Store, record_id: UUID, actor: Actor, reach: Reach) -> bool:
    with store.read() as reader:
        clash = _clash(reader, record_id)
    found = None if clash is None else _found(clash)
    if clash is None or found is None:
        return False
    whose, reason = found
    verdict, joined = (whose, None) if isinstance(whose, Verdict) else (Verdict.MIXED, whose)
    said = (verdict, dict.fromkeys(joined or {}, deciding.MINE), reason)
    try:
        deciding.decide(store, record_id, *said, actor=actor, seen=clash.fields, joined=joined, reach=reach)
    except Refused as refusal:
        if refusal.code not in _MEANWHILE:
            raise
        return False
    return True


def _clash(reader: Reader, record_id: UUID) -> _Clash[Any] | None:
    """The two sides; None when the city's is not there, or this program is too old to read it."""
    unit = open_unit(reader, record_id)
    mine = record_of(reader, unit.root_type, unit.root_id)
    fold = None if mine is None else unit.fold(mine)
    theirs = None if fold is None or fold.theirs is None else fold.theirs.record
    if mine is None or fold is None or theirs is None:
        return None
    return _Clash(mine, theirs, {name: fold.fields[name][1:] for name in fold.clashes}, unit)


def _found(clash: _Clash[Any]) -> tuple[Whose, str] | None:
    """What the first rule that says something says, and why."""
    if all(one.actor_id == SYSTEM_PERSON_ID for one in clash.unit.changes):
        return Verdict.THEIRS, REASON
    answers = ((rule.of(clash), rule.reason) for rule in _RULES)
    return next(((whose, reason) for whose, reason in answers if whose is not None), None)


def _walked_here(clash: _Clash[PatrolRound]) -> Whose | None:
    """A walk stands over a day given up."""
    return Verdict.MINE if clash.theirs.state is RoundState.MISSED and clash.mine.state in _BY_PEOPLE else None


def _walked_there(clash: _Clash[PatrolRound]) -> Whose | None:
    return Verdict.THEIRS if clash.theirs.state in _BY_PEOPLE else None


def _fuller(clash: _Clash[PatrolRound]) -> Whose | None:
    """Of two sheets that tell of one round, the one with more checks: all results stand, whichever sheet they came from."""
    return Verdict.MINE if clash.mine.points_total > clash.theirs.points_total else Verdict.THEIRS


def _greater_sums(clash: _Clash[PatrolRound]) -> Whose | None:
    """The longer way knows of more tracks, the higher count of more findings."""
    mine, theirs = ((walk.distance_m or 0, walk.finding_count) for walk in (clash.mine, clash.theirs))
    return Verdict.MINE if mine > theirs else Verdict.THEIRS


def _later_look(clash: _Clash[Facility]) -> Whose | None:
    """What one of the rounds found scrapped, or where only one of them looked, is a person's to decide."""
    mine, theirs = clash.mine, clash.theirs
    if "seen_at" not in clash.fields or FacilityState.SCRAPPED in (mine.state, theirs.state):
        return None
    if mine.seen_at is None or theirs.seen_at is None:
        return None
    return Verdict.MINE if mine.seen_at > theirs.seen_at else Verdict.THEIRS


def _both_cases(clash: _Clash[Finding]) -> Whose | None:
    """Here and elsewhere the finding became a case. `FindingService.join_doubles` links them."""
    return Verdict.THEIRS if clash.mine.state is clash.theirs.state is FindingState.CASE else None


def _case_decided(clash: _Clash[FieldTask]) -> Whose | None:
    """A task is over with its case: once that is decided, nothing is left to decide about the task."""
    case_id = clash.mine.case_id
    undecided = any(one.record_id == case_id and one.status == "conflict" for one in clash.unit.changes)
    return None if undecided or clash.theirs.state in UNDER_WAY else Verdict.THEIRS


def _all_answers(clash: _Clash[RollCall]) -> Whose | None:
    """Two PCs that telephoned to different members have both answers; one member's two different ones are a person's."""
    said = {one.member_id: one for one in clash.mine.answers}
    if said.keys() != {one.member_id for one in clash.theirs.answers}:
        return None
    both = [(said[one.member_id], one) for one in clash.theirs.answers]
    if any(None not in (one.answered, other.answered) and one != other for one, other in both):
        return None
    joined = [other if one.answered is None else one for one, other in both]
    return {"answers": [one.model_dump(mode="json") for one in joined]}


def _theirs(_clash: _Clash[Any]) -> Whose:
    return Verdict.THEIRS


_RULES: Sequence[_Rule] = (
    _Rule("patrol_round", WALKED, _walked_here, fields=frozenset({"state"})),
    _Rule("patrol_round", WALKED, _walked_there, deeds=_PLANNED),
    _Rule("patrol_round", SAME_WEEK, _theirs, deeds=_PLANNED),
    _Rule("patrol_round", FULLER_SHEET, _fuller, deeds=_IMPORTED),
    _Rule(
        "patrol_round", COUNTED, _greater_sums, fields=frozenset({"finding_count", "distance_m", "in_grid_s", "gap_s"})
    ),
    _Rule(
        "facility",
        LATER_LOOK,
        _later_look,
        fields=frozenset({"seen_at", "state", "lit"}),
        deeds=frozenset({"patrol.enter"}) | _IMPORTED,
    ),
    _Rule(
        "facility",
        SAME_SHEET,
        _theirs,
        fields=frozenset({"code"}),
        deeds=frozenset({"facility.import", "facility.code"}),
    ),
    _Rule("check_result", SAME_SHEET, _theirs, fields=_BY_OWN_LISTS, deeds=_IMPORTED),
    _Rule("finding", SAME_SHEET, _theirs, fields=_BY_OWN_LISTS, deeds=_IMPORTED),
    _Rule("finding", SAME_FINDING, _both_cases, fields=frozenset({"case_id", "case_no"})),
    _Rule("field_task", FOLLOWS_CASE, _case_decided),
    _Rule("roll_call", BOTH_CALLED, _all_answers, fields=frozenset({"answers"})),
)
