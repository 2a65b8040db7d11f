"""Rates of the registers by street beside their targets: 完好率, and 亮灯率 of lamps; a dash where there is nothing to count."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.facility_rules import Rate, StreetRates
from app.services.facility_groups import groups
from ui.forms.choice_input import ChoiceInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.columns import RIGHT, Column
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState

SIZE = (760, 520)


class RatesDialog(QDialog):
    """`street_wanted`: (register, street code) of the line opened, so that a rate opens its list."""

    street_wanted = Signal(str, str)

    def __init__(self, context: PageContext, group: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "rates_dialog", _("完好率和亮灯率"))
        self.setWindowTitle(_("完好率和亮灯率"))
        self.resize(*SIZE)
        self._context = context
        self._latest: Latest[list[StreetRates]] = Latest(context.tasks, done=self._show, parent=self)
        self.group = name(ChoiceInput([(one.name, one.title) for one in groups()]), "rates_group", _("台账"))
        self.group.set_value(group or groups()[0].name)
        self._targets = set_look(name(QLabel(), "rates_targets", _("指标")), "muted")
        self.table: SmallTable[StreetRates] = SmallTable(
            "rates_table", _("按街道"), _columns(), context, EmptyState(_("这个台账还没有部件"))
        )
        close = name(QPushButton(_("关闭")), "rates_close", _("关闭"))
        close.clicked.connect(self.accept)
        close.setAutoDefault(False)
        head = QHBoxLayout()
        head.setSpacing(gap(3))
        head.addWidget(self.group)
        head.addWidget(self._targets, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(4), gap(4), gap(4), gap(4))
        lines.setSpacing(gap(3))
        lines.addLayout(head)
        lines.addWidget(self.table, 1)
        lines.addLayout(foot)
        self.group.edited.connect(self.ask)
        self.table.opened.connect(self._on_opened)
        self.ask()

    def ask(self) -> None:
        """Count the register chosen."""
        facilities, group = self._context.desk.facilities, self.group.value()
        self._latest.ask(lambda _watch: facilities.rates(group))

    def targets(self) -> str:
        """What is aimed at, in words."""
        return self._targets.text()

    def _show(self, lines: list[StreetRates]) -> None:
        whole = lines[-1]
        self.table.show_all([] if whole.total == 0 else lines)
        said = [
            _("{rate}指标 {target:.0%}").format(rate=title, target=rate.target)
            for title, rate in (
                (_("完好率"), whole.intact),
                (_("主次干道亮灯率"), whole.lit_main),
                (_("背街小巷亮灯率"), whole.lit_back),
            )
            if rate.target is not None
        ]
        self._targets.setText(" · ".join(said) or _("没有设定指标"))

    def _on_opened(self, line: StreetRates) -> None:
        self.street_wanted.emit(self.group.value(), line.street_code)
        self.accept()


def rate_words(rate: Rate) -> str:
    """The share with how many of how many, and a mark when the target is missed; a dash for nothing to count."""
    if rate.share is None:
        return "-"
    mark = "▲ " if rate.below else ""
    return f"{mark}{rate.share:.1%} ({rate.good:,}/{rate.of:,})"


def street_words(line: StreetRates) -> str:
    """The street; all streets together; or that none is known."""
    if line.whole:
        return _("合计")
    return line.street_name or line.street_code or _("未标街道")


def _columns() -> list[Column[StreetRates]]:
    return [
        Column("street", _("街道"), 180, street_words),
        Column("total", _("总数"), 70, lambda line: f"{line.total:,}", RIGHT),
        Column(
            "intact",
            _("完好率"),
            150,
            lambda line: rate_words(line.intact),
            RIGHT,
            light=lambda line: _light(line.intact),
        ),
        Column(
            "main",
            _("主次干道亮灯率"),
            150,
            lambda line: rate_words(line.lit_main),
            RIGHT,
            light=lambda line: _light(line.lit_main),
        ),
        Column(
            "back",
            _("背街小巷亮灯率"),
            150,
            lambda line: rate_words(line.lit_back),
            RIGHT,
            light=lambda line: _light(line.lit_back),
        ),
    ]


def _light(rate: Rate) -> str | None:
    return "red" if rate.below else None
