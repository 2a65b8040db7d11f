"""Joining the city: its address, a code that works once, and for offices behind a proxy what that needs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_sentence
from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem
from ui.forms.field import FormColumn
from ui.forms.text_inputs import TextInput
from ui.icons import icon
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.sync.advanced import AdvancedFields
from ui.theme import gap, set_look
from ui.widgets.busy_bar import BusyBar

WIDTH_PX = 620
FIELD_OF = {
    "sync.address_wrong": "city_url",
    "sync.offline": "city_url",
    "sync.timeout": "city_url",
    "sync.captive_portal": "city_url",
    "sync.tls": "city_url",
    "sync.code_wrong": "city_code",
    "sync.code_other_district": "city_code",
    "sync.too_many_tries": "city_code",
}


class EnrolForm(QWidget):
    """`enrolled` when the city took this PC."""

    enrolled = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "enrol_form", _("接入市平台"))
        self._context = context
        self.url = TextInput(300)
        self.code = TextInput(80)
        self.form = FormColumn()
        self.form.add("city_url", _("市平台地址"), self.url, hint=_("以 https 开头,由市平台告知"), required=True)
        self.form.add("city_code", _("一次性代码"), self.code, hint=_("每台电脑一个,用过就失效"), required=True)
        self.advanced = AdvancedFields()
        self.form.align_with(self.advanced)
        self.advanced.hide()
        self.fold = set_look(name(QPushButton(icon("right"), _("证书和代理")), "enrol_more", _("证书和代理")), "quiet")
        self.fold.clicked.connect(self._on_fold)
        self.join = set_look(name(QPushButton(_("接入市平台")), "enrol_go", _("接入市平台")), "primary")
        self.join.clicked.connect(self.enrol)
        self._said = set_look(name(QLabel(), "enrol_wrong", _("没有接入的原因")), "wrong")
        self._said.setWordWrap(True)
        self._said.hide()
        self.busy = BusyBar(self)
        self._lay_out()

    def enrol(self) -> None:
        """Ask the city to take this PC; what is missing is said at its field."""
        missing = {
            key: words
            for key, words, field in (
                ("city_url", _("请填写市平台地址"), self.url),
                ("city_code", _("请填写一次性代码"), self.code),
            )
            if not field.value()
        }
        self._say("")
        self.form.show_refusals(missing)
        self.advanced.clear_refusals()
        if missing:
            return
        self.join.setEnabled(False)
        sync, actor = self._context.desk.sync, self._context.actor
        url, code, proxy = self.url.value(), self.code.value(), self.advanced.proxy.value()
        certificate = self.advanced.certificate()

        def job(watch: Watch) -> None:
            sync.enrol(url, code, own_ca=certificate(), proxy=proxy, actor=actor, watch=watch)

        task = self._context.tasks.read(job, done=self._on_enrolled, failed=self.show_refusal)
        task.ended.connect(self._on_ended)
        self.busy.follow(task, _("正在接入市平台"))

    def show_refusal(self, problem: Problem) -> None:
        """Say what was refused, at its field where it has one; everything typed stays."""
        words = problem_sentence(problem)
        field = FIELD_OF.get(problem.code, "")
        rest = "\n".join(self.form.show_refusals({field: words}))
        if rest:
            rest = self.advanced.show_refusal(problem.code, words)
            if not rest:
                self._fold(open_=True)
        self._say(rest)

    def refusal(self) -> str:
        """What stands below the form; empty: nothing."""
        return "" if self._said.isHidden() else self._said.text()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.join)
        foot.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(3))
        lines.addWidget(self.form)
        fold = QHBoxLayout()
        fold.addWidget(self.fold)
        fold.addStretch(1)
        lines.addLayout(fold)
        lines.addWidget(self.advanced)
        lines.addLayout(foot)
        lines.addWidget(self.busy)
        lines.addWidget(self._said)
        self.setMaximumWidth(WIDTH_PX)

    def _on_fold(self) -> None:
        self._fold(open_=self.advanced.isHidden())

    def _fold(self, *, open_: bool) -> None:
        self.advanced.setVisible(open_)
        self.fold.setIcon(icon("down" if open_ else "right"))

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def _on_ended(self) -> None:
        self.join.setEnabled(True)

    def _on_enrolled(self, _nothing: object) -> None:
        self.code.set_value("")
        self.enrolled.emit()
