"""Everything the city needs can be done from the command line, with exit codes a script can trust."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_json
from sqlalchemy import select

from app.domain.problems import Refused
from app.domain.reference_versions import ReferenceTable, ReferenceVersion
from server import fsck, operators, people, status
from server.city import City, open_city
from server.cli import commands
from server.cli.main import main, parser
from server.cli.output import Exit
from server.settings import CitySettings
from server.sync import city_records
from server.tables import AUDIT, FEED, PERSON, RECORD, SCOPE_HEAD
from tests.builders import PASSWORD
from tests.server.bureaus import Bureau
from tests.server.city_files import name_file, some_bytes
from tests.server.devices import HUIJI, JINSHUI

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(city: City, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("status")`: exit code and what was printed as JSON, on the city of the test."""
    where = ["--database", city.settings.database, "--files", str(city.settings.files), "--json"]

    def run(*words: object) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([*where, *map(str, words)])
        printed = capsys.readouterr().out
        return code, json.loads(printed) if printed.strip() else None

    return run


def test_a_new_city_is_ready_in_four_commands(
    settings: CitySettings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    where = ["--database", settings.database, "--files", str(settings.files), "--json"]
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")

    codes = [
        main([*where, "district", "add", JINSHUI, "金水区"]),
        main([*where, "person", "add", "--district", JINSHUI, "--name", "张敏", "--login", "zm", "--role", "acceptor"]),
        main(
            [
                *where,
                "operator",
                "add",
                "--login",
                "wang",
                "--name",
                "王",
                "--password-file",
                str(tmp_path / "password"),
            ]
        ),
        main([*where, "code", "new", "--district", JINSHUI, "--hours", "24"]),
    ]

    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert codes == [Exit.DONE] * 4
    assert printed[1]["roles"] == ["acceptor"]
    assert "password" not in printed[2]
    assert len(printed[3]["code"].replace("-", "")) == 12


def test_options_are_taken_after_the_command_and_from_the_environment(
    city: City, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--database", city.settings.database, "--files", str(city.settings.files)]
    after = main(["status", *where, "--json"])
    monkeypatch.setenv("GRIDDESK_DATABASE", city.settings.database)
    monkeypatch.setenv("GRIDDESK_FILES", str(city.settings.files))

    assert (after, main(["status", "--json"])) == (Exit.DONE, Exit.DONE)
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["scopes"] == second["scopes"]


def test_without_a_database_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GRIDDESK_DATABASE", raising=False)

    assert main(["--json", "status"]) == Exit.REFUSED
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "city.database_missing"


@pytest.mark.parametrize(
    "url", ["nonsense", "oracle:{}", "postgresql+psycopg:{}nobody@127.0.0.1:1/none?connect_timeout=2"]
)
def test_a_database_that_cannot_be_reached_is_told_in_words_without_its_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    code = main(["--database", url.format("//"), "--files", str(tmp_path / "f"), "--json", "status"])

    printed = capsys.readouterr()
    assert code == Exit.UNUSABLE
    assert json.loads(printed.out)["error"]["code"] == "city.database_unreachable"
    assert "nobody" not in printed.err


def test_words_the_command_line_does_not_know_are_a_usage_error(run: Run) -> None:
    assert run("dance")[0] == Exit.USAGE
    assert run("person", "add")[0] == Exit.USAGE
    assert run("review", "accept", "not-an-id")[0] == Exit.USAGE
    assert run("code", "new", "--district", JINSHUI, "--hours", "0")[0] == Exit.USAGE


def test_a_person_is_added_changed_revoked_and_let_in_again(run: Run, city: City) -> None:
    person = ("--district", JINSHUI)
    added = run("person", "add", *person, "--name", "张敏", "--login", "zm", "--role", "leader", "--role", "acceptor")
    roles = run("person", "roles", *person, "zm", "--role", "auditor")
    revoked = run("person", "revoke", *person, "zm")
    with city.database.read() as connection:
        state = connection.execute(select(PERSON.c.state)).scalar_one()
    back = run("person", "reinstate", *person, added[1]["id"])

    assert [told[0] for told in (added, roles, revoked, back)] == [Exit.DONE] * 4
    assert (added[1]["roles"], roles[1]["roles"], state) == (["acceptor", "leader"], ["auditor"], "revoked")
    assert run("person", "revoke", *person, "lisi")[0] == Exit.REFUSED


def test_two_ids_are_said_to_be_one_person(run: Run, city: City) -> None:
    bureau = Bureau(city, JINSHUI)
    _code, told = run("person", "add", "--district", JINSHUI, "--name", "张敏", "--login", "zm", "--role", "leader")

    code, mapped = run("person", "map", "--district", JINSHUI, bureau.person, "--to", "zm")

    assert (code, mapped["mapped_to"]) == (Exit.DONE, told["id"])


def test_status_tells_heads_pcs_failures_and_what_waits(run: Run, city: City, make_device: Any) -> None:
    pc = make_device()
    pc.ask("POST", "/v1/numbers", b"{")
    pc.ask("POST", "/v1/numbers", b"{", counter=pc.counter)
    Bureau(city, JINSHUI).push(Bureau(city, JINSHUI).unit())

    printed = run("status")
    with city.database.read() as connection:
        told = status.status(connection, city.now())

    assert (printed[0], printed[1]["devices"]) == (Exit.DONE, told["devices"])
    (device,) = told["devices"]
    assert (device["failures"], device["last_failure"]) == (2, "sync.counter_old")
    assert told["attempts"]["failed_last_day"] == {"sync.counter_old": 1, "sync.request_broken": 1}
    assert told["dead_letters"] == {"count": 1, "unseen": 1}
    assert {scope["scope"] for scope in told["scopes"]} >= {"city", JINSHUI, HUIJI}
    assert told["audit_broken_at"] is None


def test_status_is_also_told_in_lines(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--database", city.settings.database, "--files", str(city.settings.files), "status"])

    assert code == Exit.DONE
    assert f"scope={JINSHUI}" in capsys.readouterr().out


def test_fsck_ends_with_four_when_something_is_wrong(run: Run, city: City) -> None:
    sound = run("fsck")
    with city.database.write() as connection:
        connection.execute(SCOPE_HEAD.update().where(SCOPE_HEAD.c.scope == JINSHUI).values(live_count=7))

    code, told = run("fsck")

    assert sound == (Exit.DONE, {"ok": True, "damages": []})
    assert (code, told["damages"][0]["kind"], told["damages"][0]["where"]) == (Exit.REFUSED, "count_wrong", JINSHUI)


def test_the_review_tray_is_worked_from_the_command_line(run: Run, city: City, make_device: Any) -> None:
    bureau = Bureau(city, JINSHUI)
    pc = make_device()
    assert run("device", "revoke", pc.id)[0] == Exit.DONE
    first, second = bureau.unit(), bureau.unit()
    bureau.push(first, second, device=pc.as_device(city))

    _code, listed = run("review", "list")
    accepted = run("review", "accept", first.group)
    refused = run("review", "refuse", second.group, "--reason", "不是本单位的")

    assert [(told["group"], told["changes"]) for told in listed["waiting"]] == [
        (str(first.group), 1),
        (str(second.group), 1),
    ]
    assert [outcome["status"] for outcome in accepted[1]["outcomes"]] == ["applied"]
    assert refused[0] == Exit.DONE
    assert run("review", "list")[1] == {"waiting": []}
    assert run("device", "reinstate", pc.id)[0] == Exit.DONE


def test_a_reference_table_is_published_to_all(run: Run, city: City, tmp_path: Path) -> None:
    (tmp_path / "days.json").write_bytes(to_json({"days": {"2027-01-01": False}}))
    words = ("--table", "workdays", "--label", "2027", "--valid-from", "2027-01-01")

    code, told = run("reference", "add", tmp_path / "days.json", *words)

    assert code == Exit.DONE
    with city.database.read() as connection:
        assert connection.execute(select(FEED.c.scope).where(FEED.c.type == "reference_version")).scalars().all() == [
            "city"
        ]
        assert str(connection.execute(select(RECORD.c.id)).scalar_one()) == told["id"]


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff"])
def test_a_reference_file_that_cannot_be_read_is_refused_by_name(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "days.json").write_bytes(content)
    words = ("--table", "workdays", "--label", "2027", "--valid-from", "2027-01-01")

    code, told = run("reference", "add", tmp_path / "days.json", *words)

    assert (code, told["error"]["code"]) == (Exit.UNUSABLE, "city.file_unreadable")


@pytest.mark.parametrize(
    ("table", "content"),
    [
        ("workdays", {"days": ["2027-01-01"]}),
        ("stage_limits", {"accept": "15分钟"}),
        ("flow", {"rows": []}),
        ("divisions", {"streets": []}),
        ("standards", {"categories": []}),
    ],
)
def test_what_no_desk_could_work_by_is_not_published(
    run: Run, city: City, tmp_path: Path, table: str, content: dict[str, object]
) -> None:
    (tmp_path / "table.json").write_bytes(to_json(content))
    words = ("--table", table, "--label", "2027", "--valid-from", "2027-01-01")

    code, told = run("reference", "add", tmp_path / "table.json", *words)

    assert (code, told["error"]["code"]) == (Exit.REFUSED, "sync.field_wrong")
    with city.database.read() as connection:
        assert connection.execute(select(RECORD.c.id)).first() is None


def test_a_version_a_district_had_first_becomes_the_citys(run: Run, city: City) -> None:
    now = city.now()
    stamps = {"id": city.ids.new(), "created_at": now, "changed_at": now}
    told = {"table": ReferenceTable.WORKDAYS, "label": "2027", "valid_from": now.date(), "content": {"days": {}}}
    version = ReferenceVersion.model_validate({**stamps, **told})
    with city.database.write() as connection:
        city_records.put(connection, city, scope=JINSHUI, record=version, who="test")
    bureau = Bureau(city, JINSHUI)
    unit = bureau.unit()
    bureau.push(unit)

    assert run("reference", "promote", version.id)[0] == Exit.DONE
    assert run("reference", "promote", unit.record_id)[1]["error"]["code"] == "city.not_a_version"
    assert run("reference", "promote", city.ids.new())[1]["error"]["code"] == "city.record_unknown"
    with city.database.read() as connection:
        scope = connection.execute(select(RECORD.c.scope).where(RECORD.c.id == version.id)).scalar_one()
    assert scope == "city"
    assert list(fsck.damages(city)) == []


def test_a_record_is_moved_to_another_district(run: Run, city: City) -> None:
    bureau = Bureau(city, JINSHUI)
    unit = bureau.unit()
    bureau.push(unit)

    assert run("move", unit.record_id, "--to", HUIJI)[0] == Exit.DONE
    assert run("move", unit.record_id, "--to", "999999")[1]["error"]["code"] == "city.district_unknown"
    assert run("move", city.ids.new(), "--to", HUIJI)[1]["error"]["code"] == "city.record_unknown"
    assert bureau.is_equal(JINSHUI)
    assert list(fsck.damages(city)) == []
    with city.database.read() as connection:
        moves = connection.execute(select(AUDIT.c.subject, AUDIT.c.note).where(AUDIT.c.deed == "record.move")).all()
    assert [tuple(move) for move in moves] == [(str(unit.record_id), f"{JINSHUI} {HUIJI}")]


def test_neither_a_person_nor_a_part_of_a_case_is_moved_by_itself(run: Run, city: City) -> None:
    with city.database.write() as connection:
        person = people.add(connection, city, district=JINSHUI, name="张敏", login="zm", roles=(), who="操作员")
    photo = name_file(city, JINSHUI, some_bytes(10))

    for record_id in (person, photo.id):
        assert run("move", record_id, "--to", HUIJI)[1]["error"]["code"] == "city.record_unknown"

    with city.database.read() as connection:
        assert set(connection.execute(select(RECORD.c.scope)).scalars()) == {JINSHUI}


def test_backup_restore_and_tidy_say_what_they_did(run: Run, city: City, tmp_path: Path) -> None:
    assert run("tidy")[0] == Exit.DONE
    code, told = run("backup", tmp_path / "backup")
    refused = run("restore", tmp_path / "backup")

    assert (code, told["files"]) == (Exit.DONE, 0)
    assert (refused[0], refused[1]["error"]["code"]) == (Exit.REFUSED, "city.restore_not_empty")


def test_an_operator_without_a_password_file_gets_a_password_that_works(run: Run, city: City) -> None:
    _code, told = run("operator", "add", "--login", "wang", "--name", "王")

    assert operators.sign_in(city, "wang", told["password"], address="127.0.0.1")

    with city.database.read() as connection:
        kept = str(connection.execute(select(AUDIT)).all())
    assert told["password"] not in kept


def test_an_operator_who_forgot_the_password_gets_another_and_one_who_left_gets_in_no_more(
    run: Run, city: City
) -> None:
    _code, old = run("operator", "add", "--login", "wang", "--name", "王")
    _code, new = run("operator", "password", "--login", "wang")

    with pytest.raises(Refused):
        operators.sign_in(city, "wang", old["password"], address="127.0.0.2")
    assert operators.sign_in(city, "wang", new["password"], address="127.0.0.1")
    assert run("operator", "revoke", "--login", "wang")[1] == {"operator": "wang", "active": False}
    with pytest.raises(Refused):
        operators.sign_in(city, "wang", new["password"], address="127.0.0.1")
    run("operator", "reinstate", "--login", "wang")
    assert operators.sign_in(city, "wang", new["password"], address="127.0.0.3")


@pytest.mark.parametrize("deed", ["password", "revoke", "reinstate"])
def test_an_operator_nobody_knows_is_refused_by_name(run: Run, deed: str) -> None:
    code, told = run("operator", deed, "--login", "nobody")

    assert (code, told["error"]["code"]) == (Exit.REFUSED, "account.person_unknown")


def test_the_trail_names_the_person_at_the_command_line(run: Run, city: City) -> None:
    run("code", "new", "--district", JINSHUI)

    with city.database.read() as connection:
        newest = connection.execute(select(AUDIT.c.who).order_by(AUDIT.c.id.desc()).limit(1)).scalar_one()
    assert newest == commands.who()


def test_every_command_has_its_deed() -> None:
    known = {*commands.WITH_CITY, *commands.WITHOUT_CITY}
    found = set()
    subs = next(action for action in parser()._actions if action.dest == "command").choices
    assert isinstance(subs, dict)
    for name, sub in subs.items():
        deeds = next((action for action in sub._actions if action.dest == "deed"), None)
        found |= {name} if deeds is None else {f"{name} {deed}" for deed in deeds.choices}

    assert found == known


def test_a_city_opened_by_hand_is_the_one_the_command_line_made(settings: CitySettings) -> None:
    main(["--database", settings.database, "--files", str(settings.files), "district", "add", JINSHUI, "金水区"])

    city = open_city(settings)
    with city.database.read() as connection:
        heads = connection.execute(select(SCOPE_HEAD.c.scope).order_by(SCOPE_HEAD.c.scope)).scalars().all()
    city.close()
    assert heads == [JINSHUI, "city"]
