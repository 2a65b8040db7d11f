"""Every write queues, audits and indexes by itself, and stands or falls as a whole."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from app.base import reference_builtin as builtin
from app.base.clock import FixedClock
from app.base.ids import IdSource
from app.desk import Desk
from app.domain.case_views import CaseFilter
from app.domain.cases import Case, CaseStep
from app.domain.directory import Unit
from app.domain.permissions import Actor
from app.domain.problems import Refused, Unavailable
from app.services.search_words import search_index
from db import events, migrate
from db.store import Store
from tests.builders import a_draft, a_picture, inputs


def rows(desk: Desk, sql: str, *values: object) -> list[Any]:
    with desk.store.read() as reader:
        return list(reader.connection.exec_driver_sql(sql, tuple(values)))


def changes_of(desk: Desk, case: Case) -> list[Any]:
    sql = (
        "SELECT action, base_version, follows, change_id, fields, group_id FROM outbox WHERE record_id = ? ORDER BY seq"
    )
    return rows(desk, sql, case.id.bytes)


def test_a_new_case_is_queued_audited_and_found_without_anybody_asking(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)

    (change,) = changes_of(desk, case)
    fields = json.loads(change.fields)
    audit = rows(desk, "SELECT deed, actor_name FROM events WHERE record_id = ?", case.id.bytes)
    found = desk.case_lists.first_page(CaseFilter(search="占用人行道"))

    assert (change.action, change.base_version, change.follows) == ("case.report", 0, None)
    assert fields["description"] == [None, "店外经营,占用人行道"]
    assert [tuple(line) for line in audit] == [("case.report", "张敏")]
    assert [line.id for line in found] == [case.id]


def test_a_change_carries_old_and_new_values_and_names_the_one_it_follows(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    desk.cases.act(case.id, "register", inputs(), actor=actor)

    first, second = changes_of(desk, case)
    fields = json.loads(second.fields)

    assert fields["stage"] == ["pending_register", "pending_dispatch"]
    assert "description" not in fields
    assert second.follows == first.change_id


def test_what_stands_together_carries_one_group(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)

    groups = {row.group_id for row in rows(desk, "SELECT group_id FROM outbox WHERE action = 'case.report'")}

    assert {change.group_id for change in changes_of(desk, case)} == groups


def test_a_refused_step_leaves_nothing_behind(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    before = rows(desk, "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM events), changed_at FROM cases")

    with pytest.raises(Refused):
        desk.cases.act(case.id, "close", inputs(), actor=actor)

    assert (
        rows(desk, "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM events), changed_at FROM cases")
        == before
    )


def test_an_exception_in_the_middle_rolls_everything_back(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    heard: list[object] = []
    stop = desk.store.listen(heard.append)

    def broken() -> None:
        with desk.store.write(actor, "case.test") as tx:
            tx.change(case.changed(tx.now, description="改了"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    stop()
    assert desk.cases.get(case.id).description == case.description
    assert not desk.case_lists.first_page(CaseFilter(search="改了"))
    assert not heard


def test_writing_the_same_values_again_queues_nothing(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)

    with desk.store.write(actor, "case.test") as tx:
        tx.change(case.changed(tx.now + timedelta(hours=1)))

    assert len(changes_of(desk, case)) == 1


def test_steps_are_never_changed(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    with desk.store.read() as reader:
        step = reader.children(CaseStep, case.id)[0]

    with pytest.raises(Refused) as refused, desk.store.write(actor, "test") as tx:
        tx.change(step.changed(tx.now, note="改"))
    assert refused.value.code == "store.append_only"


def test_listeners_hear_what_a_commit_touched(desk: Desk, actor: Actor) -> None:
    heard: list[Any] = []
    stop = desk.store.listen(heard.append)

    case = desk.cases.report(a_draft(), actor=actor)

    stop()
    (changes,) = heard
    assert changes.ids("case") == {case.id}
    assert changes.concerns("case_step")
    assert not changes.concerns("unit")


def test_the_audit_chain_notices_a_changed_entry(desk: Desk, actor: Actor) -> None:
    desk.cases.report(a_draft(), actor=actor)
    assert desk.audit.broken_at() is None

    with desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE events SET note = 'nobody saw this' WHERE seq = 2")
        assert events.broken_at(connection) == 2


def test_the_audit_chain_notices_a_removed_entry(desk: Desk, actor: Actor) -> None:
    desk.cases.report(a_draft(), actor=actor)
    with desk.store.local() as connection:
        connection.exec_driver_sql("DELETE FROM events WHERE seq = 3")
        assert events.broken_at(connection) == 4


def test_a_search_finds_the_new_words_and_no_longer_the_old(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(description="路面塌陷"), actor=actor)

    desk.cases.correct(case.id, a_draft(description="井盖破损"), "看错了", actor=actor)

    assert not desk.case_lists.first_page(CaseFilter(search="塌陷"))
    assert [line.id for line in desk.case_lists.first_page(CaseFilter(search="井盖"))] == [case.id]


def test_many_records_written_set_by_set_are_queued_audited_and_found_too(desk: Desk, actor: Actor) -> None:
    one = desk.cases.report(a_draft(), actor=actor)
    with desk.store.write(actor, "case.import") as tx:
        copies = [
            one.model_copy(update={"id": tx.ids.new(), "local_no": f"X-{n}", "description": f"批量录入{'甲乙丙'[n]}"})
            for n in range(3)
        ]
        tx.add_many(copies)

    queued = rows(desk, "SELECT count(*) FROM outbox WHERE action = 'case.import'")
    audited = rows(desk, "SELECT count(*) FROM events WHERE deed = 'case.import'")
    found = desk.case_lists.first_page(CaseFilter(search="录入乙"))

    assert (queued[0][0], audited[0][0]) == (3, 3)
    assert [line.id for line in found] == [copies[1].id]


def test_nothing_typed_can_be_read_from_the_bytes_on_the_disk(desk: Desk, actor: Actor) -> None:
    desk.cases.report(a_draft(description="暗号海棠", reporter_name="欧阳某某"), actor=actor)
    desk.drafts.save("case", {"description": "草稿玉兰"}, actor=actor)
    desk.photos.take_in(a_picture("照片里的牡丹"), "photo.jpg")

    bytes_on_disk = b"".join(path.read_bytes() for path in desk.paths.folder.rglob("*") if path.is_file())

    assert len(bytes_on_disk) > 50_000
    for word in ("暗号海棠", "欧阳某某", "草稿玉兰", "金水区城市管理局", "店外经营", "照片里的牡丹"):
        assert word.encode() not in bytes_on_disk
        assert word.encode("utf-16-le") not in bytes_on_disk
    assert b"SQLite format 3" not in bytes_on_disk


def test_a_file_of_a_newer_program_is_refused_and_left_alone(desk: Desk, clock: FixedClock) -> None:
    with desk.store.local() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '20990101_future'")
    key = desk.accounts._key
    desk.close()
    before = desk.paths.database.read_bytes()

    with pytest.raises(Unavailable) as refused:
        Store.open(desk.paths, key, clock=clock, ids=IdSource(clock), search=search_index(builtin.initials()))

    assert refused.value.code == "store.newer"
    assert desk.paths.database.read_bytes() == before


def test_the_newest_schema_is_the_one_the_program_names() -> None:
    chain = [one.revision for one in ScriptDirectory(str(migrate._MIGRATIONS)).walk_revisions()]
    assert chain[0] == migrate.HEAD, "set HEAD in db/migrate.py to the newest migration"
    assert tuple(reversed(chain)) == migrate.KNOWN, "KNOWN in db/migrate.py names every migration, oldest first"


def test_two_writers_do_not_lose_each_others_work(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    key = desk.accounts._key
    other = Store.open(desk.paths, key, clock=clock, ids=IdSource(clock), search=search_index(builtin.initials()))
    stamp = desk.store.foreign_stamp()

    with other.write(actor, "directory.save") as tx:
        tx.add(Unit(id=tx.ids.new(), created_at=tx.now, changed_at=tx.now, name="另一个窗口加的部门"))
    other.close()

    assert desk.store.foreign_stamp() != stamp
    desk.store.tell_all_changed()
    assert "另一个窗口加的部门" in [unit.name for unit in desk.directory.units()]
    assert desk.audit.broken_at() is None
