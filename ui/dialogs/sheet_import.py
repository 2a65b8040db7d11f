"""Importing records from a sheet: choose, map the columns, look at every refused row, run, and mend what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

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

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import _
from app.domain.permissions import Actor
from app.domain.problems import Problem
from app.services.case_import import ImportResult
from app.services.sheets.reading import Sheet
from ui.dialogs.columns_form import ColumnsForm
from ui.dialogs.import_result import ImportOutcome
from ui.dialogs.sheet_outcomes import RowOutcome, is_refused
from ui.forms.choice_input import ChoiceInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.tasks import Latest, Task
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState

SIZE_PX = (1120, 700)
MAPPING_PX, PREVIEW_PX = 360, 720
PREVIEW_ROWS = 500
PREVIEW_REST_MS = 250
SHEETS = "*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.txt *.json"

M = TypeVar("M")
Row = TypeVar("Row", bound=RowOutcome)
R_co = TypeVar("R_co", bound=ImportResult, covariant=True)
R = TypeVar("R", bound=ImportResult)


class SheetReader(Protocol[M, Row, R_co]):
    """The import of one kind of record: the same four steps for all."""

    def open(self, path: Path, sheet: str | None = None, watch: Watch | None = None, /) -> Sheet: ...
    def mapping_for(self, sheet: Sheet, /) -> M: ...
    def preview(self, sheet: Sheet, mapping: M, rows: int = 500, watch: Watch | None = None, /) -> list[Row]: ...
    def take_over(self, sheet: Sheet, mapping: M, /, *, actor: Actor, watch: Watch | None = None) -> R_co: ...


@dataclass(frozen=True)
class Opened(Generic[M]):
    """A table of a file and the mapping it would be read by."""

    sheet: Sheet
    mapping: M


class SheetImport(QDialog, Generic[M, Row, R]):
    """`imported` carries the R when something was read. One subclass for each kind of record.

    M: which column is what. Row: what becomes of one row. R: what was done.
    object_name, title, first_words: msgids but for the name. columns: of the preview.
    """

    imported = Signal(object)
    object_name: str
    title: str
    first_words: str
    columns: Sequence[Column[Row]]

    def __init__(self, context: PageContext, parent: QWidget | None = None, path: Path | None = None) -> None:
        super().__init__(parent)
        name(self, self.object_name, _(self.title))
        self.setWindowTitle(_(self.title))
        self.resize(*SIZE_PX)
        self._context = context
        self._path = path
        self._opened: Opened[M] | None = None
        self._task: Task | None = None
        self._read = 0
        self._make_parts()
        self._lay_out()
        self._connect()
        self._preview_asked: Latest[list[Row]] = Latest(
            context.tasks,
            done=self._show_preview,
            failed=self._on_preview_problem,
            pause_ms=PREVIEW_REST_MS,
            parent=self,
        )
        self._say(_(self.first_words))
        self._show_ready(False)
        if path is not None:
            self.open_file(path)

    # What a person does ------------------------------------------------------------------------------------------

    def open_file(self, path: Path, sheet: str | None = None) -> None:
        """Read the head of a file and propose where its columns go."""
        self._path = path
        self._file.setText(path.name)
        imports = self.imports()

        def job(watch: Watch) -> Opened[M]:
            table = imports.open(path, sheet, watch)
            return Opened(table, imports.mapping_for(table))

        self._follow(self._context.tasks.read(job, done=self._show_opened, failed=self._on_problem), _("正在读取"))

    def run(self) -> None:
        """Import under the mapping chosen."""
        opened = self._opened
        if opened is None:
            return
        imports, actor, mapping = self.imports(), self._context.actor, self.mapping.mapping()
        self._read = 0
        self._preview_asked.drop()
        task = self._context.tasks.write(
            lambda watch: imports.take_over(opened.sheet, mapping, actor=actor, watch=watch),
            done=self._on_imported,
            failed=self._on_problem,
        )
        task.progressed.connect(self._on_progress)
        task.ended.connect(self._on_ended)
        self._follow(task, _("正在导入"))
        self._show_ready(False)
        self._say(_("可以随时停止;已经写入的保留,再次导入不会重复。"))

    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def progress(self) -> tuple[int, str]:
        """How many rows were read, and what the bar says."""
        return self._read, self._busy.words()

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

    # What each kind of record puts in place ----------------------------------------------------------------------

    def imports(self) -> SheetReader[M, Row, R]:
        """Opens, proposes a mapping, previews and takes over."""
        raise NotImplementedError

    def mapping_form(self) -> ColumnsForm[M]:
        """Shows a sheet and gives the mapping chosen."""
        raise NotImplementedError

    def result_words(self, _result: R) -> str:
        """What is said beside the counts when all is over."""
        return ""

    def stopped_words(self) -> str:
        """What is said after a stop."""
        return _("已停止。前 {n} 行已经导入并保留,再次导入同一文件不会重复。").format(n=f"{self._read:,}")

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._file = name(QLabel(_("还没有选择文件")), "import_file", _("文件"))
        self._file.setTextFormat(Qt.TextFormat.PlainText)
        self._choose = name(QPushButton(_("选择文件…")), "import_choose", _("选择文件"))
        self._sheet = name(ChoiceInput(), "import_sheet", _("工作表"))
        self._words = name(QLabel(), "import_words", _("说明"))
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.mapping = self.mapping_form()
        self.preview: SmallTable[Row] = SmallTable(
            "import_preview",
            _("导入预览"),
            self.columns,
            self._context,
            EmptyState(_("选好文件后,这里显示前 {n} 行会怎样导入").format(n=PREVIEW_ROWS)),
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
        self._pages = name(QStackedWidget(), "import_pages", _(self.title))
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
        chosen, _kind = QFileDialog.getOpenFileName(self, _(self.title), "", f"{_('表格')} ({SHEETS})")
        if chosen:
            self.open_file(Path(chosen))

    # What comes back ---------------------------------------------------------------------------------------------

    def _on_sheet(self) -> None:
        if self._path is not None:
            self.open_file(self._path, self._sheet.value())

    def _show_opened(self, opened: Opened[M]) -> None:
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
        self._show_ready(False)
        self._say(_("正在看前 {n} 行会怎样导入…").format(n=PREVIEW_ROWS))
        imports, mapping = self.imports(), self.mapping.mapping()
        self._preview_asked.ask(lambda watch: imports.preview(opened.sheet, mapping, PREVIEW_ROWS, watch))

    def _show_preview(self, outcomes: list[Row]) -> None:
        refused = [outcome for outcome in outcomes if is_refused(outcome)]
        taken = [outcome for outcome in outcomes if not is_refused(outcome)]
        self.preview.show_all([*refused, *taken])
        head = (
            _("共 {n} 行").format(n=len(outcomes))
            if len(outcomes) < PREVIEW_ROWS
            else _("前 {n} 行").format(n=len(outcomes))
        )
        said = _("{head}:可以导入 {taken} 行").format(head=head, taken=len(taken))
        if refused:
            said += _(",有 {n} 行不能导入,原因排在最前").format(n=len(refused))
        self._say(said)
        self._show_ready(bool(outcomes))

    def _on_preview_problem(self, problem: Problem) -> None:
        self.preview.show_all([])
        self.mapping.ask_about(problem)
        self._on_problem(problem)

    def _on_problem(self, problem: Problem) -> None:
        self._words.setText(problem_sentence(problem))
        set_look(self._words, "wrong")

    def _on_progress(self, done: int, _total: int, _note: str) -> None:
        self._read = done

    def _on_imported(self, result: R) -> None:
        self.outcome.show_result(result, self._path)
        self._pages.setCurrentIndex(1)
        self._cancel.setAutoDefault(True)  # it has the keyboard now, and Enter takes it
        self._show_ready(False)
        self._say(self.result_words(result))
        self.imported.emit(result)

    def _on_ended(self) -> None:
        """Told whatever came of it; a stop brings no result."""
        if self._pages.currentIndex() == 0 and self._words.property("look") != "wrong":
            self._say(self.stopped_words())
            self._show_ready(True)

    def _follow(self, task: Task, title: str) -> None:
        self._task = task
        self._busy.follow(task, title)

    def _say(self, text: str) -> None:
        set_look(self._words, "")
        self._words.setText(text)

    def _show_ready(self, ready: bool) -> None:
        self._run.setEnabled(ready)
        self._run.setVisible(self._pages.currentIndex() == 0)
