"""A list with its detail beside it; the detail opens to the full width and goes back."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ui.naming import name
from ui.remember import InMemory, Remember

SAVE_AFTER_MS = 400
SHARE = (62, 38)


class SplitView(QWidget):
    """`open_full` gives the detail all the room, `back` (Escape) the list again; the place of the bar is remembered."""

    full_changed = Signal(bool)

    def __init__(
        self,
        object_name: str,
        title: str,
        master: QWidget,
        detail: QWidget,
        remember: Remember | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, object_name, title)
        self._key = f"split.{object_name}"
        self._remember = remember or InMemory()
        self._master = master
        self._detail = detail
        self._splitter = name(QSplitter(Qt.Orientation.Horizontal, self), f"{object_name}_splitter", title)
        self._splitter.setChildrenCollapsible(False)
        for at, widget in enumerate((master, detail)):
            self._splitter.addWidget(widget)
            self._splitter.setStretchFactor(at, SHARE[at])
        self._later = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._later.timeout.connect(self._keep)
        self._splitter.splitterMoved.connect(self._on_moved)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self._splitter)
        self._restore()

    @property
    def full(self) -> bool:
        """True while the detail has all the room."""
        return self._master.isHidden()

    @Slot()
    def open_full(self) -> None:
        """Give the detail all the room and the keyboard."""
        if not self.full:
            self._master.hide()
            self._detail.setFocus(Qt.FocusReason.OtherFocusReason)
            self.full_changed.emit(True)

    @Slot()
    def back(self) -> None:
        """Show the list again and give it the keyboard."""
        if self.full:
            self._master.show()
            self._master.setFocus(Qt.FocusReason.OtherFocusReason)
            self.full_changed.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nobody inside wants goes back."""
        if event.key() == Qt.Key.Key_Escape and self.full:
            self.back()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the bar before the page goes."""
        if self._later.isActive():
            self._keep()
        super().hideEvent(event)

    def _on_moved(self, _at: int, _handle: int) -> None:
        self._later.start()

    @Slot()
    def _keep(self) -> None:
        self._later.stop()
        self._remember.set(self._key, ",".join(map(str, self._splitter.sizes())))

    def _restore(self) -> None:
        kept = (self._remember.get(self._key) or "").split(",")
        sizes = [int(part) for part in kept if part.isdecimal()]
        self._splitter.setSizes(sizes if len(sizes) == len(SHARE) and all(sizes) else [share * 10 for share in SHARE])
