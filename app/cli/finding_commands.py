"""Findings and verify and check tasks on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.base.words import _
from app.cli.arguments import moment, pairs
from app.cli.output import Told
from app.desk import Desk
from app.domain.finding_views import FindingFilter, FindingView, TaskFilter, TaskView
from app.domain.findings import FINDING_STATE_TITLES, TaskKind
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.task_rules import TASK_KIND_TITLES, TASK_STATE_TITLES
from app.services.case_words import swapped


def list_findings(options: argparse.Namespace, desk: Desk, _actor: Actor) -> Told:
    """The lines of the list of findings, as the window shows them."""
    wanted = finding_filter(options.where, options.search, desk)
    told = [
        {
            "number": line.number,
            "state": str(line.state),
            "state_title": _(FINDING_STATE_TITLES[line.state]),
            "problem": line.minor_name or line.category_text,
            "description": line.description,
            "address": line.address,
            "street": line.street_name,
            "member": line.member_name,
            "found_at": line.found_at.isoformat(),
            "case": line.case_no,
            "watch_until": line.watch_until.isoformat() if line.watch_until else None,
            "photos": line.photos,
        }
        for line in desk.findings.lines(desk.findings.ids(wanted, options.limit))
    ]
    return Told({"findings": told, "count": desk.findings.count(wanted, None).count})


def list_tasks(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """The lines of the list of verify and check tasks, as the window shows them."""
    wanted = task_filter(options.where, options.search, desk, actor)
    office, now = desk.reference.office(), desk.clock.now()
    told = [
        {
            "number": line.number,
            "kind": str(line.kind),
            "kind_title": _(swapped(TASK_KIND_TITLES[line.kind], office)),
            "state": str(line.state),
            "state_title": _(TASK_STATE_TITLES[line.state]),
            "light": line.light(now).value,
            "case": line.case_no,
            "problem": line.minor_name,
            "address": line.address,
            "member": line.member_name,
            "chosen_by": line.chosen_by,
            "distance_m": line.distance_m,
            "issued_at": line.issued_at.isoformat(),
            "due_at": _iso(line.due_at),
            "done_at": _iso(line.done_at),
            "result": line.result,
        }
        for line in desk.field_tasks.lines(desk.field_tasks.ids(wanted, options.limit))
    ]
    return Told({"tasks": told, "count": desk.field_tasks.count(wanted, None).count})


def finding_filter(where: Sequence[str], search: str, desk: Desk) -> FindingFilter:
    """The list asked for. Raises Refused("case.filter_unknown") naming the filters there are."""
    given = pairs(where)
    wanted = desk.findings.view(_view(FindingView, given.pop("view", FindingView.ALL)))
    fields: dict[str, Any] = {"search": search}
    for name, value in given.items():
        match name:
            case "street":
                fields["street_code"] = desk.street_code(value)
            case "member":
                fields["member_id"] = desk.members.named(value).id
            case "kind" | "major" | "minor":
                fields[name] = value
            case "found_from" | "found_until":
                fields[name] = moment(value)
            case _:
                known = "view street member kind major minor found_from found_until"
                raise Refused("case.filter_unknown", name=name, known=known)
    return wanted.narrowed(**fields)


def task_filter(where: Sequence[str], search: str, desk: Desk, actor: Actor) -> TaskFilter:
    """The list asked for. Raises Refused("case.filter_unknown") naming the filters there are."""
    given = pairs(where)
    wanted = desk.field_tasks.view(_view(TaskView, given.pop("view", TaskView.ALL)), actor=actor)
    fields: dict[str, Any] = {"search": search}
    for name, value in given.items():
        match name:
            case "street":
                fields["street_code"] = desk.street_code(value)
            case "member":
                fields["member_id"] = desk.members.named(value).id
            case "kind":
                fields["kind"] = _view(TaskKind, value)
            case _:
                raise Refused("case.filter_unknown", name=name, known="view street member kind")
    return wanted.narrowed(**fields)


def _view(kind: Any, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = " ".join(str(member) for member in kind)
        raise Refused("case.filter_unknown", name=value, known=known) from None


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
