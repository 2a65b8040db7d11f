"""Who was where when (痕迹化管理): attendance, random roll calls, tracks."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.domain.grids import PointSystem
from app.domain.records import Record, RecordType


class AttendanceState(StrEnum):
    """How a member's day counts on the month sheet."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    LEAVE = "leave"
    SICK = "sick"
    REST = "rest"
    SECONDED = "seconded"


ATTENDANCE_TITLES = {
    AttendanceState.PRESENT: "出勤",
    AttendanceState.LATE: "迟到",
    AttendanceState.LEFT_EARLY: "早退",
    AttendanceState.ABSENT: "缺勤",
    AttendanceState.LEAVE: "请假",
    AttendanceState.SICK: "病假",
    AttendanceState.REST: "休息",
    AttendanceState.SECONDED: "下沉",
}


class Attendance(Record):
    """One member's one day; of several for the same day the one changed last counts."""

    member_id: UUID = Field(title="网格员标识")
    member_name: str = Field(title="网格员", max_length=60)
    day: date = Field(title="日期")
    state: AttendanceState = Field(title="考勤")
    shift_start: time | None = Field(default=None, title="班次开始")
    shift_end: time | None = Field(default=None, title="班次结束")
    clock_in: AwareDatetime | None = Field(default=None, title="上班打卡")
    clock_out: AwareDatetime | None = Field(default=None, title="下班打卡")
    source: str = Field(default="", max_length=40, title="来源")
    note: str = Field(default="", max_length=400, title="说明")


class RollAnswer(BaseModel):
    """What one member answered to a roll call. in_grid None: no point was given, or the member has no grid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    member_id: UUID = Field(title="网格员标识")
    member_name: str = Field(title="网格员", max_length=60)
    answered: bool | None = Field(default=None, title="在岗")
    at: AwareDatetime | None = Field(default=None, title="时间")
    longitude: float | None = Field(default=None, ge=-180, le=180, title="经度")
    latitude: float | None = Field(default=None, ge=-90, le=90, title="纬度")
    in_grid: bool | None = Field(default=None, title="在网格内")
    note: str = Field(default="", max_length=400, title="说明")


class RollCall(Record):
    """A random roll call (点名抽查): who was drawn from whom, by a seed that draws the same again."""

    number: str = Field(title="编号", max_length=40)
    called_at: AwareDatetime = Field(title="点名时间")
    seed: str = Field(title="随机种子", max_length=64)
    pool: tuple[UUID, ...] = Field(title="名单")
    answers: tuple[RollAnswer, ...] = Field(default=(), title="抽中")
    note: str = Field(default="", max_length=400, title="说明")


class Track(Record):
    """Where a member was. points: "second,lon,lat" triples packed by `app.domain.tracks.pack`, WGS-84, times as put right.

    clock_shift_s: what was added because the device's clock was off. dropped: jumps left out. Lengths in metres.
    """

    member_id: UUID | None = Field(default=None, title="网格员标识")
    member_name: str = Field(default="", max_length=60, title="网格员")
    round_id: UUID | None = Field(default=None, title="巡查标识")
    day: date = Field(title="日期")
    started_at: AwareDatetime = Field(title="开始时间")
    ended_at: AwareDatetime = Field(title="结束时间")
    source_name: str = Field(default="", max_length=255, title="文件名")
    source_system: PointSystem = Field(default=PointSystem.WGS84, title="原坐标系")
    sha256: str = Field(default="", max_length=64, title="摘要")
    points: str = Field(default="", max_length=600_000, title="轨迹点")
    count: int = Field(default=0, ge=0, title="点数")
    dropped: int = Field(default=0, ge=0, title="剔除点数")
    clock_shift_s: int = Field(default=0, title="时钟校正(秒)")
    distance_m: float = Field(default=0, ge=0, title="里程(米)")
    note: str = Field(default="", max_length=400, title="说明")


ATTENDANCE = RecordType("attendance", "考勤", Attendance)
ROLL_CALL = RecordType("roll_call", "点名抽查", RollCall)
TRACK = RecordType("track", "轨迹", Track)
