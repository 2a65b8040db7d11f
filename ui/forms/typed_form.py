"""A whole record typed by keyboard: saved at once or not at all, kept as a draft until then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.base.problem_words import problem_sentence, problem_text
from app.base.words import _
from app.domain.problems import Problem
from ui.forms.entry_keeper import DraftKeeper
from ui.forms.entry_photos import EntryPhotos
from ui.forms.report_fields import ReportFields
from ui.forms.time_inputs import ZONE
from ui.keys import listen
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import set_look


class TypedForm(QWidget):
    """`closed` comes when the person is done here. A subclass makes the parts named here and lays them out."""

    closed = Signal()
    fields: ReportFields[Any]
    photos: EntryPhotos
    save_button: QPushButton
    _keeper: DraftKeeper

    def __init__(self, context: PageContext, parent: QWidget | None, trouble_name: str, kept_name: str) -> None:
        """trouble_name, kept_name: of the words that say what is wrong, and how the draft stands."""
        super().__init__(parent)
        self.context = context
        self._saving = False
        self._untouched = True
        self._trouble = set_look(name(QLabel(), trouble_name, _("没有保存的原因")), "wrong")
        self._trouble.setTextFormat(Qt.TextFormat.PlainText)
        self._trouble.setWordWrap(True)
        self._kept = set_look(name(QLabel(), kept_name, _("草稿")), "muted")

    # What is said -------------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Say what keeps the form from being saved; empty: nothing does."""
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))

    def trouble_words(self) -> str:
        """What kept the form from being saved; empty: nothing."""
        return self._trouble.text()

    def say_kept(self, text: str, *, wrong: bool = False) -> None:
        """Say how the draft stands."""
        set_look(self._kept, "wrong" if wrong else "muted")
        self._kept.setText(text)

    def draft_words(self) -> str:
        """What is said about the draft of this form."""
        return self._kept.text()

    # What a subclass does -----------------------------------------------------------------------------------------

    def close_form(self) -> None:
        """Close; what is typed stays as a draft."""
        raise NotImplementedError

    def _show_saving(self) -> None:
        """Let the buttons rest while the record is being saved."""
        raise NotImplementedError

    def _focus_now(self) -> None:
        """Into the field one begins with."""
        raise NotImplementedError

    # What every such form does ------------------------------------------------------------------------------------

    def keep(self) -> bool:
        """Put what is typed into a draft now; False when the disk refused."""
        return self._keeper.keep_now()

    def focus_first(self) -> None:
        """Into the field one begins with, once the form is on the screen."""
        QTimer.singleShot(0, self, self._focus_now)

    def follow_keeper(self) -> None:
        """Say from now on how the draft stands."""
        self._keeper.kept.connect(self._on_kept)
        self._keeper.failed.connect(self._on_not_kept)

    def listen(self, keys: Mapping[str, Callable[[], object]]) -> None:
        """Keys of the form; none acts while an input method has letters that are not yet text."""
        listen(self, {key: partial(self._unless_composing, act) for key, act in keys.items()})

    def may_save(self) -> bool:
        """Nothing is under way; the field with the keyboard is left, so that a name typed in full counts as chosen."""
        if self._saving:
            return False
        if self.photos.is_busy():
            self.say(_("照片还在收入,收完就可以保存"))
            return False
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def begin_saving(self) -> None:
        """From here on nothing typed is kept until the answer comes."""
        self._saving = True
        self._show_saving()
        self._keeper.hold()

    def say_wrong(self, wrong: Mapping[str, str], rest: list[str]) -> None:
        """How many fields are wrong, or what concerns none of them. rest: sentences no field took."""
        words = _("还有 {n} 处要改,已标在项目下面;不急的话,草稿会一直留着")
        self.say("\n".join(rest) or (words.format(n=len(wrong)) if wrong else ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, Enter presses a button; neither while an input method composes."""
        at = self.window().focusWidget()
        if self.fields.watch.composing():
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(at, QPushButton):
            at.click()
        else:
            super().keyPressEvent(event)

    def _on_refused(self, problem: Problem) -> None:
        """Nothing was saved; everything stays on the screen."""
        self._saving = False
        self._show_saving()
        self._keeper.release()
        self.say(problem_sentence(problem))

    def _unless_composing(self, act: Callable[[], object]) -> None:
        if not self.fields.watch.composing():
            act()

    def _on_kept(self, at: datetime) -> None:
        self.say_kept(_("草稿已存 {at}").format(at=f"{at.astimezone(ZONE):%H:%M:%S}"))

    def _on_not_kept(self, problem: Problem) -> None:
        self.say_kept(_("草稿没有存上:{why}").format(why=problem_text(problem)), wrong=True)
