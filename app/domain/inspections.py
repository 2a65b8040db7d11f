"""Administrative inspection (行政检查): an inspection of an enterprise by two certified officers.

Never the same as a grid patrol: 国办发〔2024〕54号 allows inspections of enterprises only by officers with certificates,
within what was made known, with approval and notice, and under a yearly cap.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.domain.records import Record, RecordType


class Enterprise(Record):
    """A company or shop that may be inspected. yearly_cap None: the office's own default."""

    name: str = Field(title="名称", min_length=1, max_length=120)
    credit_code: str = Field(default="", max_length=18, title="统一社会信用代码")
    category: str = Field(default="", max_length=60, title="类别")
    risk: str = Field(default="", max_length=20, title="信用风险")
    street_code: str = Field(default="", max_length=20, title="街道代码")
    street_name: str = Field(default="", max_length=80, title="街道")
    address: str = Field(default="", max_length=400, title="地址")
    longitude: float | None = Field(default=None, ge=-180, le=180, title="经度")
    latitude: float | None = Field(default=None, ge=-90, le=90, title="纬度")
    yearly_cap: int | None = Field(default=None, ge=0, title="年度检查上限")
    active: bool = Field(default=True, title="在用")


class Officer(Record):
    """An enforcement officer (执法人员) with a certificate; a grid member is none."""

    name: str = Field(title="姓名", min_length=1, max_length=60)
    unit_name: str = Field(default="", max_length=80, title="单位")
    certificate_no: str = Field(default="", max_length=40, title="执法证号")
    valid_from: date | None = Field(default=None, title="发证日期")
    valid_until: date | None = Field(default=None, title="有效期至")
    active: bool = Field(default=True, title="在用")


class InspectionBasis(StrEnum):
    """Why an enterprise is inspected. Leads, transfers and emergencies are not under the cap, with a reason."""

    PLAN = "plan"
    RANDOM = "random"
    LEAD = "lead"
    TRANSFER = "transfer"
    EMERGENCY = "emergency"


INSPECTION_BASIS_TITLES = {
    InspectionBasis.PLAN: "检查计划",
    InspectionBasis.RANDOM: "双随机抽查",
    InspectionBasis.LEAD: "投诉举报",
    InspectionBasis.TRANSFER: "转办交办",
    InspectionBasis.EMERGENCY: "紧急情况",
}


class InspectionState(StrEnum):
    """How far an inspection is."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    NOTIFIED = "notified"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


INSPECTION_STATE_TITLES = {
    InspectionState.DRAFTED: "待审批",
    InspectionState.APPROVED: "已批准",
    InspectionState.NOTIFIED: "已告知",
    InspectionState.UNDER_WAY: "检查中",
    InspectionState.DONE: "已完成",
    InspectionState.CANCELLED: "已取消",
}


class InspectionResult(StrEnum):
    """What an inspection came to."""

    NOTHING_FOUND = "nothing_found"
    PUT_RIGHT = "put_right"
    HANDED_ON = "handed_on"


INSPECTION_RESULT_TITLES = {
    InspectionResult.NOTHING_FOUND: "未发现问题",
    InspectionResult.PUT_RIGHT: "责令改正",
    InspectionResult.HANDED_ON: "移送立案",
}


class ItemResult(StrEnum):
    """What was found of one matter."""

    FINE = "fine"
    WRONG = "wrong"
    DOES_NOT_APPLY = "does_not_apply"


ITEM_RESULT_TITLES = {
    ItemResult.FINE: "符合",
    ItemResult.WRONG: "不符合",
    ItemResult.DOES_NOT_APPLY: "不涉及",
}


class InspectionItem(BaseModel):
    """One matter looked into, with the article it rests on and what was found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(title="检查事项", min_length=1, max_length=200)
    basis: str = Field(default="", title="依据", max_length=400)
    unit_name: str = Field(default="", title="单位", max_length=80)
    result: str = Field(default="", title="结果", max_length=20)
    note: str = Field(default="", title="说明", max_length=1000)


