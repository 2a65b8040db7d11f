"""Draws of enterprises and officers (双随机): drawn once, kept for ever, done again by whoever doubts it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.domain import draw as drawing
from app.domain.draw import Lists
from app.domain.inspection_rules import InspectionDraft, officer_words
from app.domain.inspection_views import EnterpriseFilter
from app.domain.inspections import (
    Draw,
    DrawPick,
    Exclusion,
    Inspection,
    InspectionBasis,
    InspectionItem,
    Officer,
)
from app.domain.numbering import lettered_series, local_number
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.inspections import InspectionService
from app.services.officers import OfficerService
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import enterprises as rows
from db.store import Store
from db.tx import Tx


@dataclass(frozen=True)
class DrawWish:
    """What a draw is asked for. enterprises, officers: from whom; officers empty: everybody able on the day."""

    enterprises: Sequence[UUID]
    wanted: int
    planned_on: date
    items: tuple[InspectionItem, ...]
    matter: str = ""
    officers: Sequence[UUID] = ()
    exclusions: tuple[Exclusion, ...] = ()
    note: str = ""
    units: tuple[str, ...] = field(default=())


class DrawService:
    """make_seed: chance, handed in; it is kept with the draw."""

    def __init__(
        self,
        store: Store,
        reference: ReferenceService,
        officers: OfficerService,
        inspections: InspectionService,
        make_seed: Callable[[], str],
    ) -> None:
        self._store = store
        self._reference = reference
        self._officers = officers
        self._inspections = inspections
        self._make_seed = make_seed

    def candidates(self, wanted: EnterpriseFilter, on: date) -> list[UUID]:
        """Enterprises of a list that may still be inspected in the year of that day: in use, below their cap."""
        cap = self._reference.patrol_rules().inspection_cap_per_year
        with self._store.read() as reader:
            return rows.below_cap(reader.connection, wanted.narrowed(active=True), on.year, cap)

    def draw(self, wish: DrawWish, *, actor: Actor) -> tuple[Draw, list[Inspection]]:
        """Draw, keep it, and draft an inspection for every pick: all in one transaction, or nothing.

        Raises Refused: draw.wanted_wrong, draw.too_few, draw.officers_missing, and what drafting an inspection refuses.
        """
        need_writer(actor, "draw")
        if wish.wanted < 1:
            raise Refused("draw.wanted_wrong", found=wish.wanted)
        with self._store.write(actor, "draw.make", wish.note) as tx:
            draw = self._made(tx, wish)
            tx.add(draw)
            inspections = [
                self._inspections.plan_in(tx, _draft(pick, draw, wish), draw_id=draw.id) for pick in draw.picks
            ]
        return draw, inspections

    def replays(self, draw_id: UUID) -> bool:
        """Whether its seed and lists give the same picks again."""
        return drawing.replays(self.get(draw_id))

    def get(self, draw_id: UUID) -> Draw:
        """One draw. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Draw, draw_id)

    def all(self) -> list[Draw]:
        """Every draw, the latest first; there are a few a month."""
        with self._store.read() as reader:
            return sorted(reader.all(Draw), key=lambda one: one.drawn_at, reverse=True)

    def _made(self, tx: Tx, wish: DrawWish) -> Draw:
        known = rows.names_and_risks(tx.connection, wish.enterprises)
        chosen = [own for own in dict.fromkeys(wish.enterprises) if own in known]
        able = {officer.id: officer for officer in self._officers.able(wish.planned_on)}
        named = [own for own in dict.fromkeys(wish.officers or able) if own in able]
        weights = self._reference.patrol_rules().draw_weights
        lists = Lists(
            tuple(chosen),
            tuple(drawing.weight_of(known[own][1], weights) for own in chosen),
            tuple(named),
            tuple(able[own].unit_name for own in named),
            wish.exclusions,
        )
        seed = self._make_seed()
        picks = [_pick(own, known[own][0], team, able) for own, team in drawing.drawn(lists, seed, wish.wanted)]
        day = tx.now.astimezone(OFFICE_ZONE).date()
        office = self._reference.office()
        series = lettered_series("CQ", office.mark, office.pc_mark, day)
        return Draw(
            id=tx.ids.new(),
            created_at=tx.now,
            changed_at=tx.now,
            number=local_number(series, tx.next_number(series)),
            drawn_at=tx.now,
            seed=seed,
            method=drawing.METHOD,
            enterprises=lists.enterprises,
            officers=lists.officers,
            weights=lists.weights,
            officer_units=lists.units,
            exclusions=lists.exclusions,
            wanted=wish.wanted,
            picks=tuple(picks),
            note=wish.note,
        )


def _pick(enterprise_id: UUID, name: str, team: tuple[UUID, ...], able: dict[UUID, Officer]) -> DrawPick:
    words = tuple(officer_words(able[own]) for own in team)
    return DrawPick(enterprise_id=enterprise_id, enterprise_name=name, officer_ids=team, officer_words=words)


def _draft(pick: DrawPick, draw: Draw, wish: DrawWish) -> InspectionDraft:
    return InspectionDraft(
        enterprise_id=pick.enterprise_id,
        basis=InspectionBasis.RANDOM,
        matter=wish.matter,
        units=wish.units,
        officer_ids=pick.officer_ids,
        items=wish.items,
        planned_on=wish.planned_on,
        note=draw.number,
    )
