"""A problem said in the language of the screen."""

from __future__ import annotations

from app.base.words import _
from app.domain.problems import Problem


def problem_text(problem: Problem) -> str:
    """What went wrong, in one sentence."""
    return _(problem.entry.text).format(**_said(problem))


def problem_cure(problem: Problem) -> str:
    """What to do now, in one sentence."""
    return _(problem.entry.cure).format(**_said(problem))


def problem_sentence(problem: Problem) -> str:
    """What went wrong and what to do now, one after the other."""
    return f"{problem_text(problem).rstrip('。')}。{problem_cure(problem)}"


def _said(problem: Problem) -> dict[str, object]:
    """The details; those that are words of the catalogue (an action, a field) in the language of the screen."""
    return {name: _(value) if isinstance(value, str) else value for name, value in problem.details.items()}
