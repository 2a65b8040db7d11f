"""The data of this office: where it lies, how much it is, backups, and checking everything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.paths import BACKUP_SUFFIX
from app.base.watch import Watch
from app.base.words import N_, _
from app.desk import Desk
from app.domain.permissions import Actor
from app.services.care import CheckReport
from ui.dialogs.restore import AskRestore
from ui.forms.time_inputs import ZONE
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.section import Section, scrolled
from ui.theme import gap, set_look

COUNTS = (
    ("case", N_("案件")),
    ("photo", N_("照片")),
    ("files", N_("已收入的文件")),
    ("outbox", N_("等待上报市平台的改动")),
    ("events", N_("操作日志")),
)
MEGABYTE = 1_000_000


class DataSection(Section):
    """Place, size, backup, restore and the check of everything."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "data_settings",
            _("数据与备份"),
            _("全部数据加密保存在这台电脑上。请每天备份到另一块磁盘或 U 盘,并定期检查。"),
            editable=True,
        )
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(gap(4))
        self._facts.setVerticalSpacing(gap(2))
        self._values: dict[str, QLabel] = {}
        self._place = self._fact("place", _("数据位置"))
        self._size = self._fact("size", _("数据大小"))
        for key, title in COUNTS:
            self._values[key] = self._fact(key, _(title))
        self._last = self._fact("last_backup", _("上次备份"))
        self._found = name(QLabel(), "check_result", _("检查结果"))
        self._found.setWordWrap(True)
        self._lay_out()

    def refresh(self) -> None:
        """Count again."""
        desk = self.context.desk
        self._place.setText(str(desk.paths.database))
        self.context.tasks.read(lambda _watch: (desk.care.stats(), desk.care.last_backup_at()), done=self._show)

    def back_up_to(self, path: Path) -> None:
        """Write everything into one file, and open it again to prove it."""
        care, actor = self.context.desk.care, self.context.actor
        task = self.context.tasks.write(
            lambda watch: (path, care.back_up(path, actor=actor, watch=watch)),
            done=self._on_backed_up,
            failed=self.say_problem,
        )
        self.busy.follow(task, _("正在备份"))

    def check(self) -> None:
        """Read the whole file, the audit chain and every photo."""
        job = partial(_check, self.context.desk, self.context.actor)
        task = self.context.tasks.write(job, done=self._on_checked, failed=self.say_problem)
        self.busy.follow(task, _("正在检查全部数据"))

    def ask_restore(self, file: Path) -> None:
        """Say what restoring does; it begins when the person agrees."""
        dialog = AskRestore(file, self)
        dialog.agreed.connect(lambda: self.restore_wanted.emit(file))
        dialog.open()

    def check_words(self) -> str:
        """What the last check found."""
        return self._found.text()

    def _lay_out(self) -> None:
        backup = QHBoxLayout()
        backup.setSpacing(gap(2))
        for object_name, title, act, look in (
            ("backup_now", _("立即备份"), self._back_up_now, "primary"),
            ("backup_choose", _("备份到其他位置…"), self._choose_place, ""),
            ("restore_backup", _("从备份恢复…"), self._choose_backup, ""),
            ("check_everything", _("检查全部数据"), self.check, ""),
            ("open_folder", _("打开备份文件夹"), self._open_folder, ""),
        ):
            button = set_look(name(QPushButton(title), object_name, title), look)
            button.clicked.connect(act)
            button.setVisible(object_name != "restore_backup" or self.context.actor.administers)
            backup.addWidget(button)
        backup.addStretch(1)
        salvage = set_look(
            QLabel(_("数据文件损坏时,程序会在启动时说明,并可以把读得出的内容抢救到新文件,原文件不动。")), "muted"
        )
        salvage.setWordWrap(True)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(4))
        lines.addLayout(self._facts)
        lines.addLayout(backup)
        lines.addWidget(self._found)
        lines.addWidget(salvage)
        lines.addStretch(1)
        self.body.addWidget(scrolled(page, "data_scroll", _("数据与备份")), 1)

    def _fact(self, key: str, title: str) -> QLabel:
        value = name(QLabel("…"), f"data_{key}", title)
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label = set_look(QLabel(title), "muted")
        self._facts.addRow(label, value)
        return value

    def _show(self, told: tuple[Mapping[str, int], datetime | None]) -> None:
        counts, last = told
        self._size.setText(_("{n} MB").format(n=f"{counts['bytes'] / MEGABYTE:,.1f}"))
        for key, _title in COUNTS:
            self._values[key].setText(f"{counts.get(key, 0):,}")
        self._last.setText(_("还没有备份过") if last is None else f"{last.astimezone(ZONE):%Y-%m-%d %H:%M}")

    def _back_up_now(self) -> None:
        at = self.context.desk.clock.now().astimezone(ZONE)
        self.back_up_to(self.context.desk.paths.backups / f"{at:%Y%m%d-%H%M%S}{BACKUP_SUFFIX}")

    def _choose_place(self) -> None:
        at = self.context.desk.clock.now().astimezone(ZONE)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("备份到"), f"{at:%Y%m%d}{BACKUP_SUFFIX}", f"{_('备份')} (*{BACKUP_SUFFIX})"
        )
        if chosen:
            self.back_up_to(Path(chosen))

    def _choose_backup(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self,
            _("从备份恢复"),
            str(self.context.desk.paths.backups),
            f"{_('备份')} (*{BACKUP_SUFFIX});;{_('所有文件')} (*)",
        )
        if chosen:
            self.ask_restore(Path(chosen))

    def _open_folder(self) -> None:
        folder = self.context.desk.paths.backups
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self.say(_("还没有备份过,文件夹在第一次备份时建立"))

    def _on_backed_up(self, made: tuple[Path, int]) -> None:
        path, size = made
        words = _("已备份到 {path}({n} MB),并已打开核对")
        self.say(words.format(path=path, n=f"{size / MEGABYTE:,.1f}"))
        self.refresh()

    def _on_checked(self, report: CheckReport) -> None:
        set_look(self._found, "" if report.sound else "wrong")
        self._found.setText(report_words(report))


def report_words(report: CheckReport) -> str:
    """What a check found, in sentences."""
    counted = _("案件 {cases} 件,照片 {photos} 张").format(
        cases=f"{report.counts.get('case', 0):,}", photos=f"{report.counts.get('photo', 0):,}"
    )
    if report.sound:
        return _("✓ 全部检查完毕,没有发现问题:{counted}").format(counted=counted)
    said = [_("▲ 检查发现问题({counted})。请不要删除任何文件,先备份,再告知技术员:").format(counted=counted)]
    said += [_("数据文件:{line}").format(line=line) for line in report.problems]
    if report.audit_broken_at is not None:
        said.append(_("操作日志从第 {n} 条起对不上").format(n=report.audit_broken_at))
    if report.bad_files:
        said.append(_("{n} 个照片文件缺失或损坏,可从备份补回").format(n=len(report.bad_files)))
    return "\n".join(said)


def _check(desk: Desk, actor: Actor, watch: Watch) -> CheckReport:
    return desk.care.check(actor=actor, watch=watch)
