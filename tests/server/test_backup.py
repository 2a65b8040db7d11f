"""A backup is whole or is none, and a restored city is a new epoch that gives no number twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.base.clock import FixedClock
from app.domain.problems import Refused, Unavailable
from app.wire.accounts import NumberRequest
from server import audit, backup, files, fsck, numbers
from server.city import City, open_city
from server.settings import CitySettings
from server.tables import AUDIT, SCOPE_HEAD
from tests.server import postgres
from tests.server.bureaus import Bureau
from tests.server.city_files import send_whole, some_bytes
from tests.server.devices import JINSHUI, OPERATOR


@pytest.fixture
def empty_place(city: City, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CitySettings]:
    """An empty database of the same kind as the city's, and an empty folder."""
    with ExitStack() as leaving:
        if city.database.is_postgres:
            cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
            url = leaving.enter_context(cluster.database())
        else:
            url = f"sqlite:{'///'}{tmp_path / 'restored.db'}"
        yield CitySettings(url, tmp_path / "restored-files")


@pytest.fixture
def bureau(city: City) -> Bureau:
    """A bureau that has sent two units and a photo and was given numbers."""
    made = Bureau(city, JINSHUI)
    made.push(made.unit("环卫公司"), made.unit("执法大队"))
    send_whole(city, JINSHUI, some_bytes(300_000))
    grant(city, made, 10)
    return made


def grant(city: City, bureau: Bureau, count: int, year: int = 2026) -> range:
    wanted = NumberRequest(request_id=city.ids.new(), kind="case", year=year, count=count)
    block = city.database.retrying(lambda connection: numbers.grant(connection, city, bureau.device, wanted))
    return range(block.first, block.last + 1)


def epochs(city: City) -> dict[str, tuple[str, int, int, int]]:
    with city.database.read() as connection:
        rows = connection.execute(select(SCOPE_HEAD)).all()
    return {row.scope: (row.epoch, row.head, row.live_count, row.live_hash) for row in rows}


def test_a_restored_city_holds_the_same_under_a_new_epoch(
    city: City, bureau: Bureau, empty_place: CitySettings, tmp_path: Path, clock: FixedClock
) -> None:
    before = epochs(city)
    backup.back_up(city, tmp_path / "backup", who=OPERATOR)

    backup.restore(empty_place, tmp_path / "backup", who=OPERATOR, clock=clock)

    restored = open_city(empty_place, clock=clock)
    try:
        after = epochs(restored)
        assert {scope: rest[1:] for scope, rest in after.items()} == {scope: rest[1:] for scope, rest in before.items()}
        assert all(after[scope][0] != before[scope][0] for scope in before)
        assert restored.keys.sign_public == city.keys.sign_public
        assert list(fsck.damages(restored)) == []
        (sha256,) = [kept.sha256 for kept in backup.proved(tmp_path / "backup").files]
        assert files.state(restored, JINSHUI, sha256).state == "complete"
        with restored.database.read() as connection:
            assert audit.broken_at(connection) is None
            deeds = connection.execute(select(AUDIT.c.deed).order_by(AUDIT.c.id)).scalars().all()
        assert deeds[-2:] == ["backup", "restore"]
    finally:
        restored.close()


def test_numbers_given_after_the_backup_stay_good_and_are_not_given_again(
    city: City, bureau: Bureau, empty_place: CitySettings, tmp_path: Path, clock: FixedClock
) -> None:
    backup.back_up(city, tmp_path / "backup", who=OPERATOR)
    lost = grant(city, bureau, 50)

    backup.restore(empty_place, tmp_path / "backup", who=OPERATOR, clock=clock)

    restored = open_city(empty_place, clock=clock)
    try:
        fresh = grant(restored, bureau, 100)
        assert not set(lost) & set(fresh)
        with restored.database.read() as connection:
            words = [f"{JINSHUI}-2026-{n:06d}" for n in (lost[0], lost[-1], fresh[-1] + 1)]
            good = [numbers.belongs(connection, bureau.device, "case", word) for word in words]
        assert good == [True, True, False]
    finally:
        restored.close()


