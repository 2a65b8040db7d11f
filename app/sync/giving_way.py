"""What the program did by itself and another PC's program did first: the city's stands, and no person is asked."""

from __future__ import annotations

from app.base.words import N_
from app.domain.decisions import Verdict
from app.domain.office import SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME
from app.domain.permissions import Actor
from app.sync import deciding
from app.sync.points import Reach
from app.sync.troubles import open_unit
from db.queries import troubles as rows
from db.store import Store

REASON = N_("各电脑都会自动办理,以先到市平台的为准")
AT_ONCE = 200


def give_way(store: Store, reach: Reach) -> int:
    """Close the conflicts in which nothing of a person stands; gives how many. Kept in the record's story like any decision."""
    actor = Actor(SYSTEM_PERSON_ID, SYSTEM_PERSON_NAME, frozenset(), store.device_id)
    with store.read() as reader:
        asked = rows.conflicts_of(reader.connection, SYSTEM_PERSON_ID, AT_ONCE)
        alone = [
            record_id
            for record_id in asked
            if all(one.actor_id == SYSTEM_PERSON_ID for one in open_unit(reader, record_id).changes)
        ]
    for record_id in alone:
        deciding.decide(store, record_id, Verdict.THEIRS, {}, REASON, actor=actor, reach=reach)
    return len(alone)
