"""The steps of the tour: one office founded, then a clerk's whole job in a demonstration district."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.words import _
from ui.crash import CrashHook
from ui.program import Program
from ui.settings import ScreenSettings
from ui.sign_in import SignInWindow
from ui.tour_case import CaseWalk
from ui.tour_field import FieldWalk
from ui.tour_office import OfficeWalk
from ui.tour_walk import TourStopped, Walk
from ui.wizard import Wizard

PASSWORD = "Grid-2026x"
DISTRICT = "金水区"
PERSON, LOGIN = "张敏", "zhangmin"


@dataclass(frozen=True)
class TourPlace:
    """Where and when the tour takes place. window: width and height in pixels."""

    app: QApplication
    crash: CrashHook
    settings: ScreenSettings
    folder: Path
    out: Path
    at: datetime
    window: tuple[int, int]


def take_tour(place: TourPlace) -> int:
    """Walk every step and say where the pictures are; 1 when a step did not hold."""
    bugs: list[BaseException] = []
    place.crash.happened.connect(bugs.append)
    clock = FixedClock(place.at)
    taken: list[Path] = []
    for part in (found_an_office, work_a_day):
        program = Program(place.app, StorePaths.of(place.folder / part.__name__), clock, place.settings, place.crash)
        walk = Walk(program, place.out, bugs, len(taken) + 1)
        try:
            part(walk, place, clock)
            walk.look_for_bugs()
        except TourStopped as stopped:
            walk.picture_of_trouble()
            print(
                _("第 {n} 步之后没有走通:{why}").format(n=len(taken) + len(walk.pictures), why=stopped), file=sys.stderr
            )
            return 1
        finally:
            program.finish()
        taken += walk.pictures
    for file in taken:
        print(file)
    print(_("{n} 张图,在 {folder}").format(n=len(taken), folder=place.out.resolve()))
    return 0


def found_an_office(walk: Walk, _place: TourPlace, _clock: FixedClock) -> None:
    """The first run, up to the recovery code."""
    walk.program.start()
    wizard = cast(Wizard, walk.program.front)
    walk.picture("wizard")
    walk.click("own_office")
    walk.find("district", QComboBox).setCurrentText(DISTRICT)
    walk.picture("office")
    walk.click("next")
    walk.fill("person_name", PERSON)
    walk.fill("login", LOGIN)
    walk.fill("new_password", PASSWORD)
    walk.fill("password_again", PASSWORD)
    walk.picture("first-person")
    walk.click("next")
    walk.until(wizard.recovery.isVisible, _("没有显示恢复码"))
    walk.find("code_kept", QCheckBox).setChecked(True)
    walk.picture("recovery-code")
    walk.click("next")
    walk.until(lambda: walk.program.shell is not None, _("新单位没有打开"))


def work_a_day(walk: Walk, place: TourPlace, clock: FixedClock) -> None:
    """A demonstration district: sign in, see the day, one case from entry to paper, a sheet taken in, one round walked."""
    walk.program.start()
    wizard = cast(Wizard, walk.program.front)
    walk.click("demonstration")
    walk.until(wizard.demo.isVisible, _("演示数据没有生成"))
    password = walk.find("demo_password", QLabel).text()
    walk.picture("demonstration")
    walk.click("next")
    walk.until(lambda: walk.program.shell is not None, _("演示区县没有打开"))
    walk.settle()
    walk.shell.sign_out()
    walk.until(lambda: isinstance(walk.program.front, SignInWindow), _("没有回到登录窗口"))
    walk.fill("password", password)
    walk.picture("sign-in")
    walk.press(Qt.Key.Key_Return)
    walk.until(lambda: walk.program.shell is not None, _("登录后没有打开"))
    walk.shell.resize(*place.window)
    walk.picture("today")
    case, office = CaseWalk(walk, place.folder, clock), OfficeWalk(walk, place.folder)
    field = FieldWalk(walk)
    steps: tuple[Callable[[], None], ...] = (
        case.enter,
        case.register,
        case.dispatch,
        case.assign,
        case.handle,
        case.confirm,
        case.forward,
        case.check,
        case.close,
        case.find_again,
        case.export,
        case.print_slip,
        office.import_sheet,
        field.plan_a_week,
        field.enter_a_round,
        field.make_a_case,
        field.look_at_tasks_and_people,
        field.coverage,
        field.grids,
        field.map,
        field.facilities,
        field.inspections,
        field.violations,
        field.terms,
        office.sync,
        office.settings,
    )
    for step in steps:
        step()
