"""What a decision about a finding asks: until when, why, with which photos, or which case it is already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.base.words import _
from app.domain.case_views import DuplicateHint
from app.domain.cases import PhotoPhase
from app.domain.findings import Finding
from app.services.drafts import SavedDraft
from app.services.photos import TakenPhoto
from ui.dialogs.deed_dialog import DeedDialog
from ui.dialogs.kept_dialog import KeptDialog
from ui.forms.entry_photos import PHASES, EntryPhotos
from ui.forms.text_inputs import ParagraphInput
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import set_look
from ui.time_words import moment_words

SETTLE_FORM = "finding_settle"


class WatchDialog(DeedDialog):
    """Until when, and what to look for."""

    def __init__(self, finding: Finding, today: date, parent: QWidget | None = None) -> None:
        super().__init__(_("持续关注"), about(finding), parent)
        self.until = DayInput()
        self.until.set_value(today + timedelta(days=7))
        self.note = ParagraphInput(2)
        self.form.add("watch_until", _("关注至"), self.until, hint=_("到这一天会出现在今日待办"), required=True)
        self.form.add("outcome_note", _("说明"), self.note)

    def day(self) -> date | None:
        """The day typed; None: none, or none that can be read."""
        day = self.until.value()
        return day if isinstance(day, date) else None


class DropDialog(DeedDialog):
    """Why it is none."""

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(_("认定不成立"), about(finding), parent)
        self.reason = ParagraphInput(3)
        self.form.add("outcome_note", _("理由"), self.reason, required=True)


class SettleDialog(KeptDialog):
    """A photo from before and one from after, and a word."""

    def __init__(self, context: PageContext, finding: Finding, draft: SavedDraft | None, parent: QWidget) -> None:
        super().__init__(context, SETTLE_FORM, finding.id, _("当场解决"), about(finding), parent)
        self.photos: EntryPhotos = EntryPhotos(context)
        self.note = ParagraphInput(2)
        self.form.add("photos", _("照片"), self.photos, hint=_("处置前、处置后各至少一张;已有的不用再加"))
        self.form.add("outcome_note", _("说明"), self.note)
        self.go_on(draft, self.photos, self.note)

    def given(self) -> Mapping[PhotoPhase, Sequence[TakenPhoto]]:
        """The photos added here, by phase."""
        return {phase: self.photos.unsaved(phase) for phase in PHASES}

    def typed(self) -> dict[str, Any]:
        """Photos and note."""
        return {"photos": self.photos.typed(), "note": self.note.value()}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Photos and note."""
        self.photos.restore(typed["photos"])
        self.note.set_value(typed["note"])


class LinkDialog(DeedDialog):
    """Which case it is: one of those hinted, or a number. make_wanted: none of them, make a new one."""

    make_wanted = Signal()

    def __init__(
        self, finding: Finding, hints: Sequence[DuplicateHint], context: PageContext, parent: QWidget | None = None
    ) -> None:
        title = _("可能已有案件") if hints else _("关联已有案件")
        super().__init__(title, about(finding), parent)
        self.number = name(QLineEdit(), "link_number", _("案件编号"))
        self.number.setPlaceholderText(_("编号、市平台编号"))
        now = context.desk.clock.now()
        for at, hint in enumerate(hints, start=1):
            words = _("关联 {number} · {what} · {where} · {when}").format(
                number=hint.local_no, what=hint.minor_name, where=_near(hint), when=moment_words(hint.reported_at, now)
            )
            button = name(QPushButton(words), f"link_hint_{at}", words)
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._on_hint, hint.local_no))
            self.form.add_wide(button)
        if hints:
            self.number.setText(hints[0].local_no)
            make = set_look(name(QPushButton(_("都不是,新建案件 N")), "link_make", _("新建案件")), "quiet")
            make.setAutoDefault(False)
            make.setShortcut(QKeySequence("Alt+N"))
            make.clicked.connect(self._on_make)
            self.form.add_wide(make)
        self.form.add("number", _("案件编号"), self.number, required=True)
        self.ok.setText(_("关联 Ctrl+Enter"))

    def _on_hint(self, number: str) -> None:
        self.number.setText(number)
        self.submit()

    def _on_make(self) -> None:
        self.make_wanted.emit()
        self.accept()


def about(finding: Finding) -> str:
    """A finding in one line."""
    what = finding.minor_name or finding.category_text or finding.description[:40]
    return " · ".join(part for part in (finding.number, what, finding.address) if part)


def _near(hint: DuplicateHint) -> str:
    return hint.address if hint.metres is None else _("相距 {n} 米").format(n=round(hint.metres))
