"""Checklist templates of an office: the built-in ones, and every version somebody saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.base.changes import ChangeSet
from app.base.checklists_builtin import builtin_checklists
from app.base.kept import Kept
from app.domain.checklists import ChecklistItem, ChecklistTemplate, ItemKind, Programme
from app.domain.patrol_planning import in_force
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Conflict, Refused
from app.services.reference import ReferenceService
from db.store import Store


class ChecklistService:
    """Templates are never changed: saving one makes its next version, and rounds keep the version they were made with."""

    def __init__(self, store: Store, reference: ReferenceService) -> None:
        self._store = store
        self._reference = reference
        self._kept = Kept(self._read)
        store.listen(self._forget)

    def all(self) -> list[ChecklistTemplate]:
        """Every version of every checklist, the built-in ones first."""
        return self._kept.get()

    def current(self, on: date | None = None) -> list[ChecklistTemplate]:
        """The version of each checklist that a new round of a day (today when None) takes."""
        return [one for one in self._in_force(on) if one.programme is not Programme.INSPECTION]

    def made_known(self, on: date | None = None) -> list[ChecklistTemplate]:
        """The lists of matters that enterprises may be inspected for on a day, as the office made them known."""
        return [one for one in self._in_force(on) if one.programme is Programme.INSPECTION]

    def _in_force(self, on: date | None) -> list[ChecklistTemplate]:
        day, templates = on or self._reference.today(), self.all()
        found = [in_force(templates, family, day) for family in dict.fromkeys(one.family for one in templates)]
        return [one for one in found if one is not None]

    def newest(self) -> list[ChecklistTemplate]:
        """The highest version of each checklist, those out of use and of a coming day too (for the settings)."""
        newest: dict[UUID, ChecklistTemplate] = {}
        for one in self.all():
            before = newest.get(one.family)
            if before is None or (before.number, before.created_at) < (one.number, one.created_at):
                newest[one.family] = one
        return list(newest.values())

    def get(self, template_id: UUID | None) -> ChecklistTemplate | None:
        """One version, or None."""
        return next((one for one in self.all() if one.id == template_id), None)

    def versions(self, family: UUID) -> list[ChecklistTemplate]:
        """All versions of a checklist, oldest first."""
        return sorted((one for one in self.all() if one.family == family), key=lambda one: one.number)

    def for_plan(self, template_id: UUID | None, on: date) -> ChecklistTemplate | None:
        """What a round of a day takes of the checklist a plan names by any of its versions."""
        named = self.get(template_id)
        return None if named is None else in_force(self.all(), named.family, on)

    def save(
        self,
        name: str,
        programme: Programme,
        items: Sequence[ChecklistItem],
        *,
        actor: Actor,
        seen: ChecklistTemplate | None = None,
        valid_from: date | None = None,
        note: str = "",
        active: bool = True,
    ) -> ChecklistTemplate:
        """Keep a new checklist, or the next version of the one `seen`.

        Raises Refused("checklist.…"), and Conflict when a newer version than `seen` is there.
        """
        need_writer(actor, "checklist_template")
        _check(name, items)
        with self._store.write(actor, "patrol.save_checklist", name) as tx:
            number = 1
            if seen is not None:
                number = self._next_number(seen)
            template = ChecklistTemplate(
                id=tx.ids.new(),
                created_at=tx.now,
                changed_at=tx.now,
                family=tx.ids.new() if seen is None else seen.family,
                number=number,
                name=name.strip(),
                programme=programme,
                items=tuple(items),
                valid_from=valid_from or self._reference.today(),
                note=note,
                active=active,
            )
            tx.add(template)
        return template

    def _next_number(self, seen: ChecklistTemplate) -> int:
        newest = self.versions(seen.family)[-1]
        if newest.number != seen.number:
            raise Conflict("checklist.changed_meanwhile", name=newest.name, number=newest.number)
        return newest.number + 1

    def _read(self) -> list[ChecklistTemplate]:
        with self._store.read() as reader:
            return [*builtin_checklists(), *reader.all(ChecklistTemplate)]

    def _forget(self, changes: ChangeSet) -> None:
        if changes.concerns("checklist_template"):
            self._kept.forget()


def _check(name: str, items: Sequence[ChecklistItem]) -> None:
    if not items:
        raise Refused("checklist.no_items", name=name)
    codes: set[str] = set()
    for item in items:
        if item.code in codes:
            raise Refused("checklist.code_twice", code=item.code)
        codes.add(item.code)
        if item.limit_max is not None and item.answer is not ItemKind.NUMBER:
            raise Refused("checklist.limit_without_number", title=item.title)
