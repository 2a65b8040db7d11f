"""The operator's console: nobody without a session, no deed without its form's token, nothing stored that is run."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from server.city import City
from server.console.router import console_routers
from server.main import create_app
from tests.server.console.city import PAGES, SCRIPT, Filled, sign_in, token_of
from tests.server.devices import JINSHUI

NOBODY = UUID(int=7)


def test_every_page_lets_a_browser_do_little(seated: TestClient) -> None:
    for page in (*PAGES, "/devices/nothing"):
        answer = seated.get(f"/console{page}")

        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, page
        assert "frame-ancestors 'none'" in policy, page
        assert "script-src" not in policy, page
        assert "unsafe" not in policy, page
        assert answer.headers["X-Content-Type-Options"] == "nosniff", page
        assert answer.headers["X-Frame-Options"] == "DENY", page
        assert answer.headers["Cache-Control"] == "no-store", page
        assert not re.search(r"<script| style=| on[a-z]+=", answer.text), page


def test_the_console_is_no_part_of_what_desks_speak_with(client: TestClient) -> None:
    assert not [path for path in client.app.openapi()["paths"] if path.startswith("/console")]


def test_what_a_desk_called_itself_is_shown_and_not_run(seated: TestClient, filled: Filled) -> None:
    for page in (
        "devices",
        f"devices/{filled.unwell}",
        "dead-letters",
        f"dead-letters/{filled.letter}",
        "codes",
        "trail",
    ):
        shown = seated.get(f"/console/{page}").text
        assert SCRIPT not in shown, page
        assert "&lt;script&gt;" in shown, page


def test_what_is_typed_into_an_address_is_not_run(seated: TestClient) -> None:
    for page in ("devices", "people", "files", "numbers", "refused", "reference", "review"):
        assert SCRIPT not in seated.get(f"/console/{page}", params={"district": f'"{SCRIPT}', "done": SCRIPT}).text


@pytest.mark.parametrize(
    "page",
    ["devices/xyz", f"devices/{NOBODY}", f"people/{NOBODY}", f"review/{NOBODY}", "dead-letters/99", "nothing"],
)
def test_a_page_that_is_not_there_is_said_in_words(seated: TestClient, page: str) -> None:
    answer = seated.get(f"/console/{page}")

    assert answer.status_code == 404


def test_a_list_key_somebody_made_up_is_not_an_error_of_the_city(seated: TestClient) -> None:
    for page in ("devices", "people", "numbers", "files", "refused", "trail", "dead-letters", "feeds", "review"):
        for key in ("x", "1~2~3", "410105~no-uuid", "\x00~\x00", f"410105~{2**70}", str(2**70), "2026-11-02~x"):
            assert seated.get(f"/console/{page}", params={"after": key}).status_code in (200, 404), (page, key)


def test_a_dead_letter_number_somebody_made_up_is_not_an_error(seated: TestClient) -> None:
    for number in ("0", "-1", str(2**63), "9" * 40):
        assert seated.get(f"/console/dead-letters/{number}").status_code == 404


DEEDS = (
    "/console/sign-out",
    "/console/password",
    "/console/codes",
    "/console/codes/withdraw",
    "/console/people/new",
    f"/console/people/{UUID(int=1)}/roles",
    f"/console/people/{UUID(int=1)}/revoke",
    f"/console/people/{UUID(int=1)}/reinstate",
    f"/console/people/{UUID(int=1)}/map",
    f"/console/devices/{UUID(int=1)}/revoke",
    f"/console/devices/{UUID(int=1)}/reinstate",
    f"/console/review/{UUID(int=1)}/accept",
    f"/console/review/{UUID(int=1)}/refuse",
    f"/console/reference/{UUID(int=1)}/promote",
    "/console/dead-letters/1/seen",
)


def test_every_deed_of_the_console_is_among_those_tested_here() -> None:
    known = (str(UUID(int=1)), "1")
    posts = {
        re.sub(r"\{[a-z_]+\}", "{}", route.path)
        for router in console_routers()
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in route.methods
    }

    plain = {"/".join("{}" if part in known else part for part in deed.split("/")) for deed in DEEDS}
    assert posts == plain | {"/console/sign-in"}


def test_no_deed_without_a_session(client: TestClient, operator: str) -> None:
    for deed in DEEDS:
        answer = client.post(deed, data={"csrf": "x"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/console/sign-in"), deed


def test_no_deed_without_the_token_of_its_form(seated: TestClient, city: City) -> None:
    stranger = TestClient(create_app(city))
    sign_in(stranger)
    foreign = token_of(stranger.get("/console").text)

    for deed in DEEDS:
        for fields in ({}, {"csrf": ""}, {"csrf": foreign}):
            answer = seated.post(deed, data={"district": JINSHUI, **fields}, follow_redirects=False)
            assert answer.status_code == 403, deed
            assert "不是这次登录发出的" in answer.text, deed


def test_no_deed_that_another_site_sends_even_with_the_token(seated: TestClient) -> None:
    token = token_of(seated.get("/console").text)

    answer = seated.post("/console/sign-out", data={"csrf": token}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_a_form_that_is_none_is_turned_away(seated: TestClient) -> None:
    form = "application/x-www-form-urlencoded"
    for kind, body, status in (
        ("application/json", b"{}", 400),
        (form, b"a=" + b"b" * 70_000, 413),
        (form, b"&".join(b"a=b" for _ in range(300)), 400),
        (form, b"csrf=\xff\xfe", 400),
    ):
        answer = seated.post("/console/codes", content=body, headers={"Content-Type": kind}, follow_redirects=False)
        assert answer.status_code == status
