"""What sync cannot do without, alone and in series: reading, decoding and writing the same rows with nothing around them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from pydantic_core import from_json, to_json

from db import cipher

PAGE = 1000
_COLUMNS = [
    "local_no",
    "source",
    "reporter_name",
    "scheme",
    "kind",
    "major",
    "minor",
    "major_name",
    "minor_name",
    "standards_version",
    "condition_no",
    "condition",
    "closing",
    "limit",
    "street_code",
    "street_name",
    "community_code",
    "community_name",
    "road",
    "house_no",
    "near",
    "address",
    "description",
    "reported_at",
    "stage",
    "stage_at",
]
_INDEXES = ("stage, reported_at", "street_code, reported_at", "reported_at", "local_no")


def down(postgres: str, scope: str, folder: Path) -> tuple[int, float]:
    """(rows, seconds): keyset read at the city, decode, upsert into an encrypted file with 4 indexes, one after the other."""
    begun = time.perf_counter()
    pages = list(_read(postgres, scope))
    decoded = [from_json(page) for page in pages]
    count = _upsert(decoded, folder / "stages.db")
    return count, time.perf_counter() - begun


def up(desk_file: Path, key: bytes, postgres: str) -> tuple[int, float]:
    """(rows, seconds): read the waiting changes, encode, decode, COPY into a temporary table and upsert, one after the other."""
    begun = time.perf_counter()
    packed = [to_json(page) for page in _waiting(desk_file, key)]
    count = _copy([from_json(page) for page in packed], postgres)
    return count, time.perf_counter() - begun


def counter_rate(postgres: str, seconds: float = 3.0, writers: int = 8) -> float:
    """Commits a second of a bare counter row that `writers` raise at once."""
    from concurrent.futures import ThreadPoolExecutor

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bare_counter(scope text PRIMARY KEY, head bigint NOT NULL)")
        connection.execute("INSERT INTO bare_counter VALUES ('one', 0) ON CONFLICT DO NOTHING")

    def write(_writer: int) -> int:
        done, end = 0, time.perf_counter() + seconds
        with psycopg.connect(postgres, autocommit=True) as connection:
            while time.perf_counter() < end:
                connection.execute("UPDATE bare_counter SET head = head + 1 WHERE scope = 'one'")
                done += 1
        return done

    with ThreadPoolExecutor(writers) as pool:
        return sum(pool.map(write, range(writers))) / seconds


def _read(postgres: str, scope: str) -> Iterator[bytes]:
    sql = "SELECT id, version, type, body FROM record WHERE scope = %s AND id > %s AND NOT deleted ORDER BY id LIMIT %s"
    after = UUID(int=0)
    with psycopg.connect(postgres) as connection:
        while rows := connection.execute(sql, (scope, after, PAGE)).fetchall():
            after = rows[-1][0]
            lines = (f'{{"id":"{row[0]}","version":{row[1]},"type":"{row[2]}","row":{row[3]}}}' for row in rows)
            yield f"[{','.join(lines)}]".encode()


def _upsert(pages: list[list[dict[str, Any]]], file: Path) -> int:
    file.unlink(missing_ok=True)
    connection = cipher.connect(file, bytes(range(32)), read_only=False)
    named = ", ".join(f'"{name}"' for name in _COLUMNS)
    connection.execute(f"CREATE TABLE row(rid INTEGER PRIMARY KEY, id BLOB UNIQUE, version INTEGER, {named})")
    for number, columns in enumerate(_INDEXES):
        connection.execute(f"CREATE INDEX ix_{number} ON row({columns})")
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in ("version", *_COLUMNS))
    marks = ", ".join("?" * (len(_COLUMNS) + 2))
    sql = f"INSERT INTO row(id, version, {named}) VALUES ({marks}) ON CONFLICT(id) DO UPDATE SET {sets}"
    count = 0
    for page in pages:
        rows = [
            (UUID(entry["id"]).bytes, entry["version"], *(_plain(entry["row"].get(name)) for name in _COLUMNS))
            for entry in page
        ]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(sql, rows)
        connection.execute("COMMIT")
        count += len(rows)
    connection.close()
    return count


def _plain(value: object) -> object:
    return to_json(value).decode() if isinstance(value, (dict, list)) else value


def _waiting(file: Path, key: bytes) -> Iterator[list[dict[str, Any]]]:
    connection = cipher.connect(file, key, read_only=True)
    sql = (
        "SELECT seq, change_id, record_type, record_id, fields, made_at FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?"
    )
    after = 0
    while rows := connection.execute(sql, (after, PAGE)).fetchall():
        after = rows[-1][0]
        yield [
            {
                "id": str(UUID(bytes=row[3])),
                "change": str(UUID(bytes=row[1])),
                "type": row[2],
                "fields": from_json(row[4]),
            }
            for row in rows
        ]
    connection.close()


def _copy(pages: list[list[dict[str, Any]]], postgres: str) -> int:
    count = 0
    with psycopg.connect(postgres) as connection:
        connection.execute("DROP TABLE IF EXISTS bare_record")
        connection.execute(
            "CREATE TABLE bare_record(id uuid PRIMARY KEY, change uuid, type text, number bigint, stage text, body text)"
        )
        for name in ("type, number", "number", "stage", "change"):
            connection.execute(f"CREATE INDEX ON bare_record({name})")
        connection.execute("CREATE TEMP TABLE arriving (LIKE bare_record)")
        connection.commit()
        for page in pages:
            connection.execute("TRUNCATE arriving")
            with connection.cursor() as cursor, cursor.copy("COPY arriving FROM STDIN") as copy:
                for number, change in enumerate(page, count):
                    fields = change["fields"]
                    stage = fields.get("stage", ("", ""))[1]
                    copy.write_row(
                        (change["id"], change["change"], change["type"], number, stage, to_json(fields).decode())
                    )
            connection.execute(
                "INSERT INTO bare_record SELECT DISTINCT ON (id) * FROM arriving ON CONFLICT (id) DO UPDATE SET body = excluded.body"
            )
            connection.commit()
            count += len(page)
    return count
