"""The box that says versions and licences."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTabWidget, QTextBrowser, QVBoxLayout, QWidget

from app.base.resources import resource_path, resource_text
from app.base.version import VERSION
from app.base.words import _
from ui.naming import name
from ui.pages.about.parts import part_lines
from ui.theme import gap, set_look

SIZE = (620, 520)


class AboutBox(QDialog):
    """Program, parts, and the notices their licences ask to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "about_box", _("版本和许可"))
        self.setWindowTitle(_("版本和许可"))
        title = f"{_('城管网格工作台')} {VERSION}"
        tabs = name(QTabWidget(), "about_tabs", _("版本和许可"))
        tabs.addTab(self._parts(), _("组成部分"))
        for file in sorted(resource_path("licences").glob("*.txt")):
            tabs.addTab(_text(f"licence_{file.stem}", resource_text("licences", file.name)), _licence_title(file.stem))
        tabs.addTab(_text("licence_font", resource_text("fonts", "OFL.txt")), _("字体许可"))
        buttons = QDialogButtonBox()
        close = buttons.addButton(_("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        name(close, "close_about", _("关闭"))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        column.setSpacing(gap(3))
        column.addWidget(set_look(name(QLabel(title), "about_title", title), "title"))
        column.addWidget(tabs, 1)
        column.addWidget(buttons)
        self.resize(*SIZE)

    def _parts(self) -> QTextBrowser:
        head = "".join(f"<th align='left'>{escape(word)}</th>" for word in (_("名称"), _("版本"), _("用途"), _("许可")))
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in part_lines())
        browser = name(QTextBrowser(), "about_parts", _("组成部分"))
        browser.setHtml(f"<table cellpadding='4' width='100%'><tr>{head}</tr>{rows}</table>")
        return browser


def _text(object_name: str, text: str) -> QTextBrowser:
    browser = name(QTextBrowser(), object_name, _("许可全文"))
    browser.setPlainText(text)
    return browser


def _licence_title(stem: str) -> str:
    return {"sqlcipher": "SQLCipher"}.get(stem, stem)
