"""Random roll calls (点名抽查): a draw that anybody can repeat from its seed and its list.

Every identity of the list is hashed with the seed (SHA-256 of "seed:identity", both as text, UTF-8); the smallest hashes
are drawn. No other chance plays a part, so the same seed and list draw the same members on every PC and in every year.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from math import ceil
from uuid import UUID

from app.domain.attendance import RollAnswer, RollCall
from app.domain.problems import Refused


def drawn(seed: str, pool: Iterable[UUID], count: int) -> list[UUID]:
    """The members drawn, in the order of the draw. Raises Refused("roll_call.nobody", "roll_call.too_many")."""
    known = set(pool)
    if not known:
        raise Refused("roll_call.nobody")
    if not 0 < count <= len(known):
        raise Refused("roll_call.too_many", n=count, pool=len(known))
    return sorted(known, key=lambda identity: (_mark(seed, identity), identity))[:count]


def count_of_share(share: float, pool: int) -> int:
    """How many a share (0 to 1) of the list is: rounded up, at least one."""
    return max(1, min(pool, ceil(share * pool - 1e-9)))


def replays(call: RollCall) -> bool:
    """Whether a roll call's seed and list draw exactly the members it names."""
    again = drawn(call.seed, call.pool, len(call.answers)) if call.answers else []
    return again == [answer.member_id for answer in call.answers]


def answered(call: RollCall, answer: RollAnswer) -> tuple[RollAnswer, ...]:
    """The answers with one of them given. Raises Refused("roll_call.not_drawn")."""
    if answer.member_id not in {known.member_id for known in call.answers}:
        raise Refused("roll_call.not_drawn", name=answer.member_name)
    return tuple(answer if known.member_id == answer.member_id else known for known in call.answers)


def _mark(seed: str, identity: UUID) -> str:
    return hashlib.sha256(f"{seed}:{identity}".encode()).hexdigest()
