"""One thing to choose, as lists and pickers show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """key: what is kept. code: what a person types. title: what a person reads. hint: said beside it, muted."""

    key: str
    code: str
    title: str
    hint: str = ""
