"""The rules of grids and patrols: codes, targets, dust, traces, roll calls; a new version each time they are saved."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.grid_rules import CODE_PARTS, FacilityCodeRule, PatrolRules
from ui.forms.choice_input import ChoiceInput
from ui.forms.record_form import RecordForm
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.settings.office_inputs import ShareInput
from ui.pages.settings.section import Section, scrolled
from ui.theme import gap, set_look

SHARES = ("lamp_main_target", "lamp_side_target", "road_facility_target", "facility_target", "advert_target")
FIELDS = (
    "code_length",
    "facility_code",
    *SHARES,
    "dust_fast_g_m2",
    "dust_slow_g_m2",
    "dust_pavement_g_m2",
    "gap_minutes",
    "jump_speed_kmh",
    "reach_m",
    "roll_call_share",
    "inspection_cap_per_year",
    "inspection_cap_refuses",
    "inspection_leader_approves",
    "inspection_other_approves",
    "draw_weight_a",
    "draw_weight_b",
    "draw_weight_c",
    "draw_weight_d",
)
FACILITY_CODES = {
    FacilityCodeRule.SERIAL_6: N_("6+2+2+6:区划、大类、小类、顺序号"),
    FacilityCodeRule.SERIAL_5: N_("6+2+3+5:区划、大类、小类、顺序号"),
}


class PatrolRulesSection(Section):
    """One form; what is saved is in force from today at every PC of the district."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "patrol_rules",
            _("网格与巡查规则"),
            _("网格代码、目标值和轨迹判定,从保存当天起对全区生效,以前的版本保留。"),
            editable=context.actor.administers,
        )
        lengths = [
            (digits, _("{n} 位({parts})").format(n=digits, parts="+".join(map(str, parts))))
            for digits, parts in CODE_PARTS.items()
        ]
        widgets: dict[str, QWidget] = {"code_length": ChoiceInput(lengths)}
        widgets |= {field_name: ShareInput() for field_name in (*SHARES, "roll_call_share")}
        self.form = RecordForm(PatrolRules, FIELDS, titles={"facility_code": FACILITY_CODES}, widgets=widgets)
        self.form.setMaximumWidth(gap(190))
        self._save = set_look(name(QPushButton(_("保存")), "patrol_rules_save", _("保存网格与巡查规则")), "primary")
        self._save.setVisible(self.editable)
        self._save.clicked.connect(self.save)
        for box in self.form.fields():
            box.widget.setEnabled(self.editable)
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.form)
        lines.addStretch(1)
        self.body.addWidget(scrolled(page, "patrol_rules_scroll", _("网格与巡查规则")), 1)
        self.body.addWidget(self._save, 0, Qt.AlignmentFlag.AlignLeft)
        self._typed = False
        self.form.changed.connect(self._on_typed)

    def refresh(self) -> None:
        """Show the rules in force; what is half typed stays."""
        if not self._typed:
            rules = self.context.desk.grids.rules()
            self.form.fill(**{field_name: getattr(rules, field_name) for field_name in FIELDS})
            self.form.clear_refusals()

    def save(self) -> None:
        """Keep the rules as a new version."""
        rules = self.form.submit()
        if rules is None:
            self.say(_("还有没填对的项目,已标在项目下面"))
            return
        grids, actor = self.context.desk.grids, self.context.actor
        task = self.context.tasks.write(
            lambda _watch: grids.save_rules(rules, actor=actor), done=self._on_saved, failed=self.say_problem
        )
        self.busy.follow(task, _("正在保存"))

    def _on_typed(self) -> None:
        self._typed = True

    def _on_saved(self, _none: None) -> None:
        self._typed = False
        self.refresh()
        self.say(_("已保存,从今天起生效"))
