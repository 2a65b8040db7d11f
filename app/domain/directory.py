"""The office's own lists: handling units, their people and collectors, roads, reply templates."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.grids import Line
from app.domain.records import Record, RecordType


class Unit(Record):
    """A department or company that handles cases (处置部门)."""

    name: str = Field(title="名称", min_length=1, max_length=80)
    code: str = Field(default="", title="代码", max_length=20)
    phone: str = Field(default="", title="电话", max_length=40)
    active: bool = Field(default=True, title="在用")


class Road(Record):
    """A road of the district; a clerk picks roads far more often than grids."""

    name: str = Field(title="名称", min_length=1, max_length=80)
    street_code: str = Field(default="", title="街道代码", max_length=20)
    chief: str = Field(default="", title="路长", max_length=60)
    level: str = Field(default="", title="等级", max_length=20)
    lines: tuple[Line, ...] = Field(default=(), title="走向")
    active: bool = Field(default=True, title="在用")


class WorkerKind(StrEnum):
    """People named in cases who have no PC here."""

    COLLECTOR = "collector"
    HANDLER = "handler"


class Certificate(BaseModel):
    """A paper a grid member holds, with its dates; None: not said, or for ever."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(title="证件", min_length=1, max_length=60)
    number: str = Field(default="", title="证号", max_length=60)
    valid_from: date | None = Field(default=None, title="发证日期")
    valid_until: date | None = Field(default=None, title="有效期至")


class Worker(Record):
    """A collector, that is a grid member (采集员、网格员), or a unit's handler (处置人员)."""

    name: str = Field(title="姓名", min_length=1, max_length=60)
    kind: WorkerKind = Field(title="类别")
    unit_id: UUID | None = Field(default=None, title="所属部门")
    phone: str = Field(default="", title="电话", max_length=40)
    number: str = Field(default="", title="工号", max_length=40)
    skills: tuple[str, ...] = Field(default=(), title="技能")
    certificates: tuple[Certificate, ...] = Field(default=(), title="证件")
    seconded_to: str = Field(default="", title="下沉街道", max_length=20)
    seconded_from: date | None = Field(default=None, title="下沉开始")
    seconded_until: date | None = Field(default=None, title="下沉结束")
    active: bool = Field(default=True, title="在用")


class ReplyTemplate(Record):
    """Words an office writes again and again; {地点} and {小类} are filled in."""

    title: str = Field(title="标题", min_length=1, max_length=40)
    text: str = Field(title="内容", min_length=1, max_length=2000)
    purpose: str = Field(default="description", title="用途", max_length=40)
    active: bool = Field(default=True, title="在用")


UNIT = RecordType("unit", "处置部门", Unit)
ROAD = RecordType("road", "道路", Road)
WORKER = RecordType("worker", "外勤人员", Worker)
REPLY_TEMPLATE = RecordType("reply_template", "常用语", ReplyTemplate)
