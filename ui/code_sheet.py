"""The recovery code on paper or in a text file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.base.words import _
from app.domain.problems import Unavailable
from ui.notices import problem_box

POINTS = 16


def print_sheet(text: str, parent: QWidget) -> bool:
    """Ask for a printer and print; True when it was sent there."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if QPrintDialog(printer, parent).exec() != QDialog.DialogCode.Accepted:
        return False
    document = QTextDocument(text)
    document.setDefaultFont(QFont(parent.font().families(), POINTS))
    document.print_(printer)
    return True


def save_sheet(text: str, parent: QWidget) -> Path | None:
    """Ask for a file and write it; gives the file, or None when nothing was written."""
    suggested = f"{_('恢复码')}.txt"
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("存为文本文件"), suggested, _("文本文件 (*.txt)"))
    if not chosen:
        return None
    file = Path(chosen)
    try:
        file.write_text(text, encoding="utf-8-sig")
    except OSError as error:
        problem_box(parent, Unavailable("file.cannot_write", file=file.name, reason=error.strerror or ""))
        return None
    return file
