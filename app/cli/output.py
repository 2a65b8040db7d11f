"""What the command line prints, and the exit codes it promises."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from app.base.problem_words import problem_cure
from app.desk import Desk
from app.domain.problems import Problem, Unavailable
from app.services.case_import import ImportResult
from app.services.case_step_words import refusal_text

_SIGNS = {
    **{code: 0x2400 + code for code in range(0x20)},
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}
_FILES = ("sheet.", "standards.", "file.", "backup.", "grid.file_")
"""How the codes of problems begin that say what is wrong with a file."""


class Exit(IntEnum):
    """0 done, 2 usage, 3 file unusable, 4 refused by a rule."""

    DONE = 0
    USAGE = 2
    UNUSABLE = 3
    REFUSED = 4


@dataclass(frozen=True)
class Told:
    """The result of a command."""

    told: Mapping[str, Any]
    code: Exit = Exit.DONE


def say(result: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a command's result: one JSON object, or one `name: value` line each."""
    if as_json:
        _print_json(result)
        return
    for name, value in result.items():
        if isinstance(value, list):
            _print(f"{name}: {len(value)}")
            for entry in value:
                _print("  " + _line(entry))
        else:
            _print(f"{name}: {_line(value)}")


def _print(text: str) -> None:
    """Print what standard output can write; a sign its encoding lacks (GBK has no bicycle) is a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))


def _print_json(result: Mapping[str, Any]) -> None:
    """Print one JSON object; escaped when standard output cannot write a sign of it."""
    text = json.dumps(result, ensure_ascii=False, default=str)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(result, default=str)
    print(text)


def _line(entry: object) -> str:
    if isinstance(entry, Mapping):
        return harmless("  ".join(_word(value) for value in entry.values() if value not in ("", None)))
    return harmless(str(entry))


def _word(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def harmless(text: str) -> str:
    """A text on one line: what would steer a terminal or turn the direction of writing is shown as a sign."""
    return text.translate(_SIGNS)


def say_problem(problem: Problem, *, as_json: bool) -> Exit:
    """Print what is wrong and the cure to standard error (JSON: also to standard output)."""
    if as_json:
        _print_json({"error": _told_problem(problem)})
    print(f"{harmless(refusal_text(problem))}\n{harmless(problem_cure(problem))}", file=sys.stderr)
    return _exit_of(problem)


def told_import(options: argparse.Namespace, desk: Desk, result: ImportResult) -> Told:
    """What an import did, its refused rows as a sheet where one is named.

    A sheet that cannot be written is told beside what was imported: that is done and stays.
    """
    if options.refused is None or not result.refused:
        return Told(result.told())
    try:
        desk.imports.write_refused(options.refused, result)
    except Problem as problem:
        return Told({**result.told(), "error": _told_problem(problem)}, _exit_of(problem))
    return Told(result.told())


def _told_problem(problem: Problem) -> Mapping[str, str]:
    return {"code": problem.code, "message": refusal_text(problem), "cure": problem_cure(problem)}


def _exit_of(problem: Problem) -> Exit:
    unusable = isinstance(problem, Unavailable) or problem.code.startswith(_FILES)
    return Exit.UNUSABLE if unusable else Exit.REFUSED
