"""What the legal section says of one term: that it holds, and how long it is where no law was read that says so."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.base.words import _
from app.domain.terms import TermRule, TermSetting, may_be_set
from app.services.term_words import length_words, mark_words
from ui.dialogs.deed_dialog import DeedDialog
from ui.forms.number_inputs import IntInput
from ui.forms.tick_input import TickInput

LONGEST = 3660


class TermDialog(DeedDialog):
    """`submitted` when the person is done; `setting` gives what was said."""

    def __init__(self, rule: TermRule, parent: QWidget | None = None) -> None:
        about = _("{title},现在是 {length}。依据:{basis}({mark})。").format(
            title=_(rule.title), length=length_words(rule), basis=rule.basis, mark=mark_words(rule)
        )
        super().__init__(_("确认法定期限"), about, parent)
        self._settable = may_be_set(rule)
        self.confirmed = TickInput(_("法制机构确认本单位按此执行"))
        self.confirmed.set_value(rule.confirmed)
        self.form.add("term_confirmed", "", self.confirmed)
        self.value = IntInput()
        self.value.set_value(rule.value)
        if self._settable:
            self.form.add("term_value", _("长度"), self.value, hint=_("未见原文的期限可以按本单位规定设定,单位不变"))

    def setting(self) -> TermSetting | None:
        """What was said; None when the length is none, which is then told."""
        value = self.value.value()
        if self._settable and (not isinstance(value, int) or not 1 <= value <= LONGEST):
            self.form.show_refusals({"term_value": _("请填写 1 到 {n} 之间的整数").format(n=LONGEST)})
            self.again()
            return None
        length = value if self._settable and isinstance(value, int) else None
        return TermSetting(value=length, confirmed=bool(self.confirmed.value()))
