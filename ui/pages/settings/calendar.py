"""The working days of each year: shown, changed day by day, or imported as the State Council announced them."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSpinBox

from app.base.watch import Watch
from app.base.words import _
from app.desk import Desk
from app.domain.permissions import Actor
from app.services.sheets.day_rows import DayRows, read_day_rows
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.section import Section, scrolled
from ui.pages.settings.year_view import YearView
from ui.theme import gap, set_look

YEARS = (2010, 2099)
SHEETS = "*.xlsx *.xls *.csv *.ods"


class CalendarSection(Section):
    """One year at a time. Days changed are shown bold until they are saved as a new version."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "calendar_settings",
            _("工作日历"),
            _("处置时限按这里的工作日计算。标“休”的是放假,标“班”的是调休上班;点一下某天可以改。"),
            editable=context.actor.administers,
        )
        self._changed: dict[str, bool] = {}
        self._source = ""
        self.year = name(QSpinBox(), "calendar_year", _("年份"))
        self.year.setRange(*YEARS)
        self.year.setValue(context.desk.reference.today().year)
        self.missing = set_look(name(QLabel(), "calendar_missing", _("缺少的年份")), "wrong")
        self.view = YearView()
        self._count = set_look(name(QLabel(), "calendar_count", _("工作日数")), "muted")
        self._import = name(QPushButton(_("导入一年的安排…")), "calendar_import", _("导入一年的安排"))
        self._save = set_look(name(QPushButton(_("保存")), "calendar_save", _("保存日历")), "primary")
        self._undo = name(QPushButton(_("放弃改动")), "calendar_undo", _("放弃改动"))
        self._lay_out()
        self.year.valueChanged.connect(lambda _year: self._show())
        self.view.toggled.connect(self.toggle)
        self._import.clicked.connect(self._choose_file)
        self._save.clicked.connect(self.save)
        self._undo.clicked.connect(self.undo)

    def refresh(self) -> None:
        """Show the year again."""
        self._show()

    def toggle(self, day: date) -> None:
        """Work on a free day, or stay away on a worked one; saved later."""
        worked = not self.view.worked(day)
        key = day.isoformat()
        known = dict(self.context.desk.reference.calendar().table.days)
        usual = known.get(key, day.weekday() < 5)
        if worked == usual:
            self._changed.pop(key, None)
        else:
            self._changed[key] = worked
        self._show()

    def undo(self) -> None:
        """Forget what was not saved."""
        self._changed.clear()
        self._source = ""
        self._show()

    def import_file(self, path: Path) -> None:
        """Read a year from a sheet; it is shown first, and saved by the button."""
        self.context.tasks.read(
            lambda watch: (path, read_day_rows(path, watch)), done=self._on_read, failed=self.say_problem
        )

    def save(self) -> None:
        """Keep the changed days as a new version, and lay out the due times of open cases anew."""
        if not self._changed:
            return
        job = partial(_save, self.context.desk, dict(self._changed), self._source, self.context.actor)
        task = self.context.tasks.write(job, done=self._on_saved, failed=self.say_problem)
        self.busy.follow(task, _("正在保存,并重新计算截止时间"))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(gap(2))
        for widget in (self.year, self._import, self._count, self.missing):
            row.addWidget(widget)
        row.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        for button in (self._save, self._undo):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for widget in (self._import, self._save, self._undo):
            widget.setVisible(self.editable)
        self.body.addLayout(row)
        self.body.addWidget(scrolled(self.view, "calendar_scroll", _("全年工作日")), 1)
        self.body.addLayout(buttons)

    def _show(self) -> None:
        year, table = self.year.value(), self.context.desk.reference.calendar().table
        known = table.first_day.year <= year <= table.last_day.year
        said = {**table.days, **self._changed}
        self.view.show_year(year, said, changed=frozenset(self._changed), editable=self.editable)
        if not known and self._changes(year):
            words = _("▲ 保存后 {year} 年按这些改动和周末休息计算,请确认已包含全部放假和调休")
            self.missing.setText(words.format(year=year))
        else:
            today = self.context.desk.reference.today()
            self.missing.setText(_missing_words(year, table.last_day.year, known, today))
        self.missing.setVisible(bool(self.missing.text()))
        days = (date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
        worked = sum(1 for day in days if self.view.worked(day))
        self._count.setText(_("全年 {n} 个工作日").format(n=worked) if known or self._changes(year) else "")
        for button in (self._save, self._undo):
            button.setEnabled(bool(self._changed))
        self._save.setText(_("保存 {n} 天的改动").format(n=len(self._changed)) if self._changed else _("保存"))

    def _changes(self, year: int) -> bool:
        """Whether days of that year wait to be saved."""
        return any(day.startswith(f"{year}-") for day in self._changed)

    def _choose_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("导入一年的安排"), "", f"{_('表格')} ({SHEETS})")
        if chosen:
            self.import_file(Path(chosen))

    def _on_read(self, found: tuple[Path, DayRows]) -> None:
        path, rows = found
        if not rows.days:
            self.say(
                _("“{file}”里没有认出日期和类型。需要“日期”和“类型”两列,类型写“放假”或“调休上班”").format(
                    file=path.name
                )
            )
            return
        self._changed |= rows.days
        self._source = path.name
        self.year.setValue(rows.years[-1])
        self._show()
        words = _("读到 {n} 天,请核对后保存").format(n=len(rows.days))
        if rows.refused:
            named = "、".join(str(number) for number, _text in rows.refused[:10])
            words += _(";第 {rows} 行没有看懂,没有读入").format(rows=named)
        self.say(words)

    def _on_saved(self, changed: int) -> None:
        self.undo()
        self.say(_("已保存,{n} 件在办案件的截止时间已重新计算").format(n=changed) if changed else _("已保存"))


def _missing_words(year: int, last: int, known: bool, today: date) -> str:
    if not known:
        return _("▲ {year} 年调休安排未导入,落在这一年的时限不计算").format(year=year)
    if last <= today.year and today.month >= 11:
        return _("▲ {year} 年调休安排未导入").format(year=last + 1)
    return ""


def _save(desk: Desk, days: dict[str, bool], source: str, actor: Actor, watch: Watch) -> int:
    years = sorted({day[:4] for day in days})
    label = _("{years} 年工作日").format(years="、".join(years))
    desk.reference.take_over_workdays(days, label=label, source=source or _("手工修改"), actor=actor)
    return desk.cases.lay_out_times(actor=actor, watch=watch)
