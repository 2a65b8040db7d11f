"""How the tour moves through the program: it types, presses and looks as a clerk does, and takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, cast

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QInputMethodEvent, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from app.base.words import _
from ui.program import Program
from ui.shell import Shell
from ui.widgets.code_picker import CodePicker

PATIENCE_S = 30.0
LOOK_MS = 20
SETTLED_LOOKS, STILL_LOOKS = 4, 24
MOST_ENTERS = 6
VEIL = QColor(0, 0, 0, 70)

W = TypeVar("W", bound=QWidget)


class TourStopped(Exception):
    """A step did not hold; says what was missing."""


class Walk:
    """One walk through one program. Pictures are numbered in the order they are taken."""

    def __init__(self, program: Program, out: Path, bugs: Sequence[BaseException], first: int = 1) -> None:
        """bugs: grows when something nobody foresaw happens; the walk stops at its next look."""
        self.program = program
        self._bugs = bugs
        self.pictures: list[Path] = []
        self.out = out
        self._next = first

    @property
    def shell(self) -> Shell:
        """The office's window."""
        if self.program.shell is None:
            raise TourStopped(_("工作窗口没有打开"))
        return self.program.shell

    def window(self) -> QWidget:
        """The dialog in front, else the window behind it."""
        dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
        if dialogs:
            return QApplication.activeModalWidget() or dialogs[-1]
        return self._base()

    def find(self, object_name: str, kind: type[W]) -> W:
        """The visible control of that name, looked for from the front."""
        for window in (self.window(), self._base()):
            for widget in [window, *window.findChildren(QWidget, object_name)]:
                if widget.objectName() == object_name and isinstance(widget, kind) and widget.isVisible():
                    return widget
        raise TourStopped(_("画面上找不到 {name}").format(name=object_name))

    def click(self, object_name: str) -> None:
        """Press a button of that name."""
        button = self.find(object_name, QAbstractButton)
        if not button.isEnabled():
            raise TourStopped(_("{name} 现在不能按").format(name=object_name))
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, where the keyboard is."""
        QTest.keyClick(self._focus(), key, modifier)
        self.settle()

    def type(self, text: str) -> None:
        """Text, where the keyboard is: Latin by keys, Chinese as an input method commits it."""
        target = self._focus()
        if text.isascii():
            QTest.keyClicks(target, text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(target, event)
        self.settle()

    def enter_until(self, object_name: str) -> None:
        """Press Enter, as often as a form asks for, until the keyboard is in that field."""
        for _press in range(MOST_ENTERS):
            if self._focus().objectName() == object_name:
                return
            self.press(Qt.Key.Key_Return)
        raise TourStopped(_("Enter 没有走到 {name}").format(name=object_name))

    def fill(self, object_name: str, text: str) -> None:
        """Go to a field, empty it and type."""
        field = self.find(object_name, QWidget)
        field.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.type(text)

    def choose(self, object_name: str, typed: str) -> None:
        """Type into a field that finds things, and take the first it offers; nothing typed: the most used one."""
        if typed:
            self.fill(object_name, typed)
        else:
            picker = self.find(object_name, CodePicker)
            picker.setFocus(Qt.FocusReason.TabFocusReason)
            self.settle()
            if not picker.offered():
                self.press(Qt.Key.Key_Down)
            self.press(Qt.Key.Key_Down)
        self.press(Qt.Key.Key_Return)

    def answer_file_dialog(self, file: Path) -> None:
        """Let the file dialog that the next key opens be answered with `file`."""
        file.unlink(missing_ok=True)
        timer = QTimer(self.window())
        timer.setInterval(LOOK_MS)

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QFileDialog):
                timer.stop()
                cast(QLineEdit, dialog.findChild(QLineEdit, "fileNameEdit")).setText(str(file.resolve()))
                dialog.done(QDialog.DialogCode.Accepted)

        timer.timeout.connect(answer)
        timer.start()

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for something. Raises TourStopped when it does not come."""
        give_up_s = time.monotonic() + PATIENCE_S
        while not holds():
            self.look_for_bugs()
            if time.monotonic() > give_up_s:
                raise TourStopped(what)
            rest(LOOK_MS)

    def settle(self, looks: int = SETTLED_LOOKS) -> None:
        """Wait until nothing was under way for that many looks."""
        calm = 0
        give_up_s = time.monotonic() + PATIENCE_S
        while calm < looks:
            rest(LOOK_MS)
            self.look_for_bugs()
            calm = 0 if self.program.tasks.busy() else calm + 1
            if time.monotonic() > give_up_s:
                raise TourStopped(_("后台工作没有完成"))

    def look_for_bugs(self) -> None:
        """Raises TourStopped when the program stumbled."""
        if self._bugs:
            raise TourStopped(_("程序出错:{what}").format(what=repr(self._bugs[0])))

    def without_notice(self) -> None:
        """Close the word at the foot of the window, where there is one."""
        for button in self._base().findChildren(QAbstractButton, "notice_close"):
            if button.isVisible():
                button.click()

    def picture(self, slug: str) -> Path:
        """Save what is seen, dialogs over their window."""
        self.settle(STILL_LOOKS)
        file = self.out / f"{self._next:02d}-{slug}.png"
        if not self._seen().save(str(file)):
            raise TourStopped(_("图片没有存上:{file}").format(file=file))
        self._next += 1
        self.pictures.append(file)
        return file

    def picture_of_trouble(self) -> None:
        """Save what is seen where the walk ended, beside the other pictures."""
        if self.program.shell is not None or self.program.front is not None:
            self._seen().save(str(self.out / "stopped.png"))

    def _seen(self) -> QPixmap:
        base, front = self._base(), self.window()
        seen = base.grab()
        if front is base:
            return seen
        over = front.grab()
        painter = QPainter(seen)
        painter.fillRect(base.rect(), VEIL)
        room = base.size() - front.size()
        painter.drawPixmap(QPoint(max(0, room.width() // 2), max(0, room.height() // 3)), over)
        painter.end()
        return seen

    def _base(self) -> QWidget:
        window = self.program.shell or self.program.front
        if window is None:
            raise TourStopped(_("没有打开的窗口"))
        return window

    def _focus(self) -> QWidget:
        window = self.window()
        if QApplication.activeWindow() is None:
            # Where nothing is drawn, nobody brings the window behind a closed dialog to the front.
            window.activateWindow()
            rest(LOOK_MS)
        return window.focusWidget() or window


def rest(wait_ms: int) -> None:
    """Let the program work for a moment. (QTest.qWait would keep Python's other threads waiting all the while.)"""
    loop = QEventLoop()
    QTimer.singleShot(wait_ms, loop.quit)
    loop.exec()
