"""Somebody the city revoked works no more, in an open session either; what they did before is still delivered."""

from __future__ import annotations

import pytest

from app.domain.office import Person
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.gate import Gate
from tests.builders import PASSWORD, a_draft
from tests.sync.conftest import MakeOffice
from tests.sync.offices import Office


def test_an_open_session_of_a_revoked_person_writes_nothing_more(make_desk_with_line: MakeOffice) -> None:
    office, other, clerk = two_with_a_clerk(make_desk_with_line)
    revoke(office, clerk)

    other.sync()

    with pytest.raises(Refused, match=r"account\.inactive"):
        other.desk.cases.report(a_draft(), actor=clerk)
    with pytest.raises(Refused, match=r"account\.inactive"):
        other.desk.accounts.actor(clerk.person_id)
    other.desk.accounts.signed_out(clerk)
    assert other.report().local_no, "everybody else works on"


def test_what_was_entered_before_still_leaves_this_desk(make_desk_with_line: MakeOffice) -> None:
    office, other, clerk = two_with_a_clerk(make_desk_with_line)
    case = other.desk.cases.report(a_draft(), actor=clerk)
    revoke(office, clerk)

    other.sync()

    assert other.case(case.id) is not None
    kept = other.sql("SELECT state FROM outbox WHERE record_id = ?", case.id.bytes)
    assert len(kept) == 1


def test_a_person_from_the_city_signs_in_once_an_administrator_gave_a_password(
    make_desk_with_line: MakeOffice,
) -> None:
    _office, other, clerk = two_with_a_clerk(make_desk_with_line)
    gate = Gate(other.desk.paths, other.desk.clock)
    assert "lihua" not in {owner.login for owner in gate.people()}

    other.desk.accounts.reset_password(clerk.person_id, "Kite-harbour-42", actor=other.actor)

    assert gate.enter("lihua", "Kite-harbour-42").person_id == clerk.person_id


def test_a_login_changed_elsewhere_is_the_one_that_opens_this_desk(make_desk_with_line: MakeOffice) -> None:
    office, other, clerk = two_with_a_clerk(make_desk_with_line)
    other.desk.accounts.reset_password(clerk.person_id, "Kite-harbour-42", actor=other.actor)
    person = next(one for one in office.desk.accounts.persons() if one.id == clerk.person_id)
    renamed = person.changed(office.desk.clock.now(), login="lihua2", name="李华二")
    assert isinstance(renamed, Person)
    office.desk.accounts.set_person(renamed, actor=office.actor)

    office.sync()
    other.sync()

    gate = Gate(other.desk.paths, other.desk.clock)
    assert gate.enter("lihua2", "Kite-harbour-42").person_id == clerk.person_id
    assert [owner.name for owner in gate.people() if owner.person_id == clerk.person_id] == ["李华二"]


def test_a_login_taken_by_somebody_of_this_pc_leaves_both_their_own(make_desk_with_line: MakeOffice) -> None:
    office, other, clerk = two_with_a_clerk(make_desk_with_line)
    other.desk.accounts.reset_password(clerk.person_id, "Kite-harbour-42", actor=other.actor)
    person = next(one for one in office.desk.accounts.persons() if one.id == clerk.person_id)
    other.desk.accounts.add_person("李花", "lihua2", [OfficeRole.ACCEPTOR], PASSWORD, actor=other.actor)
    renamed = person.changed(office.desk.clock.now(), login="lihua2")
    assert isinstance(renamed, Person)
    office.desk.accounts.set_person(renamed, actor=office.actor)

    office.sync()
    other.sync()

    gate = Gate(other.desk.paths, other.desk.clock)
    assert gate.enter("lihua", "Kite-harbour-42").person_id == clerk.person_id
    assert gate.enter("lihua2", PASSWORD).person_id != clerk.person_id


def two_with_a_clerk(make: MakeOffice) -> tuple[Office, Office, Actor]:
    """Two desks that both know a clerk of the first."""
    office, other = make("A"), make("B")
    person = office.desk.accounts.add_person("李华", "lihua", [OfficeRole.ACCEPTOR], PASSWORD, actor=office.actor)
    office.sync()
    other.sync()
    return office, other, other.desk.accounts.actor(person.id)


def revoke(office: Office, clerk: Actor) -> None:
    with office.desk.store.read() as reader:
        person = reader.need(Person, clerk.person_id)
    office.desk.accounts.set_person(person.model_copy(update={"active": False}), actor=office.actor)
    office.sync()
