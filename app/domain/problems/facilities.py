"""Problems of the register of facilities."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

FACILITY_PROBLEMS: Mapping[str, ProblemEntry] = {}
