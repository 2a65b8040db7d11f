"""Problems of plans, rounds, checklists and their entry."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

PATROL_PROBLEMS: Mapping[str, ProblemEntry] = {}
