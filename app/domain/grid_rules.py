"""The office's own rules of grids and patrols: how codes are made up, what is aimed at, how traces are judged.

Cities differ in all of this, so it is a dated table (`ReferenceTable.PATROL_RULES`), the same at every desk of the district.
Sources of the defaults: code lengths, GB/T 30428.1 and CJ/T 213 as read through Beijing's DB11 and Yuncheng's system;
lamps and road facilities, and dust by weight: 郑州市城市管理局 2018年城市管理工作要点. The rest is the office's to set.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.grids import GridKind
from app.domain.problems import Refused

CODE_PARTS: Mapping[int, tuple[int, ...]] = {14: (6, 3, 3, 2), 15: (6, 3, 3, 3), 16: (6, 4, 3, 3)}
"""Length of a unit grid's code -> digits of its district, street, community and serial parts."""


class FacilityCodeRule(StrEnum):
    """How the 16 digits of a facility's identity are made up: district, major, minor, serial."""

    SERIAL_6 = "6-2-2-6"
    SERIAL_5 = "6-2-3-5"


class PatrolRules(BaseModel):
    """What an office judges its grids and rounds by. Shares are parts of one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code_length: Literal[14, 15, 16] = Field(default=15, title="单元网格代码位数")
    facility_code: FacilityCodeRule = Field(default=FacilityCodeRule.SERIAL_6, title="部件标识码规则")
    lamp_main_target: float = Field(default=0.98, ge=0, le=1, title="主次干道亮灯率")
    lamp_side_target: float = Field(default=0.95, ge=0, le=1, title="背街小巷亮灯率")
    road_facility_target: float = Field(default=0.97, ge=0, le=1, title="道路设施完好率")
    facility_target: float = Field(default=0.97, ge=0, le=1, title="其他部件完好率")
    advert_target: float = Field(default=0.95, ge=0, le=1, title="小广告清除率")
    dust_fast_g_m2: float = Field(default=5, gt=0, le=1000, title="快车道积尘上限(克/平方米)")
    dust_slow_g_m2: float = Field(default=10, gt=0, le=1000, title="慢车道积尘上限(克/平方米)")
    dust_pavement_g_m2: float = Field(default=15, gt=0, le=1000, title="人行道积尘上限(克/平方米)")
    gap_minutes: int = Field(default=5, ge=1, le=240, title="轨迹中断超过(分钟)")
    jump_speed_kmh: int = Field(default=60, ge=10, le=400, title="轨迹跳点速度(公里/小时)")
    reach_m: int = Field(default=30, ge=5, le=500, title="到达检查点的距离(米)")
    roll_call_share: float = Field(default=0.1, gt=0, le=1, title="点名抽查比例")
    inspection_cap_per_year: int = Field(default=2, ge=0, le=366, title="每户每年检查上限(次)")
    inspection_cap_refuses: bool = Field(default=True, title="超过上限不许检查(不勾只提醒)")
    inspection_leader_approves: bool = Field(default=True, title="行政检查须由领导批准")
    inspection_other_approves: bool = Field(default=True, title="批准人不能是拟稿人")
    draw_weight_a: int = Field(default=1, ge=1, le=20, title="双随机权重:A 类(风险低)")
    draw_weight_b: int = Field(default=1, ge=1, le=20, title="双随机权重:B 类")
    draw_weight_c: int = Field(default=2, ge=1, le=20, title="双随机权重:C 类")
    draw_weight_d: int = Field(default=3, ge=1, le=20, title="双随机权重:D 类(风险高)")

    @property
    def draw_weights(self) -> Mapping[str, int]:
        """Class of credit risk -> tickets in a draw."""
        return {"A": self.draw_weight_a, "B": self.draw_weight_b, "C": self.draw_weight_c, "D": self.draw_weight_d}


def check_code(kind: GridKind, code: str, district_code: str) -> None:
    """A code is text and the office's own; where it names a division, its first six digits are the district's.

    Duty and governance grids have codes of their own. District outlines may be those of neighbours.
    Raises Refused("grid.code_district").
    """
    if kind in (GridKind.DUTY, GridKind.GOVERNANCE):
        return
    head = code[:6]
    wanted = district_code[:4] if kind == GridKind.DISTRICT else district_code
    if not (len(head) == 6 and head.isascii() and head.isdigit() and head.startswith(wanted)):
        raise Refused("grid.code_district", code=code, district=wanted)


def odd_length(kind: GridKind, code: str, rules: PatrolRules) -> bool:
    """Whether a unit grid's code is longer or shorter than the office's rule has it: told, never refused."""
    return kind == GridKind.UNIT and len(code) != rules.code_length
