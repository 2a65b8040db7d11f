"""A power cut at every named point of a deed: either it happened whole or not at all, and the next start works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.base.clock import SystemClock
from app.base.paths import StorePaths
from app.desk import Desk, open_desk
from app.domain.case_views import CaseFilter
from app.domain.cases import Case, PhotoPhase
from app.gate import Gate
from db.lock import holder
from tests.builders import PASSWORD, a_draft, a_picture
from tests.desks import first_actor, make_desk
from tests.torture.fault_child import DRAFT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of Unix")
ROOT = Path(__file__).parents[2]
BEFORE_COMMIT, AFTER_COMMIT = "db.tx:Tx.changes", "db.store:Store._tell"
RENAME = "pathlib:Path.replace"


def killed(folder: Path, deed: str, point: str, nth: int = 1) -> bool:
    """Do a deed that dies at a point; False when it never came there and ended well."""
    command = [sys.executable, "-m", "tests.torture.fault_child", str(folder), deed, point, str(nth)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode != 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office with one case, one photo and a half-typed form."""
    desk = make_desk(tmp_path / "store", SystemClock())
    actor = first_actor(desk)
    case = desk.cases.report(a_draft(), actor=actor)
    desk.photos.attach(case.id, [desk.photos.take_in(a_picture(), "a.jpg")], PhotoPhase.BEFORE, actor=actor)
    desk.drafts.save("case", {"description": DRAFT}, actor=actor)
    desk.close()
    return tmp_path / "store"


def reopened(folder: Path) -> Desk:
    """The office after the power cut, by its password and checked whole."""
    paths, clock = StorePaths.of(folder), SystemClock()
    gate = Gate(paths, clock)
    gate.hold().release()
    # A password being tried when the power went counts as a wrong one; that wait is not waited for here.
    paths.attempts.unlink(missing_ok=True)
    desk = open_desk(gate.enter("zhangmin", PASSWORD).key, paths, clock)
    report = desk.care.check(actor=first_actor(desk))
    assert report.sound, report.told()
    assert holder(paths.lock) is None
    return desk


def cases_of(desk: Desk) -> list[Case]:
    with desk.store.read() as reader:
        return reader.all(Case)


def loose_ends(desk: Desk) -> int:
    """Cases that are not queued, not audited, or not found: none, ever."""
    with desk.store.read() as reader:
        sql = (
            "SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.record_id = c.id) "
            "OR NOT EXISTS (SELECT 1 FROM events e WHERE e.record_id = c.id) "
            "OR NOT EXISTS (SELECT 1 FROM case_steps s WHERE s.parent = c.id)"
        )
        return int(reader.connection.exec_driver_sql(sql).scalar_one())


@pytest.mark.parametrize(
    ("point", "saved"),
    [
        ("db.outbox:put", False),
        ("+db.outbox:put", False),
        ("+db.events:Trail.append", False),
        ("+db.fts:SearchIndex.put", False),
        (BEFORE_COMMIT, False),
        (AFTER_COMMIT, True),
    ],
)
def test_a_case_is_saved_whole_or_its_form_is_still_there(folder: Path, point: str, saved: bool) -> None:
    assert killed(folder, "report", point)

    desk = reopened(folder)

    drafts = [kept.body["description"] for kept in desk.drafts.all("case", actor=first_actor(desk))]
    found = [line.description for line in desk.case_lists.first_page(CaseFilter(search="写了一半"))]
    assert (drafts, found) == (([], [DRAFT]) if saved else ([DRAFT], []))
    assert len(cases_of(desk)) == 1 + saved
    assert loose_ends(desk) == 0
    desk.close()


@pytest.mark.parametrize(("point", "stage"), [(BEFORE_COMMIT, "pending_register"), (AFTER_COMMIT, "pending_dispatch")])
def test_a_step_is_taken_with_its_history_or_not_at_all(folder: Path, point: str, stage: str) -> None:
    assert killed(folder, "act", point)

    desk = reopened(folder)

    (case,) = cases_of(desk)
    steps = desk.cases.detail(case.id, actor=first_actor(desk)).steps
    assert case.stage == stage
    assert steps[-1].to_stage == stage
    desk.close()


