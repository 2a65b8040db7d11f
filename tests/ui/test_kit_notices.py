"""Short words to the person, problems, bugs and charts."""

from __future__ import annotations

import builtins
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from app.domain.problems import Unavailable
from ui import crash
from ui.charts.month import MonthChart
from ui.notices import Notices, problem_box
from ui.widgets.trouble_box import TroubleBox


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 300)
    window.show()
    return window


@pytest.fixture
def hook(qapp: QApplication) -> Iterator[crash.CrashHook]:
    before = sys.excepthook, threading.excepthook
    yield crash.install(qapp, lambda: "版本 1.0")
    sys.excepthook, threading.excepthook = before


def press(box: QWidget, object_name: str) -> None:
    button = box.findChild(QPushButton, object_name)
    assert button is not None
    button.click()


def boxes() -> list[TroubleBox]:
    return [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, TroubleBox) and widget.isVisible()
    ]


def test_a_word_stands_inside_the_window_and_a_new_one_takes_its_place(window: QWidget, qtbot: QtBot) -> None:
    notices = Notices(window)

    notices.say("已保存 JS-0001")
    notices.say("已派遣 3 件")
    window.resize(400, 200)

    line = window.findChild(QWidget, "notice_line")
    assert line is not None
    assert notices.shown() == "已派遣 3 件"
    assert window.rect().contains(line.geometry())


def test_an_undo_is_offered_once(window: QWidget) -> None:
    undone: list[str] = []
    notices = Notices(window)

    notices.say("已作废 1 件", undo=lambda: undone.append("void"))
    press(window, "notice_undo")
    press(window, "notice_undo")

    assert undone == ["void"]
    assert notices.shown() == ""


def test_a_problem_says_what_happened_what_is_safe_and_what_to_do(window: QWidget, qtbot: QtBot) -> None:
    retried: list[bool] = []
    box = problem_box(
        window, Unavailable("store.disk_full"), safe="已录入的内容都在草稿里", retry=lambda: retried.append(True)
    )

    assert box.words().splitlines()[:2] == ["磁盘已满,这一次没有保存", "已录入的内容都在草稿里"]
    assert "腾出磁盘空间" in box.words()
    details = box.findChild(QPlainTextEdit, "trouble_details")
    assert details is not None
    assert not details.isVisible()
    press(box, "trouble_fold")
    assert details.isVisible()
    press(box, "trouble_copy")
    assert "store.disk_full" in QGuiApplication.clipboard().text()
    press(box, "trouble_retry")
    assert retried == [True]


def test_a_bug_in_another_thread_is_shown_with_its_report_and_the_program_goes_on(
    hook: crash.CrashHook, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("坏了")

    thread = threading.Thread(target=broken)
    with qtbot.waitSignal(hook.happened):
        thread.start()
    thread.join()

    (box,) = boxes()
    details = box.findChild(QPlainTextEdit, "trouble_details")
    assert details is not None
    assert "ZeroDivisionError: 坏了" in details.toPlainText()
    assert "版本 1.0" in details.toPlainText()
    assert "没有受影响" in box.words()
    assert "ZeroDivisionError" in capsys.readouterr().err
    press(box, "trouble_ok")


def test_bugs_in_a_row_show_one_box_and_the_next_after_it_was_closed_another(
    hook: crash.CrashHook, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    for _bug in range(3):
        hook.show(ValueError("x"))
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    press(boxes()[0], "trouble_ok")
    qtbot.waitUntil(lambda: boxes() == [])

    hook.show(ValueError("y"))

    qtbot.waitUntil(lambda: len(boxes()) == 1)
    press(boxes()[0], "trouble_ok")
    assert "ValueError: y" in capsys.readouterr().err


def test_the_chart_library_is_imported_when_a_chart_is_drawn_and_not_before() -> None:
    probe = "import sys, ui.charts.month; print(sorted({'numpy', 'pyqtgraph'} & set(sys.modules)))"

    said = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_the_month_is_drawn(qtbot: QtBot) -> None:
    chart = MonthChart()
    qtbot.addWidget(chart)

    with capture_exceptions() as exceptions:
        chart.resize(500, 300)
        chart.show()
        chart.show_month(["11-01", "11-02"], [3, 4], [2, 5], [0.0, 0.25])
        QApplication.processEvents()

    assert exceptions == []
    assert chart.findChild(QWidget, "month_plot") is not None
    assert chart.accessibleDescription() == "立案 7 件,结案 7 件"


def test_without_the_chart_library_the_sums_are_said_in_words(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def missing(name: str, *rest: object) -> object:
        if name == "pyqtgraph":
            raise ImportError(name)
        return known(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", missing)
    chart = MonthChart()
    qtbot.addWidget(chart)

    chart.show_month(["11-01"], [3], [2], [0.5])

    label = chart.findChild(QLabel, "chart_missing")
    assert label is not None
    assert label.text() == "图表组件不可用\n立案 3 件,结案 2 件"
