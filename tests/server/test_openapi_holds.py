"""Whatever a signed PC sends, sensible or not, the city answers in words and never breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from starlette.testclient import TestClient

from app.wire.problem import MEDIA_TYPE, ProblemBody
from server.city import City
from server.main import create_app
from tests.server import devices
from tests.tools.openapi import PAGE

EXAMPLES = 8
SCHEMA = schemathesis.openapi.from_dict(json.loads(PAGE.read_text(encoding="utf-8")))
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
BOUNDED = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def quiet_client(sqlite_city: City) -> Iterator[TestClient]:
    """Gives a 500 as an answer instead of raising what caused it."""
    with TestClient(create_app(sqlite_city), raise_server_exceptions=False) as client:
        yield client


TRIED = [
    pytest.param(label, mode, id=f"{label} {mode.value}")
    for label in sorted(OPERATIONS)
    for mode in GenerationMode
    # Health takes nothing that could be wrong.
    if (label, mode) != ("GET /v1/health", GenerationMode.NEGATIVE)
]


@pytest.mark.parametrize(("label", "mode"), TRIED)
def test_no_request_breaks_the_city(
    sqlite_city: City, quiet_client: TestClient, label: str, mode: GenerationMode
) -> None:
    pc = devices.enrolled(sqlite_city, quiet_client)

    @BOUNDED
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        if isinstance(case.body, dict) and "wait" in case.body:
            case.body["wait"] = 0  # nobody waits for news here
        made = requests.Request(**case.as_transport_kwargs(base_url=f"http:{'//'}testserver")).prepare()
        body = made.body.encode() if isinstance(made.body, str) else made.body or b""
        headers = {**made.headers, "Authorization": pc.proof(case.method, made.path_url, body)}
        answer = quiet_client.request(case.method, made.path_url, content=body, headers=headers)

        assert answer.status_code < 500 or answer.json()["code"] == "sync.city_busy", answer.text
        if answer.headers.get("content-type") == MEDIA_TYPE:
            assert ProblemBody.model_validate_json(answer.content).status == answer.status_code

    holds()
