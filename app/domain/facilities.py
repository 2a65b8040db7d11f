"""Facilities (部件): the register of manholes, lamps, toilets, boards and the rest, with what happened to each."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.domain.records import Record, RecordType


class FacilityState(StrEnum):
    """The four states of a component (亘川智城 copy; `domain/cases-and-grid.md` 1.4)."""

    INTACT = "intact"
    DAMAGED = "damaged"
    MISSING = "missing"
    SCRAPPED = "scrapped"


FACILITY_STATE_TITLES = {
    FacilityState.INTACT: "完好",
    FacilityState.DAMAGED: "破损",
    FacilityState.MISSING: "丢失",
    FacilityState.SCRAPPED: "废弃",
}


class Facility(Record):
    """One component. code: 标识码, 16 digits, or empty until it has one; house_number: the office's own plate (窨井户籍号).

    attributes: what only this kind has (depth, watts, opening hours), as the office's list of the kind names it.
    """

    code: str = Field(default="", max_length=16, title="标识码")
    house_number: str = Field(default="", max_length=40, title="户籍号")
    name: str = Field(default="", max_length=80, title="名称")
    scheme: str = Field(default="", max_length=40, title="分类体系")
    major: str = Field(default="", max_length=10, title="大类代码")
    minor: str = Field(default="", max_length=10, title="小类代码")
    major_name: str = Field(default="", max_length=80, title="大类")
    minor_name: str = Field(default="", max_length=80, title="小类")
    group: str = Field(default="", max_length=20, title="台账")
    state: FacilityState = Field(default=FacilityState.INTACT, title="状态")
    lit: bool | None = Field(default=None, title="亮灯")
    main_road: bool | None = Field(default=None, title="主次干道")
    authority: str = Field(default="", max_length=80, title="主管部门")
    owner: str = Field(default="", max_length=80, title="权属单位")
    maintainer: str = Field(default="", max_length=80, title="养护单位")
    street_code: str = Field(default="", max_length=20, title="街道代码")
    street_name: str = Field(default="", max_length=80, title="街道")
    community_code: str = Field(default="", max_length=20, title="社区代码")
    community_name: str = Field(default="", max_length=80, title="社区")
    unit_grid: str = Field(default="", max_length=20, title="单元网格")
    duty_grid: str = Field(default="", max_length=40, title="责任网格")
    road: str = Field(default="", max_length=80, title="道路")
    address: str = Field(default="", max_length=400, title="位置")
    longitude: float | None = Field(default=None, ge=-180, le=180, title="经度")
    latitude: float | None = Field(default=None, ge=-90, le=90, title="纬度")
    point_source: dict[str, Any] = Field(default_factory=dict, title="坐标来源")
    accuracy: str = Field(default="", max_length=2, title="精度")
    installed_on: date | None = Field(default=None, title="启用日期")
    surveyed_on: date | None = Field(default=None, title="普查日期")
    seen_at: AwareDatetime | None = Field(default=None, title="最近巡查")
    attributes: dict[str, str] = Field(default_factory=dict, title="属性")
    source: str = Field(default="", max_length=80, title="数据来源")
    source_no: str = Field(default="", max_length=80, title="来源编号")
    note: str = Field(default="", max_length=1000, title="备注")


class FacilityEvent(Record):
    """What happened to a facility, written once: a change of state, a census, a repair. `parent` is the facility."""

    parent: UUID = Field(title="部件")
    at: AwareDatetime = Field(title="时间")
    action: str = Field(title="事由", max_length=40)
    from_state: FacilityState | None = Field(default=None, title="原状态")
    to_state: FacilityState | None = Field(default=None, title="现状态")
    lit: bool | None = Field(default=None, title="亮灯")
    round_id: UUID | None = Field(default=None, title="巡查标识")
    case_id: UUID | None = Field(default=None, title="案件标识")
    actor_name: str = Field(default="", max_length=60, title="经手人")
    note: str = Field(default="", max_length=1000, title="说明")


FACILITY = RecordType("facility", "部件", Facility)
FACILITY_EVENT = RecordType("facility_event", "部件经历", FacilityEvent, append_only=True)
