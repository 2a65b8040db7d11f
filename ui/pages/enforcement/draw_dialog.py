"""What a draw is asked for: from which enterprises, how many, when, which matters, and who keeps away from whom."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.base.words import N_, _
from app.domain.inspection_views import EnterpriseFilter
from app.domain.inspections import Exclusion
from app.domain.problems import Refused
from app.services.draws import DrawWish
from ui.dialogs.deed_dialog import DeedDialog
from ui.forms.choice_input import ChoiceInput
from ui.forms.number_inputs import IntInput
from ui.forms.text_inputs import TextInput
from ui.forms.time_inputs import DayInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.inputs import TickList, enterprise_picker, officer_picker
from ui.tasks import Latest
from ui.theme import set_look

DAYS_AHEAD = 7
ITEM_LINES = 3


class DrawDialog(DeedDialog):
    """`agreed` carries the DrawWish; the page answers with `accept` or `show_refusal`."""

    agreed = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        about = _("从符合条件、本年还有次数的企业里按信用风险加权抽取,每户派两名执法人员")
        super().__init__(_("双随机抽取"), about, parent)
        self._context = context
        desk = context.desk
        words = desk.enterprises.words_of
        self.risk = ChoiceInput([(word, word) for word in words("risk")], empty=N_("全部"))
        self.category = ChoiceInput([(word, word) for word in words("category")], empty=N_("全部"))
        self.count, self.day, self.matter = IntInput(), DayInput(), TextInput(400)
        self.items = TickList("draw_items", _("检查事项"), ITEM_LINES)
        self.barred_enterprise, self.barred_officer = enterprise_picker(desk), officer_picker(desk)
        self.reason = TextInput(200)
        self.pool = set_look(name(QLabel(), "draw_pool", _("可抽企业")), "muted")
        self.bar = name(QPushButton(_("再加一条回避 F4")), "draw_bar", _("再加一条回避"))
        self.bar.setAutoDefault(False)
        self.bar.setShortcut("F4")
        self.bar.clicked.connect(self.add_exclusion)
        self.barred = set_look(name(QLabel(), "draw_barred", _("回避")), "muted")
        self.barred.setWordWrap(True)
        self._exclusions: list[Exclusion] = []
        self._words: list[str] = []
        self._candidates: list[UUID] = []
        self._known = self._waits = False
        self._latest: Latest[list[UUID]] = Latest(
            context.tasks, done=self._on_pool, failed=self.show_refusal, parent=self
        )
        self.day.set_value(desk.reference.today() + timedelta(days=DAYS_AHEAD))
        self.count.set_value(1)
        self.items.set_choices([(item.title, item.title) for item in desk.inspections.items()])
        self._add_fields()
        for one in (self.risk, self.category, self.day):
            one.edited.connect(self.ask)
        self.submitted.connect(self._agree)
        self.count.setFocus()
        self.ask()

    def ask(self) -> None:
        """Count who may be drawn."""
        draws, day = self._context.desk.draws, self.day.value()
        self._known = not isinstance(day, date)
        if not isinstance(day, date):
            return
        wanted = EnterpriseFilter(risk=self.risk.value() or "", category=self.category.value() or "")
        self._latest.ask(lambda _watch: draws.candidates(wanted, day))

    def _add_fields(self) -> None:
        add = self.form.add
        self.form.add_row(_("信用风险"), [("risk", _("信用风险"), self.risk), ("category", _("类别"), self.category)])
        add("pool", _("可抽企业"), self.pool)
        self.form.add_row(_("抽取户数"), [("wanted", _("抽取户数"), self.count), ("day", _("检查日期"), self.day)])
        add("items", _("检查事项"), self.items, hint=_("空格键勾选"), required=True)
        add("matter", _("检查内容"), self.matter)
        add("barred_enterprise", _("回避企业"), self.barred_enterprise, hint=_("有利害关系的:填企业、人员,或两者都填"))
        add("barred_officer", _("回避人员"), self.barred_officer)
        add("reason", _("回避理由"), self.reason)
        add("barred", "", self.bar)
        self.form.add_wide(self.barred)

    def _agree(self) -> None:
        """Draw from those who fit what stands here now; while they are still being counted, it waits for them."""
        self._waits = not self._known
        if self._waits:
            return
        try:
            self.agreed.emit(self._wish())
        except Refused as refused:
            self.show_refusal(refused)

    def _wish(self) -> DrawWish:
        wanted, day = self.count.value(), self.day.value()
        if not isinstance(wanted, int):
            raise Refused("draw.wanted_wrong", found=wanted or "")
        if not isinstance(day, date):
            raise Refused("inspection.day_missing")
        ticked = set(self.items.value())
        items = tuple(item for item in self._context.desk.inspections.items() if item.title in ticked)
        exclusions = (*self._exclusions, *self._typed_exclusion())
        return DrawWish(self._candidates, wanted, day, items, self.matter.value(), exclusions=exclusions)

    def add_exclusion(self) -> None:
        """Take over what is typed about one conflict of interest, and make room for the next."""
        try:
            typed = self._typed_exclusion()
        except Refused as refused:
            self.show_refusal(refused)
            return
        self._exclusions += typed
        if typed:
            who = [one.title for one in (self.barred_enterprise.choice(), self.barred_officer.choice()) if one]
            self._words.append(" · ".join([*who, self.reason.value()]))
        self.clear_refusal()
        for picker in (self.barred_enterprise, self.barred_officer):
            picker.set_choice(None)
        self.reason.set_value("")
        self.barred.setText("\n".join(self._words))
        self.barred_enterprise.setFocus()

    def _typed_exclusion(self) -> list[Exclusion]:
        """What stands in the three fields; nothing when neither a company nor an officer is named."""
        enterprise, officer = self.barred_enterprise.choice(), self.barred_officer.choice()
        if enterprise is None and officer is None:
            return []
        reason = self.reason.value()
        if not reason:
            raise Refused("draw.exclusion_reason")
        return [
            Exclusion(
                enterprise_id=None if enterprise is None else UUID(enterprise.key),
                officer_id=None if officer is None else UUID(officer.key),
                reason=reason,
            )
        ]

    def _on_pool(self, candidates: list[UUID]) -> None:
        self._candidates, self._known = candidates, True
        self.pool.setText(_("{n} 户").format(n=f"{len(candidates):,}"))
        if self._waits:
            self._agree()
