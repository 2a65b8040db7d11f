"""The first run: an office, its first person and the recovery code; or a demonstration district."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk
from app.domain.permissions import Actor
from app.domain.recovery import key_from_recovery
from app.gate import Gate
from ui.tasks import TaskRunner
from ui.wizard import Wizard
from ui.wizard_jobs import DEMO_LOGIN, demo_password

PASSWORD = "Grid-2026x"
DISTRICTS = 15


@pytest.fixture
def paths(tmp_path: Path) -> StorePaths:
    return StorePaths.of(tmp_path / "store")


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.shutdown()


@pytest.fixture
def wizard(paths: StorePaths, clock: FixedClock, tasks: TaskRunner, qtbot: QtBot) -> Wizard:
    window = Wizard(paths, clock, tasks)
    qtbot.addWidget(window)
    window.show()
    return window


def fill_person(wizard: Wizard, password: str = PASSWORD, again: str = PASSWORD) -> None:
    step = wizard.person_step
    step.person_name.setText("张敏")
    step.login.setText("zhangmin")
    step.fields.first.setText(password)
    step.fields.second.setText(again)


def found_office(wizard: Wizard, qtbot: QtBot) -> None:
    """Go through to the recovery code."""
    wizard.choice.own.click()
    wizard.office_step.district.setCurrentText("金水区")
    wizard.go_on()
    fill_person(wizard)
    wizard.go_on()
    qtbot.waitUntil(wizard.recovery.isVisible)


def test_the_wizard_knows_the_fifteen_districts_with_the_development_zones(wizard: Wizard) -> None:
    district = wizard.office_step.district
    names = [district.itemText(row) for row in range(district.count())]

    assert len(names) == DISTRICTS
    assert all(any(zone in name for name in names) for zone in ("经济技术", "高新技术", "航空港"))


def test_enter_alone_chooses_and_goes_on_past_the_last_field(wizard: Wizard, qtbot: QtBot) -> None:
    wizard.activateWindow()
    qtbot.waitUntil(lambda: wizard.choice.own.hasFocus())
    qtbot.keyClick(wizard.choice.own, Qt.Key.Key_Return)
    assert wizard.steps.currentWidget() is wizard.office_step

    for _field in range(4):
        qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)

    assert wizard.steps.currentWidget() is wizard.person_step


def test_the_office_name_follows_the_district_until_somebody_writes_one(wizard: Wizard) -> None:
    step = wizard.office_step
    step.district.setCurrentText("二七区")
    followed = step.office_name.text()
    step.office_name.setText("街道城管办")

    step.district.setCurrentText("金水区")

    assert followed == "二七区城市管理局"
    assert step.office_name.text() == "街道城管办"


def test_an_office_is_founded_and_its_recovery_code_opens_it(
    wizard: Wizard, paths: StorePaths, clock: FixedClock, qtbot: QtBot
) -> None:
    found_office(wizard, qtbot)
    code = wizard.recovery.code.text()
    wizard.recovery.kept.setChecked(True)

    with qtbot.waitSignal(wizard.ready) as ready:
        qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)

    desk: Desk = ready.args[0]
    actor: Actor = ready.args[1]
    office = desk.reference.office()
    desk.close()
    assert (office.district_code, office.name, actor.name) == ("410105", "金水区城市管理局", "张敏")
    assert Gate(paths, clock).enter("zhangmin", PASSWORD).key == key_from_recovery(code)


def test_one_cannot_go_on_before_the_recovery_code_is_kept(wizard: Wizard, qtbot: QtBot) -> None:
    found_office(wizard, qtbot)

    assert not wizard.next.isEnabled()
    wizard.recovery.kept.setChecked(True)

    assert wizard.next.isEnabled()
    wizard.close()


def test_closing_before_the_code_is_kept_warns_once(wizard: Wizard, qtbot: QtBot) -> None:
    found_office(wizard, qtbot)

    wizard.close()
    warned = wizard.isVisible() and bool(wizard.message.text())
    wizard.close()

    assert warned
    assert not wizard.isVisible()


@pytest.mark.parametrize(
    ("password", "again"), [("kurz", "kurz"), ("zhangmin-2026A", "zhangmin-2026A"), (PASSWORD, "Grid-2026y")]
)
def test_a_weak_or_mistyped_password_is_told_at_its_field_and_founds_nothing(
    wizard: Wizard, paths: StorePaths, password: str, again: str
) -> None:
    wizard.choice.own.click()
    wizard.go_on()
    fill_person(wizard, password, again)

    wizard.go_on()

    assert wizard.person_step.form.field("new_password").wrong()
    assert not paths.database.exists()


def test_what_is_wrong_with_a_password_is_told_while_it_is_typed(wizard: Wizard, qtbot: QtBot) -> None:
    fields = wizard.person_step.fields
    wizard.show_step(wizard.person_step)

    qtbot.keyClicks(fields.first, "Ab3")
    early = fields.told.text()
    qtbot.keyClicks(fields.first, "-long-enough")
    qtbot.keyClicks(fields.second, "Ab3-long-enough")

    assert early.startswith("○")
    assert fields.told.text().startswith("✓")


def test_a_store_that_is_there_already_is_not_touched(wizard: Wizard, paths: StorePaths, qtbot: QtBot) -> None:
    paths.folder.mkdir(parents=True)
    paths.database.write_bytes(b"somebody's")
    wizard.choice.own.click()
    wizard.go_on()
    fill_person(wizard)

    wizard.go_on()
    qtbot.waitUntil(wizard.message.isVisible)

    assert paths.database.read_bytes() == b"somebody's"
    assert wizard.person_step.person_name.text() == "张敏"


def test_the_demonstration_shows_the_password_that_opens_it(
    wizard: Wizard, paths: StorePaths, clock: FixedClock, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.wizard_jobs.make_demo.__defaults__", (40,))
    wizard.choice.demonstration.click()
    qtbot.waitUntil(wizard.demo.isVisible, timeout=20_000)
    password = wizard.demo.code.text()

    with qtbot.waitSignal(wizard.ready) as ready:
        wizard.go_on()

    desk: Desk = ready.args[0]
    demonstration, cases = desk.reference.office().demonstration, sum(desk.case_lists.totals().values())
    desk.close()
    assert demonstration
    assert cases == 40
    assert Gate(paths, clock).enter(DEMO_LOGIN, password)


def test_every_demonstration_has_a_password_of_its_own() -> None:
    assert len({demo_password() for _n in range(50)}) == 50
