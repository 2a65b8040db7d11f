"""The first run: an office of one's own, or a demonstration district to try things in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QWidget

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.problem_words import problem_cure, problem_text
from app.base.words import _
from app.domain.problems import Problem
from ui.front import FrontWindow
from ui.naming import name
from ui.tasks import TaskRunner
from ui.theme import set_look
from ui.wizard_jobs import DEMO_LOGIN, DEMO_PERSON, demo_password, make_demo, make_office
from ui.wizard_steps import ChoiceStep, DemoStep, OfficeStep, PersonStep, RecoveryStep, WorkingStep

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.permissions import Actor

WIDTH_PX = 560
HEIGHT_PX = 540


class Wizard(FrontWindow):
    """Steps forward and back; `ready` carries the new desk and its first person."""

    ready = Signal(object, object)
    closed = Signal()

    def __init__(self, paths: StorePaths, clock: Clock, tasks: TaskRunner) -> None:
        super().__init__("wizard", _("初始设置"), WIDTH_PX)
        self._paths = paths
        self._clock = clock
        self._tasks = tasks
        self._made: tuple[Desk, Actor] | None = None
        self._warned = False
        self.choice, self.office_step, self.person_step = ChoiceStep(), OfficeStep(), PersonStep()
        self.working, self.recovery, self.demo = WorkingStep(), RecoveryStep(), DemoStep()
        self.steps = QStackedWidget()
        for step in (self.choice, self.office_step, self.person_step, self.working, self.recovery, self.demo):
            self.steps.addWidget(step)
        self.sheet.addWidget(self.steps, 1)
        self.message = set_look(name(QLabel(), "wizard_message", _("设置提示")), "wrong")
        self.message.setWordWrap(True)
        self.message.hide()
        self.sheet.addWidget(self.message)
        self.sheet.addLayout(self._buttons())
        self.setTabOrder(self.next, self.back)
        self.choice.own.clicked.connect(lambda: self.show_step(self.office_step))
        self.choice.demonstration.clicked.connect(self.make_demonstration)
        self.recovery.kept.toggled.connect(self._light_buttons)
        self.resize(WIDTH_PX, HEIGHT_PX)
        self.show_step(self.choice)

    def show_step(self, step: QWidget) -> None:
        """Bring a step to the front."""
        self._say("")
        self.steps.setCurrentWidget(step)
        self._light_buttons()
        step.start()  # type: ignore[attr-defined]

    def go_on(self) -> None:
        """Take what this step holds and go to the next."""
        step = self.steps.currentWidget()
        if step is self.office_step and self.office_step.complete():
            self.show_step(self.person_step)
        elif step is self.person_step and self.person_step.complete():
            self._make_office()
        elif step in (self.recovery, self.demo) and self._made is not None:
            made, self._made = self._made, None
            self.ready.emit(*made)

    def go_back(self) -> None:
        """One step back; what was typed stays."""
        self.show_step(self.office_step if self.steps.currentWidget() is self.person_step else self.choice)

    def make_demonstration(self) -> None:
        """A district with a month of made-up cases."""
        password = demo_password()
        self.show_step(self.working)
        self.demo.show_login(DEMO_PERSON, DEMO_LOGIN, password)
        paths, clock = self._paths, self._clock
        task = self._tasks.write(
            lambda watch: make_demo(paths, clock, password, watch), done=self._demo_made, failed=self._refused
        )
        self.working.follow(task, _("正在生成演示数据"))

    def closeEvent(self, event: QCloseEvent) -> None:
        """A code nobody has written down yet is said once more before the window goes."""
        unsaved = self.steps.currentWidget() is self.recovery and not self.recovery.kept.isChecked()
        if unsaved and not self._warned:
            self._warned = True
            self._say(_("恢复码还没有保存;它只显示这一次。再按一次关闭就离开"))
            event.ignore()
            return
        made, self._made = self._made, None
        if made is not None:
            made[0].close()
        super().closeEvent(event)
        self.closed.emit()

    def _make_office(self) -> None:
        self.show_step(self.working)
        office, person = self.office_step.office(), self.person_step.person()
        paths, clock = self._paths, self._clock
        task = self._tasks.write(
            lambda _watch: make_office(paths, clock, office, person), done=self._office_made, failed=self._refused
        )
        self.working.follow(task, _("正在建立加密数据文件"))

    def _office_made(self, made: tuple[Desk, Actor, str]) -> None:
        desk, actor, code = made
        self._made = (desk, actor)
        self.recovery.show_code(code, desk.reference.office().name)
        self.show_step(self.recovery)

    def _demo_made(self, made: tuple[Desk, Actor]) -> None:
        self._made = made
        self.show_step(self.demo)

    def _refused(self, problem: Problem) -> None:
        self.show_step(self.person_step if self.person_step.typed() else self.choice)
        self._say(f"{problem_text(problem)}\n{problem_cure(problem)}")

    def _buttons(self) -> QHBoxLayout:
        self.back = name(QPushButton(_("上一步")), "back", _("上一步"))
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.go_back)
        self.next = set_look(name(QPushButton(_("下一步")), "next", _("下一步")), "primary")
        self.next.setAutoDefault(True)
        self.next.clicked.connect(self.go_on)
        row = QHBoxLayout()
        row.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        row.addStretch(1)
        row.addWidget(self.next)
        return row

    def _light_buttons(self) -> None:
        step = self.steps.currentWidget()
        self.back.setVisible(step in (self.office_step, self.person_step))
        self.next.setVisible(step not in (self.choice, self.working))
        last = step in (self.recovery, self.demo)
        self.next.setText(_("开始使用") if last else _("下一步"))
        self.next.setAccessibleName(self.next.text())
        self.next.setEnabled(step is not self.recovery or self.recovery.kept.isChecked())

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
