"""Statutory terms as the office has set them, and counting one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.base import reference_builtin as builtin
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.reference_versions import ReferenceTable
from app.domain.terms import Pause, Term, TermRule, TermSetting, count_term, may_be_set, with_settings
from app.services.reference import ReferenceService


class TermService:
    """The shipped rules under the office's settings. Settings lie over one another: two desks never undo each other's."""

    def __init__(self, reference: ReferenceService) -> None:
        self._reference = reference

    def all(self) -> Sequence[TermRule]:
        """Every term, in the order of the procedure."""
        said: dict[str, TermSetting] = {}
        for version in sorted(self._reference.versions(ReferenceTable.TERMS), key=lambda one: one.created_at):
            said |= {code: TermSetting.model_validate(setting) for code, setting in version.content.items()}
        return with_settings(builtin.terms(), said)

    def get(self, code: str) -> TermRule:
        """One of them. Raises Refused("term.unknown")."""
        found = next((rule for rule in self.all() if rule.code == code), None)
        if found is None:
            raise Refused("term.unknown", code=code)
        return found

    def count(self, code: str, started: datetime, pauses: Sequence[Pause] = ()) -> Term:
        """When the term that began at `started` (aware) ends, by the office's calendar. Raises Refused: term.…"""
        return count_term(self.get(code), started, self._reference.calendar(), pauses)

    def set(self, code: str, setting: TermSetting, *, actor: Actor) -> TermRule:
        """Keep what the office says of one term. Raises Refused: term.unknown, term.length_from_law, account.…"""
        rule = self.get(code)
        if setting.value is not None and not may_be_set(rule):
            raise Refused("term.length_from_law", title=rule.title, basis=rule.basis)
        self._reference.take_over_term(rule, setting, actor=actor)
        return self.get(code)
