"""Everything unsettled of one record folded into one: before the first change, after the last, and what the city has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from app.domain.catalog import TYPE_NAMED
from app.domain.judging import FLOW_FIELDS
from app.domain.merge import same
from app.domain.records import Record
from db.queries.troubles import OpenChange

FLOW = FLOW_FIELDS | {
    "clocks",
    "clock",
    "due_at",
    "warn_at",
    "due_gap_year",
    "suspended_until",
    "handled_late",
    "check_result",
}
"""What steps of a case move together; a mixture of two sides' values would be no stage at all."""
BOOKKEEPING = frozenset({"id", "version", "created_at", "changed_at"})


@dataclass(frozen=True)
class Theirs:
    """The city's record as last heard of: values of every field as JSON. record: None when this program is too old for it."""

    version: int
    values: Mapping[str, Any]
    record: Record | None


@dataclass(frozen=True)
class Fold:
    """name -> (before, mine, theirs) of all fields changed here. clashes: both sides changed; bundle: the flow's fields.

    theirs None: the city has not seen the record. moved: fields only the city changed. overtaken: the case has left the
    stage my first step went from. made_twice: fields I gave to a record that another PC made as well.
    """

    record_type: str
    fields: Mapping[str, tuple[Any, Any, Any]]
    theirs: Theirs | None
    bundle: frozenset[str] = frozenset()
    moved: tuple[str, ...] = ()
    overtaken: bool = False
    made_twice: frozenset[str] = frozenset()

    @property
    def clashes(self) -> tuple[str, ...]:
        """Fields both sides changed to different values; the whole bundle when one of the flow's is among them."""
        if self.theirs is None:
            return ()
        apart = {name for name, (before, mine, theirs) in self.fields.items() if _apart(before, mine, theirs)}
        apart |= {name for name in self.made_twice if not same(self.fields[name][1], self.fields[name][2])}
        if self.overtaken or apart & self.bundle:
            apart |= {name for name in self.bundle if not same(self.fields[name][1], self.fields[name][2])}
        return tuple(name for name in self.fields if name in apart)

    @property
    def flow_clashes(self) -> bool:
        """Somebody else took a step meanwhile."""
        return self.overtaken or any(name in self.bundle for name in self.clashes)


def json_values(record: Record) -> dict[str, Any]:
    """Every field of a record but its bookkeeping, as the wire says it."""
    values: dict[str, Any] = to_jsonable_python(record.__dict__)
    return {name: value for name, value in values.items() if name not in BOOKKEEPING}


def theirs_of(record_type: str, local: Record, version: int, row: Mapping[str, Any]) -> Theirs:
    """The city's row with defaults filled in and values said as ours are; what we do not know yet goes into `extra`."""
    kind = TYPE_NAMED[record_type].record
    known = {name: value for name, value in row.items() if name in kind.model_fields}
    extra = {**known.pop("extra", {}), **{name: value for name, value in row.items() if name not in kind.model_fields}}
    instants = {"created_at": local.created_at, "changed_at": local.changed_at}
    try:
        record = kind.model_validate({**instants, **known, "extra": extra, "id": local.id, "version": version})
    except ValidationError:
        return Theirs(version, {**json_values(local), **known}, None)
    return Theirs(version, json_values(record), record)


def fold(record_type: str, changes: Iterable[OpenChange], mine: Mapping[str, Any], theirs: Theirs | None) -> Fold:
    """The record's open changes as one. mine: the record's values now."""
    fields: dict[str, tuple[Any, Any, Any]] = {}
    bundle: set[str] = set()
    made_twice: set[str] = set()
    for change in changes:
        for name, (before, after) in change.fields.items():
            first = fields[name][0] if name in fields else before
            fields[name] = (first, mine.get(name, after), None if theirs is None else theirs.values.get(name))
        if record_type == "case" and FLOW & set(change.fields):
            # What a step set beside the stage (the unit it was sent to) stands or falls with the step.
            bundle |= set(change.fields)
        if change.makes and theirs is not None:
            made_twice |= set(change.fields)
    moved: tuple[str, ...] = ()
    if theirs is not None:
        moved = tuple(
            name for name, value in theirs.values.items() if name not in fields and not same(value, mine.get(name))
        )
    within = frozenset(bundle & set(fields))
    return Fold(record_type, fields, theirs, within, moved, made_twice=frozenset(made_twice))


def _apart(before: Any, mine: Any, theirs: Any) -> bool:
    return not same(theirs, before) and not same(theirs, mine)
