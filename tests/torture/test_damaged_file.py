"""A page of the database is broken: it is told, nothing is thrown away, and what is readable can be saved."""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.cli.main import main
from app.desk import Desk, open_desk, restore_desk, salvage_desk
from app.domain.case_views import CaseFilter
from app.domain.cases import PhotoPhase
from app.domain.problems import Unavailable
from app.gate import Gate
from db import cipher
from tests.builders import PASSWORD, a_draft, a_picture
from tests.desks import first_actor, make_desk

PAGE = 4096
INTERIOR_TABLE = 5
CASES = 60


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Callable[[], tuple[StorePaths, bytes, list[str]]]:
    """Makes an office with sixty cases and a photo, and closes it; gives its paths, its key and the numbers."""

    def make() -> tuple[StorePaths, bytes, list[str]]:
        desk = make_desk(tmp_path / "store", clock)
        actor = first_actor(desk)
        made = [desk.cases.report(a_draft(description=f"第 {n} 件" + "长" * 600), actor=actor) for n in range(CASES)]
        taken = desk.photos.take_in(a_picture(), "井盖.jpg")
        desk.photos.attach(made[0].id, [taken], PhotoPhase.BEFORE, actor=actor)
        key = desk.accounts._key
        desk.close()
        return desk.paths, key, [case.local_no for case in made]

    return make


def pages_of(paths: StorePaths, key: bytes, table: str) -> list[int]:
    """Numbers of the pages that hold a table's rows, in the rows' order; the file is at rest."""
    connection = cipher.connect(paths.database, key, read_only=True)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.close()
    return list(_leaves(paths.database.read_bytes(), key, root))


def _leaves(data: bytes, key: bytes, number: int) -> Iterator[int]:
    """Walks the tree as SQLite's file format describes it, through SQLCipher's page layout (80 bytes of seal)."""
    sealed = data[(number - 1) * PAGE : number * PAGE]
    page = Cipher(AES(key), CBC(sealed[-80:-64])).decryptor().update(sealed[:-80])
    if page[0] != INTERIOR_TABLE:
        yield number
        return
    (cells,) = struct.unpack_from(">H", page, 3)
    for place in struct.unpack_from(f">{cells}H", page, 12):
        yield from _leaves(data, key, struct.unpack_from(">I", page, place)[0])
    yield from _leaves(data, key, struct.unpack_from(">I", page, 8)[0])


def break_pages(database: Path, *pages: int) -> bytes:
    """Overwrite some bytes of these pages; gives the broken file."""
    data = bytearray(database.read_bytes())
    for page in pages:
        data[(page - 1) * PAGE + 100 : (page - 1) * PAGE + 140] = secrets.token_bytes(40)
    database.write_bytes(data)
    return bytes(data)


def refused(key: bytes, paths: StorePaths, clock: FixedClock) -> str:
    with pytest.raises(Unavailable) as told:
        open_desk(key, paths, clock).close()
    return told.value.code


def numbers(desk: Desk) -> set[str]:
    return {line.local_no for line in desk.case_lists.first_page(CaseFilter(), 1000)}


def test_a_broken_page_is_told_at_the_next_start_and_the_file_is_left_alone(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], clock: FixedClock
) -> None:
    paths, key, _made = office()
    broken = break_pages(paths.database, pages_of(paths, key, "cases")[5])

    assert refused(key, paths, clock) == "store.damaged"
    assert paths.database.read_bytes() == broken


def test_a_broken_first_page_is_damage_and_not_a_wrong_password(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], clock: FixedClock
) -> None:
    paths, _key, _made = office()
    broken = break_pages(paths.database, 1)

    opened = Gate(paths, clock).enter("zhangmin", PASSWORD)

    assert refused(opened.key, paths, clock) == "store.damaged"
    with pytest.raises(Unavailable) as nothing:
        salvage_desk(opened.key, paths, clock)
    assert nothing.value.code == "store.salvage_nothing"
    assert paths.database.read_bytes() == broken


