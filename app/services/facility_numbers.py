"""Identity codes of facilities: made here while this PC is alone, from the city's serials once it belongs to one.

Two desks without a line must not make the same code. A PC that belongs to no city is the only one and counts on from the highest
serial of the category. A PC of a city takes serials from a block the city set aside for it; without one the code stays empty
and the facility is known by its house number or name until the next block comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.facilities import Facility
from app.domain.facility_codes import SERIAL_KIND, SERIAL_YEAR, check_code, code_prefix, make_code
from app.domain.grid_rules import FacilityCodeRule
from app.domain.problems import Refused
from db.queries import facilities as rows
from db.queries import numbers
from db.tx import Tx


@dataclass(frozen=True)
class Coding:
    """The rule of this office and the district its codes begin with."""

    rule: FacilityCodeRule
    district: str

    def next_code(self, tx: Tx, major: str, minor: str) -> str:
        """A code nobody has; empty for a category without codes, and while the city's serials are out."""
        return self.next_codes(tx, [(major, minor)])[0]

    def next_codes(self, tx: Tx, categories: Sequence[tuple[str, str]]) -> list[str]:
        """A code for each of these categories (major, minor), all different, none of them written yet."""
        alone = rows.is_alone(tx.connection)
        last: dict[str, int] = {}
        codes = []
        for major, minor in categories:
            prefix = self._prefix(major, minor)
            if not prefix:
                codes.append("")
            elif alone:
                if prefix not in last:
                    last[prefix] = _serial(rows.highest_code(tx.connection, prefix), prefix)
                last[prefix] += 1
                codes.append(make_code(self.rule, self.district, major, minor, last[prefix]))
            else:
                codes.append(self._from_block(tx, major, minor))
        return codes

    def _prefix(self, major: str, minor: str) -> str:
        """What the codes of a category begin with; empty when it has none."""
        try:
            return code_prefix(self.rule, self.district, major, minor)
        except Refused:
            return ""

    def check(self, tx: Tx, facility: Facility) -> None:
        """Raises Refused("facility.code_…", "facility.house_number_twice") for numbers that are wrong or taken."""
        if facility.code:
            check_code(self.rule, facility.code, self.district, facility.major, facility.minor)
            known = rows.known_codes(tx.connection, [facility.code]).get(facility.code)
            if known is not None and known != facility.id:
                raise Refused("facility.code_twice", number=facility.code, place=place_words(tx.need(Facility, known)))
        if facility.house_number:
            known = rows.known_house_numbers(tx.connection, [facility.house_number]).get(facility.house_number)
            if known is not None and known != facility.id:
                place = place_words(tx.need(Facility, known))
                raise Refused("facility.house_number_twice", number=facility.house_number, place=place)

    def _from_block(self, tx: Tx, major: str, minor: str) -> str:
        while number := numbers.take(tx.connection, SERIAL_KIND, SERIAL_YEAR):
            code = make_code(self.rule, self.district, major, minor, int(number.rpartition("-")[2]))
            # A census the city bought elsewhere may hold that serial already.
            if not rows.known_codes(tx.connection, [code]):
                return code
        return ""


def _serial(code: str, prefix: str) -> int:
    return int(code[len(prefix) :]) if code.isdecimal() and code != prefix else 0


def place_words(facility: Facility) -> str:
    """Where a facility is and what it is called, in one line."""
    place = facility.address or f"{facility.street_name}{facility.road}"
    return " ".join(part for part in (place, facility.name or facility.minor_name) if part)
