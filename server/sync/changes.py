"""Judging one change by itself: what it would make of the record, or why it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError
from pydantic_core import from_json

from app.base.words import N_
from app.domain.catalog import TYPE_NAMED
from app.domain.line_tests import LINE_TEST_REMOVAL
from app.domain.merge import Clashed, merge_fields
from app.domain.problems import Refused
from app.domain.records import Reach, RecordType
from app.wire.sync import Change, Clash, Outcome, Status
from app.wire.upcast import upcast
from server.sync import rows
from server.sync.rows import RESERVED, Standing
from server.sync.working import Applied, Working

NEWEST_SCHEMA = 32767
_INSTANT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
Pairs = dict[str, tuple[Any, Any]]


class Unsettled(Exception):
    """The change cannot be taken over now: a conflict, or it waits for something."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.status)
        self.outcome = outcome


def waits(change: Change, waiting_for: str, why: Refused | None = None) -> Unsettled:
    """Held until something else is settled. why: in words, when it is not another change."""
    held = Outcome(change_id=change.change_id, status=Status.HELD, waiting_for=waiting_for)
    return Unsettled(held if why is None else worded(held, why))


def worded(outcome: Outcome, problem: Refused) -> Outcome:
    """The outcome with the code, the sentence and the details of a problem."""
    details = {name: str(value) for name, value in problem.details.items()}
    words = {"code": problem.code, "message": problem.entry.text.format(**problem.details), "details": details}
    return outcome.model_copy(update=words)


def settle(change: Change, scope: str, working: Working) -> Applied:
    """The record after the change. Raises Refused("sync.…"), Unsettled."""
    kind = TYPE_NAMED[change.record_type]
    base, standing, fields = _base(change, working), working.get(change.record_id), _fields(change, kind)
    if standing is None:
        if base:
            raise Refused("sync.other_district")
        return _created(change, kind, scope, fields)
    if standing.scope != scope or standing.type != change.record_type:
        # The same words as for a record nobody has: a district learns nothing of another's.
        raise Refused("sync.other_district")
    if standing.deleted:
        clashes = {name: Clash(before=before, mine=after) for name, (before, after) in fields.items()}
        raise _conflict(change, standing, clashes, gone=True)
    if change.action == LINE_TEST_REMOVAL and kind.reach is Reach.DEVICE:
        return _removed(change, standing)
    return _changed(change, kind, standing, base, fields, working)


def _created(change: Change, kind: RecordType, scope: str, fields: Pairs) -> Applied:
    values = {name: after for name, (_before, after) in fields.items()}
    created_at = _created_at(change)
    made = rows.made(kind, change.record_id, values, created_at=created_at, changed_at=change.made_at)
    after = Standing(
        change.record_id,
        scope,
        kind.name,
        1,
        _schema(kind.schema, change),
        False,
        created_at,
        change.made_at,
        rows.body_of(made),
        made,
    )
    return Applied(change, None, after, Status.APPLIED, None)


def _changed(
    change: Change, kind: RecordType, standing: Standing, base: int, fields: Pairs, working: Working
) -> Applied:
    values = rows.values_in(standing) | {name: after for name, (_before, after) in fields.items()}
    made = rows.made(kind, standing.id, values, created_at=standing.created_at, changed_at=change.made_at)
    merged = False
    if base != standing.version or kind.append_only:
        current, mine_after = rows.flat(rows.read(standing)), rows.flat(made)
        if base == 0 and current == mine_after:
            return Applied(change, standing, standing, Status.DUPLICATE, frozenset())
        if kind.append_only:
            raise Refused("sync.append_only", kind=kind.title)
        mine = {name: (before, mine_after.get(name)) for name, (before, _after) in fields.items()}
        moved = _moved(change, standing, base, current, working)
        result = merge_fields(current, mine, moved)
        if isinstance(result, Clashed):
            raise _conflict(change, standing, {n: _clash(sides) for n, sides in result.fields.items()})
        merged = True
    after = Standing(
        standing.id,
        standing.scope,
        standing.type,
        standing.version + 1,
        _schema(standing.schema_no, change),
        False,
        standing.created_at,
        change.made_at,
        rows.body_of(made),
        made,
    )
    return Applied(change, standing, after, Status.MERGED if merged else Status.APPLIED, frozenset(fields))


