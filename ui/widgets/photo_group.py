"""The photos of one phase in a row, with the ways to add one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, set_look
from ui.widgets.photo_intake import PHOTO_ENDINGS, holds_photos, paths_of, photo_paths, picture_of
from ui.widgets.photo_thumb import FOOT, SIDE, PhotoItem, PhotoThumb


class PhotoGroup(QFrame):
    """Takes drops and pastes while it may be changed; hands them on and keeps nothing."""

    files_given = Signal(object)
    picture_pasted = Signal(bytes)
    remove_wanted = Signal(str)
    open_wanted = Signal(str)

    def __init__(self, key: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, f"photos_{key}", title)
        self._title = title
        self._editable = True
        self._removable = True
        self.items: tuple[PhotoItem, ...] = ()
        self._head = name(QLabel(self), f"photos_{key}_title", title)
        said = _("添加照片:{phase}").format(phase=title)
        self._add = set_look(name(QToolButton(self), f"photos_{key}_add", said), "button")
        self._add.setIcon(icon("plus"))
        self._add.setText(_("添加"))
        self._add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add.setMenu(self._menu())
        self._empty = set_look(QLabel(self), "muted")
        self._row = _Row(self)
        top = QHBoxLayout()
        top.addWidget(self._head)
        self._empty.setMinimumWidth(1)  # beside a narrow detail the words give way, never the button
        top.addWidget(self._empty)
        top.addStretch(1)
        top.addWidget(self._add)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(1))
        lines.addLayout(top)
        lines.addWidget(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click says where Ctrl+V goes; Enter and Tab pass by
        self.show_photos(())

    def show_photos(self, items: Sequence[PhotoItem]) -> None:
        """Show these."""
        self.items = tuple(items)
        self._head.setText(_("{phase} {n} 张").format(phase=self._title, n=len(items)) if items else self._title)
        self._row.fill([self._thumb(item) for item in items])
        self._row.setVisible(bool(items))
        self._empty.setText(_("把照片拖到这里,或 Ctrl+V 粘贴") if self._editable else _("没有照片"))
        self._empty.setVisible(not items)

    def set_editable(self, editable: bool) -> None:
        """Allow adding and taking away."""
        self._editable = editable
        self._add.setVisible(editable)
        self.setAcceptDrops(editable)
        self.show_photos(self.items)

    def set_removable(self, removable: bool) -> None:
        """Allow taking away what is shown; without it photos can only be added."""
        self._removable = removable
        self.show_photos(self.items)

    def paste(self) -> bool:
        """Take the photos on the clipboard; False: there are none."""
        mime = QGuiApplication.clipboard().mimeData()
        paths = paths_of(mime)
        if paths:
            self.files_given.emit(paths)
            return True
        picture = picture_of(mime)
        if picture is not None:
            self.picture_pasted.emit(picture)
        return picture is not None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say whether the drop would be taken."""
        if self._editable and holds_photos(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take files, or a picture out of another program."""
        paths = paths_of(event.mimeData())
        picture = None if paths else picture_of(event.mimeData())
        if paths:
            self.files_given.emit(paths)
        elif picture is not None:
            self.picture_pasted.emit(picture)
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V pastes."""
        if not (self._editable and event.matches(QKeySequence.StandardKey.Paste) and self.paste()):
            super().keyPressEvent(event)

    def _thumb(self, item: PhotoItem) -> PhotoThumb:
        thumb = PhotoThumb(item, editable=self._editable and self._removable)
        thumb.clicked.connect(lambda: self.open_wanted.emit(item.key))
        thumb.remove_wanted.connect(lambda: self.remove_wanted.emit(item.key))
        return thumb

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for object_name, icon_name, text, act in (
            ("photo_files", "photo", _("选择照片…"), self._choose_files),
            ("photo_folder", "folder", _("选择文件夹…"), self._choose_folder),
            ("photo_paste", "paste", _("粘贴"), self.paste),
        ):
            menu.addAction(icon(icon_name), text, act).setObjectName(object_name)
        return menu

    @Slot()
    def _choose_files(self) -> None:
        endings = " ".join(f"*{ending} *{ending.upper()}" for ending in sorted(PHOTO_ENDINGS))
        chosen, _kind = QFileDialog.getOpenFileNames(self, _("选择照片"), "", f"{_('照片')} ({endings})")
        self._give([Path(file) for file in chosen])

    @Slot()
    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("选择照片所在的文件夹"))
        self._give([Path(folder)] if folder else [])

    def _give(self, chosen: list[Path]) -> None:
        paths = photo_paths(chosen)
        if paths:
            self.files_given.emit(paths)


class _Row(QScrollArea):
    """Thumbnails side by side, scrolled sideways when they are many."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(SIDE + FOOT + self.horizontalScrollBar().sizeHint().height())

    def fill(self, thumbs: list[PhotoThumb]) -> None:
        page = QWidget()
        line = QHBoxLayout(page)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(gap(2))
        line.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        for thumb in thumbs:
            line.addWidget(thumb)
        self.setWidget(page)

    def sizeHint(self) -> QSize:
        return QSize(SIDE * 3, self.height())
