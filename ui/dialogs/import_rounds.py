"""Importing rounds from a sheet: choose, map the columns, look at every refused row, run, and mend what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.base.problem_words import problem_cure, problem_text
from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from app.services.round_columns import RoundMapping
from app.services.round_import import PREVIEW_ROWS, RoundImportResult
from app.services.round_rows import CheckOutcome
from app.services.sheets.reading import Sheet
from ui.dialogs.import_result import ImportOutcome
from ui.dialogs.import_rounds_mapping import CHECK_COLUMNS, RoundMappingForm
from ui.forms.choice_input import ChoiceInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.small_table import SmallTable
from ui.tasks import Latest, Task
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState

SIZE_PX = (1120, 700)
MAPPING_PX, PREVIEW_PX = 360, 720
PREVIEW_REST_MS = 250
SHEETS = "*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.txt *.json"


@dataclass(frozen=True)
class _Opened:
    sheet: Sheet
    mapping: RoundMapping


class ImportRoundsDialog(QDialog):
    """`imported` carries the RoundImportResult when something was read."""

    imported = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None, path: Path | None = None) -> None:
        super().__init__(parent)
        name(self, "import_rounds_dialog", _("导入巡查"))
        self.setWindowTitle(_("导入巡查"))
        self.resize(*SIZE_PX)
        self._context = context
        self._path = path
        self._opened: _Opened | None = None
        self._task: Task | None = None
        self._preview: Latest[list[CheckOutcome]] = Latest(
            context.tasks, done=self._show_preview, failed=self._on_problem, pause_ms=PREVIEW_REST_MS, parent=self
        )
        self._make_parts()
        self._lay_out()
        self._connect()
        self._say(_("一行是一个检查点的一次检查;同一天、同一人、同一网格的行合成一次巡查。"))
        self._show_ready(ready=False)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path, sheet: str | None = None) -> None:
        """Read the head of a file and propose where its columns go."""
        self._path = path
        self._file.setText(path.name)
        imports = self._context.desk.round_import

        def job(watch: Watch) -> _Opened:
            table = imports.open(path, sheet, watch)
            return _Opened(table, imports.mapping_for(table))

        self._follow(self._context.tasks.read(job, done=self._show_opened, failed=self._on_problem), _("正在读取"))

    def run(self) -> None:
        """Import under the mapping chosen."""
        opened = self._opened
        if opened is None:
            return
        imports, actor, mapping = self._context.desk.round_import, self._context.actor, self.mapping.mapping()
        self._preview.drop()
        task = self._context.tasks.write(
            lambda watch: imports.take_over(opened.sheet, mapping, actor=actor, watch=watch),
            done=self._on_imported,
            failed=self._on_problem,
        )
        task.ended.connect(self._on_ended)
        self._follow(task, _("正在导入"))
        self._show_ready(ready=False)
        self._say(_("可以随时停止;已经写入的保留,再次导入不会重复。"))

    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def reject(self) -> None:
        """Escape and the cross stop what runs; a second time they close."""
        if self._task is not None and self._task.running:
            self._task.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing waits for the import to stop, so that its end is told."""
        if self._task is not None and self._task.running:
            self._task.cancel()
            event.ignore()
        else:
            super().closeEvent(event)

    def _make_parts(self) -> None:
        self._file = name(QLabel(_("还没有选择文件")), "import_file", _("文件"))
        self._file.setTextFormat(Qt.TextFormat.PlainText)
        self._choose = name(QPushButton(_("选择文件…")), "import_choose", _("选择文件"))
        self._sheet = name(ChoiceInput(), "import_sheet", _("工作表"))
        self._words = name(QLabel(), "import_words", _("说明"))
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.mapping = RoundMappingForm()
        empty = EmptyState(_("选好文件后,这里显示前 {n} 行会怎样导入").format(n=PREVIEW_ROWS))
        self.preview: SmallTable[CheckOutcome] = SmallTable(
            "import_rounds_preview", _("导入预览"), CHECK_COLUMNS, self._context, empty
        )
        self._busy = BusyBar(self)
        self._run = set_look(name(QPushButton(_("开始导入")), "import_run", _("开始导入")), "primary")
        self._cancel = name(QPushButton(_("关闭")), "import_close", _("关闭"))
        self.outcome = ImportOutcome(self._context)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(gap(3))
        for widget in (self._choose, self._file, self._sheet):
            head.addWidget(widget)
        head.addStretch(1)
        split = name(QSplitter(), "import_split", _("对应关系和预览"))
        split.addWidget(self.mapping)
        split.addWidget(self.preview)
        split.setSizes([MAPPING_PX, PREVIEW_PX])
        self._pages = name(QStackedWidget(), "import_pages", _("导入巡查"))
        self._pages.addWidget(split)
        self._pages.addWidget(self.outcome)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        buttons.addStretch(1)
        buttons.addWidget(self._run)
        buttons.addWidget(self._cancel)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addLayout(head)
        lines.addWidget(self._words)
        lines.addWidget(self._pages, 1)
        lines.addWidget(self._busy)
        lines.addLayout(buttons)

    def _connect(self) -> None:
        self._choose.clicked.connect(self._choose_file)
        self._sheet.edited.connect(self._on_sheet)
        self.mapping.changed.connect(self._ask_preview)
        self._run.clicked.connect(self.run)
        self._cancel.clicked.connect(self.reject)
        for button in (self._choose, self._cancel):
            button.setAutoDefault(False)

    def _choose_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("导入巡查"), "", f"{_('表格')} ({SHEETS})")
        if chosen:
            self.open_file(Path(chosen))

    def _on_sheet(self) -> None:
        if self._path is not None:
            self.open_file(self._path, self._sheet.value())

    def _show_opened(self, opened: _Opened) -> None:
        self._opened = opened
        self._pages.setCurrentIndex(0)
        self._sheet.set_choices([(title, title) for title in opened.sheet.names])
        self._sheet.set_value(opened.sheet.name)
        self._sheet.setVisible(len(opened.sheet.names) > 1)
        self.mapping.show_sheet(opened.sheet, opened.mapping)
        self._ask_preview()

    def _ask_preview(self) -> None:
        opened = self._opened
        if opened is None:
            return
        self._show_ready(ready=False)
        self._say(_("正在看前 {n} 行会怎样导入…").format(n=PREVIEW_ROWS))
        imports, mapping = self._context.desk.round_import, self.mapping.mapping()
        self._preview.ask(lambda watch: imports.preview(opened.sheet, mapping, PREVIEW_ROWS, watch))

    def _show_preview(self, outcomes: list[CheckOutcome]) -> None:
        refused = [outcome for outcome in outcomes if outcome.check is None]
        taken = [outcome for outcome in outcomes if outcome.check is not None]
        self.preview.show_all([*refused, *taken])
        said = _("前 {n} 行:可以导入 {taken} 行").format(n=len(outcomes), taken=len(taken))
        if refused:
            said += _(",有 {n} 行不能导入,原因排在最前").format(n=len(refused))
        self._say(said)
        self._show_ready(ready=bool(outcomes))

    def _on_problem(self, problem: Problem) -> None:
        self.preview.show_all([])
        self._words.setText(f"{problem_text(problem).rstrip('。')}。{problem_cure(problem)}")
        set_look(self._words, "wrong")

    def _on_imported(self, result: RoundImportResult) -> None:
        self.outcome.show_result(result, self._path)
        self._pages.setCurrentIndex(1)
        self._show_ready(ready=False)
        self._say(_("得到 {rounds} 次巡查、{findings} 个问题").format(rounds=result.rounds, findings=result.findings))
        self.imported.emit(result)

    def _on_ended(self) -> None:
        """Told whatever came of it; a stop brings no result."""
        if self._pages.currentIndex() == 0 and self._words.property("look") != "wrong":
            self._say(_("已停止。已经写入的保留,再次导入同一文件不会重复。"))
            self._show_ready(ready=True)

    def _follow(self, task: Task, title: str) -> None:
        self._task = task
        self._busy.follow(task, title)

    def _say(self, text: str) -> None:
        set_look(self._words, "")
        self._words.setText(text)

    def _show_ready(self, *, ready: bool) -> None:
        self._run.setEnabled(ready)
        self._run.setVisible(self._pages.currentIndex() == 0)
