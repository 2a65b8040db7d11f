"""What a rule about a case looks at: the case, what the person gave, who they are, and the office's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.cases import Case, SuperviseLevel
from app.domain.deadlines import Limit
from app.domain.permissions import Actor
from app.domain.reference import Condition
from app.domain.workcalendar import WorkCalendar
from app.domain.workflow import FlowStep, Workflow


@dataclass(frozen=True)
class FlowContext:
    """Everything a rule needs beside the case. `photos`: (phase, batch) of each photo it has."""

    now: datetime
    workflow: Workflow
    calendar: WorkCalendar
    stage_limits: Mapping[str, Limit]
    yellow_share: float = 0.2
    urge_switched_on: bool = False
    force_close_switched_on: bool = False
    photos: tuple[tuple[str, int], ...] = ()


_FIELDS: Mapping[str, tuple[str, ...]] = {
    # Name of an input in the flow table -> fields of StepInputs.
    "unit": ("unit_id", "unit_name"),
    "handler": ("handler_name",),
    "acceptor": ("acceptor_id", "acceptor_name"),
    "collector": ("collector_name",),
    "condition": ("condition",),
    "closing": ("closing",),
    "until": ("until",),
    "approved_by": ("approved_by",),
    "result": ("result",),
    "level": ("level",),
}


@dataclass(frozen=True)
class StepInputs:
    """What a person gives with a step. `on_behalf_of`: the unit, handler or collector whose step a clerk records."""

    note: str = ""
    on_behalf_of: str = ""
    condition: Condition | None = None
    closing: str = ""
    unit_id: UUID | None = None
    unit_name: str = ""
    handler_name: str = ""
    acceptor_id: UUID | None = None
    acceptor_name: str = ""
    collector_name: str = ""
    until: datetime | None = None
    approved_by: str = ""
    result: str = ""
    level: SuperviseLevel = SuperviseLevel.NONE

    def asked_for(self, names: Iterable[str]) -> StepInputs:
        """Only what a step asks for; whatever else a form still held does not reach the case."""
        kept = {field for name in names for field in _FIELDS[name]} | {"note", "on_behalf_of"}
        return StepInputs(**{name: value for name, value in self.__dict__.items() if name in kept})

    def given(self) -> dict[str, Any]:
        """The inputs that say something, as JSON values for the step's record."""
        values: dict[str, Any] = {}
        for name, value in self.__dict__.items():
            if value in (None, "", SuperviseLevel.NONE) or name in ("note", "on_behalf_of"):
                continue
            if isinstance(value, Condition):
                values[name] = {"no": value.no, "filing": value.filing, "limit": value.limit_text}
            else:
                values[name] = value.isoformat() if isinstance(value, datetime) else str(value)
        return values


@dataclass(frozen=True)
class Judged:
    """What guards look at."""

    case: Case
    inputs: StepInputs
    actor: Actor
    context: FlowContext
    step: FlowStep
