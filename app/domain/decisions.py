"""What a person decided where desk and city disagreed, kept in the record's history for ever."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from app.domain.records import Record, RecordType


class Verdict(StrEnum):
    """Whose value stands; mixed: field by field."""

    MINE = "mine"
    THEIRS = "theirs"
    MIXED = "mixed"


VERDICT_TITLES = {Verdict.MINE: "保留我的", Verdict.THEIRS: "采用市平台的", Verdict.MIXED: "逐项选择"}


class Decision(Record):
    """One conflict or refusal closed by a person.

    fields: name -> {"before", "mine", "theirs", "chosen"}. given_up: records of mine that did not take effect (a step taken
    from a stage the case had left), whole, so that nothing anybody did is lost.
    """

    parent: UUID = Field(title="记录")
    parent_type: str = Field(title="记录类型", max_length=40)
    verdict: Verdict = Field(title="处理")
    reason: str = Field(title="理由", min_length=1, max_length=2000)
    fields: dict[str, Any] = Field(default_factory=dict, title="各项取值")
    given_up: tuple[dict[str, Any], ...] = Field(default=(), title="未生效的内容")
    actor_id: UUID = Field(title="处理人标识")
    actor_name: str = Field(title="处理人", max_length=60)


DECISION = RecordType("decision", "冲突处理", Decision, append_only=True)
