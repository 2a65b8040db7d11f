"""The way through the program: first run or sign-in, the office's window, and back out again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from app.base.clock import Clock
from app.base.paths import StorePaths
from app.base.watch import Watch
from app.base.words import _
from app.domain.problems import Problem, Refused, Unavailable
from app.gate import Gate, Opened
from ui.crash import CrashHook
from ui.first_paint import FirstPaint
from ui.notices import problem_box
from ui.settings import Screen, ScreenSettings
from ui.sign_in import SignInWindow
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from app.base.secrets import SessionMemory
    from app.desk import Desk
    from app.domain.permissions import Actor
    from ui.shell import Shell

BEAT_MS = 30_000
DAMAGED = "store.damaged"


class Held(Protocol):
    """A store held by this window: shows life now and then, and lets go."""

    def beat(self) -> None: ...

    def release(self) -> None: ...


class Program(QObject):
    """Owns the threads and whichever window is in front."""

    def __init__(
        self,
        app: QApplication,
        paths: StorePaths,
        clock: Clock,
        settings: ScreenSettings,
        crash: CrashHook,
        *,
        until_first_paint: bool = False,
    ) -> None:
        super().__init__(app)
        self.app = app
        self.paths = paths
        self.clock = clock
        self.settings = settings
        self.gate = Gate(paths, clock)
        self.tasks = TaskRunner(self, on_problem=self._show_problem, on_crash=crash.show)
        self.front: QWidget | None = None
        self.shell: Shell | None = None
        self._until_first_paint = until_first_paint
        self._warm = False
        self._held: Held | None = None
        self._box: QWidget | None = None
        self.memory: SessionMemory | None = None
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._show_life)
        settings.changed.connect(self._dress)

    def start(self) -> None:
        """Show the first window: the wizard where there is no office yet, else the sign-in.

        A second window on the same store is told who holds it, and offered to try again.
        """
        try:
            self._hold()
        except Unavailable as taken:
            # Without a parent nothing else keeps the box alive.
            self._box = box = problem_box(None, taken, retry=self.start)
            box.finished.connect(lambda _how: QTimer.singleShot(0, self, self._quit_if_nothing_shows))
            return
        if self.gate.exists():
            self.show_sign_in()
        else:
            self.show_wizard()

    def show_sign_in(self) -> None:
        """Ask who it is."""
        window = SignInWindow(self.gate, self.tasks, self.settings)
        window.entered.connect(self._open)
        window.recover_wanted.connect(self._recover)
        window.language_wanted.connect(self._speak)
        window.closed.connect(self.app.quit)
        self._bring(window)

    def show_wizard(self) -> None:
        """Set up an office, or a demonstration."""
        from ui.wizard import Wizard

        window = Wizard(self.paths, self.clock, self.tasks)
        window.ready.connect(self._enter_office)
        window.language_wanted.connect(self._speak)
        window.closed.connect(self.app.quit)
        self._bring(window)

    def finish(self) -> None:
        """Let what was asked for be written, close the file and let go of it."""
        self._warm = True
        front, self.front = self.front, None
        if front is not None:
            delete(front)
        shell, self.shell = self.shell, None
        desk = None if shell is None else shell.desk
        if shell is not None:
            shell.stop()
            delete(shell)
        self.tasks.shutdown()
        if desk is not None:
            desk.close()
        if self._held is not None:
            self._held.release()

    def _hold(self) -> None:
        if self._held is None:
            self._held = self.gate.hold()
            self._beat.start()

    def _quit_if_nothing_shows(self) -> None:
        if not any(window.isVisible() for window in self.app.topLevelWidgets()):
            self.app.quit()

    def _show_life(self) -> None:
        if self._held is not None:
            self._held.beat()

    def _bring(self, window: QWidget) -> None:
        old, self.front = self.front, window
        FirstPaint(window).painted.connect(self._painted)
        window.show()
        if old is not None:
            old.blockSignals(True)
            old.close()
            old.deleteLater()

    def _painted(self) -> None:
        if self._until_first_paint:
            self.app.exit(0)
        elif not self._warm:
            self._warm = True
            self.tasks.read(lambda _watch: session_memory(self.paths), done=self._remembering)
            self.tasks.read(warm_up)

    def _remembering(self, memory: SessionMemory) -> None:
        """Offer to remember a session where the system can, and enter with the one it remembers."""
        self.memory = memory
        window = self.front
        if not memory.available or not isinstance(window, SignInWindow):
            return
        window.offer_remembering()
        person = window.panel.person()
        if person is not None:
            who, now = person.person_id, self.clock.now()
            self.tasks.read(lambda _watch: memory.recall(who, now), done=lambda key: self._recalled(who, key))

    def _recalled(self, person_id: UUID, key: bytes | None) -> None:
        if key is not None and isinstance(self.front, SignInWindow):
            self.front.say_opening()
            self._open(Opened(key, person_id))

    def _keep_session(self, opened: Opened) -> None:
        memory, now = self.memory, self.clock.now()
        if memory is not None and isinstance(self.front, SignInWindow) and self.front.remember.isChecked():
            until = end_of_day(now)
            self.tasks.read(lambda _watch: memory.remember(opened.person_id, opened.key, now, until))

    def _open(self, opened: Opened) -> None:
        self._keep_session(opened)
        self.tasks.read(
            lambda _watch: open_office(opened, self.paths, self.clock),
            done=self._opened,
            failed=lambda problem: self._refused(opened, problem),
        )

    def _opened(self, office: tuple[Desk, Actor]) -> None:
        self._enter_office(*office)

    def _refused(self, opened: Opened, problem: Problem) -> None:
        if not isinstance(self.front, SignInWindow):
            return
        self.front.panel.show_trouble(problem)
        if problem.code == DAMAGED:
            from ui.salvage import SalvageOffer

            offer = SalvageOffer(opened, self.paths, self.clock, self.tasks, self.front)
            offer.saved.connect(self._open)
            offer.show(problem)
        elif isinstance(problem, Unavailable):
            problem_box(self.front, problem, safe=_("数据文件没有改动"))

    def _enter_office(self, desk: Desk, actor: Actor) -> None:
        from ui.shell import Shell

        shell = Shell(desk, actor, self.tasks, self.gate, self.settings)
        shell.signed_out.connect(self._signed_out)
        shell.restoring.connect(self._restore)
        shell.closed.connect(self.app.quit)
        self.shell = shell
        shell.show()
        if self.front is not None:
            self.front.blockSignals(True)
            self.front.close()
            self.front.deleteLater()
            self.front = None

    def _signed_out(self) -> None:
        shell, self.shell = self.shell, None
        memory = self.memory
        if memory is not None and shell is not None:
            who = shell.actor.person_id
            self.tasks.read(lambda _watch: memory.forget(who))
        self.show_sign_in()
        if shell is not None:
            shell.hide()
            shell.deleteLater()
            shell.desk.close()

    def _restore(self, file: Path) -> None:
        """Nobody is signed in any more: let go of the store, bring the backup back, begin anew."""
        from ui.dialogs.restore import Restoring

        self._signed_out()
        self._beat.stop()
        held, self._held = self._held, None
        if held is not None:
            held.release()
        dialog = Restoring(file, self.paths, self.clock, self.tasks, self.front)
        dialog.finished.connect(lambda _how: QTimer.singleShot(0, self, self.start))
        dialog.open()

    def _recover(self) -> None:
        from ui.recovery import RecoveryDialog

        dialog = RecoveryDialog(self.gate, self.paths, self.clock, self.tasks, self.front)
        dialog.ready.connect(self._enter_office)
        dialog.open()

    def _speak(self, code: str) -> None:
        self.settings.change(language=code)
        if self.front is not None and self.shell is None:
            self.start()

    def _dress(self, screen: Screen) -> None:
        from ui.main import speak
        from ui.theme import apply_theme

        speak(self.app, screen.language)
        apply_theme(self.app, screen.theme, screen.font_px)

    def _show_problem(self, problem: Problem) -> None:
        self._box = problem_box(self.shell or self.front, problem)


def session_memory(paths: StorePaths) -> SessionMemory:
    """The memory of the operating system, where it has one."""
    from app.base.secrets import SessionMemory, system_key_store

    return SessionMemory(paths.database, system_key_store())


def end_of_day(now: datetime) -> datetime:
    """Midnight of the office's day: a remembered session never outlives it."""
    from zoneinfo import ZoneInfo

    local = now.astimezone(ZoneInfo("Asia/Shanghai"))
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def warm_up(_watch: Watch) -> None:
    """Import what the office needs while the password is being typed."""
    from ui.pages import PAGES

    for module in ("app.desk", "ui.shell"):
        import_module(module)
    for entry in PAGES:
        entry.load()
    # The largest part of the chart library; where a PC lacks it, the chart says so itself.
    with suppress(ImportError):
        import_module("numpy")


def open_office(opened: Opened, paths: StorePaths, clock: Clock) -> tuple[Desk, Actor]:
    """The desk behind an accepted password, and the person at it.

    Raises Unavailable("store.…"), Refused("account.inactive").
    """
    from app.desk import open_desk

    desk = open_desk(opened.key, paths, clock)
    try:
        actor = _seated(desk, opened.person_id)
    except Problem:
        desk.close()
        raise
    desk.accounts.signed_in(actor)
    return desk, actor


def _seated(desk: Desk, person_id: UUID) -> Actor:
    """The person, asked for once more after a run: the city may let them work again, and their work gets out of here."""
    try:
        return desk.accounts.actor(person_id)
    except Refused:
        with suppress(Problem):
            desk.sync.run()
        return desk.accounts.actor(person_id)
