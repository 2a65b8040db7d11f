"""Enforcement officers (执法人员) and their certificates; a grid member is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.directory import Worker
from app.domain.inspection_rules import plain_name, refuse_member, refuse_uncertified
from app.domain.inspections import Officer
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from db.store import Store


class OfficerService:
    """The office's list of officers; there are a few dozen."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Officer]:
        """Everybody, those in office first, by unit and name."""
        with self._store.read() as reader:
            found = reader.all(Officer)
        return sorted(found, key=lambda one: (not one.active, one.unit_name, one.name))

    def able(self, on: date) -> list[Officer]:
        """Those whose certificate holds on a day."""
        return [officer for officer in self.all() if _holds(officer, on)]

    def named(self, text: str) -> Officer:
        """The officer of that name or certificate number, as somebody typed it.

        Raises Refused: inspection.grid_member for a grid member, inspection.officer_unknown.
        """
        wanted = text.strip()
        found = [
            one for one in self.all() if plain_name(one.name) == plain_name(wanted) or one.certificate_no == wanted
        ]
        if len(found) == 1:
            return found[0]
        with self._store.read() as reader:
            refuse_member(wanted, wanted, reader.all(Worker))
        raise Refused("inspection.officer_unknown", name=wanted)

    def save(self, values: Mapping[str, Any], *, actor: Actor, officer_id: UUID | None = None) -> Officer:
        """Add an officer, or change one.

        Raises Refused: inspection.grid_member, officer.certificate_missing, officer.certificate_taken,
        officer.dates_reversed, account.role_needed.
        """
        need_writer(actor, "officer")
        with self._store.write(actor, "officer.save") as tx:
            if officer_id is None:
                stamps = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
                officer = Officer.model_validate({**stamps, **values})
            else:
                officer = tx.need(Officer, officer_id).changed(tx.now, **values)
            _check(officer, tx.all(Officer), tx.all(Worker))
            tx.add(officer) if officer_id is None else tx.change(officer)
        return officer


def _check(officer: Officer, others: list[Officer], members: list[Worker]) -> None:
    if not officer.active:
        return
    refuse_member(officer.name, officer.certificate_no, members)
    number = officer.certificate_no.strip()
    if not number:
        raise Refused("officer.certificate_missing", name=officer.name)
    for other in others:
        if other.id != officer.id and other.certificate_no.strip() == number:
            raise Refused("officer.certificate_taken", number=number, name=other.name)
    begins, ends = officer.valid_from, officer.valid_until
    if begins is not None and ends is not None and ends < begins:
        raise Refused("officer.dates_reversed", name=officer.name)


def _holds(officer: Officer, on: date) -> bool:
    try:
        refuse_uncertified(officer, on)
    except Refused:
        return False
    return True
