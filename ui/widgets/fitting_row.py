"""Buttons side by side; those that do not fit stand in a menu at the end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QToolButton, QWidget

from app.base.words import _
from ui.icons import icon
from ui.naming import name
from ui.theme import FIELD, gap, set_look

ICON = QSize(16, 16)
# The words end in ▾ already.
NO_INDICATOR = "QToolButton::menu-indicator { image: none; }"


class FittingRow(QWidget):
    """Lays its buttons out by hand, left to right, so that none is ever cut."""

    def __init__(self, object_name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, object_name, title)
        self._buttons: list[QAbstractButton] = []
        self._more = set_look(name(QToolButton(self), f"{object_name}_more", _("更多")), "quiet")
        self._more.setText(_("更多 ▾"))
        self._more.setStyleSheet(NO_INDICATOR)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(name(QMenu(self._more), f"{object_name}_more_menu", _("更多")))
        self._more.menu().aboutToShow.connect(self._fill_menu)
        self._more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_buttons(self, buttons: Sequence[QAbstractButton]) -> None:
        """Show these; buttons shown before and not named again are let go."""
        for old in self._buttons:
            if old not in buttons:
                old.hide()
                old.deleteLater()
        self._buttons = list(buttons)
        for button in self._buttons:
            button.setParent(self)
        self.arrange()

    def fitting(self) -> list[QAbstractButton]:
        """Those in sight."""
        return [button for button in self._buttons if not button.isHidden()]

    def arrange(self) -> None:
        """Place the buttons anew; called when their words changed."""
        widths = [button.sizeHint().width() for button in self._buttons]
        room, step = self.width(), gap(1)
        if sum(widths) + step * max(0, len(widths) - 1) > room:
            room -= self._more.sizeHint().width() + step
        x, cut = 0, False
        for button, width in zip(self._buttons, widths, strict=True):
            cut = cut or x + width > room
            button.setVisible(not cut)
            if not cut:
                button.setGeometry(x, 0, width, self.height())
                x += width + step
        self._more.setVisible(cut)
        self._more.setGeometry(x, 0, self._more.sizeHint().width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit into the new width."""
        super().resizeEvent(event)
        self.arrange()

    def sizeHint(self) -> QSize:
        """One row; as wide as it gets."""
        widths = [button.sizeHint().width() + gap(1) for button in self._buttons]
        return QSize(sum(widths), FIELD + gap(1))

    def minimumSizeHint(self) -> QSize:
        """The menu alone always fits."""
        return QSize(self._more.sizeHint().width() + gap(10), FIELD + gap(1))

    def _fill_menu(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for button in self._buttons:
            if button.isHidden():
                self._add_to(menu, button)

    def _add_to(self, menu: QMenu, button: QAbstractButton) -> None:
        own = button.menu() if isinstance(button, QToolButton) else None
        if own is not None:
            own.setTitle(button.text().removesuffix(" ▾"))
            menu.addMenu(own)
            return
        action = menu.addAction(button.text(), button.click)
        action.setObjectName(f"more_{button.objectName()}")
        action.setCheckable(button.isCheckable())
        action.setChecked(button.isChecked())
        action.setEnabled(button.isEnabled())


def quiet_button(object_name: str, title: str, hint: str = "", *, checkable: bool = False) -> QToolButton:
    """A quiet button of a row."""
    button = set_look(name(QToolButton(), object_name, title, hint), "quiet")
    button.setText(title)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def icon_button(object_name: str, title: str, picture: str) -> QToolButton:
    """A quiet button that shows a picture; its title is said when the pointer rests on it."""
    button = quiet_button(object_name, title, title)
    button.setIcon(icon(picture))
    button.setIconSize(ICON)
    return button
