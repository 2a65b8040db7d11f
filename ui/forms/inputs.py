"""Which widget a type is typed into: one table, and one small contract all of them keep."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol, Union, cast, get_args, get_origin

from annotated_types import MaxLen
from pydantic import AwareDatetime
from pydantic.fields import FieldInfo
from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from ui.forms.choice_input import ChoiceInput
from ui.forms.number_inputs import DecimalInput, IntInput
from ui.forms.text_inputs import ParagraphInput, TextInput
from ui.forms.tick_input import TickInput
from ui.forms.time_inputs import DayInput, MomentInput

LONG_TEXT = 200


class Input(Protocol):
    """What every input can do. `edited` is told when a person changed it, never when the program did."""

    @property
    def edited(self) -> SignalInstance:
        """A person changed the value."""

    def value(self) -> Any:
        """What is typed; None: nothing. A text that is no number or day is given as it stands, to be refused in words."""

    def set_value(self, value: Any) -> None:
        """Show a value without telling anybody."""


def _enum(kind: type[Enum], titles: Mapping[Any, str]) -> ChoiceInput:
    return ChoiceInput([(member, titles.get(member, str(member.value))) for member in kind])


MAKERS: Mapping[type, Callable[[], QWidget]] = {
    bool: TickInput,
    int: IntInput,
    float: DecimalInput,
    Decimal: DecimalInput,
    datetime: MomentInput,
    cast(type, AwareDatetime): MomentInput,
    date: DayInput,
    str: TextInput,
}


def input_for(field: FieldInfo, titles: Mapping[Any, str] | None = None) -> QWidget:
    """The widget for a record's field; it keeps the contract `Input`. titles: names of an enum's members.

    Raises TypeError for a type nobody can type.
    """
    kind = plain_type(field.annotation)
    if issubclass(kind, Enum):
        return _enum(kind, titles or {})
    longest = next((rule.max_length for rule in field.metadata if isinstance(rule, MaxLen)), None)
    if kind is str:
        return TextInput(longest) if longest is not None and longest <= LONG_TEXT else ParagraphInput()
    for known, maker in MAKERS.items():
        if issubclass(kind, known):
            return maker()
    raise TypeError(f"no input for {kind!r}: add one to ui/forms/inputs.py")


def plain_type(annotation: Any) -> type:
    """The one type of `X`, `X | None` and annotated forms of them."""
    while not isinstance(annotation, type) or get_origin(annotation) is not None:
        if get_origin(annotation) in (Union, types.UnionType):
            rest = [arm for arm in get_args(annotation) if arm is not type(None)]
            if len(rest) != 1:
                raise TypeError(f"no single input for {annotation!r}")
            annotation = rest[0]
        elif getattr(annotation, "__metadata__", None) is not None:
            annotation = get_args(annotation)[0]
        else:
            raise TypeError(f"no input for {annotation!r}")
    return annotation
