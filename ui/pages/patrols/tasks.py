"""The part of verify and check tasks: the list with one task beside it, handed over, printed, answered by keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import Case, PhotoPhase
from app.domain.finding_views import TaskLine, TaskView
from app.domain.findings import FieldTask, TaskState
from app.domain.problems import Problem
from app.domain.task_rules import TASK_KIND_TITLES
from app.reports.paper import Paper
from app.services.case_words import swapped
from app.services.field_tasks import TaskDetail
from ui.dialogs.deed_dialog import DeedDialog
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.list_export import ask_export
from ui.pages.patrols.tasks_detail import TaskDetailPane
from ui.pages.patrols.tasks_dialogs import ANSWER_FORM, AnswerDialog, AssignDialog
from ui.pages.patrols.tasks_list import TaskWords, streets, task_columns, task_source
from ui.tables.view_list import ViewList
from ui.widgets.fitting_row import NO_INDICATOR, quiet_button
from ui.widgets.split_view import SplitView

MOST_SLIPS = 200
KEYS = {"F5": "answer", "H": "hand_over", "M": "assign", "O": "open_case", "Ctrl+P": "print"}


class TasksPart(QWidget):
    """`go` takes the id of a task, a TaskView, words to search, or None."""

    wanted = Signal(str, object)
    done = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "tasks_part", _("核实核查"))
        self._context = context
        self.dialog: DeedDialog | None = None
        self.list = ViewList(
            "tasks",
            _("任务列表"),
            context,
            task_source(context.desk, context.actor),
            task_columns(TaskWords(context.desk)),
            _("任务编号、案件编号、网格员"),
        )
        self.detail = TaskDetailPane(context)
        self.split = SplitView("tasks_split", _("任务"), self.list.table, self.detail, context.remember)
        self.street = self._street_button()
        self._lay_out()
        self._connect()

    def go(self, argument: object) -> None:
        """Show what was asked for."""
        match argument:
            case UUID():
                self.list.narrow(TaskView.ALL, then=argument)
            case TaskView():
                self.list.narrow(argument.value)
            case str():
                self.list.narrow(TaskView.ALL, search=argument)
            case dict():
                self.list.narrow(TaskView.ALL, argument)

    def refresh(self) -> None:
        """Read again what is shown; place and selection stay."""
        self.list.refresh()
        self.list.retell()
        self.detail.refresh()

    def keep(self) -> None:
        """Nothing is typed here but in dialogs."""

    def decide(self, deed: str) -> None:
        """Do what a key or button says with the tasks selected, or the one that is shown."""
        detail = self.detail.detail
        if deed == "print":
            self._print()
        elif detail is None or not self.detail.may(deed):
            return
        elif deed == "open_case":
            self.wanted.emit("cases", detail.case.id)
        elif deed == "hand_over":
            self._hand_over(detail.task)
        elif deed == "answer":
            self.answer(detail)
        else:
            self.assign(detail)

    def answer(self, detail: TaskDetail) -> None:
        """Ask for the result, and take it into the case."""
        desk, actor, task = self._context.desk, self._context.actor, detail.task
        kind = _(swapped(TASK_KIND_TITLES[task.kind], desk.reference.office()))
        kept = desk.drafts.all(ANSWER_FORM, actor=actor)
        draft = next((one for one in kept if one.body.get("task") == str(task.id)), None)
        dialog = AnswerDialog(self._context, detail, _("{kind}反馈").format(kind=kind), draft, self)

        def submit() -> None:
            result, note = dialog.result_input.value() or "", dialog.note.value()
            photos = [one for phase in PhotoPhase for one in dialog.photos.unsaved(phase)]

            def act(_watch: Watch) -> Case:
                return desk.field_tasks.answer(task.id, result, note, actor=actor, photos=photos)

            words = _("已把{kind}结果记入案件 {case}").format(kind=kind, case=detail.case.local_no)
            self._act(act, task.id, words, dialog)

        self._open(dialog, submit)

    def assign(self, detail: TaskDetail) -> None:
        """Ask who goes instead."""
        tasks, actor, task = self._context.desk.field_tasks, self._context.actor, detail.task
        dialog = AssignDialog(self._context, detail, self)

        def submit() -> None:
            member_id = dialog.member_id()
            if member_id is None:
                dialog.again()
                dialog.form.show_refusals({"member_name": _("请从名单中选择网格员")})
                return
            words = _("任务 {number} 已改派").format(number=task.number)
            self._act(lambda _w: tasks.assign(task.id, member_id, actor=actor), task.id, words, dialog)

        self._open(dialog, submit)

    def export(self) -> None:
        """Write what is selected (two or more), else the whole list."""
        sheets, actor = self._context.desk.finding_sheets, self._context.actor
        rids = self.list.selected()
        ask_export(
            self,
            self._context,
            self.list.busy,
            rids,
            _("核实核查"),
            lambda path, rows, watch: sheets.tasks(path, rows, actor=actor, watch=watch),
        )

    # --------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        export = quiet_button("export_tasks", _("导出 Ctrl+E"))
        export.clicked.connect(self.export)
        self.list.tools.addWidget(self.street)
        self.list.tools.addWidget(export)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for widget in (self.list.bars, self.list.busy):
            lines.addWidget(widget)
        lines.addWidget(self.split, 1)
        self.list.setParent(self)
        self.list.hide()

    def _connect(self) -> None:
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _line: self.split.open_full())
        self.detail.deed_wanted.connect(self.decide)
        self.done.connect(self._on_done)
        keys: dict[str, Callable[[], None]] = {key: partial(self.decide, deed) for key, deed in KEYS.items()}
        for key, act in {**keys, "Ctrl+E": self.export}.items():
            shortcut = QShortcut(QKeySequence(key), self.split)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _street_button(self) -> QToolButton:
        """Which street 我的街道 means, for this person at this PC."""
        button = quiet_button("my_street", "")
        button.setStyleSheet(NO_INDICATOR)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(partial(self._fill_streets, menu))
        button.setMenu(menu)
        self._say_street(button)
        return button

    def _fill_streets(self, menu: QMenu) -> None:
        menu.clear()
        for choice in streets(self._context.desk):
            menu.addAction(choice.title, partial(self.choose_street, choice.key))

    def choose_street(self, street_code: str) -> None:
        """Say which street this person looks after, and show its tasks."""
        tasks, actor = self._context.desk.field_tasks, self._context.actor
        self._context.tasks.write(
            lambda _watch: tasks.set_my_street(street_code, actor=actor), done=self._on_street, failed=self._trouble
        )

    def _on_street(self, _nothing: object) -> None:
        self._say_street(self.street)
        self.list.narrow(TaskView.MY_STREET)

    def _say_street(self, button: QToolButton) -> None:
        code = self._context.desk.field_tasks.my_street(actor=self._context.actor)
        street = self._context.desk.reference.divisions().street(code) if code else None
        button.setText(_("我的街道:{name} ▾").format(name=street.name if street else _("未选")))
        button.setAccessibleName(button.text())

    def _hand_over(self, task: FieldTask) -> None:
        """Every selected task that still waits to be handed over, or the one shown."""
        tasks, actor = self._context.desk.field_tasks, self._context.actor
        rids = self.list.table.selected_ids()

        def act(_watch: Watch) -> int:
            lines = tasks.lines(rids) if len(rids) > 1 else []
            chosen = [line.id for line in lines if line.state is TaskState.OPEN and line.member_name] or [task.id]
            return len(tasks.hand_over(chosen, actor=actor))

        self._context.tasks.write(act, done=partial(self._on_handed, task), failed=self._trouble)

    def _on_handed(self, task: FieldTask, count: int) -> None:
        self._context.notices.say(_("已交办 {n} 个任务").format(n=count))
        self.done.emit(task.id)

    def _print(self) -> None:
        rids = self.list.table.selected_ids()
        if not rids:
            return
        if len(rids) > MOST_SLIPS:
            words = _("一次最多打印 {n} 张任务单,已选 {chosen} 个;请分批选择")
            self._context.notices.say(words.format(n=MOST_SLIPS, chosen=len(rids)))
            return
        tasks, actor = self._context.desk.field_tasks, self._context.actor

        def make(watch: Watch) -> Paper:
            return tasks.slips([line.id for line in tasks.lines(rids)], actor=actor, watch=watch)

        self.list.busy.follow(self._context.tasks.read(make, done=self._preview), _("正在准备打印"))

    def _preview(self, paper: Paper) -> None:
        from ui.printing.preview import PreviewDialog
        from ui.printing.printing_context import PrintingContext

        PreviewDialog(paper, PrintingContext(self._context), self).open()

    def _open(self, dialog: DeedDialog, submit: Callable[[], None]) -> None:
        self.dialog = dialog
        dialog.submitted.connect(submit)
        dialog.open()

    def _act(self, act: Callable[[Watch], object], task_id: UUID, words: str, dialog: DeedDialog) -> None:
        def acted(_nothing: object) -> None:
            dialog.accept()
            self._context.notices.say(words)
            self.done.emit(task_id)

        self._context.tasks.write(act, done=acted, failed=dialog.show_refusal)

    def _on_chosen(self, line: TaskLine | None) -> None:
        self.detail.show_task(None if line is None else line.id)

    def _on_done(self, task_id: UUID) -> None:
        self.list.ask(task_id)
        self.detail.refresh()

    def _trouble(self, problem: Problem) -> None:
        problem_box(self, problem)
