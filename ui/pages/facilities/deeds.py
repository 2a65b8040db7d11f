"""What is done with facilities of the list: printed, exported, changed, reported, walked in a census."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.facilities import Facility, FacilityState
from app.domain.patrols import PatrolRound
from app.services.drafts import SavedDraft
from app.services.facility_census import census_draft, need_few
from ui.dialogs.deeds import Deeds
from ui.pages.context import PageContext
from ui.pages.facilities.reporting import case_body
from ui.tasks import Job
from ui.widgets.busy_bar import BusyBar

MOST_CARDS = 200
MOST_UNDONE = 500
CASE_FORM = "case_entry"
_Before = Sequence[tuple[Mapping[str, Any], list[UUID]]]


@dataclass(frozen=True)
class _Changed:
    count: int
    before: _Before


class FacilityDeeds(Deeds):
    """drafted: the SavedDraft of a case. census_made: the PatrolRound. What changed is told to the page by the store."""

    drafted = Signal(object)
    census_made = Signal(object)

    def __init__(self, context: PageContext, busy: BusyBar, window: QWidget) -> None:
        super().__init__(context, busy, window, _("已登记的部件没有受影响"))

    def print_card(self, facility: Facility) -> None:
        """The card of one facility."""
        papers, actor = self._context.desk.facility_papers, self._context.actor
        self.print_paper(lambda watch: papers.cards([facility.id], actor=actor, watch=watch))

    def print_list(self, rids: array[int], title: str) -> None:
        """The list on paper."""
        if not rids:
            self._context.notices.say(_("这个列表是空的,没有可打印的部件"))
            return
        papers, actor = self._context.desk.facility_papers, self._context.actor
        self.print_paper(lambda watch: papers.listed(rids, title, actor=actor, watch=watch))

    def print_cards(self, rids: array[int]) -> None:
        """Cards of the selected rows."""
        if not rids or len(rids) > MOST_CARDS:
            said = _("一次打印 1 到 {n} 张卡片,现在选中 {chosen} 件").format(n=MOST_CARDS, chosen=len(rids))
            self._context.notices.say(said)
            return
        desk, actor = self._context.desk, self._context.actor
        self.print_paper(
            lambda watch: desk.facility_papers.cards(desk.facilities.ids_of(rids), actor=actor, watch=watch)
        )

    def export(self, rids: array[int], title: str) -> None:
        """Write these rows of the list. title: what the list is called."""
        papers, actor = self._context.desk.facility_papers, self._context.actor
        self.ask_sheet(
            rids,
            f"{_('部件')}-{title}",
            lambda path, rows, watch: papers.export(path, rows, actor=actor, watch=watch),
        )

    def set_state(self, facility: Facility, state: FacilityState) -> None:
        """One key changes the state; it can be undone."""
        before = facility.state
        self._set([facility.id], {"state": state}, "", undo={"state": before})

    def set_many(self, rids: array[int], fields: Mapping[str, Any], note: str) -> None:
        """Change many at once; up to a few hundred it can be undone."""
        facilities = self._context.desk.facilities

        def job(watch: Watch) -> _Changed:
            ids = facilities.ids_of(rids)
            before = facilities.alike(ids, tuple(fields)) if len(ids) <= MOST_UNDONE else []
            return _Changed(self._change(ids, fields, note, watch), before)

        self._busy.follow(self._context.tasks.write(job, done=self._on_many, failed=self.trouble), _("正在修改"))

    def report(self, facility: Facility) -> None:
        """Begin a case about it: a draft of the entry form with category, place and the facility itself."""
        desk, actor = self._context.desk, self._context.actor

        def job(_watch: Watch) -> SavedDraft:
            body = case_body(desk, facility.id)
            draft_id = desk.drafts.save(CASE_FORM, body, actor=actor)
            return SavedDraft(draft_id, CASE_FORM, body, desk.clock.now())

        self._context.tasks.write(job, done=self.drafted.emit, failed=self.trouble)

    def give_codes(self) -> None:
        """Give identity codes to what waits for one."""
        facilities, actor = self._context.desk.facilities, self._context.actor

        def told(given: int) -> None:
            self._context.notices.say(_("已编发 {n} 个标识码").format(n=f"{given:,}"))

        self._context.tasks.write(lambda _watch: facilities.give_codes(actor=actor), done=told, failed=self.trouble)

    def census(self, rids: array[int]) -> None:
        """Make a round that walks past the selected facilities today."""
        desk, actor = self._context.desk, self._context.actor

        def job(_watch: Watch) -> PatrolRound:
            need_few(len(rids))
            return desk.patrols.open(census_draft(desk.facilities.lines(rids), desk.reference.today()), actor=actor)

        self._context.tasks.write(job, done=self._on_census, failed=self.trouble)

    def _on_many(self, changed: _Changed) -> None:
        undo = partial(self._bring_back, changed.before) if changed.before and changed.count else None
        self._context.notices.say(_("已修改 {n} 件部件").format(n=f"{changed.count:,}"), undo=undo)

    def _bring_back(self, before: _Before) -> None:
        self._write(lambda watch: sum(self._change(ids, fields, "", watch) for fields, ids in before))

    def _on_census(self, round_: PatrolRound) -> None:
        self._context.notices.say(
            _("已建普查巡查 {number},共 {n} 件").format(number=round_.number, n=len(round_.points))
        )
        self.census_made.emit(round_)

    def _set(self, ids: list[UUID], fields: Mapping[str, Any], note: str, undo: Mapping[str, Any]) -> None:
        def told(_count: int) -> None:
            self._context.notices.say(
                _("已改变状态"), undo=lambda: self._write(lambda watch: self._change(ids, undo, "", watch))
            )

        self._context.tasks.write(lambda watch: self._change(ids, fields, note, watch), done=told, failed=self.trouble)

    def _change(self, ids: list[UUID], fields: Mapping[str, Any], note: str, watch: Watch) -> int:
        return self._context.desk.facilities.set_many(ids, fields, note, actor=self._context.actor, watch=watch)

    def _write(self, job: Job[int]) -> None:
        def told(count: int) -> None:
            self._context.notices.say(_("已修改 {n} 件部件").format(n=f"{count:,}"))

        self._busy.follow(self._context.tasks.write(job, done=told, failed=self.trouble), _("正在修改"))
