"""The rules of the house; every message says what to do."""

from __future__ import annotations

from collections.abc import Iterable


def listed(advice: str, found: Iterable[object]) -> str:
    """The message of a failing rule: what to do, then every place that breaks it."""
    return "\n  ".join([advice, *map(str, found)])
