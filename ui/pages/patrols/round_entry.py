"""What a member brought back of a round, entered by one key a check point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMessageBox, QSplitter, QVBoxLayout, QWidget

from app.base.words import _
from app.domain.patrols import CheckGrade, PatrolRound
from app.domain.problems import Problem
from app.services.drafts import SavedDraft
from app.services.patrols import RoundDetail
from ui.forms.entry_keeper import DraftKeeper
from ui.naming import name
from ui.notices import problem_box
from ui.pages.context import PageContext
from ui.pages.patrols.round_entry_side import EntrySide
from ui.pages.patrols.round_entry_state import EntryState, clock_of, walked
from ui.pages.patrols.round_entry_work import EntryWork
from ui.pages.patrols.rounds_detail import fact_lines
from ui.time_words import OFFICE_ZONE

FORM = "patrol_round"
SHARE = (62, 38)


@dataclass(frozen=True)
class Opened:
    """A round to enter, and what was typed of it before."""

    detail: RoundDetail
    draft: SavedDraft | None


class RoundEntry(QWidget):
    """`saved`: the PatrolRound kept or finished. `closed`: the person goes back to the list."""

    saved = Signal(object)
    closed = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "round_entry", _("录入巡查结果"))
        self._context = context
        self._round: PatrolRound | None = None
        self._state: EntryState | None = None
        self._saving = False
        self.keeper = DraftKeeper(context, self._body, self, form=FORM)
        self._make_parts()
        self._connect()

    def open(self, round_id: UUID) -> None:
        """Read a round and what was typed of it, then show them."""
        self.keep()
        desk, actor = self._context.desk, self._context.actor

        def read(_watch: object) -> Opened:
            drafts = desk.drafts.all(FORM, actor=actor)
            mine = next((one for one in drafts if one.body.get("round") == str(round_id)), None)
            return Opened(desk.patrols.detail(round_id), mine)

        self._context.tasks.read(read, done=self.show_round)

    def show_round(self, opened: Opened) -> None:
        """Show a round with what was typed of it."""
        detail = opened.detail
        self._round = detail.round
        self._state = EntryState(detail.round, detail.template, detail.results)
        self.keeper.begin(None if opened.draft is None else opened.draft.id)
        self._fill_times(detail.round)
        if opened.draft is not None:
            self._restore(opened.draft)
        number, day, *place = fact_lines(detail.round)
        self.work.title.setText(day)
        self.work.facts.setText("  ".join([*place[:1], number]))
        self.panel.set_items(self._state.measured)
        found: dict[int, int] = {}
        for finding in detail.findings:
            found[finding.point_no or 0] = found.get(finding.point_no or 0, 0) + 1
        self.table.lines.show_state(self._state, found)
        self.work.say_keys()
        self.side.show_round(detail)
        first = self._state.open_rows()
        self.table.stand_on(first[0] if first else 0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def keep(self) -> None:
        """Put what is typed into the draft at once."""
        self.panel.tell()
        self.keeper.keep_now()

    def save(self) -> None:
        """Keep what is typed so far; the round stays open."""
        if self.panel.tell():
            self._enter(finish=False)

    def finish(self) -> None:
        """Keep everything and finish; points without a result are asked about."""
        if self._state is None or self._saving or not self.panel.tell():
            return
        missing = len(self._state.open_rows())
        if missing and not self._agreed(_("还有 {n} 个检查点没有结果,记为未查并完成吗?").format(n=missing)):
            return
        for row in self._state.open_rows():
            self._state.grade(row, CheckGrade.PASSED_OVER)
        self._enter(finish=True)

    def rest_good(self) -> None:
        """The rest is good, when the person says so."""
        if self._state is None:
            return
        missing = len(self._state.open_rows())
        if missing and self._agreed(_("其余 {n} 个检查点都记为“好”吗?").format(n=missing)):
            self._state.rest_good()
            self._typed(None)

    def undo(self) -> None:
        """Take the last change back."""
        row = self._state.undo() if self._state is not None else None
        if row is not None:
            self.table.stand_on(row)
            self._typed(None)

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        # Its own widget: the form of a finding beside it has the same keys for itself.
        self.work = EntryWork(self)
        self.table, self.panel = self.work.table, self.work.panel
        self.side = EntrySide(self._context, self)
        split = name(QSplitter(Qt.Orientation.Horizontal), "round_entry_split", _("检查点和地图"))
        split.setChildrenCollapsible(False)
        for at, half in enumerate((self.work, self.side)):
            split.addWidget(half)
            split.setStretchFactor(at, SHARE[at])
        split.setSizes([share * 10 for share in SHARE])
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(split)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.graded.connect(self._on_graded)
        self.table.finding_wanted.connect(self._on_finding)
        self.table.detail_wanted.connect(lambda _row, text: self.panel.begin(text))
        self.table.rest_wanted.connect(self.rest_good)
        self.table.stood.connect(self._on_stood)
        self.panel.measured.connect(self._on_measured)
        self.panel.noted.connect(self._on_noted)
        self.panel.left.connect(self._go_on)
        self.panel.escaped.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))
        self.side.reported.connect(self._on_reported)
        self.side.closed.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))
        for field in (self.work.begin, self.work.end):
            field.edited.connect(self._touch)
        self.work.back.clicked.connect(self._leave)
        self.work.save.clicked.connect(self.save)
        self.work.finish.clicked.connect(self.finish)
        for keys, slot in (("Ctrl+S", self.save), ("Ctrl+Return", self.finish), ("Ctrl+Z", self.undo)):
            shortcut = QShortcut(QKeySequence(keys), self.work)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.table)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self._leave)

    # What the person does ----------------------------------------------------------------------------------------

    def _on_graded(self, row: int, grade: CheckGrade | None) -> None:
        assert self._state is not None
        self._state.grade(row, grade)
        self._typed(row)
        if grade is not None:
            self.table.stand_on(row + 1)

    def _on_measured(self, code: str, value: object) -> None:
        row = self.table.row
        if self._state is None or row < 0:
            return
        if isinstance(value, str):
            self._context.notices.say(_("“{text}”不是数字").format(text=value))
            return
        before = (self._state.entry(row).values or {}).get(code)
        if value == before:
            return
        assert value is None or isinstance(value, float)
        if self._state.measure(row, code, value):
            self._context.notices.say(_("超过上限;按 F 登记为问题"))
        self._typed(row)

    def _on_noted(self, note: str) -> None:
        row = self.table.row
        if self._state is not None and row >= 0 and note != self._state.entry(row).note:
            self._state.note(row, note)
            self._typed(row)

    def _on_stood(self, row: int) -> None:
        if self._state is not None and row >= 0:
            self.panel.show_point(self._state, row)
            self.side.show_point(self._state.points[row])

    def _on_finding(self, row: int) -> None:
        assert self._state is not None
        over = self._state.over(row)
        self.side.begin_finding(self._state.points[row], over[0] if over else None)

    def _on_reported(self, point_no: int) -> None:
        if self._state is None:
            return
        found = self.table.lines.found
        found[point_no] = found.get(point_no, 0) + 1
        row = next((at for at, point in enumerate(self._state.points) if point.no == point_no), -1)
        if row >= 0 and self._state.entry(row).grade is None:
            self._state.grade(row, CheckGrade.BAD)
        self._typed(row)
        self.table.stand_on(row + 1)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.stand_on(self.table.row + 1)

    def _leave(self) -> None:
        self.keep()
        self.closed.emit()

    # Saving ------------------------------------------------------------------------------------------------------

    def _enter(self, *, finish: bool) -> None:
        if self._state is None or self._round is None or self._saving:
            return
        try:
            times = walked(self._round.day, clock_of(self.work.begin.value()), clock_of(self.work.end.value()))
        except ValueError:
            self._context.notices.say(_("时间请写成 08:30"))
            return
        self._saving = True
        self.keeper.hold()
        patrols, actor = self._context.desk.patrols, self._context.actor
        round_id, entered, draft_id = self._round.id, self._state.entered(), self.keeper.draft_id
        self._context.tasks.write(
            lambda _watch: patrols.enter(round_id, entered, actor=actor, times=times, finish=finish, draft_id=draft_id),
            done=lambda round_: self._on_saved(round_, finished=finish),
            failed=self._on_trouble,
        )

    def _on_saved(self, round_: PatrolRound, *, finished: bool) -> None:
        self._round, self._saving = round_, False
        self.keeper.begin()
        words = _("巡查 {number} 已完成") if finished else _("巡查 {number} 已暂存")
        self._context.notices.say(words.format(number=round_.number))
        self.saved.emit(round_)
        if finished:
            self._round = self._state = None
            self.table.lines.show_state(None, {})
            self.closed.emit()
        elif self._state is not None and self._state.unkept():
            # Words beside a point without a result are kept nowhere but in the draft, which went with the saving.
            self._touch()

    def _on_trouble(self, problem: Problem) -> None:
        self._saving = False
        self.keeper.release()
        problem_box(self, problem, safe=_("填的内容还在,草稿已保存在本机"))

    def _typed(self, row: int | None) -> None:
        self.table.lines.told(row)
        current = self.table.row
        if self._state is not None and current >= 0:
            self.panel.show_point(self._state, current)
        self._tell()
        self._touch()

    def _touch(self) -> None:
        """A key was pressed: it is in the draft before long, and nothing waits for it."""
        self.keeper.touch()
        self.keeper.keep_soon()

    def _tell(self) -> None:
        if self._state is not None:
            total = len(self._state.points)
            self.work.count.setText(_("已填 {n}/{total}").format(n=total - len(self._state.open_rows()), total=total))

    def _body(self) -> dict[str, Any]:
        if self._state is None or self._round is None:
            return {}
        points = self._state.body()
        times = {"begin": self.work.begin.value(), "end": self.work.end.value()}
        return {"round": str(self._round.id), "points": points, **times} if points or any(times.values()) else {}

    def _restore(self, draft: SavedDraft) -> None:
        assert self._state is not None
        self._state.restore(draft.body["points"])
        self.work.begin.set_value(draft.body["begin"])
        self.work.end.set_value(draft.body["end"])
        self._context.notices.say(_("已接着上次没有录完的内容"))

    def _fill_times(self, round_: PatrolRound) -> None:
        """Times somebody gave; the shift only stands behind empty fields, since nobody said it was kept to."""
        shift, real = (round_.shift_start, round_.shift_end), (round_.started_at, round_.ended_at)
        for field, planned, given in zip((self.work.begin, self.work.end), shift, real, strict=True):
            field.set_value(None if given is None else f"{given.astimezone(OFFICE_ZONE):%H:%M}")
            field.setPlaceholderText("08:30" if planned is None else f"{planned:%H:%M}")

    def _agreed(self, question: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, _("巡查"), question, parent=self)
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
        box.setDefaultButton(QMessageBox.StandardButton.Yes)
        name(box, "round_question", question)
        return box.exec() == QMessageBox.StandardButton.Yes
