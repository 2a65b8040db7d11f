"""What the city hands on: pages without a gap, snapshots, removals and moves, and almost nothing when nothing is new."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import event

from app.domain.directory import Unit
from app.domain.problems import Refused
from app.wire.sync import CITY_SCOPE, Cursor, Entry, PullReply, PullRequest, PushReply, PushRequest, SnapshotReply
from server.city import City
from server.database import after_commit
from server.sync import city_records, serve
from tests.server.bureaus import Bureau
from tests.server.devices import HUIJI, JINSHUI, SignedDevice
from tests.server.test_receive import a_case, a_photo


@pytest.fixture
def bureau(city: City) -> Bureau:
    return Bureau(city, JINSHUI)


def put(city: City, scope: str, unit: Unit) -> int:
    with city.database.write() as connection:
        return city_records.put(connection, city, scope=scope, record=unit, who="操作员")


def a_unit(city: City, name: str, record_id: UUID | None = None) -> Unit:
    return Unit(id=record_id or city.ids.new(), created_at=city.now(), changed_at=city.now(), name=name)


def seqs(entries: list[Entry]) -> list[int]:
    return [entry.seq for entry in entries]


def test_pages_follow_each_other_without_a_gap_until_the_head(bureau: Bureau) -> None:
    for n in range(10):
        bureau.push(bureau.unit(str(n)))
    after, found = 0, []
    while True:
        page = bureau.pull(after, limit=3).scopes[JINSHUI]
        assert page.from_seq == after + 1
        if page.to_seq == after:
            break
        found += seqs(page.entries)
        after = page.to_seq
    assert (found, after) == (list(range(1, 11)), page.head.head)


def test_a_page_ends_with_a_transaction_and_one_larger_than_the_page_goes_whole(bureau: Bureau) -> None:
    bureau.push(bureau.unit("1"), bureau.unit("2"))
    bureau.push(bureau.unit("3"), bureau.unit("4"), bureau.unit("5"))
    assert bureau.pull(0, limit=3).scopes[JINSHUI].to_seq == 2
    assert bureau.pull(2, limit=2).scopes[JINSHUI].to_seq == 5
    assert bureau.pull(0, limit=5).scopes[JINSHUI].to_seq == 5


def test_several_versions_inside_a_page_are_sent_once(bureau: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    bureau.push(bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    bureau.push(bureau.change("unit", made.record_id, {"name": ("乙", "丙")}, base_version=2))
    page = bureau.pull().scopes[JINSHUI]
    assert [(entry.seq, entry.version, (entry.row or {})["name"]) for entry in page.entries] == [(3, 3, "丙")]
    assert (page.from_seq, page.to_seq) == (1, 3)


def test_another_epoch_or_a_cursor_the_feed_does_not_reach_needs_a_snapshot(city: City, bureau: Bureau) -> None:
    bureau.push(bureau.unit("甲"))
    epoch = bureau.pull().scopes[JINSHUI].head.epoch
    with city.database.write() as connection:
        city_records.new_epoch(connection, city)
    for cursor in (
        Cursor(),
        Cursor(epoch=epoch, after=1),
        Cursor(epoch=bureau.pull().scopes[JINSHUI].head.epoch, after=9),
    ):
        asked = PullRequest(scopes={JINSHUI: cursor})
        page = PullReply.model_validate_json(serve.pull(city, bureau.device, asked)).scopes[JINSHUI]
        assert (page.snapshot_needed, page.entries) == (True, [])
    assert bureau.pull(1).scopes[JINSHUI].snapshot_needed is False


def test_a_snapshot_gives_live_records_in_the_order_of_their_ids_page_by_page(city: City, bureau: Bureau) -> None:
    made = [bureau.unit(str(n)) for n in range(7)]
    bureau.push(*reversed(made))
    with city.database.write() as connection:
        city_records.remove(connection, city, record_id=made[3].record_id, who="操作员")
    found: list[UUID] = []
    page = bureau.snapshot(limit=2)
    while True:
        found += [entry.id for entry in page.rows]
        if page.next is None:
            break
        page = bureau.snapshot(page.next, limit=2)
    assert found == sorted(one.record_id for n, one in enumerate(made) if n != 3)


def test_a_scope_nobody_wrote_into_is_empty_and_not_lost(bureau: Bureau) -> None:
    own = f"{JINSHUI}/{bureau.device.id}"
    page = bureau.pull(scope=own).scopes[own]
    assert (page.head.head, page.to_seq, page.snapshot_needed) == (0, 0, False)
    assert bureau.snapshot(scope=own).rows == []


def test_other_districts_scopes_are_denied_in_the_same_words_whether_they_exist_or_not(bureau: Bureau) -> None:
    for scope in (HUIJI, "999999", f"{JINSHUI}/{bureau.city.ids.new()}"):
        with pytest.raises(Refused, match="scope_denied"):
            serve.pull(bureau.city, bureau.device, PullRequest(scopes={scope: Cursor()}))
        with pytest.raises(Refused, match="scope_denied"):
            serve.snapshot(bureau.city, bureau.device, scope, None, 10)


def test_what_the_city_publishes_reaches_every_district(city: City, bureau: Bureau) -> None:
    unit = a_unit(city, "市处")
    assert put(city, CITY_SCOPE, unit) == 1
    assert put(city, CITY_SCOPE, unit.changed(city.now(), name="市一处")) == 2
    page = bureau.pull(scope=CITY_SCOPE).scopes[CITY_SCOPE]
    assert [(e.version, (e.row or {})["name"]) for e in page.entries] == [(2, "市一处")]
    assert bureau.is_equal(CITY_SCOPE)


def test_a_change_by_the_city_counts_as_somebody_elses(city: City, bureau: Bureau) -> None:
    unit = a_unit(city, "甲")
    put(city, JINSHUI, unit)
    put(city, JINSHUI, unit.changed(city.now(), name="乙"))
    clash = bureau.change("unit", unit.id, {"name": ("甲", "丙")}, base_version=1)
    merge = bureau.change("unit", unit.id, {"phone": ("", "1")}, base_version=1)
    assert [outcome.status for outcome in bureau.push(clash, merge)] == ["conflict", "merged"]


def test_a_removed_case_leaves_with_its_children_and_out_of_the_count(city: City, bureau: Bureau) -> None:
    case_id = city.ids.new()
    bureau.push(bureau.change("case", case_id, a_case(city)), bureau.change("photo", city.ids.new(), a_photo(case_id)))
    with city.database.write() as connection:
        city_records.remove(connection, city, record_id=case_id, who="操作员")
    page = bureau.pull(2).scopes[JINSHUI]
    assert [(entry.op, entry.type, entry.row) for entry in page.entries] == [
        ("delete", "case", None),
        ("delete", "photo", None),
    ]
    assert page.head.count == 0
    assert page.head.hash == 0
    with city.database.write() as connection:
        city_records.remove(connection, city, record_id=case_id, who="操作员")
    assert bureau.pull().scopes[JINSHUI].head.head == 4


def test_a_moved_case_leaves_one_district_and_enters_the_other_with_its_children(city: City, bureau: Bureau) -> None:
    case_id, other = city.ids.new(), Bureau(city, HUIJI)
    bureau.push(bureau.change("case", case_id, a_case(city)), bureau.change("photo", city.ids.new(), a_photo(case_id)))
    with city.database.write() as connection:
        city_records.move(connection, city, record_id=case_id, to_scope=HUIJI, who="操作员")
    left, entered = bureau.pull(2).scopes[JINSHUI], other.pull().scopes[HUIJI]
    assert [(entry.op, entry.type, entry.row) for entry in left.entries] == [
        ("leave", "case", None),
        ("leave", "photo", None),
    ]
    assert [(entry.op, entry.type, entry.version) for entry in entered.entries] == [
        ("enter", "case", 2),
        ("enter", "photo", 2),
    ]
    assert (left.head.count, entered.head.count) == (0, 2)
    assert bureau.is_equal()
    assert other.is_equal()
    (outcome,) = bureau.push(bureau.change("case", case_id, {"road": ("", "花园路")}, base_version=1))
    assert outcome.code == "sync.other_district"
    (outcome,) = other.push(other.change("case", case_id, {"road": ("", "花园路")}, base_version=2))
    assert outcome.status == "applied"


def test_nothing_new_reads_the_counter_rows_and_nothing_else(city: City, bureau: Bureau) -> None:
    bureau.push(bureau.unit("甲"))
    heads = {scope: bureau.pull(scope=scope).scopes[scope].head for scope in (JINSHUI, CITY_SCOPE)}
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(city.database.engine, "before_cursor_execute", note)
    cursors = {scope: Cursor(epoch=head.epoch, after=head.head) for scope, head in heads.items()}
    reply = PullReply.model_validate_json(serve.pull(city, bureau.device, PullRequest(scopes=cursors)))
    assert all(page.entries == [] for page in reply.scopes.values())
    assert len(seen) == 1
    assert "scope_head" in seen[0]


def test_a_pc_that_waits_is_woken_by_the_commit_of_another(
    city: City, make_device: Callable[..., SignedDevice], bureau: Bureau
) -> None:
    device = make_device()
    head = bureau.pull().scopes[JINSHUI].head
    asked = PullRequest(scopes={JINSHUI: Cursor(epoch=head.epoch, after=head.head)}, wait=20)
    replies: list[PullReply] = []

    def wait() -> None:
        replies.append(PullReply.model_validate_json(device.ask("POST", "/v1/sync/pull", asked).content))

    waiting = threading.Thread(target=wait)
    waiting.start()
    made = bureau.unit("甲")
    bureau.push(made)
    waiting.join(timeout=40)
    assert [entry.id for entry in replies[0].scopes[JINSHUI].entries] == [made.record_id]


def test_desks_are_woken_after_the_commit_and_never_for_what_was_rolled_back(city: City) -> None:
    told: list[int] = []

    def rolled_back() -> None:
        with city.database.write() as connection:
            after_commit(connection, lambda: told.append(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rolled_back()
    with city.database.write() as connection:
        after_commit(connection, lambda: told.append(2))
        assert told == []
    with city.database.write():
        pass
    assert told == [2]


def test_push_pull_and_snapshot_work_over_signed_requests(
    make_device: Callable[..., SignedDevice], bureau: Bureau
) -> None:
    device = make_device()
    change = bureau.unit("甲")
    pushed = device.ask("POST", "/v1/sync/push", PushRequest(changes=[change]))
    assert PushReply.model_validate_json(pushed.content).outcomes[0].status == "applied"
    page = device.ask("GET", f"/v1/sync/snapshot?scope={JINSHUI}&limit=10")
    assert [entry.id for entry in SnapshotReply.model_validate_json(page.content).rows] == [change.record_id]
    denied = device.ask("GET", f"/v1/sync/snapshot?scope={HUIJI}")
    assert (denied.status_code, denied.json()["code"]) == (404, "sync.scope_denied")
