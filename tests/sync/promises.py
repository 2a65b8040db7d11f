"""What must hold of desks and their city after anything that happens, checked by plain SQL where the programs count."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import func, select

from app.domain.catalog import TYPE_NAMED, TYPE_OF
from app.domain.records import Reach, Record
from app.sync.views import SyncReport
from app.wire.sync import CITY_SCOPE
from db.store import Store
from db.tx import CODECS
from server.city import City
from server.files import shelf_of
from server.fsck import damages
from server.tables import BLOB, FEED, OUTCOME, RECORD

VISIBLE = {"settled", "waiting", "conflict", "refused", "held", "decided"}
"""States a change may be in between two runs: each is final or shown to a person."""

PARENTS = {
    "case_steps": ("cases",),
    "check_results": ("patrol_rounds",),
    "facility_events": ("facilities",),
    "photos": ("cases", "findings", "check_results", "patrol_rounds", "facilities", "inspections"),
}


def quiet(syncs: Iterable[Callable[[], SyncReport]], turns: int = 6) -> list[SyncReport]:
    """Let every desk sync until a whole round brings nothing new; gives the reports of that round."""
    desks = list(syncs)
    for _turn in range(turns):
        reports = [sync() for sync in desks]
        if all(not (report.problem_code or report.pushed or report.pulled) for report in reports):
            return reports
    raise AssertionError(f"no quiet after {turns} rounds: {reports}")


def check_desk(store: Store) -> None:
    """One desk at any moment: a whole file, no stray child, no change in a state nobody sees, screen = base + pending."""
    # A connection that searched before may remember segments of the search index that are gone: looked at afresh.
    store._readers.dispose()
    with store.read() as reader:
        run = reader.connection.exec_driver_sql
        told = run("PRAGMA integrity_check").scalars().all()
        assert told == ["ok"], f"{store.paths.folder}: {told[:10]}"
        assert set(run("SELECT DISTINCT state FROM outbox").scalars()) <= VISIBLE
        for table, parents in PARENTS.items():
            known = " UNION ALL ".join(f"SELECT id FROM {parent}" for parent in parents)
            sql = f"SELECT count(*) FROM {table} WHERE parent NOT IN ({known})"
            assert run(sql).scalar_one() == 0, f"{table} without what they belong to"
        unqueued = "SELECT id FROM cases WHERE version = 0 AND id NOT IN (SELECT record_id FROM outbox)"
        assert run(unqueued).fetchall() == []
        answered = (
            "SELECT count(*) FROM outbox WHERE state IN ('conflict', 'refused', 'held') AND change_id NOT IN "
            "(SELECT change_id FROM outcomes)"
        )
        assert run(answered).scalar_one() == 0, "a trouble without the city's words"


def check_city(city: City) -> None:
    """The city at any moment: dense feeds, every version in them, one effect a change, whole files."""
    assert list(damages(city)) == []
    with city.database.read() as connection:
        per_change = select(func.count()).where(FEED.c.change_id.is_not(None)).group_by(FEED.c.change_id)
        assert set(connection.execute(per_change).scalars()) <= {1}, "a change took effect twice"
        settled = {row[0] for row in connection.execute(select(OUTCOME.c.change_id).where(OUTCOME.c.seq > 0))}
        effects = set(connection.execute(select(FEED.c.change_id).where(FEED.c.change_id.is_not(None))).scalars())
        assert settled == effects, "an answer without its effect, or an effect without its answer"
        shelf = shelf_of(city)
        whole = select(BLOB.c.sha256, BLOB.c.stored_name, BLOB.c.size).where(BLOB.c.completed_at.is_not(None))
        for sha256, name, size in connection.execute(whole):
            assert hashlib.sha256(shelf.read(name, 0, size + 1)).hexdigest() == sha256


def sent_is_known(store: Store, city: City) -> None:
    """What a desk believes settled has its effect at the city; the city may know more than the desk."""
    with city.database.read() as connection:
        effects = set(connection.execute(select(FEED.c.change_id)).scalars())
    here = [kind.name for kind in TYPE_NAMED.values() if kind.reach is Reach.PC]
    with store.read() as reader:
        sql = "SELECT change_id, record_type FROM outbox WHERE state = 'settled'"
        settled = {UUID(bytes=row[0]) for row in reader.connection.exec_driver_sql(sql) if row[1] not in here}
    assert settled <= effects


def equal_with_city(store: Store, city: City, district: str) -> None:
    """Every live record of the desk's scopes is here in the same version, and nothing else of the city's is."""
    with city.database.read() as connection:
        sql = select(RECORD.c.id, RECORD.c.version).where(RECORD.c.scope.in_([district, CITY_SCOPE]), ~RECORD.c.deleted)
        theirs = {row[0]: row[1] for row in connection.execute(sql)}
    assert held(store) == theirs


def held(store: Store) -> dict[UUID, int]:
    """Ids and versions of everything here that stands in a scope shared with others."""
    found: dict[UUID, int] = {}
    with store.read() as reader:
        run = reader.connection.exec_driver_sql
        for name, codec in CODECS.items():
            if TYPE_NAMED[name].reach is Reach.DISTRICT:
                rows = run(f'SELECT id, version FROM "{codec.table.name}" WHERE version > 0').fetchall()
                found |= {UUID(bytes=row[0]): row[1] for row in rows}
        foreign = run("SELECT record_id, version FROM foreign_rows WHERE row IS NOT NULL AND instr(scope, '/') = 0")
        found |= {UUID(bytes=row[0]): row[1] for row in foreign.fetchall()}
    return found


def same_on_all(stores: Iterable[Store]) -> None:
    """Every desk of a district shows the same in every field."""
    first, *others = [_shown(store) for store in stores]
    for other in others:
        assert other.keys() == first.keys(), other.keys() ^ first.keys()
        unlike = [(mine, first[id_]) for id_, mine in other.items() if mine != first[id_]]
        assert not unlike, unlike[:2]


def _shown(store: Store) -> dict[UUID, Record]:
    kinds = [record for record, kind in TYPE_OF.items() if kind.reach is Reach.DISTRICT and kind.name in CODECS]
    with store.read() as reader:
        return {one.id: one for record in kinds for one in reader.all(record) if one.version > 0}


def own_work_shows(store: Store) -> None:
    """The screen shows the city's row with this desk's own unsent fields on top, never less."""
    with store.read() as reader:
        run = reader.connection.exec_driver_sql
        sql = (
            "SELECT record_type, record_id, fields FROM outbox WHERE state IN ('waiting', 'held', 'conflict', 'refused') "
            "ORDER BY seq"
        )
        wanted: dict[tuple[str, UUID], dict[str, object]] = {}
        for name, raw, fields in run(sql).fetchall():
            pending = {field: pair[1] for field, pair in from_json(fields).items()}
            wanted.setdefault((name, UUID(bytes=raw)), {}).update(pending)
        for (name, record_id), fields in wanted.items():
            found = CODECS[name].find(reader.connection, record_id.bytes)
            assert found is not None, f"an unsent {name} is gone"
            shown = found[1].model_dump(mode="json")
            for field, value in fields.items():
                if field not in ("changed_at", "extra"):
                    assert shown.get(field) == value, f"{name}.{field}: own unsent work does not show"
