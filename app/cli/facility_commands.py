"""Facilities on the command line: sheets in, lists out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.base.words import _
from app.cli.arguments import UsageError, amount, moment, pairs
from app.cli.output import Told, told_import
from app.desk import Desk
from app.domain.facilities import FACILITY_STATE_TITLES, FacilityState
from app.domain.facility_views import FacilityFilter, FacilityOrder
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.services.facility_columns import with_options
from app.services.facility_groups import group_named, group_title, groups
from app.services.reference import OFFICE_ZONE

KNOWN = ("group", "state", "street", "unit_grid", "duty_grid", "owner", "maintainer", "unseen_since", "unseen_days")


def import_facilities(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """read, taken, updated, unchanged, refused: [{row, column, code, message}], notes.

    Raises Refused: facility.category_unknown, facility.field_unknown for a register nobody has.
    """
    imports = desk.facility_import
    sheet = imports.open(options.file, options.sheet)
    fixed = {"group": _group(options.group) if options.group else "", "category": options.category}
    mapping = with_options(
        imports.mapping_for(sheet),
        system=options.system,
        swap=options.swap,
        fixed={name: value for name, value in fixed.items() if value},
    )
    if options.category:
        desk.facilities.tables().category_fields(*mapping.category)
    result = imports.take_over(sheet, mapping, actor=actor)
    return told_import(options, desk, result)


def list_facilities(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """The lines of the register, as the window shows them."""
    wanted = facility_filter(options.where, options.search, desk)
    told = [
        {
            "code": line.code,
            "house_number": line.house_number,
            "name": line.title,
            "group": line.group,
            "group_title": _(group_title(line.group)),
            "state": str(line.state),
            "state_title": _(FACILITY_STATE_TITLES[line.state]),
            "street": line.street_name,
            "where": line.address or line.road,
            "longitude": line.longitude,
            "latitude": line.latitude,
            "maintainer": line.maintainer,
            "seen": line.seen_at.astimezone(OFFICE_ZONE).isoformat() if line.seen_at else "",
        }
        for line in desk.facilities.find(wanted, options.limit)
    ]
    return Told({"facilities": told, "count": desk.facilities.count(wanted, None).count})


def facility_filter(where: Sequence[str], search: str, desk: Desk) -> FacilityFilter:
    """The list asked for. Raises Refused("facility.field_unknown") naming what there is."""
    fields: dict[str, Any] = {"search": search, "order": FacilityOrder.CODE, "ascending": True}
    for name, value in pairs(where).items():
        fields |= _field(name, value, desk)
    return FacilityFilter(**fields)


def _field(name: str, value: str, desk: Desk) -> dict[str, Any]:
    match name:
        case "group":
            return {"group": _group(value)}
        case "state":
            return {"states": frozenset(_state(word) for word in value.split(","))}
        case "street":
            return {"street_code": desk.street_code(value)}
        case "unit_grid" | "duty_grid" | "owner" | "maintainer":
            return {name: value}
        case "unseen_since":
            return {"unseen_since": moment(value)}
        case "unseen_days":
            try:
                return {"unseen_since": desk.clock.now() - timedelta(days=amount(value))}
            except (ValueError, OverflowError):
                raise UsageError(_("“{name}”的值“{value}”不合要求").format(name=name, value=value)) from None
    raise Refused("facility.field_unknown", name=name, known=" ".join(KNOWN))


def _group(word: str) -> str:
    if word not in {name for group in groups() for name in (group.name, group.title)}:
        raise Refused("facility.field_unknown", name=f"group={word}", known=" ".join(group.name for group in groups()))
    return group_named(word).name


def _state(word: str) -> FacilityState:
    for state, title in FACILITY_STATE_TITLES.items():
        if word in (state.value, title):
            return state
    raise Refused("facility.state_unknown", text=word)
