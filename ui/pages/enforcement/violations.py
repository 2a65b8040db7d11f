"""Violations: what may be penalised on a day, by which article, how much; and what changed since the act."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.violations import Violation, ViolationTable
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.violation_list import (
    SUBJECT_WORDS,
    change_lines,
    fact_lines,
    title_words,
    violation_columns,
)
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState
from ui.widgets.split_view import SplitView


class ViolationsPart(QWidget):
    """`go` takes the code of an item, or None."""

    wanted = Signal(str, object)
    shown = Signal(int)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "violations_part", _("违法事项"))
        self._context = context
        self._table: ViolationTable | None = None
        self._item: Violation | None = None
        self._wanted: str | None = None
        self.search = name(TextInput(40), "violation_search", _("查找违法事项"))
        self.search.setPlaceholderText(_("查找名称、条文或代码"))
        subjects = [(subject, title) for subject, title in SUBJECT_WORDS.items()]
        self.subject = name(ChoiceInput(subjects, empty=N_("全部对象")), "violation_subject", _("适用对象"))
        self.act = DayInput()
        self.decided = DayInput()
        self.form = FormColumn()
        self.form.add_row(
            _("行为终了"), [("violation_act", _("行为终了"), self.act), ("violation_decided", _("决定"), self.decided)]
        )
        self.table: SmallTable[Violation] = SmallTable(
            "violation_table",
            _("违法事项表"),
            violation_columns(),
            context,
            EmptyState(_("那一天没有这样的事项"), hint=_("换一个词,或核对行为终了日期")),
        )
        self.bring = name(QPushButton(_("导入事项清单… Ctrl+I")), "violation_import", _("从表格导入事项清单"))
        self.title = set_look(name(QLabel(), "violation_title", _("违法事项")), "title")
        self.facts = name(QLabel(), "violation_facts", _("依据和幅度"))
        self.change = set_look(name(QLabel(), "violation_change", _("法律变更")), "wrong")
        for label in (self.title, self.facts, self.change):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        today = context.desk.reference.today()
        self.act.set_value(today)
        self.decided.set_value(today)
        self._lay_out()
        self._connect()

    def go(self, argument: object) -> None:
        """Stand on an item."""
        if isinstance(argument, str):
            self._wanted = argument
            self.refresh()

    def refresh(self) -> None:
        """Read the table again; what is typed stays."""
        violations = self._context.desk.violations
        self._context.tasks.read(lambda _watch: violations.table(), done=self._show_table)

    def keep(self) -> None:
        """Nothing is typed that would be lost."""

    def bring_in(self) -> None:
        """Import the office's own list."""
        from ui.pages.enforcement.violation_import import ImportViolations

        if not self._context.actor.administers:
            return
        dialog = ImportViolations(self._context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.imported.connect(lambda _result: self.refresh())
        dialog.open()

    def _show_table(self, table: ViolationTable) -> None:
        self._table = table
        self._filter()

    def _filter(self) -> None:
        act = self._day(self.act, "violation_act")
        self._day(self.decided, "violation_decided")
        if self._table is None or act is None:
            return
        words, subject = self.search.value().strip().lower(), self.subject.value()
        found = [
            item
            for item in self._table.in_force(act)
            if (subject is None or item.concerns(subject))
            and words in f"{item.code} {item.title} {item.title_en} {item.basis}".lower()
        ]
        self.table.show_all(found)
        wanted, self._wanted = self._wanted or (self._item.code if self._item else None), None
        if not any(item.code == wanted for item in found):
            wanted = found[0].code if found else None
        if wanted is not None:
            self.table.go_to(lambda item: item.code == wanted)
        self._show_item(self.table.current())
        self.shown.emit(len(found))

    def _show_item(self, item: Violation | None) -> None:
        self._item = item
        self.title.setText("" if item is None else f"{item.code} {title_words(item)}")
        self.facts.setText("" if item is None else "\n".join(fact_lines(item)))
        act, decided = self.act.value(), self.decided.value()
        lines: list[str] = []
        if item is not None and self._table is not None and isinstance(act, date) and isinstance(decided, date):
            lines = change_lines(item, self._table.later(item, decided), act, decided)
        self.change.setText("\n".join(lines))
        self.change.setVisible(bool(lines))

    def _day(self, typed: DayInput, field: str) -> date | None:
        value = typed.value()
        if isinstance(value, date):
            self.form.field(field).clear()
            return value
        self.form.field(field).say_wrong(_("不是日期,例如 2026-09-28"))
        return None

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        top.addWidget(self.search, 2)
        top.addWidget(self.subject, 1)
        top.addWidget(self.form, 2)
        top.addWidget(self.bring)
        self.bring.setVisible(self._context.actor.administers)
        said = QWidget()
        column = QVBoxLayout(said)
        column.setContentsMargins(gap(4), 0, gap(2), 0)
        column.setSpacing(gap(3))
        for label in (self.title, self.change, self.facts):
            column.addWidget(label)
        column.addStretch(1)
        side = name(QScrollArea(), "violation_side", _("违法事项"))
        side.setWidgetResizable(True)
        side.setFrameShape(QScrollArea.Shape.NoFrame)
        side.setWidget(said)
        self.split = SplitView("violations_split", _("违法事项"), self.table, side, self._context.remember)
        page = QVBoxLayout(self)
        page.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        page.setSpacing(gap(2))
        page.addLayout(top)
        page.addWidget(self.split, 1)
        self.setFocusProxy(self.search)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._filter())
        for one in (self.subject, self.act, self.decided):
            one.edited.connect(self._filter)
        self.table.chosen.connect(self._show_item)
        self.bring.clicked.connect(self.bring_in)
        shortcut = QShortcut(QKeySequence("Ctrl+I"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.bring_in)
