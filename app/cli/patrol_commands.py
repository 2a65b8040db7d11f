"""Rounds on the command line: sheets in, a week planned, lists out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from app.base.words import _
from app.cli.arguments import day_of, pairs
from app.cli.output import Told, told_import
from app.desk import Desk
from app.domain.checklists import PROGRAMME_TITLES, Programme
from app.domain.directory import WorkerKind
from app.domain.patrol_views import RoundFilter
from app.domain.patrols import ROUND_KIND_TITLES, ROUND_STATE_TITLES, RoundKind, RoundState
from app.domain.permissions import Actor
from app.domain.problems import Refused

KNOWN = ("first", "last", "state", "kind", "programme", "member", "grid", "street")
E = TypeVar("E", bound=StrEnum)


def import_rounds(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """read, taken, updated, unchanged (checks), rounds, findings, refused: [{row, column, code, message}], notes."""
    result = desk.round_import.run(options.file, actor=actor, mapping_file=options.map, sheet=options.sheet)
    return told_import(options, desk, result)


def plan_week(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Make the rounds of the week that holds a day; twice makes them once."""
    planned = desk.patrol_plans.plan_week(options.day, actor=actor)
    notices = [
        {
            "plan": one.plan_name,
            "trouble": str(one.trouble),
            "member": one.member_name,
            "days": [day.isoformat() for day in one.days],
            "year": one.year,
        }
        for one in planned.notices
    ]
    return Told({"made": planned.made, "there": planned.there, "notices": notices})


def list_rounds(options: argparse.Namespace, desk: Desk, _actor: Actor) -> Told:
    """The lines of the list of rounds, as the window shows them."""
    wanted = round_filter(options.where, options.search, desk)
    told = [
        {
            "number": line.number,
            "day": line.day.isoformat(),
            "state": str(line.state),
            "state_title": _(ROUND_STATE_TITLES[line.state]),
            "kind": str(line.kind),
            "programme": str(line.programme),
            "member": line.member_name,
            "grid": line.grid_code,
            "street": line.street_name,
            "road": line.road,
            "points": line.points_total,
            "checked": line.points_checked,
            "findings": line.finding_count,
            "distance_m": line.distance_m,
        }
        for line in desk.patrols.first_page(wanted, options.limit)
    ]
    return Told({"rounds": told, "count": desk.patrols.count(wanted, None).count})


def list_plans(options: argparse.Namespace, desk: Desk, _actor: Actor) -> Told:
    """Every plan, those in use first."""
    plans = [plan for plan in desk.patrol_plans.all() if options.search in plan.name]
    told = [
        {
            "name": plan.name,
            "kind": str(plan.kind),
            "member": desk.patrol_plans.member_name(plan),
            "weekdays": list(plan.frequency.weekdays),
            "every_weeks": plan.frequency.every_weeks,
            "times_a_day": plan.frequency.times_a_day,
            "holidays": str(plan.frequency.holidays),
            "shift": f"{plan.shift_start:%H:%M}-{plan.shift_end:%H:%M}",
            "points": len(plan.points),
            "from": plan.valid_from.isoformat(),
            "until": plan.valid_until.isoformat() if plan.valid_until else "",
            "active": plan.active,
        }
        for plan in plans
    ]
    return Told({"plans": told[: options.limit], "count": len(told)})


def round_filter(where: Sequence[str], search: str, desk: Desk) -> RoundFilter:
    """The list asked for. Raises Refused("patrol.filter_unknown") naming what there is."""
    fields: dict[str, Any] = {"search": search}
    for name, value in pairs(where).items():
        fields |= _field(name, value, desk)
    return RoundFilter(**fields)


def _field(name: str, value: str, desk: Desk) -> dict[str, Any]:
    match name:
        case "first" | "last":
            return {name: day_of(value)}
        case "state":
            return {"states": frozenset(_one_of(RoundState, ROUND_STATE_TITLES, word) for word in value.split(","))}
        case "kind":
            return {"kind": _one_of(RoundKind, ROUND_KIND_TITLES, value)}
        case "programme":
            return {"programme": _one_of(Programme, PROGRAMME_TITLES, value)}
        case "member":
            members = desk.directory.workers(WorkerKind.COLLECTOR)
            found = next((one for one in members if value in (one.name, one.number)), None)
            if found is None:
                raise Refused("patrol.member_unknown", name=value)
            return {"member_id": found.id}
        case "grid":
            return {"grid_code": value}
        case "street":
            return {"street_code": desk.street_code(value)}
    raise Refused("patrol.filter_unknown", name=name, known=" ".join(KNOWN))


def _one_of(kind: type[E], titles: Mapping[E, str], word: str) -> E:
    for member, title in titles.items():
        if word in (member.value, title):
            return member
    raise Refused("patrol.filter_unknown", name=word, known=" ".join(member.value for member in kind))


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Desk, Actor], Told]] = {
    "import-rounds": import_rounds,
    "plan-week": plan_week,
}
