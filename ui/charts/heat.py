"""A heat map of rows and days: dark where little was done, hatched where nothing was planned, plain where it lies ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QToolTip, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import is_dark

library: Any = pyqtgraph
NUMBER_W, NUMBER_H = 26, 15
ROWS_AT_FIRST = 24
ROW_LINE = 6
DAY_PX = 24
STEPS, MIDDLE = 6, 128
LIGHT_SCALE = ("#5e2a7e", "#8457a0", "#a688bf", "#c3b6da", "#d6d9ec", "#e3edf8")
DARK_SCALE = ("#e3b3ff", "#b58bd3", "#8d6ca8", "#6b5885", "#50506f", "#37475a")
LIGHT_AHEAD, DARK_AHEAD = "#f0e6c8", "#4d4630"
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_PageUp: (-10, 0),
    Qt.Key.Key_PageDown: (10, 0),
}


def scale_colours() -> list[QColor]:
    """From nothing done to everything done, in the theme worn."""
    return [QColor(colour) for colour in (DARK_SCALE if is_dark() else LIGHT_SCALE)]


def ahead_colour() -> QColor:
    """Of what is planned and whose day is not over, apart from every step of the scale."""
    return QColor(DARK_AHEAD if is_dark() else LIGHT_AHEAD)


class HeatMap(library.PlotWidget):  # type: ignore[misc]
    """`opened` (row, column) on Enter or a double click; `stood` when another cell is stood on.

    Arrows walk, + and - change the size, Home shows all.
    """

    opened = Signal(int, int)
    stood = Signal(int, int)

    def __init__(self, words: Callable[[int, int], str], parent: QWidget | None = None) -> None:
        """words: what a cell says when it is stood on or pointed at."""
        super().__init__(parent, background=None)
        name(self, "heat_map", _("覆盖热力图"))
        self._words = words
        self._shares: npt.NDArray[np.float64] = np.zeros((0, 0))
        self._ahead: npt.NDArray[np.bool_] = np.zeros((0, 0), dtype=bool)
        self._rows: Sequence[str] = ()
        self._columns: Sequence[str] = ()
        self._at = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMenuEnabled(False)
        self.hideButtons()
        view = self.getViewBox()
        view.invertY(True)
        view.setMouseEnabled(x=True, y=True)
        self.showAxis("top")
        self.hideAxis("bottom")
        self.getAxis("top").setStyle(hideOverlappingLabels=False)
        self._hatch, self._image, self._over = _Hatch(), library.ImageItem(axisOrder="row-major"), _Over(self)
        for layer in (self._hatch, self._image, self._over):
            self.addItem(layer)
        view.sigRangeChanged.connect(lambda *_args: self._label_rows())

    def show_cells(
        self,
        rows: Sequence[str],
        columns: Sequence[str],
        shares: npt.NDArray[np.float64],
        texts: Sequence[Sequence[str]],
        ahead: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        """shares: 0 to 1 per row and column, NaN where nothing was planned. texts: the numbers of the cells.

        ahead: where nothing is to be done yet; no share there.
        """
        self._rows, self._shares = rows, shares
        self._ahead = np.zeros(shares.shape, dtype=bool) if ahead is None else ahead
        self._over.texts = texts
        self._at = (min(self._at[0], max(len(rows) - 1, 0)), min(self._at[1], max(len(columns) - 1, 0)))
        self._dress()
        extent = QRectF(0, 0, max(len(columns), 1), max(len(rows), 1))
        self._hatch.set_extent(extent)
        self._over.set_extent(extent)
        self._columns = columns
        view = self.getViewBox()
        view.setLimits(
            xMin=0,
            xMax=extent.width(),
            yMin=0,
            yMax=extent.height(),
            minYRange=min(4, extent.height()),
            minXRange=min(4, extent.width()),
        )
        self.setXRange(0, extent.width(), padding=0)
        self.setYRange(0, min(len(rows) or 1, ROWS_AT_FIRST), padding=0)
        self._label_rows()
        self._tell()

    def current(self) -> tuple[int, int]:
        """Row and column stood on."""
        return self._at

    def stand(self, row: int, column: int) -> None:
        """Stand on a cell and bring it into sight."""
        rows, columns = self._shares.shape
        if not (rows and columns):
            return
        self._at = (min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))
        for at, (low, high), move in zip(self._at, self._ranges(), (self.setYRange, self.setXRange), strict=True):
            shift = min(at - low, 0) or max(at + 1 - high, 0)
            if shift:
                move(low + shift, high + shift, padding=0)
        self._over.update()
        self._tell()
        self.stood.emit(*self._at)

    def zoom(self, factor: float) -> None:
        """More rows and days (above 1) or fewer around the cell stood on."""
        moves = (self.setYRange, self.setXRange)
        for at, most, (low, high), move in zip(self._at, self._shares.shape, self._ranges(), moves, strict=True):
            length = min((high - low) * factor, max(most, 1))
            first = min(max(at + 0.5 - length / 2, 0), max(most - length, 0))
            move(first, first + length, padding=0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter opens, + and - change the size, Home shows all."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            down, right = _MOVES[key]
            self.stand(self._at[0] + down, self._at[1] + right)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._shares.size:
            self.opened.emit(*self._at)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(1.5 if key == Qt.Key.Key_Minus else 1 / 1.5)
        elif key == Qt.Key.Key_Home:
            self.zoom(float(max(self._shares.size, 1)))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stand on the cell under the pointer."""
        at = self.cell_at(event.position())
        if at is not None:
            self.stand(*at)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the cell."""
        at = self.cell_at(event.position())
        if at is not None:
            self.opened.emit(*at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the cell under the pointer is."""
        super().mouseMoveEvent(event)
        at = self.cell_at(event.position())
        if at is not None and not event.buttons():
            QToolTip.showText(event.globalPosition().toPoint(), self._words(*at), self)

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """Row and column under a place of the widget."""
        point = self.getViewBox().mapSceneToView(self.mapToScene(place.toPoint()))
        row, column = int(point.y() // 1), int(point.x() // 1)
        rows, columns = self._shares.shape
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def changeEvent(self, event: Any) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == event.Type.ApplicationPaletteChange and hasattr(self, "_shares"):
            self._dress()

    def _dress(self) -> None:
        """Colours of the theme worn."""
        colours = np.array([[c.red(), c.green(), c.blue(), 255] for c in scale_colours()], dtype=np.uint8)
        planned = ~np.isnan(self._shares)
        steps = np.clip(np.where(planned, self._shares, 0) * (STEPS - 1) + 0.5, 0, STEPS - 1).astype(int)
        picture = colours[steps]
        picture[~planned] = 0
        picture[self._ahead] = ahead_colour().getRgb()
        if picture.size:
            self._image.setImage(picture, autoLevels=False, levels=None)
            self._image.setRect(QRectF(0, 0, picture.shape[1], picture.shape[0]))
        self._image.setVisible(bool(picture.size))
        for side in ("left", "top"):
            self.getAxis(side).setPen(self.palette().color(QPalette.ColorRole.Mid))
            self.getAxis(side).setTextPen(self.palette().color(QPalette.ColorRole.Text))
        self._over.update()

    def _ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Rows in sight and columns in sight, from and to."""
        columns, rows = self.getViewBox().viewRange()
        return tuple(rows), tuple(columns)

    def _label_rows(self) -> None:
        """Names of the rows and days in sight, as many as there is room for."""
        (low, high), (left, right) = self._ranges()
        every = max(1, -(-int(DAY_PX * (right - left)) // max(int(self.getViewBox().width()), 1)))
        self.getAxis("top").setTicks([[(at + 0.5, day) for at, day in enumerate(self._columns) if at % every == 0]])
        step = max(1, round((high - low) / max(self.height() / 16, 1)))
        first = int(max(low, 0)) // step * step
        last = min(int(high) + 1, len(self._rows))
        self.getAxis("left").setTicks([[(at + 0.5, self._rows[at]) for at in range(first, last, step)]])

    def _tell(self) -> None:
        if self._shares.size:
            self.setAccessibleDescription(self._words(*self._at))


class _Layer(library.GraphicsObject):  # type: ignore[misc]
    """Something drawn over the whole map."""

    def __init__(self) -> None:
        super().__init__()
        self._extent = QRectF()

    def set_extent(self, extent: QRectF) -> None:
        self.prepareGeometryChange()
        self._extent = extent
        self.update()

    def boundingRect(self) -> QRectF:
        return self._extent


class _Hatch(_Layer):
    """Shows wherever no cell lies over it."""

    def paint(self, painter: QPainter, *_args: object) -> None:
        """In pixels of the screen, so that the lines keep their width."""
        box = painter.transform().mapRect(self._extent)
        painter.save()
        painter.resetTransform()
        colour = QColor("#565d66" if is_dark() else "#b3b9c1")
        painter.fillRect(box, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.restore()


class _Over(_Layer):
    """Numbers where there is room, and the frame of the cell stood on."""

    def __init__(self, owner: HeatMap) -> None:
        super().__init__()
        self._owner = owner
        self.texts: Sequence[Sequence[str]] = ()
        self.setZValue(2)

    def paint(self, painter: QPainter, *_args: object) -> None:
        """Only what is in sight."""
        transform = painter.transform()
        cell = transform.mapRect(QRectF(0, 0, 1, 1))
        painter.save()
        painter.resetTransform()
        self._borders(painter, transform.mapRect, cell.height())
        if cell.width() >= NUMBER_W and cell.height() >= NUMBER_H:
            self._numbers(painter, transform.mapRect)
        painter.setPen(self._owner.palette().color(QPalette.ColorRole.Accent))
        row, column = self._owner.current()
        box = transform.mapRect(QRectF(column, row, 1, 1))
        for inset in (0, 1):
            painter.drawRect(box.adjusted(inset, inset, -inset - 1, -inset - 1))
        painter.restore()

    def _borders(self, painter: QPainter, placed: Callable[[QRectF], QRectF], height: float) -> None:
        """A line between rows and between days, while they are large enough for one."""
        if height < ROW_LINE:
            return
        rows, columns = self._owner._shares.shape
        whole = placed(self._extent)
        painter.setPen(self._owner.palette().color(QPalette.ColorRole.Window))
        for row in range(1, rows):
            y = round(whole.top() + whole.height() * row / rows)
            painter.drawLine(round(whole.left()), y, round(whole.right()), y)
        for column in range(1, columns):
            x = round(whole.left() + whole.width() * column / columns)
            painter.drawLine(x, round(whole.top()), x, round(whole.bottom()))

    def _numbers(self, painter: QPainter, placed: Callable[[QRectF], QRectF]) -> None:
        shares, colours = self._owner._shares, scale_colours()
        low, high = self._owner.getViewBox().viewRange()[1]
        for row in range(max(int(low), 0), min(int(high) + 1, len(self.texts))):
            for column, text in enumerate(self.texts[row]):
                if text:
                    under = colours[int(shares[row, column] * (STEPS - 1) + 0.5)]
                    painter.setPen(QColor("#1c2025" if under.lightness() > MIDDLE else "#ffffff"))
                    painter.drawText(placed(QRectF(column, row, 1, 1)), int(Qt.AlignmentFlag.AlignCenter), text)
