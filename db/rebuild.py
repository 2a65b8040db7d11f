"""What a salvaged file lacks and can be made anew: the search index, the numbers given so far, this PC's identity."""

from __future__ import annotations

from sqlalchemy import Connection

from app.base.watch import Watch
from db.fts import PLACES
from db.store import Store
from db.tx import CODECS
from db.types import to_microseconds

BATCH = 5000
_NUMBERED = (
    ("cases", "local_no"),
    ("patrol_rounds", "number"),
    ("findings", "number"),
    ("field_tasks", "number"),
    ("roll_calls", "number"),
    ("inspections", "number"),
    ("draws", "number"),
)
"""Whatever carries a number this PC gave."""
_COUNTED = (
    "INSERT INTO numbers(series, last) VALUES (?, ?) ON CONFLICT(series) DO UPDATE SET last = max(last, excluded.last)"
)


def rebuild(store: Store, watch: Watch) -> None:
    """Bring a store whose rows were saved one by one back to where the program can use it."""
    with store.local() as connection:
        _identity(store, connection)
        _numbers(connection)
        for record_type in PLACES:
            _search(store, connection, record_type, watch)


def _identity(store: Store, connection: Connection) -> None:
    if connection.exec_driver_sql("SELECT 1 FROM device").first() is None:
        made = (store.ids.new().bytes, to_microseconds(store.clock.now()))
        connection.exec_driver_sql("INSERT INTO device(id, made_at) VALUES (?, ?)", made)


def _numbers(connection: Connection) -> None:
    """No number is given twice, even when the row that counted them is lost."""
    last: dict[str, int] = {}
    for table, column in _NUMBERED:
        for (number,) in connection.exec_driver_sql(f"SELECT {column} FROM {table}"):
            series, _, serial = number.rpartition("-")
            if series and serial.isdigit():
                last[series] = max(last.get(series, 0), int(serial))
    for counted in last.items():
        connection.exec_driver_sql(_COUNTED, counted)


def _search(store: Store, connection: Connection, record_type: str, watch: Watch) -> None:
    codec, done = CODECS[record_type], 0
    sql = f"{codec.select_sql} WHERE rid > ? ORDER BY rid LIMIT {BATCH}"
    while rows := connection.exec_driver_sql(sql, (done,)).all():
        store.search.put_many(connection, record_type, [(row[0], codec.decode(row)) for row in rows])
        done = rows[-1][0]
        watch.step(done)
