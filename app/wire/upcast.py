"""Lifts changes and rows of older schemas to today's, step by step; what nobody knows travels on untouched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Lift = Callable[[dict[str, Any]], dict[str, Any]]

LIFTS: Mapping[tuple[str, int], Lift] = {}
"""(record type, schema it lifts from) -> values of the next schema. Never removed."""


def upcast(record_type: str, schema_no: int, newest: int, values: dict[str, Any]) -> dict[str, Any]:
    """Field values of `schema_no` as `newest` names them; a schema newer than ours is left as it is."""
    for number in range(schema_no, newest):
        lift = LIFTS.get((record_type, number))
        values = values if lift is None else lift(values)
    return values