def test_a_page_that_breaks_while_the_program_runs_is_told_as_damage(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, key, made = office()
    break_pages(paths.database, *pages_of(paths, key, "cases"))
    monkeypatch.setattr(cipher, "is_whole", lambda _connection: True)
    desk = open_desk(key, paths, clock)

    with pytest.raises(Unavailable) as told:
        desk.cases.get(desk.cases.find_number(made[30]))

    assert told.value.code == "store.damaged"
    desk.close()


def test_salvage_in_place_saves_all_other_cases_and_keeps_the_damaged_file(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], clock: FixedClock
) -> None:
    paths, key, made = office()
    broken = break_pages(paths.database, pages_of(paths, key, "cases")[5])

    salvaged = salvage_desk(key, paths, clock)

    assert salvaged.kept is not None
    assert (salvaged.kept / "griddesk.db").read_bytes() == broken
    desk = open_desk(Gate(paths, clock).enter("zhangmin", PASSWORD).key, paths, clock)
    saved = numbers(desk)
    assert CASES - 10 < len(saved) < CASES
    assert saved < set(made)
    assert not salvaged.report.whole
    assert [gap["table"] for gap in salvaged.told()["lost"]] == ["cases"]
    last = made[-1]
    assert [line.local_no for line in desk.case_lists.first_page(CaseFilter(search=f"第 {CASES - 1} 件"))] == [last]
    fresh = desk.cases.report(a_draft(), actor=first_actor(desk))
    assert fresh.local_no > last
    desk.close()


def test_a_number_is_not_given_again_when_its_counter_was_lost(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], clock: FixedClock
) -> None:
    paths, key, made = office()
    break_pages(paths.database, *pages_of(paths, key, "numbers"))

    salvage_desk(key, paths, clock)

    desk = open_desk(key, paths, clock)
    assert desk.cases.report(a_draft(), actor=first_actor(desk)).local_no > max(made)
    assert len(numbers(desk)) == CASES + 1
    desk.close()


def test_salvage_to_another_place_takes_photos_and_sign_in_along(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], clock: FixedClock, tmp_path: Path
) -> None:
    paths, key, _made = office()
    broken = break_pages(paths.database, pages_of(paths, key, "cases")[5])
    to = StorePaths.of(tmp_path / "usb" / "saved")

    salvage_desk(key, paths, clock, to)

    assert paths.database.read_bytes() == broken
    desk = open_desk(Gate(to, clock).enter("zhangmin", PASSWORD).key, to, clock)
    report = desk.care.check(actor=first_actor(desk))
    assert (report.problems, report.bad_files) == ((), ())
    assert report.counts["files"] == 1
    desk.close()


def test_salvage_writes_over_no_other_store(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], clock: FixedClock, tmp_path: Path
) -> None:
    paths, key, _made = office()
    make_desk(tmp_path / "other", clock).close()
    other = StorePaths.of(tmp_path / "other")
    before = other.database.read_bytes()

    with pytest.raises(Unavailable) as told:
        salvage_desk(key, paths, clock, other)

    assert told.value.code == "store.exists"
    assert other.database.read_bytes() == before


def test_the_command_line_tells_damage_and_salvages(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths, key, _made = office()
    break_pages(paths.database, pages_of(paths, key, "cases")[5])
    secret = tmp_path / "password.txt"
    secret.write_text(PASSWORD, encoding="utf-8")
    base = ["--store", str(paths.folder), "--password-file", str(secret), "--json"]

    refused_code = main([*base, "stats"])
    told = json.loads(capsys.readouterr().out)
    salvaged_code = main([*base, "salvage"])
    salvaged = json.loads(capsys.readouterr().out)
    works = main([*base, "stats"])

    assert (refused_code, told["error"]["code"]) == (3, "store.damaged")
    assert "抢救" in told["error"]["cure"]
    assert (salvaged_code, salvaged["whole"], works) == (0, False, 0)
    assert (Path(salvaged["kept_aside"]) / "griddesk.db").exists()


def test_a_salvaged_store_and_a_backup_can_both_be_gone_back_to(
    office: Callable[[], tuple[StorePaths, bytes, list[str]]], clock: FixedClock, tmp_path: Path
) -> None:
    paths, key, made = office()
    desk = open_desk(key, paths, clock)
    backup = tmp_path / "a.gdbackup"
    desk.care.back_up(backup, actor=first_actor(desk))
    desk.close()
    break_pages(paths.database, pages_of(paths, key, "cases")[5])
    salvage_desk(key, paths, clock)

    kept = restore_desk(backup, paths, clock)

    assert kept is not None
    desk = open_desk(key, paths, clock)
    assert numbers(desk) == set(made)
    desk.close()
