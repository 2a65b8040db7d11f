"""Measuring how far a printer prints beside, and putting it right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.domain.problems import Problem, Unavailable
from ui.forms.field import FormColumn
from ui.forms.number_inputs import DecimalInput
from ui.naming import name
from ui.notices import problem_box
from ui.printing.printer import QtPrinter
from ui.printing.printing_context import PrintingContext
from ui.theme import gap, set_look

WIDTH = 480
FARTHEST_MM = 30


class CalibrationDialog(QDialog):
    """Prints a page with a cross 50 mm from the edges and keeps what was measured."""

    def __init__(self, context: PrintingContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "calibration_dialog", _("打印校准"))
        self.setWindowTitle(_("打印校准"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self._context = context
        self.form = FormColumn()
        self.shift_x, self.shift_y = DecimalInput(), DecimalInput()
        self.form.add("print_shift_x_mm", _("横向偏移(毫米)"), self.shift_x, hint=_("向右为正"))
        self.form.add("print_shift_y_mm", _("纵向偏移(毫米)"), self.shift_y, hint=_("向下为正"))
        for field, value in zip((self.shift_x, self.shift_y), context.shift_mm(), strict=True):
            field.set_value(value)
            field.setReadOnly(not context.may_calibrate())
        about = name(QLabel(), "calibration_about", _("说明"))
        about.setWordWrap(True)
        about.setText(_("先打印校准页,用直尺量十字中心到纸边的距离,两边都应该是 50 毫米;差多少,偏移就填多少。"))
        self._said = set_look(name(QLabel(), "calibration_said", _("提示")), "wrong")
        self._said.setWordWrap(True)
        self._said.hide()
        page = name(QPushButton(_("打印校准页…")), "calibration_print", _("打印校准页"))
        close = name(QPushButton(_("取消")), "calibration_cancel", _("取消"))
        keep = set_look(name(QPushButton(_("保存")), "calibration_keep", _("保存偏移")), "primary")
        keep.setEnabled(context.may_calibrate())
        keep.setToolTip("" if context.may_calibrate() else _("偏移由管理员设置"))
        page.clicked.connect(self.print_page)
        close.clicked.connect(self.reject)
        keep.clicked.connect(self.keep)
        foot = QHBoxLayout()
        for button in (page, close, keep):
            button.setAutoDefault(False)
        foot.addWidget(page)
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(keep)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        for widget in (about, self.form, self._said):
            lines.addWidget(widget)
        lines.addLayout(foot)

    def keep(self) -> None:
        """Keep what is typed."""
        typed = {"print_shift_x_mm": self.shift_x.value(), "print_shift_y_mm": self.shift_y.value()}
        words = _("请填 −30 到 30 之间的毫米数")
        wrong = {
            field: words for field, value in typed.items() if not isinstance(value, float) or abs(value) > FARTHEST_MM
        }
        self.form.show_refusals(wrong)
        x, y = self.shift_x.value(), self.shift_y.value()
        if not wrong and isinstance(x, float) and isinstance(y, float):
            self._context.set_shift(x, y, self._kept, self._refused)

    def print_page(self) -> None:
        """Print the page to measure, without any offset."""
        if not QPrinterInfo.availablePrinterNames():
            problem_box(self, Unavailable("paper.no_printer"))
            return
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(device, self)
        dialog.accepted.connect(lambda: self._print_on(device))
        dialog.setModal(True)
        dialog.show()

    def _print_on(self, device: QPrinter) -> None:
        try:
            QtPrinter().print_on(self._context.calibration_page(), device, dots_per_inch=device.resolution())
        except Unavailable as problem:
            problem_box(self, problem)

    def _kept(self, _nothing: object) -> None:
        self._context.say(_("打印偏移已保存"))
        self.accept()

    def _refused(self, problem: Problem) -> None:
        self._said.setText(problem_sentence(problem))
        self._said.show()
