"""Inspections of enterprises on the command line: sheets of companies in, lists out, a draw and its proof."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.words import _
from app.cli.arguments import day_of, pairs
from app.cli.output import Told, told_import
from app.desk import Desk
from app.domain.inspection_views import EnterpriseFilter, InspectionFilter, InspectionView
from app.domain.inspections import INSPECTION_BASIS_TITLES, INSPECTION_STATE_TITLES, Draw, InspectionBasis
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.reports.inspection_paper import result_word
from app.services.draws import DrawWish

Add = Callable[[str, str], argparse.ArgumentParser]
INSPECTION_FIELDS = ("view", "enterprise", "basis", "result", "from", "to")
ENTERPRISE_FIELDS = ("street", "risk", "category", "active")


def add_parsers(add: Add) -> None:
    """import-enterprises, draw."""
    bring_in = add("import-enterprises", _("从表格导入企业"))
    bring_in.add_argument("file", type=Path, metavar="FILE")
    bring_in.add_argument("--sheet", default=None, metavar="NAME", help=_("工作表名称"))
    bring_in.add_argument("--refused", type=Path, default=None, metavar="FILE", help=_("把被拒的行写到这个表格"))
    draw = add("draw", _("双随机抽取企业和执法人员,拟好检查;或重算一次抽取"))
    draw.add_argument("--count", type=int, default=0, metavar="N", help=_("抽几户"))
    draw.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help=_("检查日期"))
    draw.add_argument("--item", action="append", default=[], metavar="TEXT", help=_("检查事项,可重复;省略为全部"))
    draw.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE", help=_("筛选,可重复"))
    draw.add_argument("--note", default="", metavar="TEXT", help=_("说明"))
    draw.add_argument("--replay", default="", metavar="NUMBER", help=_("按种子和名单重算这一次,不再抽取"))


def import_enterprises(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """read, taken, updated, unchanged, refused: [{row, column, code, message}], notes."""
    imports = desk.enterprise_import
    sheet = imports.open(options.file, options.sheet)
    result = imports.take_over(sheet, imports.mapping_for(sheet), actor=actor)
    return told_import(options, desk, result)


def draw(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """number, seed, method, wanted, replays, picks: [{enterprise, officers}]."""
    if options.replay:
        return Told(_draw_told(desk, _draw_named(desk, options.replay)))
    on = options.on or desk.reference.today()
    known = {item.title: item for item in desk.inspections.items(on)}
    for title in options.item:
        if title not in known:
            raise Refused("inspection.item_not_made_known", title=title)
    items = tuple(known[title] for title in options.item) or tuple(known.values())
    candidates = desk.draws.candidates(enterprise_filter(options.where, "", desk), on)
    wish = DrawWish(candidates, options.count, on, items, note=options.note)
    made, inspections = desk.draws.draw(wish, actor=actor)
    return Told(_draw_told(desk, made) | {"inspections": [one.number for one in inspections]})


def list_inspections(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """The lines of the list, as the window shows them."""
    wanted = inspection_filter(options.where, options.search, desk)
    told = [
        {
            "number": line.number,
            "enterprise": line.enterprise_name,
            "basis": str(line.basis),
            "basis_title": _(INSPECTION_BASIS_TITLES[line.basis]),
            "state": str(line.state),
            "state_title": _(INSPECTION_STATE_TITLES[line.state]),
            "planned_on": line.planned_on.isoformat(),
            "units": list(line.units),
            "officers": list(line.officer_words),
            "result": line.result,
            "result_title": result_word(line.result),
            "case": line.case_no,
        }
        for line in desk.inspections.find(wanted, options.limit)
    ]
    return Told({"inspections": told, "count": desk.inspections.count(wanted, None).count})


def list_enterprises(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """The lines of the register, with what of the year's cap is used."""
    wanted = enterprise_filter(options.where, options.search, desk)
    cap = desk.grids.rules().inspection_cap_per_year
    told = [
        {
            "name": line.name,
            "credit_code": line.credit_code,
            "category": line.category,
            "risk": line.risk,
            "street": line.street_name,
            "address": line.address,
            "visits": line.visits,
            "cap": cap if line.cap is None else line.cap,
        }
        for line in desk.enterprises.find(wanted, options.limit)
    ]
    return Told({"enterprises": told, "count": desk.enterprises.count(wanted, None).count})


def inspection_filter(where: Sequence[str], search: str, desk: Desk) -> InspectionFilter:
    """The list asked for. Raises Refused("inspection.field_unknown") naming what there is."""
    given = pairs(where)
    view = given.pop("view", InspectionView.ALL.value)
    wanted = desk.inspections.view(_one_of(InspectionView, "view", view))
    fields: dict[str, Any] = {"search": search}
    for name, value in given.items():
        fields |= _inspection_field(name, value, desk)
    return wanted.narrowed(**fields)


def enterprise_filter(where: Sequence[str], search: str, desk: Desk) -> EnterpriseFilter:
    """The enterprises asked for, those in use unless active=no. Raises Refused("inspection.field_unknown")."""
    fields: dict[str, Any] = {"search": search}
    for name, value in pairs(where).items():
        match name:
            case "street":
                fields["street_code"] = desk.street_code(value)
            case "risk" | "category":
                fields[name] = value
            case "active":
                fields["active"] = _yes(name, value)
            case _:
                raise Refused("inspection.field_unknown", name=name, known=" ".join(ENTERPRISE_FIELDS))
    return EnterpriseFilter(**fields)


def _inspection_field(name: str, value: str, desk: Desk) -> Mapping[str, Any]:
    match name:
        case "enterprise":
            return {"enterprise_id": desk.enterprises.named(value).id}
        case "basis":
            return {"basis": _one_of(InspectionBasis, "basis", value)}
        case "result":
            return {"result": value}
        case "from" | "to":
            return {{"from": "planned_from", "to": "planned_until"}[name]: day_of(value)}
    raise Refused("inspection.field_unknown", name=name, known=" ".join(INSPECTION_FIELDS))


def _yes(name: str, value: str) -> bool:
    if value not in ("yes", "no"):
        raise Refused("inspection.field_unknown", name=f"{name}={value}", known="yes no")
    return value == "yes"


def _one_of(kind: Any, name: str, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = " ".join(str(member) for member in kind)
        raise Refused("inspection.field_unknown", name=f"{name}={value}", known=known) from None


def _draw_named(desk: Desk, number: str) -> UUID:
    found = next((one for one in desk.draws.all() if one.number == number), None)
    if found is None:
        raise Refused("draw.not_found", number=number)
    return found.id


def _draw_told(desk: Desk, made: Draw | UUID) -> dict[str, Any]:
    one = desk.draws.get(made) if isinstance(made, UUID) else made
    return {
        "number": one.number,
        "seed": one.seed,
        "method": one.method,
        "wanted": one.wanted,
        "replays": desk.draws.replays(one.id),
        "picks": [{"enterprise": pick.enterprise_name, "officers": list(pick.officer_words)} for pick in one.picks],
    }


COMMANDS = {"draw": draw, "import-enterprises": import_enterprises}
