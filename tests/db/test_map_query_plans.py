"""What the map reads runs along an index; only a layer of everything reads everything."""

from __future__ import annotations

import re

import pytest

from app.desk import Desk
from app.domain.permissions import Actor
from db.engine import raw_connection, run
from db.queries import map_things

_WHOLE_TABLE = re.compile(r"^SCAN (?!p\b)(\w+)\b(?!.* USING (COVERING )?INDEX)")


def plans(desk: Desk, read: str, *values: object) -> list[str]:
    """The steps SQLite takes for every statement a reader of the map sends."""
    sent: list[str] = []
    with desk.store.read() as reader:
        raw = raw_connection(reader.connection)
        raw.set_trace_callback(sent.append)
        getattr(map_things, read)(reader.connection, *values)
        raw.set_trace_callback(None)
        asked = [sql for sql in sent if sql.lstrip().startswith("SELECT")]
        return [row[3] for sql in asked for row in run(reader.connection, f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize(
    ("read", "values"),
    [
        ("open_cases", (10,)),
        ("facilities", ("lamps", 10)),
        ("findings", (0, 1 << 60, 10)),
        ("check_points", ("2026-11-01", "2026-11-02", 10)),
        ("tracks", ("2026-11-01", "2026-11-02", 10)),
        ("facility_box", ("410105001",)),
        ("points_of_numbers", ("JS-", 10)),
    ],
    ids=["cases", "facilities of a register", "findings", "check points", "tracks", "a street", "numbers"],
)
def test_no_layer_of_a_part_reads_a_whole_table(
    desk: Desk, actor: Actor, read: str, values: tuple[object, ...]
) -> None:
    steps = plans(desk, read, *values)

    assert steps
    assert [step for step in steps if _WHOLE_TABLE.match(step)] == []
