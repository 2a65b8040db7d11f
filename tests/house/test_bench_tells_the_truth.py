"""The bench's own arithmetic: an aim that does not hold is said to be over."""

from __future__ import annotations

import pytest

from tests.bench.measuring import MB, MS, Row, Sample, Skipped, beside
from tests.bench.table import printed

TWICE = Row("a page", MS, Sample((3.0, 4.0, 90.0)), Sample((1.0, 2.0, 50.0)), "by hand", 3)


@pytest.mark.parametrize(
    ("row", "measure", "ok"),
    [
        (TWICE, 2.0, True),
        (Row("a page", MS, Sample((7.0,)), Sample((2.0,)), "by hand", 3), 3.5, False),
        (Row("memory", MB, Sample((200.0,)), Sample((130.0,)), "empty", 80, "above"), 70.0, True),
        (Row("memory", MB, Sample((200.0,)), Sample((100.0,)), "empty", 80, "above"), 100.0, False),
        (Row("modules", "", Sample((1.0,)), aim=0, how="most"), 1.0, False),
        (Row("a jump", MS, Sample((9.0,)), Sample((3.0,)), "constants"), 3.0, None),
    ],
)
def test_an_aim_is_judged_by_the_medians(row: Row, measure: float, ok: bool | None) -> None:
    assert (row.measure, row.ok) == (measure, ok)


def test_the_table_says_every_row_with_its_baseline_and_its_verdict() -> None:
    over = Row("search", MS, Sample((9.0,)), Sample((1.0,)), "by hand", 3)

    _head, first, second, third = printed([TWICE, over, Skipped("start", "no window here")]).splitlines()

    assert "3.00 / 4.00 / 90.0 ms" in first
    assert "2.00 x" in first
    assert first.rstrip().endswith("ok")
    assert second.rstrip().endswith("over")
    assert "not measured: no window here" in third


def test_both_sides_are_measured_in_turn_after_one_warm_call_each() -> None:
    calls: list[str] = []

    ours, base = beside(lambda: calls.append("ours"), lambda: calls.append("base"), 3)

    assert calls == ["ours", "base"] * 4
    assert len(ours.values) == len(base.values) == 3
