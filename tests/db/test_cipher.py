"""The encrypted connection: what it refuses, what it tells, what it never writes in plain."""

from __future__ import annotations

import os
import secrets
import sqlite3
from pathlib import Path

import pytest

from app.domain.problems import Unavailable
from db import cipher

SECRET_TEXT = "紫荆山路与东里路交叉口东北角井盖缺失"


def _filled(database: Path, key: bytes, rows: int = 400) -> None:
    connection = cipher.connect(database, key)
    connection.execute("CREATE TABLE t(rid INTEGER PRIMARY KEY, words TEXT)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t(words) VALUES (?)", ((f"{SECRET_TEXT}{n}",) for n in range(rows)))
    connection.execute("COMMIT")
    connection.close()


def _damage(database: Path, page: int) -> None:
    data = bytearray(database.read_bytes())
    data[(page - 1) * 4096 + 200] ^= 0xFF
    database.write_bytes(data)


def test_no_plain_word_stands_in_the_file_or_its_log(tmp_path: Path) -> None:
    database, key = tmp_path / "a.db", secrets.token_bytes(32)
    connection = cipher.connect(database, key)
    connection.execute("CREATE TABLE t(words TEXT)")
    connection.execute("INSERT INTO t VALUES (?)", (SECRET_TEXT,))

    seen = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    connection.close()
    assert "a.db-wal" in seen
    assert len(seen["a.db-wal"]) > 4096
    for data in [*seen.values(), database.read_bytes()]:
        assert SECRET_TEXT.encode() not in data
        assert b"SQLite format 3" not in data
        assert key not in data


def test_a_wrong_key_is_told_and_changes_nothing(tmp_path: Path) -> None:
    database, key = tmp_path / "a.db", secrets.token_bytes(32)
    _filled(database, key)
    before = database.read_bytes()

    with pytest.raises(Unavailable) as told:
        cipher.connect(database, secrets.token_bytes(32))

    assert told.value.code == "store.wrong_key"
    assert database.read_bytes() == before


@pytest.mark.parametrize(("content", "code"), [(b"half", "store.damaged"), (b"x" * 9000, "store.wrong_key")])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    database = tmp_path / "a.db"
    database.write_bytes(content)

    with pytest.raises(Unavailable) as told:
        cipher.connect(database, secrets.token_bytes(32))

    assert told.value.code == code
    assert database.read_bytes() == content


def test_an_unencrypted_file_is_not_ours(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    plain = sqlite3.connect(database)
    plain.execute("CREATE TABLE t(a)")
    plain.close()

    with pytest.raises(Unavailable) as told:
        cipher.connect(database, secrets.token_bytes(32))

    assert told.value.code == "store.not_ours"


def test_a_reader_neither_makes_nor_changes_a_file(tmp_path: Path) -> None:
    database, key = tmp_path / "a.db", secrets.token_bytes(32)
    with pytest.raises(Unavailable) as told:
        cipher.connect(database, key, read_only=True)
    assert told.value.code == "store.missing"
    assert not database.exists()
    _filled(database, key)

    reader = cipher.connect(database, key, read_only=True)

    with pytest.raises(Exception, match="readonly"):
        reader.execute("DELETE FROM t")
    reader.close()


def test_a_folder_without_access_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)

    for read_only in (True, False):
        with pytest.raises(Unavailable) as told:
            cipher.connect(tmp_path / "a.db", secrets.token_bytes(32), read_only=read_only)
        assert told.value.code == "store.read_only"


def test_a_writer_saves_with_full_care(tmp_path: Path) -> None:
    connection = cipher.connect(tmp_path / "a.db", secrets.token_bytes(32))

    told = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}

    connection.close()
    assert told == {"journal_mode": "wal", "synchronous": 2}


def test_a_damaged_page_is_found_by_number_and_without_noise(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    database, key = tmp_path / "a.db", secrets.token_bytes(32)
    _filled(database, key)
    _damage(database, 5)
    _damage(database, 8)

    first, second = cipher.connect(database, key), cipher.connect(database, key)
    pages, found = cipher.broken_pages(first), cipher.quick_check(second)

    first.close()
    second.close()
    assert pages == [5, 8]
    assert found != []
    assert capfd.readouterr().err == ""


def test_a_file_cut_short_is_noticed_when_it_is_opened(tmp_path: Path) -> None:
    database, key = tmp_path / "a.db", secrets.token_bytes(32)
    _filled(database, key)
    database.write_bytes(database.read_bytes()[: -4096 * 3])

    with pytest.raises(Unavailable) as told:
        cipher.connect(database, key)

    assert told.value.code == "store.damaged"


def test_a_sound_file_passes_the_check(tmp_path: Path) -> None:
    database, key = tmp_path / "a.db", secrets.token_bytes(32)
    _filled(database, key)

    connection = cipher.connect(database, key, read_only=True)

    assert cipher.quick_check(connection) == []
    assert cipher.broken_pages(connection) == []
    connection.close()
