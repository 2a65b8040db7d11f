"""The identity of a component (标识码): sixteen digits, by one of two rules (`domain/cases-and-grid.md` 1.4).

The usual rule is district 6 + major 2 + minor 2 + serial 6; a newer platform writes district 6 + major 2 + minor 3 + serial 5,
where minors 001 to 079 are the standard's and 080 to 999 local ones counted backwards from 999.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.grid_rules import FacilityCodeRule as CodeRule
from app.domain.problems import Refused

LENGTH = 16
SERIAL_KIND, SERIAL_YEAR = "facility", 2000
"""Serials in blocks of the city never begin anew; all of a district's stand under one year."""
_DISTRICT, _MAJOR = 6, 2
_FIRST_LOCAL = 80
_MINOR = {CodeRule.SERIAL_6: 2, CodeRule.SERIAL_5: 3}


@dataclass(frozen=True)
class FacilityCode:
    """The parts of an identity. minor: as the reference table writes it, two digits."""

    district: str
    major: str
    minor: str
    serial: int


def code_prefix(rule: CodeRule, district: str, major: str, minor: str) -> str:
    """The part that all facilities of one category and district share.

    Raises Refused("facility.category_not_coded") for a category whose codes are no two digits.
    """
    written = (len(district), len(major), len(minor))
    if written != (_DISTRICT, _MAJOR, 2) or not (district + major + minor).isdecimal():
        raise Refused("facility.category_not_coded", major=major, minor=minor)
    return f"{district}{major}{_written_minor(rule, minor)}"


def make_code(rule: CodeRule, district: str, major: str, minor: str, serial: int) -> str:
    """The sixteen digits. Raises Refused("facility.serials_full") when the serial has more digits than there is room."""
    prefix = code_prefix(rule, district, major, minor)
    if not 1 <= serial <= most_serials(rule):
        raise Refused("facility.serials_full", prefix=prefix)
    return f"{prefix}{serial:0{LENGTH - len(prefix)}d}"


def most_serials(rule: CodeRule) -> int:
    """The last serial of a category."""
    return int(10 ** (LENGTH - _DISTRICT - _MAJOR - _MINOR[rule])) - 1


def read_code(rule: CodeRule, code: str) -> FacilityCode:
    """The parts of an identity. Raises Refused("facility.code_shape") for anything but sixteen digits with a serial."""
    behind = _DISTRICT + _MAJOR
    minor_ends = behind + _MINOR[rule]
    if len(code) != LENGTH or not (code.isascii() and code.isdecimal()) or not int(code[minor_ends:]):
        raise Refused("facility.code_shape", number=code)
    minor = _plain_minor(rule, code[behind:minor_ends])
    return FacilityCode(code[:_DISTRICT], code[_DISTRICT:behind], minor, int(code[minor_ends:]))


def check_code(rule: CodeRule, code: str, district: str, major: str = "", minor: str = "") -> FacilityCode:
    """The parts of an identity that must belong to a district, and to a category where one is said.

    Raises Refused: facility.code_shape, facility.code_district, facility.code_category.
    """
    parts = read_code(rule, code)
    if parts.district != district:
        raise Refused("facility.code_district", number=code, district=district)
    if (major or minor) and (parts.major, parts.minor) != (major, minor):
        raise Refused("facility.code_category", number=code, major=major, minor=minor)
    return parts


def _written_minor(rule: CodeRule, minor: str) -> str:
    if rule == CodeRule.SERIAL_6:
        return minor
    # Two digits count local minors backwards from 99, three digits backwards from 999.
    return f"0{minor}" if int(minor) < _FIRST_LOCAL else f"9{minor}"


def _plain_minor(rule: CodeRule, written: str) -> str:
    if rule == CodeRule.SERIAL_6 or len(written) != 3:
        return written
    local = written[0] == "9" and int(written[1:]) >= _FIRST_LOCAL
    standard = written[0] == "0" and int(written[1:]) < _FIRST_LOCAL
    return written[1:] if local or standard else written
