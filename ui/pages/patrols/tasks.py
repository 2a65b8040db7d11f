"""The part of verify and check tasks: the list with one task beside it, handed over, printed, answered by keys."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu, QToolButton

from app.base.words import _
from app.domain.finding_views import TaskView
from ui.keys import listen
from ui.pages.context import PageContext
from ui.pages.patrols.tasks_deeds import TaskDeeds
from ui.pages.patrols.tasks_detail import TaskDetailPane
from ui.pages.patrols.tasks_list import TaskWords, streets, task_columns, task_source
from ui.tables.list_part import DeedPart
from ui.tables.view_list import ViewList
from ui.widgets.fitting_row import NO_INDICATOR, quiet_button


class TasksPart(DeedPart[TaskDetailPane]):
    """`go` takes the id of a task, a TaskView, words to search, chips, or None."""

    def __init__(self, context: PageContext) -> None:
        list_ = ViewList(
            "tasks",
            _("任务列表"),
            context,
            task_source(context.desk, context.actor),
            task_columns(TaskWords(context.desk)),
            _("任务编号、案件编号、网格员"),
        )
        super().__init__(context, "tasks_part", _("核实核查"), list_, TaskDetailPane(context), "tasks_split")
        self.deeds = TaskDeeds(context, list_.busy, self)
        self.street = self._street_button()
        export = quiet_button("export_tasks", _("导出 Ctrl+E"))
        export.clicked.connect(self.export)
        for button in (self.street, export):
            list_.tools.addWidget(button)
        self.listen_to(self.deeds)
        listen(list_, {"Ctrl+E": self.export})

    def refresh(self) -> None:
        """Read again what is shown, and tell of the time that is left."""
        self.list.retell()
        super().refresh()

    def decide(self, deed: str) -> None:
        """Do what a key or button says with the tasks selected, or the one that is shown."""
        detail, rids = self.detail.detail, self.list.table.selected_ids()
        if deed == "print":
            self.deeds.print_slips(rids)
        elif detail is None or not self.detail.may(deed):
            return
        elif deed == "open_case":
            self.wanted.emit("cases", detail.case.id)
        elif deed == "hand_over":
            self.deeds.hand_over(detail.task, rids)
        elif deed == "answer":
            self.deeds.answer(detail)
        else:
            self.deeds.assign(detail)

    def export(self) -> None:
        """Write what is selected (two or more), else the whole list."""
        self.deeds.export(self.list.rids())

    def choose_street(self, street_code: str) -> None:
        """Say which street this person looks after, and show its tasks."""
        tasks, actor = self._context.desk.field_tasks, self._context.actor
        self._context.tasks.write(
            lambda _watch: tasks.set_my_street(street_code, actor=actor),
            done=self._on_street,
            failed=self.deeds.trouble,
        )

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

    def _on_street(self, _nothing: object) -> None:
        self._say_street(self.street)
        self.list.narrow(view=TaskView.MY_STREET)

    def _say_street(self, button: QToolButton) -> None:
        code = self._context.desk.field_tasks.my_street(actor=self._context.actor)
        street = self._context.desk.reference.divisions().street(code) if code else None
        button.setText(_("我的街道:{name} ▾").format(name=street.name if street else _("未选")))
        button.setAccessibleName(button.text())
