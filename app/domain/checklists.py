"""Checklists (检查模板): what is looked at on a round. Templates are data: edited by the office, a new version each time."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.records import Record, RecordType


class Programme(StrEnum):
    """What a round is for. INSPECTION is none: its lists are the matters of inspections of enterprises made known."""

    ORDER = "order"
    CLEAN = "clean"
    GREEN = "green"
    LIGHT = "light"
    FACILITY = "facility"
    CAMPAIGN = "campaign"
    DUST = "dust"
    FLOOD = "flood"
    SHOPFRONT = "shopfront"
    SNOW = "snow"
    INSPECTION = "inspection"
    OTHER = "other"


PROGRAMME_TITLES = {
    Programme.ORDER: "序化",
    Programme.CLEAN: "洁化",
    Programme.GREEN: "绿化",
    Programme.LIGHT: "亮化",
    Programme.FACILITY: "部件",
    Programme.CAMPAIGN: "专项整治",
    Programme.DUST: "以克论净",
    Programme.FLOOD: "积水点",
    Programme.SHOPFRONT: "门前三包",
    Programme.SNOW: "除雪",
    Programme.INSPECTION: "行政检查",
    Programme.OTHER: "其他",
}


class ItemKind(StrEnum):
    """How an item is answered: one of three grades, yes or no, or a measured number with a limit."""

    GRADE = "grade"
    YES_NO = "yes_no"
    NUMBER = "number"


class ChecklistItem(BaseModel):
    """One thing to look at. limit_max: a measured number above it is a finding. kind, major, minor: what a finding becomes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(title="代码", min_length=1, max_length=20)
    title: str = Field(title="检查内容", min_length=1, max_length=200)
    answer: ItemKind = Field(default=ItemKind.GRADE, title="填法")
    measure: str = Field(default="", title="单位", max_length=20)
    limit_max: float | None = Field(default=None, title="上限")
    case_kind: str = Field(default="", title="部件/事件", max_length=10)
    major: str = Field(default="", title="大类代码", max_length=10)
    minor: str = Field(default="", title="小类代码", max_length=10)
    basis: str = Field(default="", title="依据", max_length=200)


class ChecklistTemplate(Record):
    """One version of a checklist. `family` is shared by all versions of it; rounds keep the version they were made with."""

    family: UUID = Field(title="模板")
    number: int = Field(ge=1, title="版次")
    name: str = Field(title="名称", min_length=1, max_length=80)
    programme: Programme = Field(title="类型")
    items: tuple[ChecklistItem, ...] = Field(title="检查项")
    valid_from: date = Field(title="启用日期")
    note: str = Field(default="", title="备注", max_length=400)
    active: bool = Field(default=True, title="在用")


CHECKLIST_TEMPLATE = RecordType("checklist_template", "检查模板", ChecklistTemplate)
