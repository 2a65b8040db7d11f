"""The import dialogs: cases with every refused row named, and a city's standards mended in the preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.case_views import CaseFilter
from app.domain.deadlines import LimitUnit
from app.services.sheets.standards_columns import STANDARDS_COLUMNS
from ui.dialogs.import_cases import ImportCases
from ui.dialogs.import_standards import ImportStandards
from ui.dialogs.import_standards_model import FIRST, TAKE
from ui.pages.context import PageContext

HEAD = "案卷编号,上报时间,问题描述,地址,小类"
GOOD = "A-1,2026-10-01 09:30,井盖破损,文化路12号,上水井盖"
BAD = "A-2,去年某天,路灯不亮,花园路,路灯"
LIMIT = FIRST + [column.name for column in STANDARDS_COLUMNS].index("limit")


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    """Two rows, one of which cannot be understood."""
    file = tmp_path / "案件.csv"
    file.write_text("\n".join((HEAD, GOOD, BAD)) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def open_cases(context: PageContext, window: QWidget, qtbot: QtBot) -> Callable[[Path], ImportCases]:
    """Opens the dialog on a file and waits for the preview."""

    def opened(path: Path) -> ImportCases:
        window.show()
        dialog = ImportCases(context, window, path)
        dialog.show()
        qtbot.waitUntil(lambda: "可以导入" in dialog.words() and not context.tasks.busy(), timeout=10_000)
        return dialog

    return opened


def count(context: PageContext) -> int:
    return context.desk.case_lists.count(CaseFilter(), exact=True).count


def test_the_preview_names_every_refused_row_first_with_its_reason(
    open_cases: Callable[[Path], ImportCases], cases_file: Path
) -> None:
    dialog = open_cases(cases_file)

    rows = dialog.preview.items()

    assert "可以导入 1 行" in dialog.words()
    assert [row.row for row in rows] == [3, 2]
    assert "去年某天" in rows[0].refusals[0].message


def test_an_import_tells_its_counts_and_writes_the_refused_rows_to_a_sheet(
    open_cases: Callable[[Path], ImportCases], cases_file: Path, context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = open_cases(cases_file)
    with qtbot.waitSignal(dialog.imported):
        dialog.run()
    close = dialog.findChild(QPushButton, "import_close")

    refused = tmp_path / "没有导入.xlsx"
    dialog.outcome.save_refused(refused)
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert "新增 1" in dialog.outcome.counts()
    assert "没有导入 1" in dialog.outcome.counts()
    cells = [str(cell.value) for row in openpyxl.load_workbook(refused).active.iter_rows() for cell in row]
    assert "去年某天" in cells
    assert close.autoDefault()


def test_importing_the_same_file_again_doubles_nothing(
    open_cases: Callable[[Path], ImportCases], cases_file: Path, context: PageContext, qtbot: QtBot
) -> None:
    for _round in range(2):
        dialog = open_cases(cases_file)
        with qtbot.waitSignal(dialog.imported):
            dialog.run()
        qtbot.waitUntil(lambda: not context.tasks.busy())

    assert "新增 0" in dialog.outcome.counts()
    assert len(context.desk.case_lists.ids(CaseFilter())) == 1


def test_a_mapping_chosen_by_hand_is_remembered_for_the_layout(
    open_cases: Callable[[Path], ImportCases], tmp_path: Path, context: PageContext, qtbot: QtBot
) -> None:
    file = tmp_path / "怪表头.csv"
    file.write_text("甲,乙,丙\nA-1,2026-10-01 09:30,井盖破损\n", encoding="utf-8")
    window = ImportCases(context, None, file)
    qtbot.waitUntil(lambda: "列" in window.words() and not context.tasks.busy())
    for field_name, place in (("source_no", 0), ("reported_at", 1), ("description", 2)):
        choice = window.mapping.form.field(f"column_{field_name}").widget
        choice.set_value(place)
        choice.edited.emit()
    qtbot.waitUntil(lambda: "可以导入 1 行" in window.words() and not context.tasks.busy())
    with qtbot.waitSignal(window.imported):
        window.run()
    qtbot.waitUntil(lambda: not context.tasks.busy())
    window.close()

    again = open_cases(file)

    assert again.mapping.mapping().columns == {"source_no": 0, "reported_at": 1, "description": 2}


def test_dates_that_can_be_read_two_ways_are_asked_for(
    context: PageContext, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "美式.csv"
    file.write_text("编号,上报时间,描述\n1,03/04/2026 10:00,井盖\n2,05/06/2026 10:00,路灯\n", encoding="utf-8")
    dialog = ImportCases(context, window, file)
    qtbot.waitUntil(lambda: bool(dialog.mapping.form.field("order_reported_at").wrong()) and not context.tasks.busy())

    order = dialog.mapping.form.field("order_reported_at").widget
    order.set_value("dmy")
    order.edited.emit()
    qtbot.waitUntil(lambda: "可以导入 2 行" in dialog.words() and not context.tasks.busy())

    assert {row.case.reported_at.month for row in dialog.preview.items() if row.case} == {4, 6}


def test_a_file_that_is_no_sheet_is_refused_in_words(
    context: PageContext, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "照片.xlsx"
    file.write_bytes(b"\xff\xd8\xff\xe0" + b"x" * 100)

    dialog = ImportCases(context, window, file)
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert "照片.xlsx" in dialog.words()
    assert not dialog.findChild(QWidget, "import_run").isEnabled()


def test_a_stopped_import_keeps_what_was_written_and_says_so(
    open_cases: Callable[[Path], ImportCases], tmp_path: Path, context: PageContext, qtbot: QtBot
) -> None:
    file = tmp_path / "很多.csv"
    rows = (f"B-{n},2026-10-01 09:30,井盖破损{n},文化路{n}号,上水井盖" for n in range(6000))
    file.write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
    dialog = open_cases(file)

    dialog.run()
    qtbot.waitUntil(lambda: dialog.progress()[0] >= 2000, timeout=30_000)
    dialog.reject()
    qtbot.waitUntil(lambda: not context.tasks.busy(), timeout=30_000)

    kept = len(context.desk.case_lists.ids(CaseFilter()))
    assert 2000 <= kept < 6000
    assert dialog.progress()[0] <= kept, "no row is called imported that was only looked at"
    assert "已停止" in dialog.words()


@pytest.fixture
def standards(tmp_path: Path) -> Path:
    """A workbook as cities write it: a title row, merged cells left empty, one limit that is no length."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "事件"
    for row in (
        ["某市立案、处置和结案标准(事件)"],
        ["大类代码", "大类名称", "小类代码", "小类名称", "立案条件", "处置时限", "结案条件"],
        ["04", "街面秩序", "05", "店外经营", "超出门窗摆卖", "2紧急工作时", "清除"],
        ["", "", "", "", "占用盲道", "立即", "清除"],
        ["", "", "06", "占道经营", "占道", "2天", "清除"],
    ):
        sheet.append(row)
    file = tmp_path / "某市标准.xlsx"
    book.save(file)
    return file


