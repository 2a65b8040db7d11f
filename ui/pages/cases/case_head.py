"""The head of the detail: what it is, how its time stands, its numbers, and what else can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.base.words import N_, _
from app.domain.case_views import CaseLine
from app.domain.cases import SUPERVISE_TITLES, Case, SuperviseLevel
from app.domain.deadlines import Light, light
from app.domain.office import Office
from app.domain.stages import CLOSED_STAGES, Stage
from app.domain.workcalendar import WorkCalendar
from app.services.case_words import clock_word, remaining_words, stage_word
from app.sync.views import RecordDelivery, RecordState
from ui.icons import icon
from ui.naming import name
from ui.pages.cases.case_reading import CasePicture
from ui.pages.cases.columns import delivered_words, light_words
from ui.theme import gap, set_look
from ui.time_words import moment_words
from ui.widgets.deadline_light import DeadlineLight

ICON = QSize(16, 16)
TROUBLE_TITLES = {RecordState.CONFLICT: N_("处理冲突…"), RecordState.REFUSED: N_("看退回原因…")}


class CaseHead(QWidget):
    """Two lines that stay in sight while the rest scrolls. trouble_wanted: the RecordState that asks for somebody."""

    full_wanted = Signal()
    print_wanted = Signal()
    receipt_wanted = Signal()
    correct_wanted = Signal()
    link_wanted = Signal()
    copy_wanted = Signal()
    trouble_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "case_head", _("案件概要"))
        self._picture: CasePicture | None = None
        self._problem = set_look(name(QLabel(), "case_problem", _("问题")), "title")
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._light = DeadlineLight()
        self._state = name(QLabel(), "case_state", _("环节"))
        self._state.setWordWrap(True)
        self._numbers = name(QLabel(), "case_numbers", _("编号"))
        self._numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._numbers.setTextFormat(Qt.TextFormat.PlainText)
        self._numbers.setWordWrap(True)
        set_look(self._numbers, "muted")
        self.full = self._tool("case_full", _("全宽显示 (Enter)"), "right", self.full_wanted)
        self.correct = self._tool("case_correct", _("更正…"), "edit", self.correct_wanted)
        self.link = self._tool("case_link", _("关联另一件…"), "link", self.link_wanted)
        self.copy = self._tool("case_copy", _("复制编号"), "copy", self.copy_wanted)
        self.print = self._tool("case_print", _("打印派遣单 (Ctrl+P)"), "print", self.print_wanted)
        self.print.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.trouble = set_look(name(QPushButton(), "case_trouble", _("处理")), "quiet_wrong")
        self.trouble.clicked.connect(self._on_trouble)
        self.trouble.hide()
        self.papers = name(QMenu(self), "case_papers", _("打印"))
        for object_name, title, wanted in (
            ("print_slip", _("派遣单"), self.print_wanted),
            ("print_receipt", _("送达回执"), self.receipt_wanted),
        ):
            action = self.papers.addAction(title)
            action.setObjectName(object_name)
            action.triggered.connect(wanted)
        self._lay_out()

    def show_case(self, picture: CasePicture, office: Office, calendar: WorkCalendar) -> None:
        """Show this case, its time as of when it was read."""
        self._picture = picture
        case, waiting = picture.case, picture.detail.waiting
        problem = case.minor_name or case.category_text or _("(未分类)")
        self._problem.setText(problem)
        self._problem.setToolTip(problem)
        key = light_of(case, picture)
        self._light.show_light(key.value, _time_words(case, key, picture, calendar))
        clock = clock_word(case.clock, office)
        due = moment_words(case.due_at, picture.now) if case.due_at else ""
        parts = [stage_word(case.stage, office), _("{clock}到 {at}").format(clock=clock, at=due) if due else ""]
        if case.supervise != SuperviseLevel.NONE:
            parts.append(_(SUPERVISE_TITLES[case.supervise]))
        if case.handled_late:
            parts.append(_("超期处置"))
        parts.append(delivered_words(picture.delivery, waiting, case.version))
        self._state.setText(" · ".join(part for part in parts if part))
        self._show_trouble(picture.delivery)
        self._numbers.setText("  ".join(numbers_of(case)))
        for tool in (self.correct, self.link):
            tool.setEnabled(case.is_open)

    def _show_trouble(self, delivery: RecordDelivery | None) -> None:
        """Offer to settle what the city did not take; a receipt is offered where there is a city."""
        self.print.setMenu(self.papers if delivery is not None else None)  # type: ignore[arg-type] # None takes it away
        title = TROUBLE_TITLES.get(delivery.state) if delivery is not None else None
        self.trouble.setVisible(title is not None)
        if title is not None:
            name(self.trouble, "case_trouble", _(title))
            self.trouble.setText(_(title))

    def show_full(self, full: bool) -> None:
        """Offer the way back instead while the case has all the room."""
        title = _("返回列表 (Esc)") if full else _("全宽显示 (Enter)")
        name(self.full, "case_full", title, title)
        self.full.setIcon(icon("left" if full else "right"))

    def words(self) -> str:
        """What the head says, for a test and a screen reader."""
        said = (self._problem.text(), self._light.text(), self._state.text(), self._numbers.text())
        return " | ".join(said)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(gap(2))
        top.addWidget(self._problem, 1)
        top.addWidget(self._light)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._state, 1)
        middle.addWidget(self.trouble)
        for tool in (self.copy, self.link, self.correct, self.print, self.full):
            middle.addWidget(tool)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(gap(4), gap(3), gap(3), gap(2))
        lines.setSpacing(gap(1))
        lines.addLayout(top)
        lines.addLayout(middle)
        lines.addWidget(self._numbers)

    def _on_trouble(self) -> None:
        if self._picture is not None and self._picture.delivery is not None:
            self.trouble_wanted.emit(self._picture.delivery.state)

    def _tool(self, object_name: str, title: str, icon_name: str, wanted: SignalInstance) -> QToolButton:
        button = set_look(name(QToolButton(), object_name, title, title), "quiet")
        button.setIcon(icon(icon_name))
        button.setIconSize(ICON)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(wanted)
        return button


def light_of(case: Case | CaseLine, picture: CasePicture) -> Light:
    """The light of the clock shown."""
    paused, done = case.stage == Stage.SUSPENDED, case.stage in CLOSED_STAGES
    return light(case.due_at, case.warn_at, paused=paused, done=done, now=picture.now)


def numbers_of(case: Case) -> list[str]:
    """Own number, then the city's and the source's where there are any."""
    said = [case.local_no]
    if case.city_no:
        said.append(_("市平台 {number}").format(number=case.city_no))
    if case.source_no:
        said.append(_("来源编号 {number}").format(number=case.source_no))
    return said


def _time_words(case: Case, key: Light, picture: CasePicture, calendar: WorkCalendar) -> str:
    if key == Light.DONE:
        closed = moment_words(case.closed_at, picture.now) if case.closed_at else ""
        words = _("作废") if case.stage == Stage.VOID else _("结案")
        return f"{words} {closed}".strip()
    return light_words(case) or remaining_words(case, picture.now, calendar)
