"""Texts from outside made of whole characters: what no encoding can write is never kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def whole(text: str) -> str:
    """The text, each half of a character (a lone surrogate) shown as the replacement character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def whole_object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object with whole texts, for a decoder's `object_pairs_hook`."""
    return {whole(name): _whole_value(value) for name, value in pairs}


def _whole_value(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    # Among numbers there is nothing to look for: positions stand in lists of numbers.
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [_whole_value(one) for one in value]
    return value
