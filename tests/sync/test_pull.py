"""What the city sends arrives whole and in order; nothing of this desk's own is overwritten or lost by it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from app.base.changes import ChangeSet
from app.base.watch import Cancelled, Watch, silent
from app.domain.catalog import TYPE_NAMED
from app.domain.directory import ROAD, Road
from app.domain.reference_versions import ReferenceVersion
from app.sync.check import recount
from app.sync.link import LinkStore
from app.sync.pull import Pull
from app.wire.sync import Entry, PullReply
from db import city_apart, city_tx
from db.city_tx import CityTx
from server.sync import city_records
from tests.desks import JINSHUI
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Changes, LosesAnswers
from tests.sync.offices import Office, counted


class PowerCut(BaseException):
    """Nothing after this line happens."""


def test_what_one_desk_writes_the_other_shows_and_finds(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    case = office.report(description="占道经营的烧烤摊")
    office.sync()
    report = other.sync()

    assert report.finished
    assert other.case(case.id) == office.case(case.id)
    assert other.sql("SELECT count(*) FROM search WHERE search MATCH ?", '"烧烤"') == [(1,)]


def test_pulled_rows_are_told_to_listeners_once_a_page(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    case = office.report()
    office.sync()
    heard: list[ChangeSet] = []
    other.desk.store.listen(heard.append)

    other.sync()

    assert [change.ids("case") for change in heard if change.concerns("case")] == [frozenset({case.id})]


def test_pulling_queues_nothing_and_leaves_one_line_a_page_in_the_trail(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    for _ in range(5):
        office.report()
    office.sync()
    before = other.states()

    other.sync()

    assert other.states() == before
    assert len(other.sql("SELECT 1 FROM events WHERE deed = 'city.apply' AND record_type = 'case'")) <= 1


def test_a_power_cut_between_page_and_cursor_repeats_harmlessly(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    case = office.report()
    office.sync()

    def cut(point: str) -> None:
        if point == "before_cursor_commit":
            raise PowerCut

    before = other.sql("SELECT * FROM scopes")
    with pytest.raises(PowerCut):
        other.sync(reach=cut)
    assert other.case(case.id) is None
    assert other.sql("SELECT * FROM scopes") == before

    assert other.sync().finished
    assert other.case(case.id) == office.case(case.id)


def test_a_page_taken_twice_changes_nothing(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    office.report()
    office.sync()
    seen: list[PullReply] = []

    def keep(reply: PullReply) -> PullReply:
        seen.append(reply)
        return reply

    other.sync(Changes(other.line, keep))
    before = dump(other)
    with other.desk.store.from_city() as tx:
        assert isinstance(tx, CityTx)
        taken = [tx.take(scope, page.entries) for reply in seen for scope, page in reply.scopes.items()]

    assert sum(taken) == 0
    assert dump(other) == before


def test_an_unsent_edit_stays_on_top_of_what_comes(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    road = office.desk.directory.roads()[0]
    other.desk.directory.save(Road, {"name": road.name, "chief": "王路长"}, actor=other.actor, record_id=road.id)
    office.desk.directory.save(Road, {"name": "改了名"}, actor=office.actor, record_id=road.id)
    office.sync()

    only_pull(other)

    assert other.sql("SELECT name, chief, version FROM roads WHERE id = ?", road.id.bytes) == [("改了名", "王路长", 2)]
    assert other.sql("SELECT version FROM bases WHERE record_id = ?", road.id.bytes) == [(2,)]
    assert other.sync().merged == 1
    assert other.sql("SELECT name, chief, version FROM roads WHERE id = ?", road.id.bytes) == [("改了名", "王路长", 3)]
    assert not other.sql("SELECT * FROM bases")


def test_what_others_made_of_my_change_stands_when_its_answer_was_lost(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    road = office.desk.directory.roads()[0]
    office.desk.directory.save(Road, {"name": "我改的"}, actor=office.actor, record_id=road.id)
    assert office.sync(LosesAnswers(office.line)).problem_code == "sync.offline"
    other.sync()
    other.desk.directory.save(Road, {"name": "别人又改的"}, actor=other.actor, record_id=road.id)
    other.sync()
    only_pull(office)
    assert office.sql("SELECT name FROM roads WHERE id = ?", road.id.bytes) == [("我改的",)]

    assert office.sync().finished

    assert office.sql("SELECT name FROM roads WHERE id = ?", road.id.bytes) == [("别人又改的",)]
    assert dump_of(office, "roads") == dump_of(other, "roads")


def test_a_hole_in_the_feed_is_noticed_and_filled_by_a_snapshot(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    first, second = office.report(), office.report()
    office.sync()

    def holed(reply: PullReply) -> PullReply:
        page = reply.scopes[JINSHUI]
        if not page.entries or page.from_seq == page.to_seq:
            return reply
        shifted = page.model_copy(update={"from_seq": page.from_seq + 1, "entries": page.entries[1:]})
        return reply.model_copy(update={"scopes": {**reply.scopes, JINSHUI: shifted}})

    report = other.sync(Changes(other.line, holed))

    assert report.finished
    assert other.case(first.id) == office.case(first.id)
    assert other.case(second.id) == office.case(second.id)


def test_a_type_this_program_does_not_know_survives_word_for_word(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    record_id = office.desk.store.ids.new()
    row = {
        "created_at": "2026-11-02T01:00:00Z",
        "changed_at": "2026-11-02T01:00:00Z",
        "colour": "绿",
        "deep": {"a": [1]},
    }
    entry = Entry(seq=1, op="put", type="bench_in_a_park", id=record_id, version=4, row=row)

    with office.desk.store.from_city() as tx:
        tx.take(JINSHUI, [entry])

    [(kind, version, kept)] = office.sql(
        'SELECT record_type, version, "row" FROM foreign_rows WHERE record_id = ?', record_id.bytes
    )
    assert (kind, version) == ("bench_in_a_park", 4)
    assert '"colour":"绿"' in kept
    assert '"deep":{"a":[1]}' in kept
    sums = office.sql('SELECT "count", hash FROM scopes WHERE scope = ?', JINSHUI)
    assert sums == [recount(office.desk.store, JINSHUI)]


def test_a_row_kept_verbatim_is_taken_over_once_it_is_understood(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, other = two(make_desk_with_line)
    road = office.desk.directory.save(Road, {"name": "新路"}, actor=office.actor)
    office.sync()

    def newer(reply: PullReply) -> PullReply:
        pages = {}
        for scope, page in reply.scopes.items():
            entries = [
                Entry.model_validate({**entry.model_dump(), "schema_no": 99}) if entry.type == "road" else entry
                for entry in page.entries
            ]
            pages[scope] = page.model_copy(update={"entries": entries})
        return reply.model_copy(update={"scopes": pages})

    assert other.sync(Changes(other.line, newer)).finished
    assert road.id not in {r.id for r in other.desk.directory.roads()}

    upgraded = "UPDATE notes SET value = 'an older program' WHERE name = 'sync.adopted'"
    with other.desk.store.local() as connection:
        connection.exec_driver_sql(upgraded)
    assert other.sync().finished
    assert road.id not in {r.id for r in other.desk.directory.roads()}

    kind = replace(ROAD, schema=99)
    monkeypatch.setattr(city_tx, "TYPE_NAMED", {**TYPE_NAMED, "road": kind})
    monkeypatch.setattr(city_apart, "TYPE_NAMED", {**TYPE_NAMED, "road": kind})
    with other.desk.store.local() as connection:
        connection.exec_driver_sql(upgraded)
    assert other.sync().finished
    assert road.id in {r.id for r in other.desk.directory.roads()}
    assert not other.sql('SELECT 1 FROM foreign_rows WHERE "row" IS NOT NULL')


def test_fields_this_program_does_not_know_are_kept_in_extra(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    road = office.desk.directory.roads()[0]
    row = {
        "name": "有新字段的路",
        "width_m": 12,
        "created_at": "2026-11-02T01:00:00Z",
        "changed_at": "2026-11-02T01:00:00Z",
    }

    with office.desk.store.from_city() as tx:
        tx.take(JINSHUI, [Entry(seq=1, op="put", type="road", id=road.id, version=9, row=row)])

    kept = next(r for r in office.desk.directory.roads() if r.id == road.id)
    assert (kept.name, kept.extra) == ("有新字段的路", {"width_m": 12})


def test_a_field_kept_in_extra_takes_its_place_once_it_is_known(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    road = office.desk.directory.roads()[0]
    with office.desk.store.local() as connection:
        kept = '{"chief":"李路长","width_m":12}'
        connection.exec_driver_sql("UPDATE roads SET extra = ? WHERE id = ?", (kept, road.id.bytes))
        connection.exec_driver_sql("UPDATE notes SET value = 'an older program' WHERE name = 'sync.adopted'")

    assert office.sync().finished

    now = next(r for r in office.desk.directory.roads() if r.id == road.id)
    assert (now.chief, now.extra, now.version) == ("李路长", {"width_m": 12}, 1)


def test_a_row_that_is_no_record_of_its_type_is_kept_and_stops_nothing(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    office.sync()
    times = {"created_at": "2026-11-02T01:00:00Z", "changed_at": "2026-11-02T01:00:00Z"}
    bad, good = office.desk.store.ids.new(), office.desk.store.ids.new()
    with office.desk.store.from_city() as tx:
        tx.take(
            JINSHUI,
            [
                Entry(seq=1, op="put", type="road", id=bad, version=1, row={"name": 7, **times}),
                Entry(seq=2, op="put", type="road", id=good, version=1, row={"name": "好路", **times}),
            ],
        )

    assert good in {r.id for r in office.desk.directory.roads()}
    assert '"name":7' in office.sql('SELECT "row" FROM foreign_rows WHERE record_id = ?', bad.bytes)[0][0]


def test_what_the_city_publishes_reaches_every_desk_and_counts_in_its_own_scope(
    make_desk_with_line: MakeOffice,
) -> None:
    office, other = two(make_desk_with_line)
    version = publish(office)

    for desk in (office, other):
        report = desk.sync()
        assert report.finished, report
        assert desk.sql("SELECT version FROM reference_versions WHERE id = ?", version.id.bytes) == [(1,)]
        assert desk.sql("SELECT scope FROM foreign_rows WHERE record_id = ?", version.id.bytes) == [("city",)]


def test_a_case_moved_to_another_district_leaves_with_its_search_words(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    elsewhere = make_desk_with_line("C", "410103")
    case = office.report(description="占道经营的烧烤摊")
    office.sync()
    move(office, case.id, "410103")

    assert office.sync().finished
    assert other.sync().finished
    assert elsewhere.sync().finished

    assert office.case(case.id) is None
    assert office.sql("SELECT count(*) FROM search WHERE search MATCH ?", '"烧烤"') == [(0,)]
    moved = elsewhere.case(case.id)
    assert moved is not None
    assert moved.local_no == case.local_no


def test_a_record_with_unsent_work_is_not_taken_away(make_desk_with_line: MakeOffice) -> None:
    office, _other = two(make_desk_with_line)
    road = office.desk.directory.save(Road, {"name": "要删的路"}, actor=office.actor)
    office.sync()
    office.desk.directory.save(Road, {"name": "还在改的路"}, actor=office.actor, record_id=road.id)
    remove(office, [road.id])

    only_pull(office)

    assert "还在改的路" in [r.name for r in office.desk.directory.roads()]
    assert office.states()["held"] == 1
    assert not office.sync().finished
    assert "还在改的路" in [r.name for r in office.desk.directory.roads()]


def test_the_brake_stops_a_mass_removal_until_a_person_lets_it_through(make_desk_with_line: MakeOffice) -> None:
    from db.queries import sync as queue

    office, other = two(make_desk_with_line)
    roads = office.desk.directory.save_many(Road, [{"name": f"路{n}"} for n in range(120)], actor=office.actor)
    office.sync()
    other.sync()
    ids = [row[0] for row in other.sql("SELECT id FROM roads WHERE name LIKE '路%'")]
    assert len(ids) == 120
    remove(office, [UUID(bytes=raw) for raw in ids])
    assert roads is not None

    for _ in range(2):
        report = other.sync()
        assert report.problem_code == "sync.brake"
        assert len(other.sql("SELECT id FROM roads WHERE name LIKE '路%'")) == 120
    with other.desk.store.read() as reader:
        asked = queue.brake(reader.connection)
    assert asked is not None
    assert asked.count == 120

    with other.desk.store.local() as connection:
        assert queue.allow_removals(connection) == 120
    assert other.sync().finished
    assert not other.sql("SELECT id FROM roads WHERE name LIKE '路%'")
    assert not other.sql("SELECT 1 FROM notes WHERE name = 'sync.brake'")


def test_few_removals_need_no_word(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    road = office.desk.directory.save(Road, {"name": "要删的路"}, actor=office.actor)
    office.sync()
    other.sync()
    remove(office, [road.id])

    assert other.sync().finished
    assert "要删的路" not in [r.name for r in other.desk.directory.roads()]


def test_a_city_put_back_to_a_backup_gets_again_what_it_lost(make_desk_with_line: MakeOffice, tmp_path: Path) -> None:
    office, other = two(make_desk_with_line)
    kept = office.report()
    office.sync()
    road = office.desk.directory.roads()[0]
    copy_database(tmp_path / "city.sqlite", tmp_path / "backup.sqlite")
    lost = office.report()
    office.desk.directory.save(Road, {"name": "备份后改的"}, actor=office.actor, record_id=road.id)
    office.sync()
    other.sync()
    late = other.report()
    copy_database(tmp_path / "backup.sqlite", tmp_path / "city.sqlite")
    office.city.database.retrying(lambda connection: city_records.new_epoch(connection, office.city))

    for _ in range(2):
        assert other.sync().problem_code == ""
        assert office.sync().problem_code == ""

    assert other.sync().finished
    for case in (kept, lost, late):
        assert office.case(case.id) == other.case(case.id) is not None
    names = [desk.sql("SELECT name FROM roads WHERE id = ?", road.id.bytes) for desk in (office, other)]
    assert names == [[("备份后改的",)]] * 2


def test_applying_a_page_takes_a_fixed_number_of_statements(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)

    def pulled(rows: int) -> int:
        office.desk.directory.save_many(Road, [{"name": f"路{n}"} for n in range(rows)], actor=office.actor)
        office.sync()
        with counted() as said:
            assert other.sync().pulled >= rows
        return len(said)

    assert pulled(20) == pulled(400)


def test_stopping_between_pages_leaves_whole_pages(make_desk_with_line: MakeOffice) -> None:
    office, other = two(make_desk_with_line)
    office.report()
    office.sync()
    watch = Watch()

    def stop(point: str) -> None:
        if point == "before_pull":
            watch.cancel()

    with pytest.raises(Cancelled):
        other.engine(reach=stop).run(watch)
    assert other.sync().finished


def two(make: MakeOffice) -> tuple[Office, Office]:
    """Two desks of one district, equal."""
    office, other = make("A"), make("B")
    office.sync()
    assert other.sync().finished
    assert office.sync().finished
    return office, other


def copy_database(source: Path, target: Path) -> None:
    """Put one SQLite file's content into another."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def only_pull(office: Office) -> None:
    """Fetch without sending."""
    from app.sync import points
    from app.sync.apply import Apply

    store = office.desk.store
    pull = Pull(store, office.line, Apply(store, points.nothing), points.nothing, LinkStore(store).note_clock)
    pull.run((JINSHUI, "city"), silent())


