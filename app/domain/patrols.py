"""Patrols (巡查): plans, the rounds they make, and what was seen at each check point."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.domain.checklists import Programme
from app.domain.records import Record, RecordType


class RoundKind(StrEnum):
    """Why somebody walks."""

    PATROL = "patrol"
    UNPLANNED = "unplanned"
    JOINT = "joint"
    CENSUS = "census"
    CAMPAIGN = "campaign"


ROUND_KIND_TITLES = {
    RoundKind.PATROL: "日常巡查",
    RoundKind.UNPLANNED: "临时巡查",
    RoundKind.JOINT: "联合执法",
    RoundKind.CENSUS: "部件普查",
    RoundKind.CAMPAIGN: "专项巡查",
}


class RoundState(StrEnum):
    """How far a round is. Missed: its day passed without it."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


ROUND_STATE_TITLES = {
    RoundState.PLANNED: "待巡查",
    RoundState.STARTED: "录入中",
    RoundState.DONE: "已完成",
    RoundState.MISSED: "未巡查",
    RoundState.CANCELLED: "已取消",
}


class HolidayRule(StrEnum):
    """What a plan does on a day off."""

    SKIP = "skip"
    KEEP = "keep"
    NEXT_WORKDAY = "next_workday"


class CheckPoint(BaseModel):
    """A place of a route, in walking order from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    no: int = Field(ge=1, title="序号")
    name: str = Field(title="检查点", min_length=1, max_length=120)
    longitude: float | None = Field(default=None, ge=-180, le=180, title="经度")
    latitude: float | None = Field(default=None, ge=-90, le=90, title="纬度")
    road: str = Field(default="", title="道路", max_length=80)
    house_no: str = Field(default="", title="门牌", max_length=40)
    facility_id: UUID | None = Field(default=None, title="部件标识")


class Frequency(BaseModel):
    """On which days: ISO weekdays (1 Monday), every so many weeks counted from `valid_from`, so many rounds a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekdays: tuple[int, ...] = Field(default=(1, 2, 3, 4, 5), title="星期")
    every_weeks: int = Field(default=1, ge=1, le=52, title="每几周")
    times_a_day: int = Field(default=1, ge=1, le=12, title="每日次数")
    holidays: HolidayRule = Field(default=HolidayRule.SKIP, title="节假日")


class PatrolPlan(Record):
    """Who walks where and how often. A plan makes the week's rounds; changing it leaves rounds that were made alone."""

    name: str = Field(title="名称", min_length=1, max_length=80)
    kind: RoundKind = Field(default=RoundKind.PATROL, title="类别")
    grid_id: UUID | None = Field(default=None, title="网格标识")
    road_id: UUID | None = Field(default=None, title="道路标识")
    street_code: str = Field(default="", title="街道代码", max_length=20)
    member_id: UUID | None = Field(default=None, title="网格员标识")
    template_id: UUID | None = Field(default=None, title="检查模板标识")
    frequency: Frequency = Field(default_factory=Frequency, title="频次")
    shift_start: time = Field(default=time(8, 30), title="班次开始")
    shift_end: time = Field(default=time(17, 30), title="班次结束")
    points: tuple[CheckPoint, ...] = Field(default=(), title="检查点")
    units: tuple[str, ...] = Field(default=(), title="联合单位")
    valid_from: date = Field(title="开始日期")
    valid_until: date | None = Field(default=None, title="结束日期")
    note: str = Field(default="", title="备注", max_length=400)
    active: bool = Field(default=True, title="在用")


class PatrolRound(Record):
    """One walk of one member on one day. Names stand beside ids as they were when it was made.

    points: the route as it was planned. Counts and lengths are kept here so that lists and coverage read one table.
    distance_m, in_grid_s, gap_s: from the track, None without one.
    """

    number: str = Field(title="编号", max_length=40)
    plan_id: UUID | None = Field(default=None, title="计划标识")
    kind: RoundKind = Field(title="类别")
    state: RoundState = Field(title="状态")
    programme: Programme = Field(default=Programme.OTHER, title="类型")
    day: date = Field(title="日期")
    shift_start: time | None = Field(default=None, title="班次开始")
    shift_end: time | None = Field(default=None, title="班次结束")
    member_id: UUID | None = Field(default=None, title="网格员标识")
    member_name: str = Field(default="", title="网格员", max_length=60)
    grid_id: UUID | None = Field(default=None, title="网格标识")
    grid_code: str = Field(default="", title="网格", max_length=40)
    street_code: str = Field(default="", title="街道代码", max_length=20)
    street_name: str = Field(default="", title="街道", max_length=80)
    road: str = Field(default="", title="道路", max_length=80)
    template_id: UUID | None = Field(default=None, title="检查模板标识")
    template_name: str = Field(default="", title="检查模板", max_length=80)
    points: tuple[CheckPoint, ...] = Field(default=(), title="检查点")
    units: tuple[str, ...] = Field(default=(), title="联合单位")
    started_at: AwareDatetime | None = Field(default=None, title="开始时间")
    ended_at: AwareDatetime | None = Field(default=None, title="结束时间")
    points_total: int = Field(default=0, ge=0, title="应查点数")
    points_checked: int = Field(default=0, ge=0, title="已查点数")
    finding_count: int = Field(default=0, ge=0, title="问题数")
    distance_m: float | None = Field(default=None, ge=0, title="里程(米)")
    in_grid_s: int | None = Field(default=None, ge=0, title="在网格内(秒)")
    gap_s: int | None = Field(default=None, ge=0, title="中断(秒)")
    cancel_reason: str = Field(default="", title="取消原因", max_length=400)
    note: str = Field(default="", title="备注", max_length=4000)
    source_system: str = Field(default="", title="来源系统", max_length=80)
    source_no: str = Field(default="", title="来源编号", max_length=80)


class CheckGrade(StrEnum):
    """What one key says of a check point (SCREENS: 1 good, 2 fair, 3 bad); passed over is said too."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    PASSED_OVER = "passed_over"


CHECK_GRADE_TITLES = {
    CheckGrade.GOOD: "好",
    CheckGrade.FAIR: "一般",
    CheckGrade.BAD: "差",
    CheckGrade.PASSED_OVER: "未查",
}


class ItemAnswer(BaseModel):
    """The answer to one item of the checklist: a grade, or a measured number; `over` when above the item's limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(title="代码", max_length=20)
    grade: CheckGrade | None = Field(default=None, title="结果")
    value: float | None = Field(default=None, title="数值")
    over: bool = Field(default=False, title="超标")


class CheckResult(Record):
    """What was seen at one check point of a round. `parent` is the round."""

    parent: UUID = Field(title="巡查")
    point_no: int = Field(ge=1, title="序号")
    name: str = Field(default="", title="检查点", max_length=120)
    facility_id: UUID | None = Field(default=None, title="部件标识")
    grade: CheckGrade = Field(title="结果")
    answers: tuple[ItemAnswer, ...] = Field(default=(), title="逐项")
    at: AwareDatetime | None = Field(default=None, title="时间")
    longitude: float | None = Field(default=None, ge=-180, le=180, title="经度")
    latitude: float | None = Field(default=None, ge=-90, le=90, title="纬度")
    note: str = Field(default="", title="说明", max_length=1000)


PATROL_PLAN = RecordType("patrol_plan", "巡查计划", PatrolPlan)
PATROL_ROUND = RecordType("patrol_round", "巡查", PatrolRound)
CHECK_RESULT = RecordType("check_result", "检查结果", CheckResult)
