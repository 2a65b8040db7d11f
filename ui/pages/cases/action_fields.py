"""The fields a step asks for, each by the name the flow table gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.desk import Desk
from app.domain.cases import SUPERVISE_TITLES, Case, SuperviseLevel
from app.domain.directory import WorkerKind
from app.domain.permissions import Actor, OfficeRole
from app.domain.reference import Condition
from app.domain.task_rules import SENDING_ACTIONS, Chosen
from app.domain.workflow import FlowStep
from app.services import pickers
from app.services.case_step_words import RESULT_TITLES
from ui.forms.choice_input import ChoiceInput
from ui.forms.text_inputs import ParagraphInput, TextInput
from ui.forms.time_inputs import ZONE, DayInput
from ui.pages.cases.choice_radios import RadioChoice, RadioInput
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker

FIELD_OF_REFUSAL: Mapping[str, str] = {
    "case.reason_missing": "note",
    "case.unit_missing": "unit",
    "case.handler_missing": "handler",
    "case.acceptor_missing": "acceptor",
    "case.condition_missing": "condition",
    "case.limit_missing": "condition",
    "case.closing_missing": "closing",
    "case.until_wrong": "until",
    "case.approval_missing": "approved_by",
    "case.result_missing": "result",
}
REQUIRED = frozenset({"unit", "handler", "acceptor", "condition", "closing", "until", "result"})
OUTSIDE_ROLES = ("unit", "handler", "collector")
NAME_LENGTH = 60


@dataclass(frozen=True)
class ActionField:
    """One field: what stands before it, its widget, and the StepInputs fields it fills."""

    name: str
    title: str
    widget: QWidget
    values: Callable[[], dict[str, Any]]
    required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class FieldMaker:
    """Makes the fields of a step. case None: the step is taken on many at once."""

    desk: Desk
    actor: Actor
    case: Case | None

    def fields(self, step: FlowStep) -> list[ActionField]:
        """What the step asks, in the table's order, then for whom it is recorded, then the reason."""
        made = [self._sent() if self._sends(step, asked) else self._makers()[asked]() for asked in step.inputs]
        if approval_wanted(step) and "approved_by" not in step.inputs:
            made.append(self._approved_by())
        if self.case is not None and outside_role(step) and not {"handler", "collector"} & set(step.inputs):
            made.append(self._on_behalf_of(step))
        return [*made, self._note(step)]

    def _makers(self) -> Mapping[str, Callable[[], ActionField]]:
        return {
            "unit": self._unit,
            "handler": lambda: self._worker("handler", _("处置人员"), WorkerKind.HANDLER),
            "collector": lambda: self._worker("collector", _("采集员"), WorkerKind.COLLECTOR),
            "acceptor": self._acceptor,
            "condition": self._condition,
            "closing": self._closing,
            "until": self._until,
            "approved_by": self._approved_by,
            "result": self._result,
            "level": self._level,
        }

    def _unit(self) -> ActionField:
        picker = CodePicker(searching(self.desk.pickers.units))
        if self.case is not None and self.case.unit_id is not None:
            picker.set_choice(Choice(str(self.case.unit_id), "", self.case.unit_name))

        def values() -> dict[str, Any]:
            choice = picker.choice()
            return {} if choice is None else {"unit_id": UUID(choice.key), "unit_name": choice.title}

        hint = "" if self.desk.pickers.units("") else _("还没有处置部门,请先在设置的“部门、道路、常用语”里添加")
        return ActionField("unit", _("处置部门"), picker, values, required=True, hint=hint)

    def _worker(self, field: str, title: str, kind: WorkerKind) -> ActionField:
        picker = CodePicker(searching(lambda typed: self.desk.pickers.workers(kind, typed)))
        known = getattr(self.case, f"{field}_name", "") if self.case is not None else ""
        if known:
            picker.set_choice(Choice(known, "", known))

        def values() -> dict[str, Any]:
            return {f"{field}_name": picker.value() or picker.text().strip()}

        return ActionField(field, title, picker, values, field in REQUIRED, _("可从名单选择,也可直接写姓名"))

    def _sends(self, step: FlowStep, asked: str) -> bool:
        """The step sends a member to the spot, for this one case."""
        return asked == "collector" and step.action in SENDING_ACTIONS and self.case is not None

    def _sent(self) -> ActionField:
        """Who goes: the nearest stands there already, and why."""
        assert self.case is not None
        chosen = self.desk.field_tasks.proposal(self.case)
        picker = CodePicker(searching(lambda typed: self.desk.pickers.workers(WorkerKind.COLLECTOR, typed)))
        if chosen.member is not None:
            picker.set_choice(Choice(chosen.member.name, "", chosen.member.name))

        def values() -> dict[str, Any]:
            return {"collector_name": picker.value() or picker.text().strip()}

        return ActionField("collector", _("网格员"), picker, values, hint=sent_words(chosen))

    def _acceptor(self) -> ActionField:
        persons = [p for p in self.desk.accounts.persons() if p.active and OfficeRole.ACCEPTOR in p.roles]
        choose = ChoiceInput([(person.id, person.name) for person in persons])
        choose.set_value(self.case.acceptor_id if self.case is not None else None)
        names = {person.id: person.name for person in persons}

        def values() -> dict[str, Any]:
            chosen = choose.value()
            return {} if chosen is None else {"acceptor_id": chosen, "acceptor_name": names[chosen]}

        return ActionField("acceptor", _("结案受理员"), choose, values, required=True)

    def _condition(self) -> ActionField:
        conditions = {str(condition.no): condition for condition in self._conditions()}
        choose = RadioInput(
            "condition", [RadioChoice(key, condition_words(condition)) for key, condition in conditions.items()]
        )
        if self.case is not None and self.case.condition_no is not None:
            choose.set_value(str(self.case.condition_no))
        elif len(conditions) == 1:
            choose.set_value(next(iter(conditions)))

        def values() -> dict[str, Any]:
            key = choose.value()
            return {} if key is None else {"condition": conditions[key]}

        hint = "" if conditions else _("这件案件还没有标准里的类别,请先用“更正”选定类别")
        return ActionField("condition", _("立案条件"), choose, values, required=True, hint=hint)

    def _conditions(self) -> tuple[Condition, ...]:
        if self.case is None or self.case.kind is None:
            return ()
        category = self.desk.reference.categories().find(self.case.kind, self.case.major, self.case.minor)
        return category.conditions if category is not None else ()

    def _closing(self) -> ActionField:
        text = ParagraphInput(2)
        text.set_value(self.case.closing if self.case is not None else "")
        return ActionField("closing", _("结案条件"), text, lambda: {"closing": text.value().strip()}, required=True)

    def _until(self) -> ActionField:
        day = DayInput()

        def values() -> dict[str, Any]:
            chosen = day.value()
            if not isinstance(chosen, date):
                return {}
            return {"until": datetime.combine(chosen, time(), ZONE).astimezone(UTC)}

        hint = _("到这一天零点自动恢复,最长一年")
        return ActionField("until", _("挂账至"), day, values, required=True, hint=hint)

    def _approved_by(self) -> ActionField:
        text = TextInput(NAME_LENGTH)
        return ActionField("approved_by", _("批准人"), text, lambda: {"approved_by": text.value()}, required=True)

    def _result(self) -> ActionField:
        choose = RadioInput("result", [RadioChoice(key, _(title)) for key, title in RESULT_TITLES.items()])
        return ActionField("result", _("核查结果"), choose, lambda: {"result": choose.value() or ""}, required=True)

    def _level(self) -> ActionField:
        levels = [(level, title) for level, title in SUPERVISE_TITLES.items() if level != SuperviseLevel.NONE]
        choose = ChoiceInput(levels)
        choose.set_value(SuperviseLevel.IMPORTANT)
        return ActionField("level", _("督办类型"), choose, lambda: {"level": choose.value()}, required=True)

    def _on_behalf_of(self, step: FlowStep) -> ActionField:
        text = TextInput(NAME_LENGTH)
        text.set_value(behalf_of(step, self.case))
        hint = _("这一步由外面的人完成,由你代为登记")
        return ActionField("on_behalf_of", _("代为登记"), text, lambda: {"on_behalf_of": text.value()}, hint=hint)

    def _note(self, step: FlowStep) -> ActionField:
        text = ParagraphInput(3)
        title = _("理由") if step.reason_required else _("说明")
        return ActionField("note", title, text, lambda: {"note": text.value().strip()}, required=step.reason_required)


