"""The records of one request in memory: a group that fails leaves no trace, nothing is written until all are judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.wire.sync import Change, Status
from server.sync.rows import Standing


@dataclass(frozen=True, slots=True)
class Applied:
    """One change that stands: the record before and after it; the same for a duplicate. fields: names it moved."""

    change: Change
    before: Standing | None
    after: Standing
    status: Status
    fields: frozenset[str] | None


class Working:
    """Records as the groups judged so far leave them, with the group in hand on top."""

    def __init__(
        self,
        records: Mapping[UUID, Standing],
        since: Mapping[UUID, list[tuple[int, frozenset[str] | None]]],
        settled: Mapping[UUID, int],
        records_of: Mapping[UUID, UUID],
    ) -> None:
        """records_of: the record of each change that others follow and that was answered before."""
        self._records = dict(records)
        self._since = {record_id: list(versions) for record_id, versions in since.items()}
        self._settled = dict(settled)
        self._records_of = dict(records_of)
        self._hand: dict[UUID, Standing] = {}
        self._in_hand: list[Applied] = []
        self.done: list[Applied] = []

    def get(self, record_id: UUID) -> Standing | None:
        """The record as it stands with the group in hand."""
        return self._hand.get(record_id) or self._records.get(record_id)

    def before_group(self, record_id: UUID) -> Standing | None:
        """The record as it stood when the group in hand began."""
        return self._records.get(record_id)

    def version_of(self, change_id: UUID) -> int | None:
        """The version a settled change gave its record; None when it is not settled."""
        found = self._settled.get(change_id)
        if found is not None:
            return found
        return next((one.after.version for one in self._in_hand if one.change.change_id == change_id), None)

    def record_of(self, change_id: UUID) -> UUID | None:
        """The record a settled change, or one of the group in hand, is about."""
        found = self._records_of.get(change_id)
        if found is not None:
            return found
        return next((one.after.id for one in self._in_hand if one.change.change_id == change_id), None)

    def since(self, record_id: UUID, base: int) -> dict[int, frozenset[str] | None]:
        """Version -> names of the fields it changed (None: all), for each known version above `base`."""
        in_hand = [(one.after.version, one.fields) for one in self._in_hand if one.after.id == record_id]
        return {version: names for version, names in [*self._since.get(record_id, []), *in_hand] if version > base}

    def take(self, applied: Applied) -> None:
        """Put a change into the group in hand."""
        self._hand[applied.after.id] = applied.after
        self._in_hand.append(applied)

    def keep(self) -> None:
        """The group stands."""
        for one in self._in_hand:
            self._settled[one.change.change_id] = one.after.version
            self._records_of[one.change.change_id] = one.after.id
            if one.status is not Status.DUPLICATE:
                self._since.setdefault(one.after.id, []).append((one.after.version, one.fields))
        self._records.update(self._hand)
        self.done += self._in_hand
        self._drop()

    def forget(self) -> None:
        """The group falls."""
        self._drop()

    def in_hand(self) -> Iterable[Applied]:
        """Changes of the group in hand, in order."""
        return tuple(self._in_hand)

    def _drop(self) -> None:
        self._hand, self._in_hand = {}, []
