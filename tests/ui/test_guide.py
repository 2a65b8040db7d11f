"""The manual beside the work: pictures fit, the contents lead to their headings, and one window is enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.guide import GuideWindow, guide_file

WORDS = "\n\n".join(f"第 {n} 段" for n in range(120))


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def shown(parent: QWidget, folder: Path, text: str) -> GuideWindow:
    """The window on a guide with that text."""
    file = folder / "guide.md"
    file.write_text(text, encoding="utf-8")
    window = GuideWindow(parent, file)
    window.show()
    return window


def test_a_picture_wider_than_the_window_is_shown_whole(parent: QWidget, tmp_path: Path) -> None:
    image = QImage(1900, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("navy"))
    assert image.save(str(tmp_path / "wide.png"))

    window = shown(parent, tmp_path, "# 手册\n\n![宽图](wide.png)\n\n完")

    assert window.browser.horizontalScrollBar().maximum() == 0
    assert window.browser.document().size().height() > 800 * 400 / 1900


def test_the_contents_lead_to_their_headings(parent: QWidget, tmp_path: Path, qtbot: QtBot) -> None:
    text = f"# 手册\n\n[去](#办理从立案到结案)\n\n{WORDS}\n\n## 办理:从立案到结案\n\n在这里\n\n{WORDS}\n"
    window = shown(parent, tmp_path, text)
    browser = window.browser
    assert browser.verticalScrollBar().value() == 0

    browser.follow(QUrl("#办理从立案到结案"))

    qtbot.waitUntil(lambda: browser.verticalScrollBar().value() > 0)
    assert browser.cursorForPosition(browser.viewport().rect().topLeft()).block().text() == "办理:从立案到结案"


def test_alt_left_leads_back_from_a_page_the_guide_links_to(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "problems.md").write_text("# 问题一览", encoding="utf-8")
    window = shown(parent, tmp_path, "# 手册\n\n[问题](problems.md)")

    window.browser.follow(QUrl("problems.md"))
    assert "问题一览" in window.browser.toPlainText()
    window.browser.backward()

    assert "手册" in window.browser.toPlainText()


def test_every_word_of_the_shipped_guide_is_shown(parent: QWidget) -> None:
    window = GuideWindow(parent, guide_file())
    headings = [
        line.lstrip("# ").replace("`", "")
        for line in guide_file().read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]

    text = window.browser.toPlainText()

    assert [heading for heading in headings if heading not in text] == []
    assert "city_review --> pending_dispatch: 市退回" in text


def test_a_missing_guide_is_told(parent: QWidget, tmp_path: Path) -> None:
    window = GuideWindow(parent, tmp_path / "nowhere.md")

    assert "没有使用手册" in window.browser.toPlainText()