@pytest.fixture
def open_standards(
    context: PageContext, window: QWidget, standards: Path, qtbot: QtBot
) -> Callable[[], ImportStandards]:
    """Opens the preview."""

    def opened() -> ImportStandards:
        dialog = ImportStandards(context, standards, window)
        qtbot.waitUntil(lambda: dialog.model is not None and not context.tasks.busy(), timeout=10_000)
        return dialog

    return opened


def test_a_limit_that_is_no_length_is_mended_in_the_preview_and_taken_over(
    open_standards: Callable[[], ImportStandards], context: PageContext, qtbot: QtBot
) -> None:
    dialog = open_standards()
    model = dialog.model
    wrong = dialog.words()

    model.setData(model.index(0, LIMIT), "30分钟")
    dialog.scheme.set_value("某市")
    dialog.valid_from.set_value(date(2026, 11, 1))
    with qtbot.waitSignal(dialog.taken_over):
        dialog.take_over()
    qtbot.waitUntil(lambda: not context.tasks.busy())

    table = context.desk.reference.categories()
    category = table.find("event", "04", "05")
    assert "没有看懂" in wrong
    assert table.scheme == context.desk.reference.office().scheme == "某市"
    assert [condition.limit.unit for condition in category.conditions] == [LimitUnit.HOUR, LimitUnit.MINUTE]


def test_a_row_left_out_is_not_taken_over(
    open_standards: Callable[[], ImportStandards], context: PageContext, qtbot: QtBot
) -> None:
    dialog = open_standards()
    model = dialog.model

    model.setData(model.index(0, TAKE), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    dialog.scheme.set_value("某市")
    with qtbot.waitSignal(dialog.taken_over):
        dialog.take_over()
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert len(context.desk.reference.categories().find("event", "04", "05").conditions) == 1


def test_nothing_is_taken_over_while_a_row_is_not_understood(
    open_standards: Callable[[], ImportStandards], context: PageContext, qtbot: QtBot
) -> None:
    dialog = open_standards()

    dialog.take_over()
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert not dialog.findChild(QWidget, "standards_take").isEnabled()
    assert context.desk.reference.schemes() == ["GB2013", "CJT214"]


def test_standards_of_a_later_day_do_not_change_the_scheme_today(
    open_standards: Callable[[], ImportStandards], context: PageContext, qtbot: QtBot
) -> None:
    dialog = open_standards()
    dialog.model.leave_out_problems()
    dialog.scheme.set_value("某市")
    dialog.valid_from.set_value(date(2027, 1, 1))
    dialog.valid_from.edited.emit()

    with qtbot.waitSignal(dialog.taken_over):
        dialog.take_over()
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert context.desk.reference.office().scheme == "GB2013"
