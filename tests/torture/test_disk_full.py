"""A disk without room: a clear refusal, nothing half done, and work goes on when there is room again."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.base import disk
from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.problem_words import problem_cure, problem_text
from app.desk import Desk, open_desk, restore_desk, salvage_desk
from app.domain.case_views import CaseFilter
from app.domain.cases import PhotoPhase
from app.domain.problems import Problem, Unavailable
from app.gate import Gate
from app.services import case_import
from tests.builders import PASSWORD, a_draft, a_picture, inputs
from tests.desks import first_actor, make_desk
from tests.torture.conftest import MB, SmallDisk

LONG = "满" * 4000


def refusal(deed: Callable[[], object], code: str = "store.disk_full") -> Problem:
    """The refusal of a deed, which names the trouble and the cure."""
    with pytest.raises(Unavailable) as told:
        deed()
    assert told.value.code == code
    assert problem_text(told.value)
    assert problem_cure(told.value)
    return told.value


def everything(desk: Desk) -> dict[str, Any]:
    """How many rows each table holds."""
    with desk.store.read() as reader:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_%'"
        names = [row[0] for row in reader.connection.exec_driver_sql(sql)]
        count = "SELECT count(*) FROM "
        return {n: reader.connection.exec_driver_sql(f'{count}"{n}"').scalar_one() for n in names if n != "search"}


def until_refused(deed: Callable[[], object]) -> None:
    """Do it again and again until the disk refuses; it does so before the five hundredth time."""
    with pytest.raises(Unavailable):
        all(deed() is not None for _ in range(500))


def fill_up(desk: Desk) -> None:
    """Save until the disk has no room for one more."""
    actor = first_actor(desk)
    until_refused(lambda: desk.cases.report(a_draft(description=LONG), actor=actor))


def test_a_case_that_does_not_fit_is_refused_whole_and_saved_when_there_is_room(
    small_desk: Desk, small_disk: SmallDisk
) -> None:
    actor = first_actor(small_desk)
    draft_id = small_desk.drafts.save("case", {"description": "写了一半"}, actor=actor)
    small_disk.fill()
    fill_up(small_desk)
    before = everything(small_desk)

    refusal(lambda: small_desk.cases.report(a_draft(description=LONG), actor=actor, draft_id=draft_id))

    assert everything(small_desk) == before
    assert [kept.body["description"] for kept in small_desk.drafts.all("case", actor=actor)] == ["写了一半"]
    small_disk.free()
    case = small_desk.cases.report(a_draft(description=LONG), actor=actor, draft_id=draft_id)
    assert small_desk.cases.get(case.id).description == LONG
    assert small_desk.drafts.all("case", actor=actor) == []
    assert small_desk.care.check(actor=actor).sound


def test_a_step_on_a_full_disk_leaves_the_case_where_it_was(small_desk: Desk, small_disk: SmallDisk) -> None:
    actor = first_actor(small_desk)
    case = small_desk.cases.report(a_draft(), actor=actor)
    small_disk.fill()
    fill_up(small_desk)

    refusal(lambda: small_desk.cases.act(case.id, "register", inputs(note=LONG[:3999]), actor=actor))

    assert small_desk.cases.get(case.id) == case
    small_disk.free()
    assert small_desk.cases.act(case.id, "register", inputs(), actor=actor).stage == "pending_dispatch"


def test_what_is_there_can_be_read_and_found_on_a_full_disk(small_desk: Desk, small_disk: SmallDisk) -> None:
    case = small_desk.cases.report(a_draft(description="井盖缺失"), actor=first_actor(small_desk))
    small_disk.fill()
    fill_up(small_desk)

    assert [line.id for line in small_desk.case_lists.first_page(CaseFilter(search="井盖缺失"))] == [case.id]


def test_the_store_opens_on_a_full_disk(small_desk: Desk, small_disk: SmallDisk, clock: FixedClock) -> None:
    case = small_desk.cases.report(a_draft(), actor=first_actor(small_desk))
    small_disk.fill()
    small_desk.close()

    opened = Gate(small_desk.paths, clock).enter("zhangmin", PASSWORD)
    again = open_desk(opened.key, small_desk.paths, clock)

    assert again.cases.get(case.id) == case
    again.close()


@pytest.mark.parametrize("spare", [MB, -1000 * MB], ids=["asked before", "noticed while writing"])
def test_a_photo_that_does_not_fit_leaves_no_file(
    small_desk: Desk, small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch, spare: int
) -> None:
    actor = first_actor(small_desk)
    case = small_desk.cases.report(a_draft(), actor=actor)
    big = a_picture() + os.urandom(3 * MB)
    small_disk.fill(leave=2 * MB)
    before = small_disk.files()
    monkeypatch.setattr(disk, "SPARE_BYTES", spare)

    refusal(lambda: small_desk.photos.take_in(big, "大.jpg"))

    assert small_disk.files() == before
    small_disk.free()
    taken = small_desk.photos.take_in(big, "大.jpg")
    small_desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=actor)
    assert small_desk.photos.open(taken.sha256) == big


def test_a_photo_whose_row_does_not_fit_leaves_no_file(desk: Desk, no_growth: Callable[[bool], None]) -> None:
    no_growth(True)
    until_refused(lambda: desk.photos.take_in(a_picture(secrets.token_hex(8)), "a.jpg"))
    no_growth(False)

    kept = {path.name for path in desk.paths.files.glob("??/*")}

    with desk.store.read() as reader:
        rows = {row[0] for row in reader.connection.exec_driver_sql("SELECT stored_name FROM files")}
    assert kept == rows
    assert desk.photos.take_in(a_picture("后来"), "后来.jpg").sha256


def test_a_backup_that_does_not_fit_leaves_the_last_one_whole(small_desk: Desk, small_disk: SmallDisk) -> None:
    actor = first_actor(small_desk)
    to = small_disk.place / "backups" / "office.gdbackup"
    small_desk.care.back_up(to, actor=actor)
    whole = to.read_bytes()
    fills = small_desk.photos.take_in(a_picture() + os.urandom(5 * MB), "大.jpg")
    small_disk.fill(leave=4 * MB)
    before = small_disk.files()

    told = refusal(lambda: small_desk.care.back_up(to, actor=actor), "backup.no_room")

    assert str(to.parent) in problem_text(told)
    assert to.read_bytes() == whole
    assert small_disk.files() == before
    small_disk.free()
    assert small_desk.care.back_up(to, actor=actor) > fills.size


def test_a_backup_cut_off_in_the_middle_of_writing_leaves_nothing(
    small_desk: Desk, small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = first_actor(small_desk)
    small_desk.photos.take_in(a_picture() + os.urandom(5 * MB), "大.jpg")
    small_disk.fill(leave=4 * MB)
    before = small_disk.files()
    monkeypatch.setattr(disk, "SPARE_BYTES", -1000 * MB)

    refusal(lambda: small_desk.care.back_up(small_disk.place / "office.gdbackup", actor=actor), "backup.no_room")

    assert small_disk.files() == before


def test_a_restore_that_does_not_fit_changes_nothing(
    small_desk: Desk, small_disk: SmallDisk, clock: FixedClock, tmp_path: Path
) -> None:
    actor = first_actor(small_desk)
    backup = tmp_path / "office.gdbackup"
    small_desk.photos.take_in(a_picture() + os.urandom(5 * MB), "大.jpg")
    small_desk.care.back_up(backup, actor=actor)
    case = small_desk.cases.report(a_draft(), actor=actor)
    key = small_desk.accounts._key
    small_desk.close()
    small_disk.fill(leave=4 * MB)
    before = small_disk.files()

    refusal(lambda: restore_desk(backup, small_desk.paths, clock))

    assert small_disk.files() == before | {"store/griddesk.lock"}
    again = open_desk(key, small_desk.paths, clock)
    assert again.cases.get(case.id) == case
    again.close()


def test_salvaging_where_there_is_no_room_changes_nothing(
    small_desk: Desk, small_disk: SmallDisk, clock: FixedClock
) -> None:
    key = small_desk.accounts._key
    small_desk.cases.report(a_draft(), actor=first_actor(small_desk))
    small_desk.close()
    small_disk.fill(leave=MB // 4)
    before = small_disk.files()

    refusal(lambda: salvage_desk(key, small_desk.paths, clock))

    assert small_disk.files() == before


@pytest.mark.parametrize("leave", [0, 64 * 1024, 256 * 1024, 400 * 1024])
def test_a_first_run_without_room_leaves_nothing_and_can_be_made_later(
    small_disk: SmallDisk, clock: FixedClock, leave: int
) -> None:
    small_disk.fill(leave=leave)
    folder = small_disk.place / "office"

    refusal(lambda: make_desk(folder, clock))

    assert not Gate(StorePaths.of(folder), clock).exists()
    assert small_disk.files() <= {"office/griddesk.lock"}
    small_disk.free()
    made = make_desk(folder, clock)
    assert made.care.check(actor=first_actor(made)).sound
    made.close()


def test_a_password_that_cannot_be_written_leaves_the_old_one(
    small_desk: Desk, small_disk: SmallDisk, clock: FixedClock
) -> None:
    actor = first_actor(small_desk)
    small_disk.fill()

    refusal(lambda: small_desk.accounts.reset_password(actor.person_id, "Other-Pass-2027", actor=actor))

    small_disk.free()
    assert Gate(small_desk.paths, clock).enter("zhangmin", PASSWORD).person_id == actor.person_id


def test_an_export_that_does_not_fit_leaves_no_file(small_desk: Desk, small_disk: SmallDisk) -> None:
    actor = first_actor(small_desk)
    for _ in range(60):
        small_desk.cases.report(a_draft(description=os.urandom(4000).hex()), actor=actor)
    small_disk.fill(leave=128 * 1024)
    before = small_disk.files()

    refusal(
        lambda: small_desk.exports.cases(small_disk.place / "案件.xlsx", CaseFilter(), actor=actor), "sheet.disk_full"
    )

    assert small_disk.files() == before


def test_an_import_cut_off_by_a_full_disk_says_how_far_it_came_and_goes_on_later(
    small_desk: Desk, small_disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = first_actor(small_desk)
    sheet = tmp_path / "cases.csv"
    rows = "".join(f"A{n},2026-10-01 09:00,纬一路{n}号,{LONG[:1500]}\n" for n in range(1200))
    sheet.write_text("编号,上报时间,地点,问题描述\n" + rows, encoding="utf-8")
    monkeypatch.setattr(case_import, "BATCH", 100)
    small_disk.fill(leave=5 * MB)

    told = refusal(lambda: small_desk.imports.run(sheet, actor=actor), "sheet.import_cut_off")

    saved = small_desk.care.stats()["case"]
    assert told.details["rows"] == saved
    assert 0 < saved < 1200
    assert saved % 100 == 0
    small_disk.free()
    result = small_desk.imports.run(sheet, actor=actor)
    assert (result.taken, result.unchanged) == (1200 - saved, saved)
    assert small_desk.care.check(actor=actor).sound


def test_a_database_that_cannot_grow_refuses_and_then_saves(desk: Desk, no_growth: Callable[[bool], None]) -> None:
    actor = first_actor(desk)
    no_growth(True)
    fill_up(desk)
    before = everything(desk)

    refusal(lambda: desk.cases.report(a_draft(description=LONG), actor=actor))

    assert everything(desk) == before
    no_growth(False)
    assert desk.cases.report(a_draft(description=LONG), actor=actor).description == LONG
    assert desk.audit.broken_at() is None
