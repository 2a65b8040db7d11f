"""What the map says while nobody has imported a boundary."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.base.words import _
from ui.naming import name
from ui.theme import gap, set_look


class BoundaryHint(QFrame):
    """One sentence and one button; `import_wanted` when it is pressed."""

    import_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "bar")
        words = QLabel(
            _("还没有边界。导入区县、街道或网格的边界(GeoJSON)后,地图上才有轮廓;没有边界也能看点位、点选和框选。")
        )
        words.setWordWrap(True)
        button = name(QPushButton(_("去导入边界")), "map_import", _("去导入边界"))
        button.clicked.connect(self.import_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(gap(3), gap(1), gap(2), gap(1))
        row.addWidget(words, 1)
        row.addWidget(button)
        self.hide()
