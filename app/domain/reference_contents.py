"""Whether the content of a reference version is what its table asks, so that nobody works by one that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.domain.case_guards import GUARDS
from app.domain.deadlines import Limit
from app.domain.grid_rules import PatrolRules
from app.domain.reference import CategoryTable, Divisions
from app.domain.reference_versions import ReferenceTable, ReferenceVersion
from app.domain.stages import CLOSED_STAGES, Stage
from app.domain.terms import TermSetting
from app.domain.violations import ViolationTable
from app.domain.workflow import ANY_OPEN, SAME_STAGE, STAGE_BEFORE, Workflow

Content = Mapping[str, Any]
_STAGES = frozenset(map(str, Stage)) | {ANY_OPEN, SAME_STAGE, STAGE_BEFORE}


def is_understood(version: ReferenceVersion) -> bool:
    """Whether this program can work by the version: written by hand, or by a newer program, it may be anything."""
    read = _READ.get(version.table)
    try:
        if read is not None:
            read(version.content)
    except (KeyError, TypeError, AttributeError, ValueError):
        return False
    return version.table != ReferenceTable.STANDARDS or version.scheme == version.content["scheme"]


def _workdays(content: Content) -> None:
    for day, worked in content["days"].items():
        date.fromisoformat(day)
        if not isinstance(worked, bool):
            raise TypeError(day)


def _stage_limits(content: Content) -> None:
    for limit in content.values():
        Limit.model_validate(limit)


def _flow(content: Content) -> None:
    flow = Workflow.of_rows("", content["rows"], frozenset(map(str, CLOSED_STAGES)))
    named = {stage for step in flow.steps for stage in (step.source, step.target)}
    asked = {guard for step in flow.steps for guard in step.guards}
    if not flow.steps or named - _STAGES or asked - set(GUARDS):
        raise ValueError(sorted(named - _STAGES | asked - set(GUARDS)))


def _terms(content: Content) -> None:
    for setting in content.values():
        TermSetting.model_validate(setting)


_READ: Mapping[ReferenceTable, Callable[[Content], object]] = {
    ReferenceTable.STANDARDS: CategoryTable.model_validate,
    ReferenceTable.DIVISIONS: Divisions.model_validate,
    ReferenceTable.WORKDAYS: _workdays,
    ReferenceTable.STAGE_LIMITS: _stage_limits,
    ReferenceTable.FLOW: _flow,
    ReferenceTable.PATROL_RULES: PatrolRules.model_validate,
    ReferenceTable.TERMS: _terms,
    ReferenceTable.VIOLATIONS: ViolationTable.model_validate,
}
