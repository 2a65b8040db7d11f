"""Everything the program can refuse or miss, each with a code, a sentence and a cure.

`Refused`: the person can put it right. `Conflict`: somebody else changed it meanwhile. `Unavailable`: disk, network or
another program stands in the way. Anything else that is raised is a bug and goes to the crash box.
"""

from __future__ import annotations

from app.domain.problems.entry import ProblemEntry


class Problem(Exception):
    """A named trouble. `details` fill the braces of the catalogue's sentences."""

    def __init__(self, code: str, /, **details: object) -> None:
        from app.domain.problems.catalog import PROBLEMS

        self.code = code
        self.details = details
        self.entry: ProblemEntry = PROBLEMS[code]
        super().__init__(f"{code}: {self.entry.text.format(**details)}")


class Refused(Problem):
    """A rule says no; the person can put it right."""


class Conflict(Problem):
    """Somebody else changed the same thing meanwhile; both sides are kept."""


class Unavailable(Problem):
    """Disk, network or another program stands in the way; trying again may help."""


__all__ = ["Conflict", "Problem", "ProblemEntry", "Refused", "Unavailable"]
