"""Imported versions of reference tables, kept beside the built-in ones for ever."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from app.domain.records import Record, RecordType


class ReferenceTable(StrEnum):
    """Which table a version belongs to."""

    STANDARDS = "standards"
    STAGE_LIMITS = "stage_limits"
    WORKDAYS = "workdays"
    FLOW = "flow"
    CODE_LISTS = "code_lists"
    DIVISIONS = "divisions"
    PATROL_RULES = "patrol_rules"
    TERMS = "terms"
    VIOLATIONS = "violations"


class ReferenceVersion(Record):
    """One version of one table, with the day it is in force from. `content` is the table as JSON."""

    table: ReferenceTable = Field(title="表")
    scheme: str = Field(default="", title="体系", max_length=40)
    label: str = Field(title="版本", min_length=1, max_length=80)
    valid_from: date = Field(title="生效日期")
    source: str = Field(default="", title="来源", max_length=400)
    content: dict[str, Any] = Field(title="内容")


REFERENCE_VERSION = RecordType("reference_version", "标准版本", ReferenceVersion)
