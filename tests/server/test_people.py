"""What the city says about a person holds: roles, revocation, and which ids are one human."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from pydantic_core import from_json
from sqlalchemy import select

from app.domain.permissions import OfficeRole
from app.domain.problems import Refused
from app.wire.accounts import LocalPerson
from server import audit, people
from server.city import City
from server.people import Known
from server.statements import one
from server.tables import AUDIT, FEED, PERSON
from tests.server.devices import HUIJI, JINSHUI, OPERATOR, SignedDevice

Make = Callable[..., SignedDevice]
CLERK = frozenset({OfficeRole.ACCEPTOR})


def added(city: City, name: str = "张敏", login: str = "zhangmin", district: str = JINSHUI) -> UUID:
    def add(connection: object) -> UUID:
        return people.add(connection, city, district=district, name=name, login=login, roles=CLERK, who=OPERATOR)  # type: ignore[arg-type]

    return city.database.retrying(add)


def local(city: City, name: str, login: str) -> UUID:
    """A person a PC brought along."""
    person = LocalPerson(id=city.ids.new(), name=name, login=login, roles=("dispatcher",))
    with city.database.write() as connection:
        people.register(connection, JINSHUI, [person], city.now())
    return person.id


def known(city: City, person_id: UUID) -> Known:
    with city.database.read() as connection:
        return people.known_among(one(connection, people.NAMED, ids=[person_id]), JINSHUI)[person_id]


def feed_rows(city: City, person_id: UUID) -> list[dict[str, object]]:
    with city.database.read() as connection:
        rows = connection.execute(select(FEED.c.row).where(FEED.c.record_id == person_id).order_by(FEED.c.seq))
        return [from_json(row) for row in rows.scalars()]


def test_a_person_the_city_adds_comes_down_to_the_desks_of_the_district(city: City) -> None:
    row = feed_rows(city, added(city))[0]

    assert (row["name"], row["login"], row["roles"]) == ("张敏", "zhangmin", ["acceptor"])


def test_one_login_of_a_district_is_one_person(city: City) -> None:
    added(city)

    with pytest.raises(Refused, match="login_taken"):
        added(city, "别人")
    assert added(city, district=HUIJI)


def test_nobody_is_added_to_a_district_nobody_registered(city: City) -> None:
    with pytest.raises(Refused, match="district_unknown"):
        added(city, district="999999")


def test_new_roles_hold_at_once_and_travel(city: City) -> None:
    person = added(city)
    with city.database.write() as connection:
        people.set_roles(connection, city, person, {OfficeRole.LEADER}, who=OPERATOR)

    assert known(city, person).roles == {OfficeRole.LEADER}
    assert feed_rows(city, person)[-1]["roles"] == ["leader"]


def test_a_revoked_person_is_revoked_until_reinstated(city: City) -> None:
    person = added(city)
    with city.database.write() as connection:
        people.revoke(connection, city, person, who=OPERATOR)
    revoked, told = known(city, person), feed_rows(city, person)[-1]
    with city.database.write() as connection:
        people.reinstate(connection, city, person, who=OPERATOR)

    assert (revoked.state, revoked.revoked_by_city, told["active"]) == ("revoked", True, False)
    assert known(city, person).state == "active"


def note(city: City, person: UUID, *, active: bool, district: str = JINSHUI, name: str = "张敏") -> None:
    with city.database.write() as connection:
        people.note_person(
            connection,
            city,
            record_id=person,
            district=district,
            name=name,
            login="zhangmin",
            roles=[OfficeRole.ADMIN],
            active=active,
        )


def test_a_desk_cannot_bring_back_whom_the_city_revoked(city: City) -> None:
    person = added(city)
    with city.database.write() as connection:
        people.revoke(connection, city, person, who=OPERATOR)

    note(city, person, active=True)

    assert known(city, person).state == "revoked"


def test_a_desk_may_stop_a_person_and_let_them_work_again(city: City) -> None:
    person = added(city)
    note(city, person, active=False)
    stopped = known(city, person)
    note(city, person, active=True)

    assert (stopped.state, stopped.revoked_by_city) == ("revoked", False)
    assert (known(city, person).state, known(city, person).roles) == ("active", {OfficeRole.ADMIN})


def test_a_desk_of_another_district_changes_nobody(city: City) -> None:
    person = added(city)

    note(city, person, active=False, district=HUIJI, name="改名")

    assert (known(city, person).state, known(city, person).name) == ("active", "张敏")


def test_a_person_first_met_in_a_record_is_known_from_then_on(city: City) -> None:
    person = city.ids.new()

    note(city, person, active=True)

    assert known(city, person).roles == {OfficeRole.ADMIN}


def test_of_a_mapped_person_the_roles_of_the_other_id_hold(city: City) -> None:
    person, double = added(city), local(city, "张敏", "zm")
    waiting = known(city, double)
    with city.database.write() as connection:
        people.map_to(connection, city, double, person, who=OPERATOR)

    assert waiting.state == "to_map"
    assert (known(city, double).state, known(city, double).mapped_to, known(city, double).roles) == (
        "active",
        person,
        CLERK,
    )


def test_whoever_is_revoked_is_revoked_under_every_id(city: City) -> None:
    person, double = added(city), local(city, "张敏", "zm")
    with city.database.write() as connection:
        people.map_to(connection, city, double, person, who=OPERATOR)
        people.revoke(connection, city, person, who=OPERATOR)

    assert known(city, double).state == "revoked"


def test_saying_who_somebody_is_lets_nobody_stopped_in_again(city: City) -> None:
    person, double = added(city), local(city, "张敏", "zm")
    with city.database.write() as connection:
        people.revoke(connection, city, double, who=OPERATOR)
        people.map_to(connection, city, double, person, who=OPERATOR)

    assert (known(city, double).state, known(city, person).state) == ("revoked", "active")


def test_an_id_of_an_id_is_stopped_with_the_person(city: City) -> None:
    person, double, third = added(city), local(city, "张敏", "zm"), local(city, "张敏", "zm2")
    with city.database.write() as connection:
        people.map_to(connection, city, double, None, who=OPERATOR)
        people.map_to(connection, city, third, double, who=OPERATOR)
        people.map_to(connection, city, double, person, who=OPERATOR)
        people.revoke(connection, city, person, who=OPERATOR)

    assert known(city, third).state == "revoked"


def test_somebody_of_the_same_name_may_be_somebody_else(city: City) -> None:
    added(city)
    double = local(city, "张敏", "zm")
    with city.database.write() as connection:
        people.map_to(connection, city, double, None, who=OPERATOR)

    assert (known(city, double).state, known(city, double).roles) == ("active", {OfficeRole.DISPATCHER})


def test_a_person_whose_pc_has_not_sent_them_yet_is_not_written_in_its_place(city: City) -> None:
    person, double = added(city), local(city, "张敏", "zm")
    with city.database.write() as connection:
        people.map_to(connection, city, double, person, who=OPERATOR)

    assert feed_rows(city, double) == []
    assert len(feed_rows(city, person)) == 1


def test_nobody_is_mapped_to_themselves_to_another_district_or_in_a_ring(city: City) -> None:
    person, double, elsewhere = added(city), local(city, "张敏", "zm"), added(city, district=HUIJI)
    with city.database.write() as connection:
        people.map_to(connection, city, double, person, who=OPERATOR)

    for to in (person, elsewhere, double):
        with pytest.raises(Refused, match="map_to_itself"), city.database.write() as connection:
            people.map_to(connection, city, person, to, who=OPERATOR)


def test_a_person_is_found_by_login_or_id(city: City) -> None:
    person = added(city)

    with city.database.read() as connection:
        assert people.find(connection, JINSHUI, "zhangmin") == person
        assert people.find(connection, JINSHUI, str(person)) == person
        for nobody in ("lisi", str(city.ids.new())):
            with pytest.raises(Refused, match="person_unknown"):
                people.find(connection, JINSHUI, nobody)


def test_a_role_nobody_knows_is_refused_by_name(city: City) -> None:
    with pytest.raises(Refused, match="chief"):
        people.roles_of(["leader", "chief"])


def test_every_act_stands_in_a_trail_that_shows_when_it_is_changed(city: City) -> None:
    person = added(city)
    with city.database.write() as connection:
        people.revoke(connection, city, person, who=OPERATOR)
        assert audit.broken_at(connection) is None
        acts = connection.execute(select(AUDIT.c.id, AUDIT.c.who, AUDIT.c.deed).order_by(AUDIT.c.id)).all()
        connection.execute(AUDIT.update().where(AUDIT.c.deed == "person.add").values(who="别人"))
        broken = audit.broken_at(connection)

    assert [(act.who, act.deed) for act in acts[-2:]] == [(OPERATOR, "person.add"), (OPERATOR, "person.revoke")]
    assert broken == acts[-2].id


def test_an_entry_taken_out_of_the_trail_is_noticed(city: City) -> None:
    person = added(city)
    with city.database.write() as connection:
        people.revoke(connection, city, person, who=OPERATOR)
        connection.execute(AUDIT.delete().where(AUDIT.c.deed == "person.add"))

        assert audit.broken_at(connection) is not None


def test_the_table_and_the_feed_name_the_same_state(city: City) -> None:
    person = added(city)
    with city.database.write() as connection:
        people.revoke(connection, city, person, who=OPERATOR)
        row = connection.execute(select(PERSON).where(PERSON.c.id == person)).one()

    assert (row.state == "active") is bool(feed_rows(city, person)[-1].get("active", True))
