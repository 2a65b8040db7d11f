"""Track files on their way in: what each would become, what looks wrong with it, and keeping those that are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_text
from app.base.watch import Watch
from app.base.words import N_, _
from app.desk import Desk
from app.domain.attendance import Track
from app.domain.directory import Worker
from app.domain.grids import PointSystem
from app.domain.permissions import Actor
from app.domain.problems import Problem
from app.services.track_import import TrackChoices, TrackPreview, with_round
from ui.forms.choice_input import ChoiceInput
from ui.forms.field import FormColumn
from ui.forms.tick_input import TickInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.tables.columns import RIGHT, Column
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.time_words import OFFICE_ZONE
from ui.widgets.busy_bar import BusyBar
from ui.widgets.empty_state import EmptyState

SIZE = (980, 560)
SYSTEMS = tuple((system, str(system)) for system in PointSystem)


@dataclass(frozen=True)
class TrackLine:
    """One file: what it would become, or why it cannot be taken."""

    path: Path
    preview: TrackPreview | None
    problem: Problem | None
    kept: Track | None = None

    @property
    def ready(self) -> bool:
        """It may be kept as it is."""
        return self.preview is not None and self.kept is None and not _wrong(self)


class TrackImportDialog(QDialog):
    """`taken` carries the day of the last track that was kept."""

    taken = Signal(object)

    def __init__(self, context: PageContext, paths: Sequence[Path], parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "track_import", _("导入轨迹"))
        self.setWindowTitle(_("导入轨迹"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._context = context
        self._paths = tuple(paths)
        self._looking: Latest[list[TrackLine]] = Latest(context.tasks, done=self._show, parent=self)
        members = context.desk.members.all()
        self._members = {member.id: member for member in members}
        self.member = ChoiceInput(
            [(member.id, f"{member.name} {member.number}".strip()) for member in members], empty=N_("按文件名认人")
        )
        self.system = ChoiceInput(SYSTEMS)
        self.system.set_value(PointSystem.WGS84)
        self.swap = TickInput(_("经纬度对调"))
        self.clock = TickInput(_("按巡查时间校正时钟"))
        self.clock.set_value(True)
        self.anyway = TickInput(_("不在本区县也导入"))
        self.form = FormColumn()
        self.form.add("member_id", _("网格员"), self.member)
        self.form.add(
            "source_system", _("坐标系"), self.system, hint=_("国内地图和多数手机应用用 GCJ-02,手持机用 WGS-84")
        )
        self.table: SmallTable[TrackLine] = SmallTable(
            "track_files", _("轨迹文件"), FILE_COLUMNS, context, EmptyState(_("没有选择文件"))
        )
        self.busy = BusyBar()
        self.told = name(QLabel(), "track_told", _("结果"))
        self.keep = set_look(name(QPushButton(_("导入")), "track_keep", _("导入可以导入的")), "primary")
        self.close_button = name(QPushButton(_("关闭")), "track_close", _("关闭"))
        self._lay_out()
        for choice in (self.member, self.system, self.swap, self.clock, self.anyway):
            choice.edited.connect(self.look)
        self.keep.clicked.connect(self.take)
        self.close_button.clicked.connect(self.accept)
        self.look()

    def look(self) -> None:
        """Look the files over as chosen now; nothing is written."""
        desk, paths, choices = self._context.desk, self._paths, self.choices()
        by_round = self.clock.value()
        known = {line.path: line.kept for line in self.table.items() if line.kept is not None}
        self.keep.setEnabled(False)
        self.told.setText(_("正在查看文件…"))

        def job(watch: Watch) -> list[TrackLine]:
            lines = []
            for at, path in enumerate(paths):
                watch.step(at, len(paths), path.name)
                lines.append(
                    TrackLine(path, None, None, known[path])
                    if path in known
                    else look_at(desk, path, choices, by_round)
                )
            return lines

        self._looking.ask(job)

    def choices(self) -> TrackChoices:
        """What the form says; the member of each file may still come from its name."""
        member = self._members.get(self.member.value()) if isinstance(self.member.value(), UUID) else None
        return TrackChoices(member, None, self.system.value(), self.swap.value(), anyway=self.anyway.value())

    def take(self) -> None:
        """Keep every file that is right."""
        desk, actor, lines = self._context.desk, self._context.actor, self.table.items()
        self.keep.setEnabled(False)
        task = self._context.tasks.write(lambda watch: take_all(desk, actor, lines, watch), done=self._on_taken)
        task.ended.connect(self._on_ended)
        self.busy.follow(task, _("正在导入"))

    def _show(self, lines: list[TrackLine]) -> None:
        self.table.show_all(lines)
        ready = sum(1 for line in lines if line.ready)
        self.keep.setEnabled(bool(ready))
        self.keep.setText(_("导入 {n} 个").format(n=ready))
        self.told.setText(_("{n} 个文件,{m} 个可以导入").format(n=len(lines), m=ready))

    def _on_ended(self) -> None:
        """A stop keeps what was taken so far: the files are looked at anew, and those are known then."""
        if not any(line.kept is not None for line in self.table.items()):
            self.look()

    def _on_taken(self, lines: list[TrackLine]) -> None:
        self._show(lines)
        kept = [line.kept for line in lines if line.kept is not None]
        self.told.setText(_("已导入 {n} 个,没有导入 {m} 个").format(n=len(kept), m=len(lines) - len(kept)))
        if kept:
            self.taken.emit(kept[-1].day)

    def _lay_out(self) -> None:
        ticks = QHBoxLayout()
        ticks.setSpacing(gap(4))
        for tick, object_name in (
            (self.clock, "track_clock"),
            (self.swap, "track_swap"),
            (self.anyway, "track_anyway"),
        ):
            ticks.addWidget(name(tick, object_name, tick.text()))
        ticks.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        foot.addWidget(self.told)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.keep)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(self.form)
        lines.addLayout(ticks)
        lines.addWidget(self.table, 1)
        lines.addWidget(self.busy)
        lines.addLayout(foot)


def look_at(desk: Desk, path: Path, choices: TrackChoices, by_round: bool) -> TrackLine:
    """Look one file over; its member may stand in its name. by_round: its clock is put right by its round."""
    try:
        if choices.member is None:
            choices = replace(choices, member=named_in(path, desk.members.all()))
        preview = desk.traces.look(path, choices)
        if preview.round is not None and (by_round or not preview.shift_s):
            preview = desk.traces.look(path, with_round(choices, preview), file=preview.file)
    except Problem as problem:
        return TrackLine(path, None, problem)
    return TrackLine(path, preview, None)


def take_all(desk: Desk, actor: Actor, lines: Sequence[TrackLine], watch: Watch) -> list[TrackLine]:
    """Keep those that are right, each by itself: a stop leaves what was kept."""
    after = []
    for at, line in enumerate(lines):
        watch.step(at, len(lines), line.path.name)
        if line.preview is None or not line.ready:
            after.append(line)
            continue
        try:
            after.append(replace(line, kept=desk.traces.take(line.preview, actor=actor)))
        except Problem as problem:
            after.append(replace(line, problem=problem))
    return after


def named_in(path: Path, members: Sequence[Worker]) -> Worker | None:
    """The one member whose name or number stands in a file's name."""
    words = path.stem.replace("-", "_").split("_")
    hits = [one for one in members if one.name in path.stem or (one.number and one.number in words)]
    return hits[0] if len(hits) == 1 else None