class Inspection(Record):
    """One visit (综合查一次 joins the items of several units in it). Officers' names and numbers as they were then."""

    number: str = Field(title="编号", max_length=40)
    enterprise_id: UUID = Field(title="企业标识")
    enterprise_name: str = Field(title="企业", max_length=120)
    basis: InspectionBasis = Field(title="检查来源")
    exempt_reason: str = Field(default="", title="不计次理由", max_length=400)
    state: InspectionState = Field(title="状态")
    matter: str = Field(default="", title="检查内容", max_length=400)
    units: tuple[str, ...] = Field(default=(), title="检查单位")
    officer_ids: tuple[UUID, ...] = Field(default=(), title="执法人员标识")
    officer_words: tuple[str, ...] = Field(default=(), title="执法人员")
    items: tuple[InspectionItem, ...] = Field(default=(), title="检查事项")
    planned_on: date = Field(title="计划日期")
    approved_by: str = Field(default="", title="批准人", max_length=60)
    approved_at: AwareDatetime | None = Field(default=None, title="批准时间")
    notice_no: str = Field(default="", title="通知书编号", max_length=60)
    noticed_at: AwareDatetime | None = Field(default=None, title="告知时间")
    started_at: AwareDatetime | None = Field(default=None, title="开始时间")
    ended_at: AwareDatetime | None = Field(default=None, title="结束时间")
    result: str = Field(default="", title="检查结果", max_length=20)
    note: str = Field(default="", title="说明", max_length=4000)
    draw_id: UUID | None = Field(default=None, title="抽查标识")
    drafter_id: UUID | None = Field(default=None, title="拟稿人标识")
    drafter_name: str = Field(default="", title="拟稿人", max_length=60)
    case_id: UUID | None = Field(default=None, title="案件标识")
    case_no: str = Field(default="", title="案件编号", max_length=40)


class DrawPick(BaseModel):
    """One enterprise and the officers drawn for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enterprise_id: UUID = Field(title="企业标识")
    enterprise_name: str = Field(title="企业", max_length=120)
    officer_ids: tuple[UUID, ...] = Field(title="执法人员标识")
    officer_words: tuple[str, ...] = Field(title="执法人员")


class Exclusion(BaseModel):
    """Who was kept apart by hand, and why. officer_id None: the enterprise is not drawn at all; enterprise_id None: the
    officer is sent nowhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enterprise_id: UUID | None = Field(default=None, title="企业标识")
    officer_id: UUID | None = Field(default=None, title="执法人员标识")
    reason: str = Field(title="回避理由", min_length=1, max_length=200)


class Draw(Record):
    """A random draw of enterprises and officers (双随机) that gives the same again from its seed and its lists.

    weights, officer_units: beside the two lists, as they were when it was drawn.
    """

    number: str = Field(title="编号", max_length=40)
    drawn_at: AwareDatetime = Field(title="抽取时间")
    seed: str = Field(title="随机种子", max_length=64)
    method: str = Field(title="抽取方法", max_length=40)
    enterprises: tuple[UUID, ...] = Field(title="对象名单")
    officers: tuple[UUID, ...] = Field(title="人员名单")
    weights: tuple[int, ...] = Field(default=(), title="对象权重")
    officer_units: tuple[str, ...] = Field(default=(), title="人员单位")
    exclusions: tuple[Exclusion, ...] = Field(default=(), title="回避")
    wanted: int = Field(ge=1, title="抽取数量")
    picks: tuple[DrawPick, ...] = Field(title="抽取结果")
    note: str = Field(default="", title="说明", max_length=400)


ENTERPRISE = RecordType("enterprise", "企业", Enterprise)
OFFICER = RecordType("officer", "执法人员", Officer)
INSPECTION = RecordType("inspection", "行政检查", Inspection)
DRAW = RecordType("draw", "双随机抽查", Draw, append_only=True)
