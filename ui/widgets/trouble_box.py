"""What went wrong, said in four parts: what happened, what is safe, what to do, and the details folded away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.theme import gap, set_look

WIDTH = 440
DETAILS_HEIGHT = 180


class TroubleBox(QDialog):
    """Shown beside the work, window-modal; the details can be copied for whoever helps."""

    def __init__(
        self,
        title: str,
        happened: str,
        *,
        safe: str = "",
        cure: str = "",
        details: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """title: of the window. happened: one sentence. safe: what is not lost. cure: what to do now."""
        super().__init__(parent)
        name(self, "trouble_box", title)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._details = name(QPlainTextEdit(details, self), "trouble_details", _("详细信息"))
        self._fold = set_look(name(QPushButton(_("详细信息"), self), "trouble_fold", _("展开详细信息")), "quiet")
        self._copy = set_look(name(QPushButton(_("复制"), self), "trouble_copy", _("复制详细信息")), "quiet")
        self._ok = set_look(name(QPushButton(_("知道了"), self), "trouble_ok", _("知道了")), "primary")
        self._lay_out([(happened, "title"), (safe, ""), (cure, "")])
        self._details.setReadOnly(True)
        self._details.setFixedHeight(DETAILS_HEIGHT)
        self._details.hide()
        self._copy.hide()
        self._fold.setVisible(bool(details))
        self._fold.setIcon(icon("right"))
        self._fold.clicked.connect(self._on_fold)
        self._copy.setIcon(icon("copy"))
        self._copy.clicked.connect(self._on_copy)
        self._ok.clicked.connect(self.accept)
        self._ok.setDefault(True)
        self._ok.setFocus()

    def add_button(self, object_name: str, text: str) -> QPushButton:
        """Another way out, left of the last button; it closes the box."""
        button = name(QPushButton(text, self), object_name, text)
        button.clicked.connect(self.accept)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button

    def words(self) -> str:
        """Everything said above the details."""
        labels = self.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.objectName() == "trouble_words")

    def _lay_out(self, sentences: list[tuple[str, str]]) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(6), gap(5), gap(6), gap(4))
        lines.setSpacing(gap(3))
        for sentence, look in sentences:
            if sentence:
                label = name(QLabel(sentence, self), "trouble_words", sentence)
                label.setWordWrap(True)
                label.setMinimumWidth(WIDTH)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                lines.addWidget(set_look(label, look) if look else label)
        lines.addWidget(self._details)
        self._buttons = QHBoxLayout()
        for button in (self._fold, self._copy):
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self._ok)
        lines.addSpacing(gap(2))
        lines.addLayout(self._buttons)

    @Slot()
    def _on_fold(self) -> None:
        shown = self._details.isHidden()
        self._details.setVisible(shown)
        self._copy.setVisible(shown)
        self._fold.setIcon(icon("down" if shown else "right"))
        self.adjustSize()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.words()}\n\n{self._details.toPlainText()}")
