"""What sheets of attendance and files of tracks call their columns, and how they write a day's state."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.attendance import ATTENDANCE_TITLES, AttendanceState
from app.domain.attendance_rules import ATTENDANCE_SIGNS

ATTENDANCE_COLUMNS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"姓名", "网格员", "员工", "人员", "name"}),
    "number": frozenset({"工号", "编号", "人员编号", "number"}),
    "day": frozenset({"日期", "考勤日期", "打卡日期", "date"}),
    "state": frozenset({"考勤", "状态", "考勤状态", "出勤情况", "state"}),
    "in": frozenset({"上班", "上班打卡", "上班时间", "签到", "签到时间", "in"}),
    "out": frozenset({"下班", "下班打卡", "下班时间", "签退", "签退时间", "out"}),
}
ATTENDANCE_WORDS: Mapping[str, AttendanceState] = {
    **{title: state for state, title in ATTENDANCE_TITLES.items()},
    **{sign: state for state, sign in ATTENDANCE_SIGNS.items()},
    "✓": AttendanceState.PRESENT,
    "✔": AttendanceState.PRESENT,
    "正常": AttendanceState.PRESENT,
    "旷工": AttendanceState.ABSENT,
    "×": AttendanceState.ABSENT,
    "事假": AttendanceState.LEAVE,
    "年休": AttendanceState.LEAVE,
    "年假": AttendanceState.LEAVE,
    "轮休": AttendanceState.REST,
}
DAY_ENDINGS = ("日", "号")
TRACK_COLUMNS: Mapping[str, frozenset[str]] = {
    "time": frozenset(
        {"时间", "定位时间", "采集时间", "记录时间", "上报时间", "time", "timestamp", "datetime", "gpstime"}
    ),
    "day": frozenset({"日期", "date"}),
    "longitude": frozenset({"经度", "longitude", "lon", "lng", "long", "x"}),
    "latitude": frozenset({"纬度", "latitude", "lat", "y"}),
}
DAY_SIGNS = ("-", "/", "年")
DEGREE_LETTERS = "°EN东经北纬"
