"""Backups and restoring: everything comes back, nothing half is ever believed, nothing is plain."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.watch import Cancelled, Watch, silent
from app.domain.problems import Refused, Unavailable
from db import backup, cipher, swap
from db.blobs import BlobRef, BlobStore, stored_path
from db.keys import KeyFile
from db.lock import StoreLock
from db.slots import KdfCost

CLOCK = FixedClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
CHEAP = KdfCost(passes=1, memory_kib=64, lanes=1)
PASSWORD, WORDS, PHOTO = "Wu7+lake", "紫荆山路井盖缺失", b"a photo of a manhole " * 100


class Usage(NamedTuple):
    """What shutil tells of a disk."""

    total: int
    used: int
    free: int


class Office:
    """A small store made by hand: cases, one photo, one person."""

    def __init__(self, folder: Path) -> None:
        self.paths = StorePaths.of(folder)
        self.key = secrets.token_bytes(32)
        self.paths.folder.mkdir(parents=True)
        self.keys = KeyFile(self.paths, cost=CHEAP)
        self.keys.start(self.key)
        self.keys.add(uuid4(), "wang", "王芳", PASSWORD, self.key)
        self.photo = BlobStore(self.paths.files, self.key).put(PHOTO)
        self.connection = cipher.connect(self.paths.database, self.key)
        self.connection.execute("CREATE TABLE cases(rid INTEGER PRIMARY KEY, words TEXT)")
        self.connection.execute("CREATE TABLE files(sha256 TEXT PRIMARY KEY, stored_name TEXT)")
        self.connection.execute("INSERT INTO files VALUES (?, ?)", (self.photo.sha256, self.photo.stored_name))
        self.add(2000)

    def add(self, cases: int) -> None:
        self.connection.execute("BEGIN")
        rows = ((f"{WORDS}{number}" + "," * 50,) for number in range(cases))
        self.connection.executemany("INSERT INTO cases(words) VALUES (?)", rows)
        self.connection.execute("COMMIT")

    def back_up(self, to: Path, watch: Watch | None = None) -> int:
        return backup.back_up(self.paths, self.key, to, watch, clock=CLOCK)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "office")


@pytest.fixture
def made(office: Office, tmp_path: Path) -> Path:
    to = tmp_path / "usb" / "a.gdbackup"
    office.back_up(to)
    return to


def _restored(made: Path, folder: Path) -> StorePaths:
    paths = StorePaths.of(folder)
    backup.restore(made, paths, clock=CLOCK, watch=silent())
    return paths


def _count(paths: StorePaths, key: bytes) -> int:
    connection = cipher.connect(paths.database, key, read_only=True)
    count = connection.execute("SELECT count(*) FROM cases").fetchone()[0]
    connection.close()
    return int(count)


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _told(made: Path, folder: Path) -> str:
    with pytest.raises(Unavailable) as told:
        backup.restore(made, StorePaths.of(folder), clock=CLOCK, watch=silent())
    return told.value.code


def test_everything_comes_back_on_another_pc(office: Office, made: Path, tmp_path: Path) -> None:
    paths = _restored(made, tmp_path / "other pc")

    opened = KeyFile(paths, cost=CHEAP).open_slot("wang", PASSWORD, CLOCK.now())
    assert _count(paths, opened.key) == 2000
    assert BlobStore(paths.files, opened.key).read(office.photo) == PHOTO
    assert KeyFile(paths).is_sound()


def test_a_backup_says_what_it_holds(office: Office, made: Path) -> None:
    manifest = backup.inspect(made)

    assert manifest.made_at == CLOCK.now()
    assert manifest.counts == {"cases": 2000, "files": 1}
    assert set(manifest.parts) == {"store.db", "keys.json", f"files/{office.photo.stored_name}"}
    assert manifest.missing == ()


def test_nothing_in_a_backup_is_plain(office: Office, made: Path) -> None:
    data = made.read_bytes()

    for secret in (WORDS.encode(), PHOTO[:40], PASSWORD.encode(), office.key, b"SQLite format 3"):
        assert secret not in data


def test_only_the_backup_is_left_beside_itself(made: Path) -> None:
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_work_saved_during_a_backup_neither_breaks_nor_enters_it(office: Office, tmp_path: Path) -> None:
    to = tmp_path / "a.gdbackup"
    writers: list[threading.Thread] = []

    def work(_done: int, _total: int, _note: str) -> None:
        if not writers:
            writers.append(threading.Thread(target=office.add, args=(500,)))
            writers[0].start()
            writers[0].join()

    office.back_up(to, Watch(work))

    assert backup.inspect(to).counts["cases"] == 2000
    assert _count(office.paths, office.key) == 2500
    assert _count(_restored(to, tmp_path / "other"), office.key) == 2000


def test_a_stopped_backup_leaves_the_old_one(office: Office, made: Path) -> None:
    before = _everything(made.parent)
    watch = Watch()
    watch.cancel()

    with pytest.raises(Cancelled):
        office.back_up(made, watch)

    assert _everything(made.parent) == before


def test_a_missing_photo_is_named_and_does_not_stop_the_backup(office: Office, tmp_path: Path) -> None:
    BlobStore(office.paths.files, office.key).delete(office.photo.stored_name)
    to = tmp_path / "a.gdbackup"

    office.back_up(to)

    assert backup.inspect(to).missing == (office.photo.sha256,)
    assert _count(_restored(to, tmp_path / "other"), office.key) == 2000


def test_a_damaged_store_is_not_backed_up_over_a_good_backup(office: Office, made: Path) -> None:
    before = made.read_bytes()
    office.connection.close()
    data = bytearray(office.paths.database.read_bytes())
    data[4096 * 9 + 50] ^= 1
    office.paths.database.write_bytes(data)

    with pytest.raises(Unavailable) as told:
        office.back_up(made)

    assert told.value.code == "store.damaged"
    assert made.read_bytes() == before


def test_a_backup_is_not_put_among_the_photos(office: Office) -> None:
    for to in (office.paths.files / "a.gdbackup", office.paths.database, office.paths.keys_copy):
        with pytest.raises(Refused) as refused:
            office.back_up(to)
        assert refused.value.code == "backup.inside_store"


def test_the_stores_own_folder_keeps_the_newest_ones(office: Office, tmp_path: Path) -> None:
    for day in range(1, 18):
        office.back_up(office.paths.backups / f"202603{day:02}.gdbackup")
    (tmp_path / "other.gdbackup").touch()

    kept = sorted(path.name for path in office.paths.backups.iterdir())

    assert kept == [f"202603{day:02}.gdbackup" for day in range(4, 18)]


def test_restoring_keeps_what_was_there_and_it_still_opens(office: Office, made: Path) -> None:
    office.add(7)
    office.connection.close()

    aside = backup.restore(made, office.paths, clock=CLOCK, watch=silent())

    assert aside is not None
    assert _count(office.paths, office.key) == 2000
    old = StorePaths.of(aside)
    assert _count(old, office.key) == 2007
    assert BlobStore(old.files, office.key).read(office.photo) == PHOTO
    assert KeyFile(old, cost=CHEAP).open_slot("wang", PASSWORD, CLOCK.now()).key == office.key


def test_what_was_saved_but_not_yet_written_through_is_kept_aside_too(office: Office, made: Path) -> None:
    office.add(7)
    log = office.paths.database.with_name("griddesk.db-wal")
    database, unwritten = office.paths.database.read_bytes(), log.read_bytes()
    office.connection.close()
    office.paths.database.write_bytes(database)
    log.write_bytes(unwritten)

    aside = backup.restore(made, office.paths, clock=CLOCK, watch=silent())

    assert aside is not None
    assert _count(office.paths, office.key) == 2000
    assert _count(StorePaths.of(aside), office.key) == 2007


def test_an_open_window_bars_restoring(office: Office, made: Path) -> None:
    with StoreLock(office.paths.lock, CLOCK):
        assert _told(made, office.paths.folder) == "store.locked_by_window"

    assert _count(office.paths, office.key) == 2000


@pytest.mark.parametrize("part", ["store.db", "keys.json", "files/"])
def test_one_changed_byte_in_any_part_stops_restoring(office: Office, made: Path, part: str) -> None:
    office.connection.close()
    with zipfile.ZipFile(made) as archive:
        info = next(info for info in archive.infolist() if info.filename.startswith(part))
    data = bytearray(made.read_bytes())
    data[info.header_offset + 30 + len(info.filename) + 200] ^= 1
    made.write_bytes(data)
    before = _everything(office.paths.folder)

    assert _told(made, office.paths.folder) == "backup.damaged"

    after = _everything(office.paths.folder)
    assert {**after, "griddesk.lock": b""} == {**before, "griddesk.lock": b""}


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9, 0.999])
def test_a_backup_cut_short_is_refused(made: Path, tmp_path: Path, at: float) -> None:
    data = made.read_bytes()
    made.write_bytes(data[: int(len(data) * at)])

    assert _told(made, tmp_path / "other") == "backup.not_ours"


def _rewritten(made: Path, name: str, text: str) -> None:
    with zipfile.ZipFile(made) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = text.encode()
    with zipfile.ZipFile(made, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def test_a_backup_of_a_newer_program_is_told_by_its_format(made: Path, tmp_path: Path) -> None:
    manifest = json.loads(zipfile.ZipFile(made).read("manifest.json"))
    _rewritten(made, "manifest.json", json.dumps({**manifest, "format": "griddesk-backup-2"}))

    assert _told(made, tmp_path / "other") == "backup.newer"


@pytest.mark.parametrize("name", ["../evil", "files/../../evil", "/etc/evil", "files/short", "other.txt"])
def test_a_part_that_leads_elsewhere_is_refused(made: Path, tmp_path: Path, name: str) -> None:
    manifest = json.loads(zipfile.ZipFile(made).read("manifest.json"))
    manifest["parts"][name] = manifest["parts"]["keys.json"]
    _rewritten(made, "manifest.json", json.dumps(manifest))

    assert _told(made, tmp_path / "deep" / "other") == "backup.damaged"

    assert not list(tmp_path.rglob("evil"))


def test_any_other_zip_or_file_is_not_ours(tmp_path: Path) -> None:
    other, text = tmp_path / "a.zip", tmp_path / "b.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello")
    text.write_text("hello")

    assert [_told(file, tmp_path / "x") for file in (other, text, tmp_path / "gone.zip")] == ["backup.not_ours"] * 3


_KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.watch import silent
from db import restore
left = int(sys.argv[3])
def counted(real):
    def act(self, *a, **k):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real(self, *a, **k)
    return act
Path.replace = counted(Path.replace)
restore.restore(Path(sys.argv[1]), StorePaths.of(Path(sys.argv[2])), clock=FixedClock(datetime(2026, 3, 2, tzinfo=UTC)), watch=silent())
"""


