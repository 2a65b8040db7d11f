"""A city on SQLite with something on every page, and an operator in front of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.city import City
from tests.server.console import city as console_city
from tests.server.console.city import LOGIN, Filled, sign_in, token_of


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite; what depends on the database is in test_console_databases."""
    return f"sqlite:{'///'}{tmp_path / 'city.db'}"


@pytest.fixture
def operator(city: City) -> str:
    """李静 may sign in."""
    console_city.add_operator(city)
    return LOGIN


@pytest.fixture
def filled(city: City, client: TestClient) -> Filled:
    """A city with one of everything."""
    return console_city.fill(city, client)


@pytest.fixture
def seated(client: TestClient, operator: str) -> TestClient:
    """李静 is signed in."""
    assert sign_in(client).status_code == 303
    return client


@pytest.fixture
def post(seated: TestClient) -> Callable[..., Any]:
    """`post(page, deed, **fields)`: send a form with the token of the page it stands on."""

    def send(page: str, deed: str, **fields: object) -> Any:
        token = token_of(seated.get(page).text)
        return seated.post(deed, data={"csrf": token, **fields}, follow_redirects=False)

    return send
