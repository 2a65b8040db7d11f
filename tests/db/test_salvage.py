"""Saving what is readable of a damaged file."""

from __future__ import annotations

import random
import secrets
from pathlib import Path

import pytest

from app.domain.problems import Unavailable
from db import cipher
from db.salvage import SalvageReport, salvage

KEY = bytes(range(32))
ROWS = 3000


def _make(database: Path) -> dict[int, str]:
    connection = cipher.connect(database, KEY)
    connection.execute("CREATE TABLE cases(rid INTEGER PRIMARY KEY, id BLOB UNIQUE, words TEXT)")
    connection.execute("CREATE TABLE notes(name TEXT PRIMARY KEY, value TEXT)")
    connection.execute("CREATE INDEX ix_words ON cases(words)")
    connection.execute("CREATE VIRTUAL TABLE search USING fts5(words, content='', contentless_delete=1)")
    words = {rid: f"{rid} 紫荆山路 " + "，" * (rid % 90) for rid in range(1, ROWS + 1)}
    connection.execute("BEGIN")
    for rid, text in words.items():
        connection.execute("INSERT INTO cases VALUES (?, ?, ?)", (rid, secrets.token_bytes(16), text))
        connection.execute("INSERT INTO notes VALUES (?, ?)", (f"n{rid}", text))
        connection.execute("INSERT INTO search(rowid, words) VALUES (?, ?)", (rid, text))
    connection.execute("COMMIT")
    connection.close()
    return words


def _leaves(database: Path, table: str) -> list[int]:
    connection = cipher.connect(database, KEY, read_only=True)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    assert pages > root
    return list(range(root + 1, pages))


def _damage(database: Path, *pages: int) -> None:
    data = bytearray(database.read_bytes())
    for page in pages:
        data[(page - 1) * 4096 + 100 : (page - 1) * 4096 + 140] = secrets.token_bytes(40)
    database.write_bytes(data)


def _saved(database: Path) -> dict[int, str]:
    connection = cipher.connect(database, KEY, read_only=True)
    rows = dict(connection.execute("SELECT rid, words FROM cases").fetchall())
    assert cipher.quick_check(connection) == []
    connection.close()
    return rows


def _lost(report: SalvageReport, rows: dict[int, str]) -> set[int]:
    (table,) = (table for table in report.tables if table.name == "cases")
    return {rid for rid in rows for gap in table.gaps if gap.after < rid and (gap.before is None or rid < gap.before)}


@pytest.mark.parametrize("seed", range(6))
def test_all_readable_rows_are_saved_and_every_lost_one_lies_in_a_told_gap(tmp_path: Path, seed: int) -> None:
    damaged, to = tmp_path / "a.db", tmp_path / "b.db"
    rows = _make(damaged)
    chance = random.Random(seed)
    _damage(damaged, *chance.sample(_leaves(damaged, "notes"), 4))
    before = damaged.read_bytes()

    report = salvage(damaged, to, KEY)

    saved = _saved(to)
    assert saved.items() <= rows.items()
    assert rows.keys() - saved.keys() == _lost(report, rows)
    assert len(saved) > ROWS * 0.8
    assert damaged.read_bytes() == before


def test_a_sound_file_is_saved_whole(tmp_path: Path) -> None:
    damaged, to = tmp_path / "a.db", tmp_path / "b.db"
    rows = _make(damaged)

    report = salvage(damaged, to, KEY)

    assert report.whole
    assert report.rows == 2 * ROWS
    assert report.to_rebuild == ("search",)
    assert report.refused == ()
    assert _saved(to) == rows


def test_a_file_whose_end_is_missing_gives_what_is_left(tmp_path: Path) -> None:
    damaged, to = tmp_path / "a.db", tmp_path / "b.db"
    rows = _make(damaged)
    damaged.write_bytes(damaged.read_bytes()[: damaged.stat().st_size * 2 // 3 // 4096 * 4096 + 77])

    report = salvage(damaged, to, KEY)

    saved = _saved(to)
    assert not report.whole
    assert 0 < len(saved) < ROWS
    assert saved.items() <= rows.items()


def test_what_was_saved_last_is_read_from_the_log(tmp_path: Path) -> None:
    damaged, to = tmp_path / "a.db", tmp_path / "b.db"
    _make(damaged)
    connection = cipher.connect(damaged, KEY)
    connection.execute("INSERT INTO cases VALUES (?, ?, ?)", (ROWS + 1, b"x", "the last one"))

    salvage(damaged, to, KEY)

    connection.close()
    assert _saved(to)[ROWS + 1] == "the last one"


def test_a_lost_first_page_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    damaged, to = tmp_path / "a.db", tmp_path / "b.db"
    _make(damaged)
    _damage(damaged, 1)

    with pytest.raises(Unavailable) as told:
        salvage(damaged, to, KEY)

    assert told.value.code == "store.wrong_key"
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    damaged, to = tmp_path / "a.db", tmp_path / "b.db"
    _make(damaged)
    to.write_bytes(b"precious")

    with pytest.raises(Unavailable) as told:
        salvage(damaged, to, KEY)

    assert told.value.code == "store.exists"
    assert to.read_bytes() == b"precious"
