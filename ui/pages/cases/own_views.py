"""The views a person named, kept among their preferences; and the dialog that asks for the name."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.pages.cases.question import Question
from ui.pages.context import PageContext
from ui.theme import gap, set_look

KEY = "cases.views"
LONGEST = 20
WIDTH = 380


class OwnViews:
    """Questions by the name a person gave them, on this PC."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        kept = context.desk.preferences.get(KEY, {}, actor=context.actor)
        self._views = {title: Question.of_kept(view) for title, view in kept.items()}

    def all(self) -> Mapping[str, Question]:
        """Every view, oldest first."""
        return self._views

    def keep(self, title: str, question: Question) -> None:
        """Keep a question under a name; the same name is taken over."""
        self._views[title] = question
        self._save()

    def drop(self, title: str) -> None:
        """Forget a view."""
        self._views.pop(title, None)
        self._save()

    def _save(self) -> None:
        preferences, actor = self._context.desk.preferences, self._context.actor
        kept = {title: view.kept() for title, view in self._views.items()}
        self._context.tasks.write(lambda _watch: preferences.set(KEY, kept, actor=actor))


class ViewNameDialog(QDialog):
    """`named` carries the name."""

    named = Signal(str)

    def __init__(self, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "view_name_dialog", _("存为视图"))
        self.setWindowTitle(_("存为视图"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self.title = TextInput(LONGEST)
        self.form = FormColumn()
        self.form.add("view_name", _("名称"), self.title, hint=about, required=True)
        ok = set_look(name(QPushButton(_("保存")), "view_name_ok", _("保存")), "primary")
        cancel = name(QPushButton(_("取消")), "view_name_cancel", _("取消"))
        ok.setDefault(True)
        ok.clicked.connect(self.submit)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(ok)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(self.form)
        lines.addLayout(foot)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Hand on the name, if there is one."""
        if not self.title.value():
            self.form.show_refusals({"view_name": _("请写一个名称")})
            return
        self.named.emit(self.title.value())
        self.accept()
