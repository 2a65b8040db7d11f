"""Official numbers: from blocks of this PC alone, provisional without one, never given twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import open_desk, restore_desk
from app.domain.cases import Case
from app.domain.problems import Unavailable
from app.sync.line import CityLine
from app.sync.numbers import BLOCK, Numbers
from app.wire.accounts import NumberBlock
from tests.builders import a_draft
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around
from tests.sync.offices import Office
from tests.sync.services import a_service


def test_a_case_begins_without_a_number_and_gets_one_with_the_first_block(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    case = office.report()
    assert case.city_no == ""

    assert top_up(office) == 1

    numbered = shown(office, case)
    assert numbered.city_no == "410105-2026-000001"
    assert numbered.local_no == case.local_no
    assert office.desk.cases.find_number(case.local_no) == office.desk.cases.find_number(numbered.city_no) == case.id
    assert office.sync().finished


def test_with_a_block_a_new_case_has_its_number_at_once_and_the_city_knows_it(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    top_up(office)

    case = office.report()

    assert case.city_no == "410105-2026-000001"
    assert office.sync().finished
    other.sync()
    assert shown(other, case).city_no == case.city_no


def test_two_desks_that_are_offline_never_give_the_same_number(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    top_up(office)
    top_up(other)

    given = [desk.report().city_no for desk in (office, other) for _case in range(3)]

    assert len(set(given)) == 6
    assert "" not in given


def test_a_used_up_block_makes_numbers_provisional_until_the_next(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    top_up(office)
    with office.desk.store.local() as connection:
        connection.exec_driver_sql('UPDATE number_blocks SET "next" = "last"')
    last, beyond = office.report(), office.report()

    assert last.city_no == f"410105-2026-{BLOCK:06d}"
    assert beyond.city_no == ""
    top_up(office)
    assert shown(office, beyond).city_no == f"410105-2026-{BLOCK + 1:06d}"


def test_in_december_the_next_years_numbers_are_fetched_as_well(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    office = make_desk_with_line()
    clock.advance(datetime(2026, 12, 5, 1, tzinfo=UTC) - clock.now())
    top_up(office)

    clock.advance(timedelta(days=30))

    assert office.report().city_no == "410105-2027-000001"


def test_a_lost_answer_wastes_no_block(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    line = Twice(office.line)

    top_up(office, line)

    assert line.first == line.second


@pytest.mark.parametrize("pattern", ["{year}-{n}", "{", "{n:zz}", "{n.no}", "{0}"])
def test_a_pattern_no_number_can_be_made_of_never_reaches_a_case(make_desk_with_line: MakeOffice, pattern: str) -> None:
    office = make_desk_with_line()
    block = NumberBlock(id=uuid4(), kind="case", year=2026, first=1, last=50, pattern=pattern)

    with pytest.raises(Unavailable, match="reply_broken"):
        Numbers(office.desk.store).keep(block, actor=office.desk.accounts.system())

    assert office.report().city_no == ""


def test_numbers_are_asked_for_only_when_few_are_left(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    top_up(office)
    line = Twice(office.line)

    top_up(office, line)

    assert line.first is None


def test_a_backup_holds_no_numbers_so_that_none_is_given_twice_after_it_is_restored(
    make_desk_with_line: MakeOffice, tmp_path: Path, clock: FixedClock
) -> None:
    office = make_desk_with_line()
    top_up(office)
    office.desk.care.back_up(tmp_path / "store.gdbackup", actor=office.actor)
    assert office.report().city_no == "410105-2026-000001"

    restore_desk(tmp_path / "store.gdbackup", StorePaths.of(tmp_path / "again"), clock)

    again = open_desk(office.key, StorePaths.of(tmp_path / "again"), clock)
    try:
        case = again.cases.report(a_draft(), actor=office.actor)
        assert case.city_no == ""
    finally:
        again.close()


class Twice(Around):
    """Asks for the same block twice, as if the first answer had been lost."""

    first: object = None
    second: object = None

    def numbers(self, request: object) -> object:
        self.first, self.second = self.line.numbers(request), self.line.numbers(request)  # type: ignore[arg-type]
        return self.second


def top_up(office: Office, line: CityLine | None = None) -> int:
    return Numbers(office.desk.store).top_up(line or office.line, actor=office.desk.accounts.system())


def shown(office: Office, case: Case) -> Case:
    found = office.case(case.id)
    assert found is not None
    return found


def test_a_facility_of_an_enrolled_desk_gets_a_serial_of_the_citys_block(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    facilities, actor = office.desk.facilities, office.actor
    lamp = facilities.save({"major": "01", "minor": "37", "address": "经八路"}, actor=actor)
    assert lamp.code == ""
    top_up(office)
    assert facilities.give_codes(actor=actor) == 1
    assert facilities.get(lamp.id).code == "4101050137000001"
    assert facilities.save({"major": "01", "minor": "02", "address": "纬一路"}, actor=actor).code == "4101050102000002"


def test_two_desks_that_are_offline_never_make_the_same_facility_code(make_desk_with_line: MakeOffice) -> None:
    first, second = make_desk_with_line("A"), make_desk_with_line("B")
    lamp = {"major": "01", "minor": "37", "address": "经八路"}
    for office in (first, second):
        office.desk.facilities.save(lamp, actor=office.actor)
        office.sync()
        top_up(office)
        assert office.desk.facilities.give_codes(actor=office.actor) == 1
    codes = [one.desk.facilities.save(lamp, actor=one.actor).code for one in (first, second) for _n in range(5)]
    assert all(codes)
    assert len(set(codes)) == len(codes)


def test_a_facility_that_waits_gets_its_code_as_soon_as_the_line_brings_serials(
    make_desk_with_line: MakeOffice,
) -> None:
    office = make_desk_with_line()
    facilities, actor = office.desk.facilities, office.actor
    facilities.save({"name": "无类别的东西", "address": "经八路"}, actor=actor)
    lamp = facilities.save({"major": "01", "minor": "37", "address": "经八路"}, actor=actor)

    a_service(office).run()

    assert facilities.get(lamp.id).code == "4101050137000001"


def test_a_category_without_codes_keeps_no_other_facility_waiting(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line()
    facilities, actor = office.desk.facilities, office.actor
    odd = facilities.save({"name": "自编类别的东西", "address": "经八路"}, actor=actor)
    lamp = facilities.save({"major": "01", "minor": "37", "address": "经八路"}, actor=actor)
    with office.desk.store.write(actor, "test.odd") as tx:
        tx.change(odd.changed(tx.now, major="A1", minor="007"))

    a_service(office).run()

    assert (facilities.get(odd.id).code, facilities.get(lamp.id).code) == ("", "4101050137000001")
