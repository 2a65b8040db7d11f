"""A whole office as its files lie on the disk: unreadable without the key, and whole again from one backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.watch import silent
from app.desk import Desk, open_desk
from app.domain.cases import PhotoPhase
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from app.gate import Gate
from db import backup
from db.lock import StoreLock
from tests.builders import PASSWORD, a_draft, a_picture

WORDS = "井盖破损露出钢筋,夜间无警示灯"
REPORTER, PHONE, ROAD = "欧阳修竹", "00003710001", "黄河路"


def _work(desk: Desk, actor: Actor) -> bytes:
    case = desk.cases.report(
        a_draft(description=WORDS, reporter_name=REPORTER, reporter_phone=PHONE, road=ROAD), actor=actor
    )
    photo = a_picture()
    desk.photos.attach(case.id, [desk.photos.take_in(photo, "IMG_0001.jpg")], PhotoPhase.BEFORE, actor=actor)
    return photo


def test_no_file_of_an_office_can_be_read_without_its_key(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    photo = _work(desk, actor)
    desk.care.back_up(desk.paths.backups / "a.gdbackup", actor=actor)

    files = {path: path.read_bytes() for path in desk.paths.folder.rglob("*") if path.is_file()}

    assert {"griddesk.db", "griddesk.db-wal", "griddesk.keys.json", "copy.json", "a.gdbackup"} <= {
        p.name for p in files
    }
    secrets = [
        text.encode(coding) for text in (WORDS, REPORTER, PHONE, ROAD) for coding in ("utf-8", "utf-16-le", "gb18030")
    ]
    for path, data in files.items():
        for secret in (*secrets, PASSWORD.encode(), b"IMG_0001", photo[100:160], b"CREATE TABLE", b"SQLite format"):
            assert secret not in data, path.name


def test_a_backup_brings_the_office_back_on_another_pc(
    desk: Desk, actor: Actor, clock: FixedClock, tmp_path: Path
) -> None:
    photo = _work(desk, actor)
    to = tmp_path / "usb" / "a.gdbackup"
    desk.care.back_up(to, actor=actor)
    other = StorePaths.of(tmp_path / "other pc")

    backup.restore(to, other, clock=clock, watch=silent())

    opened = Gate(other, clock).enter("zhangmin", PASSWORD)
    again = open_desk(opened.key, other, clock)
    report = again.care.check(actor=again.accounts.actor(opened.person_id))
    (sha256,) = _hashes(again)
    assert again.photos.open(sha256) == photo
    assert report.sound
    assert report.counts["case"] == 1
    again.close()


def _hashes(desk: Desk) -> list[str]:
    with desk.store.read() as reader:
        return [row[0] for row in reader.connection.exec_driver_sql("SELECT sha256 FROM files")]


def test_a_picture_changed_on_the_disk_is_found_by_the_check(desk: Desk, actor: Actor) -> None:
    _work(desk, actor)
    (path,) = (path for path in desk.paths.files.rglob("*") if path.is_file())
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)

    report = desk.care.check(actor=actor)

    assert not report.sound
    assert [file.sha256 for file in report.bad_files] == _hashes(desk)


def test_nothing_is_restored_under_an_open_window(desk: Desk, actor: Actor, clock: FixedClock, tmp_path: Path) -> None:
    to = tmp_path / "a.gdbackup"
    desk.care.back_up(to, actor=actor)

    with StoreLock(desk.paths.lock, clock), pytest.raises(Unavailable) as told:
        backup.restore(to, desk.paths, clock=clock, watch=silent())

    assert told.value.code == "store.locked_by_window"
