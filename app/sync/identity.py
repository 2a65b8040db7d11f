"""Noticing that this disk was copied or an image restored, and asking the city for an identity of its own then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.office import Office
from app.domain.permissions import Actor
from app.sync import points
from app.sync.enrolment import NO_KEY, MakeLine, Seed, put_identity, taken_in
from app.sync.line import hang_up
from app.sync.link import Link, LinkStore
from app.sync.points import Reach
from app.wire.accounts import RenewRequest
from app.wire.signing import to_text
from db.queries import link as rows
from db.queries import numbers
from db.store import Store


class Identity:
    """Who this PC is for the city. Unsent changes keep their ids and bytes, whoever sends them."""

    def __init__(
        self,
        store: Store,
        make_line: MakeLine,
        *,
        seed: Seed,
        machine: Callable[[], str],
        reach: Reach = points.nothing,
    ) -> None:
        self._store = store
        self._make_line = make_line
        self._seed = seed
        self._machine = machine
        self._reach = reach
        self._links = LinkStore(store)
        self._asked = LinkStore(store, rows.ASKED)

    def look(self, *, actor: Actor) -> bool:
        """Before a run: another machine than the one that enrolled gets an identity of its own; True then.

        A machine that says nothing of itself is taken at its word. Raises as `renew`.
        """
        link, mark = self._links.need(), self._machine()
        if not mark or mark == link.machine:
            return False
        if not link.machine:
            self._links.set(machine=mark)
            return False
        self.renew("machine", actor=actor)
        return True

    def renew(self, reason: str, *, actor: Actor) -> None:
        """Ask for a new identity, signed with the old key. Raises Unavailable and Refused("sync.…").

        Numbers set aside for the old one are not used any more: another PC may be giving them.
        """
        link = self._links.need()
        asked = self._keys_for(link)
        self._reach("before_renew")
        line = self._make_line(self._links)
        try:
            reply = line.renew(self._request(asked, reason))
        finally:
            hang_up(line)
        self._reach("after_renew")
        taken = taken_in(asked, reply, counter=0)
        with self._store.write(actor, "sync.renew", reason) as tx:
            put_identity(tx, taken, reply)
            numbers.drop_of_others(tx.connection, taken.device_id)

    def _keys_for(self, link: Link) -> Link:
        """Fresh keys, or those of a renewal on this very machine whose answer was lost."""
        before, machine = self._asked.get(), self._machine()
        if before is not None and (before.url, before.machine) == (link.url, machine):
            return before
        asked = replace(
            link,
            device_id=self._store.ids.new(),
            sign_seed=self._seed(),
            box_seed=self._seed(),
            city_sign_key=NO_KEY,
            city_box_key=NO_KEY,
            enrolled_at=self._store.clock.now(),
            counter=0,
            machine=machine,
        )
        self._asked.save(asked)
        return asked

    def _request(self, asked: Link, reason: str) -> RenewRequest:
        with self._store.read() as reader:
            office = reader.all(Office)[0]
        return RenewRequest(
            device_id=asked.device_id,
            sign_key=to_text(asked.public_sign_key()),
            box_key=to_text(asked.public_box_key()),
            machine=asked.machine,
            reason=reason,
            pc_mark=office.pc_mark,
        )
