"""Every page and list of the console on PostgreSQL and on SQLite alike."""

from __future__ import annotations

from starlette.testclient import TestClient

from server.city import City
from tests.server.console import city as console_city
from tests.server.console.city import PAGES, sign_in, token_of
from tests.server.devices import JINSHUI


def test_every_page_opens_on_both_databases(city: City, client: TestClient) -> None:
    console_city.add_operator(city)
    filled = console_city.fill(city, client)
    assert sign_in(client).status_code == 303

    ones = (f"/devices/{filled.well}", f"/people/{filled.clashing_person}", f"/review/{filled.group}")
    lists = [f"{page}{'&' if '?' in page else '?'}district={JINSHUI}" for page in PAGES if page != "/password"]
    for page in (*PAGES, *lists, *ones, f"/dead-letters/{filled.letter}"):
        assert client.get(f"/console{page}").status_code == 200, page


def test_the_next_page_begins_after_the_last_line_on_both_databases(city: City, client: TestClient) -> None:
    console_city.add_operator(city)
    filled = console_city.fill(city, client)
    sign_in(client)
    at, somebody, high = city.now().isoformat(), filled.well, 2**40
    keys = {
        "devices": f"{JINSHUI}~{somebody}",
        "people": f"{JINSHUI}~{somebody}",
        "numbers": f"{at}~{somebody}",
        "refused": f"{at}~{somebody}",
        "review": f"{at}~{somebody}",
        "files": f"{JINSHUI}~{'f' * 64}",
        "reference": str(somebody),
        "feeds": JINSHUI,
        "trail": str(high),
        "dead-letters": str(high),
    }

    for page, key in keys.items():
        answer = client.get(f"/console/{page}", params={"after": key})
        assert answer.status_code == 200, page
        assert "回到最前" in answer.text, page
    assert "410108" in client.get("/console/feeds", params={"after": JINSHUI}).text.split("<tbody>")[1]
    assert "410105 金水区" not in client.get("/console/feeds", params={"after": JINSHUI}).text.split("<tbody>")[1]


def test_deeds_are_done_and_noted_on_both_databases(city: City, client: TestClient) -> None:
    console_city.add_operator(city)
    filled = console_city.fill(city, client)
    sign_in(client)
    token = {"csrf": token_of(client.get("/console").text)}

    for deed in (
        f"devices/{filled.well}/revoke",
        f"people/{filled.known_person}/revoke",
        f"review/{filled.group}/accept",
        f"reference/{filled.version}/promote",
        f"dead-letters/{filled.letter}/seen",
        "sign-out",
    ):
        assert client.post(f"/console/{deed}", data=token, follow_redirects=False).status_code == 303, deed

    sign_in(client)
    assert "整条记录完好" in client.get("/console/trail").text
