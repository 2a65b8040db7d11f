"""Papers of cases: read beside the screen, shown before they are printed."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.base.watch import Watch
from app.base.words import _
from app.desk import Desk
from app.domain.permissions import Actor
from app.domain.problems import Problem
from app.reports.paper import Paper
from ui.notices import problem_box
from ui.pages.cases.list_reading import case_ids
from ui.pages.context import PageContext
from ui.printing.showing import make_paper, show_paper
from ui.tasks import Job
from ui.widgets.busy_bar import BusyBar

MOST_SLIPS = 200


class CasePrinting(QObject):
    """Makes a paper and opens its preview."""

    def __init__(self, context: PageContext, busy: BusyBar, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._busy = busy
        self._window = window

    def slips(self, ids: Sequence[UUID]) -> None:
        """Dispatch slips of these cases."""
        papers, actor = self._context.desk.papers, self._context.actor
        self._make(lambda watch: papers.case_slips(ids, actor=actor, watch=watch))

    def receipt(self, case_id: UUID) -> None:
        """What the city says it holds of a case, asked for now."""
        desk, actor = self._context.desk, self._context.actor

        def ask(_watch: Watch) -> Paper:
            checked = desk.sync.receipt(case_id)
            return desk.papers.delivery_receipt(checked.receipt, checked.gaps, actor=actor)

        show = partial(show_paper, self._window, self._context)
        task = self._context.tasks.read(ask, done=show, failed=self._on_trouble)
        self._busy.follow(task, _("正在向市平台取送达回执"))

    def selected_slips(self, rids: array[int]) -> None:
        """Dispatch slips of the selected rows."""
        if len(rids) > MOST_SLIPS:
            words = _("一次最多打印 {n} 张派遣单,已选 {chosen} 件;请分批选择")
            self._context.notices.say(words.format(n=MOST_SLIPS, chosen=len(rids)))
            return
        self._make(partial(_slips_of, self._context.desk, self._context.actor, rids))

    def list(self, rids: array[int], title: str) -> None:
        """The list on paper."""
        if not rids:
            self._context.notices.say(_("这个列表是空的,没有可打印的案件"))
            return
        papers, actor = self._context.desk.papers, self._context.actor
        self._make(lambda watch: papers.case_list(rids, title, actor=actor, watch=watch))

    def _make(self, job: Job[Paper]) -> None:
        make_paper(self._window, self._context, self._busy, job)

    def _on_trouble(self, problem: Problem) -> None:
        problem_box(self._window, problem)


def _slips_of(desk: Desk, actor: Actor, rids: array[int], watch: Watch) -> Paper:
    return desk.papers.case_slips(case_ids(desk.case_lists, rids, watch), actor=actor, watch=watch)
