"""Problems of inspections of enterprises."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

INSPECTION_PROBLEMS: Mapping[str, ProblemEntry] = {}