def _removed(change: Change, standing: Standing) -> Applied:
    """A PC takes back a record that nobody but it and the city ever saw."""
    after = replace(standing, version=standing.version + 1, deleted=True, changed_at=change.made_at)
    return Applied(change, standing, after, Status.APPLIED, frozenset())


def _schema(known: int, change: Change) -> int:
    return max(known, min(change.schema_no, NEWEST_SCHEMA))


def _base(change: Change, working: Working) -> int:
    """The version the change was made on. Raises Unsettled while the change it follows is not settled."""
    if change.follows is None:
        return change.base_version
    followed = working.version_of(change.follows)
    if followed is None:
        raise waits(change, str(change.follows))
    if working.record_of(change.follows) != change.record_id:
        # Otherwise any version could be claimed as seen, and be written over.
        raise Refused("sync.field_wrong", field="follows", reason=N_("属于另一条记录"))
    return max(followed, change.base_version)


def _fields(change: Change, kind: RecordType) -> Pairs:
    """The change's fields in today's schema; names carried in `extra` stand beside the others."""
    if not RESERVED.isdisjoint(change.fields):
        return _fields(_without_bookkeeping(change), kind)
    if change.schema_no >= kind.schema and "extra" not in change.fields:
        return change.fields
    before = upcast(change.record_type, change.schema_no, kind.schema, _side(change, 0))
    after = upcast(change.record_type, change.schema_no, kind.schema, _side(change, 1))
    return {name: (before.get(name), value) for name, value in after.items() if name not in RESERVED}


def _without_bookkeeping(change: Change) -> Change:
    """A record sent anew after a decision says when it was made; nothing else of the bookkeeping is a PC's to set."""
    others = (RESERVED - {"created_at"}) & change.fields.keys()
    if others:
        raise Refused("sync.field_wrong", field=min(others), reason="不能由本机设定")
    return change.model_copy(update={"fields": {n: pair for n, pair in change.fields.items() if n != "created_at"}})


def _created_at(change: Change) -> datetime:
    """When the record was made: with its first change, or earlier when that is its first change anew."""
    said = change.fields.get("created_at", (None, None))[1]
    try:
        return change.made_at if said is None else min(change.made_at, _INSTANT.validate_strings(said).astimezone(UTC))
    except (ValidationError, OverflowError):
        raise Refused("sync.field_wrong", field="created_at", reason="格式不对") from None


def _side(change: Change, side: int) -> dict[str, Any]:
    values = {name: pair[side] for name, pair in change.fields.items()}
    extra = values.pop("extra", None)
    return values | extra if isinstance(extra, dict) else values


def _moved(change: Change, standing: Standing, base: int, current: dict[str, Any], working: Working) -> frozenset[str]:
    """Names of the fields the city changed since the version the change was made on."""
    since = working.since(standing.id, base)
    if len(since) != standing.version - base:
        # The feed was cut since, or the city was restored to an earlier state than this desk has seen: values decide.
        return frozenset(name for name, (before, _after) in change.fields.items() if current.get(name) != before)
    named = [names for names in since.values() if names is not None]
    return frozenset(current) if len(named) < len(since) else frozenset().union(*named)


def _clash(sides: tuple[Any, Any, Any]) -> Clash:
    before, mine, theirs = sides
    return Clash(before=before, mine=mine, theirs=theirs)


def _conflict(change: Change, standing: Standing, clashes: dict[str, Clash], *, gone: bool = False) -> Unsettled:
    return Unsettled(
        Outcome(
            change_id=change.change_id,
            status=Status.CONFLICT,
            scope=standing.scope,
            version=standing.version,
            clashes=clashes,
            row=None if gone else from_json(standing.body),
        )
    )
