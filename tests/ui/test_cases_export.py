"""Exporting the list, and what is selected in it."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.base.watch import Watch
from app.desk import Desk
from app.domain.case_views import CaseFilter
from app.domain.permissions import Actor
from tests.ui.a_case import reported, settle
from ui.pages.cases.export import Exporting
from ui.pages.context import PageContext
from ui.tables.list_export import sheet_name
from ui.widgets.busy_bar import BusyBar


@pytest.fixture
def exporting(context: PageContext, window: QWidget, qtbot: QtBot) -> Exporting:
    assert qtbot
    return Exporting(context, BusyBar(window), window)


def all_rids(desk: Desk) -> array[int]:
    return desk.case_lists.ids(CaseFilter())


def test_the_list_becomes_a_sheet_and_the_export_is_written_down(
    exporting: Exporting, context: PageContext, desk: Desk, actor: Actor, tmp_path: Path, qtbot: QtBot
) -> None:
    case = reported(desk, actor, description="=cmd|' /C calc'!A0")
    file = tmp_path / "案件.xlsx"

    exporting.write(all_rids(desk), file)
    settle(qtbot, context.tasks)

    rows = list(load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 2
    line = dict(zip(rows[0], rows[1], strict=True))
    assert line["编号"] == case.local_no
    assert line["问题描述"] == "=cmd|' /C calc'!A0"
    assert "已导出 1 件到 案件.xlsx" in context.notices.shown()
    assert any(entry.deed == "case.export" for entry in desk.audit.page(actor=actor))


def test_an_export_that_is_stopped_leaves_the_old_file_as_it_was(
    exporting: Exporting,
    context: PageContext,
    desk: Desk,
    actor: Actor,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reported(desk, actor)
    file = tmp_path / "案件.csv"
    file.write_text("以前的", encoding="utf-8")

    def stopped(watch: Watch, _done: int, _total: int = 0, _note: str = "") -> None:
        watch.cancel()
        watch.check()

    monkeypatch.setattr(Watch, "step", stopped)
    exporting.write(all_rids(desk), file)
    settle(qtbot, context.tasks)

    assert file.read_text(encoding="utf-8") == "以前的"
    assert context.notices.shown() == ""


def test_an_empty_list_is_not_exported(exporting: Exporting, context: PageContext) -> None:
    exporting.start(array("q"), "全部")

    assert context.notices.shown() == "这个列表是空的,没有可导出的案件"


def test_a_file_name_says_what_is_in_it_and_holds_no_forbidden_sign(context: PageContext) -> None:
    assert sheet_name(context, "案件-搜索 a/b?") == "案件-搜索 a_b_-20261102.xlsx"
