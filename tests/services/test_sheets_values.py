"""Cells become values; what is not sure is refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.problems.catalog import PROBLEMS
from app.services.sheets.cells import Cell, column_letter
from app.services.sheets.dates import DayOrder, DayOrderEvidence, as_instant
from app.services.sheets.values import ValueRefused, as_code, as_degrees, as_number, as_point, as_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
WALL_CLOCK = datetime(2024, 2, 25, 14, 30)


def instant(cell: Cell, order: DayOrder | None = None, date_1904: bool = False) -> str:
    found = as_instant(cell, SHANGHAI, order, date_1904)
    return found.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if found else ""


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (12, "12"),
        (7.5, "7.5"),
        (2087.0249999999996, "2087.025"),
        (1e-7, "0.0000001"),
        ("  人民路　", "人民路"),
        ("\u00a0A1\ufeff", "A1"),
        ("全角１２保留", "全角１２保留"),
        ("'=1+1", "=1+1"),
        ("'tis", "'tis"),
        (True, "TRUE"),
        (None, ""),
        (float("nan"), ""),
        (WALL_CLOCK, "2024-02-25 14:30:00"),
        (date(2024, 2, 25), "2024-02-25"),
        (time(15, 0), "15:00:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_a_cell_reads_as_a_person_sees_it(cell: Cell, text: str) -> None:
    assert as_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "code"),
    [("００１２", "0012"), ("007", "007"), (101004143000.0, "101004143000"), ("138 0000 0000", "13800000000")],
)
def test_a_number_keeps_its_digits(cell: Cell, code: str) -> None:
    assert as_code(cell) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [(4.10102199001011e17, "value.digits_lost"), ("4.10102E+17", "value.scientific"), ("1e+12", "value.scientific")],
)
def test_a_number_the_spreadsheet_has_spoilt_is_refused(cell: Cell, code: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        as_code(cell)

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-02-25", "2014-02-25 00:00:00"),
        ("2018/10/09", "2018-10-09 00:00:00"),
        ("2019/4/25 9:32:09", "2019-04-25 09:32:09"),
        ("20220121", "2022-01-21 00:00:00"),
        ("20220121134700", "2022-01-21 13:47:00"),
        ("2022.11.29", "2022-11-29 00:00:00"),
        ("2022年4月5日 下午3:05", "2022-04-05 15:05:00"),
        ("2022年4月5日15时5分9秒", "2022-04-05 15:05:09"),
        ("2022年4月5日 星期二 上午11:20", "2022-04-05 11:20:00"),
        ("2022-04-05 中午12:30", "2022-04-05 12:30:00"),
        ("2022-04-05 凌晨12:30", "2022-04-05 00:30:00"),
        ("２０２２年４月５日　１５：０５", "2022-04-05 15:05:00"),
        ("2012-11-20T07:50:59.000", "2012-11-20 07:50:59"),
        ("2012-11-20T07:50:59Z", "2012-11-20 15:50:59"),
        ("2012-11-20T07:50:59+01:00", "2012-11-20 14:50:59"),
        ("26-Jun-2018 10:58", "2018-06-26 10:58:00"),
        ("June 26, 2018", "2018-06-26 00:00:00"),
        ("7/7/2018", "2018-07-07 00:00:00"),
        ("44582.5744212963", "2022-01-21 13:47:10"),
    ],
)
def test_dates_are_read_in_every_style(text: str, expected: str) -> None:
    assert instant(text) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [(DayOrder.MONTH_FIRST, "2018-03-04 22:58:54"), (DayOrder.DAY_FIRST, "2018-04-03 22:58:54")],
)
def test_day_and_month_follow_the_order_of_the_column(order: DayOrder, expected: str) -> None:
    assert instant("03/04/2018 10:58:54 PM", order) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2022.11.29白", "value.date_unreadable"),
        ("2019/4/19:32", "value.date_unreadable"),
        ("昨天", "value.date_unreadable"),
        ("2022-02-30", "value.date_impossible"),
        ("2022-02-03 25:00", "value.date_impossible"),
        ("2022-02-03 13:00 PM", "value.date_impossible"),
        ("2022-02-03 晚上12:00", "value.date_impossible"),
        ("03/04/2018", "value.day_order_unclear"),
        ("1899-12-31", "value.date_out_of_range"),
        (12.5, "value.date_out_of_range"),
        (-1, "value.date_unreadable"),
        (time(15, 0), "value.date_unreadable"),
        (True, "value.date_unreadable"),
        ("22/1/5", "value.date_unreadable"),
    ],
)
def test_a_date_that_is_not_sure_is_refused_by_name(cell: Cell, code: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        instant(cell)

    assert caught.value.code == code


def test_serial_numbers_count_from_the_epoch_of_the_workbook() -> None:
    assert instant(44582.5) == "2022-01-21 12:00:00"
    assert instant(44582.5 - 1462, date_1904=True) == "2022-01-21 12:00:00"
    assert instant(20220121.0) == "2022-01-21 00:00:00"


def test_native_dates_lose_the_dust_of_floating_numbers() -> None:
    assert instant(WALL_CLOCK - timedelta(microseconds=5)) == "2024-02-25 14:30:00"


@pytest.mark.parametrize(
    ("texts", "order", "unclear"),
    [
        (["03/04/2018", "26/06/2018"], DayOrder.DAY_FIRST, False),
        (["03/04/2018", "06/26/2018 10:58:54 AM"], DayOrder.MONTH_FIRST, False),
        (["03/04/2018", "05/06/2018"], None, True),
        (["03/04/2018", "26/06/2018", "06/26/2018"], None, True),
        (["26/06/2018", "06/26/2018"], None, False),
        (["2018-03-04", "07/07/2018"], None, False),
    ],
)
def test_the_whole_column_decides_day_and_month(texts: list[str], order: DayOrder | None, unclear: bool) -> None:
    evidence = DayOrderEvidence()
    for text in texts:
        evidence.see(text)

    assert evidence.order == order
    assert evidence.unclear is unclear


@given(st.integers(0, 3_700_000_000), st.sampled_from(list(DayOrder)))
def test_every_instant_survives_every_way_of_writing(second: int, order: DayOrder) -> None:
    moment = datetime(1981, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    style = "%m/%d/%Y %I:%M:%S %p" if order is DayOrder.MONTH_FIRST else "%d/%m/%Y %H:%M:%S"

    for text in (
        moment.strftime("%Y-%m-%d %H:%M:%S"),
        moment.strftime("%Y年%m月%d日 %H时%M分%S秒"),
        moment.strftime(style),
    ):
        assert as_instant(text, UTC, order) == moment


@given(st.text(max_size=30))
def test_any_text_gives_a_value_or_a_named_refusal(text: str) -> None:
    codes = []
    for read in (as_code, as_number, as_point, lambda cell: as_instant(cell, SHANGHAI, None)):
        try:
            read(text)
        except ValueRefused as refused:
            codes.append(refused.code)

    assert set(codes) <= set(PROBLEMS)


def test_coordinates_outside_the_globe_are_refused() -> None:
    assert as_degrees("113.6253", 180) == 113.6253
    assert as_degrees("", 180) is None
    with pytest.raises(ValueRefused, match=r"value\.coordinate_out_of_range"):
        as_degrees(38_464_000.0, 180)
    with pytest.raises(ValueRefused, match=r"value\.number_unreadable"):
        as_degrees("东经113度", 180)


def test_a_pair_of_coordinates_is_taken_only_when_its_order_is_certain() -> None:
    assert as_point("113.6253, 34.7466") == (113.6253, 34.7466)
    assert as_point("(34.7466,113.6253)") == (113.6253, 34.7466)
    with pytest.raises(ValueRefused, match=r"value\.point_unreadable"):
        as_point("40.7, -73.9")


def test_columns_are_called_as_the_spreadsheet_calls_them() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
