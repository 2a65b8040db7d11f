"""Getting into the console: passwords, cookies, sessions and their ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.base.clock import FixedClock
from app.domain.problems import Refused
from server import operators
from server.city import City
from server.main import create_app
from server.tables import CONSOLE_SESSION, OPERATOR
from tests.server.console import city as console_city
from tests.server.console.city import LOGIN, PAGES, PASSWORD, Filled, sign_in, token_of
from tests.server.devices import OPERATOR as WHO


def test_nobody_sees_a_page_without_signing_in(client: TestClient, operator: str, filled: Filled) -> None:
    one_of_each = (f"/devices/{filled.well}", f"/people/{filled.known_person}", f"/review/{filled.group}")
    for page in (*PAGES, *one_of_each, f"/dead-letters/{filled.letter}", f"/dead-letters/{filled.letter}/bytes"):
        answer = client.get(f"/console{page}", follow_redirects=False)

        assert answer.status_code == 303, page
        assert answer.headers["Location"].startswith("/console/sign-in"), page
        assert "410105" not in answer.text, page


def test_the_page_asked_for_comes_after_signing_in(client: TestClient, operator: str) -> None:
    sent_away = client.get("/console/trail")

    assert 'name="next" value="/console/trail"' in sent_away.text
    assert sign_in(client, wanted="/console/trail").headers["Location"] == "/console/trail"


def test_signing_in_never_leads_to_another_site(client: TestClient, operator: str) -> None:
    for elsewhere in ("//evil.example", "/consoles", "/console/../x\\y", "/console/sign-in", "javascript:alert(1)", ""):
        assert sign_in(client, wanted=elsewhere).headers["Location"] == "/console"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, operator: str) -> None:
    cookie = session_cookie(sign_in(client)).lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age" not in cookie


def test_over_tls_the_cookie_is_secure_and_bound_to_this_host(sqlite_city: City) -> None:
    console_city.add_operator(sqlite_city)
    with TestClient(create_app(sqlite_city), base_url=f"https:{'//'}testserver") as client:
        answer = sign_in(client)

        assert session_cookie(answer).startswith("__Host-griddesk=")
        assert "; Secure" in session_cookie(answer)
        assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_a_wrong_password_says_the_same_as_a_wrong_login(client: TestClient, operator: str) -> None:
    wrong, unknown = sign_in(client, password="Nicht-8-richtig"), sign_in(client, login="nobody1")

    assert wrong.status_code == unknown.status_code == 422
    assert "登录名或密码不对" in wrong.text
    assert "登录名或密码不对" in unknown.text
    assert PASSWORD not in wrong.text


def test_wrong_passwords_have_to_wait_and_the_right_one_as_well(
    client: TestClient, operator: str, clock: FixedClock
) -> None:
    for _ in range(5):
        sign_in(client, password="Nicht-8-richtig")

    assert "试得太多" in sign_in(client).text
    clock.advance(timedelta(hours=2))
    assert sign_in(client).status_code == 303


def test_the_sign_in_form_of_another_browser_does_not_sign_in(client: TestClient, operator: str) -> None:
    token = token_of(client.get("/console/sign-in").text)
    client.cookies.clear()

    answer = client.post("/console/sign-in", data={"csrf": token, "login": LOGIN, "password": PASSWORD})

    assert answer.status_code == 403


def test_a_stopped_operator_is_out_at_once(seated: TestClient, city: City) -> None:
    with city.database.write() as connection:
        operators.set_active(connection, city, login=LOGIN, active=False, who=WHO)

    assert seated.get("/console", follow_redirects=False).status_code == 303
    assert sign_in(seated).status_code == 422


def test_signing_out_ends_the_session_itself(seated: TestClient, post: Callable[..., Any], city: City) -> None:
    kept = seated.cookies["griddesk"]
    post("/console", "/console/sign-out")
    seated.cookies.set("griddesk", kept)

    assert seated.get("/console", follow_redirects=False).status_code == 303
    with city.database.read() as connection:
        assert connection.execute(select(CONSOLE_SESSION)).all() == []


def test_a_session_ends_after_half_an_hour_without_a_click(seated: TestClient, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=20))
    assert seated.get("/console", follow_redirects=False).status_code == 200
    clock.advance(timedelta(minutes=31))
    assert seated.get("/console", follow_redirects=False).status_code == 303


def test_a_session_ends_after_twelve_hours_however_busy(seated: TestClient, clock: FixedClock) -> None:
    for _ in range(36):
        assert seated.get("/console", follow_redirects=False).status_code == 200
        clock.advance(timedelta(minutes=20, seconds=1))
    assert seated.get("/console", follow_redirects=False).status_code == 303


def test_neither_password_nor_token_is_kept_as_it_is(seated: TestClient, city: City) -> None:
    with city.database.read() as connection:
        stored = connection.execute(select(OPERATOR.c.password)).scalar_one()
        token_hash = connection.execute(select(CONSOLE_SESSION.c.token_hash)).scalar_one()

    assert stored.startswith("$argon2id$")
    assert seated.cookies["griddesk"].encode() not in bytes(token_hash)


def test_an_operator_may_not_choose_a_weak_password(city: City) -> None:
    with city.database.write() as connection, pytest.raises(Refused, match=r"account\.password_"):
        operators.add(connection, city, login="zhaoli", name="赵丽", password="12345678", who=WHO)


def test_a_changed_password_ends_the_sessions_elsewhere(
    seated: TestClient, post: Callable[..., Any], city: City
) -> None:
    elsewhere = TestClient(create_app(city))
    sign_in(elsewhere)

    fields = {"old": PASSWORD, "new": "Xin-mima-2027", "again": "Xin-mima-2027"}
    assert post("/console/password", "/console/password", **fields).headers["Location"] == "/console?done=password"

    assert seated.get("/console", follow_redirects=False).status_code == 200
    assert elsewhere.get("/console", follow_redirects=False).status_code == 303
    assert sign_in(elsewhere).status_code == 422
    assert sign_in(elsewhere, password="Xin-mima-2027").status_code == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "falsch-8-X", "new": "Xin-mima-2027", "again": "Xin-mima-2027"}, "登录名或密码不对"),
        ({"old": PASSWORD, "new": "Xin-mima-2027", "again": "Xin-mima-2028"}, "不一样"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "不能与原密码相同"),
    ],
)
def test_a_password_is_not_changed_by_mistake(post: Callable[..., Any], fields: dict[str, str], said: str) -> None:
    answer = post("/console/password", "/console/password", **fields)

    assert answer.status_code == 422
    assert said in answer.text


def test_more_guesses_at_once_than_the_city_checks_are_told_to_come_again(
    client: TestClient, city: City, operator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(client.get("/console/sign-in").text)
    form = {"csrf": token, "login": LOGIN, "password": "Nicht-8-richtig"}
    checked, go_on = Barrier(5), Event()

    def slow(*_what: object) -> bool:
        checked.wait(20)
        go_on.wait(20)
        return False

    monkeypatch.setattr(operators, "_is_password", slow)
    with ThreadPoolExecutor(4) as pool:
        guesses = [pool.submit(operators.sign_in, city, LOGIN, "x", address=f"10.0.0.{n}") for n in range(4)]
        checked.wait(20)
        answer = client.post("/console/sign-in", data=form)
        go_on.set()
        assert all(isinstance(guess.exception(), Refused) for guess in guesses)

    assert "市平台现在很忙" in answer.text


def session_cookie(answer: Any) -> str:
    """The header that sets the session's cookie, without those of other cookies."""
    (header,) = [one for one in answer.headers.get_list("set-cookie") if "-form=" not in one]
    return str(header)
