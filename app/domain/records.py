"""What a record is: the frozen value that desk and city both know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Draft(BaseModel):
    """What a form must contain before it becomes a record."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class Record(BaseModel):
    """One thing with an identity. `version` is the city's; 0 means the city has not seen it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    id: UUID = Field(title="标识")
    version: int = Field(default=0, ge=0, title="市平台版本")
    created_at: AwareDatetime = Field(title="建立时间")
    changed_at: AwareDatetime = Field(title="修改时间")
    extra: dict[str, Any] = Field(default_factory=dict, title="其他字段")

    def changed(self, at: datetime, /, **fields: Any) -> Self:
        """A checked copy with `fields` set and `changed_at` moved to `at`."""
        return type(self).model_validate({**self.__dict__, **fields, "changed_at": at})


class Reach(StrEnum):
    """How far records of a type travel: every desk of the district, this PC and the city, or nowhere."""

    DISTRICT = "district"
    DEVICE = "device"
    PC = "pc"


@dataclass(frozen=True)
class RecordType:
    """A record class as the wire knows it. `schema` rises when its fields change meaning."""

    name: str
    title: str
    record: type[Record]
    schema: int = 1
    append_only: bool = False
    reach: Reach = Reach.DISTRICT
