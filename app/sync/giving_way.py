"""What two PCs did alike without knowing of each other: what the city heard of first stands, and no person is asked."""

from __future__ import annotations

from uuid import UUID

from app.base.words import N_
from app.domain.decisions import Verdict
from app.domain.findings import Finding, FindingState
from app.domain.office import SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME
from app.domain.patrols import PatrolRound, RoundState
from app.domain.permissions import Actor
from app.sync import deciding
from app.sync.points import Reach
from app.sync.troubles import open_unit
from db.queries import troubles as rows
from db.store import Store
from db.tx import Reader

REASON = N_("各电脑都会自动办理,以先到市平台的为准")
SAME_FINDING = N_("两台电脑各自把同一问题转成了案件,以先到市平台的为准;另一件会关联到它")
WALKED = N_("另一台电脑只是到期自动记为未巡查,以录入的结果为准")
AT_ONCE = 200
_OF_THE_CASE = frozenset({"case_id", "case_no"})


def give_way(store: Store, reach: Reach) -> int:
    """Close the conflicts in which nothing of a person is lost; gives how many. Kept in the record's story like any decision.

    These are what programs did by themselves, and findings that became a case on two PCs: both cases stay, and the later
    one is linked to the one the city heard of first (`FindingService.join_doubles`). A round entered here stands against the
    program's own word elsewhere that it was missed.
    """
    actor = Actor(SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, frozenset(), store.device_id)
    with store.read() as reader:
        asked = rows.conflicts_of(reader.connection, SYSTEM_PERSON_ID, AT_ONCE)
        alone = [
            record_id
            for record_id in asked
            if all(one.actor_id == SYSTEM_PERSON_ID for one in open_unit(reader, record_id).changes)
        ]
        doubles = rows.conflicts_of_type(reader.connection, "finding", AT_ONCE)
        doubles = [record_id for record_id in doubles if _both_made_cases(reader, record_id)]
        walked = rows.conflicts_of_type(reader.connection, "patrol_round", AT_ONCE)
        walked = [record_id for record_id in walked if record_id not in alone and _missed_only_there(reader, record_id)]
    for record_id in alone:
        deciding.decide(store, record_id, Verdict.THEIRS, {}, REASON, actor=actor, reach=reach)
    for record_id in doubles:
        deciding.decide(store, record_id, Verdict.THEIRS, {}, SAME_FINDING, actor=actor, reach=reach)
    for record_id in walked:
        deciding.decide(store, record_id, Verdict.MINE, {}, WALKED, actor=actor, reach=reach)
    return len(alone) + len(doubles) + len(walked)


def _missed_only_there(reader: Reader, record_id: UUID) -> bool:
    """Elsewhere the program said the day went by without the round; here a person entered what was seen."""
    mine = reader.get(PatrolRound, record_id)
    if mine is None:
        return False
    fold = open_unit(reader, record_id).fold(mine)
    theirs = None if fold.theirs is None else fold.theirs.record
    if not isinstance(theirs, PatrolRound) or set(fold.clashes) != {"state"}:
        return False
    return theirs.state is RoundState.MISSED and mine.state in (RoundState.STARTED, RoundState.DONE)


def _both_made_cases(reader: Reader, record_id: UUID) -> bool:
    """Here and elsewhere the finding became a case; nothing else of it differs."""
    mine = reader.get(Finding, record_id)
    if mine is None:
        return False
    fold = open_unit(reader, record_id).fold(mine)
    theirs = None if fold.theirs is None else fold.theirs.record
    if not isinstance(theirs, Finding) or not set(fold.clashes) <= _OF_THE_CASE:
        return False
    return mine.state is theirs.state is FindingState.CASE
