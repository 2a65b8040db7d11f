"""What the city's command line prints, and the exit codes it promises."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from app.base.problem_words import problem_cure, problem_text
from app.domain.problems import Problem, Unavailable

_UNUSABLE = frozenset({"city.file_unreadable", "city.backup_damaged", "city.tls_unusable", "city.port_taken"})


class Exit(IntEnum):
    """0 done, 2 usage, 3 something outside is unusable, 4 refused by a rule or damage found."""

    DONE = 0
    USAGE = 2
    UNUSABLE = 3
    REFUSED = 4


class UsageError(Exception):
    """The command line itself is not understood (exit 2)."""


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
            print(f"{name}: {_line(value)}")


def say_problem(problem: Problem, *, as_json: bool) -> Exit:
    """Print what is wrong and the cure to standard error (JSON: also to standard output)."""
    if as_json:
        told = {"code": problem.code, "message": problem_text(problem), "cure": problem_cure(problem)}
        print(json.dumps({"error": told}, ensure_ascii=False))
    print(f"{_harmless(problem_text(problem))}\n{_harmless(problem_cure(problem))}", file=sys.stderr)
    return Exit.UNUSABLE if isinstance(problem, Unavailable) or problem.code in _UNUSABLE else Exit.REFUSED


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        return _harmless("  ".join(f"{name}={_line(part)}" for name, part in value.items() if part not in ("", None)))
    if isinstance(value, list):
        return " ".join(map(_line, value))
    return _harmless(str(value))


def _harmless(text: str) -> str:
    """A text on one line: signs that steer a terminal or turn the direction of writing are shown as a box."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)
