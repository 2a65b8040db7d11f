"""The office itself: its name, hours and the numbers its rules use."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.base.watch import Watch
from app.base.words import _
from app.desk import Desk
from app.domain.office import Office
from app.domain.permissions import Actor
from ui.forms.choice_input import ChoiceInput
from ui.forms.record_form import RecordForm
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.office_inputs import PeriodsInput, ShareInput
from ui.pages.settings.section import Section, scrolled
from ui.theme import gap, set_look

FIELDS = (
    "name",
    "mark",
    "scheme",
    "work_periods",
    "yellow_share",
    "duplicate_metres",
    "duplicate_hours",
    "swap_verify_and_check",
    "urge_switched_on",
    "force_close_switched_on",
    "print_shift_x_mm",
    "print_shift_y_mm",
)
CLOCK_FIELDS = ("work_periods", "yellow_share")


class OfficeSection(Section):
    """Settings that hold for everybody in the office."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "office_settings",
            _("单位"),
            _("单位名称、工作时间和各项规则用到的数值,对本单位所有人有效。"),
            editable=context.actor.administers,
        )
        self._scheme = ChoiceInput()
        widgets = {"scheme": self._scheme, "work_periods": PeriodsInput(), "yellow_share": ShareInput()}
        self.form = RecordForm(Office, FIELDS, widgets=widgets)
        self.form.setMaximumWidth(gap(150))
        self._save = set_look(name(QPushButton(_("保存")), "office_save", _("保存单位设置")), "primary")
        self._save.setVisible(self.editable)
        self._save.clicked.connect(self.save)
        for box in self.form.fields():
            box.widget.setEnabled(self.editable)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.form)
        lines.addStretch(1)
        self.body.addWidget(scrolled(page, "office_scroll", _("单位")), 1)
        self.body.addWidget(self._save, 0, Qt.AlignmentFlag.AlignLeft)
        self._office: Office | None = None
        self._typed = False
        self.form.changed.connect(self._on_typed)

    def refresh(self) -> None:
        """Show the office as it stands; what is half typed stays."""
        if self._typed:
            return
        reference = self.context.desk.reference
        self._office = reference.office()
        self._scheme.set_choices([(scheme, scheme) for scheme in reference.schemes()])
        self.form.fill(**{field_name: getattr(self._office, field_name) for field_name in FIELDS})
        self.form.clear_refusals()

    def save(self) -> None:
        """Keep the settings; due times follow when hours or the yellow share changed."""
        before = self._office
        if before is None:
            return
        rest = {key: value for key, value in before.__dict__.items() if key not in FIELDS}
        rest["changed_at"] = self.context.desk.clock.now()
        office = self.form.submit(**rest)
        if office is None:
            self.say(_("还有没填对的项目,已标在项目下面"))
            return
        anew = any(getattr(before, field_name) != getattr(office, field_name) for field_name in CLOCK_FIELDS)
        job = partial(_save, self.context.desk, office, self.context.actor, anew)
        task = self.context.tasks.write(job, done=self._on_saved, failed=self.say_problem)
        self.busy.follow(task, _("正在保存"))

    def _on_typed(self) -> None:
        self._typed = True

    def _on_saved(self, changed: int) -> None:
        self._typed = False
        self.refresh()
        self.say(_("已保存,{n} 件在办案件的截止时间已重新计算").format(n=changed) if changed else _("已保存"))


def _save(desk: Desk, office: Office, actor: Actor, anew: bool, watch: Watch) -> int:
    desk.reference.set_office(office, actor=actor)
    return desk.cases.lay_out_times(actor=actor, watch=watch) if anew else 0
