"""What an operator reads at the console: dead letters byte by byte, long lists, answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, update
from starlette.testclient import TestClient

from server import audit
from server.city import City
from server.tables import AUDIT, DEAD_LETTER
from tests.server.console.city import Filled, deeds
from tests.server.devices import OPERATOR as WHO


def test_a_dead_letter_that_is_no_text_is_shown_byte_by_byte(seated: TestClient, filled: Filled) -> None:
    page = seated.get(f"/console/dead-letters/{filled.letter - 1}").text

    assert "00000040  40 41 42 43" in page
    assert "@ABCDEFGHIJKLMNO" in page


def test_a_dead_letter_is_taken_away_byte_for_byte_and_never_opened(seated: TestClient, filled: Filled) -> None:
    answer = seated.get(f"/console/dead-letters/{filled.letter - 1}/bytes")

    assert answer.content == bytes(range(256))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_packed_dead_letter_is_shown_unpacked_and_a_bomb_only_its_beginning(seated: TestClient, city: City) -> None:
    import gzip

    bomb = gzip.compress(b'{"place": "' + "花".encode() * 20_000_000, compresslevel=1)
    with city.database.write() as connection:
        values = {
            "at": city.now(),
            "device_id": None,
            "reason": "sync.too_large",
            "note": "",
            "agent": "",
            "seen_at": None,
        }
        made = insert(DEAD_LETTER).values(**values, raw=bomb).returning(DEAD_LETTER.c.id)
        number = connection.execute(made).scalar_one()

    page = seated.get(f"/console/dead-letters/{number}").text

    assert "解开后的内容" in page
    assert "花花花" in page
    assert "只显示开头" in page
    assert len(page) < 200_000


def test_a_dead_letter_seen_waits_no_longer_and_is_kept(
    post: Callable[..., Any], seated: TestClient, filled: Filled, city: City
) -> None:
    page = f"/console/dead-letters/{filled.letter}"

    post(page, f"{page}/seen")

    assert page not in seated.get("/console/dead-letters").text
    assert page in seated.get("/console/dead-letters?state=all").text
    assert deeds(city)[-1] == "dead_letter.seen"


def test_a_long_trail_is_read_page_by_page_without_a_gap(seated: TestClient, city: City) -> None:
    with city.database.write() as connection:
        for number in range(230):
            audit.note(connection, city.now(), WHO, "device.enrol", f"第{number}台")

    seen, address = [], "/console/trail"
    while address:
        page = seated.get(address).text
        seen += [int(part.split("台<")[0]) for part in page.split("第")[1:] if "台<" in part[:8]]
        more = [part.split('"')[0] for part in page.split('href="')[1:] if "after=" in part.split('"')[0]]
        address = f"/console/trail{more[0].replace('&amp;', '&')}" if more else ""

    assert seen == list(reversed(range(230)))


def test_a_trail_somebody_changed_is_called_broken(seated: TestClient, city: City) -> None:
    assert "整条记录完好" in seated.get("/console/trail").text
    with city.database.write() as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.id == 2).values(who="somebody else"))

    assert "第 2 条与前一条对不上" in seated.get("/console/trail").text


def test_a_refused_change_is_told_with_the_answer_the_desk_got(seated: TestClient, filled: Filled) -> None:
    page = seated.get("/console/refused").text

    assert "编号 410105-2026-000900 不是发给这台电脑的" in page
    assert "市平台是 花园路 21 号" in page
    assert "花园路 21 号" not in seated.get("/console/refused?state=refused").text
