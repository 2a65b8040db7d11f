"""A made-up record that goes to the city and comes back, so that a technician can prove the line works."""

from __future__ import annotations

from pydantic import Field

from app.domain.records import Reach, Record, RecordType


class LineTest(Record):
    """Words to be compared after the round trip; no other desk ever sees it."""

    words: str = Field(title="测试内容", max_length=400)


LINE_TEST = RecordType("line_test", "线路测试", LineTest, reach=Reach.DEVICE)
LINE_TEST_REMOVAL = "line_test.remove"
"""The action of a change by which a PC takes its made-up record back; the city deletes it softly."""
