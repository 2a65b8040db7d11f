"""The form of one plan: who walks where, how often, in which shift, along which route, with which checklist."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.base.words import N_, _
from app.domain.patrols import ROUND_KIND_TITLES, Frequency, HolidayRule, PatrolPlan, RoundKind
from app.services.patrol_plans import DEFAULT_SHIFT
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.number_inputs import IntInput
from ui.forms.text_inputs import TextInput
from ui.forms.tick_input import TickInput
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.plans_points import RouteEditor
from ui.pages.patrols.round_entry_state import clock_of
from ui.pages.patrols.rounds_columns import weekday_word
from ui.pages.patrols.rounds_new import finder, grid_choices, member_choices, road_choices, units_of
from ui.theme import gap
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker

HOLIDAYS = (
    (HolidayRule.SKIP, N_("节假日不巡查")),
    (HolidayRule.KEEP, N_("节假日照常")),
    (HolidayRule.NEXT_WORKDAY, N_("顺延到下一个工作日")),
)
TICKS_A_ROW = 4


class WeekdayTicks(QWidget):
    """Seven boxes, Monday first."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, gap(1), 0, 0)
        grid.setSpacing(gap(1))
        self._ticks = [TickInput(weekday_word(at)) for at in range(7)]
        for at, tick in enumerate(self._ticks, start=1):
            name(tick, f"weekday_{at}", weekday_word(at - 1))
            tick.edited.connect(self.edited)
            grid.addWidget(tick, (at - 1) // TICKS_A_ROW, (at - 1) % TICKS_A_ROW)
        grid.setColumnStretch(TICKS_A_ROW, 1)

    def value(self) -> tuple[int, ...]:
        """ISO weekdays ticked."""
        return tuple(at for at, tick in enumerate(self._ticks, start=1) if tick.value())

    def set_value(self, days: tuple[int, ...]) -> None:
        """Show without telling."""
        for at, tick in enumerate(self._ticks, start=1):
            tick.set_value(at in days)


class PlanForm(FormColumn):
    """`changed` when a person changed anything; `values` gives what is typed, or None and says what is wrong."""

    changed = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "plan_form", _("巡查计划"))
        desk = context.desk
        self._context = context
        self.title = TextInput(80)
        self.kind = ChoiceInput(
            [(kind, ROUND_KIND_TITLES[kind]) for kind in RoundKind if kind is not RoundKind.UNPLANNED]
        )
        self.member = CodePicker(finder(lambda: member_choices(desk)))
        self.grid = CodePicker(finder(lambda: grid_choices(desk)))
        self.road = CodePicker(finder(lambda: road_choices(desk)))
        self.template = ChoiceInput()
        self.weekdays = WeekdayTicks()
        self.every, self.times = IntInput(), IntInput()
        self.holidays = ChoiceInput(HOLIDAYS)
        self.begin, self.end = TextInput(8), TextInput(8)
        self.first, self.last = DayInput(), DayInput()
        self.units = TextInput()
        self.route = RouteEditor(context)
        self.active = TickInput()
        self._add_fields()

    def show_plan(self, plan: PatrolPlan | None, today: date) -> None:
        """Show a plan, or an empty one."""
        self._offer_templates(plan)
        frequency = plan.frequency if plan else Frequency()
        self.title.set_value(plan.name if plan else "")
        self.kind.set_value(plan.kind if plan else RoundKind.PATROL)
        self._pick(self.member, plan.member_id if plan else None, member_choices(self._context.desk))
        self._pick(self.grid, plan.grid_id if plan else None, grid_choices(self._context.desk))
        self._pick(self.road, plan.road_id if plan else None, road_choices(self._context.desk))
        self.template.set_value(self._current_of(plan.template_id) if plan else None)
        self.weekdays.set_value(frequency.weekdays)
        self.every.set_value(frequency.every_weeks)
        self.times.set_value(frequency.times_a_day)
        self.holidays.set_value(frequency.holidays)
        begin, end = (plan.shift_start, plan.shift_end) if plan else DEFAULT_SHIFT
        self.begin.set_value(f"{begin:%H:%M}")
        self.end.set_value(f"{end:%H:%M}")
        self.first.set_value(plan.valid_from if plan else today)
        self.last.set_value(plan.valid_until if plan else None)
        self.units.set_value("、".join(plan.units) if plan else "")
        self.route.set_value(plan.points if plan else ())
        self.active.set_value(plan.active if plan else True)
        self.clear_refusals()

    def values(self) -> dict[str, Any] | None:
        """What is typed, as the desk takes it; None when something is no day, time or number."""
        wrong = self._wrong()
        if wrong:
            self.show_refusals(wrong)
            return None
        self.clear_refusals()
        grid, member, road = (field.value() for field in (self.grid, self.member, self.road))
        return {
            "name": self.title.value(),
            "kind": self.kind.value(),
            "member_id": UUID(member) if member else None,
            "grid_id": UUID(grid) if grid else None,
            "road_id": UUID(road) if road else None,
            "template_id": self.template.value(),
            "frequency": Frequency(
                weekdays=self.weekdays.value(),
                every_weeks=self.every.value() or 1,
                times_a_day=self.times.value() or 1,
                holidays=self.holidays.value(),
            ),
            "shift_start": clock_of(self.begin.value()),
            "shift_end": clock_of(self.end.value()),
            "valid_from": self.first.value(),
            "valid_until": self.last.value(),
            "units": units_of(self.units.value()),
            "points": self.route.value(),
            "active": self.active.value(),
        }

    def _wrong(self) -> dict[str, str]:
        wrong = {}
        if not self.title.value():
            wrong["title"] = _("请给计划起个名字")
        for field_name, field in (("begin", self.begin), ("end", self.end)):
            if not _is_clock(field.value()):
                wrong[field_name] = _("请写成 08:30")
        first, last = self.first.value(), self.last.value()
        if first is None or isinstance(first, str):
            wrong["first"] = _("请写成 2026-11-21")
        if isinstance(last, str):
            wrong["last"] = _("请写成 2026-11-21")
        for field_name, number, most in (("every", self.every, 52), ("times", self.times, 12)):
            value = number.value()
            if value is not None and (isinstance(value, str) or not 1 <= value <= most):
                wrong[field_name] = _("请填 1 到 {n}").format(n=most)
        return wrong

    def _add_fields(self) -> None:
        self.add("title", _("名称"), self.title, required=True)
        self.add("kind", _("类别"), self.kind)
        self.add("grid", _("网格"), self.grid)
        self.add("road", _("道路"), self.road)
        self.add("member", _("网格员"), self.member, hint=_("不填时由网格的责任人巡查"))
        self.add("template", _("检查模板"), self.template)
        self.add("weekdays", _("星期"), self.weekdays)
        self.add_row(_("每几周"), [("every", _("每几周"), self.every), ("times", _("每日次数"), self.times)])
        self.add("holidays", _("节假日"), self.holidays)
        shift = [("begin", _("班次"), self.begin), ("end", _("至(早于开始即次日)"), self.end)]
        self.add_row(_("班次"), shift)
        self.add_row(_("有效期"), [("first", _("有效期"), self.first), ("last", _("至"), self.last)])
        self.add("units", _("联合单位"), self.units)
        self.add("route", _("路线"), self.route)
        self.add("active", _("在用"), self.active)
        for box in self.fields():
            box.widget.edited.connect(self.changed)  # type: ignore[attr-defined]

    def _offer_templates(self, plan: PatrolPlan | None) -> None:
        templates = self._context.desk.checklists.current()
        offered = [(one.id, one.name) for one in templates]
        named = None if plan is None else self._context.desk.checklists.get(plan.template_id)
        if named is not None and named.family not in {one.family for one in templates}:
            offered.append((named.id, named.name))
        self.template.set_choices(offered, empty=N_("不用模板"))

    def _current_of(self, template_id: UUID | None) -> UUID | None:
        """The version in force of the checklist a plan names by any of its versions."""
        checklists = self._context.desk.checklists
        named = checklists.get(template_id)
        if named is None:
            return None
        return next((one.id for one in checklists.current() if one.family == named.family), named.id)

    def _pick(self, picker: CodePicker, wanted: UUID | None, choices: list[Choice]) -> None:
        picker.set_choice(next((one for one in choices if one.key == str(wanted)), None))


def _is_clock(text: str) -> bool:
    try:
        return clock_of(text) is not None
    except ValueError:
        return False
