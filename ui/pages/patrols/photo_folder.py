"""A folder of photos of a round: what belongs where as a proposal, changed by keyboard, taken in only when a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence, problem_text
from app.base.watch import Watch
from app.base.words import N_, _
from app.domain.photo_matching import CONFIDENCE_TITLES, PHOTO_GROUP_TITLES, PhotoGroup, Placement, Proposal
from app.domain.problems import Problem
from app.services.round_photos import NO_PLACE, LookedPhoto, RoundTargets, TakenIn
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.theme import gap, set_look
from ui.time_words import OFFICE_ZONE
from ui.widgets.busy_bar import BusyBar
from ui.widgets.choices import Choice
from ui.widgets.code_picker import CodePicker
from ui.widgets.empty_state import EmptyState

SIZE = (1040, 680)
PREVIEW_PX = 256
DAY_MINUTES = 24 * 60
MOST_SHIFT = 400 * DAY_MINUTES


@dataclass(frozen=True)
class PhotoRow:
    """One photo with where it goes. target: key of a target, NO_PLACE for the round itself, empty: not taken in."""

    photo: LookedPhoto
    placement: Placement
    target: str
    by_hand: bool = False


@dataclass(frozen=True)
class _Looked:
    targets: RoundTargets
    photos: Sequence[LookedPhoto]


class PhotoFolderDialog(QDialog):
    """`taken` carries what came of it. The table can be read at `rows`."""

    taken = Signal(object)
    looked = Signal()

    def __init__(self, context: PageContext, round_id: UUID, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._round_id = round_id
        self._folder = folder
        self._targets: RoundTargets | None = None
        self._photos: Sequence[LookedPhoto] = ()
        self._shift = timedelta()
        self._make_parts()
        self._lay_out()
        self._connect()
        self._look()

    @property
    def rows(self) -> list[PhotoRow]:
        """Every photo, in the order shown."""
        return self.table.items()

    def chosen(self) -> list[tuple[LookedPhoto, str]]:
        """What would be taken in, with where to."""
        return [(row.photo, row.target) for row in self.rows if row.target]

    def place(self, target: str) -> None:
        """Put the photos selected somewhere else; empty: do not take them in."""
        selected = set(self.table.table.selected_ids())
        rows = self.rows
        for at in selected:
            if rows[at].photo.trouble is None:
                rows[at] = replace(rows[at], target=target, by_hand=True)
        self._show_rows(rows)

    def accept_all(self) -> None:
        """Take in what is chosen."""
        chosen, targets = self.chosen(), self._targets
        if not chosen or targets is None:
            return
        service, actor = self._context.desk.round_photos, self._context.actor
        self.accept_button.setEnabled(False)

        def take(watch: Watch) -> TakenIn:
            return service.take(targets, chosen, actor=actor, watch=watch)

        task = self._context.tasks.write(take, done=self._on_taken, failed=self._on_trouble)
        task.ended.connect(self._show_count)
        self.busy.follow(task, _("正在收入照片"))

    # Parts -------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        title = _("放入照片:{folder}").format(folder=self._folder.name)
        name(self, "photo_folder", title)
        self.setWindowTitle(title)
        self.resize(*SIZE)
        self.head = set_look(name(QLabel(title), "photo_folder_title", title), "title")
        self.said = name(QLabel(), "photo_folder_said", _("照片情况"))
        self.said.setWordWrap(True)
        self.busy = BusyBar()
        empty = EmptyState(_("正在看照片的时间和位置…"))
        self.table: SmallTable[PhotoRow] = SmallTable("photo_rows", _("照片"), self._columns(), self._context, empty)
        self.preview = name(QLabel(), "photo_preview", _("照片"))
        self.preview.setFixedWidth(PREVIEW_PX)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.where = name(CodePicker(self._search), "photo_where", _("放到"))
        self.where.setPlaceholderText(_("序号或检查点名称"))
        self.shift = name(QSpinBox(), "photo_shift", _("照片时间校正(分钟)"))
        self.shift.setRange(-MOST_SHIFT, MOST_SHIFT)
        self.shift_said = set_look(name(QLabel(), "photo_shift_said", _("照片时间校正")), "muted")
        self.accept_button = set_look(name(QPushButton(), "photo_accept", _("收入照片")), "primary")
        self.leave_button = name(QPushButton(_("不收入 Del")), "photo_leave", _("不收入选中的照片"))
        self.round_button = name(QPushButton(_("只归到这次巡查")), "photo_round", _("只归到这次巡查"))
        self.close_button = name(QPushButton(_("关闭")), "photo_close", _("关闭"))
        for button in (self.accept_button, self.leave_button, self.round_button, self.close_button):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        clock = QHBoxLayout()
        clock.setSpacing(gap(2))
        clock.addWidget(QLabel(_("照片时间校正(分钟)")))
        clock.addWidget(self.shift)
        clock.addWidget(self.shift_said, 1)
        side = QVBoxLayout()
        side.setSpacing(gap(2))
        side.addWidget(self.preview)
        side.addWidget(QLabel(_("放到")))
        side.addWidget(self.where)
        side.addWidget(self.round_button)
        side.addWidget(self.leave_button)
        side.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(gap(3))
        middle.addWidget(self.table, 1)
        middle.addLayout(side)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.accept_button)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(4), gap(3), gap(4), gap(3))
        lines.setSpacing(gap(2))
        for widget in (self.head, self.said, self.busy):
            lines.addWidget(widget)
        lines.addLayout(clock)
        lines.addLayout(middle, 1)
        lines.addLayout(foot)
        self._show_count()

    def _connect(self) -> None:
        self.table.chosen.connect(self._on_chosen)
        self.shift.valueChanged.connect(self._on_shift)
        self.where.picked.connect(self._on_where)
        self.leave_button.clicked.connect(lambda: self.place(""))
        self.round_button.clicked.connect(lambda: self.place(NO_PLACE))
        self.accept_button.clicked.connect(self.accept_all)
        self.close_button.clicked.connect(self.reject)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.accept_all)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(lambda: self.place(""))

    # What comes back ---------------------------------------------------------------------------------------------

    def _look(self) -> None:
        service, round_id, folder = self._context.desk.round_photos, self._round_id, self._folder

        def look(watch: Watch) -> _Looked:
            return _Looked(service.targets(round_id), service.look(folder, round_id, watch))

        task = self._context.tasks.read(look, done=self._on_looked, failed=self._on_trouble)
        # A folder of thousands is not looked through for a window that is closed.
        self.finished.connect(task.cancel)
        self.busy.follow(task, _("正在看照片"))

    def _on_looked(self, looked: _Looked) -> None:
        self._targets, self._photos = looked.targets, looked.photos
        proposal = self._context.desk.round_photos.propose(looked.targets, looked.photos)
        self._shift = proposal.shift
        self.shift.blockSignals(True)
        self.shift.setValue(round(proposal.shift.total_seconds() / 60))
        self.shift.blockSignals(False)
        self.shift_said.setText(
            _("相机时钟看来{length},已按此校正;改成 0 就不校正").format(length=shift_words(proposal.shift))
            if proposal.shift
            else _("相机时钟与巡查时间一致,不用校正")
        )
        self._show_proposal(proposal)
        self.looked.emit()

    def _on_shift(self, minutes: int) -> None:
        """Another shift: everything a person did not place by hand is placed anew."""
        if self._targets is None:
            return
        self._shift = timedelta(minutes=minutes)
        self._show_proposal(self._context.desk.round_photos.propose(self._targets, self._photos, self._shift))

    def _show_proposal(self, proposal: Proposal) -> None:
        photos = {photo.key: photo for photo in self._photos}
        by_hand = {row.photo.key: row.target for row in self.rows if row.by_hand}
        self._show_rows(
            [
                PhotoRow(photos[one.key], one, by_hand.get(one.key, one.target or ""), one.key in by_hand)
                for one in proposal.placements
            ]
        )

    def _show_rows(self, rows: list[PhotoRow]) -> None:
        self.table.show_all(rows)
        self.table.table.refresh_lines()
        if rows and self.table.current() is None:
            self.table.table.go_to(0)
        self._show_count()

    def _show_count(self) -> None:
        count, rows = len(self.chosen()), self.rows
        self.accept_button.setText(_("收入 {n} 张 Ctrl+Enter").format(n=count))
        self.accept_button.setEnabled(count > 0)
        left = [row.placement.group for row in rows if not row.target]
        parts = [f"{_(PHOTO_GROUP_TITLES[group])} {left.count(group)}" for group in PhotoGroup if left.count(group)]
        words = _("共 {n} 张,收入 {chosen} 张").format(n=len(rows), chosen=count)
        self.said.setText(f"{words};{_('不收入')}:{'、'.join(parts)}" if parts else words if rows else "")

    def _on_chosen(self, row: PhotoRow | None) -> None:
        picture = QPixmap()
        if row is not None and row.photo.thumbnail is not None:
            picture.loadFromData(row.photo.thumbnail)
        if picture.isNull():
            self.preview.setText("" if row is None else _("(没有缩略图)"))
        else:
            self.preview.setPixmap(picture)

    def _on_where(self, choice: Choice | None) -> None:
        if choice is not None:
            self.place(choice.key)
            self.where.set_choice(None)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_taken(self, outcome: TakenIn) -> None:
        if outcome.refused:
            lines = [f"{path.name}:{problem_text(problem)}" for path, problem in outcome.refused]
            self.said.setText("\n".join([_("有 {n} 张没有收入:").format(n=len(lines)), *lines]))
        self._context.notices.say(_("已收入 {n} 张照片").format(n=outcome.count))
        self.taken.emit(outcome)
        if not outcome.refused:
            self.accept()

    def _on_trouble(self, problem: Problem) -> None:
        words = problem_sentence(problem)
        set_look(self.said, "wrong")
        self.said.setText(words)

    # Words -------------------------------------------------------------------------------------------------------

    def _columns(self) -> list[Column[PhotoRow]]:
        return [
            Column("file", N_("照片"), 170, lambda row: row.photo.key),
            Column("at", N_("时间"), 92, self._at),
            Column("where", N_("放到"), 150, self._where),
            Column("sure", N_("把握"), 44, _sure),
            Column("why", N_("说明"), 220, why_words),
        ]

    def _at(self, row: PhotoRow) -> str:
        at = row.photo.facts.taken_at
        return "" if at is None else f"{(at + self._shift).astimezone(OFFICE_ZONE):%m-%d %H:%M}"

    def _where(self, row: PhotoRow) -> str:
        if not row.target or self._targets is None:
            return _("不收入")
        return _("这次巡查") if row.target == NO_PLACE else self._targets.names[row.target]

    def _search(self, typed: str) -> list[Choice]:
        targets = self._targets
        if targets is None:
            return []
        wanted = typed.strip()
        return [
            Choice(target.key, "", targets.names[target.key], _("问题") if target.finding else _("检查点"))
            for target in targets.targets
            if wanted in targets.names[target.key] or wanted == str(target.no)
        ]


def why_words(row: PhotoRow) -> str:
    """Why a photo goes where it goes, or nowhere."""
    one = row.placement
    if row.photo.trouble is not None:
        return problem_text(row.photo.trouble)
    if row.by_hand:
        return _("人工指定")
    if one.group is not PhotoGroup.PLACED:
        return _(PHOTO_GROUP_TITLES[one.group])
    parts = []
    if one.metres is not None:
        parts.append(_("距 {n} 米").format(n=round(one.metres)))
    if one.apart is not None:
        parts.append(_("相差 {n} 分").format(n=round(one.apart.total_seconds() / 60)))
    return " · ".join(parts)


def shift_words(shift: timedelta) -> str:
    """快 8 小时, 慢 15 分: what the camera's clock did."""
    minutes = round(abs(shift.total_seconds()) / 60)
    days, rest = divmod(minutes, DAY_MINUTES)
    hours, left = divmod(rest, 60)
    parts = [(_("{n} 天"), days), (_("{n} 小时"), hours), (_("{n} 分"), left)]
    length = " ".join(words.format(n=count) for words, count in parts if count)
    return (_("快 {length}") if shift < timedelta() else _("慢 {length}")).format(length=length)


def _sure(row: PhotoRow) -> str:
    sure = row.placement.confidence
    return "" if sure is None or row.by_hand else _(CONFIDENCE_TITLES[sure])
