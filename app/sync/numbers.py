"""Official numbers from blocks the city sets aside for this PC: asked for before they run out, and ahead of the new year."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from app.domain.cases import Case
from app.domain.facility_codes import SERIAL_KIND, SERIAL_YEAR
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from app.services.reference import OFFICE_ZONE
from app.sync.line import CityLine
from app.sync.link import LinkStore
from app.wire.accounts import NumberBlock, NumberRequest
from db.engine import run
from db.queries import facilities
from db.queries import numbers as rows
from db.queries.numbers import Block
from db.store import Store

KIND = "case"
GiveCodes = Callable[[Actor], int]
BLOCK, FEW, MOST = 50, 10, 500
_ASKED = (
    "INSERT INTO notes(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = notes.value RETURNING value"
)


class Numbers:
    """Keeps enough numbers on hand, and numbers cases and facilities that had to begin without one."""

    def __init__(self, store: Store, give_codes: GiveCodes = lambda _actor: 0) -> None:
        """give_codes: gives identity codes to the facilities that wait, as far as there are serials; how many."""
        self._store = store
        self._give_codes = give_codes
        self._links = LinkStore(store)

    def top_up(self, line: CityLine, *, actor: Actor) -> int:
        """Ask for blocks where few numbers are left, then number what waits at this PC; gives how many.

        Raises Unavailable and Refused("sync.…") of the line; numbers that came are kept.
        """
        return sum(self.keep(line.numbers(request), actor=actor) for request in self.wanted())

    def wanted(self) -> list[NumberRequest]:
        """A request for each year of which few numbers are left; the same ones until they are answered."""
        device_id = self._links.need().device_id
        with self._store.read() as reader:
            few = [y for y in self.years() if rows.left(reader.connection, device_id, KIND, y) < FEW]
        cases = [self._request(KIND, year, len(self._without_number()) if year == self._year() else 0) for year in few]
        return [*cases, *self._serials_wanted(device_id)]

    def keep(self, block: NumberBlock, *, actor: Actor) -> int:
        """Take a block in and number the open cases or facilities that wait for it; gives how many.

        Raises Unavailable("sync.reply_broken") for a pattern no number can be made of: saving a case must not meet it.
        """
        try:
            rows.filled(block.pattern, block.first)
        except (LookupError, ValueError, AttributeError) as error:
            raise Unavailable("sync.reply_broken", reason="pattern") from error
        kept = Block(block.id, block.kind, block.year, block.first, block.last, block.pattern)
        with self._store.local() as connection:
            rows.keep(connection, kept, self._links.need().device_id, self._store.clock.now())
            run(connection, "DELETE FROM notes WHERE name = ?", (_note(block.kind, block.year),))
        if block.kind == SERIAL_KIND:
            return self._give_codes(actor)
        if block.kind != KIND:
            return 0
        waiting = self._without_number() if block.year == self._year() else []
        return sum(self._number(case_id, block.year, actor) for case_id in waiting)

    def years(self) -> tuple[int, ...]:
        """The office's year; in December the next one as well."""
        now = self._store.clock.now().astimezone(OFFICE_ZONE)
        return (now.year, now.year + 1) if now.month == 12 else (now.year,)

    def _year(self) -> int:
        return self.years()[0]

    def _serials_wanted(self, device_id: UUID) -> list[NumberRequest]:
        """Serials of facilities, once some wait for a code and few are left."""
        with self._store.read() as reader:
            waiting = facilities.without_code(reader.connection, MOST)
            few = bool(waiting) and rows.left(reader.connection, device_id, SERIAL_KIND, SERIAL_YEAR) < FEW
        return [self._request(SERIAL_KIND, SERIAL_YEAR, len(waiting))] if few else []

    def _request(self, kind: str, year: int, waiting: int) -> NumberRequest:
        """The same request until it was answered, so that a lost answer wastes no block."""
        fresh = f"{self._store.ids.new()} {min(MOST, BLOCK + waiting)}"
        with self._store.local() as connection:
            asked: str = run(connection, _ASKED, (_note(kind, year), fresh)).fetchone()[0]
        request_id, count = asked.split()
        return NumberRequest(request_id=UUID(request_id), kind=kind, year=year, count=int(count))

    def _without_number(self) -> list[UUID]:
        with self._store.read() as reader:
            return rows.without_number(reader.connection, MOST)

    def _number(self, case_id: UUID, year: int, actor: Actor) -> int:
        """One case, one transaction: thousands of them are no single deed."""
        with self._store.write(actor, "case.number") as tx:
            case = tx.get(Case, case_id)
            number = rows.take(tx.connection, KIND, year) if case is not None and not case.city_no else ""
            if case is not None and number:
                tx.change(case.changed(tx.now, city_no=number))
        return int(bool(number))


def _note(kind: str, year: int) -> str:
    return f"sync.numbers.{year}" if kind == KIND else f"sync.numbers.{kind}.{year}"
