"""Where desk and city disagree: before, mine and theirs side by side, chosen field by field, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.base.problem_words import problem_sentence
from app.base.words import _
from app.domain.problems import Problem
from app.sync.views import Trouble
from ui.dialogs.conflict_row import MINE, THEIRS, ClashRow, plain
from ui.forms.field import FormColumn
from ui.forms.text_inputs import ParagraphInput
from ui.naming import name
from ui.theme import gap, set_look
from ui.time_words import moment_words

SIZE = (900, 600)
LONGEST_REASON = 2000
Choices = Mapping[str, str]


class ConflictDialog(QDialog):
    """`decided`: the side ("mine", "theirs") of each field, and the reason; the asker accepts it or shows a refusal."""

    decided = Signal(object, str)

    def __init__(self, trouble: Trouble, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = _("处理冲突")
        name(self, "conflict_dialog", title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.resize(*SIZE)
        self.trouble = trouble
        self.rows = {clash.name: ClashRow(clash) for clash in trouble.clashes}
        self.reason = ParagraphInput(2)
        self.form = FormColumn()
        self.form.add("reason", _("理由"), self.reason, hint=_("记入案件的经过,别人会看到"), required=True)
        self._said = set_look(name(QLabel(), "conflict_refused", _("没有保存的原因")), "wrong")
        self._said.setWordWrap(True)
        self._said.hide()
        self.later = name(QPushButton(_("稍后处理")), "conflict_later", _("稍后处理"))
        self.ok = set_look(name(QPushButton(_("确定 Ctrl+Enter")), "conflict_ok", _("确定")), "primary")
        for button, act in ((self.later, self.reject), (self.ok, self.submit)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.submit)
        self._lay_out(now)

    def choices(self) -> dict[str, str]:
        """The side chosen of each field that was."""
        return {key: row.side for key, row in self.rows.items() if row.side}

    def choose_all(self, side: str) -> None:
        """One side for every field that leaves a choice."""
        for row in self.rows.values():
            row.choose(side)

    def submit(self) -> None:
        """Hand on what was chosen; a field without choice or an empty reason is said first."""
        open_rows = [row for row in self.rows.values() if not row.side]
        for row in self.rows.values():
            row.say_open(row in open_rows)
        reason = self.reason.value().strip()
        wrong = {} if reason else {"reason": _("请写一句理由")}
        if len(reason) > LONGEST_REASON:
            wrong = {"reason": _("理由最多 {n} 个字").format(n=LONGEST_REASON)}
        self.form.show_refusals(wrong, focus=not open_rows)
        titles = "、".join(row.title for row in open_rows)
        self._say(_("还有没选择的:{fields}").format(fields=titles) if titles else "")
        if open_rows:
            open_rows[0].take_focus()
        if not open_rows and not wrong and self.ok.isEnabled():
            self.ok.setEnabled(False)
            self.decided.emit(self.choices(), reason)

    def show_refusal(self, problem: Problem) -> None:
        """Say why it was not kept; what was chosen and typed stays."""
        self.ok.setEnabled(True)
        words = problem_sentence(problem)
        rest = self.form.show_refusals({"reason" if problem.code == "sync.reason_missing" else "": words})
        self._say("\n".join(rest))

    def words(self) -> str:
        """Everything said, for a test and a screen reader."""
        labels = [label for label in self.findChildren(QLabel) if not label.isHidden() and label.text()]
        return "\n".join(label.text() for label in labels)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the first field to choose."""
        super().showEvent(event)
        first = next((row for row in self.rows.values() if not row.side), None)
        if first is not None:
            first.take_focus()
        else:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, now: datetime) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(5), gap(4), gap(5), gap(4))
        lines.setSpacing(gap(3))
        lines.addWidget(set_look(plain(self.trouble.title, "conflict_title"), "title"))
        lines.addWidget(set_look(plain(about_words(self.trouble, now), "conflict_about"), "muted"))
        lines.addWidget(self._scrolled(), 1)
        lines.addWidget(self.form)
        lines.addWidget(self._said)
        foot = QHBoxLayout()
        foot.setSpacing(gap(2))
        keys = set_look(plain(_("1 我的 · 2 市平台的 · Tab 下一项"), "conflict_keys"), "muted")
        foot.addWidget(keys, 1)
        foot.addWidget(self.later)
        foot.addWidget(self.ok)
        lines.addLayout(foot)

    def _scrolled(self) -> QScrollArea:
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(gap(3), gap(2), gap(3), gap(2))
        lines.setSpacing(gap(3))
        lines.addLayout(self._grid())
        for object_name, text in (
            ("conflict_merged", merged_words(self.trouble)),
            ("conflict_steps", steps_words(self.trouble)),
        ):
            if text:
                lines.addWidget(plain(text, object_name))
        lines.addStretch(1)
        area = name(QScrollArea(), "conflict_scroll", _("各项取值"))
        set_look(area, "sheet")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(gap(4))
        grid.setVerticalSpacing(gap(2))
        for column, stretch in enumerate((0, 3, 4, 4)):
            grid.setColumnStretch(column, stretch)
        grid.addWidget(set_look(plain(_("之前"), "conflict_before"), "muted"), 0, 1, Qt.AlignmentFlag.AlignVCenter)
        free = any(not row.clash.only_theirs for row in self.rows.values())
        for column, side, title, button_title in (
            (2, MINE, _("我的"), _("全部用我的")),
            (3, THEIRS, _("市平台的"), _("全部用市平台的")),
        ):
            head = QHBoxLayout()
            head.addWidget(set_look(plain(title, f"conflict_{side}"), "muted"))
            head.addStretch(1)
            button = set_look(name(QPushButton(button_title), f"conflict_all_{side}", button_title), "quiet")
            button.setAutoDefault(False)
            button.setVisible(free)
            button.clicked.connect(self._chooser(side))
            head.addWidget(button)
            grid.addLayout(head, 0, column)
        at = 1
        for row in self.rows.values():
            at = row.place(grid, at)
        return grid

    def _chooser(self, side: str) -> Callable[[], None]:
        return lambda: self.choose_all(side)

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))


def about_words(trouble: Trouble, now: datetime) -> str:
    """Who changed it on the other side, and when."""
    if not trouble.theirs_by and trouble.theirs_at is None:
        return _("别处也改了这条记录,请选择用哪一个。两边的内容都已留存。")
    at = moment_words(trouble.theirs_at, now) if trouble.theirs_at is not None else ""
    words = _("{who} {at} 在别处改了这条记录,请选择用哪一个。两边的内容都已留存。")
    return words.format(who=trouble.theirs_by, at=at).strip()


def merged_words(trouble: Trouble) -> str:
    """Fields that went together by themselves."""
    if not trouble.merged:
        return ""
    return _("没有冲突、已自动合并的:{fields}").format(fields="、".join(_(field) for field in trouble.merged))


def steps_words(trouble: Trouble) -> str:
    """Steps of mine that do not take effect."""
    if not trouble.steps:
        return ""
    head = _("▲ 采用市平台的环节后,本机办的这些步骤不生效(内容仍留在经过里,请按现在的环节重新办理):")
    return "\n".join([head, *(f"· {step}" for step in trouble.steps)])
