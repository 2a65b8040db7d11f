"""The case (案卷), its steps and its photos, and what a clerk types to open one."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.domain.deadlines import Limit, StageClock
from app.domain.records import Draft, Record, RecordType
from app.domain.stages import Stage


class CaseKind(StrEnum):
    """Component (a thing of the city) or event."""

    COMPONENT = "component"
    EVENT = "event"


CASE_KIND_TITLES = {CaseKind.COMPONENT: "部件", CaseKind.EVENT: "事件"}


class AppealState(StrEnum):
    """How far a unit's appeal against a late mark has come."""

    NONE = "none"
    ASKED = "asked"
    SUPPORTED = "supported"
    ALLOWED = "allowed"
    REFUSED = "refused"


class SuperviseLevel(StrEnum):
    """Why a leader watches the case."""

    NONE = "none"
    OVERDUE = "overdue"
    LEADER = "leader"
    IMPORTANT = "important"


SUPERVISE_TITLES = {
    SuperviseLevel.NONE: "无",
    SuperviseLevel.OVERDUE: "超时督办",
    SuperviseLevel.LEADER: "领导督办",
    SuperviseLevel.IMPORTANT: "重点督办",
}


class PhotoPhase(StrEnum):
    """When a photo was taken, seen from the handling."""

    BEFORE = "before"
    AFTER = "after"
    VERIFY = "verify"
    CHECK = "check"


PHOTO_PHASE_TITLES = {
    PhotoPhase.BEFORE: "处置前",
    PhotoPhase.AFTER: "处置后",
    PhotoPhase.VERIFY: "核实",
    PhotoPhase.CHECK: "核查",
}


class CaseDraft(Draft):
    """What the entry form holds. All of it may be kept as a draft; `open_case` says what is still missing."""

    source: str = Field(default="", max_length=40, title="来源")
    source_system: str = Field(default="", max_length=80, title="来源系统")
    source_no: str = Field(default="", max_length=80, title="来源编号")
    reporter_name: str = Field(default="", max_length=60, title="上报人")
    reporter_phone: str = Field(default="", max_length=40, title="联系电话")
    scheme: str = Field(default="", max_length=40, title="分类体系")
    kind: CaseKind | None = Field(default=None, title="部件/事件")
    major: str = Field(default="", max_length=10, title="大类代码")
    minor: str = Field(default="", max_length=10, title="小类代码")
    condition_no: int | None = Field(default=None, ge=1, title="立案条件")
    category_text: str = Field(default="", max_length=200, title="原分类")
    street_code: str = Field(default="", max_length=20, title="街道")
    street_text: str = Field(default="", max_length=80, title="街道名称")
    community_code: str = Field(default="", max_length=20, title="社区")
    road: str = Field(default="", max_length=80, title="道路")
    house_no: str = Field(default="", max_length=40, title="门牌")
    near: str = Field(default="", max_length=200, title="附近")
    address: str = Field(default="", max_length=400, title="地点")
    longitude: float | None = Field(default=None, ge=-180, le=180, title="经度")
    latitude: float | None = Field(default=None, ge=-90, le=90, title="纬度")
    point_source: dict[str, Any] = Field(default_factory=dict, title="坐标来源")
    unit_grid: str = Field(default="", max_length=20, title="单元网格")
    duty_grid: str = Field(default="", max_length=40, title="责任网格")
    governance_grid: str = Field(default="", max_length=40, title="治理网格")
    facility_id: UUID | None = Field(default=None, title="部件标识")
    description: str = Field(default="", max_length=20000, title="问题描述")
    reported_at: AwareDatetime | None = Field(default=None, title="上报时间")
    collector_name: str = Field(default="", max_length=60, title="采集员")
    self_handled: bool = Field(default=False, title="自处置")
    city_level: bool = Field(default=False, title="市级案件")
    linked_case_id: UUID | None = Field(default=None, title="关联案件")


