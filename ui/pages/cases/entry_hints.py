"""What the entry form hints at: cases that may be the same, and forms somebody did not finish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.base.words import _
from app.domain.case_views import DuplicateHint
from app.services.drafts import SavedDraft
from ui.forms.time_inputs import ZONE
from ui.naming import name
from ui.theme import ROW, gap, set_look

MOST_LINES = 5
ID_ROLE = Qt.ItemDataRole.UserRole


class DuplicateBar(QFrame):
    """Tells of cases that may be the same; F3 shows them, F4 links the one that is lit."""

    linked = Signal(object)
    open_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(name(self, "duplicate_bar", _("可能重复")), "bar")
        self._hints: Sequence[DuplicateHint] = ()
        self._linked: UUID | None = None
        self._linked_no = ""
        self._said = name(QLabel(self), "duplicate_words", _("可能重复"))
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._view = set_look(name(QPushButton(_("查看 F3")), "duplicate_view", _("查看可能重复的案件")), "quiet")
        self._link = set_look(name(QPushButton(_("关联 F4")), "duplicate_link", _("关联为同一问题")), "quiet")
        self._list = _Hints(self)
        self._list.hide()
        for button in (self._view, self._link):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.clicked.connect(self.toggle_list)
        self._link.clicked.connect(self.link)
        self._list.taken.connect(self.link)
        self._list.left.connect(self.close_list)
        self._list.itemDoubleClicked.connect(lambda item: self.open_wanted.emit(item.data(ID_ROLE)))
        head = QHBoxLayout()
        head.addWidget(self._said, 1)
        head.addWidget(self._view)
        head.addWidget(self._link)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(1), gap(1), gap(1))
        lines.addLayout(head)
        lines.addWidget(self._list)
        self.hide()

    def show_hints(self, hints: Sequence[DuplicateHint], now: datetime) -> None:
        """Tell of these cases; none hides the bar, unless a case is linked already."""
        self._hints = hints
        self._list.clear()
        for hint in hints:
            item = QListWidgetItem(hint_words(hint, now))
            item.setData(ID_ROLE, hint.id)
            item.setSizeHint(QSize(0, ROW))
            self._list.addItem(item)
        self._list.setCurrentRow(0 if hints else -1)
        self._list.setFixedHeight(min(len(hints), MOST_LINES) * ROW + gap(1))
        if not hints:
            self._list.hide()
        self._say(now)

    def show_linked(self, case_id: UUID | None, number: str = "") -> None:
        """Show which case this one is linked with."""
        self._linked, self._linked_no = case_id, number
        self._say(None)

    def linked_id(self) -> UUID | None:
        """The case this one is linked with."""
        return self._linked

    def linked_no(self) -> str:
        """Its number as people know it."""
        return self._linked_no

    def list_is_open(self) -> bool:
        """Whether the cases are shown."""
        return self._list.isVisible()

    def toggle_list(self) -> None:
        """Show the cases, or hide them again."""
        if self._list.isVisible():
            self.close_list()
        elif self._hints:
            self._list.show()
            self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_list(self) -> None:
        """Hide the cases and give the keyboard back."""
        self._list.hide()
        self._list.give_back()

    def link(self) -> None:
        """Link the lit case, or take the link away when there is one."""
        if self._linked is not None:
            self.show_linked(None)
            self.linked.emit(None)
        elif self._hints:
            hint = self._hints[max(self._list.currentRow(), 0)]
            self.show_linked(hint.id, hint.local_no)
            self.linked.emit(hint.id)
        if self._list.isVisible():
            self.close_list()

    def words(self) -> str:
        """What the bar says; empty while hidden."""
        return "" if self.isHidden() else self._said.text()

    def _say(self, now: datetime | None) -> None:
        if self._linked is not None:
            self._said.setText(_("已关联案件 {number}").format(number=self._linked_no))
            self._link.setText(_("取消关联 F4"))
        elif self._hints and now is not None:
            self._said.setText(
                _("可能重复:{nearest},同类共 {n} 件").format(
                    nearest=nearest_words(self._hints[0], now), n=len(self._hints)
                )
            )
            self._link.setText(_("关联 F4"))
        elif self._hints:
            self._said.setText(_("可能重复:同类共 {n} 件").format(n=len(self._hints)))
            self._link.setText(_("关联 F4"))
        self._view.setVisible(bool(self._hints))
        self.setVisible(self._linked is not None or bool(self._hints))


class _Hints(QListWidget):
    """The cases that may be the same; Enter links, Escape goes back."""

    taken = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "duplicate_list", _("可能重复的案件"))
        self._before: QWidget | None = None

    def show(self) -> None:
        """Show, and remember where the keyboard was."""
        self._before = self.window().focusWidget()
        super().show()

    def give_back(self) -> None:
        """Give the keyboard back to the field it came from."""
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter links, Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.taken.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class DraftsBar(QFrame):
    """Offers forms that were not finished; hidden when there are none."""

    wanted = Signal(object)
    discard_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(name(self, "drafts_bar", _("没写完的案件")), "bar")
        self._said = name(QLabel(self), "drafts_words", _("没写完的案件"))
        self._go_on = name(QPushButton(_("继续")), "drafts_continue", _("继续没写完的案件"))
        self._menu = name(QMenu(self), "drafts_menu", _("没写完的案件"))
        self._close = set_look(name(QPushButton(_("收起")), "drafts_hide", _("收起")), "quiet")
        self._drafts: Sequence[SavedDraft] = ()
        for button in (self._go_on, self._close):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._go_on.clicked.connect(self._on_go_on)
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(gap(3), gap(1), gap(1), gap(1))
        row.addWidget(self._said)
        row.addWidget(self._go_on)
        row.addStretch(1)
        row.addWidget(self._close)
        self.hide()

    def show_drafts(self, drafts: Sequence[SavedDraft]) -> None:
        """Offer these drafts."""
        self._drafts = drafts
        self._said.setText(_("有 {n} 份没写完的案件").format(n=len(drafts)))
        self.setVisible(bool(drafts))

    def count(self) -> int:
        """How many are offered."""
        return len(self._drafts)

    def _on_go_on(self) -> None:
        if len(self._drafts) == 1:
            self.wanted.emit(self._drafts[0].id)
            return
        self._menu.clear()
        for draft in self._drafts:
            again = self._menu.addMenu(draft_words(draft))
            again.addAction(_("继续填写"), lambda found=draft.id: self.wanted.emit(found))
            again.addAction(_("丢弃"), lambda found=draft.id: self.discard_wanted.emit(found))
        # Opened after the click has ended, so that a test and a screen reader see the button released.
        QTimer.singleShot(0, self, self._open_menu)

    def _open_menu(self) -> None:
        self._menu.popup(self._go_on.mapToGlobal(self._go_on.rect().bottomLeft()))


def hint_words(hint: DuplicateHint, now: datetime) -> str:
    """One line for a case that may be the same."""
    at = hint.reported_at.astimezone(ZONE)
    return f"{hint.local_no}  {hint.minor_name}  {hint.address}  {at:%m-%d %H:%M}  {nearest_words(hint, now)}"


def nearest_words(hint: DuplicateHint, now: datetime) -> str:
    """How near in time and place: 15 分钟前,30 米内."""
    minutes = int((now - hint.reported_at).total_seconds()) // 60
    if minutes < 0:
        when = _("稍后上报")
    elif minutes < 60:
        when = _("{n} 分钟前").format(n=max(minutes, 1))
    else:
        when = _("{n} 小时前").format(n=minutes // 60)
    where = _("同一门牌") if hint.metres is None else _("相距 {n} 米").format(n=round(hint.metres))
    return _("{when},{where}").format(when=when, where=where)


def draft_words(draft: SavedDraft) -> str:
    """How a draft is named in the menu: when, and the first words of what it is about."""
    fields = draft.body.get("fields", {})
    category = fields.get("minor", "")
    title = category[2] if isinstance(category, list) and len(category) > 2 else str(category)
    about = " ".join(part for part in (title, str(fields.get("description", ""))[:20].replace("\n", " ")) if part)
    return f"{draft.changed_at.astimezone(ZONE):%m-%d %H:%M}  {about or _('还没写内容')}"
