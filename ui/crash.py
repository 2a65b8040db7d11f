"""A bug nobody foresaw: reported, copyable, and the program goes on."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.base.words import _

if TYPE_CHECKING:
    from ui.widgets.trouble_box import TroubleBox


class CrashHook(QObject):
    """Shows one box at a time, from whatever thread the bug came. Made by `install`."""

    happened = Signal(object)
    _heard = Signal(object)

    def __init__(self, report: Callable[[], str], parent: QObject | None = None) -> None:
        """report: what a helper should know besides (version, end of the log), without names or numbers of persons."""
        super().__init__(parent)
        self._report = report
        self._box: TroubleBox | None = None
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)

    def show(self, error: BaseException) -> None:
        """Show a bug; may be called from any thread. The console hears it too."""
        traceback.print_exception(error)
        self._heard.emit(error)

    def hook(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """For sys.excepthook."""
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(type(error), error, error.__traceback__)
        else:
            self.show(error)

    def thread_hook(self, trouble: threading.ExceptHookArgs) -> None:
        """For threading.excepthook."""
        if trouble.exc_value is not None:
            self.show(trouble.exc_value)

    @Slot(object)
    def _on_heard(self, error: BaseException) -> None:
        self.happened.emit(error)
        if self._box is not None:
            return
        from ui.widgets.trouble_box import TroubleBox

        self._box = TroubleBox(
            _("程序出错"),
            _("程序遇到一个没有预料到的错误,刚才这一步没有完成。"),
            safe=_("之前保存的内容都在本机,没有受影响;可以继续使用。"),
            cure=_("请把详细信息复制给技术员。若同一步总是出错,请重新打开程序。"),
            details=f"{crash_text(error)}\n{self._report()}",
            parent=QApplication.activeWindow(),
        )
        self._box.destroyed.connect(self._on_closed)
        self._box.open()

    @Slot()
    def _on_closed(self) -> None:
        self._box = None


def crash_text(error: BaseException) -> str:
    """The traceback of a bug."""
    return "".join(traceback.format_exception(error))


def no_report() -> str:
    """Nothing besides."""
    return ""


def install(app: QApplication, report: Callable[[], str] = no_report) -> CrashHook:
    """Catch every bug that nothing else caught, in the main thread and in others."""
    hook = CrashHook(report, app)
    sys.excepthook = hook.hook
    threading.excepthook = hook.thread_hook
    return hook
