"""Problems of the map and its files."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

MAP_PROBLEMS: Mapping[str, ProblemEntry] = {}
