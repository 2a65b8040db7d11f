"""Findings of rounds (巡查问题), and the verify and check tasks (核实、核查) that members carry out for cases."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.domain.cases import CaseKind
from app.domain.records import Draft, Record, RecordType


class FindingState(StrEnum):
    """What became of a finding."""

    OPEN = "open"
    CASE = "case"
    SETTLED = "settled"
    WATCH = "watch"
    DROPPED = "dropped"


FINDING_STATE_TITLES = {
    FindingState.OPEN: "待处理",
    FindingState.CASE: "已转案件",
    FindingState.SETTLED: "当场解决",
    FindingState.WATCH: "持续关注",
    FindingState.DROPPED: "不成立",
}


class FindingDraft(Draft):
    """What the slim entry holds; the fields a case takes over bear the names they have there."""

    round_id: UUID | None = Field(default=None, title="巡查标识")
    point_no: int | None = Field(default=None, ge=1, title="检查点序号")
    item_code: str = Field(default="", max_length=20, title="检查项")
    found_at: AwareDatetime | None = Field(default=None, title="发现时间")
    member_id: UUID | None = Field(default=None, title="网格员标识")
    member_name: str = Field(default="", max_length=60, title="网格员")
    facility_id: UUID | None = Field(default=None, title="部件标识")
    scheme: str = Field(default="", max_length=40, title="分类体系")
    kind: CaseKind | None = Field(default=None, title="部件/事件")
    major: str = Field(default="", max_length=10, title="大类代码")
    minor: str = Field(default="", max_length=10, title="小类代码")
    category_text: str = Field(default="", max_length=200, title="原分类")
    street_code: str = Field(default="", max_length=20, title="街道")
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
    description: str = Field(default="", max_length=20000, title="问题描述")


class Finding(Record):
    """Something wrong that was seen on a round, or between rounds. Points are WGS-84."""

    number: str = Field(title="编号", max_length=40)
    round_id: UUID | None = Field(default=None, title="巡查标识")
    point_no: int | None = Field(default=None, ge=1, title="检查点序号")
    item_code: str = Field(default="", max_length=20, title="检查项")
    found_at: AwareDatetime = Field(title="发现时间")
    member_id: UUID | None = Field(default=None, title="网格员标识")
    member_name: str = Field(default="", max_length=60, title="网格员")
    facility_id: UUID | None = Field(default=None, title="部件标识")
    scheme: str = Field(default="", max_length=40, title="分类体系")
    kind: CaseKind | None = Field(default=None, title="部件/事件")
    major: str = Field(default="", max_length=10, title="大类代码")
    minor: str = Field(default="", max_length=10, title="小类代码")
    minor_name: str = Field(default="", max_length=80, title="小类")
    category_text: str = Field(default="", max_length=200, title="原分类")
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
    description: str = Field(default="", max_length=20000, title="问题描述")
    state: FindingState = Field(title="处理")
    case_id: UUID | None = Field(default=None, title="案件标识")
    case_no: str = Field(default="", max_length=40, title="案件编号")
    watch_until: date | None = Field(default=None, title="关注至")
    settled_at: AwareDatetime | None = Field(default=None, title="解决时间")
    outcome_note: str = Field(default="", max_length=1000, title="处理说明")
    source_system: str = Field(default="", max_length=80, title="来源系统")
    source_no: str = Field(default="", max_length=80, title="来源编号")


class TaskKind(StrEnum):
    """Verify (核实) before filing, check (核查) after handling; the office may swap the two labels on screen."""

    VERIFY = "verify"
    CHECK = "check"


class TaskState(StrEnum):
    """Open until it is handed over; done when its result stands in the case; called off with the case's step."""

    OPEN = "open"
    HANDED = "handed"
    DONE = "done"
    CALLED_OFF = "called_off"


class ChosenBy(StrEnum):
    """Why this member."""

    NEAREST = "nearest"
    OWNER = "owner"
    HAND = "hand"


class FieldTask(Record):
    """One verify or check task of one member for one case; its clock is the case's own stage clock."""

    number: str = Field(title="编号", max_length=40)
    case_id: UUID = Field(title="案件标识")
    case_no: str = Field(default="", max_length=40, title="案件编号")
    kind: TaskKind = Field(title="任务")
    state: TaskState = Field(title="状态")
    member_id: UUID | None = Field(default=None, title="网格员标识")
    member_name: str = Field(default="", max_length=60, title="网格员")
    chosen_by: ChosenBy = Field(title="指派方式")
    distance_m: float | None = Field(default=None, ge=0, title="距离(米)")
    street_code: str = Field(default="", max_length=20, title="街道代码")
    duty_grid: str = Field(default="", max_length=40, title="责任网格")
    issued_at: AwareDatetime = Field(title="下达时间")
    due_at: AwareDatetime | None = Field(default=None, title="截止时间")
    warn_at: AwareDatetime | None = Field(default=None, title="预警时间")
    handed_at: AwareDatetime | None = Field(default=None, title="交办时间")
    done_at: AwareDatetime | None = Field(default=None, title="完成时间")
    result: str = Field(default="", max_length=20, title="结果")
    note: str = Field(default="", max_length=4000, title="说明")


FINDING = RecordType("finding", "巡查问题", Finding)
FIELD_TASK = RecordType("field_task", "核实核查任务", FieldTask)
