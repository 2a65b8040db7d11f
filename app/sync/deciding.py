"""A person closes a conflict or refusal: old changes stay as they were, fresh ones go on top of the city's version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.domain.cases import CaseStep
from app.domain.decisions import Decision, Verdict
from app.domain.merge import same
from app.domain.permissions import Actor
from app.domain.problems import Refused, Unavailable
from app.domain.records import Record
from app.sync import points
from app.sync.folding import Fold, Theirs, json_values
from app.sync.points import Reach
from app.sync.troubles import OpenUnit, newest_theirs, open_unit
from app.sync.units import record_of
from app.sync.value_words import field_title
from db.outbox import first_fields
from db.queries import troubles as rows
from db.queries.troubles import OpenChange
from db.store import Store
from db.tx import Tx
from db.types import as_json

MINE, THEIRS = "mine", "theirs"
Seen = Mapping[str, tuple[Any, Any]]
"""Field -> (mine, theirs) as they were shown to who decides."""


@dataclass
class _Closing:
    """One unit on its way out: the root, its fold, what leaves. values: field -> the JSON value that stands."""

    unit: OpenUnit
    root: Record
    fold: Fold
    values: dict[str, Any] = field(default_factory=dict)
    leaving: list[Record] = field(default_factory=list)


def decide(
    store: Store,
    record_id: UUID,
    verdict: Verdict,
    choices: Mapping[str, str],
    reason: str,
    *,
    actor: Actor,
    seen: Seen | None = None,
    joined: Mapping[str, Any] | None = None,
    reach: Reach = points.nothing,
) -> Decision:
    """See SyncService.decide. joined: field -> JSON value made of both sides, which stands in place of either."""
    if not reason.strip():
        raise Refused("sync.reason_missing")
    with store.write(actor, "sync.decide", reason.strip()) as tx:
        closing = _opened(tx, record_id)
        if seen is not None:
            _refuse_unless_seen(closing.fold, seen)
        sides = _sides(closing, verdict, choices)
        closing.values = {name: _side(closing.fold, name, side) for name, side in sides.items()} | dict(joined or {})
        closing.leaving = _leaving(tx, closing, sides, verdict)
        _write(tx, closing)
        decision = _decision(tx, closing, verdict, reason.strip())
        tx.add(decision)
        reach("before_decide_commit")
    return decision


def resend(store: Store, record_id: UUID, *, actor: Actor, reach: Reach = points.nothing) -> None:
    """See SyncService.resend. A clash is no refusal: it is decided first."""
    with store.write(actor, "sync.resend") as tx:
        closing = _opened(tx, record_id)
        if closing.fold.flow_clashes:
            raise Refused("sync.flow_is_theirs")
        if closing.fold.clashes:
            raise Refused("sync.choice_missing", field=field_title(closing.unit.root_type, closing.fold.clashes[0]))
        closing.values = {name: mine for name, (_before, mine, _theirs) in closing.fold.fields.items()}
        _write(tx, closing)
        reach("before_decide_commit")


def _opened(tx: Tx, record_id: UUID) -> _Closing:
    unit = open_unit(tx, record_id)
    root = record_of(tx, unit.root_type, unit.root_id)
    troubled = any(unit.owns(change) and change.status in ("conflict", "refused") for change in unit.changes)
    if root is None or not troubled:
        raise Refused("sync.nothing_to_decide")
    fold = unit.fold(root)
    if fold.theirs is not None and fold.theirs.record is None:
        raise Unavailable("sync.upgrade_needed")
    return _Closing(unit, root, fold)


def _refuse_unless_seen(fold: Fold, seen: Seen) -> None:
    """Nobody decides about values that came, or were typed, after the two sides were laid out for them."""
    for name in fold.clashes:
        shown, (_before, *now) = seen.get(name), fold.fields[name]
        if shown is None or not all(same(one, other) for one, other in zip(shown, now, strict=True)):
            raise Refused("sync.trouble_moved")


def _sides(closing: _Closing, verdict: Verdict, choices: Mapping[str, str]) -> dict[str, str]:
    """Field -> whose value stands; fields that do not clash stay mine unless they were refused and are given up."""
    fold = closing.fold
    clashes = set(fold.clashes)
    if verdict is Verdict.THEIRS and not clashes and not fold.flow_clashes:
        given_up = _refused_fields(closing.unit)
        if given_up and fold.theirs is None:
            raise Refused("sync.nothing_of_theirs")
        return {name: THEIRS if name in given_up else MINE for name in fold.fields}
    if verdict is Verdict.MINE and fold.flow_clashes:
        raise Refused("sync.flow_is_theirs")
    sides = dict.fromkeys(fold.fields, MINE)
    for name in sorted(clashes):
        only_theirs = fold.flow_clashes and name in fold.bundle
        sides[name] = _chosen(fold, name, verdict, choices, only_theirs=only_theirs)
    if fold.flow_clashes:
        sides |= dict.fromkeys(fold.bundle, THEIRS)
    return sides


def _refused_fields(unit: OpenUnit) -> frozenset[str]:
    """Fields of the root that deeds the city refused have changed."""
    groups = {change.group for change in unit.changes if unit.owns(change) and change.status == "refused"}
    own = (change for change in unit.of(unit.root_id) if change.group in groups)
    return frozenset(name for change in own for name in change.fields)


def _chosen(fold: Fold, name: str, verdict: Verdict, choices: Mapping[str, str], *, only_theirs: bool) -> str:
    if verdict is Verdict.MIXED:
        side = choices.get(name, THEIRS if only_theirs else "")
    else:
        side = MINE if verdict is Verdict.MINE else THEIRS
    if side not in (MINE, THEIRS):
        raise Refused("sync.choice_missing", field=field_title(fold.record_type, name))
    if only_theirs and side == MINE:
        raise Refused("sync.flow_is_theirs")
    return side


def _side(fold: Fold, name: str, side: str) -> Any:
    _before, mine, theirs = fold.fields[name]
    return mine if side == MINE else theirs


def _leaving(tx: Tx, closing: _Closing, sides: Mapping[str, str], verdict: Verdict) -> list[Record]:
    """Records of mine that cannot take effect: steps from a stage the case has left, and what is given up as refused."""
    unit, gone = closing.unit, dict[UUID, Record]()
    if closing.fold.flow_clashes or any(sides.get(name) == THEIRS for name in closing.fold.bundle):
        gone |= {step.id: step for step in unit.steps}
    if verdict is Verdict.THEIRS:
        refused = [change for change in unit.changes if unit.owns(change) and change.status == "refused"]
        groups = {change.group for change in refused}
        for change in unit.changes:
            record = _new_child(tx, unit, change)
            own = change in refused or (isinstance(record, CaseStep) and change.group in groups)
            if record is not None and own:
                gone[record.id] = record
    return list(gone.values())


def _new_child(tx: Tx, unit: OpenUnit, change: OpenChange) -> Record | None:
    """The child of the root a change makes; None for the root itself, for others' records, and for what the city has."""
    if not unit.owns(change) or change.record_id == unit.root_id:
        return None
    record = record_of(tx, change.record_type, change.record_id)
    return record if record is not None and record.version == 0 else None


