"""Importing boundaries and roads: choose, say what the file is, look at every row, run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.domain.problems import Problem
from app.services.boundary_rows import BoundaryRow, RowState
from app.services.boundary_values import BoundaryFile, BoundaryPreview, BoundaryResult
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.patrols.grids_import_form import BoundaryForm
from ui.pages.patrols.grids_import_rows import ORDER, ROW_COLUMNS, overlap_words
from ui.tables.small_table import SmallTable
from ui.tasks import Latest, Task
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState

SIZE_PX = (1080, 680)
FORM_PX, ROWS_PX = 360, 680
PREVIEW_REST_MS = 250
GEOJSON = "*.geojson *.json"


class ImportBoundaries(QDialog):
    """`imported` carries the BoundaryResult."""

    imported = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None, path: Path | None = None) -> None:
        super().__init__(parent)
        name(self, "import_boundaries", _("导入边界"))
        self.setWindowTitle(_("导入边界和道路"))
        self.resize(*SIZE_PX)
        self._context = context
        self._path = path
        self._task: Task | None = None
        self.file: BoundaryFile | None = None
        self.preview: BoundaryPreview | None = None
        self._make_parts()
        self._lay_out()
        self._connect()
        self._asked: Latest[BoundaryPreview] = Latest(
            context.tasks, done=self._show_preview, failed=self._on_problem, pause_ms=PREVIEW_REST_MS, parent=self
        )
        self._say(_("选择 GeoJSON 文件。导入前会逐条显示结果,坐标系由您确认,不会自动改动。"))
        self._show_ready()
        if path is not None:
            self.open_file(path)

    # What a person does ------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Look a file over and propose how to take it."""
        self._path, self.preview = path, None
        self._file.setText(path.name)
        self._show_ready()
        boundaries = self._context.desk.boundaries
        task = self._context.tasks.read(
            lambda watch: boundaries.inspect(path, watch), done=self._show_file, failed=self._on_problem
        )
        self._follow(task, _("正在读取"))

    def run(self) -> None:
        """Take over what the preview shows."""
        preview = self.preview
        if preview is None:
            return
        boundaries, actor, accept = self._context.desk.boundaries, self._context.actor, self._accept.isChecked()
        task = self._context.tasks.write(
            lambda watch: boundaries.take_over(preview, actor=actor, accept_overlaps=accept, watch=watch),
            done=self._on_imported,
            failed=self._on_problem,
        )
        task.ended.connect(self._on_ended)
        self._follow(task, _("正在导入"))
        self._run.setEnabled(False)

    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def reject(self) -> None:
        """Escape stops what runs; a second time it closes."""
        if self._task is not None and self._task.running:
            self._task.cancel()
        else:
            self._asked.drop()
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing waits for the import to stop."""
        if self._task is not None and self._task.running:
            self._task.cancel()
            event.ignore()
        else:
            super().closeEvent(event)

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._file = name(QLabel(_("还没有选择文件")), "boundary_file", _("文件"))
        self._file.setTextFormat(Qt.TextFormat.PlainText)
        self._choose = name(QPushButton(_("选择文件…")), "boundary_choose", _("选择文件"))
        self._words = name(QLabel(), "boundary_words", _("说明"))
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.form = BoundaryForm()
        self.rows: SmallTable[BoundaryRow] = SmallTable(
            "boundary_rows",
            _("逐条结果"),
            ROW_COLUMNS,
            self._context,
            EmptyState(_("选好文件后,这里逐条显示会怎样导入")),
        )
        self._overlaps = name(QLabel(), "boundary_overlaps", _("重叠和缝隙"))
        self._overlaps.setWordWrap(True)
        self._overlaps.setTextFormat(Qt.TextFormat.PlainText)
        self._accept = name(QCheckBox(_("接受重叠和缝隙")), "boundary_accept", _("接受重叠和缝隙"))
        self._busy = BusyBar(self)
        self._run = set_look(name(QPushButton(_("开始导入")), "boundary_run", _("开始导入")), "primary")
        self._close = name(QPushButton(_("关闭")), "boundary_close", _("关闭"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(gap(3))
        head.addWidget(self._choose)
        head.addWidget(self._file)
        head.addStretch(1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows, 1)
        column.addWidget(self._overlaps)
        column.addWidget(self._accept)
        split = name(QSplitter(), "boundary_split", _("怎样导入和逐条结果"))
        split.addWidget(self.form)
        split.addWidget(right)
        split.setSizes([FORM_PX, ROWS_PX])
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        buttons.addStretch(1)
        buttons.addWidget(self._run)
        buttons.addWidget(self._close)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addLayout(head)
        lines.addWidget(self._words)
        lines.addWidget(split, 1)
        lines.addWidget(self._busy)
        lines.addLayout(buttons)

    def _connect(self) -> None:
        self._choose.clicked.connect(self._choose_file)
        self.form.changed.connect(self._ask_preview)
        self._accept.toggled.connect(lambda _on: self._show_ready())
        self._run.clicked.connect(self.run)
        self._close.clicked.connect(self.reject)
        for button in (self._choose, self._close):
            button.setAutoDefault(False)

    def _choose_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("导入边界"), "", f"GeoJSON ({GEOJSON})")
        if chosen:
            self.open_file(Path(chosen))

    # What comes back ---------------------------------------------------------------------------------------------

    def _show_file(self, file: BoundaryFile) -> None:
        self.file = file
        self.form.show_file(file)
        self._ask_preview()

    def _ask_preview(self) -> None:
        path, plan, boundaries = self._path, self.form.plan(), self._context.desk.boundaries
        if path is None:
            return
        self.preview = None
        self._show_ready()
        self._say(_("正在逐条检查…"))
        self._asked.ask(lambda watch: boundaries.preview(path, plan, watch))

    def _show_preview(self, preview: BoundaryPreview) -> None:
        self.preview = preview
        self.rows.show_all(sorted(preview.rows, key=lambda row: (ORDER[row.state], row.number)))
        counts = _("共 {n} 条:新增 {new},更新 {changed},没有变化 {same},不能导入 {refused}")
        self._say(
            counts.format(
                n=len(preview.rows),
                new=preview.count(RowState.NEW),
                changed=preview.count(RowState.CHANGED),
                same=preview.count(RowState.SAME),
                refused=preview.count(RowState.REFUSED),
            )
        )
        self._overlaps.setText(overlap_words(preview))
        self._accept.setChecked(False)
        self._show_ready()

    def _on_imported(self, result: BoundaryResult) -> None:
        words = _("已导入:新增 {added},更新 {changed},没有变化 {same},没有导入 {refused}")
        told = {"added": result.added, "changed": result.changed, "same": result.same, "refused": len(result.refused)}
        self.preview = None
        self._show_ready()
        self._say(words.format(**told))
        self.imported.emit(result)

    def _on_ended(self) -> None:
        """A stop, or a trouble on the way, keeps what was written: what is left is looked at anew."""
        if self.preview is not None:
            self._ask_preview()

    def _on_problem(self, problem: Problem) -> None:
        self._words.setText(problem_sentence(problem))
        set_look(self._words, "wrong")
        self._show_ready()

    def _follow(self, task: Task, title: str) -> None:
        self._task = task
        self._busy.follow(task, title)

    def _say(self, text: str) -> None:
        set_look(self._words, "")
        self._words.setText(text)

    def _show_ready(self) -> None:
        preview = self.preview
        open_questions = preview is not None and bool(preview.overlaps or preview.gaps)
        self._overlaps.setVisible(open_questions)
        self._accept.setVisible(open_questions)
        todo = preview is not None and preview.count(RowState.NEW) + preview.count(RowState.CHANGED) > 0
        self._run.setEnabled(todo and (not open_questions or self._accept.isChecked()))
