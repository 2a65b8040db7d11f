"""A form made from a record's own fields: titles, limits and types are said there and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.forms.field import FormColumn
from ui.forms.inputs import Input, input_for
from ui.forms.refusals import refusals, title_of

M = TypeVar("M", bound=BaseModel)


class RecordForm(FormColumn, Generic[M]):
    """Fields of `model` in the order of `names`. `changed` when a person changed any of them."""

    changed = Signal()

    def __init__(
        self,
        model: type[M],
        names: Sequence[str],
        *,
        titles: Mapping[str, Mapping[Any, str]] | None = None,
        widgets: Mapping[str, QWidget] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """titles: names of enum members by field. widgets: inputs of one's own by field, keeping the contract `Input`."""
        super().__init__(parent)
        self._model = model
        self._inputs: dict[str, Input] = {}
        for field_name in names:
            field = model.model_fields[field_name]
            widget = (widgets or {}).get(field_name) or input_for(field, (titles or {}).get(field_name))
            self.add(field_name, title_of(model, field_name), widget, required=field.is_required())
            keeps = self._inputs[field_name] = cast(Input, widget)
            keeps.edited.connect(self.changed)

    def values(self) -> dict[str, Any]:
        """What is typed, by field name; empty optional fields are left out."""
        typed = {field_name: keeps.value() for field_name, keeps in self._inputs.items()}
        return {field_name: value for field_name, value in typed.items() if value is not None}

    def fill(self, **values: Any) -> None:
        """Show values without telling anybody; fields not named stay as they are."""
        for field_name, value in values.items():
            self._inputs[field_name].set_value(value)

    def submit(self, **others: Any) -> M | None:
        """The record of what is typed and `others`; None: refused, and said at the fields."""
        try:
            made = self._model.model_validate({**self.values(), **others})
        except ValidationError as error:
            self.show_refusals(refusals(error, self._model))
            return None
        self.clear_refusals()
        return made
