"""The line to the city in words: every state says what it is, and what needs somebody says so without colour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.services.case_words import line_word
from app.sync.views import LineState, LineTestResult, MissingFile, RecordState, SyncReport, SyncStatus
from ui.deed_words import deed_words
from ui.pages.sync.lists import missing_words
from ui.pages.sync.results import report_words, stations_words
from ui.sync_words import (
    code_words,
    foot_words,
    head_words,
    needs_a_person,
    offset_words,
    problem_words,
    proof_words,
    unseen_words,
)

NOW = datetime(2026, 11, 2, 2, 5, tzinfo=UTC)  # 10:05 in the office
IDLE = SyncStatus(LineState.IDLE, city="郑州市平台", last_success_at=NOW - timedelta(minutes=3), equal=True)


def test_a_line_with_nothing_waiting_says_so() -> None:
    assert foot_words(IDLE, NOW) == "已连 郑州市平台 · 没有待送"
    assert not needs_a_person(IDLE)


def test_an_outage_says_since_when_what_waits_and_when_it_is_tried_again() -> None:
    status = replace(
        IDLE,
        state=LineState.OUTAGE,
        waiting=37,
        files_waiting=5,
        outage_since=NOW - timedelta(minutes=53),
        next_try_at=NOW + timedelta(minutes=5),
    )

    assert foot_words(status, NOW) == "离线自 09:12 · 37 条待送 · 5 张照片待送 · 10:10 再试"


def test_a_moment_of_another_day_carries_its_day() -> None:
    status = replace(IDLE, state=LineState.OUTAGE, outage_since=NOW - timedelta(days=2))

    assert foot_words(status, NOW).startswith("离线自 10-31 10:05")


@pytest.mark.parametrize(
    "change", [{"conflicts": 2}, {"refused": 1}, {"brake": 312}, {"state": LineState.STOPPED}], ids=str
)
def test_what_needs_a_person_is_marked_by_a_shape(change: dict[str, object]) -> None:
    status = replace(IDLE, **change)  # type: ignore[arg-type]

    assert needs_a_person(status)
    assert status.brake or "▲" in foot_words(status, NOW)


@pytest.mark.parametrize("state", list(LineState))
def test_every_state_has_a_head_of_its_own(state: LineState) -> None:
    others = {head_words(replace(IDLE, state=other), NOW) for other in LineState if other not in (state, *_SAME)}

    assert head_words(replace(IDLE, state=state), NOW) not in others


_SAME = (LineState.IDLE, LineState.NOT_ENROLLED)


@pytest.mark.parametrize("state", list(RecordState))
def test_every_state_of_a_record_has_a_shape_and_a_word(state: RecordState) -> None:
    said = line_word(state, 3, 2, 3)

    shape, _blank, word = said.partition(" ")
    assert (len(shape), bool(word)) == (1, True)
    assert [line_word(other, 3, 2, 3) for other in RecordState].count(said) == 1


def test_a_record_says_how_many_changes_and_photos_are_on_their_way() -> None:
    assert line_word(RecordState.WAITING, 12, 0, 0) == "○ 待送 12"
    assert line_word(RecordState.SENT, 0, 2, 3) == "◐ 照片 2/3"


def test_what_others_cannot_see_is_told_with_the_time_they_see() -> None:
    assert unseen_words(IDLE, NOW) == ""
    said = unseen_words(replace(IDLE, waiting=37, files_waiting=5), NOW)
    assert "37 条改动和5 张照片" in said
    assert "10:02" in said


@pytest.mark.parametrize(
    ("offset_s", "said"),
    [
        (0.2, "与市平台相同"),
        (40, "比市平台慢 40 秒"),
        (-90, "比市平台快 2 分"),
        (412, "▲ 比市平台慢 7 分,请校准电脑时间"),
    ],
)
def test_a_wrong_clock_is_told_and_marked_above_five_minutes(offset_s: float, said: str) -> None:
    assert offset_words(replace(IDLE, clock_offset_s=offset_s)) == said


def test_the_comparison_is_told_in_each_of_its_three_states() -> None:
    said = {proof_words(replace(IDLE, equal=equal, first_sync_done=True)) for equal in (True, False, None)}

    assert said == {"✓ 与市平台一致", "▲ 与市平台对不上", "还没有核对"}


def test_a_comparison_is_called_the_last_one_once_something_waits() -> None:
    assert proof_words(replace(IDLE, waiting=3)) == "✓ 上次核对与市平台一致"


def test_a_problem_comes_with_its_cure() -> None:
    status = replace(IDLE, problem_code="sync.offline", problem_details={"reason": "连接被拒绝"})

    assert problem_words(status) == "连不上市平台(连接被拒绝)。照常工作,内容都在本机;线路恢复后会自动发送"


def test_a_code_this_program_does_not_know_is_shown_as_it_is() -> None:
    assert code_words("sync.of_next_year", {}) == "市平台说:sync.of_next_year"


def test_a_problem_whose_details_were_not_kept_is_told_without_them() -> None:
    assert code_words("sync.offline", {}) == "连不上市平台。照常工作,内容都在本机;线路恢复后会自动发送"


def test_a_run_tells_what_it_did_and_what_it_left() -> None:
    said = report_words(SyncReport(pushed=37, pulled=1204, conflicts=1, refused=2, files_sent=5, equal=True))

    assert said == "送出 37 条 · 收到 1,204 条 · 照片 5 张 · ▲ 冲突 1 条 · ▲ 退回 2 条 · ✓ 与市平台一致"


def test_a_test_of_the_line_tells_the_station_it_failed_at() -> None:
    said = stations_words(LineTestResult((("disk", 0.02, ""), ("proof", 0.3, "sync.device_revoked")), ok=False))

    assert said.startswith("线路不通:✓ 本机磁盘 0.02 秒 · ▲ 设备身份:这台电脑已被市平台停用")


@pytest.mark.parametrize(
    ("state", "code", "said"),
    [
        ("missing", "", "从备份恢复"),
        ("missing", "file.missing", "从备份恢复"),
        ("waiting", "", "下次同步"),
        ("wanted", "", "还没有送到市平台"),
    ],
)
def test_a_missing_photo_says_where_it_is_and_what_brings_it(state: str, code: str, said: str) -> None:
    assert said in missing_words(MissingFile("ab" * 32, UUID(int=1), "JS-1", "门前.jpg", state, code))


def test_everything_done_about_the_line_has_a_name_in_the_trail() -> None:
    deeds = ("sync.enrol", "sync.decide", "sync.resend", "sync.allow_removals", "city.apply", "city.settle")

    assert [deed for deed in deeds if deed_words(deed, {}) == deed] == []
