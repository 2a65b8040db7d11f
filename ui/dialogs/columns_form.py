"""Which column of a sheet goes into which field, said by a person where the header words do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from app.base.words import N_, _
from app.domain.problems import Problem
from app.services.sheets.dates import DAY_ORDER_TITLES, DayOrder
from app.services.sheets.reading import Sheet
from ui.forms.choice_input import ChoiceInput
from ui.forms.side_form import SideForm
from ui.forms.text_inputs import TextInput
from ui.forms.tick_input import TickInput

M = TypeVar("M")


class ColumnsForm(SideForm, Generic[M]):
    """One line per field with the columns to choose from. M: the mapping that is chosen."""

    def __init__(self, object_name: str) -> None:
        super().__init__(object_name, _("列的对应关系"))
        self._columns: dict[str, ChoiceInput] = {}
        self._orders: dict[str, ChoiceInput] = {}

    def show_sheet(self, sheet: Sheet, mapping: M) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        raise NotImplementedError

    def mapping(self) -> M:
        """What is chosen."""
        raise NotImplementedError

    def ask_about(self, problem: Problem) -> None:
        """Say at a field what only a person can settle: here, which of a date's numbers is the month."""
        field = f"order_{problem.details.get('field')}"
        if problem.code == "sheet.day_order_unclear":
            self.form.show_refusals({field: _("请选择月和日的先后")})

    def add_column(self, field: str, title: str, *, required: bool = False) -> None:
        """A field that takes a column. title: in the language in use."""
        choice = self._columns[field] = ChoiceInput()
        self.add(f"column_{field.replace(':', '_')}", title, choice, required=required)

    def add_order(self, field: str, title: str) -> None:
        """The order of day and month in the column of `field`."""
        order = self._orders[field] = ChoiceInput(list(DAY_ORDER_TITLES.items()), empty=N_("自动识别"))
        self.add(f"order_{field}", title, order)

    def add(
        self,
        field: str,
        title: str,
        choice: ChoiceInput | TextInput | TickInput,
        *,
        hint: str = "",
        required: bool = False,
    ) -> None:
        """A field of another kind."""
        self.form.add(field, title, choice, hint=hint, required=required)
        choice.edited.connect(self._on_edited)

    def show_columns(self, sheet: Sheet, columns: Mapping[str, int]) -> None:
        """Offer the columns of a sheet, chosen as `columns` says."""
        choices = [(place, title) for place, title in enumerate(sheet.unique_names())]
        for field, choice in self._columns.items():
            choice.set_choices(choices, empty=N_("(没有这一列)"))
            choice.set_value(columns.get(field))
        self.form.clear_refusals()

    def show_orders(self, orders: Mapping[str, DayOrder]) -> None:
        """Choose the orders of day and month."""
        for field, order in self._orders.items():
            order.set_value(orders.get(field))

    def columns(self) -> dict[str, int]:
        """The column chosen for each field that has one."""
        return {field: choice.value() for field, choice in self._columns.items() if choice.value() is not None}

    def orders(self) -> dict[str, DayOrder]:
        """The orders a person settled."""
        return {field: DayOrder(order.value()) for field, order in self._orders.items() if order.value() is not None}

    def _on_edited(self) -> None:
        self.form.clear_refusals()
        self.changed.emit()
