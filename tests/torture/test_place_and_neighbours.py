"""Where the store lies and who else is at it: read-only, on a network, held by a program, another window, an upgrade."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.base import paths as places
from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.problem_words import problem_cure, problem_text
from app.cli.main import main
from app.desk import Desk, open_desk, salvage_desk
from app.domain.permissions import Actor
from app.domain.problems import Problem, Unavailable
from app.gate import Gate
from db import cipher, migrate
from db.engine import raw_connection
from tests.builders import PASSWORD, a_draft, a_picture
from tests.desks import first_actor, make_desk
from tests.torture.conftest import SmallDisk

ROOT = Path(__file__).parents[2]
_WINDOW = (
    "import sys; from pathlib import Path; from app.base.clock import SystemClock\n"
    "from app.base.paths import StorePaths; from app.gate import Gate\n"
    "held = Gate(StorePaths.of(Path(sys.argv[1])), SystemClock()).hold()\n"
    "print('held', flush=True); sys.stdin.read()\n"
)


def refusal(deed: Callable[[], object], code: str) -> Problem:
    with pytest.raises(Unavailable) as told:
        deed()
    assert told.value.code == code
    assert problem_text(told.value)
    assert problem_cure(told.value)
    return told.value


# A folder that cannot be written


def test_a_store_on_a_read_only_disk_is_told_as_such_and_not_changed(
    small_desk: Desk, small_disk: SmallDisk, clock: FixedClock
) -> None:
    key, paths, folder = small_desk.accounts._key, small_desk.paths, small_disk.place
    case = small_desk.cases.report(a_draft(), actor=first_actor(small_desk))
    small_desk.close()
    small_disk.remount("ro")
    before = small_disk.files()

    gate = Gate(paths, clock)
    for deed in (
        gate.hold,
        lambda: gate.enter("zhangmin", PASSWORD),
        lambda: open_desk(key, paths, clock),
        lambda: salvage_desk(key, paths, clock),
        lambda: make_desk(folder / "another", clock),
    ):
        refusal(deed, "store.read_only")

    assert small_disk.files() == before
    small_disk.remount("rw")
    again = open_desk(key, paths, clock)
    assert again.cases.get(case.id) == case
    again.close()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told_as_such(tmp_path: Path, clock: FixedClock) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)

    refusal(lambda: make_desk(folder, clock), "store.read_only")

    assert list(folder.iterdir()) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    refusal(lambda: make_desk(tmp_path / "taken" / "store", clock), "store.cannot_open")

    assert (tmp_path / "taken").read_text(encoding="utf-8") == "a file"


def test_a_backup_to_a_read_only_disk_names_that_disk(small_disk: SmallDisk, desk: Desk, actor: Actor) -> None:
    small_disk.remount("ro")

    told = refusal(lambda: desk.care.back_up(small_disk.place / "a.gdbackup", actor=actor), "backup.place_read_only")

    assert str(small_disk.place) in problem_text(told)
    assert desk.cases.report(a_draft(), actor=actor).local_no


# A file that vanishes under the program


def test_a_folder_moved_away_while_working_takes_no_more_until_it_is_back(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    folder, elsewhere = desk.paths.folder, desk.paths.folder.with_name("搬走了")
    folder.rename(elsewhere)

    told = refusal(lambda: desk.cases.report(a_draft(), actor=actor), "store.gone")
    refusal(lambda: desk.drafts.save("case", {"description": "半句"}, actor=actor), "store.gone")

    refusal(lambda: desk.photos.take_in(a_picture(), "a.jpg"), "store.gone")

    assert not folder.exists()
    assert str(desk.paths.database) in problem_text(told)
    assert desk.cases.get(case.id) == case
    elsewhere.rename(folder)
    assert desk.cases.report(a_draft(), actor=actor).local_no
    assert desk.care.check(actor=actor).sound


def test_a_file_exchanged_by_a_cloud_folder_is_never_written_into(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    stale = tmp_path / "older.db"
    stale.write_bytes(desk.paths.database.read_bytes())
    stale.replace(desk.paths.database)
    before = desk.paths.database.read_bytes()

    refusal(lambda: desk.cases.report(a_draft(), actor=actor), "store.gone")

    assert desk.paths.database.read_bytes() == before


# A network drive


@pytest.fixture
def on_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder the PC believes to lie on a Windows share."""
    share = tmp_path / "公共 盘"
    share.mkdir()
    mounts = tmp_path / "mounts"
    point = str(share).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n//server/share {point} cifs rw 0 0\n", encoding="utf-8")
    plain = Path.read_text

    def read_text(self: Path, *args: object, **named: object) -> str:
        return plain(mounts if self == Path("/proc/mounts") else self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "read_text", read_text)
    return share


