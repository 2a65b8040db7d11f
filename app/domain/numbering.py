"""Local numbers: given at once on every PC, never the same on two (our decision 11)."""

from __future__ import annotations

from datetime import date

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
PC_MARK_LENGTH = 4


def number_series(office_mark: str, pc_mark: str, day: date) -> str:
    """The part of a local number that all of one PC's numbers of one day share."""
    return f"{office_mark}-{pc_mark}-{day:%y%m%d}"


def lettered_series(letters: str, office_mark: str, pc_mark: str, day: date) -> str:
    """The series of a record that is no case: WT findings, HC verify and check tasks, and so on, in front of the mark."""
    return f"{letters}-{number_series(office_mark, pc_mark, day)}"


def local_number(series: str, serial: int) -> str:
    """`<office>-<PC mark>-<yymmdd>-<nnnn>`; past 9999 the serial simply grows longer."""
    return f"{series}-{serial:04d}"


def pc_mark(random: bytes) -> str:
    """Four letters that tell one PC from another until the city assigns a mark; without I and O."""
    if len(random) < PC_MARK_LENGTH:
        raise ValueError("a PC mark needs four random bytes")
    return "".join(LETTERS[byte % len(LETTERS)] for byte in random[:PC_MARK_LENGTH])
