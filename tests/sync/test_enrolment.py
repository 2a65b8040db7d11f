"""How a PC becomes known to the city, and what is refused before anything is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.base.clock import FixedClock
from app.domain.office import Person
from app.domain.permissions import OfficeRole
from app.domain.problems import Problem, Refused, Unavailable
from app.sync.enrolment import normal_address
from app.sync.line import CityLine
from app.sync.link import LinkStore
from app.sync.views import LineState
from app.wire.accounts import EnrolReply, EnrolRequest
from server import enrolment
from tests.builders import PASSWORD
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around
from tests.sync.offices import URL, Office
from tests.sync.services import a_service, new_code


def test_an_administrator_joins_the_city_with_a_code_and_everything_made_before_arrives(
    make_desk_alone: MakeOffice, make_desk_with_line: MakeOffice
) -> None:
    office, other = make_desk_alone("A"), make_desk_with_line("B")
    case = office.report()
    service = a_service(office)
    assert service.status().state is LineState.NOT_ENROLLED

    link = service.enrol(URL + "/", f" {new_code(office)} ", actor=office.actor)

    assert (link.url, link.district, link.city) == (URL, "410105", office.city.name)
    assert service.run().finished
    status = service.status()
    assert (status.state, status.waiting, status.equal, status.first_sync_done) == (LineState.IDLE, 0, True, True)
    other.sync()
    assert other.case(case.id) == office.case(case.id)


def test_the_citys_mark_of_the_pc_stands_in_later_numbers_and_earlier_ones_stay(
    make_desk_alone: MakeOffice, make_desk_with_line: MakeOffice
) -> None:
    first = make_desk_with_line("A")
    second = make_desk_alone("B")
    taken = first.desk.reference.office().pc_mark
    office = second.desk.reference.office()
    with second.desk.store.write(second.actor, "test") as tx:
        tx.change(office.changed(tx.now, pc_mark=taken))
    before = second.report()

    a_service(second).enrol(URL, new_code(second), actor=second.actor)

    mark = second.desk.reference.office().pc_mark
    assert mark != taken
    assert f"-{mark}-" in second.report().local_no
    kept = second.case(before.id)
    assert kept is not None
    assert kept.local_no == before.local_no


def test_a_lost_answer_is_asked_for_again_with_the_same_keys(make_desk_alone: MakeOffice) -> None:
    office = make_desk_alone()
    lines: list[LosesEnrolment] = []

    def losing(link: LinkStore) -> CityLine:
        lines.append(LosesEnrolment(office.line_of(link), lose=not lines))
        return lines[-1]

    service, code = a_service(office, losing), new_code(office)
    with pytest.raises(Unavailable, match=r"sync\.offline"):
        service.enrol(URL, code, actor=office.actor)
    assert service.link() is None

    service.enrol(URL, code, actor=office.actor)

    one, two = (line.asked for line in lines[:2])
    assert one is not None
    assert two is not None
    assert (one.device_id, one.sign_key, one.box_key) == (two.device_id, two.sign_key, two.box_key)
    assert service.run().finished


@pytest.mark.parametrize("key", ["", "?", "AAAA", "A" * 45])
def test_a_city_without_a_key_enrols_nobody(make_desk_alone: MakeOffice, key: str) -> None:
    office = make_desk_alone()
    service = a_service(office, lambda link: KeyLess(office.line_of(link), key))

    assert refused(office, lambda: service.enrol(URL, new_code(office), actor=office.actor)) == "sync.reply_broken"


@pytest.mark.parametrize("hours", [2, 100])
def test_a_code_that_is_wrong_or_over_enrols_nobody(make_desk_alone: MakeOffice, clock: FixedClock, hours: int) -> None:
    office = make_desk_alone()
    code = new_code(office)
    clock.advance(timedelta(hours=hours))

    for given in (code, "ABCD-ABCD-ABCD", "x"):
        assert (
            refused(office, lambda given=given: a_service(office).enrol(URL, given, actor=office.actor))
            == "sync.code_wrong"
        )
    assert a_service(office).link() is None


def test_a_code_of_another_district_is_refused(make_desk_alone: MakeOffice) -> None:
    office = make_desk_alone()
    code = office.city.database.retrying(lambda c: enrolment.new_code(c, office.city, "410103", hours=1, who="测试"))

    assert refused(office, lambda: a_service(office).enrol(URL, code, actor=office.actor)) == "sync.code_other_district"


def test_only_an_administrator_enrols_and_only_once(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    clerk = office.desk.accounts.add_person("李华", "lihua", [OfficeRole.ACCEPTOR], PASSWORD, actor=office.actor)
    service = a_service(office)

    actor = office.desk.accounts.actor(clerk.id)
    assert refused(office, lambda: service.enrol(URL, "ABCD-ABCD", actor=actor)) == "sync.not_administrator"
    assert refused(office, lambda: service.set_line("", "", actor=actor)) == "sync.not_administrator"
    assert refused(office, lambda: service.enrol(URL, "ABCD-ABCD", actor=office.actor)) == "sync.enrolled_already"


def test_demonstration_data_never_joins_a_city(make_desk_alone: MakeOffice) -> None:
    office = make_desk_alone()
    with office.desk.store.write(office.actor, "test") as tx:
        tx.change(office.desk.reference.office().changed(tx.now, demonstration=True))

    assert (
        refused(office, lambda: a_service(office).enrol(URL, "ABCD-ABCD", actor=office.actor)) == "sync.demonstration"
    )


def test_the_persons_of_the_office_are_known_to_the_city_afterwards(
    make_desk_alone: MakeOffice, make_desk_with_line: MakeOffice
) -> None:
    office = make_desk_alone("A")
    office.desk.accounts.add_person("李华", "lihua", [OfficeRole.ACCEPTOR], PASSWORD, actor=office.actor)
    a_service(office).enrol(URL, new_code(office), actor=office.actor)
    assert a_service(office).run().finished

    other = make_desk_with_line("B")
    other.sync()

    with other.desk.store.read() as reader:
        assert "李华" in {person.name for person in reader.all(Person)}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("city.example", "https://city.example"),
        (" https://City.example:8443/ ", "https://city.example:8443"),
        ("https://city.example/griddesk/", "https://city.example/griddesk"),
        ("http://127.0.0.1:8470", "http://127.0.0.1:8470"),
        ("http://[::1]:8470/", "http://[::1]:8470"),
        ("http://localhost:8470", "http://localhost:8470"),
        ("https://城管.例.cn", "https://城管.例.cn"),
    ],
)
def test_an_address_is_kept_in_one_way_however_it_was_typed(given: str, kept: str) -> None:
    assert normal_address(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "http://city.example",
        "ftp://city.example",
        "https://",
        "https://user:word@city.example",
        "https://city.example/?a=1",
        "https://city.example:99999",
        "https://ci ty.example",
        "http://localhost.example",
    ],
)
def test_what_is_no_address_of_a_city_is_refused(given: str) -> None:
    with pytest.raises(Refused, match=r"sync\.address_wrong"):
        normal_address(given)


class LosesEnrolment(Around):
    """The city took the PC in; its answer is lost."""

    def __init__(self, line: CityLine, *, lose: bool) -> None:
        super().__init__(line)
        self.asked: EnrolRequest | None = None
        self._lose = lose

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        self.asked = request
        reply = self.line.enrol(request)
        if self._lose:
            raise Unavailable("sync.offline", reason="test")
        return reply


class KeyLess(Around):
    """The city answers, and what it calls its key is none."""

    def __init__(self, line: CityLine, key: str) -> None:
        super().__init__(line)
        self._key = key

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self.line.enrol(request).model_copy(update={"box_key": self._key})


def refused(office: Office, deed: Callable[[], object]) -> str:
    """The code a deed is refused with, which changed nothing about the link."""
    before = LinkStore(office.desk.store).get()
    with pytest.raises(Problem) as caught:
        deed()
    assert LinkStore(office.desk.store).get() == before
    return caught.value.code
