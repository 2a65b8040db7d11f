"""Inputs that choose from another list and keep its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from app.services.pickers import Choice as Offer
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker


class KeyInput(CodePicker):
    """A picker that keeps a key and shows its title; a word that is in no list comes back as text, to be refused."""

    def __init__(self, search: Callable[[str], Sequence[Offer]], title_of: Callable[[Any], str], empty: Any) -> None:
        """title_of: the name behind a key. empty: what nothing chosen is worth."""
        super().__init__(lambda typed: [Choice(c.key, c.code, c.title, c.hint) for c in search(typed)])
        self._title_of = title_of
        self._empty = empty

    def value(self) -> Any:
        """The key; `empty` when nothing is typed."""
        key = super().value()
        return key if key is not None else self.text().strip() or self._empty

    def set_value(self, value: Any) -> None:
        """Show the thing behind a key."""
        if value in (None, ""):
            self.set_choice(None)
        else:
            self.set_choice(Choice(str(value), "", self._title_of(value) or str(value)))


def uuid_of(value: object) -> UUID:
    """A key as an identity."""
    return value if isinstance(value, UUID) else UUID(str(value))
