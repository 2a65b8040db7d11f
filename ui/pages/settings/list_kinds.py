"""The lists an office keeps: which fields each has, how it is shown, and by what a pasted row is known again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QWidget

from app.base.words import N_, _
from app.desk import Desk
from app.domain.directory import ReplyTemplate, Road, Unit, Worker, WorkerKind
from app.domain.records import Record
from ui.forms.choice_input import ChoiceInput
from ui.forms.key_input import KeyInput, uuid_of
from ui.tables.columns import Column

PURPOSES = (("description", N_("问题描述")), ("reason", N_("退回、挂账等理由")), ("note", N_("办理说明")))


@dataclass(frozen=True)
class ListKind:
    """One list. fields: in the order of the form and of a pasted table. known_by: the field a row is known again by."""

    name: str
    title: str
    one: str
    record: type[Record]
    fields: tuple[str, ...]
    known_by: str
    columns: tuple[Column[Any], ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    example: str = ""

    def holds(self, record: Any) -> bool:
        """Whether a record of the class belongs to this list."""
        return all(getattr(record, key) == value for key, value in self.fixed.items())

    def inputs(self, desk: Desk) -> dict[str, QWidget]:
        """Inputs that are not plain text."""
        made: dict[str, QWidget] = {}
        if "unit_id" in self.fields:
            made["unit_id"] = KeyInput(desk.pickers.units, lambda key: unit_name(desk, key), None)
        if "street_code" in self.fields:
            made["street_code"] = KeyInput(desk.pickers.streets, lambda key: street_name(desk, key), "")
        if "purpose" in self.fields:
            made["purpose"] = ChoiceInput(PURPOSES)
        return made


def unit_name(desk: Desk, key: Any) -> str:
    """The name of a unit, in use or not."""
    unit = desk.directory.unit(uuid_of(key)) if key else None
    return unit.name if unit is not None else ""


def street_name(desk: Desk, code: str) -> str:
    """The name of a street."""
    street = desk.reference.divisions().street(code)
    return street.name if street is not None else ""


def _text(name: str, title: str, width: int) -> Column[Any]:
    return Column(name, title, width, lambda record: getattr(record, name))


def _used() -> Column[Any]:
    return Column("active", N_("状态"), 70, lambda record: _("在用") if record.active else _("停用"))


def kinds(desk: Desk) -> Sequence[ListKind]:
    """All lists, in the order of their tabs."""
    unit = Column[Any]("unit_id", N_("所属部门"), 180, lambda worker: unit_name(desk, worker.unit_id))
    street = Column[Any]("street_code", N_("街道"), 140, lambda road: street_name(desk, road.street_code))
    purposes = dict(PURPOSES)
    purpose = Column[Any]("purpose", N_("用途"), 130, lambda t: _(purposes.get(t.purpose, t.purpose)))
    worker_fields, worker_columns = (
        ("name", "unit_id", "phone", "active"),
        (_text("name", N_("姓名"), 140), unit, _text("phone", N_("电话"), 140), _used()),
    )
    return (
        ListKind(
            "units",
            N_("处置部门"),
            N_("部门"),
            Unit,
            ("name", "code", "phone", "active"),
            "name",
            (_text("name", N_("名称"), 240), _text("code", N_("代码"), 90), _text("phone", N_("电话"), 150), _used()),
            example=N_("名称、代码、电话"),
        ),
        ListKind(
            "roads",
            N_("道路"),
            N_("道路"),
            Road,
            ("name", "street_code", "chief", "active"),
            "name",
            (_text("name", N_("名称"), 220), street, _text("chief", N_("路长"), 120), _used()),
            example=N_("名称、街道、路长"),
        ),
        ListKind(
            "collectors",
            N_("采集员"),
            N_("采集员"),
            Worker,
            worker_fields,
            "name",
            worker_columns,
            {"kind": WorkerKind.COLLECTOR},
            N_("姓名、所属部门、电话"),
        ),
        ListKind(
            "handlers",
            N_("处置人员"),
            N_("处置人员"),
            Worker,
            worker_fields,
            "name",
            worker_columns,
            {"kind": WorkerKind.HANDLER},
            N_("姓名、所属部门、电话"),
        ),
        ListKind(
            "templates",
            N_("常用语"),
            N_("常用语"),
            ReplyTemplate,
            ("title", "text", "purpose", "active"),
            "title",
            (_text("title", N_("标题"), 160), _text("text", N_("内容"), 380), purpose, _used()),
            example=N_("标题、内容"),
        ),
    )
