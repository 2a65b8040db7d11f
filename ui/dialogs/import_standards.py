"""Importing a city's own standards: look, mend what was not understood, take over as a version with a date."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import _
from app.desk import Desk
from app.domain.permissions import Actor
from app.domain.problems import Problem
from app.domain.reference import CategoryTable
from app.services.sheets.standards import StandardsPreview
from ui.dialogs.import_standards_model import FIRST, PROBLEM, ROW, TAKE, StandardsModel
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.theme import ROW as ROW_PX
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar

SIZE_PX = (1080, 700)
WIDTHS_PX = {TAKE: 44, ROW: 110, PROBLEM: 280}
COLUMN_PX = (80, 70, 100, 70, 120, 120, 240, 100, 160, 110)
LONGEST_SCHEME, LONGEST_LABEL = 40, 80


class ImportStandards(QDialog):
    """`taken_over` carries the label of the new version."""

    taken_over = Signal(str)

    def __init__(self, context: PageContext, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "import_standards", _("导入本市标准"))
        self.setWindowTitle(_("导入本市标准:{file}").format(file=path.name))
        self.resize(*SIZE_PX)
        self._context = context
        self._path = path
        self.model: StandardsModel | None = None
        self._words = name(QLabel(_("正在读取…")), "standards_words", _("读到的内容"))
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._only = name(QCheckBox(_("只看有问题的行")), "only_problems", _("只看有问题的行"))
        self._leave_out = name(QPushButton(_("有问题的都不导入")), "leave_out_problems", _("有问题的都不导入"))
        self.table = self._make_table()
        self._busy = BusyBar(self)
        self._make_form()
        self._take = set_look(name(QPushButton(_("接收为新版本")), "standards_take", _("接收为新版本")), "primary")
        self._cancel = name(QPushButton(_("取消")), "standards_cancel", _("取消"))
        self._lay_out()
        self._only.toggled.connect(self._on_only)
        self._leave_out.clicked.connect(self._on_leave_out)
        self._take.clicked.connect(self.take_over)
        self._cancel.clicked.connect(self.reject)
        self.valid_from.edited.connect(self._show_use)
        self._show_ready(False)
        imports = context.desk.imports
        task = context.tasks.read(
            lambda watch: imports.read_standards(path, watch), done=self._show, failed=self._on_problem
        )
        self._busy.follow(task, _("正在读取"))

    def take_over(self) -> None:
        """Keep what is understood as a new version."""
        if self.model is None:
            return
        missing = self._missing()
        self.form.show_refusals(missing)
        valid_from = self.valid_from.value()
        if missing or valid_from is None or isinstance(valid_from, str):
            return
        try:
            table = self.model.preview.take_over(self.scheme.value(), valid_from, self.label.value(), self._path.name)
        except Problem as problem:
            self._on_problem(problem)
            return
        self._show_ready(False)
        job = partial(_take_over, self._context.desk, table, self._context.actor, self.use_it.isChecked())
        self._context.tasks.write(job, done=self._on_taken, failed=self._on_problem)

    def words(self) -> str:
        """What is said about the workbook."""
        return self._words.text()

    def _make_table(self) -> QTableView:
        table: QTableView = name(QTableView(), "standards_rows", _("标准的每一行"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setShowGrid(False)
        table.setWordWrap(False)
        return table

    def _make_form(self) -> None:
        reference = self._context.desk.reference
        self.form = FormColumn()
        self.scheme = TextInput(LONGEST_SCHEME)
        self.label = TextInput(LONGEST_LABEL)
        self.valid_from = DayInput()
        self.scheme.set_value(reference.office().district_name)
        self.label.set_value(self._path.stem[:LONGEST_LABEL])
        self.valid_from.set_value(reference.today())
        self.form.add_row(
            _("分类体系"),
            [
                ("scheme", _("分类体系"), self.scheme),
                ("label", _("版本名称"), self.label),
                ("valid_from", _("生效日期"), self.valid_from),
            ],
        )
        self.use_it = name(QCheckBox(), "use_scheme", _("改用这个分类体系"))
        self._show_use()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(gap(3))
        head.addWidget(self._words, 1)
        head.addWidget(self._only)
        head.addWidget(self._leave_out)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        buttons.addWidget(self.use_it)
        buttons.addStretch(1)
        buttons.addWidget(self._take)
        buttons.addWidget(self._cancel)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addLayout(head)
        lines.addWidget(self.table, 1)
        lines.addWidget(self._busy)
        lines.addWidget(self.form)
        lines.addLayout(buttons)

    def _show(self, preview: StandardsPreview) -> None:
        model = self.model = StandardsModel(preview)
        model.setParent(self)
        model.changed.connect(self._say)
        self.table.setModel(model)
        for column, width in WIDTHS_PX.items():
            self.table.setColumnWidth(column, width)
        for number, width in enumerate(COLUMN_PX):
            self.table.setColumnWidth(FIRST + number, width)
        if preview.refused:
            self._only.setChecked(True)
        self._say()

    def _say(self) -> None:
        if self.model is None:
            return
        preview = self.model.preview
        left = len({(refused.row, refused.code) for refused in preview.refused})
        said = _("看懂了 {minors} 个小类、{conditions} 条立案条件").format(
            minors=preview.minors, conditions=preview.conditions
        )
        if left:
            said += _(";还有 {n} 处没有看懂,请在表中双击改正,或去掉“导入”的勾").format(n=left)
        self._words.setText(said)
        set_look(self._words, "wrong" if left else "")
        self._show_ready(True)

    def _on_only(self, only: bool) -> None:
        if self.model is not None:
            self.model.show_only_problems(only)

    def _on_leave_out(self) -> None:
        if self.model is not None:
            self.model.leave_out_problems()

    def _on_problem(self, problem: Problem) -> None:
        self._words.setText(problem_sentence(problem))
        set_look(self._words, "wrong")
        self._show_ready(self.model is not None)

    def _on_taken(self, label: str) -> None:
        self.taken_over.emit(label)
        self.accept()

    def _show_ready(self, ready: bool) -> None:
        preview = self.model.preview if self.model is not None else None
        unsettled = preview is not None and bool(preview.refused)
        for widget in (self._only, self.form):
            widget.setEnabled(ready)
        self._leave_out.setEnabled(ready and unsettled)
        self._take.setEnabled(ready and preview is not None and not unsettled and preview.conditions > 0)

    def _show_use(self) -> None:
        """A standard of a later day cannot be used today; the office changes over when the day has come."""
        day = self.valid_from.value()
        later = isinstance(day, date) and day > self._context.desk.reference.today()
        self.use_it.setText(
            _("到生效日期以后,请在“单位”里改用这个分类体系") if later else _("本单位的新案件改用这个分类体系")
        )
        self.use_it.setChecked(not later)
        self.use_it.setEnabled(not later)

    def _missing(self) -> dict[str, str]:
        missing = {}
        if not self.scheme.value():
            missing["scheme"] = _("请填写体系名称,例如“郑州”")
        elif self.scheme.value() in _builtin_schemes():
            missing["scheme"] = _("内置体系不能改,请另取一个名称,例如“郑州”")
        if not self.label.value():
            missing["label"] = _("请填写版本名称")
        if self.valid_from.value() is None or isinstance(self.valid_from.value(), str):
            missing["valid_from"] = _("请填写日期,例如 2026-11-21")
        return missing


def _builtin_schemes() -> tuple[str, ...]:
    from app.base.reference_builtin import SCHEMES

    return SCHEMES


def _take_over(desk: Desk, table: CategoryTable, actor: Actor, use_it: bool, _watch: Watch) -> str:
    desk.reference.take_over_standards(table, actor=actor)
    office = desk.reference.office()
    if use_it and office.scheme != table.scheme and table.valid_from <= desk.reference.today():
        changed = office.changed(desk.clock.now(), scheme=table.scheme)
        desk.reference.set_office(type(office).model_validate(changed.__dict__), actor=actor)
    return table.label
