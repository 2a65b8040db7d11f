"""Problems of findings, verify and check tasks."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.problems.entry import ProblemEntry

FINDING_PROBLEMS: Mapping[str, ProblemEntry] = {}
