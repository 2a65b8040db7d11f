"""Which column of a sheet of rounds goes into which field, and what would become of each row."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.patrols import CHECK_GRADE_TITLES
from app.services.round_columns import COLUMNS, RoundMapping
from app.services.round_rows import CheckOutcome
from app.services.sheets.dates import DAY_ORDER_TITLES, DayOrder
from app.services.sheets.reading import Sheet
from app.services.sheets.values import as_text
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.time_inputs import ZONE
from ui.naming import name
from ui.tables.columns import RIGHT, Column
from ui.theme import gap

SYSTEMS = (("wgs84", "WGS-84"), ("cgcs2000", "CGCS2000"), ("gcj02", N_("GCJ-02(高德、腾讯地图)")))
CELLS_SHOWN = 6


class RoundMappingForm(QScrollArea):
    """One line per field with the columns to choose from. `changed`: a person chose another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        name(self, "round_mapping_scroll", _("列的对应关系"))
        self._columns = {column.name: ChoiceInput() for column in COLUMNS}
        self._order = ChoiceInput(list(DAY_ORDER_TITLES.items()), empty=N_("自动识别"))
        self._system = ChoiceInput(SYSTEMS)
        self.form = FormColumn()
        for column in COLUMNS:
            choice = self._columns[column.name]
            self.form.add(f"column_{column.name}", _(column.title), choice, required=column.name == "at")
            choice.edited.connect(self.changed)
        self.form.add("order_at", _("日期的写法"), self._order)
        self.form.add("coordinates", _("坐标系"), self._system)
        self._order.edited.connect(self.changed)
        self._system.edited.connect(self.changed)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, gap(2), 0)
        lines.addWidget(self.form)
        lines.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(page)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())

    def show_sheet(self, sheet: Sheet, mapping: RoundMapping) -> None:
        """Offer the columns of a sheet, chosen as `mapping` says."""
        choices = [(place, title) for place, title in enumerate(sheet.unique_names())]
        for field_name, choice in self._columns.items():
            choice.set_choices(choices, empty=N_("(没有这一列)"))
            choice.set_value(mapping.columns.get(field_name))
        self._order.set_value(mapping.day_orders.get("at"))
        self._system.set_value(mapping.coordinates)

    def mapping(self) -> RoundMapping:
        """What is chosen."""
        columns = {field: choice.value() for field, choice in self._columns.items() if choice.value() is not None}
        order = self._order.value()
        return RoundMapping(columns, {"at": DayOrder(order)} if order else {}, self._system.value() or "wgs84")


def outcome_words(outcome: CheckOutcome) -> str:
    """What becomes of a row."""
    if outcome.check is None:
        return "▲ " + ";".join(refusal.message for refusal in outcome.refusals)
    if outcome.notes:
        return "· " + ";".join(note.message for note in outcome.notes)
    return _("✓ 可以导入")


def _day(outcome: CheckOutcome) -> str:
    if outcome.check is None:
        return ""
    local = outcome.check.at.astimezone(ZONE)
    return f"{local:%Y-%m-%d %H:%M}" if outcome.check.timed else f"{local:%Y-%m-%d}"


def _what(outcome: CheckOutcome) -> str:
    """The check point; of a refused row its first cells, so that a person finds it again."""
    if outcome.check is not None:
        return outcome.check.name
    return " | ".join(filter(None, map(as_text, outcome.cells[:CELLS_SHOWN])))


CHECK_COLUMNS: tuple[Column[CheckOutcome], ...] = (
    Column("row", N_("行"), 56, lambda outcome: str(outcome.row), RIGHT),
    Column(
        "outcome",
        N_("导入"),
        220,
        outcome_words,
        light=lambda outcome: "red" if outcome.check is None else None,
        hint=outcome_words,
    ),
    Column("at", N_("检查时间"), 120, _day),
    Column("member", N_("网格员"), 76, lambda outcome: outcome.check.member if outcome.check else ""),
    Column("grid", N_("网格"), 90, lambda outcome: outcome.check.grid if outcome.check else ""),
    Column("what", N_("检查点"), 180, _what),
    Column(
        "grade", N_("结果"), 56, lambda outcome: _(CHECK_GRADE_TITLES[outcome.check.grade]) if outcome.check else ""
    ),
    Column("found", N_("问题"), 200, lambda outcome: ";".join(outcome.check.problems) if outcome.check else ""),
)
