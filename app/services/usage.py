"""What this office picks most often, so that pickers offer it first."""

from __future__ import annotations

from app.domain.cases import Case
from db.queries.usage import count_picks
from db.tx import Tx


def count_use(tx: Tx, case: Case) -> None:
    """Count what was chosen in a new case."""
    picked = {
        "category": f"{case.kind}-{case.major}-{case.minor}" if case.minor else "",
        "street_code": case.street_code,
        "community_code": case.community_code,
        "road": case.road,
        "source": case.source,
        "collector_name": case.collector_name,
    }
    count_picks(tx.connection, tx.now, picked)