def test_numbers_of_a_year_that_began_after_the_backup_are_not_given_again_either(
    city: City, bureau: Bureau, empty_place: CitySettings, tmp_path: Path, clock: FixedClock
) -> None:
    backup.back_up(city, tmp_path / "backup", who=OPERATOR)
    clock.advance(timedelta(days=40))
    lost = grant(city, bureau, 50, year=2027)

    backup.restore(empty_place, tmp_path / "backup", who=OPERATOR, clock=clock)

    restored = open_city(empty_place, clock=clock)
    try:
        assert not set(lost) & set(grant(restored, bureau, 100, year=2027))
        with restored.database.read() as connection:
            assert numbers.belongs(connection, bureau.device, "case", f"{JINSHUI}-2027-{lost[0]:06d}")
    finally:
        restored.close()


def test_a_backup_in_a_folder_that_was_there_is_its_owners_alone(city: City, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    folder.mkdir(mode=0o755)

    backup.back_up(city, folder, who=OPERATOR)

    assert folder.stat().st_mode & 0o777 == 0o700


def test_nothing_is_restored_over_something(city: City, bureau: Bureau, tmp_path: Path) -> None:
    backup.back_up(city, tmp_path / "backup", who=OPERATOR)
    before = epochs(city)

    with pytest.raises(Refused, match="restore_not_empty"):
        backup.restore(city.settings, tmp_path / "backup", who=OPERATOR)
    assert epochs(city) == before


def test_a_backup_is_written_over_nothing(city: City, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "other").write_text("别的")

    with pytest.raises(Refused, match="backup_there"):
        backup.back_up(city, tmp_path / "backup", who=OPERATOR)


@pytest.mark.parametrize("harm", ["no manifest", "no dump", "short dump", "changed file", "no file", "path out"])
def test_a_damaged_backup_is_not_begun_with(sqlite_city: City, tmp_path: Path, harm: str) -> None:
    send_whole(sqlite_city, JINSHUI, some_bytes(3000))
    folder = tmp_path / "backup"
    manifest = backup.back_up(sqlite_city, folder, who=OPERATOR)
    file = folder / backup.FILES / manifest.files[0].name
    match harm:
        case "no manifest":
            (folder / backup.MANIFEST).unlink()
        case "no dump":
            (folder / backup.DUMP).unlink()
        case "short dump":
            (folder / backup.DUMP).write_bytes((folder / backup.DUMP).read_bytes()[:-1])
        case "changed file":
            file.write_bytes(b"\0" + file.read_bytes()[1:])
        case "no file":
            file.unlink()
        case "path out":
            text = (folder / backup.MANIFEST).read_text().replace(manifest.files[0].name, "../" + backup.DUMP)
            (folder / backup.MANIFEST).write_text(text)
    target = CitySettings(f"sqlite:{'///'}{tmp_path / 'new.db'}", tmp_path / "new-files")

    with pytest.raises(Refused, match="backup_damaged"):
        backup.restore(target, folder, who=OPERATOR)
    assert not (tmp_path / "new.db").exists() or not target.files.exists()


def test_a_file_that_was_changed_on_the_disk_is_not_passed_off_as_sound(sqlite_city: City, tmp_path: Path) -> None:
    send_whole(sqlite_city, JINSHUI, some_bytes(3000))
    (name,) = files.shelf_of(sqlite_city).names()
    (sqlite_city.settings.files / name[:2] / name).unlink()
    target = CitySettings(f"sqlite:{'///'}{tmp_path / 'new.db'}", tmp_path / "new-files")

    backup.back_up(sqlite_city, tmp_path / "backup", who=OPERATOR)
    backup.restore(target, tmp_path / "backup", who=OPERATOR)

    restored = open_city(target)
    assert {damage.kind for damage in fsck.damages(restored)} == {"file_missing"}
    restored.close()


def test_an_sqlite_backup_is_not_read_into_postgres(sqlite_city: City, tmp_path: Path) -> None:
    backup.back_up(sqlite_city, tmp_path / "backup", who=OPERATOR)
    other = CitySettings(f"postgresql+psycopg:{'//'}127.0.0.1:1/none", tmp_path / "new-files")

    with pytest.raises(Refused, match="backup_other_kind"):
        backup.restore(other, tmp_path / "backup", who=OPERATOR)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_tool_that_is_missing_is_told_by_name(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "_TOOLS", ())
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unavailable, match="pg_dump"):
        backup.back_up(city, tmp_path / "backup", who=OPERATOR)
    assert not (tmp_path / "backup" / backup.MANIFEST).exists()


def test_the_keys_of_the_city_are_not_left_open_to_others(sqlite_city: City, tmp_path: Path) -> None:
    backup.back_up(sqlite_city, tmp_path / "backup", who=OPERATOR)

    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
