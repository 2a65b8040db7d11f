"""Commands between this desk and the city."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.problem_words import problem_cure, problem_text
from app.base.words import _
from app.cli.arguments import UsageError, pairs
from app.cli.output import Exit, Told
from app.desk import Desk
from app.domain.decisions import Verdict
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from app.services.reference import OFFICE_ZONE
from app.sync.views import SyncReport, SyncStatus, Trouble

SIDES = ("mine", "theirs")


def enrol(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Become known to the city with a one-time code."""
    own_ca = "" if options.ca is None else _text_of(options.ca)
    link = desk.sync.enrol(options.city, options.code, own_ca=own_ca, proxy=options.proxy, actor=actor)
    mark = desk.reference.office().pc_mark
    return Told({"city": link.city, "url": link.url, "device": str(link.device_id), "pc_mark": mark})


def sync(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """One run both ways, or how the line stands; exit 3 when the line or the city stood in the way."""
    if options.what == "status":
        return Told(_status(desk.sync.status()))
    if not options.once:
        raise UsageError(_("请写 sync --once 同步一次,或 sync status 看状态"))
    report = desk.sync.run()
    told = report.told() | _trouble_words(report)
    return Told(told, Exit.UNUSABLE if report.problem_code else Exit.DONE)


def conflicts(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """What the city has not taken over: conflicts and refusals, field by field."""
    seen: dict[UUID, Trouble] = {}
    for line in desk.sync.troubles():
        found = desk.sync.trouble(line.record_id)
        if found is not None:
            seen[found.record_id] = found
    return Told({"conflicts": [_trouble(found) for found in seen.values()]})


def decide(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Close a conflict or refusal with a reason."""
    record_id = _record(options.record, desk)
    choices = pairs(options.field)
    wrong = sorted(side for side in choices.values() if side not in SIDES)
    if wrong or sum((options.mine, options.theirs, bool(choices))) != 1:
        raise UsageError(_("请在 --mine、--theirs 和 --field 名称=mine|theirs 中选一种"))
    verdict = Verdict.MINE if options.mine else Verdict.THEIRS if options.theirs else Verdict.MIXED
    decision = desk.sync.decide(record_id, verdict, choices, options.reason, actor=actor)
    chosen = {name: said["chosen"] for name, said in decision.fields.items()}
    return Told({"id": str(record_id), "verdict": str(verdict), "chosen": chosen, "given_up": len(decision.given_up)})


def resend(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Send again what was refused and has been put right."""
    record_id = _record(options.record, desk)
    desk.sync.resend(record_id, actor=actor)
    return Told({"id": str(record_id), "waiting": desk.sync.delivery(record_id).waiting})


def seal(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Everything the city lacks as one sealed file for a stick."""
    made = desk.sync.seal(options.file, actor=actor)
    return Told({"file": str(options.file), "no": made.counter, "changes": made.changes, "files": made.files})


def unseal(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Take in the city's answer to a sealed file."""
    return Told(desk.sync.unseal(options.file, actor=actor).told())


def test_line(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Each station of the line with its seconds; exit 3 when one failed."""
    result = desk.sync.test_line()
    stations = [{"station": name, "seconds": seconds, "code": code} for name, seconds, code in result.stations]
    return Told({"ok": result.ok, "stations": stations}, Exit.DONE if result.ok else Exit.UNUSABLE)


def _record(given: str, desk: Desk) -> UUID:
    """A record by its own identity, a case also by any of its numbers."""
    try:
        return UUID(given)
    except ValueError:
        return desk.cases.find_number(given)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("读不了证书文件 {file}").format(file=file)) from error


def _trouble_words(report: SyncReport) -> dict[str, Any]:
    if not report.problem_code:
        return {}
    problem = Unavailable(report.problem_code, **report.problem_details)
    return {"message": problem_text(problem), "cure": problem_cure(problem)}


def _trouble(found: Trouble) -> Mapping[str, Any]:
    return {
        "id": str(found.record_id),
        "what": found.title,
        "state": str(found.state),
        "code": found.code,
        "field": found.field,
        "message": found.message,
        "fields": [
            f"{clash.name}: {clash.before_words} | {clash.mine_words} | {clash.theirs_words}" for clash in found.clashes
        ],
        "steps": list(found.steps),
    }


def _status(status: SyncStatus) -> Mapping[str, Any]:
    told = {name: value for name, value in status.__dict__.items() if name != "problem_details"}
    for name in ("last_success_at", "last_try_at", "next_try_at", "outage_since"):
        told[name] = told[name].astimezone(OFFICE_ZONE).isoformat() if told[name] else ""
    told["device_id"] = str(status.device_id or "")
    told["state"] = str(status.state)
    return told
