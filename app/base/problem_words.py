"""A problem said in the language of the screen."""

from __future__ import annotations

from app.base.words import _
from app.domain.problems import Problem


def problem_text(problem: Problem) -> str:
    """What went wrong, in one sentence."""
    return _(problem.entry.text).format(**problem.details)


def problem_cure(problem: Problem) -> str:
    """What to do now, in one sentence."""
    return _(problem.entry.cure).format(**problem.details)
