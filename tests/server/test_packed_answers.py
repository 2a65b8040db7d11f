"""Long answers go packed over thin lines."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from starlette.testclient import TestClient

from app.wire.sync import Cursor, PullReply, PullRequest
from server.city import City
from server.sync.city_records import put
from tests.builders import a_case
from tests.server.devices import JINSHUI, SignedDevice


def test_a_long_page_goes_packed_to_who_takes_it_so(
    city: City, client: TestClient, make_device: Callable[..., SignedDevice]
) -> None:
    device = make_device()
    with city.database.write() as connection:
        for _number in range(40):
            put(connection, city, scope=JINSHUI, record=a_case(description="占用人行道" * 20), who="测试")
        epoch = connection.exec_driver_sql(f"SELECT epoch FROM scope_head WHERE scope = '{JINSHUI}'").scalar_one()
    asked = PullRequest(scopes={JINSHUI: Cursor(epoch=epoch, after=0)}).model_dump_json().encode()
    told = {"Authorization": device.proof("POST", "/v1/sync/pull", asked), "Accept-Encoding": "gzip"}

    with client.stream("POST", "/v1/sync/pull", content=asked, headers=told) as answer:
        raw = b"".join(answer.iter_raw())

    assert answer.headers["Content-Encoding"] == "gzip"
    plain = gzip.decompress(raw)
    assert len(raw) * 3 < len(plain)
    assert len(PullReply.model_validate_json(plain).scopes[JINSHUI].entries) >= 40
    plainly = device.ask("POST", "/v1/sync/pull", asked, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plainly.headers
    assert PullReply.model_validate_json(plainly.content).scopes == PullReply.model_validate_json(plain).scopes
