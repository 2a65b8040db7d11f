"""The city in two hundred lines of plain Python: what the protocol promises, without a database, a network or a person's roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from app.base.clock import Clock
from app.base.ids import IdSource
from app.domain.catalog import TYPE_NAMED
from app.domain.merge import Clashed, merge_fields
from app.domain.records import Reach
from app.wire.proof import moved, row_hash
from app.wire.sync import (
    CITY_SCOPE,
    SETTLED,
    Change,
    Clash,
    Cursor,
    Entry,
    Outcome,
    PullReply,
    PullRequest,
    PushReply,
    PushRequest,
    ScopeHead,
    ScopePage,
    SnapshotReply,
    Status,
)


@dataclass
class ModelRecord:
    """One record as it stands. values: its fields, defaults left out."""

    scope: str
    type: str
    version: int
    values: dict[str, Any]
    deleted: bool = False


@dataclass
class ModelEntry:
    """One line of a feed; tx tells which request or deed wrote it."""

    entry: Entry
    tx: int
    names: frozenset[str] = frozenset()


@dataclass
class ModelScope:
    """A feed and the sum over what is live."""

    epoch: str
    entries: list[ModelEntry] = field(default_factory=list)
    count: int = 0
    hash: int = 0


@dataclass
class Working:
    """What a group has changed so far: records, their versions by change, and the names of fields by record."""

    records: dict[UUID, ModelRecord] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    names: set[tuple[UUID, str]] = field(default_factory=set)

    def take(self, change: Change, record: ModelRecord) -> None:
        """A change of the group that stands so far."""
        self.records[change.record_id] = record
        self.versions[change.change_id] = record.version
        self.names |= {(change.record_id, name) for name in change.fields}


class ModelCity:
    """Shared by all desks of a test; `line(device)` is what one desk speaks through."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ids = IdSource(clock)
        self.records: dict[UUID, ModelRecord] = {}
        self.scopes: dict[str, ModelScope] = {}
        self.outcomes: dict[UUID, tuple[bytes, Outcome]] = {}
        self.effects: dict[UUID, int] = {}
        self.revoked: set[UUID] = set()
        self.files: dict[str, bytes] = {}
        self.numbers_given = 0
        self._tx = 0

    def go_on_from(self, other: ModelCity) -> None:
        """Number transactions where another left off."""
        self._tx = other._tx

    def scope(self, name: str) -> ModelScope:
        """The scope of that name, made when it is new."""
        return self.scopes.setdefault(name, ModelScope(str(self.ids.new())))

    def head(self, name: str) -> ScopeHead:
        """How far it has come."""
        scope = self.scope(name)
        return ScopeHead(scope=name, epoch=scope.epoch, head=len(scope.entries), count=scope.count, hash=scope.hash)

    # Push ------------------------------------------------------------------------------------------------------------

    def push(self, device: UUID, district: str, request: PushRequest) -> PushReply:
        """Judge every group; one that does not stand leaves no trace."""
        self._tx += 1
        answers: dict[UUID, Outcome] = {}
        for group in _groups(request.changes):
            answers.update(self._receive(device, district, group))
        return PushReply(now=self.clock.now(), outcomes=[answers[change.change_id] for change in request.changes])

    def _receive(self, device: UUID, district: str, group: list[Change]) -> dict[UUID, Outcome]:
        known = {change.change_id: self._known(change) for change in group}
        final = {change_id: answer for change_id, answer in known.items() if answer is not None}
        if final:
            # A group stands or falls together: once part of it has its final answer, the rest waits for that.
            stuck = next((one for one, answer in final.items() if answer.status not in SETTLED), None)
            waits = {one: Outcome(change_id=one, status=Status.HELD, waiting_for=str(stuck)) for one in known}
            return waits | final
        working = Working()
        judged: list[tuple[Change, Outcome, ModelRecord | None, frozenset[str]]] = []
        for change in group:
            judged.append((change, *self._judge(change, device, district, working)))
        failed = next((change for change, answer, *_rest in judged if answer.status not in SETTLED), None)
        if failed is None:
            return {
                change.change_id: self._write(change, answer, record, names) for change, answer, record, names in judged
            }
        answers = {}
        for change, answer, _record, _names in judged:
            if change is not failed and answer.status in SETTLED:
                answer = Outcome(change_id=change.change_id, status=Status.HELD, waiting_for=str(failed.change_id))
            if answer.status in (Status.CONFLICT, Status.REFUSED):
                self.outcomes[change.change_id] = (_bytes(change), answer)
            answers[change.change_id] = answer
        return answers

    def _known(self, change: Change) -> Outcome | None:
        found = self.outcomes.get(change.change_id)
        if found is None:
            return None
        raw, answer = found
        if raw != _bytes(change):
            return Outcome(change_id=change.change_id, status=Status.REFUSED, code="sync.change_id_reused")
        return answer

    def _judge(
        self, change: Change, device: UUID, district: str, working: Working
    ) -> tuple[Outcome, ModelRecord | None, frozenset[str]]:
        kind = TYPE_NAMED[change.record_type]
        scope = district if kind.reach is Reach.DISTRICT else f"{district}/{device}"
        current = working.records.get(change.record_id) or self.records.get(change.record_id)
        base = self._base(change, working)
        if base is None:
            return self._said(change, Status.HELD, waiting_for=str(change.follows)), None, frozenset()
        mine = {name: (old, new) for name, (old, new) in change.fields.items()}
        if current is None:
            values = {name: new for name, (_old, new) in mine.items()}
            made = ModelRecord(scope, change.record_type, 1, values | _instants(change, created=True))
            working.take(change, made)
            return self._said(change, Status.APPLIED, scope=scope, version=1), made, frozenset(mine)
        if current.deleted:
            gone = {name: Clash(before=before, mine=wanted) for name, (before, wanted) in mine.items()}
            return self._conflict(change, current, gone, None), None, frozenset()
        since = frozenset() if current.version == base else self._changed_since(change.record_id, base, working)
        merged = merge_fields(_full(current), mine, since)
        if isinstance(merged, Clashed):
            clashes = {n: Clash(before=b, mine=m, theirs=t) for n, (b, m, t) in merged.fields.items()}
            return self._conflict(change, current, clashes, current.values), None, frozenset()
        lean = _lean(current.type, merged.values) | _instants(change)
        made = ModelRecord(current.scope, current.type, current.version + 1, lean)
        working.take(change, made)
        status, row = (Status.APPLIED, None) if current.version == base else (Status.MERGED, made.values)
        return self._said(change, status, scope=made.scope, version=made.version, row=row), made, frozenset(mine)

    def _base(self, change: Change, working: Working) -> int | None:
        """The version it was made on; None while the change it follows is not settled."""
        if change.follows is None:
            return change.base_version
        if change.follows in working.versions:
            return max(change.base_version, working.versions[change.follows])
        before = self.outcomes.get(change.follows)
        if before is None or before[1].status not in SETTLED:
            return None
        return max(change.base_version, before[1].version)

    def _conflict(
        self, change: Change, current: ModelRecord, clashes: dict[str, Clash], row: dict[str, Any] | None
    ) -> Outcome:
        version = current.version
        return self._said(change, Status.CONFLICT, scope=current.scope, version=version, row=row, clashes=clashes)

    def _write(self, change: Change, answer: Outcome, record: ModelRecord | None, names: frozenset[str]) -> Outcome:
        assert record is not None
        seq = self._put(change.record_id, record, names)
        final = answer.model_copy(update={"seq": seq, "at": self.clock.now()})
        self.outcomes[change.change_id] = (_bytes(change), final)
        self.effects[change.change_id] = self.effects.get(change.change_id, 0) + 1
        return final

    def _said(self, change: Change, status: Status, **fields: Any) -> Outcome:
        return Outcome(change_id=change.change_id, status=status, **fields)

    def _changed_since(self, record_id: UUID, version: int, working: Working) -> frozenset[str]:
        found = {name for one, name in working.names if one == record_id}
        for scope in self.scopes.values():
            for line in scope.entries:
                if line.entry.id == record_id and line.entry.version > version:
                    found |= line.names
        return frozenset(found)

    def _put(self, record_id: UUID, record: ModelRecord, names: frozenset[str], op: str = "put") -> int:
        before = self.records.get(record_id)
        self.records[record_id] = record
        scope = self.scope(record.scope)
        if before is not None and not before.deleted and before.scope == record.scope:
            scope.count -= 1
            scope.hash = moved(scope.hash, gone=row_hash(record_id, before.version))
        if not record.deleted:
            scope.count += 1
            scope.hash = moved(scope.hash, come=row_hash(record_id, record.version))
        seq = len(scope.entries) + 1
        row = None if record.deleted else dict(record.values)
        entry = Entry.model_validate(
            {"seq": seq, "op": op, "type": record.type, "id": record_id, "version": record.version, "row": row}
        )
        scope.entries.append(ModelEntry(entry, self._tx, names))
        return seq

    # What the operator does ------------------------------------------------------------------------------------------

    def edit(self, record_id: UUID, **values: Any) -> None:
        """Change fields at the city."""
        self._tx += 1
        now = self.records[record_id]
        before = _full(now)
        lean = _lean(now.type, {**before, **values, "changed_at": to_jsonable_python(self.clock.now())})
        names = frozenset(name for name, value in values.items() if before.get(name) != value)
        self._put(record_id, ModelRecord(now.scope, now.type, now.version + 1, lean), names)

    def delete(self, record_id: UUID) -> None:
        """Take a record away for good."""
        self._tx += 1
        now = self.records[record_id]
        gone = ModelRecord(now.scope, now.type, now.version + 1, now.values, deleted=True)
        self._put(record_id, gone, frozenset(), "delete")

    def move(self, record_id: UUID, to: str) -> None:
        """Hand a record, and what belongs to it, to another district."""
        self._tx += 1
        family = [record_id, *(rid for rid, r in self.records.items() if r.values.get("parent") == str(record_id))]
        for one in family:
            now = self.records[one]
            old = self.scope(now.scope)
            old.count -= 1
            old.hash = moved(old.hash, gone=row_hash(one, now.version))
            leave = Entry(seq=len(old.entries) + 1, op="leave", type=now.type, id=one, version=now.version + 1)
            old.entries.append(ModelEntry(leave, self._tx))
            self._put(one, ModelRecord(to, now.type, now.version + 1, now.values), frozenset(), "enter")

    def new_epoch(self) -> None:
        """As after a restore from a backup: every scope begins anew."""
        for scope in self.scopes.values():
            scope.epoch = str(self.ids.new())

    # Pull ------------------------------------------------------------------------------------------------------------

    def pull(self, request: PullRequest) -> PullReply:
        """A page of every scope asked for."""
        pages = {name: self._page(name, cursor, request.limit) for name, cursor in request.scopes.items()}
        return PullReply(now=self.clock.now(), scopes=pages)

    def _page(self, name: str, cursor: Cursor, limit: int) -> ScopePage:
        scope, head = self.scope(name), self.head(name)
        if cursor.epoch != scope.epoch or cursor.after > head.head:
            return ScopePage(head=head, from_seq=1, to_seq=0, entries=[], snapshot_needed=True)
        end = min(cursor.after + limit, head.head)
        while 0 < end < head.head and scope.entries[end].tx == scope.entries[end - 1].tx:
            end += 1
        lines = [line.entry for line in scope.entries[cursor.after : end]]
        last = {entry.id: entry.seq for entry in lines}
        kept = [entry for entry in lines if last[entry.id] == entry.seq]
        return ScopePage(head=head, from_seq=cursor.after + 1, to_seq=end, entries=kept)

    def snapshot(self, scope: str, after: UUID | None, limit: int) -> SnapshotReply:
        """The live records of a scope above an id."""
        live = sorted(rid for rid, record in self.records.items() if record.scope == scope and not record.deleted)
        page = [rid for rid in live if after is None or rid > after][:limit]
        rows = [self._row(rid) for rid in page]
        more = bool(page) and page[-1] != live[-1]
        return SnapshotReply(now=self.clock.now(), head=self.head(scope), rows=rows, next=page[-1] if more else None)

    def _row(self, record_id: UUID) -> Entry:
        now = self.records[record_id]
        return Entry(seq=0, op="put", type=now.type, id=record_id, version=now.version, row=dict(now.values))


