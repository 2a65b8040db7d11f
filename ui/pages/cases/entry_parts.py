"""What the entry form consists of, in the order it is seen, and the few ways it speaks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.words import _
from ui.forms.entry_photos import EntryPhotos
from ui.forms.field import FormColumn
from ui.forms.text_inputs import ParagraphInput
from ui.forms.typed_form import TypedForm
from ui.naming import name
from ui.pages.cases.entry_fields import EntryFields
from ui.pages.cases.entry_hints import DraftsBar, DuplicateBar
from ui.pages.context import PageContext
from ui.theme import gap, set_look

WIDEST_PX = gap(260)


class EntryParts(TypedForm):
    """Fields, photos and the reason above; hints, what is wrong and the buttons below. It decides nothing."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, "entry_trouble", "draft_kept")
        name(self, "entry_form", _("案件录入"))
        self.title = set_look(name(QLabel(), "entry_title", _("标题")), "title")
        self.drafts = DraftsBar(self)
        self.fields: EntryFields = EntryFields(context)
        self.photos = EntryPhotos(context)
        self.note = ParagraphInput(2)
        self.reason = FormColumn()
        self.duplicates = DuplicateBar(self)
        self.save_button = set_look(name(QPushButton(_("保存 Ctrl+S")), "save", _("保存")), "primary")
        self.next_button = name(QPushButton(_("保存并继续 Ctrl+Enter")), "save_next", _("保存并继续下一件"))
        self.close_button = set_look(name(QPushButton(_("关闭 Esc")), "close_entry", _("关闭")), "quiet")
        self._scroll = name(QScrollArea(), "entry_scroll", _("案件录入"))
        self._lay_out()
        self.fields.watch.follow("note", self.note)
        self.fields.watch.entered.connect(self._show_field)

    def offered_drafts(self) -> int:
        """How many unfinished forms are offered."""
        return self.drafts.count()

    def showEvent(self, event: QShowEvent) -> None:
        """Coming to the front, the keyboard is in the first field still empty."""
        super().showEvent(event)
        if not event.spontaneous():
            self.focus_first()

    def _show_field(self, field: QWidget) -> None:
        """A field the keyboard comes to is seen, with room for a word under it."""
        self._scroll.ensureWidgetVisible(field, 0, gap(12))

    def _focus_now(self) -> None:
        firsts: tuple[QLineEdit, ...] = (self.fields.source, self.fields.category, self.fields.house_no)
        empty = next((field for field in firsts if field.isEnabled() and not field.text()), self.fields.description)
        if self.isVisible():
            empty.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self.fields.add("photos", _("照片"), self.photos)
        self.reason.add("note", _("更正理由"), self.note)
        column = QWidget()
        column.setMaximumWidth(WIDEST_PX)
        lines = QVBoxLayout(column)
        lines.setContentsMargins(gap(4), gap(3), gap(4), gap(3))
        lines.setSpacing(gap(3))
        for widget in (self.title, self.drafts, self.fields, self.reason):
            lines.addWidget(widget)
        lines.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(column)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self._scroll, 1)
        page.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setMaximumWidth(WIDEST_PX)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        for widget in (self.save_button, self.next_button, self.close_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self._kept)
        lines = QVBoxLayout(foot)
        lines.setContentsMargins(gap(4), gap(2), gap(4), gap(3))
        lines.setSpacing(gap(2))
        lines.addWidget(self.duplicates)
        lines.addWidget(self._trouble)
        lines.addLayout(buttons)
        return foot
