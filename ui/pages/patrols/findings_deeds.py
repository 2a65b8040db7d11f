"""What a key decides about a finding, with the way back."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.base.watch import Watch
from app.base.words import _
from app.domain.case_views import DuplicateHint
from app.domain.findings import Finding
from app.services.drafts import SavedDraft
from ui.dialogs.deed_dialog import DeedDialog
from ui.dialogs.deeds import Deeds
from ui.pages.patrols.findings_dialogs import (
    SETTLE_FORM,
    DropDialog,
    LinkDialog,
    SettleDialog,
    WatchDialog,
)
from ui.tasks import Job


@dataclass(frozen=True)
class _Hinted:
    finding: Finding
    hints: list[DuplicateHint]


class FindingDeeds(Deeds):
    """`done` carries the id of a finding somebody decided about."""

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

        self._context.tasks.read(look, done=self._on_hints, failed=self.trouble)

    def ask_link(self, finding: Finding) -> None:
        """Ask which case it is already."""
        self._open_link(_Hinted(finding, []))

    def settle(self, finding: Finding) -> None:
        """Ask for the photos; a draft of them is gone on with."""
        self.ask_kept(SETTLE_FORM, finding.id, partial(self._open_settle, finding))

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
            self._decide(finding, lambda _w: findings.watch(finding.id, until, note, actor=actor), words, dialog)

        self.ask(dialog, submit)

    def drop(self, finding: Finding) -> None:
        """Ask why."""
        dialog = DropDialog(finding, self._window)
        findings, actor = self._context.desk.findings, self._context.actor

        def submit() -> None:
            reason = dialog.reason.value()
            words = _("问题 {number} 认定不成立").format(number=finding.number)
            self._decide(finding, lambda _w: findings.drop(finding.id, reason, actor=actor), words, dialog)

        self.ask(dialog, submit)

    def take_back(self, finding: Finding) -> None:
        """Take back what was decided."""
        findings, actor = self._context.desk.findings, self._context.actor
        words = _("已撤销对问题 {number} 的处理").format(number=finding.number)
        self.act(finding.id, lambda _w: findings.take_back(finding.id, actor=actor), words)

    def export(self, rids: array[int]) -> None:
        """Write these rows of the list."""
        sheets, actor = self._context.desk.finding_sheets, self._context.actor
        self.ask_sheet(
            rids, _("巡查问题"), lambda path, rows, watch: sheets.findings(path, rows, actor=actor, watch=watch)
        )

    # --------------------------------------------------------------------------------------------------------------

    def _on_hints(self, hinted: _Hinted) -> None:
        if hinted.hints:
            self._open_link(hinted)
        else:
            self._make_case(hinted.finding)

    def _make_case(self, finding: Finding) -> None:
        findings, actor = self._context.desk.findings, self._context.actor
        words = _("问题 {number} 已转成案件 {case}")
        self.act(
            finding.id,
            lambda _w: findings.to_case(finding.id, actor=actor),
            lambda case: words.format(number=finding.number, case=case.local_no),
            undo=partial(self.take_back, finding),
        )

    def _open_link(self, hinted: _Hinted) -> None:
        finding = hinted.finding
        dialog = LinkDialog(finding, hinted.hints, self._context, self._window)
        desk, actor = self._context.desk, self._context.actor

        def submit() -> None:
            number = dialog.number.text().strip()

            def link(_watch: Watch) -> Finding:
                return desk.findings.link_case(finding.id, desk.cases.find_number(number), actor=actor)

            words = _("问题 {number} 已关联案件 {case}").format(number=finding.number, case=number)
            self._decide(finding, link, words, dialog)

        dialog.make_wanted.connect(partial(self._make_case, finding))
        self.ask(dialog, submit)

    def _open_settle(self, finding: Finding, draft: SavedDraft | None) -> None:
        dialog = SettleDialog(self._context, finding, draft, self._window)
        findings, actor = self._context.desk.findings, self._context.actor

        def submit() -> None:
            note, photos = dialog.note.value(), dialog.given()

            def settle(_watch: Watch) -> Finding:
                return findings.settle(finding.id, note, actor=actor, photos=photos)

            self._decide(finding, settle, _("问题 {number} 已当场解决").format(number=finding.number), dialog)

        self.ask(dialog, submit)

    def _decide(self, finding: Finding, job: Job[Finding], words: str, dialog: DeedDialog) -> None:
        self.act(finding.id, job, words, dialog, undo=partial(self.take_back, finding))
