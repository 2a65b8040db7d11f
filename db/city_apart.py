"""Rows that stand apart: those a new snapshot does not name, and those this program did not understand when they came."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from pydantic_core import from_json

from app.base.logs import Log
from app.domain.catalog import TYPE_NAMED
from app.domain.records import Reach
from app.wire.sync import Entry
from app.wire.upcast import upcast
from db.city_held import GONE, look, named_between
from db.city_rows import RowBroken
from db.city_tx import MARK_SQL, OF_SCHEMA, ROWS, CityTx, schema_of
from db.engine import run, run_many
from db.tx import CODECS

log = Log("sync")


def note_unnamed(tx: CityTx, scope: str, after: UUID | None, last: UUID | None, named: Iterable[UUID]) -> None:
    """Remember records of a scope between two ids that a snapshot did not name; they leave when it is complete."""
    known = {record_id.bytes for record_id in named}
    low = after.bytes if after else b""
    here = named_between(tx.connection, scope, tx.home, low, last.bytes if last else None)
    unnamed = [(raw, kind, version) for raw, kind, version in here if raw not in known]
    for raw, _kind, version in unnamed:
        tx.move_sum(raw, (scope, version), None)
    sql = MARK_SQL.replace(
        "VALUES (?, ?, ?, ?, ?)", 'SELECT ?, ?, ?, ?, (SELECT "row" FROM foreign_rows WHERE record_id = ?)'
    )
    run_many(tx.connection, sql, [(raw, GONE + scope, kind, version, raw) for raw, kind, version in unnamed])


def unnamed(tx: CityTx, scope: str) -> int:
    """How many records a complete snapshot did not name."""
    sql = "SELECT count(*) FROM foreign_rows WHERE scope = ?"
    return int(run(tx.connection, sql, (GONE + scope,)).fetchone()[0])


def remove_unnamed(tx: CityTx, scope: str) -> int:
    """Take away what a complete snapshot did not name; gives how many."""
    sql = "SELECT record_id, record_type FROM foreign_rows WHERE scope = ?"
    gone = run(tx.connection, sql, (GONE + scope,)).fetchall()
    plain = [(raw, kind.partition(OF_SCHEMA)[0]) for raw, kind in gone]
    held = look(tx.connection, ((kind, raw) for raw, kind in plain), tx.home)
    return tx.remove(plain, held)


def adopt(tx: CityTx) -> int:
    """Take over rows that were kept verbatim and that this program understands by now; gives how many."""
    sql = 'SELECT record_id, scope, record_type, version, "row" FROM foreign_rows WHERE "row" IS NOT NULL'
    adopted = 0
    for raw, scope, told, version, row in run(tx.connection, sql).fetchall():
        kind, _, schema = told.partition(OF_SCHEMA)
        said = {"schema_no": int(schema)} if schema else {}
        values = {"seq": 0, "op": "put", "type": kind, "id": UUID(bytes=raw), "version": version, "row": from_json(row)}
        entry = Entry.model_validate(values | said)
        if not scope.startswith(GONE) and _understands(entry):
            adopted += tx.take(scope, [entry], replace=True)
    return adopted + sum(_unfold(tx, name) for name in CODECS)


def _unfold(tx: CityTx, name: str) -> int:
    """Fields an earlier program did not know and kept in `extra` go where they belong."""
    codec, taken = CODECS[name], 0
    sql = f"SELECT id, extra FROM \"{codec.table.name}\" WHERE extra <> '{{}}'"
    for raw, extra in run(tx.connection, sql).fetchall():
        known = from_json(extra).keys() & ROWS[name].kind.record.model_fields.keys()
        found = codec.find(tx.connection, raw) if known else None
        if found is not None:
            row = ROWS[name].row(found[1])
            kept = row.pop("extra")
            values = row | {field: kept.pop(field) for field in known} | {"extra": kept}
            tx.rewrite(name, raw, found[1].version, values, look(tx.connection, [(name, raw)], tx.home))
            taken += 1
    return taken


def _understands(entry: Entry) -> bool:
    kind = TYPE_NAMED.get(entry.type)
    if kind is None or kind.reach is Reach.PC or schema_of(entry, kind) > kind.schema:
        return False
    try:
        values = upcast(entry.type, schema_of(entry, kind), kind.schema, entry.row or {})
        ROWS[entry.type].stored(entry.id.bytes, entry.version, values)
    except RowBroken as error:
        log.warning("sync.row_not_understood", type=entry.type, id=str(entry.id), reason=str(error))
        return False
    return True
