"""Identities and numbers that every PC makes alike: what several took in without a line is there once when they meet."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from uuid import UUID

from app.domain.numbering import LETTERS, local_number, number_series

MARK_LENGTH = 6
SERIALS = 9999
_FIRST_DAY = date(1970, 1, 1)


def alike_id(district: str, *words: str, day: date = _FIRST_DAY) -> UUID:
    """The identity of what these words name in a district, in order of days like any other identity (UUIDv7).

    The district is one of the words: two districts of a city count their sheets and grids from 1.
    """
    midnight = datetime.combine(day, time(), UTC)
    return uuid7(int(midnight.timestamp() * 1000), hashed("\x1f".join((district, *words)).encode()))


def alike_number(letters: str, office_mark: str, identity: UUID, day: date) -> str:
    """`XC-<office>-<mark>-<yymmdd>-<nnnn>` of what a sheet brought: mark and serial follow from its identity."""
    mark = identity_mark(identity)
    serial = hashed(identity.bytes + b"serial") % SERIALS + 1
    return local_number(f"{letters}-{number_series(office_mark, mark, day)}", serial)


def identity_mark(identity: UUID) -> str:
    """Six letters in the place of a PC's mark."""
    chance = hashed(identity.bytes + b"mark")
    return "".join(LETTERS[(chance >> 5 * place) % len(LETTERS)] for place in range(MARK_LENGTH))


def hashed(content: bytes) -> int:
    """80 bits that follow from the content."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=10).digest())


def uuid7(milliseconds: int, chance: int) -> UUID:
    """A UUIDv7 of an instant, with the 74 lower bits of `chance`."""
    head = (milliseconds & (1 << 48) - 1) << 80
    return UUID(int=head | 7 << 76 | (chance >> 62 & 0xFFF) << 64 | 0b10 << 62 | chance & (1 << 62) - 1)
