"""The office's lists: units, roads, collectors, handlers, reply templates; and what is picked most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from app.base.changes import ChangeSet
from app.base.kept import Kept
from app.domain.directory import ReplyTemplate, Road, Unit, Worker, WorkerKind
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.records import Record
from db.queries.grids import grids_of_member
from db.queries.usage import most_used
from db.store import Store
from db.tx import Tx

R = TypeVar("R", bound=Record)


class DirectoryService:
    """Small lists, read whole and kept until they change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept = {kind: Kept(partial(self._read, kind)) for kind in _LISTED}
        store.listen(self._forget)

    def units(self) -> list[Unit]:
        """Handling units in use, by name."""
        return sorted((unit for unit in self._all(Unit) if unit.active), key=lambda unit: (unit.code, unit.name))

    def roads(self) -> list[Road]:
        """Roads in use, by name."""
        return sorted((road for road in self._all(Road) if road.active), key=lambda road: road.name)

    def workers(self, kind: WorkerKind) -> list[Worker]:
        """Collectors or handlers in use, by name."""
        return sorted((w for w in self._all(Worker) if w.active and w.kind == kind), key=lambda worker: worker.name)

    def templates(self) -> list[ReplyTemplate]:
        """Reply templates in use, by title."""
        return sorted((t for t in self._all(ReplyTemplate) if t.active), key=lambda template: template.title)

    def everything(self, kind: type[R]) -> list[R]:
        """All entries of a list, those out of use too (for the settings page)."""
        return list(self._all(kind))

    def unit(self, unit_id: UUID) -> Unit | None:
        """A unit by identity, in use or not."""
        return next((unit for unit in self._all(Unit) if unit.id == unit_id), None)

    def unit_named(self, name: str) -> Unit:
        """The unit of that name or code. Raises Refused("directory.unit_unknown")."""
        for unit in self.units():
            if name in (unit.name, unit.code):
                return unit
        raise Refused("directory.unit_unknown", name=name)

    def save(self, kind: type[R], values: dict[str, object], *, actor: Actor, record_id: UUID | None = None) -> R:
        """Add an entry, or change the one with `record_id`. Raises Refused for anybody but an administrator."""
        return self.save_many(kind, [values], actor=actor, record_ids=[record_id])[0]

    def save_many(
        self,
        kind: type[R],
        rows: Sequence[dict[str, object]],
        *,
        actor: Actor,
        record_ids: Sequence[UUID | None] | None = None,
    ) -> list[R]:
        """Add or change several entries of one list in one transaction."""
        if not actor.administers:
            raise Refused("account.not_administrator")
        saved: list[R] = []
        with self._store.write(actor, "directory.save") as tx:
            for values, record_id in zip(rows, record_ids or [None] * len(rows), strict=True):
                if record_id is None:
                    record = kind.model_validate(
                        {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now, **values}
                    )
                    tx.add(record)
                else:
                    record = tx.need(kind, record_id).changed(tx.now, **values)
                    with tx.by_itself():
                        tx.change(record)
                if isinstance(record, Worker) and not record.active:
                    _refuse_owner(tx, record)
                saved.append(record)
        return saved

    def most_used(self, field: str, limit: int = 50) -> list[str]:
        """Values this office picks most often for a field of the entry form."""
        with self._store.read() as reader:
            return most_used(reader.connection, field, limit)

    def _all(self, kind: type[R]) -> list[R]:
        return self._kept[kind].get()  # type: ignore[return-value]

    def _read(self, kind: type[Record]) -> list[Record]:
        with self._store.read() as reader:
            return list(reader.all(kind))

    def _forget(self, changes: ChangeSet) -> None:
        for kind, kept in self._kept.items():
            if changes.concerns(_LISTED[kind]):
                kept.forget()


def _refuse_owner(tx: Tx, member: Worker) -> None:
    """Whoever still owns grids is not taken out of use here; handing over is a step of its own."""
    owned = grids_of_member(tx.connection, member.id)
    if owned:
        raise Refused("grid.member_owns", name=member.name, grids="、".join(grid.code for grid in owned[:10]))


_LISTED: Mapping[type[Record], str] = {
    Unit: "unit",
    Road: "road",
    Worker: "worker",
    ReplyTemplate: "reply_template",
}
