"""A push read quickly: each change is looked at once, by hand; anything odd is left to the envelope's own check."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from app.wire.sync import MAX_CHANGES, Change, PushRequest

_NAMES = frozenset(Change.model_fields)
_LARGEST = 2**63 - 1
_LENGTHS = {"record_type": 40, "action": 80, "actor_name": 60}
_set = object.__setattr__


def push_request(body: bytes) -> PushRequest | None:
    """The request as pydantic would read it, in a fifth of the time; None when it must be looked at closely."""
    try:
        said = from_json(body)
        raw = said.pop("changes")
        if type(raw) is not list or len(raw) > MAX_CHANGES:
            return None
        head = PushRequest.model_validate({**said, "changes": []})
        return head.model_copy(update={"changes": [_change(one) for one in raw]})
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _change(raw: dict[str, Any]) -> Change:
    if raw.keys() != _NAMES:
        raise ValueError("odd names")
    made_at, follows, fields = datetime.fromisoformat(raw["made_at"]), raw["follows"], raw["fields"]
    fits = (
        made_at.tzinfo is not None
        and _is_number(raw["seq"], 1)
        and _is_number(raw["schema_no"], 1)
        and _is_number(raw["base_version"], 0)
        and all(type(raw[name]) is str and len(raw[name]) <= most for name, most in _LENGTHS.items())
        and raw["record_type"] != ""
        and type(fields) is dict
        and all(type(pair) is list for pair in fields.values())
    )
    if not fits:
        raise ValueError("odd values")
    change = Change.__new__(Change)
    values = {
        **raw,
        "change_id": UUID(raw["change_id"]),
        "group": UUID(raw["group"]),
        "record_id": UUID(raw["record_id"]),
        "actor_id": UUID(raw["actor_id"]),
        "follows": None if follows is None else UUID(follows),
        "made_at": made_at,
        "fields": {name: (before, after) for name, (before, after) in fields.items()},
    }
    _set(change, "__dict__", values)
    _set(change, "__pydantic_fields_set__", set(_NAMES))
    _set(change, "__pydantic_extra__", {})
    _set(change, "__pydantic_private__", None)
    return change


def _is_number(value: object, least: int) -> bool:
    return type(value) is int and least <= value <= _LARGEST
