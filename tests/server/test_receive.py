"""What the city does with changes: taken over, merged, in conflict, refused, held, and the same answer twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

from app.domain.merge import Clashed, Merged, merge_fields
from app.wire.sync import Change, Status
from server.city import City
from server.devices import Device
from server.sync import city_records, receive
from server.tables import DEAD_LETTER, FEED, OUTCOME, RECORD, REVIEW
from tests.server.bureaus import Bureau
from tests.server.devices import HUIJI, JINSHUI


@pytest.fixture
def bureau(city: City) -> Bureau:
    return Bureau(city, JINSHUI)


@pytest.fixture
def other(city: City) -> Bureau:
    """A second PC of the same district."""
    return Bureau(city, JINSHUI)


def rows_of(city: City, table: Any) -> list[Any]:
    with city.database.read() as connection:
        return list(connection.execute(select(table)))


def statuses(outcomes: list[Any]) -> list[str]:
    return [str(outcome.status) for outcome in outcomes]


def test_a_new_record_gets_version_1_and_its_place_in_the_feed(bureau: Bureau) -> None:
    change = bureau.unit("园林处")
    (outcome,) = bureau.push(change)
    assert (outcome.status, outcome.scope, outcome.seq, outcome.version) == (Status.APPLIED, JINSHUI, 1, 1)
    assert bureau.row(change.record_id)["name"] == "园林处"
    assert bureau.is_equal()


def test_a_lost_answer_is_given_again_word_for_word_and_nothing_happens_twice(bureau: Bureau) -> None:
    changes = [bureau.unit("甲"), bureau.unit("乙")]
    first = bureau.push(*changes)
    assert bureau.push(*changes) == first
    assert bureau.push(changes[1], changes[0]) == [first[1], first[0]]
    assert bureau.pull().scopes[JINSHUI].head.head == 2


def test_the_same_id_with_other_bytes_is_refused_and_both_are_kept(bureau: Bureau) -> None:
    first = bureau.unit("甲")
    bureau.push(first)
    second = first.model_copy(update={"fields": {"name": (None, "乙")}})
    (outcome,) = bureau.push(second)
    assert (outcome.status, outcome.code) == (Status.REFUSED, "sync.change_id_reused")
    assert bureau.row(first.record_id)["name"] == "甲"
    (letter,) = rows_of(bureau.city, DEAD_LETTER)
    assert letter.reason == "sync.change_id_reused"
    assert "乙".encode() in letter.raw
    assert bureau.push(first)[0].status == Status.APPLIED


def test_the_same_id_twice_in_one_request_counts_once(bureau: Bureau) -> None:
    first = bureau.unit("甲")
    second = first.model_copy(update={"fields": {"name": (None, "乙")}})
    outcomes = bureau.push(first, first, second)
    assert statuses(outcomes) == ["applied", "applied", "refused"]
    assert outcomes[0] == outcomes[1]
    assert bureau.row(first.record_id)["name"] == "甲"


def test_a_change_on_the_current_version_is_applied(bureau: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    (outcome,) = bureau.push(bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    assert (outcome.status, outcome.version, outcome.seq) == (Status.APPLIED, 2, 2)
    assert bureau.row(made.record_id)["name"] == "乙"
    assert bureau.is_equal()


def test_fields_nobody_else_touched_are_merged_and_the_whole_row_comes_back(bureau: Bureau, other: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    other.push(other.change("unit", made.record_id, {"phone": ("", "0371")}, base_version=1))
    (outcome,) = bureau.push(bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    assert (outcome.status, outcome.version) == (Status.MERGED, 3)
    assert outcome.row == bureau.row(made.record_id)
    assert outcome.row is not None
    assert (outcome.row["name"], outcome.row["phone"]) == ("乙", "0371")


def test_the_same_field_set_to_the_same_value_by_both_is_no_conflict(bureau: Bureau, other: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    other.push(other.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    (outcome,) = bureau.push(bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    assert outcome.status == Status.MERGED


def test_the_same_field_changed_by_both_is_a_conflict_with_before_mine_theirs(bureau: Bureau, other: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    other.push(other.change("unit", made.record_id, {"name": ("甲", "丙")}, base_version=1))
    change = bureau.change("unit", made.record_id, {"name": ("甲", "乙"), "phone": ("", "1")}, base_version=1)
    (outcome,) = bureau.push(change)
    assert outcome.status == Status.CONFLICT
    assert {name: tuple(c.model_dump().values()) for name, c in outcome.clashes.items()} == {"name": ("甲", "乙", "丙")}
    assert (outcome.version, outcome.row) == (2, bureau.row(made.record_id))
    assert bureau.row(made.record_id)["name"] == "丙"
    assert bureau.push(change) == [outcome]


def test_a_field_changed_two_versions_ago_still_clashes(bureau: Bureau, other: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    other.push(other.change("unit", made.record_id, {"name": ("甲", "丙")}, base_version=1))
    other.push(other.change("unit", made.record_id, {"phone": ("", "1")}, base_version=2))
    (outcome,) = bureau.push(bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    assert outcome.status == Status.CONFLICT


def test_a_field_changed_and_changed_back_meanwhile_still_clashes(bureau: Bureau, other: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    other.push(other.change("unit", made.record_id, {"name": ("甲", "丙")}, base_version=1))
    other.push(other.change("unit", made.record_id, {"name": ("丙", "甲")}, base_version=2))
    (outcome,) = bureau.push(bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    assert outcome.status == Status.CONFLICT


def test_a_second_offline_edit_stands_on_the_first_one(bureau: Bureau, other: Bureau) -> None:
    made = bureau.unit("甲")
    second = bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, follows=made.change_id)
    third = bureau.change("unit", made.record_id, {"name": ("乙", "丙")}, follows=second.change_id)
    assert statuses(bureau.push(made, second)) == ["applied", "applied"]
    other.push(other.change("unit", made.record_id, {"phone": ("", "1")}, base_version=2))
    (outcome,) = bureau.push(third)
    assert (outcome.status, outcome.version) == (Status.MERGED, 4)
    assert bureau.row(made.record_id)["name"] == "丙"


def test_what_follows_a_conflict_or_something_unknown_is_held_and_judged_anew(bureau: Bureau, other: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    other.push(other.change("unit", made.record_id, {"name": ("甲", "丙")}, base_version=1))
    clashing = bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1)
    after = bureau.change("unit", made.record_id, {"phone": ("", "1")}, base_version=1, follows=clashing.change_id)
    outcomes = bureau.push(clashing, after)
    assert statuses(outcomes) == ["conflict", "held"]
    assert outcomes[1].waiting_for == str(clashing.change_id)
    early = bureau.unit("丁")
    late = bureau.change("unit", early.record_id, {"name": ("丁", "戊")}, follows=early.change_id)
    assert statuses(bureau.push(late)) == ["held"]
    assert statuses(bureau.push(early)) == ["applied"]
    assert statuses(bureau.push(late)) == ["applied"]


def test_a_group_stands_or_falls_together_and_other_groups_go_on(bureau: Bureau) -> None:
    group = bureau.city.ids.new()
    good = bureau.unit("甲", group=group)
    bad = bureau.change("unit", bureau.city.ids.new(), {"name": (None, "")}, group=group)
    outcomes = bureau.push(good, bad, bureau.unit("乙"))
    assert statuses(outcomes) == ["held", "refused", "applied"]
    assert (outcomes[0].waiting_for, outcomes[1].code, outcomes[1].field) == (
        str(bad.change_id),
        "sync.field_wrong",
        "name",
    )
    assert [(entry.row or {})["name"] for entry in bureau.snapshot().rows] == ["乙"]
    held_again = bureau.push(good, bad)
    assert (statuses(held_again), held_again[1]) == (["held", "refused"], outcomes[1])
    assert any(letter.reason == "sync.field_wrong" for letter in rows_of(bureau.city, DEAD_LETTER))


def test_a_type_the_city_does_not_know_is_kept_and_judged_anew(bureau: Bureau) -> None:
    change = bureau.change("drone_flight", bureau.city.ids.new(), {"name": (None, "甲")})
    for _turn in range(2):
        (outcome,) = bureau.push(change)
        assert (outcome.status, outcome.code) == (Status.REFUSED, "sync.type_unknown")
    assert rows_of(bureau.city, OUTCOME) == []
    assert len(rows_of(bureau.city, DEAD_LETTER)) == 1


def test_fields_the_city_does_not_know_come_back_untouched(bureau: Bureau) -> None:
    made = bureau.change("unit", bureau.city.ids.new(), {"name": (None, "甲"), "colour": (None, {"r": [1, 2.5]})})
    bureau.push(made)
    assert bureau.row(made.record_id)["extra"] == {"colour": {"r": [1, 2.5]}}
    bureau.push(bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    assert bureau.row(made.record_id)["extra"] == {"colour": {"r": [1, 2.5]}}
    clash = bureau.change("unit", made.record_id, {"colour": ({"r": [1, 2.5]}, "red")}, base_version=2)
    assert bureau.push(clash)[0].status == Status.APPLIED
    old = bureau.change("unit", made.record_id, {"colour": ({"r": [1, 2.5]}, "blue")}, base_version=2)
    (outcome,) = bureau.push(old)
    assert outcome.clashes["colour"].model_dump() == {"before": {"r": [1, 2.5]}, "mine": "blue", "theirs": "red"}


def test_bookkeeping_fields_cannot_be_set(bureau: Bureau) -> None:
    for name in ("id", "version", "created_at", "changed_at"):
        (outcome,) = bureau.push(bureau.change("unit", bureau.city.ids.new(), {"name": (None, "甲"), name: (None, 7)}))
        assert (outcome.code, outcome.field) == ("sync.field_wrong", name)


def test_a_change_cannot_follow_one_of_another_record(bureau: Bureau) -> None:
    first, second = bureau.unit("甲"), bureau.unit("乙")
    bureau.push(first, second)
    bureau.push(bureau.change("unit", second.record_id, {"name": ("乙", "丙")}, base_version=1))
    stale = bureau.change("unit", first.record_id, {"name": ("甲", "丁")}, base_version=1)
    bureau.push(stale)

    claimed = bureau.change("unit", second.record_id, {"name": ("乙", "戊")}, follows=stale.change_id)

    (outcome,) = bureau.push(claimed)
    assert (outcome.code, outcome.field) == ("sync.field_wrong", "follows")


def test_a_record_sent_anew_says_when_it_was_made_but_not_that_it_is_yet_to_be(bureau: Bureau) -> None:
    for said, kept in (("2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z"), ("2027-10-01T00:00:00Z", None)):
        change = bureau.change("unit", bureau.city.ids.new(), {"name": (None, "甲"), "created_at": (None, said)})
        (outcome,) = bureau.push(change)
        assert outcome.status == Status.APPLIED
        (row,) = [entry.row for entry in bureau.pull().scopes[JINSHUI].entries if entry.id == change.record_id]
        assert row is not None
        assert row["created_at"] == (kept or row["changed_at"])


def test_an_instant_outside_the_calendar_is_refused_and_not_a_failure_of_the_city(bureau: Bureau) -> None:
    said = "0001-01-01T00:00:00+08:00"
    change = bureau.change("unit", bureau.city.ids.new(), {"name": (None, "甲"), "created_at": (None, said)})

    assert (bureau.push(change)[0].code, bureau.push(bureau.unit())[0].status) == ("sync.field_wrong", Status.APPLIED)


def test_the_same_record_made_twice_is_a_duplicate_or_a_conflict(bureau: Bureau, other: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    (same,) = other.push(other.unit("甲", record_id=made.record_id))
    assert (same.status, same.version) == (Status.DUPLICATE, 1)
    (differs,) = other.push(other.unit("乙", record_id=made.record_id))
    assert differs.status == Status.CONFLICT
    assert bureau.pull().scopes[JINSHUI].head.head == 1


def test_a_record_of_another_district_is_answered_like_one_nobody_has(city: City, bureau: Bureau) -> None:
    stranger = Bureau(city, HUIJI)
    made = bureau.unit("甲")
    bureau.push(made)
    theirs = stranger.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1)
    nobodys = stranger.change("unit", city.ids.new(), {"name": ("甲", "乙")}, base_version=1)
    told = [outcome.model_dump(exclude={"change_id"}) for outcome in stranger.push(theirs, nobodys)]
    assert told[0] == told[1]
    assert told[0]["status"] == Status.REFUSED
    assert bureau.row(made.record_id)["name"] == "甲"


def test_a_child_waits_for_its_parent_and_never_hangs_below_another_districts(city: City, bureau: Bureau) -> None:
    stranger, case_id = Bureau(city, HUIJI), city.ids.new()
    case = bureau.change("case", case_id, a_case(city))
    photo = bureau.change("photo", city.ids.new(), a_photo(case_id))
    (outcome,) = bureau.push(photo)
    assert (outcome.status, outcome.waiting_for, outcome.code) == (Status.HELD, "parent", "sync.parent_missing")
    assert statuses(bureau.push(case, photo)) == ["applied", "applied"]
    (outcome,) = stranger.push(stranger.change("photo", city.ids.new(), a_photo(case_id)))
    assert (outcome.status, outcome.waiting_for) == (Status.HELD, "parent")


def test_steps_and_photos_are_never_changed(city: City, bureau: Bureau) -> None:
    case_id = city.ids.new()
    photo = bureau.change("photo", city.ids.new(), a_photo(case_id))
    bureau.push(bureau.change("case", case_id, a_case(city)), photo)
    (outcome,) = bureau.push(bureau.change("photo", photo.record_id, {"name": ("", "x")}, base_version=1))
    assert outcome.code == "sync.append_only"


def test_records_of_the_line_test_stay_between_this_pc_and_the_city(bureau: Bureau, other: Bureau) -> None:
    (outcome,) = bureau.push(bureau.change("line_test", bureau.city.ids.new(), {"words": (None, "测试")}))
    own = f"{JINSHUI}/{bureau.device.id}"
    assert (outcome.status, outcome.scope) == (Status.APPLIED, own)
    assert bureau.is_equal(own)
    assert other.snapshot().rows == []


def test_settings_of_an_office_stay_on_their_pc(bureau: Bureau) -> None:
    (outcome,) = bureau.push(bureau.change("office", bureau.city.ids.new(), {"name": (None, "局")}))
    assert outcome.code == "sync.not_permitted"


def test_somebody_the_city_does_not_know_is_refused_by_name(bureau: Bureau) -> None:
    (outcome,) = bureau.push(bureau.unit("甲", actor_id=bureau.city.ids.new(), actor_name="李四"))
    assert (outcome.code, outcome.details) == ("sync.person_unknown", {"name": "李四"})


def test_lists_and_persons_are_an_administrators(city: City) -> None:
    clerk = Bureau(city, JINSHUI, roles=("acceptor",))
    person = clerk.change(
        "person", city.ids.new(), {"name": (None, "王"), "login": (None, "w"), "roles": (None, ["admin"])}
    )
    assert [outcome.code for outcome in clerk.push(clerk.unit("甲"), person)] == ["sync.not_permitted"] * 2


def test_grids_and_rounds_are_written_only_by_those_whose_work_they_are(city: City) -> None:
    told = {
        Bureau(city, JINSHUI, roles=(role,)): (officers, grids)
        for role, officers, grids in (("leader", False, False), ("grid_clerk", False, True), ("admin", True, True))
    }
    for one, (officers, grids) in told.items():
        officer = one.change("officer", city.ids.new(), {"name": (None, "甲某")})
        grid = one.change("grid", city.ids.new(), {"kind": (None, "unit"), "code": (None, "410105001001001")})
        said = [outcome.code for outcome in one.push(officer, grid)]
        assert said == ["" if may else "sync.not_permitted" for may in (officers, grids)]


def test_a_task_is_handed_over_by_everybody_but_an_auditor(city: City) -> None:
    told = {role: Bureau(city, JINSHUI, roles=(role,)) for role in ("auditor", "leader", "dispatcher")}
    said = {}
    for role, one in told.items():
        task = {
            "number": (None, f"HC-{role}"),
            "case_id": (None, str(city.ids.new())),
            "kind": (None, "verify"),
            "state": (None, "open"),
        }
        issued = {"chosen_by": (None, "hand"), "issued_at": (None, "2026-11-02T01:00:00Z")}
        [outcome] = one.push(one.change("field_task", city.ids.new(), task | issued))
        said[role] = outcome.code

    assert said == {"auditor": "sync.not_permitted", "leader": "", "dispatcher": ""}


def test_a_person_added_by_an_administrator_may_work_from_the_same_request_on(bureau: Bureau) -> None:
    newcomer = bureau.city.ids.new()
    added = {"name": (None, "王五"), "login": (None, "ww"), "roles": (None, ["admin"])}
    outcomes = bureau.push(bureau.change("person", newcomer, added), bureau.unit("甲", actor_id=newcomer))
    assert statuses(outcomes) == ["applied", "applied"]
    assert statuses(bureau.push(bureau.unit("乙", actor_id=newcomer))) == ["applied"]


def test_work_of_a_revoked_pc_goes_to_the_tray_whole_and_can_be_taken_over(city: City, bureau: Bureau) -> None:
    stopped = Device(bureau.device.id, JINSHUI, "", "", revoked=True)
    group = city.ids.new()
    changes = [bureau.unit("甲", group=group), bureau.unit("乙", group=group)]
    for _turn in range(2):
        outcomes = bureau.push(*changes, device=stopped)
        assert [(outcome.status, outcome.waiting_for) for outcome in outcomes] == [(Status.HELD, "review")] * 2
    assert [(row.state, row.group_id) for row in rows_of(city, REVIEW)] == [("waiting", group)] * 2
    assert bureau.snapshot().rows == []
    accepted = receive.receive_reviewed(city, bureau.device.id, JINSHUI, changes, "操作员")
    assert statuses(accepted) == ["applied", "applied"]
    assert bureau.push(*changes, device=stopped) == accepted


def test_work_refused_in_the_tray_is_told_with_the_operators_reason(city: City, bureau: Bureau) -> None:
    stopped = Device(bureau.device.id, JINSHUI, "", "", revoked=True)
    change = bureau.unit("甲")
    bureau.push(change, device=stopped)
    with city.database.write() as connection:
        connection.execute(REVIEW.update().values(state="refused", note="重复"))
    (outcome,) = bureau.push(change, device=stopped)
    assert (outcome.code, outcome.details) == ("sync.review_refused", {"reason": "重复"})


def test_an_edit_of_what_the_city_deleted_is_a_conflict(city: City, bureau: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    with city.database.write() as connection:
        city_records.remove(connection, city, record_id=made.record_id, who="操作员")
    (outcome,) = bureau.push(bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1))
    assert (outcome.status, outcome.version, outcome.row) == (Status.CONFLICT, 2, None)
    assert outcome.clashes["name"].mine == "乙"
    assert bureau.is_equal()


def test_a_restored_city_takes_changes_made_on_versions_it_has_lost(bureau: Bureau) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    lost = bureau.change("unit", made.record_id, {"phone": ("", "1")}, base_version=7)
    differs = bureau.change("unit", made.record_id, {"name": ("乙", "丙")}, base_version=7)
    assert statuses(bureau.push(lost, differs)) == ["merged", "conflict"]


def test_a_change_older_than_the_feed_reaches_still_clashes_and_still_merges(
    city: City, bureau: Bureau, other: Bureau
) -> None:
    made = bureau.unit("甲")
    bureau.push(made)
    other.push(other.change("unit", made.record_id, {"name": ("甲", "丙")}, base_version=1))
    with city.database.write() as connection:
        connection.execute(delete(FEED))
    late = bureau.change("unit", made.record_id, {"name": ("甲", "乙")}, base_version=1)
    apart = bureau.change("unit", made.record_id, {"phone": ("", "1")}, base_version=1)
    assert statuses(bureau.push(late, apart)) == ["conflict", "merged"]


def test_every_version_has_one_entry_and_the_feed_has_no_hole(city: City, bureau: Bureau) -> None:
    made = [bureau.unit(str(n)) for n in range(30)]
    bureau.push(*made)
    bureau.push(*(bureau.change("unit", one.record_id, {"name": ("x", "y")}, base_version=1) for one in made[:7]))
    entries = [row for row in rows_of(city, FEED) if row.scope == JINSHUI]
    assert sorted(row.seq for row in entries) == list(range(1, 38))
    assert {row.tx for row in entries} == {1, 31}
    versions = {(row.id, row.version) for row in rows_of(city, RECORD)}
    assert versions <= {(row.record_id, row.version) for row in entries}


@pytest.mark.parametrize("count", [1, 500])
def test_statements_do_not_grow_with_the_changes(sqlite_city: City, count: int) -> None:
    bureau = Bureau(sqlite_city, JINSHUI)
    changes = []
    for n in range(count // 2 + 1):
        case_id = sqlite_city.ids.new()
        changes += [
            bureau.change("case", case_id, a_case(sqlite_city, city_no=(None, f"外-{n}"))),
            bureau.change("photo", sqlite_city.ids.new(), a_photo(case_id)),
        ]
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(sqlite_city.database.engine, "before_cursor_execute", note)
    outcomes = bureau.push(*changes[:500])
    assert set(statuses(outcomes)) == {"applied"}
    assert len(seen) <= 12, seen


def test_the_same_request_sent_four_times_at_once_takes_effect_once(city: City, bureau: Bureau) -> None:
    known = bureau.unit("甲")
    bureau.push(known)
    changes = [bureau.unit(str(n)) for n in range(30)]
    changes.append(bureau.change("unit", known.record_id, {"name": ("甲", "乙")}, base_version=1))
    with ThreadPoolExecutor(4) as pool:
        answers = [one.result() for one in [pool.submit(bureau.push, *changes) for _ in range(4)]]
    assert [set(statuses(answer)) for answer in answers] == [{"applied"}] * 4
    assert all(answer == answers[0] for answer in answers)
    assert bureau.pull().scopes[JINSHUI].head.head == 32
    assert bureau.is_equal()


def test_two_pcs_that_edit_at_once_end_with_both_edits(city: City, bureau: Bureau, other: Bureau) -> None:
    made = [bureau.unit(str(n)) for n in range(10)]
    bureau.push(*made)
    names = [bureau.change("unit", one.record_id, {"name": ("x", "甲")}, base_version=1) for one in made]
    phones = [other.change("unit", one.record_id, {"phone": ("", "1")}, base_version=1) for one in reversed(made)]
    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(bureau.push, *names), pool.submit(other.push, *phones)]
        outcomes = [set(statuses(one.result())) for one in told]
    assert sorted(map(sorted, outcomes)) == [["applied"], ["merged"]]
    assert {(bureau.row(one.record_id)["name"], bureau.row(one.record_id)["phone"]) for one in made} == {("甲", "1")}


@pytest.mark.parametrize(
    "told",
    [
        {"made_at": "0001-01-01T00:00:00+08:00"},
        {"made_at": "9999-12-31T23:59:59-08:00"},
        {"schema_no": 10**12},
        {"base_version": 10**30},
        {"actor_name": "张\0三'; DROP TABLE record; --"},
        {"fields": {"name": (None, "\0'; DROP TABLE record; --")}},
        {"fields": {"name": (None, {"deep": ["x"] * 9})}},
        {"fields": {"name": (None, "甲"), "extra": (None, {"extra": {"extra": 1}})}},
        {"fields": {}},
        {"action": "\0"},
    ],
)
def test_no_value_breaks_the_city(bureau: Bureau, told: dict[str, Any]) -> None:
    good = bureau.unit("乙")
    outcomes = bureau.push(Change.model_validate(bureau.unit("甲").model_dump() | told), good)
    assert statuses(outcomes)[1] == "applied"
    assert bureau.is_equal()


def test_a_step_or_photo_hangs_below_a_case_and_nothing_else(bureau: Bureau) -> None:
    unit = bureau.unit("甲")
    (_made, outcome) = bureau.push(unit, bureau.change("photo", bureau.city.ids.new(), a_photo(unit.record_id)))
    assert (outcome.code, outcome.field) == ("sync.field_wrong", "parent")


@settings(max_examples=200, deadline=None)
@given(
    base=st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3), min_size=5, max_size=5),
    mine=st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3)),
    theirs=st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3)),
)
def test_merging_loses_no_value_of_either_side(
    base: dict[str, int], mine: dict[str, int], theirs: dict[str, int]
) -> None:
    current = base | theirs
    result = merge_fields(current, {name: (base[name], value) for name, value in mine.items()}, theirs)
    clashing = {name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name]}
    if clashing:
        assert isinstance(result, Clashed)
        assert result.fields == {name: (base[name], mine[name], theirs[name]) for name in clashing}
    else:
        assert isinstance(result, Merged)
        assert result.values == base | theirs | mine


def a_case(city: City, **fields: Any) -> dict[str, Any]:
    """The fields of a plain new case."""
    now = city.now().isoformat()
    first = {"local_no": "JS-ABCD-261102-0001", "reported_at": now, "stage": "pending_register", "stage_at": now}
    return {name: (None, value) for name, value in first.items()} | fields


def a_photo(case_id: Any) -> dict[str, Any]:
    """The fields of a photo before handling."""
    values = {"parent": str(case_id), "sha256": "a" * 64, "size": 9, "phase": "before"}
    return {name: (None, value) for name, value in values.items()}