def dump(office: Office) -> dict[str, list[object]]:
    """Every row of records, sums and queue."""
    tables = ("cases", "case_steps", "roads", "units", "persons", "scopes", "bases", "foreign_rows", "outbox", "search")
    return {table: office.sql(f"SELECT * FROM {table}") for table in tables}


def dump_of(office: Office, table: str) -> list[object]:
    """Every row of a record table in the order of identities, row numbers left out."""
    return sorted(row[1:] for row in office.sql(f"SELECT * FROM {table}"))


def publish(office: Office) -> ReferenceVersion:
    """The city publishes a table."""
    city = office.city
    at = city.now()
    told = {"table": "workdays", "label": "市统一日历", "valid_from": "2027-01-01", "content": {"days": []}}
    version = ReferenceVersion.model_validate({"id": city.ids.new(), "created_at": at, "changed_at": at, **told})
    city.database.retrying(lambda c: city_records.put(c, city, scope="city", record=version, who="测试"))
    return version


def move(office: Office, record_id: UUID, to: str) -> None:
    """The city hands a record to another district."""
    city = office.city
    city.database.retrying(lambda c: city_records.move(c, city, record_id=record_id, to_scope=to, who="测试"))


def remove(office: Office, ids: list[UUID]) -> None:
    """The city removes records."""
    city = office.city

    def job(connection: object) -> None:
        for record_id in ids:
            city_records.remove(connection, city, record_id=record_id, who="测试")  # type: ignore[arg-type]

    city.database.retrying(job)
