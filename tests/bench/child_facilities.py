"""`child_facilities WAY`: the import of 100,000 facilities, or the libraries alone; seconds and the peak of memory."""

from __future__ import annotations

import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, NewOffice, create_desk
from app.domain.facilities import Facility
from db.models.facilities import FACILITIES
from tests.bench.bench_store import FOLDER, LOGIN, NOW, PASSWORD
from tests.bench.children import forget_peak, peak_mb, say

ROWS, CHUNK = 100_000, 5000
SHEET, STORE, BASE = FOLDER / "facilities.xlsx", FOLDER / "facilities", FOLDER / "facilities-base"
HEAD = [
    "部件编号",
    "标识码",
    "小类",
    "状态",
    "街道",
    "道路",
    "位置",
    "经度",
    "纬度",
    "主管部门",
    "权属单位",
    "养护单位",
    "普查日期",
    "井深(米)",
]
MINORS = {
    "污水井盖": "0102",
    "路灯": "0137",
    "雨水箅子": "0104",
    "公共厕所": "0301",
    "户外广告": "0306",
    "路名牌": "0212",
}


def sheet() -> None:
    """A census as a workbook: made-up things in a box of fifteen kilometres."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("部件")
    page.append(HEAD)
    for row in _rows():
        page.append(row)
    book.save(SHEET)
    say(rows=ROWS)


def import_() -> None:
    """The product's import into a new store, which is kept for the lists."""
    desk = _new_desk(STORE)
    actor = desk.accounts.actor(desk.accounts.persons()[0].id)
    forget_peak()
    begun, busy = time.perf_counter(), time.process_time()
    table = desk.facility_import.open(SHEET)
    result = desk.facility_import.take_over(table, desk.facility_import.mapping_for(table), actor=actor)
    _say_times(begun, busy, rows=result.taken, refused=len(result.refused))
    desk.close()


def again() -> None:
    """The same file a second time: nothing changes."""
    from tests.bench.facilities import opened_desk

    desk, _key = opened_desk()
    actor = desk.accounts.actor(desk.accounts.persons()[0].id)
    forget_peak()
    begun, busy = time.perf_counter(), time.process_time()
    table = desk.facility_import.open(SHEET)
    result = desk.facility_import.take_over(table, desk.facility_import.mapping_for(table), actor=actor)
    _say_times(begun, busy, rows=result.unchanged, refused=len(result.refused))
    desk.close()


def calamine() -> None:
    """Reading alone, and Core's insert of as many facilities into a new store with the same indexes."""
    from python_calamine import load_workbook

    desk = _new_desk(BASE)
    made = [_record(desk, row) for row in _rows()]
    forget_peak()
    begun, busy = time.perf_counter(), time.process_time()
    for _row in load_workbook(str(SHEET)).get_sheet_by_index(0).iter_rows():
        pass
    for start in range(0, len(made), CHUNK):
        with desk.store.local() as connection:
            connection.execute(insert(FACILITIES), made[start : start + CHUNK])
    _say_times(begun, busy, rows=len(made))
    desk.close()
    shutil.rmtree(BASE)


def _say_times(begun: float, busy: float, **more: int) -> None:
    say(seconds=time.perf_counter() - begun, busy=time.process_time() - busy, peak=peak_mb(), **more)


def _rows() -> Iterator[list[Any]]:
    chance = random.Random(20261121)
    names = list(MINORS)
    for n in range(1, ROWS + 1):
        minor = chance.choice(names)
        road = f"道路{n % 300}"
        point = (round(113.60 + chance.random() * 0.16, 6), round(34.72 + chance.random() * 0.14, 6))
        state = "破损" if chance.random() < 0.05 else "完好"
        where = [f"{road}{n % 900}号门前", *point, "区城管局", "市政设施中心", "排水管护队" if n % 2 else "城市照明科"]
        code = f"410105{MINORS[minor]}{n:06d}"
        yield [
            f"BJ{n:06d}",
            code,
            minor,
            state,
            "经八路街道",
            road,
            *where,
            "2025-06-01",
            round(chance.random() * 5, 1),
        ]


def _record(desk: Desk, row: list[Any]) -> dict[str, Any]:
    facility = Facility(
        id=desk.store.ids.new(),
        created_at=NOW,
        changed_at=NOW,
        source_no=row[0],
        code=row[1],
        minor_name=row[2],
        group="other",
        street_code="410105001",
        road=row[5],
        address=row[6],
        longitude=row[7],
        latitude=row[8],
        authority=row[9],
        owner=row[10],
        maintainer=row[11],
        attributes={"depth": str(row[13])},
    )
    return dict(facility.__dict__)


def _new_desk(folder: Path) -> Desk:
    FOLDER.mkdir(exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    office = NewOffice("410105", "测速用的城管局", "CS")
    desk, _code = create_desk(StorePaths.of(folder), office, "测速员", LOGIN, PASSWORD, clock=FixedClock(NOW))
    return desk


WAYS = {"sheet": sheet, "import": import_, "again": again, "calamine": calamine}


if __name__ == "__main__":
    WAYS[sys.argv[1]]()
