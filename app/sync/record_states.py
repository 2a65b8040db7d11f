"""Where records stand on their way to the city, with their children and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.sync.views import RecordDelivery, RecordState
from db.queries import troubles as rows
from db.tx import CODECS, Reader

_FIRST = (
    ("conflict", RecordState.CONFLICT),
    ("refused", RecordState.REFUSED),
    ("held", RecordState.HELD),
    ("waiting", RecordState.WAITING),
)


def deliveries(reader: Reader, case_ids: Sequence[UUID]) -> dict[UUID, RecordDelivery]:
    """Case -> state; a case that is not here is left out."""
    versions = rows.versions_of_cases(reader.connection, case_ids)
    statuses = rows.states_of_cases(reader.connection, case_ids)
    files = rows.files_of_cases(reader.connection, case_ids)
    return {
        case_id: _delivery(statuses.get(case_id, {}), version, files.get(case_id, (0, 0)))
        for case_id, version in versions.items()
    }


def delivery(reader: Reader, record_id: UUID) -> RecordDelivery:
    """The state of a record that is no case."""
    statuses: dict[str, int] = {}
    for change in rows.of_records(reader.connection, [record_id]):
        statuses[change.status] = statuses.get(change.status, 0) + 1
    found = (codec.find(reader.connection, record_id.bytes) for codec in CODECS.values())
    version = next((one[1].version for one in found if one is not None), 0)
    return _delivery(statuses, version, (0, 0))


def _delivery(statuses: Mapping[str, int], version: int, files: tuple[int, int]) -> RecordDelivery:
    done, total = files
    waiting = sum(statuses.values())
    state = next((state for status, state in _FIRST if statuses.get(status)), None)
    if state is None:
        state = RecordState.LOCAL if version == 0 else RecordState.WITH_CITY
        if state is RecordState.WITH_CITY and done < total:
            state = RecordState.SENT
    return RecordDelivery(state, waiting, done, total)