class Case(Record):
    """One case from report to archive. Points are WGS-84; `point_source` keeps the system and values as given."""

    local_no: str = Field(title="编号", max_length=40)
    city_no: str = Field(default="", max_length=40, title="市平台编号")
    source: str = Field(default="", max_length=40, title="来源")
    source_system: str = Field(default="", max_length=80, title="来源系统")
    source_no: str = Field(default="", max_length=80, title="来源编号")
    reporter_name: str = Field(default="", max_length=60, title="上报人")
    reporter_phone: str = Field(default="", max_length=40, title="联系电话")

    scheme: str = Field(default="", max_length=40, title="分类体系")
    kind: CaseKind | None = Field(default=None, title="部件/事件")
    major: str = Field(default="", max_length=10, title="大类代码")
    minor: str = Field(default="", max_length=10, title="小类代码")
    major_name: str = Field(default="", max_length=80, title="大类")
    minor_name: str = Field(default="", max_length=80, title="小类")
    category_text: str = Field(default="", max_length=200, title="原分类")
    standards_version: str = Field(default="", max_length=80, title="标准版本")
    condition_no: int | None = Field(default=None, ge=1, title="立案条件序号")
    condition: str = Field(default="", max_length=1000, title="立案条件")
    closing: str = Field(default="", max_length=1000, title="结案条件")
    limit: Limit | None = Field(default=None, title="处置时限")

    street_code: str = Field(default="", max_length=20, title="街道代码")
    street_name: str = Field(default="", max_length=80, title="街道")
    community_code: str = Field(default="", max_length=20, title="社区代码")
    community_name: str = Field(default="", max_length=80, title="社区")
    road: str = Field(default="", max_length=80, title="道路")
    house_no: str = Field(default="", max_length=40, title="门牌")
    near: str = Field(default="", max_length=200, title="附近")
    address: str = Field(default="", max_length=400, title="地点")
    longitude: float | None = Field(default=None, ge=-180, le=180, title="经度")
    latitude: float | None = Field(default=None, ge=-90, le=90, title="纬度")
    point_source: dict[str, Any] = Field(default_factory=dict, title="坐标来源")
    unit_grid: str = Field(default="", max_length=20, title="单元网格")
    duty_grid: str = Field(default="", max_length=40, title="责任网格")
    governance_grid: str = Field(default="", max_length=40, title="治理网格")
    facility_id: UUID | None = Field(default=None, title="部件标识")
    description: str = Field(default="", max_length=20000, title="问题描述")

    reported_at: AwareDatetime = Field(title="上报时间")
    stage: Stage = Field(title="环节")
    stage_before: Stage | None = Field(default=None, title="挂账前环节")
    stage_at: AwareDatetime = Field(title="进入环节时间")
    flow_version: str = Field(default="", max_length=40, title="流程版本")
    acceptor_id: UUID | None = Field(default=None, title="受理员标识")
    acceptor_name: str = Field(default="", max_length=60, title="受理员")
    collector_name: str = Field(default="", max_length=60, title="采集员")
    unit_id: UUID | None = Field(default=None, title="处置部门标识")
    unit_name: str = Field(default="", max_length=80, title="处置部门")
    handler_name: str = Field(default="", max_length=60, title="处置人员")

    clocks: tuple[StageClock, ...] = Field(default=(), title="计时")
    clock: str = Field(default="", max_length=20, title="当前计时")
    due_at: AwareDatetime | None = Field(default=None, title="截止时间")
    warn_at: AwareDatetime | None = Field(default=None, title="预警时间")
    due_gap_year: int | None = Field(default=None, title="缺少日历的年份")
    suspended_until: AwareDatetime | None = Field(default=None, title="挂账至")
    suspend_count: int = Field(default=0, ge=0, title="挂账次数")
    handled_late: bool = Field(default=False, title="超期处置")
    appeal: AppealState = Field(default=AppealState.NONE, title="申诉")
    supervise: SuperviseLevel = Field(default=SuperviseLevel.NONE, title="督办")
    rework_count: int = Field(default=0, ge=0, title="返工次数")
    check_result: str = Field(default="", max_length=20, title="核查结果")
    self_handled: bool = Field(default=False, title="自处置")
    city_level: bool = Field(default=False, title="市级案件")
    closed_at: AwareDatetime | None = Field(default=None, title="结案时间")
    linked_case_id: UUID | None = Field(default=None, title="关联案件")

    @property
    def is_open(self) -> bool:
        """Neither closed nor void."""
        return self.stage not in (Stage.CLOSED, Stage.VOID)

    def stage_clock(self, name: str) -> StageClock | None:
        """The latest clock of that name."""
        return next((clock for clock in reversed(self.clocks) if clock.name == name), None)


class CaseStep(Record):
    """One step of a case, written once and never changed."""

    parent: UUID = Field(title="案件")
    action: str = Field(title="动作", max_length=40)
    from_stage: Stage | None = Field(default=None, title="原环节")
    to_stage: Stage = Field(title="到环节")
    at: AwareDatetime = Field(title="时间")
    actor_id: UUID = Field(title="操作人标识")
    actor_name: str = Field(title="操作人", max_length=60)
    role: str = Field(default="", max_length=20, title="角色")
    on_behalf_of: str = Field(default="", max_length=60, title="代为登记")
    note: str = Field(default="", max_length=4000, title="说明")
    inputs: dict[str, Any] = Field(default_factory=dict, title="内容")


class Photo(Record):
    """A photo or file attached to a case; identity is the sha-256 of its plain bytes."""

    parent: UUID = Field(title="案件")
    sha256: str = Field(title="摘要", min_length=64, max_length=64)
    size: int = Field(title="大小", ge=1)
    name: str = Field(default="", max_length=255, title="文件名")
    media_type: str = Field(default="", max_length=80, title="类型")
    phase: PhotoPhase = Field(title="阶段")
    batch: int = Field(default=0, ge=0, title="批次")
    taken_at: AwareDatetime | None = Field(default=None, title="拍摄时间")
    longitude: float | None = Field(default=None, title="经度")
    latitude: float | None = Field(default=None, title="纬度")
    width: int = Field(default=0, ge=0, title="宽")
    height: int = Field(default=0, ge=0, title="高")
    warning: str = Field(default="", max_length=200, title="提示")


CASE = RecordType("case", "案件", Case)
CASE_STEP = RecordType("case_step", "案件步骤", CaseStep, append_only=True)
PHOTO = RecordType("photo", "照片", Photo, append_only=True)
PHOTO_PARENTS = ("case", "finding", "check_result", "patrol_round", "facility", "inspection")
"""Types of records a photo may lie under."""


def place_words(draft: CaseDraft | Case, street: str, community: str) -> str:
    """One line saying where: the address as given, else composed from its parts."""
    if draft.address:
        return draft.address
    door = draft.house_no + ("号" if draft.house_no and draft.house_no[-1].isdigit() else "")
    near = f"({draft.near})" if draft.near else ""
    return f"{street}{community}{draft.road}{door}{near}"