@pytest.mark.parametrize(
    "point",
    ["db.blobs:put_in_place", "+db.blobs:put_in_place", "+db.blobs:BlobStore.put", BEFORE_COMMIT, AFTER_COMMIT],
)
def test_a_photo_cut_off_between_file_and_row_can_be_taken_in_again(folder: Path, point: str) -> None:
    assert killed(folder, "photo", point)

    desk = reopened(folder)

    actor, (case,) = first_actor(desk), cases_of(desk)
    taken = desk.photos.take_in(a_picture("一张新照片"), "新.jpg")
    desk.photos.attach(case.id, [taken], PhotoPhase.BEFORE, actor=actor)
    assert desk.photos.open(taken.sha256) == a_picture("一张新照片")
    assert len(desk.cases.detail(case.id, actor=actor).photos) == 2
    desk.close()


def test_what_a_cut_off_photo_left_is_tidied_away_a_day_later(folder: Path) -> None:
    assert killed(folder, "photo", "+db.blobs:BlobStore.put")
    assert killed(folder, "photo", "db.blobs:put_in_place")
    left = list(StorePaths.of(folder).files.glob("??/*"))
    for path in left:
        os.utime(path, (1, 1))

    desk = reopened(folder)

    assert (len(left), desk.care.tidy()) == (3, 2)
    assert desk.care.check(actor=first_actor(desk)).sound
    desk.close()


@pytest.mark.parametrize(("point", "nth", "saved"), [(BEFORE_COMMIT, 3, 20), (AFTER_COMMIT, 3, 30)])
def test_an_import_keeps_whole_batches_and_doubles_nothing_the_next_time(
    folder: Path, point: str, nth: int, saved: int
) -> None:
    rows = "".join(f"A{n},2026-10-01 09:00,纬一路{n}号,垃圾\n" for n in range(50))
    (folder / "cases.csv").write_text("编号,上报时间,地点,问题描述\n" + rows, encoding="utf-8")
    assert killed(folder, "bring_in", point, nth)

    desk = reopened(folder)

    assert len(cases_of(desk)) == 1 + saved
    result = desk.imports.run(folder / "cases.csv", actor=first_actor(desk))
    assert (result.taken, result.unchanged) == (50 - saved, saved)
    assert len({case.local_no for case in cases_of(desk)}) == 51
    assert loose_ends(desk) == 0
    desk.close()


@pytest.mark.parametrize("point", ["db.backup:_pack", "+db.backup:_pack", "+db.backup:_prove"])
def test_a_backup_cut_off_leaves_the_last_one_whole(folder: Path, point: str) -> None:
    assert not killed(folder, "back_up", point, nth=99)
    whole = (folder / "out" / "office.gdbackup").read_bytes()
    assert killed(folder, "back_up", point)

    assert (folder / "out" / "office.gdbackup").read_bytes() == whole
    for left in (folder / "out").glob(".*"):
        os.utime(left, (1, 1))
    desk = reopened(folder)
    desk.care.back_up(folder / "out" / "office.gdbackup", actor=first_actor(desk))
    assert [path.name for path in (folder / "out").iterdir()] == ["office.gdbackup"]
    desk.close()


@pytest.mark.parametrize("deed", ["restore", "salvage"])
def test_a_swap_cut_off_at_any_rename_is_the_old_store_or_the_new_one(folder: Path, deed: str) -> None:
    assert not killed(folder, "back_up", RENAME, nth=999)
    nth = 0
    while killed(folder, deed, RENAME, nth := nth + 1):
        desk = reopened(folder)
        (case,) = cases_of(desk)
        (photo,) = desk.cases.detail(case.id, actor=first_actor(desk)).photos
        assert desk.photos.open(photo.sha256) == a_picture()
        desk.close()

    assert nth > 3
    assert [path.name for path in folder.glob(".*")] == []


@pytest.mark.parametrize("point", ["db.keys:KeyFile.start", "+db.keys:KeyFile.add", RENAME])
def test_a_first_run_cut_off_anywhere_can_be_made_again(tmp_path: Path, point: str) -> None:
    folder, nth = tmp_path / "office", 0

    while killed(folder, "create", point, nth := nth + 1):
        gate = Gate(StorePaths.of(folder), SystemClock())
        gate.hold().release()
        if gate.exists():
            reopened(folder).close()
            break
        assert [path.name for path in folder.iterdir() if path.is_file()] == ["griddesk.lock"]
    else:
        reopened(folder).close()

    assert nth > 1
    assert [path.name for path in folder.glob(".*")] == []
