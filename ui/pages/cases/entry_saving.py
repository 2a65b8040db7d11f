"""Saving what the entry form holds: the case first, then its photos, so that a full disk loses neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.base.watch import Watch
from app.desk import Desk
from app.domain.cases import Case, CaseDraft, PhotoPhase
from app.domain.permissions import Actor
from app.domain.problems import Problem
from app.services.photos import TakenPhoto


@dataclass(frozen=True)
class Saved:
    """What came of it: the case, and what kept its photos from being attached (None: nothing)."""

    case: Case
    trouble: Problem | None


@dataclass(frozen=True)
class SaveOrder:
    """One form to save. case: the one to correct, None for a new one. photos: those that belong to no case yet."""

    draft: CaseDraft
    photos: Mapping[PhotoPhase, Sequence[TakenPhoto]]
    draft_id: UUID | None
    case: Case | None = None
    note: str = ""


def save_form(desk: Desk, order: SaveOrder, actor: Actor, _watch: Watch) -> Saved:
    """Report or correct the case, then attach its photos. Raises Refused or Unavailable when nothing was saved."""
    if order.case is None:
        case = desk.cases.report(order.draft, actor=actor, draft_id=order.draft_id)
    else:
        case = desk.cases.correct(order.case.id, order.draft, order.note, actor=actor, seen=order.case)
    try:
        for phase, taken in order.photos.items():
            if taken:
                desk.photos.attach(case.id, taken, phase, actor=actor)
    except Problem as problem:
        return Saved(case, problem)
    if order.case is not None and order.draft_id is not None:
        desk.drafts.discard(order.draft_id, actor=actor)
    return Saved(case, None)
