"""The light of a deadline: shape, word and colour together."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import LIGHT_LOOKS, light_colour


class DeadlineLight(QLabel):
    """Says how a deadline stands, e.g. ▲ 超 3 小时."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "deadline_light", _("时限"))
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self._light: str | None = None

    def show_light(self, light: str | None, words: str = "") -> None:
        """light: a key of LIGHT_LOOKS, None: no deadline runs. words: how long; the light's own word if empty."""
        self._light = light
        self.setText(words if light is None else light_text(light, words))
        self.setAccessibleDescription(self.text())
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._colour()

    def _colour(self) -> None:
        palette = QPalette()
        if self._light is not None:
            palette.setColor(QPalette.ColorRole.WindowText, light_colour(self._light))
        self.setPalette(palette)


def light_text(light: str, words: str = "") -> str:
    """The shape of a light with words beside it; never a colour alone."""
    look = LIGHT_LOOKS[light]
    return f"{look.shape} {words or _(look.word)}"
