"""What an import did: counts, every refused row with its reason, and the refused rows as a sheet to mend."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.domain.problems import Problem
from app.services.case_import import ImportResult
from app.services.sheets.refusals import RowRefusal
from ui.dialogs.sheet_outcomes import REFUSAL_COLUMNS
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState


class ImportOutcome(QWidget):
    """Shown when the import is over."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "import_outcome", _("导入结果"))
        self._context = context
        self._result: ImportResult | None = None
        self._path: Path | None = None
        self._head = set_look(name(QLabel(), "outcome_counts", _("导入结果")), "title")
        self._said = set_look(name(QLabel(), "outcome_words", _("说明")), "muted")
        self._said.setWordWrap(True)
        self._save = name(QPushButton(_("把没有导入的行另存为表格…")), "refused_save", _("把没有导入的行另存为表格"))
        self._save.setAutoDefault(False)
        self.refused: SmallTable[RowRefusal] = SmallTable(
            "refused_rows", _("没有导入的行"), REFUSAL_COLUMNS, context, EmptyState(_("所有行都已导入"))
        )
        row = QHBoxLayout()
        row.addWidget(self._save)
        row.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(3))
        lines.addWidget(self._head)
        lines.addWidget(self._said)
        lines.addLayout(row)
        lines.addWidget(self.refused, 1)
        self._save.clicked.connect(self._choose_place)

    def show_result(self, result: ImportResult, path: Path | None) -> None:
        """Show what came of `path`."""
        self._result, self._path = result, path
        rows = len({refused.row for refused in result.refused})
        self._head.setText(
            _("读取 {read} 行:新增 {taken},更新 {updated},没有变化 {unchanged},没有导入 {refused}").format(
                read=f"{result.read:,}",
                taken=f"{result.taken:,}",
                updated=f"{result.updated:,}",
                unchanged=f"{result.unchanged:,}",
                refused=f"{rows:,}",
            )
        )
        said = _("没有导入的行可以另存为表格,改好后再导入;同一编号再次导入只更新,不会重复。") if rows else ""
        if result.notes:
            notes = _("另有 {n} 条提示,例如:{note}").format(n=len(result.notes), note=result.notes[0].message)
            said = "\n".join(filter(None, (said, notes)))
        self._said.setText(said)
        self._said.setVisible(bool(said))
        self._save.setVisible(bool(rows))
        self.refused.show_all(result.refused)

    def counts(self) -> str:
        """The counts in words."""
        return self._head.text()

    def save_refused(self, path: Path) -> None:
        """Write the refused rows to a sheet."""
        result, imports = self._result, self._context.desk.imports
        if result is None:
            return
        self._context.tasks.read(
            lambda watch: (path, imports.write_refused(path, result, watch)),
            done=self._on_saved,
            failed=self._on_problem,
        )

    def said(self) -> str:
        """What is said under the counts."""
        return self._said.text()

    def _choose_place(self) -> None:
        stem = self._path.stem if self._path is not None else _("案件")
        proposed = _("{file}-没有导入的行.xlsx").format(file=stem)
        chosen, _kind = QFileDialog.getSaveFileName(self, _("另存为"), proposed, "Excel (*.xlsx)")
        if chosen:
            self.save_refused(Path(chosen))

    def _on_saved(self, written: tuple[Path, int]) -> None:
        path, rows = written
        set_look(self._said, "muted")
        self._said.setText(_("{n} 行已写到 {path},改好后可以直接导入").format(n=rows, path=path))
        self._said.show()

    def _on_problem(self, problem: Problem) -> None:
        set_look(self._said, "wrong")
        self._said.setText(problem_sentence(problem))
        self._said.show()
