"""Our own simple icons: one stroke, coloured by the palette at the moment they are drawn."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.base.resources import resource_path

SIDE = 20


@cache
def icon_names() -> frozenset[str]:
    """Every icon there is: the files of `resources/icons`."""
    return frozenset(file.stem for file in resource_path("icons").glob("*.svg"))


@cache
def icon(name: str) -> QIcon:
    """The icon of that name; follows the theme by itself. Raises KeyError for an unknown name."""
    if name not in icon_names():
        raise KeyError(f"no icon {name!r} in resources/icons")
    return QIcon(_Strokes(name))


@cache
def _drawing(name: str, colour: str) -> QSvgRenderer:
    text = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))


class _Strokes(QIconEngine):
    """Draws one icon in the colour of button text, faded when switched off."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def clone(self) -> QIconEngine:
        """Another of the same."""
        return _Strokes(self._name)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw it square in the middle of `rect`."""
        group = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        colour = QGuiApplication.palette().color(group, QPalette.ColorRole.ButtonText).name()
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        _drawing(self._name, colour).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """It as a picture of `size`."""
        if size.isEmpty():  # a control that has no room yet asks all the same
            return QPixmap()
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture
