"""The month sheet of attendance: members down, days across, one key per state, copied down, nothing written over silently."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.base.words import _
from app.domain.attendance import ATTENDANCE_TITLES, AttendanceState
from app.domain.attendance_rules import ATTENDANCE_KEYS, ATTENDANCE_SIGNS
from app.domain.problems import Problem
from app.services.attendance import AttendanceImport, Marked, MonthSheet, Place
from app.services.member_scores import month_of
from ui.forms.text_inputs import TextInput
from ui.icons import icon
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.attendance_grid import StateGrid
from ui.pages.patrols.attendance_model import SheetModel
from ui.pages.patrols.attendance_refused import RefusedDialog
from ui.printing.showing import show_paper
from ui.tasks import Latest
from ui.theme import gap, set_look

NAME_PX, NOTE_PX = 96, 420


class AttendanceSheet(QWidget):
    """`go` takes a day of the month to show, or None."""

    wanted = Signal(str, object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "attendance_sheet", _("考勤表"))
        self._context = context
        self._day = context.desk.reference.today()
        self._undo: list[Marked] = []
        self._latest: Latest[MonthSheet] = Latest(context.tasks, done=self._show, parent=self)
        self.model = SheetModel(self)
        self.grid = name(StateGrid(), "attendance_grid", _("考勤表"))
        self.grid.setModel(self.model)
        self.month = set_look(name(QLabel(), "attendance_month", _("月份")), "title")
        self.earlier = self._tool("attendance_earlier", _("上个月 (Alt+Left)"), "left")
        self.later = self._tool("attendance_later", _("下个月 (Alt+Right)"), "right")
        self.accept = name(QPushButton(), "attendance_accept", _("采用轨迹和巡查的建议"))
        self.importing = self._tool("attendance_import", _("从表格或打卡文件导入…"), "import")
        self.export = self._tool("attendance_export", _("导出 (Ctrl+E)"), "export")
        self.print = self._tool("attendance_print", _("打印 (Ctrl+P)"), "print")
        self.told = set_look(name(QLabel(), "attendance_told", _("所在的格")), "muted")
        self.note = name(TextInput(400), "attendance_note", _("所选的格的说明,回车保存"))
        self.note.setPlaceholderText(_("说明,如请假事由;回车写给所选的格"))
        self.note.setFixedWidth(NOTE_PX)
        self.note.setVisible(context.actor.may_write("attendance"))
        self._lay_out()
        self._connect()

    def go(self, argument: object) -> None:
        """Show the month of a day."""
        if isinstance(argument, date):
            self._day = argument
            self.refresh()

    def refresh(self) -> None:
        """Read the month again; the cell one stands on stays."""
        day, service = self._day, self._context.desk.attendance
        self.month.setText(_("{year} 年 {month} 月").format(year=day.year, month=day.month))
        self._latest.ask(lambda _watch: service.month(day))

    def keep(self) -> None:
        """Every key is kept at once."""

    def mark(self, state: AttendanceState) -> None:
        """Write a state into the cells selected."""
        places = self.grid.places(self.model)
        if places:
            service, actor = self._context.desk.attendance, self._context.actor
            self._write(lambda: service.mark(places, state, actor=actor))

    def copy_down(self) -> None:
        """The state of the first row selected goes into the rows under it, column by column."""
        rows = self.grid.columns()
        wanted: dict[AttendanceState, list[Place]] = {}
        for column, places in rows.items():
            first = self.model.entry(min(places), column)
            if first is not None:
                for row in places - {min(places)}:
                    wanted.setdefault(first.state, []).append(self.model.place(row, column))
        service, actor = self._context.desk.attendance, self._context.actor
        for state, cells in wanted.items():
            self._write(partial(service.mark, cells, state, actor=actor))

    def write_note(self) -> None:
        """Put the words typed to every entry selected; the states stay."""
        wanted: dict[AttendanceState, list[Place]] = {}
        for index in self.grid.selectedIndexes():
            entry = self.model.entry(index.row(), index.column())
            if entry is not None:
                wanted.setdefault(entry.state, []).append((entry.member_id, entry.day))
        service, actor, note = self._context.desk.attendance, self._context.actor, self.note.value()
        for state, cells in wanted.items():
            self._write(partial(service.mark, cells, state, actor=actor, note=note))
        self.note.set_value("")
        self.grid.setFocus()

    def take_proposals(self) -> None:
        """Write what traces propose for days without an entry."""
        proposals = list(self.model.sheet.proposals.values()) if self.model.sheet else []
        if proposals:
            service, actor = self._context.desk.attendance, self._context.actor
            self._write(lambda: service.accept(proposals, actor=actor))

    def undo(self) -> None:
        """Take the last deed back."""
        if self._undo:
            marked, service, actor = self._undo.pop(), self._context.desk.attendance, self._context.actor
            self._context.tasks.write(
                lambda _watch: service.undo(marked, actor=actor), done=self._after, failed=self._trouble
            )

    def take_file(self, path: Path) -> None:
        """Take a sheet in and say what became of it."""
        service, actor, day = self._context.desk.attendance, self._context.actor, self._day
        self._context.tasks.write(
            lambda watch: service.take_sheet(path, day, actor=actor, watch=watch),
            done=self._on_imported,
            failed=self._trouble,
        )

    def write_file(self, path: Path) -> None:
        """Write the month shown to a file."""
        sheet, service, actor = self.model.sheet, self._context.desk.attendance, self._context.actor
        if sheet is not None:
            self._context.tasks.read(
                lambda watch: service.export(path, sheet, actor=actor, watch=watch),
                done=lambda rows: self._context.notices.say(_("已导出 {n} 行到 {file}").format(n=rows, file=path.name)),
                failed=self._trouble,
            )

    def print_month(self) -> None:
        """Show the month on paper."""
        if self.model.sheet is None:
            return
        paper = self._context.desk.attendance.paper(self.model.sheet, actor=self._context.actor)
        show_paper(self, self._context, paper)

    def _write(self, deed: Callable[[], Marked]) -> None:
        self._context.tasks.write(lambda _watch: deed(), done=self._on_marked, failed=self._trouble)

    def _on_marked(self, marked: Marked) -> None:
        self._undo.append(marked)
        if marked.kept:
            self._context.notices.say(_("{n} 天已有考勤,没有改动").format(n=marked.kept))
        self.refresh()

    def _on_imported(self, result: AttendanceImport) -> None:
        words = _("读到 {read} 条:写入 {taken},相同 {same},已有未改 {kept},未收 {refused}")
        said = words.format(
            read=result.read,
            taken=result.taken,
            same=result.unchanged,
            kept=result.kept,
            refused=len(result.refused),
        )
        self._context.notices.say(said)
        if result.refused:
            RefusedDialog(said, result.refused, self._context, self).open()
        self.refresh()

    def _after(self, _nothing: object) -> None:
        self.refresh()

    def _show(self, sheet: MonthSheet) -> None:
        self.model.show_sheet(sheet, self._context.desk.reference.today())
        self.grid.horizontalHeader().resizeSection(0, NAME_PX)
        count = len(sheet.proposals)
        self.accept.setText(_("采用建议({n})").format(n=count))
        self.accept.setEnabled(bool(count) and self._context.actor.may_write("attendance"))
        self._tell()

    def _move(self, months: int) -> None:
        first, last = month_of(self._day)
        self._day = date.fromordinal(last.toordinal() + 1 if months > 0 else first.toordinal() - 1)
        self._undo.clear()
        self.refresh()

    def _tell(self, *_args: object) -> None:
        self.told.setText(self.model.words(self.grid.currentIndex()))

    def _choose_import(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("导入考勤"), "", f"{_('表格')} (*.xlsx *.xls *.csv *.ods *.txt)"
        )
        if chosen:
            self.take_file(Path(chosen))

    def _choose_export(self) -> None:
        proposed = f"{_('考勤')}-{self._day:%Y%m}.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(self, _("导出考勤"), proposed, f"{_('Excel/WPS 表格')} (*.xlsx)")
        if chosen:
            self.write_file(Path(chosen).with_suffix(".xlsx"))

    def _trouble(self, problem: Problem) -> None:
        problem_box(self, problem, safe=_("考勤没有改动"))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        for widget in (self.earlier, self.month, self.later, self.accept):
            top.addWidget(widget)
        top.addStretch(1)
        for widget in (self.importing, self.export, self.print):
            top.addWidget(widget)
        keys = "  ".join(
            f"{key} {_(ATTENDANCE_TITLES[state])} {ATTENDANCE_SIGNS[state]}" for key, state in ATTENDANCE_KEYS.items()
        )
        legend = set_look(QLabel(f"{keys}  ·  {_('Ctrl+D 向下复制  ·  灰色括号是轨迹的建议')}"), "muted")
        legend.setWordWrap(True)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(2))
        lines.addLayout(top)
        lines.addWidget(self.grid, 1)
        beside = QHBoxLayout()
        beside.addWidget(self.told, 1)
        beside.addWidget(self.note)
        lines.addLayout(beside)
        lines.addWidget(legend)

    def _connect(self) -> None:
        self.earlier.clicked.connect(lambda: self._move(-1))
        self.later.clicked.connect(lambda: self._move(1))
        self.accept.clicked.connect(self.take_proposals)
        self.importing.clicked.connect(self._choose_import)
        self.export.clicked.connect(self._choose_export)
        self.print.clicked.connect(self.print_month)
        self.grid.marked.connect(self.mark)
        self.note.returnPressed.connect(self.write_note)
        self.grid.selectionModel().currentChanged.connect(self._tell)
        keys = {
            "Ctrl+D": self.copy_down,
            "Ctrl+Z": self.undo,
            "Ctrl+E": self._choose_export,
            "Ctrl+P": self.print_month,
            "Alt+Left": self.earlier.click,
            "Alt+Right": self.later.click,
        }
        for key, slot in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _tool(self, object_name: str, title: str, picture: str) -> QToolButton:
        tool = name(QToolButton(), object_name, title, title)
        tool.setIcon(icon(picture))
        return tool
