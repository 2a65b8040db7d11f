"""The office at this desk, its settings, and the persons who sign in here."""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from uuid import UUID

from pydantic import Field, field_validator

from app.domain.permissions import OfficeRole
from app.domain.records import Reach, Record, RecordType


class Office(Record):
    """The one office this store belongs to."""

    district_code: str = Field(title="行政区划代码", min_length=6, max_length=6)
    district_name: str = Field(title="区县", min_length=1, max_length=40)
    name: str = Field(title="单位名称", min_length=2, max_length=60)
    mark: str = Field(title="编号前缀", min_length=1, max_length=12)
    pc_mark: str = Field(title="本机标记", min_length=1, max_length=8)
    demonstration: bool = Field(default=False, title="演示数据")
    scheme: str = Field(default="GB2013", title="分类体系", min_length=1, max_length=40)
    work_periods: tuple[tuple[time, time], ...] = Field(
        default=((time(8), time(12)), (time(14), time(18))), title="工作时段"
    )
    yellow_share: float = Field(default=0.2, gt=0, lt=1, title="黄灯比例")
    swap_verify_and_check: bool = Field(default=False, title="核实与核查名称互换")
    urge_switched_on: bool = Field(default=False, title="启用催办")
    force_close_switched_on: bool = Field(default=False, title="启用强制结案")
    duplicate_metres: int = Field(default=50, ge=1, le=1000, title="重复提示距离(米)")
    duplicate_hours: int = Field(default=24, ge=1, le=720, title="重复提示时间(小时)")
    print_shift_x_mm: float = Field(default=0, ge=-30, le=30, title="打印横向偏移(毫米)")
    print_shift_y_mm: float = Field(default=0, ge=-30, le=30, title="打印纵向偏移(毫米)")

    @field_validator("work_periods")
    @classmethod
    def _in_order(cls, periods: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
        flat = [moment for period in periods for moment in period]
        if not flat or any(a >= b for a, b in pairwise(flat)):
            raise ValueError("工作时段要按先后排列,不能重叠")
        return periods


class Person(Record):
    """Somebody who signs in at this PC under a name of their own."""

    name: str = Field(title="姓名", min_length=1, max_length=40)
    login: str = Field(title="登录名", min_length=1, max_length=40)
    roles: tuple[OfficeRole, ...] = Field(default=(), title="角色")
    active: bool = Field(default=True, title="在用")


OFFICE = RecordType("office", "单位", Office, reach=Reach.PC)
PERSON = RecordType("person", "人员", Person)

SYSTEM_PERSON_ID = UUID("00000000-0000-7000-8000-000000000001")
SYSTEM_PERSON_NAME = "系统"
