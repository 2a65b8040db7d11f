"""The folder of photos of a round: a proposal, changed by keyboard, nothing taken in before a person says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.directory import Worker, WorkerKind
from app.domain.patrols import CheckGrade, CheckResult, PatrolRound
from app.services.round_photos import NO_PLACE
from tests.rounds import LAT, LON, a_round
from tests.services.test_round_photos import NINE, photo_file
from tests.ui.typing_hands import press
from ui.pages.context import PageContext
from ui.pages.patrols.photo_folder import PhotoFolderDialog, shift_words


@pytest.fixture
def walk(context: PageContext) -> PatrolRound:
    """A round with its two points looked at: at nine, and a quarter past."""
    desk, actor = context.desk, context.actor
    desk.directory.save_many(Worker, [{"name": "采集员甲", "kind": WorkerKind.COLLECTOR}], actor=actor)
    made = a_round(desk, actor)
    with desk.store.write(actor, "patrol.enter") as tx:
        for no, minutes in ((1, 0), (2, 15)):
            fields: dict[str, object] = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
            fields |= {"parent": made.id, "point_no": no, "grade": CheckGrade.GOOD}
            tx.add(CheckResult.model_validate({**fields, "at": NINE + timedelta(minutes=minutes)}))
    return made


def opened(context: PageContext, walk: PatrolRound, folder: Path, window: QWidget, qtbot: QtBot) -> PhotoFolderDialog:
    dialog = PhotoFolderDialog(context, walk.id, folder, window)
    with qtbot.waitSignal(dialog.looked):
        dialog.open()
    return dialog


def test_what_fits_is_proposed_and_taken_in_with_one_key(
    context: PageContext, walk: PatrolRound, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    photo_file(tmp_path / "in", "a.jpg", 1, (LON, LAT))
    photo_file(tmp_path / "in", "b.jpg")
    dialog = opened(context, walk, tmp_path / "in", window, qtbot)
    assert {row.photo.key: row.target for row in dialog.rows} == {"a.jpg": "point:1", "b.jpg": ""}
    assert "没有时间和位置 1" in dialog.said.text()

    with qtbot.waitSignal(dialog.taken):
        press(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert [no for no, _photo in context.desk.round_photos.of_round(walk.id)] == [1]


def test_closing_takes_nothing_in(
    context: PageContext, walk: PatrolRound, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    photo_file(tmp_path / "in", "a.jpg", 1, (LON, LAT))
    dialog = opened(context, walk, tmp_path / "in", window, qtbot)

    dialog.reject()

    assert context.desk.round_photos.of_round(walk.id) == []


def test_a_photo_is_put_elsewhere_by_hand_and_stays_there(
    context: PageContext, walk: PatrolRound, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    photo_file(tmp_path / "in", "a.jpg")
    dialog = opened(context, walk, tmp_path / "in", window, qtbot)
    dialog.where.set_choice(dialog._search("2")[0])
    dialog.where.picked.emit(dialog.where.choice())
    assert dialog.rows[0].target == "point:2"

    dialog.shift.setValue(30)

    assert (dialog.rows[0].target, dialog.rows[0].by_hand) == ("point:2", True)
    dialog.place(NO_PLACE)
    assert dialog.chosen()[0][1] == NO_PLACE
    press(dialog.table.table.view, Qt.Key.Key_Delete)
    assert dialog.chosen() == []
    dialog.reject()


def test_a_clock_that_stood_wrong_is_told_and_can_be_put_back(
    context: PageContext, walk: PatrolRound, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    for no in range(3):
        photo_file(tmp_path / "in", f"a{no}.jpg", 480 + no / 10, (LON, LAT))
    dialog = opened(context, walk, tmp_path / "in", window, qtbot)
    assert dialog.shift.value() == -480
    assert "快 8 小时" in dialog.shift_said.text()
    assert len(dialog.chosen()) == 3

    dialog.shift.setValue(0)

    assert dialog.chosen() == []
    dialog.reject()


def test_a_folder_without_photos_is_said(
    context: PageContext, walk: PatrolRound, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    (tmp_path / "in").mkdir()
    dialog = PhotoFolderDialog(context, walk.id, tmp_path / "in", window)
    dialog.open()

    qtbot.waitUntil(lambda: "没有照片" in dialog.said.text())
    dialog.reject()


def test_a_shift_is_told_in_the_words_of_a_clock() -> None:
    assert shift_words(timedelta(hours=-8)) == "快 8 小时"
    assert shift_words(timedelta(days=1, minutes=15)) == "慢 1 天 15 分"
