"""Where a person has been in the window, for going back and forth."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 100


@dataclass(frozen=True)
class Visit:
    """A page and what was asked of it."""

    page: str
    argument: object = None


class History:
    """Like a browser's: going somewhere new forgets what lay ahead."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._at = -1

    def went(self, visit: Visit) -> None:
        """Note a new place; the same place twice is one visit."""
        if self._at >= 0 and self._visits[self._at] == visit:
            return
        self._visits = [*self._visits[: self._at + 1], visit][-LONGEST:]
        self._at = len(self._visits) - 1

    def back(self) -> Visit | None:
        """The place before this one; None at the beginning."""
        return self._move(-1)

    def forth(self) -> Visit | None:
        """The place after this one; None at the end."""
        return self._move(1)

    def _move(self, by: int) -> Visit | None:
        if not 0 <= self._at + by < len(self._visits):
            return None
        self._at += by
        return self._visits[self._at]