def _wrong(line: TrackLine) -> str:
    """Why a file cannot be kept as it is; empty: it can."""
    if line.problem is not None:
        return problem_text(line.problem)
    preview = line.preview
    if preview is None:
        return ""
    if preview.known is not None:
        return _("{day} 已经导入过").format(day=preview.known.day)
    if preview.swapped:
        return _("经度和纬度像是写反了,请勾选“经纬度对调”")
    if preview.elsewhere and not preview.choices.anyway:
        return _("离本区县约 {km} 公里").format(km=round(preview.away_km or 0))
    return _("请选择网格员") if preview.choices.member is None else ""


def _outcome(line: TrackLine) -> str:
    if line.kept is not None:
        return _("✓ 已导入")
    wrong = _wrong(line)
    if wrong:
        return f"▲ {wrong}"
    return " · ".join(_notes(line)) or _("可以导入")


def _notes(line: TrackLine) -> list[str]:
    """What is good to know of a file that can be kept."""
    preview = line.preview
    if preview is None:
        return []
    notes = []
    if preview.choices.shift_s:
        notes.append(_("时钟校正 {n} 小时").format(n=f"{preview.choices.shift_s / 3600:+g}"))
    elif preview.shift_s is None:
        notes.append(_("时间与巡查对不上"))
    if preview.track.dropped or preview.file.left_out:
        notes.append(_("剔除 {n} 点").format(n=preview.track.dropped + preview.file.left_out))
    if preview.track.tolerance_m:
        notes.append(_("按 {m} 米误差精简").format(m=f"{preview.track.tolerance_m:g}"))
    if preview.figures.gaps:
        notes.append(_("中断 {n} 次").format(n=len(preview.figures.gaps)))
    return notes


def _member(line: TrackLine) -> str:
    member = line.preview.choices.member if line.preview else None
    return member.name if member else line.kept.member_name if line.kept else ""


def _when(line: TrackLine) -> str:
    if line.preview is None:
        return ""
    first, last = (at.astimezone(OFFICE_ZONE) for at in (line.preview.track.started_at, line.preview.track.ended_at))
    return f"{first:%m-%d %H:%M}–{last:%H:%M}"


FILE_COLUMNS: tuple[Column[TrackLine], ...] = (
    Column("file", N_("文件"), 150, lambda line: line.path.name, hint=lambda line: line.path.name),
    Column("member", N_("网格员"), 72, _member),
    Column("when", N_("时间"), 132, _when),
    Column("points", N_("点"), 52, lambda line: f"{len(line.preview.track.fixes):,}" if line.preview else "", RIGHT),
    Column(
        "km", N_("公里"), 52, lambda line: f"{line.preview.track.distance_m / 1000:.2f}" if line.preview else "", RIGHT
    ),
    Column(
        "round", N_("巡查"), 150, lambda line: line.preview.round.number if line.preview and line.preview.round else ""
    ),
    Column(
        "outcome",
        N_("结果"),
        330,
        _outcome,
        light=lambda line: "red" if _wrong(line) and line.kept is None else None,
        hint=_outcome,
    ),
)
