"""What each command does; every one gives what it tells and its exit code."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.words import _
from app.cli.arguments import case_draft, case_filter, pairs, step_inputs, values_told_in_words
from app.cli.facility_commands import import_facilities
from app.cli.grid_commands import COMMANDS as GRIDS
from app.cli.inspection_commands import COMMANDS as INSPECTIONS
from app.cli.line_commands import conflicts, decide, enrol, resend, seal, sync, test_line, unseal
from app.cli.lists import LISTS
from app.cli.output import Exit, Told, told_import
from app.cli.patrol_commands import COMMANDS as PATROLS
from app.cli.session import key_of, password_of
from app.cli.term_commands import COMMANDS as TERMS
from app.cli.trace_commands import COMMANDS as TRACES
from app.cli.violation_commands import COMMANDS as VIOLATIONS
from app.desk import Desk, NewOffice, create_desk, restore_desk, salvage_desk
from app.domain.cases import PhotoPhase
from app.domain.permissions import Actor
from app.domain.stages import STAGE_TITLES
from app.services.case_words import light_word, remaining_words
from app.services.reference import OFFICE_ZONE


def init(options: argparse.Namespace, paths: StorePaths, clock: Clock) -> Told:
    """Make a new store with its first person; prints the recovery code once."""
    office = NewOffice(options.district, options.office, options.mark)
    login = options.login or options.first_person
    with values_told_in_words():
        desk, recovery = create_desk(paths, office, options.first_person, login, password_of(options), clock=clock)
    desk.close()
    return Told({"store": str(paths.database), "login": login, "recovery_code": recovery})


def restore(options: argparse.Namespace, paths: StorePaths, clock: Clock) -> Told:
    """Bring a backup back; what was there before is kept aside."""
    kept = restore_desk(options.file, paths, clock)
    return Told({"restored": str(paths.database), "kept_aside": "" if kept is None else str(kept)})


def salvage(options: argparse.Namespace, paths: StorePaths, clock: Clock) -> Told:
    """Save what can be read of a damaged store; the damaged files are kept."""
    to = None if options.to is None else StorePaths.of(options.to)
    return Told(salvage_desk(key_of(options, paths, clock).key, paths, clock, to).told())


def import_cases(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """read, taken, updated, refused: [{row, column, code, message}]."""
    result = desk.imports.run(options.file, actor=actor, mapping_file=options.map, sheet=options.sheet)
    return told_import(options, desk, result)


def import_standards(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """minors, conditions, refused: […]; a table with rows not understood is not taken over unless told to."""
    result = desk.imports.run_standards(
        options.file, scheme=options.scheme, valid_from=options.valid_from, leave_out=options.leave_out, actor=actor
    )
    return Told(result.told(), Exit.DONE if result.taken_over else Exit.REFUSED)


def export_cases(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Write the cases asked for to a sheet."""
    wanted = case_filter(options.where, options.search, desk, actor)
    written = desk.exports.cases(options.file, wanted, actor=actor)
    return Told({"written": written, "file": str(options.file)})


def list_cases(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """The lines of a list, as the window shows them."""
    wanted = case_filter(options.where, options.search, desk, actor)
    lines = desk.case_lists.first_page(wanted, options.limit)
    now = desk.clock.now()
    told = [
        {
            "number": line.local_no,
            "light": light_word(line.light(now)),
            "what": line.minor_name or line.category_text or line.description[:40],
            "where": line.address,
            "stage": str(line.stage),
            "stage_title": _(STAGE_TITLES[line.stage]),
            "due": line.due_at.astimezone(OFFICE_ZONE).isoformat() if line.due_at else "",
            "remaining": remaining_words(line, now, desk.reference.calendar()),
            "unit": line.unit_name,
            "reported": line.reported_at.astimezone(OFFICE_ZONE).isoformat(),
        }
        for line in lines
    ]
    return Told({"cases": told, "count": desk.case_lists.count(wanted, None).count})


def list_things(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """The lines of one of the lists."""
    return list_cases(options, desk, actor) if options.what == "cases" else LISTS[options.what](options, desk, actor)


def act(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Take one step of one case."""
    case = desk.cases.get(desk.cases.find_number(options.case))
    inputs = step_inputs(options.note, pairs(options.set), case, desk)
    for photo in options.photo:
        desk.photos.attach(case.id, [desk.photos.take_in(Path(photo))], PhotoPhase.AFTER, actor=actor)
    after = desk.cases.act(case.id, options.action, inputs, actor=actor)
    return Told({"case": after.local_no, "stage": str(after.stage), "stage_title": _(STAGE_TITLES[after.stage])})


def report(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Enter one case."""
    case = desk.cases.report(case_draft(pairs(options.set)), actor=actor)
    return Told({"case": case.local_no, "id": str(case.id), "stage": str(case.stage)})


def check(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Integrity of the file, counts, hashes of photos, the chain of the audit trail."""
    found = desk.care.check(actor=actor)
    return Told(found.told(), Exit.DONE if found.sound else Exit.UNUSABLE)


def backup(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """One file with everything in it, opened again to prove it."""
    made = desk.care.back_up(options.file, actor=actor)
    return Told({"file": str(options.file), "bytes": made})


def demo_data(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Made-up cases; the same seed gives the same ones."""
    made = desk.demo.load(options.cases, options.seed, days=options.days, actor=actor)
    return Told({"cases": made.cases, "steps": made.steps})


def stats(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """How much there is."""
    return Told(desk.care.stats())


def confirm_clock(options: argparse.Namespace, desk: Desk, actor: Actor) -> Told:
    """Say that the PC's clock is right after it was doubted."""
    desk.clock_watch.confirm(actor=actor)
    return Told({"clock": desk.clock.now().isoformat()})


WITHOUT_DESK: Mapping[str, Callable[[argparse.Namespace, StorePaths, Clock], Told]] = {
    "init": init,
    "restore": restore,
    "salvage": salvage,
}
WITH_DESK: Mapping[str, Callable[[argparse.Namespace, Desk, Actor], Told]] = {
    "import-cases": import_cases,
    "import-standards": import_standards,
    "export-cases": export_cases,
    "import-facilities": import_facilities,
    "list": list_things,
    "act": act,
    "report": report,
    "check": check,
    "backup": backup,
    "confirm-clock": confirm_clock,
    "demo-data": demo_data,
    "stats": stats,
    **GRIDS,
    **INSPECTIONS,
    **PATROLS,
    **TERMS,
    **TRACES,
    **VIOLATIONS,
    "enrol": enrol,
    "sync": sync,
    "conflicts": conflicts,
    "decide": decide,
    "resend": resend,
    "seal": seal,
    "unseal": unseal,
    "test-line": test_line,
}
