"""What the command line prints, and the exit codes it promises."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from app.base.problem_words import problem_cure, problem_text
from app.domain.problems import Problem, Unavailable


class Exit(IntEnum):
    """0 done, 2 usage, 3 file unusable, 4 refused by a rule."""

    DONE = 0
    USAGE = 2
    UNUSABLE = 3
    REFUSED = 4


def say(result: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a command's result: one JSON object, or one `name: value` line each."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False, default=str))
        return
    for name, value in result.items():
        if isinstance(value, list):
            print(f"{name}: {len(value)}")
            for entry in value:
                print("  " + _line(entry))
        else:
            print(f"{name}: {value}")


def _line(entry: object) -> str:
    if isinstance(entry, Mapping):
        return "  ".join(str(value) for value in entry.values() if value not in ("", None))
    return str(entry)


def say_problem(problem: Problem, *, as_json: bool) -> Exit:
    """Print what is wrong and the cure to standard error (JSON: also to standard output)."""
    if as_json:
        told = {"code": problem.code, "message": problem_text(problem), "cure": problem_cure(problem)}
        print(json.dumps({"error": told}, ensure_ascii=False))
    print(f"{problem_text(problem)}\n{problem_cure(problem)}", file=sys.stderr)
    unusable = isinstance(problem, Unavailable) or problem.code.startswith(("sheet.", "standards.", "file.", "backup."))
    return Exit.UNUSABLE if unusable else Exit.REFUSED
