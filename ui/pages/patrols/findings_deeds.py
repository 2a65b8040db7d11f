"""Doing what a key decides about a finding, beside the screen, with a word about it and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.base.watch import Watch
from app.base.words import _
from app.domain.case_views import DuplicateHint
from app.domain.cases import Case
from app.domain.findings import Finding
from app.domain.problems import Problem
from app.services.drafts import SavedDraft
from ui.dialogs.deed_dialog import DeedDialog
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.findings_dialogs import (
    SETTLE_FORM,
    DropDialog,
    LinkDialog,
    SettleDialog,
    WatchDialog,
)

Act = Callable[[Watch], object]


@dataclass(frozen=True)
class _Hinted:
    finding: Finding
    hints: list[DuplicateHint]


class FindingDeeds(QObject):
    """`done` carries the id of a finding somebody decided about."""

    done = Signal(object)

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self.dialog: DeedDialog | None = None

    def take(self, deed: str, finding: Finding) -> None:
        """Do what a key says: to_case, settle, watch, drop, link, take_back."""
        makers: dict[str, Callable[[Finding], None]] = {
            "to_case": self.to_case,
            "settle": self.settle,
            "watch": self.watch,
            "drop": self.drop,
            "link": self.ask_link,
            "take_back": self.take_back,
        }
        makers[deed](finding)

    def to_case(self, finding: Finding) -> None:
        """Make a case of it; where there may be one already, that is offered first."""
        findings = self._context.desk.findings

        def look(_watch: Watch) -> _Hinted:
            return _Hinted(finding, findings.duplicates(finding))

        self._context.tasks.read(look, done=self._on_hints, failed=self._trouble)

    def ask_link(self, finding: Finding) -> None:
        """Ask which case it is already."""
        self._open_link(_Hinted(finding, []))

    def settle(self, finding: Finding) -> None:
        """Ask for the photos; a draft of them is gone on with."""
        drafts, actor = self._context.desk.drafts, self._context.actor

        def mine(_watch: Watch) -> SavedDraft | None:
            kept = drafts.all(SETTLE_FORM, actor=actor)
            return next((one for one in kept if one.body.get("finding") == str(finding.id)), None)

        self._context.tasks.read(mine, done=partial(self._open_settle, finding))

    def watch(self, finding: Finding) -> None:
        """Ask until when."""
        dialog = WatchDialog(finding, self._context.desk.reference.today(), self._window)
        findings, actor = self._context.desk.findings, self._context.actor

        def submit() -> None:
            until, note = dialog.day(), dialog.note.value()
            if until is None:
                dialog.again()
                dialog.form.show_refusals({"watch_until": _("请填写日期,例如 2026-11-21")})
                return
            words = _("问题 {number} 关注至 {day}").format(number=finding.number, day=f"{until:%Y-%m-%d}")
            self._act(finding, lambda _w: findings.watch(finding.id, until, note, actor=actor), words, dialog)

        self._open(dialog, submit)

    def drop(self, finding: Finding) -> None:
        """Ask why."""
        dialog = DropDialog(finding, self._window)
        findings, actor = self._context.desk.findings, self._context.actor

        def submit() -> None:
            reason = dialog.reason.value()
            words = _("问题 {number} 认定不成立").format(number=finding.number)
            self._act(finding, lambda _w: findings.drop(finding.id, reason, actor=actor), words, dialog)

        self._open(dialog, submit)

    def take_back(self, finding: Finding) -> None:
        """Take back what was decided."""
        findings, actor = self._context.desk.findings, self._context.actor
        words = _("已撤销对问题 {number} 的处理").format(number=finding.number)
        self._act(finding, lambda _w: findings.take_back(finding.id, actor=actor), words, None, undo=False)

    # --------------------------------------------------------------------------------------------------------------

    def _on_hints(self, hinted: _Hinted) -> None:
        if hinted.hints:
            self._open_link(hinted)
        else:
            self._make_case(hinted.finding)

    def _make_case(self, finding: Finding) -> None:
        findings, actor = self._context.desk.findings, self._context.actor
        self._context.tasks.write(
            lambda _w: findings.to_case(finding.id, actor=actor),
            done=partial(self._on_case, finding),
            failed=self._trouble,
        )

    def _on_case(self, finding: Finding, case: Case) -> None:
        words = _("问题 {number} 已转成案件 {case}").format(number=finding.number, case=case.local_no)
        self._context.notices.say(words, undo=partial(self.take_back, finding))
        self.done.emit(finding.id)

    def _open_link(self, hinted: _Hinted) -> None:
        finding = hinted.finding
        dialog = LinkDialog(finding, hinted.hints, self._context, self._window)
        desk, actor = self._context.desk, self._context.actor

        def submit() -> None:
            number = dialog.number.text().strip()

            def link(_watch: Watch) -> Finding:
                return desk.findings.link_case(finding.id, desk.cases.find_number(number), actor=actor)

            words = _("问题 {number} 已关联案件 {case}").format(number=finding.number, case=number)
            self._act(finding, link, words, dialog)

        dialog.make_wanted.connect(partial(self._make_case, finding))
        self._open(dialog, submit)

    def _open_settle(self, finding: Finding, draft: SavedDraft | None) -> None:
        dialog = SettleDialog(self._context, finding, draft, self._window)
        findings, actor = self._context.desk.findings, self._context.actor

        def submit() -> None:
            note, photos = dialog.note.value(), dialog.given()
            words = _("问题 {number} 已当场解决").format(number=finding.number)
            self._act(finding, lambda _w: findings.settle(finding.id, note, actor=actor, photos=photos), words, dialog)

        self._open(dialog, submit)

    def _open(self, dialog: DeedDialog, submit: Callable[[], None]) -> None:
        self.dialog = dialog
        dialog.submitted.connect(submit)
        dialog.open()

    def _act(self, finding: Finding, act: Act, words: str, dialog: DeedDialog | None, *, undo: bool = True) -> None:
        back = partial(self.take_back, finding) if undo else None

        def acted(_nothing: object) -> None:
            if dialog is not None:
                dialog.accept()
            self._context.notices.say(words, undo=back)
            self.done.emit(finding.id)

        failed: Callable[[Problem], object] = self._trouble if dialog is None else dialog.show_refusal
        self._context.tasks.write(act, done=acted, failed=failed)

    def _trouble(self, problem: Problem) -> None:
        problem_box(self._window, problem)
