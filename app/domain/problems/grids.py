"""Problems of grids, boundaries and roads."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

GRID_PROBLEMS: Mapping[str, ProblemEntry] = {}