@pytest.mark.skipif(sys.platform != "linux", reason="the table of mounts is Linux's")
def test_no_store_is_made_or_opened_on_a_network_drive(on_network: Path, clock: FixedClock) -> None:
    told = refusal(lambda: make_desk(on_network / "store", clock), "store.network_drive")

    assert str(on_network) in problem_text(told)
    assert list(on_network.iterdir()) == []
    assert places.network_drive(on_network.parent) is None


@pytest.mark.skipif(sys.platform != "linux", reason="the table of mounts is Linux's")
def test_a_store_carried_to_a_network_drive_is_refused_and_not_changed(
    desk: Desk, on_network: Path, clock: FixedClock
) -> None:
    key = desk.accounts._key
    desk.close()
    desk.paths.folder.rename(on_network / "store")
    paths = StorePaths.of(on_network / "store")
    before = paths.database.read_bytes()

    refusal(lambda: open_desk(key, paths, clock), "store.network_drive")
    refusal(lambda: salvage_desk(key, paths, clock), "store.network_drive")

    assert paths.database.read_bytes() == before


# Another program at the file


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections give up after a twentieth of a second instead of five."""
    monkeypatch.setattr(cipher, "BUSY_TIMEOUT_MS", 50)


@pytest.fixture
def hurried(impatient: None, tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    made = make_desk(tmp_path / "hurried", clock)
    yield made
    made.close()


def test_a_file_written_by_another_program_is_busy_and_then_saves(hurried: Desk) -> None:
    actor = first_actor(hurried)
    draft = hurried.drafts.save("case", {"description": "等一等"}, actor=actor)
    other = cipher.connect(hurried.paths.database, hurried.accounts._key)
    other.execute("BEGIN IMMEDIATE")

    refusal(lambda: hurried.cases.report(a_draft(), actor=actor, draft_id=draft), "store.busy")
    refusal(lambda: hurried.drafts.save("case", {}, actor=actor), "store.busy")

    assert hurried.care.stats()["case"] == 0
    assert len(hurried.drafts.all("case", actor=actor)) == 1
    other.execute("ROLLBACK")
    other.close()
    assert hurried.cases.report(a_draft(), actor=actor, draft_id=draft).local_no


def test_a_photo_taken_in_while_the_file_is_busy_leaves_no_stray_file(hurried: Desk) -> None:
    other = cipher.connect(hurried.paths.database, hurried.accounts._key)
    other.execute("BEGIN IMMEDIATE")

    refusal(lambda: hurried.photos.take_in(a_picture(), "a.jpg"), "store.busy")

    assert list(hurried.paths.files.glob("??/*")) == []
    other.execute("ROLLBACK")
    other.close()
    assert hurried.photos.take_in(a_picture(), "a.jpg").sha256


def test_a_writer_waits_for_a_short_neighbour_without_a_word(desk: Desk, actor: Actor) -> None:
    other = cipher.connect(desk.paths.database, desk.accounts._key)
    other.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    ends.start()

    assert desk.cases.report(a_draft(), actor=actor).local_no

    ends.join()
    other.close()


def test_a_file_held_whole_by_another_program_is_busy_at_the_start(
    impatient: None, desk: Desk, clock: FixedClock
) -> None:
    key = desk.accounts._key
    desk.close()
    other = cipher.connect(desk.paths.database, key)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("UPDATE device SET made_at = made_at")

    refusal(lambda: open_desk(key, desk.paths, clock), "store.busy")

    other.close()
    open_desk(key, desk.paths, clock).close()


def test_reading_goes_on_beside_a_writer(hurried: Desk) -> None:
    case = hurried.cases.report(a_draft(), actor=first_actor(hurried))
    other = cipher.connect(hurried.paths.database, hurried.accounts._key)
    other.execute("BEGIN IMMEDIATE")

    assert hurried.cases.get(case.id) == case

    other.close()


# Two windows


@pytest.fixture
def window(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the store as a window does."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _WINDOW, str(desk.paths.folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


def test_a_second_window_is_told_who_holds_the_store_and_gets_in_later(
    desk: Desk, window: subprocess.Popen[str], clock: FixedClock
) -> None:
    told = refusal(Gate(desk.paths, clock).hold, "store.locked_by_window")

    assert str(window.pid) in problem_text(told)
    window.kill()
    window.wait()
    Gate(desk.paths, clock).hold().release()


def test_the_command_line_works_beside_a_window_but_replaces_nothing_under_it(
    desk: Desk, actor: Actor, window: subprocess.Popen[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD, encoding="utf-8")
    backup = tmp_path / "a.gdbackup"
    desk.care.back_up(backup, actor=actor)
    desk.close()
    before = desk.paths.database.read_bytes()
    base = ["--store", str(desk.paths.folder), "--password-file", str(secret), "--json"]

    codes = {}
    for words in (["restore", str(backup)], ["salvage"]):
        codes[words[0]] = main([*base, *words])
        told = json.loads(capsys.readouterr().out)
        assert told["error"]["code"] == "store.locked_by_window"
        assert told["error"]["cure"]

    assert codes == {"restore": 3, "salvage": 3}
    assert desk.paths.database.read_bytes() == before
    assert main([*base, "stats"]) == 0


# Upgrades


@pytest.fixture
def older(desk: Desk, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An office whose file a program one version older wrote; upgrading adds a table. Closed."""
    desk.cases.report(a_draft(), actor=actor)
    with desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '20250101_before'")
    desk.close()

    def upgrade(engine: object) -> None:
        with engine.begin() as connection:  # type: ignore[attr-defined]
            connection.exec_driver_sql("CREATE TABLE novelty(rid INTEGER PRIMARY KEY)")
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{migrate.HEAD}'")

    monkeypatch.setattr(migrate, "KNOWN", ("20250101_before", migrate.HEAD))
    monkeypatch.setattr(migrate, "_upgrade", upgrade)
    return desk


