"""No official number is ever given twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.domain.problems import Refused
from app.wire.accounts import NumberBlock, NumberRequest
from server import numbers
from server.city import City
from server.tables import NUMBER_SERIES
from tests.server.devices import HUIJI, JINSHUI, SignedDevice

Make = Callable[..., SignedDevice]


def a_request(city: City, year: int = 2026, count: int = 10) -> NumberRequest:
    return NumberRequest(request_id=city.ids.new(), kind="case", year=year, count=count)


def grant(city: City, pc: SignedDevice, request: NumberRequest) -> NumberBlock:
    device = pc.as_device(city)
    return city.database.retrying(lambda connection: numbers.grant(connection, city, device, request))


def test_the_first_number_of_a_year_is_one_and_is_written_with_six_digits(city: City, make_device: Make) -> None:
    block = grant(city, make_device(), a_request(city))

    assert (block.first, block.last) == (1, 10)
    assert block.pattern.format(n=block.first) == f"{JINSHUI}-2026-000001"


def test_blocks_follow_each_other_and_years_and_districts_are_apart(city: City, make_device: Make) -> None:
    first, second, elsewhere = make_device(), make_device(), make_device(HUIJI)

    firsts = [
        grant(city, pc, a_request(city, year, 5)).first
        for pc, year in ((first, 2026), (second, 2026), (first, 2027), (elsewhere, 2026), (first, 2026))
    ]

    assert firsts == [1, 6, 1, 1, 11]


def test_a_lost_answer_is_given_again_and_costs_no_numbers(city: City, make_device: Make) -> None:
    pc, request = make_device(), a_request(city)

    assert grant(city, pc, request) == grant(city, pc, request)
    assert grant(city, pc, a_request(city)).first == 11


def test_another_pc_cannot_ask_for_the_same_block(city: City, make_device: Make) -> None:
    request = a_request(city)
    grant(city, make_device(), request)

    with pytest.raises(Refused, match="request_broken"):
        grant(city, make_device(), request)


def test_eight_pcs_at_once_never_get_the_same_number(city: City, make_device: Make) -> None:
    pcs = [make_device() for _ in range(8)]
    gate, given, lock = threading.Barrier(8), [], threading.Lock()

    def ask(pc: SignedDevice) -> None:
        gate.wait()
        for count in (3, 1, 7, 2, 5):
            block = grant(city, pc, a_request(city, count=count))
            with lock:
                given.extend(range(block.first, block.last + 1))

    threads = [threading.Thread(target=ask, args=(pc,)) for pc in pcs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(given) == list(range(1, 8 * 18 + 1))


def test_a_number_belongs_to_the_pc_its_block_went_to(city: City, make_device: Make) -> None:
    pc, other = make_device(), make_device()
    grant(city, pc, a_request(city, count=3))
    words = [f"{JINSHUI}-2026-000003", f"{JINSHUI}-2026-000004", f"{HUIJI}-2026-000001", "'; DROP TABLE device", ""]

    with city.database.read() as connection:
        mine = [numbers.belongs(connection, pc.as_device(city), "case", word) for word in words]
        others = [numbers.belongs(connection, other.as_device(city), "case", word) for word in words]

    assert mine == [True, False, False, False, False]
    assert not any(others)


def test_a_year_that_is_used_up_is_refused_and_no_number_grows_longer(city: City, make_device: Make) -> None:
    pc = make_device()
    grant(city, pc, a_request(city))
    with city.database.write() as connection:
        connection.execute(update(NUMBER_SERIES).values(last=999_000))

    with pytest.raises(Refused, match="number_series_full"):
        grant(city, pc, a_request(city, count=1000))
    assert grant(city, pc, a_request(city, count=999)).last == 999_999


def test_a_kind_nobody_knows_gets_no_numbers(city: City, make_device: Make) -> None:
    request = a_request(city).model_copy(update={"kind": "dog"})

    with pytest.raises(Refused, match="request_broken"):
        grant(city, make_device(), request)
