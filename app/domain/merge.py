"""Three-way merge of one record, field by field, on JSON values (SYNC rules 29 and 30)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FieldChanges = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Merged:
    """values: the record's fields after the change. others: fields the city changed meanwhile, empty when it had not moved on."""

    values: dict[str, Any]
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clashed:
    """Fields both sides changed to different values: name -> (before, mine, theirs)."""

    fields: dict[str, tuple[Any, Any, Any]]


def merge_fields(current: Mapping[str, Any], mine: FieldChanges, changed_since: Iterable[str] = ()) -> Merged | Clashed:
    """The record with `mine` on top, or the fields that clash.

    current: all of the city's values now, defaults filled in. mine: name -> (value seen, value set).
    changed_since: fields the city changed since the version `mine` was made on; empty when that is the current one.
    Both sides setting the same value is no clash. A value that cannot be compared counts as different.
    """
    moved = frozenset(changed_since)
    clashes: dict[str, tuple[Any, Any, Any]] = {}
    values = dict(current)
    for name, (before, after) in mine.items():
        theirs = current.get(name)
        if name in moved and not same(theirs, after):
            clashes[name] = (before, after, theirs)
        values[name] = after
    if clashes:
        return Clashed(clashes)
    return Merged(values, tuple(sorted(moved - set(mine))))


def same(one: Any, other: Any) -> bool:
    """Equal as JSON; true is not 1 and 1 is not 1.0's bool."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return bool(one == other)