def copies(paths: StorePaths) -> list[Path]:
    return sorted(paths.backups.iterdir()) if paths.backups.exists() else []


def test_an_older_file_is_copied_whole_before_it_is_upgraded(older: Desk, clock: FixedClock) -> None:
    key = older.accounts._key

    again = open_desk(key, older.paths, clock)

    (copy,) = copies(older.paths)
    old = cipher.connect(copy, key, read_only=True)
    assert old.execute("SELECT version_num FROM alembic_version").fetchone() == ("20250101_before",)
    assert old.execute("SELECT count(*) FROM cases").fetchone() == (1,)
    assert cipher.quick_check(old) == []
    old.close()
    assert copy.name.startswith("before-upgrade-")
    assert again.care.stats()["case"] == 1
    again.close()
    open_desk(key, older.paths, clock).close()
    assert len(copies(older.paths)) == 1


def test_no_older_file_is_upgraded_under_another_window(
    older: Desk, window: subprocess.Popen[str], clock: FixedClock
) -> None:
    before = older.paths.database.read_bytes()

    refusal(lambda: open_desk(older.accounts._key, older.paths, clock), "store.locked_by_window")

    assert older.paths.database.read_bytes() == before
    assert copies(older.paths) == []


def test_the_window_of_this_process_may_upgrade_its_own_file(older: Desk, clock: FixedClock) -> None:
    held = Gate(older.paths, clock).hold()

    open_desk(older.accounts._key, older.paths, clock).close()

    held.release()
    assert len(copies(older.paths)) == 1


def test_without_room_for_the_copy_nothing_is_upgraded(
    older: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_folder: Path, _size: int) -> None:
        raise Unavailable("store.disk_full")

    monkeypatch.setattr(migrate, "need_room", no_room)
    before = older.paths.database.read_bytes()

    refusal(lambda: open_desk(older.accounts._key, older.paths, clock), "store.disk_full")

    assert older.paths.database.read_bytes() == before
    assert copies(older.paths) == []


def test_a_file_of_a_newer_program_is_refused_by_the_command_line_too(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '20990101_future'")
    desk.close()
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD, encoding="utf-8")

    code = main(["--store", str(desk.paths.folder), "--password-file", str(secret), "--json", "stats"])

    told = json.loads(capsys.readouterr().out)["error"]
    assert (code, told["code"]) == (3, "store.newer")
    assert "20990101_future" in told["message"]


# What every connection is set to


def test_the_writer_saves_with_full_care_and_readers_cannot_write(desk: Desk) -> None:
    def settings(connection: object) -> dict[str, object]:
        raw = raw_connection(connection)  # type: ignore[arg-type]
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only", "temp_store")
        return {name: raw.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    with desk.store.local() as connection:
        writer = settings(connection)
    with desk.store.read() as reader:
        at_reading = settings(reader.connection)

    full, memory = 2, 2
    assert writer == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "query_only": 0,
        "temp_store": memory,
    }
    assert (at_reading["journal_mode"], at_reading["foreign_keys"], at_reading["query_only"]) == ("wal", 1, 1)
