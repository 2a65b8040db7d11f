"""The month sheet of attendance (考勤): written day by day, proposed from traces, taken from sheets, never overwritten silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.watch import Watch
from app.base.words import _
from app.domain.attendance import ATTENDANCE_TITLES, Attendance, AttendanceState
from app.domain.attendance_rules import ATTENDANCE_SIGNS, Proposal, check_day, merged
from app.domain.directory import Worker
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.reports.attendance_sheet import attendance_blocks
from app.reports.paper import Paper
from app.reports.paper_foot import foot_words
from app.reports.workbooks import SheetColumn, export_rows
from app.services.attendance_rows import AttendanceRow, read_rows
from app.services.member_scores import month_of
from app.services.members import MemberService
from app.services.reference import OFFICE_ZONE, ReferenceService
from app.services.sheets.refusals import RowRefusal, refusal
from db.queries import members
from db.store import Store
from db.tx import Tx

Place = tuple[UUID, date]


@dataclass(frozen=True)
class MonthSheet:
    """Members down, days across. proposals: what traces say of days nobody wrote down."""

    days: Sequence[date]
    members: Sequence[Worker]
    entries: Mapping[Place, Attendance]
    proposals: Mapping[Place, Proposal]

    def count(self, member_id: UUID, state: AttendanceState) -> int:
        """Days of a member in that state."""
        places = ((member_id, day) for day in self.days)
        return sum(1 for place in places if place in self.entries and self.entries[place].state == state)


@dataclass(frozen=True)
class Marked:
    """What a deed wrote, to be taken back: entries made, and those changed as they were before."""

    made: Sequence[Attendance] = ()
    before: Sequence[Attendance] = ()
    kept: int = 0


@dataclass
class AttendanceImport:
    """What an import did. kept: days that had an entry and stayed as they were."""

    read: int = 0
    taken: int = 0
    unchanged: int = 0
    kept: int = 0
    refused: list[RowRefusal] = field(default_factory=list)


class AttendanceService:
    """Reads are safe from reader threads."""

    def __init__(self, store: Store, reference: ReferenceService, people: MemberService) -> None:
        self._store = store
        self._reference = reference
        self._people = people

    def month(self, day: date) -> MonthSheet:
        """The sheet of the month that holds `day`."""
        first, last = month_of(day)
        with self._store.read() as reader:
            entries = members.attendance_between(reader.connection, first, last)
            seen = members.walked_between(reader.connection, first, last)
        written = {(entry.member_id, entry.day): entry for entry in entries}
        proposed = {(one.seen.member_id, one.seen.day): one for one in merged(seen)}
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        shown = [one for one in self._people.everybody() if one.active or any((one.id, day) in written for day in days)]
        open_ones = {place: one for place, one in proposed.items() if place not in written}
        return MonthSheet(days, shown, written, open_ones)

    def mark(
        self,
        places: Sequence[Place],
        state: AttendanceState,
        *,
        actor: Actor,
        note: str | None = None,
        overwrite: bool = True,
    ) -> Marked:
        """Write one state for several members and days; without a note the words there are stay.

        Raises Refused("attendance.in_future").
        """
        names = {member.id: member.name for member in self._people.everybody()}
        said = {"state": state} if note is None else {"state": state, "note": note}
        rows = [_Wanted(member, names.get(member, ""), day, said) for member, day in places]
        return self._write(rows, "attendance.mark", actor, overwrite=overwrite)

    def accept(self, proposals: Sequence[Proposal], *, actor: Actor) -> Marked:
        """Write what traces propose, for days without an entry alone."""
        names = {member.id: member.name for member in self._people.everybody()}
        rows = [_wanted(one, names.get(one.seen.member_id, "")) for one in proposals]
        return self._write(rows, "attendance.accept", actor, overwrite=False)

    def undo(self, marked: Marked, *, actor: Actor) -> None:
        """Take back a deed: what it made goes, what it changed is as before."""
        need_writer(actor, "attendance")
        with self._store.write(actor, "attendance.undo") as tx:
            for entry in marked.made:
                tx.take_back(entry)
            for entry in marked.before:
                current = tx.need(Attendance, entry.id)
                same = {name: getattr(entry, name) for name in _FIELDS}
                tx.change(current.changed(tx.now, **same))

    def take_sheet(
        self, path: Path, day: date, *, actor: Actor, overwrite: bool = False, watch: Watch | None = None
    ) -> AttendanceImport:
        """A month sheet or the file of a time clock, read row by row; importing again doubles nothing.

        day: in the month the columns 1 to 31 belong to. overwrite: entries that differ are changed, else kept and counted.
        """
        result = AttendanceImport()
        wanted: list[_Wanted] = []
        for row in read_rows(path, month_of(day)[0], watch):
            result.read += 1
            if isinstance(row, RowRefusal):
                result.refused.append(row)
                continue
            try:
                wanted.append(self._row(row))
            except Refused as refused:
                result.refused.append(refusal(row.row, row.column, refused.code, **refused.details))
        marked = self._write(wanted, "attendance.import", actor, overwrite=overwrite, note=path.name)
        result.taken = len(marked.made) + len(marked.before)
        result.kept = marked.kept
        result.unchanged = len(wanted) - result.taken - result.kept
        return result

    def export(self, path: Path, sheet: MonthSheet, *, actor: Actor, watch: Watch | None = None) -> int:
        """The month as a sheet: a row a member, a sign a day, the sums at the end."""
        days = [SheetColumn(str(day.day), "text", 5) for day in sheet.days]
        sums = [SheetColumn(_(ATTENDANCE_TITLES[state]), "number", 7) for state in AttendanceState]
        columns = [SheetColumn(_("姓名"), "text", 12), SheetColumn(_("工号"), "text", 12), *days, *sums]
        written = export_rows(path, columns, _sheet_rows(sheet), watch, title=f"{sheet.days[0]:%Y-%m}")
        with self._store.write(actor, "attendance.export", path.name) as tx:
            tx.note_event("attendance.export", "attendance", None, f"{path.name}: {written}")
        return written

    def paper(self, sheet: MonthSheet, *, actor: Actor) -> Paper:
        """The month on paper, the long side across, with lines to sign on."""
        office = self._reference.office()
        title = _("{year} 年 {month} 月考勤表").format(year=sheet.days[0].year, month=sheet.days[0].month)
        signs = [[_sign(sheet, member, day) for day in sheet.days] for member in sheet.members]
        sums = [[sheet.count(member.id, state) for state in AttendanceState] for member in sheet.members]
        names = [member.name for member in sheet.members]
        foot = foot_words(office, actor.name, self._store.clock.now())
        return Paper(
            title, tuple(attendance_blocks(title, sheet.days, names, signs, sums, office)), foot, landscape=True
        )

    def _row(self, row: AttendanceRow) -> _Wanted:
        member = self._people.named(row.number or row.name)
        check_day(row.state, row.day, self._today())
        clocks = {"clock_in": row.clock_in, "clock_out": row.clock_out, "source": row.source}
        return _Wanted(member.id, member.name, row.day, {"state": row.state, **clocks})

    def _write(self, rows: Sequence[_Wanted], deed: str, actor: Actor, *, overwrite: bool, note: str = "") -> Marked:
        need_writer(actor, "attendance")
        today = self._today()
        for row in rows:
            check_day(row.values["state"], row.day, today)
        if not rows:
            return Marked()
        with self._store.write(actor, deed, note) as tx:
            first, last = min(row.day for row in rows), max(row.day for row in rows)
            found = members.attendance_between(tx.connection, first, last)
            known = {(entry.member_id, entry.day): entry for entry in found}
            made: list[Attendance] = []
            before: list[Attendance] = []
            kept = 0
            for row in {(row.member_id, row.day): row for row in rows}.values():
                entry = known.get((row.member_id, row.day))
                if entry is None:
                    made.append(_new(tx, row))
                elif all(getattr(entry, name) == value for name, value in row.values.items()):
                    continue
                elif overwrite:
                    before.append(entry)
                    tx.change(entry.changed(tx.now, **row.values))
                else:
                    kept += 1
            tx.add_many(made)
        return Marked(made, before, kept)

    def _today(self) -> date:
        return self._store.clock.now().astimezone(OFFICE_ZONE).date()


@dataclass(frozen=True)
class _Wanted:
    member_id: UUID
    name: str
    day: date
    values: Mapping[str, Any]


_FIELDS = ("state", "shift_start", "shift_end", "clock_in", "clock_out", "source", "note")


def _wanted(one: Proposal, name: str) -> _Wanted:
    seen = one.seen
    values = {
        "state": one.state,
        "shift_start": seen.shift[0],
        "shift_end": seen.shift[1],
        "clock_in": seen.first,
        "clock_out": seen.last,
        "source": _("轨迹和巡查"),
    }
    return _Wanted(seen.member_id, name, seen.day, values)


def _new(tx: Tx, row: _Wanted) -> Attendance:
    stamps = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
    whose = {"member_id": row.member_id, "member_name": row.name, "day": row.day}
    return Attendance.model_validate({**stamps, **whose, **row.values})


def _sign(sheet: MonthSheet, member: Worker, day: date) -> str:
    entry = sheet.entries.get((member.id, day))
    return "" if entry is None else ATTENDANCE_SIGNS[entry.state]


def _sheet_rows(sheet: MonthSheet) -> Iterator[list[Any]]:
    for member in sheet.members:
        signs = [_sign(sheet, member, day) for day in sheet.days]
        sums = [sheet.count(member.id, state) for state in AttendanceState]
        yield [member.name, member.number, *signs, *sums]
