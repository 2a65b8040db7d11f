"""Statutory terms: every one with its article, and a calculator that shows each day it counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.base.problem_words import problem_cure, problem_text
from app.base.words import N_, _
from app.domain.problems import Problem
from app.domain.terms import DayRun, Term, TermRule
from app.services.term_words import PROCEDURE_WORDS, days_words, due_words, length_words, mark_words, run_words
from ui.forms.choice_input import ChoiceInput
from ui.forms.text_inputs import TextInput
from ui.naming import name
from ui.pages.context import PageContext
from ui.pages.enforcement.term_dialog import TermDialog
from ui.pages.enforcement.term_form import TermForm
from ui.pages.enforcement.term_list import fact_lines, left_words, rule_columns
from ui.tables.columns import Column
from ui.tables.small_table import SmallTable
from ui.tasks import Latest
from ui.theme import gap, set_look
from ui.widgets.empty_state import EmptyState
from ui.widgets.split_view import SplitView


class TermsPart(QWidget):
    """`go` takes the code of a term, or None."""

    wanted = Signal(str, object)
    counted = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        name(self, "terms_part", _("法定期限"))
        self._context = context
        self._rules: Sequence[TermRule] = ()
        self._rule: TermRule | None = None
        self._wanted: str | None = None
        self.term: Term | None = None
        self.dialog: TermDialog | None = None
        self.search = name(TextInput(40), "term_search", _("查找期限"))
        self.search.setPlaceholderText(_("查找名称、条文或代码"))
        self.procedure = name(
            ChoiceInput(list(PROCEDURE_WORDS.items()), empty=N_("全部程序")), "term_procedure", _("程序")
        )
        self.table: SmallTable[TermRule] = SmallTable(
            "term_table",
            _("期限表"),
            rule_columns(),
            context,
            EmptyState(_("没有找到"), hint=_("换一个词,或选全部程序")),
        )
        self.days: SmallTable[DayRun] = SmallTable(
            "term_days", _("逐日计算"), self._day_columns(), context, EmptyState(_("填写起算日期后,这里逐日列出"))
        )
        self.form = TermForm()
        self.title = set_look(name(QLabel(), "term_title", _("期限")), "title")
        self.facts = set_look(name(QLabel(), "term_facts", _("条文和后果")), "muted")
        self.result = set_look(name(QLabel(), "term_result", _("期满日")), "title")
        self.notes = set_look(name(QLabel(), "term_notes", _("说明")), "muted")
        for label in (self.title, self.facts, self.result, self.notes):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = name(QPushButton(_("复制计算过程 Ctrl+Shift+C")), "term_copy", _("复制计算过程"))
        self.set = name(QPushButton(_("确认或设定…")), "term_set", _("由法制机构确认或设定这个期限"))
        self._asked: Latest[Term] = Latest(context.tasks, done=self._show_term, failed=self._on_problem, parent=self)
        self._lay_out()
        self._connect()
        self._show_rule(None)

    def go(self, argument: object) -> None:
        """Stand on a term."""
        if isinstance(argument, str):
            self._wanted = argument
            self.refresh()

    def refresh(self) -> None:
        """Read the rules again; what is typed stays."""
        terms = self._context.desk.terms
        self._context.tasks.read(lambda _watch: terms.all(), done=self._show_rules)

    def keep(self) -> None:
        """A calculation is no record: there is no draft."""

    def ask_setting(self) -> None:
        """Ask what the legal section says of the term one stands on."""
        if self._rule is None or not self._context.actor.administers:
            return
        self.dialog = TermDialog(self._rule, self)
        self.dialog.submitted.connect(self._set)
        self.dialog.open()

    def copy_words(self) -> None:
        """The arithmetic as text, for a note in the file."""
        if self.term is not None:
            QGuiApplication.clipboard().setText("\n".join(self.told()))
            self._context.notices.say(_("计算过程已复制"))

    def told(self) -> list[str]:
        """The term, its article and every line of the arithmetic."""
        term = self.term
        if term is None:
            return []
        lines = [f"{days_words(run.first, run.last)} {run_words(run, term)}" for run in term.runs]
        return [f"{_(term.rule.title)}:{length_words(term.rule)}({term.rule.basis})", *lines, self.result.text()]

    # What comes back ---------------------------------------------------------------------------------------------

    def _show_rules(self, rules: Sequence[TermRule]) -> None:
        self._rules = rules
        self._filter()
        wanted, self._wanted = self._wanted or (self._rule.code if self._rule else None), None
        if wanted is not None:
            self.table.go_to(lambda rule: rule.code == wanted)
        elif rules:
            self.table.go_to(lambda rule: rule.measured)

    def _filter(self) -> None:
        words, procedure = self.search.value().strip().lower(), self.procedure.value()
        self.table.show_all(
            [
                rule
                for rule in self._rules
                if (procedure is None or rule.procedure == procedure)
                and words in f"{rule.code} {rule.title} {rule.start_title} {rule.end_title} {rule.basis}".lower()
            ]
        )

    def _show_rule(self, rule: TermRule | None) -> None:
        self._rule = rule
        self.set.setVisible(self._context.actor.administers and rule is not None)
        self.form.setVisible(rule is not None and rule.measured)
        self.title.setText("" if rule is None else f"{_(rule.title)} · {length_words(rule)}")
        self.facts.setText("" if rule is None else "\n".join(fact_lines(rule)))
        if rule is not None:
            self.form.show_rule(rule)
        self._ask()

    def _ask(self) -> None:
        """Count again, if there is something to count."""
        self.term = None
        self.form.clear_refusals()
        asked = self.form.asked() if self._rule is not None and self._rule.measured else None
        if self._rule is None or asked is None:
            self._asked.drop()
            self._say("", "")
            return
        terms, code = self._context.desk.terms, self._rule.code
        self._asked.ask(lambda _watch: terms.count(code, asked.start, asked.pauses))

    def _show_term(self, term: Term) -> None:
        asked = self.form.asked()
        if asked is None or self._rule is None or term.rule.code != self._rule.code:
            return
        self.term = term
        self.days.show_all(term.runs)
        grown = self.form.surcharge(asked)
        notes = [left_words(term, self._context.desk.clock.now()), *([grown] if grown else [])]
        if not term.certain:
            notes.append(_("{year} 年的放假安排还没有公布,期满日可能顺延").format(year=term.last_day.year))
        if term.rule.to_be_confirmed:
            notes.append(mark_words(term.rule))
        self.result.setText(due_words(term))
        set_look(self.result, "title")
        self.notes.setText("\n".join(notes))
        self.copy.setEnabled(True)
        self.counted.emit(term)

    def _on_problem(self, problem: Problem) -> None:
        self._say(f"{problem_text(problem).rstrip('。')}。", problem_cure(problem))
        set_look(self.result, "wrong")

    def _say(self, result: str, notes: str) -> None:
        self.days.show_all([])
        self.copy.setEnabled(False)
        self.result.setText(result)
        self.notes.setText(notes)

    def _set(self) -> None:
        dialog, rule = self.dialog, self._rule
        if dialog is None or rule is None:
            return
        setting = dialog.setting()
        if setting is None:
            return
        terms, actor = self._context.desk.terms, self._context.actor
        self._context.tasks.write(
            lambda _watch: terms.set(rule.code, setting, actor=actor),
            done=self._on_set,
            failed=dialog.show_refusal,
        )

    def _on_set(self, rule: TermRule) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._context.notices.say(_("已设定 {title}").format(title=_(rule.title)))
        self._rule = rule
        self.refresh()

    # Parts -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        top.addWidget(self.search, 2)
        top.addWidget(self.procedure, 1)
        left = QWidget()
        lines = QVBoxLayout(left)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(gap(2))
        lines.addLayout(top)
        lines.addWidget(self.table, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap(2))
        buttons.addWidget(self.copy)
        buttons.addWidget(self.set)
        buttons.addStretch(1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(gap(4), 0, 0, 0)
        column.setSpacing(gap(2))
        for widget in (self.title, self.facts, self.form, self.result, self.notes):
            column.addWidget(widget)
        column.addWidget(self.days, 1)
        column.addLayout(buttons)
        self.split = SplitView("terms_split", _("法定期限"), left, side, self._context.remember)
        page = QVBoxLayout(self)
        page.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        page.addWidget(self.split, 1)
        self.setFocusProxy(self.search)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._filter())
        self.procedure.edited.connect(self._filter)
        self.table.chosen.connect(self._show_rule)
        self.form.edited.connect(self._ask)
        self.copy.clicked.connect(self.copy_words)
        self.set.clicked.connect(self.ask_setting)
        shortcut = QShortcut(QKeySequence("Ctrl+Shift+C"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.copy_words)

    def _day_columns(self) -> list[Column[DayRun]]:
        def said(run: DayRun) -> str:
            return run_words(run, self.term) if self.term is not None else ""

        return [
            Column("days", N_("日期"), 180, lambda run: days_words(run.first, run.last)),
            Column("said", N_("怎样计算"), 260, said, hint=said),
        ]
