"""Violations on the command line: an office's own list in, what holds on a day out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from app.base.words import _
from app.cli.arguments import UsageError, pairs
from app.cli.output import Told
from app.desk import Desk
from app.domain.permissions import Actor
from app.domain.violations import Subject

Add = Callable[[str, str], argparse.ArgumentParser]
FIELDS = ("on", "subject", "code")


def add_parsers(add: Add) -> None:
    """import-violations."""
    bring_in = add("import-violations", _("从表格导入违法事项清单或裁量基准"))
    bring_in.add_argument("file", type=Path, metavar="FILE")
    bring_in.add_argument("--sheet", default=None, metavar="NAME", help=_("工作表名称"))
    bring_in.add_argument("--refused", type=Path, default=None, metavar="FILE", help=_("把被拒的行写到这个表格"))


def import_violations(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """read, taken, updated, unchanged, refused: [{row, column, code, message}], notes."""
    sheet = desk.violations.open(options.file, options.sheet)
    result = desk.violations.take_over(sheet, desk.violations.mapping_for(sheet), actor=actor)
    if options.refused is not None and result.refused:
        desk.imports.write_refused(options.refused, result)
    return Told(result.told())


def list_violations(options: argparse.Namespace, desk: Desk, _actor: Actor) -> Told:
    """Items in force on a day (today unless `on` says another)."""
    said = pairs(options.where)
    if unknown := sorted(said.keys() - set(FIELDS)):
        raise UsageError(_("筛选写错了:{words}").format(words=" ".join(unknown)))
    try:
        on = date.fromisoformat(said["on"]) if "on" in said else desk.reference.today()
        subject = Subject(said["subject"]) if "subject" in said else Subject.BOTH
    except ValueError as error:
        raise UsageError(_("筛选写错了:{words}").format(words=error)) from error
    words = options.search.lower()
    told = [
        item.model_dump(mode="json", exclude={"title_en"})
        for item in desk.violations.table().in_force(on)
        if item.concerns(subject)
        and said.get("code", item.code) == item.code
        and words in f"{item.code} {item.title} {item.basis}".lower()
    ]
    return Told({"violations": told[: options.limit], "count": len(told)})


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Desk, Actor], Told]] = {"import-violations": import_violations}
