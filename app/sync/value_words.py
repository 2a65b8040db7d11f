"""Values of a record's fields as a clerk reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.base.words import N_, _
from app.domain.cases import CASE_KIND_TITLES, PHOTO_PHASE_TITLES, SUPERVISE_TITLES
from app.domain.catalog import TYPE_NAMED
from app.domain.office import Office
from app.domain.permissions import OFFICE_ROLE_TITLES
from app.domain.stages import CLOCK_TITLES, STAGE_TITLES, Stage
from app.services.case_step_words import RESULT_TITLES
from app.services.case_words import clock_word, stage_word
from app.services.reference import OFFICE_ZONE

NOTHING = "–"
_APPEALS = {
    "none": N_("无"),
    "asked": N_("已提出"),
    "supported": N_("区平台支持"),
    "allowed": N_("已同意"),
    "refused": N_("未同意"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {str(kind): title for kind, title in CASE_KIND_TITLES.items()},
    "supervise": {str(level): title for level, title in SUPERVISE_TITLES.items()},
    "phase": {str(phase): title for phase, title in PHOTO_PHASE_TITLES.items()},
    "roles": {str(role): title for role, title in OFFICE_ROLE_TITLES.items()},
    "check_result": RESULT_TITLES,
    "appeal": _APPEALS,
}
_STAGES = frozenset({"stage", "stage_before", "from_stage", "to_stage"})


def field_title(record_type: str, name: str) -> str:
    """What forms call the field; the name itself when this program does not know it."""
    kind = TYPE_NAMED.get(record_type)
    info = None if kind is None else kind.record.model_fields.get(name)
    return _(info.title) if info is not None and info.title else name


def value_words(name: str, value: Any, office: Office) -> str:
    """A field's JSON value in words; a dash for nothing."""
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name in _STAGES and value in STAGE_TITLES:
        return stage_word(Stage(value), office)
    if name == "clock" and value in CLOCK_TITLES:
        return clock_word(value, office)
    if name in _WORDS and isinstance(value, str):
        return _(_WORDS[name].get(value, value))
    if isinstance(value, list):
        return _list_words(name, value, office)
    if isinstance(value, dict):
        return _dict_words(name, value, office)
    return _instant_words(value) if isinstance(value, str) else str(value)


def _list_words(name: str, value: list[Any], office: Office) -> str:
    if name == "clocks":
        named = [clock_word(str(one.get("name", "")), office) for one in value if isinstance(one, Mapping)]
        return "、".join(word for word in named if word)
    return "、".join(value_words(name, one, office) for one in value)


def _dict_words(name: str, value: Mapping[str, Any], office: Office) -> str:
    if name == "limit":
        return str(value.get("text") or f"{value.get('value', '')} {value.get('unit', '')}")
    return ";".join(f"{key} {value_words(key, one, office)}" for key, one in value.items())


def _instant_words(value: str) -> str:
    at = _read(datetime.fromisoformat, value) if len(value) >= len("2026-11-02T01:00Z") else None
    if at is not None and at.tzinfo is not None:
        return f"{at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"
    # An identity says nothing to a clerk; its end is enough to tell two apart.
    return f"…{value[-6:]}" if len(value) == 36 and _read(UUID, value) is not None else value


def _read(kind: Callable[[str], Any], value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        return None
