"""Flow tables a district works by, as far as this program can follow them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from app.domain.case_guards import GUARDS
from app.domain.stages import CLOSED_STAGES
from app.domain.workflow import Workflow
from server.statements import Rows


@dataclass(frozen=True)
class Flows:
    """by_id: imported flows. newest: the one in force, None while it is the built-in one."""

    by_id: Mapping[UUID, Workflow] = field(default_factory=dict)
    newest: Workflow | None = None


def flows_of(rows: Rows, today: date) -> Flows:
    """The imported flows among `history.FLOWS`; one whose rows or guards this program does not know is left out."""
    found: list[tuple[str, UUID, Workflow]] = []
    for flow_id, body in rows:
        values = from_json(body)
        flow = _flow(flow_id, values)
        if flow is not None:
            found.append((str(values.get("valid_from", "")), flow_id, flow))
    in_force = [one for one in found if one[0] <= today.isoformat()]
    newest = max(in_force, key=lambda one: one[:2])[2] if in_force else None
    return Flows({flow_id: flow for _from, flow_id, flow in found}, newest)


def _flow(flow_id: UUID, values: Mapping[str, Any]) -> Workflow | None:
    try:
        flow = Workflow.of_rows(str(flow_id), values["content"]["rows"], frozenset(map(str, CLOSED_STAGES)))
    except (KeyError, TypeError, AttributeError, ValueError):
        return None
    known = all(name in GUARDS for step in flow.steps for name in step.guards)
    return flow if known else None