def scopes_of(district: str) -> tuple[str, str]:
    """What a desk of the district pulls."""
    return district, CITY_SCOPE


def _groups(changes: list[Change]) -> list[list[Change]]:
    groups: list[list[Change]] = []
    for change in changes:
        if groups and groups[-1][0].group == change.group:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _instants(change: Change, *, created: bool = False) -> dict[str, Any]:
    """The city takes a record's instants from its changes."""
    made_at = to_jsonable_python(change.made_at)
    return {"created_at": made_at, "changed_at": made_at} if created else {"changed_at": made_at}


def _bytes(change: Change) -> bytes:
    return change.model_dump_json().encode()


def _full(record: ModelRecord) -> dict[str, Any]:
    """All fields as JSON values, defaults filled in."""
    filled: dict[str, Any] = {}
    for name, info in TYPE_NAMED[record.type].record.model_fields.items():
        if not info.is_required():
            filled[name] = info.get_default(call_default_factory=True)
    return {**filled, **record.values}


def _lean(record_type: str, values: dict[str, Any]) -> dict[str, Any]:
    """Fields that differ from their default."""
    fields = TYPE_NAMED[record_type].record.model_fields
    return {
        name: value
        for name, value in values.items()
        if name not in fields
        or fields[name].is_required()
        or fields[name].get_default(call_default_factory=True) != value
    }
