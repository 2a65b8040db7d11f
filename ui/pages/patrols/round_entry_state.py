"""What is typed of one round: a result per check point, with undo, as a draft and as what the desk takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from app.domain.checklists import ChecklistItem, ChecklistTemplate, ItemKind
from app.domain.patrol_planning import shift_span
from app.domain.patrol_views import EnteredPoint
from app.domain.patrols import CheckGrade, CheckPoint, CheckResult, ItemAnswer, PatrolRound
from app.domain.round_rules import over_limit
from ui.time_words import OFFICE_ZONE


@dataclass(frozen=True)
class PointEntry:
    """What is typed of one check point. values: measured numbers by item code. note: in a person's words."""

    grade: CheckGrade | None = None
    values: Mapping[str, float] | None = None
    note: str = ""

    @property
    def empty(self) -> bool:
        """Nothing is typed."""
        return self.grade is None and not self.values and not self.note


class EntryState:
    """The route in its order with what is typed. Every change can be undone."""

    def __init__(self, round_: PatrolRound, template: ChecklistTemplate | None, results: Sequence[CheckResult]) -> None:
        self.round = round_
        self.items: tuple[ChecklistItem, ...] = template.items if template else ()
        self.points: tuple[CheckPoint, ...] = round_.points
        self._entries: list[PointEntry] = [_of_result(results, point.no) for point in self.points]
        self._undo: list[list[tuple[int, PointEntry]]] = []

    @property
    def measured(self) -> tuple[ChecklistItem, ...]:
        """Items answered by a number."""
        return tuple(item for item in self.items if item.answer is ItemKind.NUMBER)

    def entry(self, row: int) -> PointEntry:
        """What is typed of a row."""
        return self._entries[row]

    def grade(self, row: int, grade: CheckGrade | None) -> None:
        """Set or take away the result of one point."""
        self._set([(row, replace(self._entries[row], grade=grade))])

    def note(self, row: int, note: str) -> None:
        """What a person says of a point."""
        self._set([(row, replace(self._entries[row], note=note))])

    def measure(self, row: int, code: str, value: float | None) -> bool:
        """Keep a measured number; a point without a result gets the one its numbers say. True: above the limit."""
        before = self._entries[row]
        values = {**(before.values or {})}
        if value is None:
            values.pop(code, None)
        else:
            values[code] = value
        after = replace(before, values=values or None)
        if before.grade in (None, self._judged(before)):
            # A result somebody chose stays; one the numbers gave follows them.
            after = replace(after, grade=self._judged(after))
        self._set([(row, after)])
        item = next(one for one in self.items if one.code == code)
        return over_limit(item, value)

    def rest_good(self) -> int:
        """Every point without a result is good; gives how many."""
        rows = [row for row, one in enumerate(self._entries) if one.grade is None]
        self._set([(row, replace(self._entries[row], grade=CheckGrade.GOOD)) for row in rows])
        return len(rows)

    def undo(self) -> int | None:
        """Take the last change back; the row it was made at."""
        if not self._undo:
            return None
        before = self._undo.pop()
        for row, entry in before:
            self._entries[row] = entry
        return before[0][0]

    def open_rows(self) -> list[int]:
        """Rows without a result."""
        return [row for row, one in enumerate(self._entries) if one.grade is None]

    def over(self, row: int) -> list[ChecklistItem]:
        """Items measured above their limit."""
        values = self._entries[row].values or {}
        return [item for item in self.items if over_limit(item, values.get(item.code))]

    def entered(self) -> list[EnteredPoint]:
        """What the desk takes: every point with a result."""
        return [
            EnteredPoint(
                point.no,
                one.grade,
                tuple(ItemAnswer(code=code, value=value) for code, value in (one.values or {}).items()),
                note=one.note,
            )
            for point, one in zip(self.points, self._entries, strict=True)
            if one.grade is not None
        ]

    def unkept(self) -> bool:
        """Something is typed of a point that has no result, so that the desk does not take it yet."""
        return any(one.grade is None and not one.empty for one in self._entries)

    def body(self) -> dict[str, Any]:
        """As it is kept in a draft."""
        return {
            str(point.no): {"grade": one.grade, "values": dict(one.values or {}), "note": one.note}
            for point, one in zip(self.points, self._entries, strict=True)
            if not one.empty
        }

    def restore(self, body: Mapping[str, Any]) -> None:
        """Go on with a draft; points the route has no more are passed over."""
        for row, point in enumerate(self.points):
            kept = body.get(str(point.no))
            if kept is not None:
                grade = CheckGrade(kept["grade"]) if kept["grade"] else None
                self._entries[row] = PointEntry(grade, kept["values"] or None, kept["note"])

    def _judged(self, entry: PointEntry) -> CheckGrade | None:
        values = entry.values or {}
        if not values:
            return None
        over = any(over_limit(item, values.get(item.code)) for item in self.items)
        return CheckGrade.BAD if over else CheckGrade.GOOD

    def _set(self, changes: Sequence[tuple[int, PointEntry]]) -> None:
        moved = [(row, entry) for row, entry in changes if entry != self._entries[row]]
        if moved:
            self._undo.append([(row, self._entries[row]) for row, _entry in moved])
        for row, entry in moved:
            self._entries[row] = entry


def walked(day: date, begin: time | None, end: time | None) -> tuple[datetime | None, datetime | None]:
    """Begin and end of a walk as instants; an end not after its beginning lies on the next day."""
    if begin is not None and end is not None:
        first, last = shift_span(day, begin, end)
        return first.replace(tzinfo=OFFICE_ZONE), last.replace(tzinfo=OFFICE_ZONE)
    return tuple(  # type: ignore[return-value]
        None if at is None else datetime.combine(day, at, OFFICE_ZONE) for at in (begin, end)
    )


def clock_of(text: str) -> time | None:
    """`8:30`, `0830`, `8` and `8点30` as a time of day. Raises ValueError."""
    digits = "".join(letter if letter.isdecimal() else " " for letter in text).split()
    if not digits:
        return None
    if len(digits) == 1 and len(digits[0]) > 2:
        digits = [digits[0][:-2], digits[0][-2:]]
    return time(int(digits[0]), int(digits[1]) if len(digits) > 1 else 0)


def _of_result(results: Sequence[CheckResult], no: int) -> PointEntry:
    found = next((one for one in results if one.point_no == no), None)
    if found is None:
        return PointEntry()
    values = {one.code: one.value for one in found.answers if one.value is not None}
    return PointEntry(found.grade, values or None, found.note)
