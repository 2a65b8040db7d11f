"""Random roll calls (点名抽查): drawn from who is on duty, answered by telephone, drawn again by anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.domain.attendance import RollAnswer, RollCall
from app.domain.directory import Worker
from app.domain.grids import Grid
from app.domain.numbering import lettered_series, local_number
from app.domain.permissions import Actor, need_writer
from app.domain.roll_call import answered, drawn
from app.services.grids import GridService
from app.services.member_scores import month_of
from app.services.members import MemberService
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import traces
from db.store import Store
from db.tx import Tx

LETTERS = "DM"


class RollCallService:
    """chance: gives a fresh seed."""

    def __init__(
        self,
        store: Store,
        reference: ReferenceService,
        people: MemberService,
        grids: GridService,
        chance: Callable[[], str],
    ) -> None:
        self._store = store
        self._reference = reference
        self._people = people
        self._grids = grids
        self._chance = chance

    def pool(self, day: date, *, street_code: str = "", grid_code: str = "") -> list[Worker]:
        """Who may be drawn: on duty that day, and owning a duty grid of that street or code when one is named."""
        members = self._people.on_duty(day)
        if not (street_code or grid_code):
            return members
        return [
            member
            for member in members
            if any(
                street_code in ("", grid.street_code) and grid_code in ("", grid.code)
                for grid in self._grids.duty_of(member.id)
            )
        ]

    def call(self, pool: Sequence[Worker], count: int, *, actor: Actor, seed: str = "", note: str = "") -> RollCall:
        """Draw and keep a roll call; without a seed a fresh one is taken. Raises Refused("roll_call.…")."""
        need_writer(actor, "roll_call")
        seed = seed.strip() or self._chance()
        named = {member.id: member.name for member in pool}
        chosen = drawn(seed, named, count)
        with self._store.write(actor, "roll_call.draw", note) as tx:
            made = RollCall(
                id=tx.ids.new(),
                created_at=tx.now,
                changed_at=tx.now,
                number=self._next_number(tx),
                called_at=tx.now,
                seed=seed,
                pool=tuple(sorted(named)),
                answers=tuple(RollAnswer(member_id=one, member_name=named[one]) for one in chosen),
                note=note,
            )
            tx.add(made)
        return made

    def answer(
        self,
        call_id: UUID,
        member_id: UUID,
        *,
        actor: Actor,
        there: bool,
        at: datetime | None = None,
        point: tuple[float, float] | None = None,
        note: str = "",
    ) -> RollCall:
        """Write down what a member answered. point: WGS-84; whether it lies in one of their grids is worked out here."""
        need_writer(actor, "roll_call")
        with self._store.write(actor, "roll_call.answer") as tx:
            call = tx.need(RollCall, call_id)
            name = next((one.member_name for one in call.answers if one.member_id == member_id), str(member_id))
            answer = RollAnswer(
                member_id=member_id,
                member_name=name,
                answered=there,
                at=at or tx.now,
                longitude=point[0] if point else None,
                latitude=point[1] if point else None,
                in_grid=self._in_grid(member_id, point) if point else None,
                note=note,
            )
            call = call.changed(tx.now, answers=answered(call, answer))
            tx.change(call)
        return call

    def of_month(self, day: date) -> list[RollCall]:
        """Roll calls of the month that holds `day`, newest first."""
        first, last = month_of(day)
        begin, end = (datetime.combine(one, time(), OFFICE_ZONE) for one in (first, last + timedelta(days=1)))
        with self._store.read() as reader:
            return traces.roll_calls(reader.connection, begin, end)

    def _in_grid(self, member_id: UUID, point: tuple[float, float]) -> bool | None:
        """None for a member without a drawn grid."""
        own = [grid for grid in self._grids.duty_of(member_id) if grid.boundary or grid.unit_codes]
        if not own:
            return None
        touching: Sequence[Grid] = self._grids.at(*point).touching
        return any(grid.id == one.id or one.code in grid.unit_codes for grid in own for one in touching)

    def _next_number(self, tx: Tx) -> str:
        office = self._reference.office()
        day = tx.now.astimezone(OFFICE_ZONE).date()
        series = lettered_series(LETTERS, office.mark, office.pc_mark, day)
        return local_number(series, tx.next_number(series))
