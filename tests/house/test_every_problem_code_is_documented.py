"""Every problem has a code, a sentence and a cure, is used, and stands in docs/problems.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from app.domain.problems.catalog import PROBLEMS
from tests.house import listed
from tests.tools.problem_page import PAGE, page
from tests.tools.sources import called, sources
from tests.tools.translations import PROBLEMS as RAISED
from tests.tools.translations import names_in

OURS = ("app", "db", "server", "ui")


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, code, names of the details) of every problem made with its code written out; None: handed on by **."""
    for source in sources(*OURS):
        for node in ast.walk(source.tree):
            if called(node) not in RAISED or not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                names = {word.arg for word in node.keywords if word.arg is not None}
                handed_on = any(word.arg is None for word in node.keywords)
                yield f"{source.name}:{node.lineno}", first.value, None if handed_on else names


def written_codes() -> set[str]:
    """Every text anywhere outside the catalogue that could be a code."""
    return {
        node.value
        for source in sources(*OURS)
        if not source.name.startswith("app/domain/problems/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    unknown = [f"{place} {code}" for place, code, _names in raised() if code not in PROBLEMS]

    assert unknown == [], listed(
        "Add it with its sentence and its cure to the right file of app/domain/problems.", unknown
    )


def test_every_entry_of_the_catalogue_is_raised_somewhere() -> None:
    unused = sorted(set(PROBLEMS) - written_codes())

    assert unused == [], listed("Nothing raises it any more: take it out of app/domain/problems.", unused)


def test_every_problem_says_what_is_wrong_and_what_to_do() -> None:
    silent = [code for code, entry in PROBLEMS.items() if not entry.text.strip() or not entry.cure.strip()]

    assert silent == [], listed("Write the sentence and the cure in Chinese.", silent)


def test_every_name_in_a_sentence_is_handed_over() -> None:
    lacking = [
        f"{place} {code}: {sorted(wanted - names)}"
        for place, code, names in raised()
        if names is not None and code in PROBLEMS
        for wanted in [names_in(PROBLEMS[code].text) | names_in(PROBLEMS[code].cure)]
        if wanted - names
    ]

    assert lacking == [], listed(
        "Hand the named details to the problem, or take the braces out of its sentence.", lacking
    )


def test_the_page_of_problems_is_current() -> None:
    assert PAGE.exists(), "Run python -m tests.tools.problem_page."
    assert PAGE.read_text(encoding="utf-8") == page(), "Run python -m tests.tools.problem_page."
