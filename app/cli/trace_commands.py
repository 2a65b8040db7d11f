"""Commands of traces and coverage: track files in, the matrix of a span out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.base.words import _
from app.cli.arguments import day_of
from app.cli.output import Exit, Told
from app.desk import Desk
from app.domain.coverage import CoverageBy
from app.domain.grids import PointSystem
from app.domain.permissions import Actor
from app.domain.problems import Problem
from app.services.case_step_words import refusal_text
from app.services.coverage import told
from app.services.track_import import TrackChoices, with_round

Add = Callable[[str, str], argparse.ArgumentParser]


def add_parsers(add: Add) -> None:
    """The arguments of these commands."""
    tracks = add("import-tracks", _("导入轨迹文件(GPX、CSV)"))
    tracks.add_argument("file", type=Path, nargs="+", metavar="FILE")
    tracks.add_argument("--member", default="", metavar="NAME", help=_("网格员姓名或工号;省略时取文件名里的"))
    systems = [str(system) for system in PointSystem]
    tracks.add_argument("--system", choices=systems, default=str(PointSystem.WGS84), help=_("坐标系"))
    tracks.add_argument("--swap", action="store_true", help=_("经纬度对调"))
    tracks.add_argument("--anyway", action="store_true", help=_("在别的城市也导入"))
    tracks.add_argument("--clock-as-is", action="store_true", help=_("不按巡查校正时钟"))
    coverage = add("coverage", _("巡查覆盖:计划、完成、盲区"))
    coverage.add_argument("--from", required=True, metavar="DATE", dest="first")
    coverage.add_argument("--to", required=True, metavar="DATE", dest="last")
    coverage.add_argument("--by", choices=[str(by) for by in CoverageBy], default=None)
    coverage.add_argument("--street", default="", metavar="NAME", help=_("街道代码或名称"))
    coverage.add_argument("--file", type=Path, default=None, metavar="FILE", help=_("同时写成表格"))


def import_tracks(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """taken: one entry a file; refused: [{file, code, message}]. A file refused does not stop the others."""
    taken: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for path in options.file:
        try:
            taken.append(_take(path, options, desk, actor))
        except Problem as problem:
            refused.append({"file": path.name, "code": problem.code, "message": refusal_text(problem)})
    return Told({"taken": taken, "refused": refused}, Exit.REFUSED if refused and not taken else Exit.DONE)


def coverage(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """The matrix of a span with its blind spots."""
    by = CoverageBy(options.by) if options.by else desk.coverage.best_by()
    street = desk.street_code(options.street) if options.street else ""
    matrix = desk.coverage.matrix(by, day_of(options.first), day_of(options.last), street)
    if options.file is not None:
        desk.coverage.export(options.file, matrix, actor=actor)
    return Told(told(matrix, desk.coverage.blind_spots(matrix, street)))


def _take(path: Path, options: argparse.Namespace, desk: Desk, actor: Actor) -> dict[str, Any]:
    who = options.member or _name_in(path, desk)
    member = desk.members.named(who) if who else None
    choices = TrackChoices(member, None, PointSystem(options.system), options.swap, anyway=options.anyway)
    preview = desk.traces.look(path, choices)
    if preview.round is not None and not (options.clock_as_is and preview.shift_s):
        preview = desk.traces.look(path, with_round(choices, preview), file=preview.file)
    track = desk.traces.take(preview, actor=actor)
    return {
        "file": path.name,
        "member": track.member_name,
        "day": track.day.isoformat(),
        "round": preview.round.number if preview.choices.round_id is not None and preview.round else "",
        "points": track.count,
        "dropped": track.dropped,
        "metres": round(track.distance_m),
        "clock_shift_s": track.clock_shift_s,
        "note": track.note,
    }


def _name_in(path: Path, desk: Desk) -> str:
    """The member whose name or number stands in the file's name; "" when none or several do."""
    hits = {
        member.number or member.name
        for member in desk.members.all()
        if member.name in path.stem or (member.number and member.number in path.stem.replace("-", "_").split("_"))
    }
    return hits.pop() if len(hits) == 1 else ""


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Desk, Actor], Told]] = {
    "import-tracks": import_tracks,
    "coverage": coverage,
}
