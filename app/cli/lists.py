"""`list WHAT`: what there is to list, each by the name a person types."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from app.cli.facility_commands import list_facilities
from app.cli.finding_commands import list_findings, list_tasks
from app.cli.inspection_commands import list_enterprises, list_inspections
from app.cli.output import Told
from app.cli.patrol_commands import list_plans, list_rounds
from app.cli.term_commands import list_terms
from app.cli.violation_commands import list_violations
from app.desk import Desk
from app.domain.permissions import Actor

Lister = Callable[[argparse.Namespace, Desk, Actor], Told]
LISTS: Mapping[str, Lister] = {
    "enterprises": list_enterprises,
    "facilities": list_facilities,
    "findings": list_findings,
    "inspections": list_inspections,
    "plans": list_plans,
    "rounds": list_rounds,
    "tasks": list_tasks,
    "terms": list_terms,
    "violations": list_violations,
}
