"""Key slots damaged or gone: the other copy, then the printed recovery code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.base.problem_words import problem_cure
from app.desk import Desk, NewOffice, create_desk, open_desk
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Problem, Refused, Unavailable
from app.gate import Gate
from tests.builders import PASSWORD, a_draft
from tests.desks import JINSHUI, first_actor

NEW_PASSWORD = "Jin-shui-2027"


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> tuple[StorePaths, str]:
    """A closed office with one case, and its printed recovery code."""
    paths = StorePaths.of(tmp_path / "store")
    wanted = NewOffice(JINSHUI, "金水区城市管理局", "JS")
    desk, code = create_desk(paths, wanted, "张敏", "zhangmin", PASSWORD, clock=clock)
    desk.cases.report(a_draft(), actor=first_actor(desk))
    desk.close()
    return paths, code


@pytest.mark.parametrize("harm", ["gone", "damaged", "empty"])
@pytest.mark.parametrize("copy", [0, 1])
def test_one_copy_of_the_key_slots_is_enough_and_mends_the_other(
    office: tuple[StorePaths, str], clock: FixedClock, harm: str, copy: int
) -> None:
    paths, _code = office
    harmed, sound = ((paths.keys, paths.keys_copy), (paths.keys_copy, paths.keys))[copy]
    if harm == "gone":
        harmed.unlink()
    else:
        harmed.write_bytes(b"" if harm == "empty" else harmed.read_bytes()[:-9] + b"\x00garbage!")

    opened = Gate(paths, clock).enter("zhangmin", PASSWORD)

    open_desk(opened.key, paths, clock).close()
    assert harmed.read_bytes() == sound.read_bytes()


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_with_both_copies_lost_the_recovery_code_opens_the_store_and_makes_a_new_sign_in(
    office: tuple[StorePaths, str], clock: FixedClock, harm: str
) -> None:
    paths, code = office
    for copy in (paths.keys, paths.keys_copy):
        copy.unlink() if harm == "gone" else copy.write_bytes(b"{}")
    gate = Gate(paths, clock)
    told: list[Problem] = []
    for deed in (gate.people, lambda: gate.enter("zhangmin", PASSWORD)):
        with pytest.raises(Unavailable) as lost:
            deed()
        told.append(lost.value)
    assert {problem.code for problem in told} == {"account.keys_lost"}
    assert "恢复码" in problem_cure(told[0])
    assert gate.exists()

    desk = open_desk(gate.recover(code), paths, clock)
    actor = first_actor(desk)
    desk.accounts.reset_password(actor.person_id, NEW_PASSWORD, actor=actor)
    desk.close()

    opened = Gate(paths, clock).enter("zhangmin", NEW_PASSWORD)
    again = open_desk(opened.key, paths, clock)
    assert (opened.person_id, again.care.stats()["case"]) == (actor.person_id, 1)
    assert "person.reset_password" in [entry.deed for entry in again.audit.page(actor=actor)]
    again.close()


def test_a_mistyped_recovery_code_names_the_group_and_lets_nobody_in(
    office: tuple[StorePaths, str], clock: FixedClock
) -> None:
    paths, code = office
    groups = code.split("-")
    groups[2] = groups[2][:-1] + ("A" if groups[2][-1] != "A" else "B")

    with pytest.raises(Refused) as refused:
        Gate(paths, clock).recover("-".join(groups))

    assert (refused.value.code, refused.value.details["groups"]) == ("account.recovery_typo", "3")


def test_the_wrong_password_is_told_with_what_is_left_and_changes_no_file(
    office: tuple[StorePaths, str], clock: FixedClock
) -> None:
    paths, _code = office
    before = {path: path.read_bytes() for path in (paths.database, paths.keys, paths.keys_copy)}

    with pytest.raises(Refused) as refused:
        Gate(paths, clock).enter("zhangmin", "not-the-Password-1")

    assert (refused.value.code, refused.value.details["left"]) == ("account.wrong_password", 4)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab1-xyz", "account.password_short"),
        ("alllowercase", "account.password_classes"),
        ("Zhangmin2-2026", "account.password_contains_name"),
        ("Aa1-Aa1-" + "长" * 200, "account.password_long"),
        (PASSWORD, None),
    ],
)
def test_every_door_to_a_password_keeps_the_same_rules(
    tmp_path: Path, desk: Desk, actor: Actor, clock: FixedClock, password: str, code: str | None
) -> None:
    wanted = NewOffice(JINSHUI, "金水区城市管理局", "JS")
    new = StorePaths.of(tmp_path / "new")
    doors: tuple[Callable[[], object], ...] = (
        lambda: create_desk(new, wanted, "张敏", "zhangmin", password, clock=clock)[0].close(),
        lambda: desk.accounts.add_person("张敏二", "zhangmin2", [OfficeRole.ACCEPTOR], password, actor=actor),
        lambda: desk.accounts.reset_password(actor.person_id, password, actor=actor),
    )

    told = [refusal_code(door) for door in doors]

    assert told == [code] * 3
    assert Gate(new, clock).exists() is (code is None)
    assert len(desk.accounts.persons()) == (2 if code is None else 1)


def refusal_code(door: Callable[[], object]) -> str | None:
    try:
        door()
    except Refused as refused:
        return refused.code
    return None