def sent_words(chosen: Chosen) -> str:
    """Why this member is proposed."""
    if chosen.member is None:
        return _("今天没有网格员的位置,也没有责任网格的网格员;可从名单选择,也可以先空着")
    if chosen.distance_m is None or chosen.seen_at is None:
        return _("责任网格的网格员;可改选")
    at = f"{chosen.seen_at.astimezone(ZONE):%H:%M}"
    return _("{at} 距现场 {n} 米,最近;可改选").format(at=at, n=round(chosen.distance_m))


def searching(search: Callable[[str], list[pickers.Choice]]) -> Callable[[str], list[Choice]]:
    """A picker's search over the desk's own choices."""
    return lambda typed: [Choice(c.key, c.code, c.title, c.hint) for c in search(typed)]


def condition_words(condition: Condition) -> str:
    """A filing condition with its limit: 超出门窗、外墙摆卖 → 2 小时(工作时)."""
    limit = condition.limit_text or (condition.limit.text if condition.limit else "") or _("没有可计算的时限")
    return f"{condition.filing or _('(没有写立案条件)')} → {limit}"


def approval_wanted(step: FlowStep) -> bool:
    """The flow wants somebody who approved it."""
    return "approval_named" in step.guards


def outside_role(step: FlowStep) -> str:
    """The role outside the office whose step a clerk records; empty: it is the clerk's own."""
    return next((role for role in OUTSIDE_ROLES if role in step.roles), "")


def behalf_of(step: FlowStep, case: Case | None) -> str:
    """Whose step it is, as far as the case names somebody."""
    role = outside_role(step)
    if case is None or not role:
        return ""
    return {"unit": case.unit_name, "handler": case.handler_name, "collector": case.collector_name}[role]


def asks_nothing(step: FlowStep) -> bool:
    """The step can go at once."""
    return not step.inputs and not step.reason_required
