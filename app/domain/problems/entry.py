"""One line of the catalogue of problems."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemEntry:
    """text: what is wrong and where; cure: what to do now. Chinese, with {names} for details."""

    text: str
    cure: str