def _write(tx: Tx, closing: _Closing) -> None:
    """Close every change of the unit; queue what still differs from the city, in the order it was made."""
    unit = closing.unit
    stuck = {unit.root_of(change) for change in unit.changes if change.status in ("conflict", "refused")}
    stuck.discard(unit.root_id)
    closed = [change for change in unit.changes if unit.root_of(change) not in stuck]
    rows.close(tx.connection, [change.change_id for change in closed], tx.now)
    leaving = {record.id for record in closing.leaving}
    groups: dict[UUID, UUID] = {}
    for record_id in dict.fromkeys(change.record_id for change in closed):
        own = [change for change in closed if change.record_id == record_id]
        group = groups.setdefault(unit.root_of(own[0]), tx.ids.new())
        if record_id == unit.root_id:
            _write_root(tx, closing, own, group)
        elif record_id not in leaving:
            _queue_again(tx, own, group)
    for record in closing.leaving:
        tx.take_out(record)


def _write_root(tx: Tx, closing: _Closing, own: list[OpenChange], group: UUID) -> None:
    theirs = closing.fold.theirs
    if theirs is None:
        _queue(tx, closing.root, as_json(first_fields(closing.root)), 0, own, group)
        return
    assert theirs.record is not None
    differs = {
        name: [theirs.values[name], value]
        for name, value in closing.values.items()
        if name in theirs.values and not same(theirs.values[name], value)
    }
    # The version stays what the feed brought: where the city has moved on, its page brings row and version together.
    as_known = {"version": closing.root.version}
    if not differs:
        tx.rewrite(theirs.record.model_copy(update=as_known))
        rows.forget_base(tx.connection, closing.root.id)
        return
    standing = theirs.record.changed(tx.now, **{name: value for name, (_theirs, value) in differs.items()})
    tx.rewrite(standing.model_copy(update=as_known))
    _queue(tx, standing, as_json(differs), theirs.version, own, group)


def _queue_again(tx: Tx, own: list[OpenChange], group: UUID) -> None:
    """Another record of the same deeds: what it changed goes once more, as one change."""
    record = record_of(tx, own[0].record_type, own[0].record_id)
    if record is None:
        return
    theirs = newest_theirs(tx, own[0].record_type, record, own)
    if theirs is None:
        _queue(tx, record, as_json(first_fields(record)), 0, own, group)
        return
    _queue(tx, record, as_json(_still_mine(own, record, theirs)), theirs.version, own, group)


def _still_mine(own: list[OpenChange], record: Record, theirs: Theirs) -> dict[str, list[Any]]:
    mine = json_values(record)
    names = dict.fromkeys(name for change in own for name in change.fields)
    return {name: [theirs.values.get(name), mine[name]] for name in names if name in mine}


def _queue(tx: Tx, record: Record, fields: str, base_version: int, own: list[OpenChange], group: UUID) -> None:
    # In the name of who did the work: the city judges the deed, not who sends it again.
    last = own[-1]
    actor = (last.actor_id, last.actor_name)
    tx.queue_anew(record, fields, base_version, group=group, action=last.action, actor=actor)


def _decision(tx: Tx, closing: _Closing, verdict: Verdict, reason: str) -> Decision:
    fields = {
        name: {"before": before, "mine": mine, "theirs": theirs, "chosen": closing.values.get(name)}
        for name, (before, mine, theirs) in closing.fold.fields.items()
    }
    return Decision(
        id=tx.ids.new(),
        created_at=tx.now,
        changed_at=tx.now,
        parent=closing.unit.root_id,
        parent_type=closing.unit.root_type,
        verdict=verdict,
        reason=reason,
        fields=fields,
        given_up=tuple(_whole(record) for record in closing.leaving),
        actor_id=tx.actor.person_id,
        actor_name=tx.actor.name,
    )


def _whole(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = record.model_dump(mode="json")
    return found
