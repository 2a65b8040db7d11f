"""Commands of grids: boundaries in and out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from app.base.words import _
from app.cli.arguments import UsageError, pairs
from app.cli.output import Exit, Told
from app.desk import Desk
from app.domain.boundary_plans import BY_COLUMN, PROPERTIES, ROAD, SEGMENT
from app.domain.grids import GridKind, PointSystem
from app.domain.permissions import Actor
from app.domain.problems import Refused

Add = Callable[[str, str], argparse.ArgumentParser]
CONTENTS = (*map(str, GridKind), ROAD, SEGMENT, BY_COLUMN)


def add_parsers(add: Add) -> None:
    """The arguments of these commands."""
    bring = add("import-boundaries", _("从 GeoJSON 导入网格边界和道路"))
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--system", required=True, choices=[str(system) for system in PointSystem], help=_("坐标系"))
    bring.add_argument("--trust-system", action="store_true", help=_("文件看来是别的坐标系,也按给出的导入"))
    bring.add_argument("--kind", choices=CONTENTS, default=None, help=_("内容;省略时按文件判断"))
    bring.add_argument(
        "--column", action="append", default=[], metavar="NAME=VALUE", help=_("哪个属性是什么,如 code=网格代码")
    )
    bring.add_argument("--swap", action="store_true", help=_("经纬度写反的改正过来"))
    bring.add_argument("--mend", action="store_true", help=_("修复自相交的边界"))
    bring.add_argument("--accept-overlaps", action="store_true", help=_("接受重叠和缝隙"))
    bring.add_argument("--preview", action="store_true", help=_("只看会怎样,不导入"))
    out = add("export-boundaries", _("把网格和道路写成 GeoJSON(WGS-84)"))
    out.add_argument("file", type=Path, metavar="FILE")
    out.add_argument("--kind", choices=[str(kind) for kind in GridKind], action="append", default=[])


def import_boundaries(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """read, added, changed, same, refused: [{row, code, name, reason}], overlaps: [[code, code, m2]], gaps, proposed."""
    file = desk.boundaries.inspect(options.file)
    columns = {**file.plan.columns, **pairs(options.column)}
    unknown = sorted(set(columns) - set(PROPERTIES))
    if unknown:
        raise UsageError(_("没有“{name}”这一项,可用:{known}").format(name=unknown[0], known=" ".join(PROPERTIES)))
    plan = replace(
        file.plan,
        kind=options.kind or file.plan.kind,
        system=PointSystem(options.system),
        columns=columns,
        put_right=options.swap,
        mend=options.mend,
    )
    proposed = {"system": str(file.guess.system), "why": str(file.guess.why)}
    preview = desk.boundaries.preview(options.file, plan)
    if options.preview:
        return Told({**preview.told(), "proposed": proposed})
    if file.guess.speaks_against(plan.system) and not options.trust_system:
        raise Refused("grid.system_doubted", chosen=plan.system, proposed=file.guess.system)
    result = desk.boundaries.take_over(preview, actor=actor, accept_overlaps=options.accept_overlaps)
    nothing = bool(result.refused) and not (result.added or result.changed or result.same)
    return Told({**result.told(), "proposed": proposed}, Exit.REFUSED if nothing else Exit.DONE)


def export_boundaries(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """written: grids and roads."""
    kinds = [GridKind(kind) for kind in options.kind]
    written = desk.boundaries.export(options.file, kinds, actor=actor, roads=not kinds)
    return Told({"written": written, "file": str(options.file)})


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Desk, Actor], Told]] = {
    "import-boundaries": import_boundaries,
    "export-boundaries": export_boundaries,
}
