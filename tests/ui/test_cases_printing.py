"""The preview of papers, and the office's offset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.domain.case_views import CaseFilter
from app.domain.permissions import Actor
from tests.ui.a_case import reported, settle
from ui.pages.cases.printing import CasePrinting
from ui.pages.context import PageContext
from ui.printing.calibration import CalibrationDialog
from ui.printing.preview import PreviewDialog
from ui.printing.printing_context import PrintingContext
from ui.widgets.busy_bar import BusyBar


@pytest.fixture
def printing(context: PageContext, window: QWidget, qtbot: QtBot) -> Iterator[CasePrinting]:
    window.show()
    yield CasePrinting(context, BusyBar(window), window)
    settle(qtbot, context.tasks)


def preview(window: QWidget, qtbot: QtBot) -> PreviewDialog:
    qtbot.waitUntil(lambda: window.findChild(PreviewDialog) is not None)
    dialog = window.findChild(PreviewDialog)
    assert dialog is not None
    return dialog


def test_slips_of_several_cases_are_turned_page_by_page(
    printing: CasePrinting, window: QWidget, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    cases = [reported(desk, actor, house_no=str(n)) for n in (1, 2)]
    printing.slips([case.id for case in cases])
    dialog = preview(window, qtbot)
    sheet = dialog.findChild(QWidget, "preview_page")
    assert sheet is not None

    assert dialog.count == 2
    assert cases[0].local_no in sheet.accessibleDescription()
    dialog.forth()
    assert cases[1].local_no in sheet.accessibleDescription()


def test_a_preview_is_kept_as_a_pdf(
    printing: CasePrinting,
    context: PageContext,
    window: QWidget,
    desk: Desk,
    actor: Actor,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    reported(desk, actor)
    printing.list(desk.case_lists.ids(CaseFilter()), "全部")
    dialog = preview(window, qtbot)

    assert dialog.save_pdf(tmp_path / "列表.pdf")

    assert (tmp_path / "列表.pdf").read_bytes().startswith(b"%PDF-")
    assert context.notices.shown() == "已存为 列表.pdf"


def test_a_pc_without_a_printer_says_so(
    printing: CasePrinting,
    window: QWidget,
    desk: Desk,
    actor: Actor,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.printing.preview.QPrinterInfo.availablePrinterNames", list)
    printing.slips([reported(desk, actor).id])
    dialog = preview(window, qtbot)

    dialog.print()

    box = dialog.findChild(QWidget, "trouble_box")
    assert box is not None
    assert "没有安装打印机" in box.words()  # type: ignore[attr-defined]


def test_an_offset_is_kept_for_the_office_and_a_wild_one_is_refused(
    context: PageContext, window: QWidget, desk: Desk, qtbot: QtBot
) -> None:
    dialog = CalibrationDialog(PrintingContext(context), window)
    dialog.shift_x.set_value(99)
    dialog.keep()
    assert "−30 到 30" in dialog.form.field("print_shift_x_mm").wrong()

    dialog.shift_x.set_value(1.5)
    dialog.shift_y.set_value(-0.5)
    with qtbot.waitSignal(dialog.accepted):
        dialog.keep()

    office = desk.reference.office()
    assert (office.print_shift_x_mm, office.print_shift_y_mm) == (1.5, -0.5)