def test_a_restore_killed_at_any_rename_ends_with_one_whole_store(office: Office, made: Path, tmp_path: Path) -> None:
    office.add(7)
    office.connection.close()
    seen = []
    for kill_at in range(12):
        folder = tmp_path / f"pc{kill_at}"
        paths = StorePaths.of(folder)
        folder.mkdir()
        for name, data in _everything(office.paths.folder).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

        command = [sys.executable, "-c", _KILLED, str(made), str(folder), str(kill_at)]
        code = subprocess.run(command, check=False).returncode
        swap.finish_interrupted(paths)

        count = _count(paths, office.key)
        seen.append((code, count))
        assert KeyFile(paths).is_sound()
        assert BlobStore(paths.files, office.key).read(office.photo) == PHOTO
        assert not (folder / "griddesk.restoring.json").exists()
    assert {count for code, count in seen if code == 9} == {2000, 2007}
    assert seen[-1] == (0, 2000)


def test_the_same_photo_lies_in_the_backup_as_it_lies_on_the_disk(office: Office, made: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        data = archive.read(f"files/{office.photo.stored_name}")

    assert data == stored_path(office.paths.files, office.photo.stored_name).read_bytes()


def test_a_full_disk_is_told_before_the_old_backup_is_touched(
    office: Office, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _everything(made.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 99, 1 << 20))

    with pytest.raises(Unavailable) as told:
        office.back_up(made)

    assert told.value.code == "backup.no_room"
    assert _everything(made.parent) == before


def test_a_ref_of_another_store_is_damaged_here(office: Office) -> None:
    with pytest.raises(Unavailable):
        BlobStore(office.paths.files, office.key).read(BlobRef("0" * 64, 5, office.photo.stored_name))
