"""The report of an outage says since when, for how long, and what is left for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.desk import Desk
from app.domain.outages import OutageReport
from app.domain.permissions import Actor
from app.reports.paper import Facts, Paper, Words
from tests.builders import NINE

OVER = OutageReport(
    since=NINE,
    until=NINE + timedelta(days=1, hours=2, minutes=5),
    tries=41,
    most_waiting=120,
    pushed=120,
    pulled=33,
    conflicts=0,
    refused=0,
    held=0,
    files_sent=7,
    waiting=0,
    equal=True,
)


def words_of(paper: Paper) -> list[str]:
    facts = [cell for block in paper.blocks if isinstance(block, Facts) for row in block.rows for cell in row]
    return [" ".join(cell) for cell in facts] + [block.text for block in paper.blocks if isinstance(block, Words)]


def test_an_outage_that_left_nothing_says_so(desk: Desk, actor: Actor) -> None:
    words = words_of(desk.papers.outage(OVER, actor=actor))

    assert "时长 1 天 2 小时 5 分" in words
    assert "中断自 2026-11-02 09:00" in words
    assert "恢复后送出 120 条改动,7 个文件" in words
    assert "与市平台比对 一致" in words
    assert "中断期间的内容都已送到市平台。" in words


def test_what_a_person_has_to_decide_is_named(desk: Desk, actor: Actor) -> None:
    left = replace(OVER, conflicts=2, equal=None)

    words = words_of(desk.papers.outage(left, actor=actor))

    assert "冲突 2" in words
    assert "与市平台比对 没有比对" in words
    assert "还有冲突或退回的记录,请在“同步”页逐条处理。" in words
