"""Whatever stands between desk and city, the client says in words what it met, and never takes it for an answer."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx2
import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.problems import Problem, Refused, Unavailable
from app.sync.city import CityClient
from app.sync.link import Link, LinkStore
from app.wire.signing import Proof, signed_bytes
from app.wire.sync import Change, Cursor, PullRequest, PushRequest

PULL = PullRequest(scopes={"410105": Cursor()})
HTML = {"content-type": "text/html; charset=utf-8"}
JSON = {"content-type": "application/json"}
PROBLEM = {"content-type": "application/problem+json"}


@pytest.fixture
def link(desk: Desk, clock: FixedClock) -> LinkStore:
    """A desk that is linked with an address."""
    store = LinkStore(desk.store)
    store.save(
        Link(
            url="http://localhost:8470",
            city="市平台",
            district="410105",
            device_id=desk.store.ids.new(),
            sign_seed=bytes(range(32)),
            box_seed=bytes(32),
            city_sign_key=bytes(32),
            city_box_key=bytes(32),
            enrolled_at=clock.now(),
        )
    )
    return store


def answered(link: LinkStore, answer: Callable[[httpx2.Request], httpx2.Response]) -> CityClient:
    """A client whose requests somebody else answers."""
    return CityClient(link, transport=httpx2.MockTransport(answer))


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind", "code"),
    [
        (200, HTML, b"<html>login</html>", Unavailable, "sync.captive_portal"),
        (302, {"location": "http://portal.example/login"}, b"", Unavailable, "sync.captive_portal"),
        (200, {"content-type": "text/plain"}, b"ok", Unavailable, "sync.captive_portal"),
        (404, HTML, b"not here", Unavailable, "sync.captive_portal"),
        (407, HTML, b"", Unavailable, "sync.proxy_asks"),
        (413, HTML, b"", Refused, "sync.too_large"),
        (429, HTML, b"", Unavailable, "sync.city_busy"),
        (502, HTML, b"", Unavailable, "sync.city_busy"),
        (503, HTML, b"", Unavailable, "sync.city_busy"),
        (504, HTML, b"", Unavailable, "sync.city_busy"),
        (500, JSON, b"{}", Unavailable, "sync.city_failed"),
        (200, JSON, b'{"now": "2026-11-', Unavailable, "sync.reply_broken"),
        (200, JSON, b'{"now": 7, "scopes": []}', Unavailable, "sync.reply_broken"),
        (200, JSON, b'{"now": "2026-11-02T01:00:00", "scopes": {}}', Unavailable, "sync.reply_broken"),
        (200, JSON, b"[]", Unavailable, "sync.reply_broken"),
        (403, PROBLEM, b'{"code":"sync.device_revoked","title":"x","status":403}', Refused, "sync.device_revoked"),
        (409, PROBLEM, b'{"code":"sync.counter_old","title":"x","status":409}', Refused, "sync.counter_old"),
        (426, PROBLEM, b'{"code":"sync.upgrade_needed","title":"x","status":426}', Refused, "sync.upgrade_needed"),
        (429, PROBLEM, b'{"code":"sync.too_many_tries","title":"x","status":429}', Unavailable, "sync.too_many_tries"),
        (503, PROBLEM, b'{"code":"sync.city_busy","title":"x","status":503}', Unavailable, "sync.city_busy"),
        (422, PROBLEM, b'{"code":"sync.of_tomorrow","title":"x","status":422}', Unavailable, "sync.city_failed"),
        (422, PROBLEM, b"not json", Unavailable, "sync.reply_broken"),
    ],
)
def test_every_wrong_answer_has_its_name(
    link: LinkStore, status: int, headers: dict[str, str], body: bytes, kind: type[Problem], code: str
) -> None:
    client = answered(link, lambda _request: httpx2.Response(status, headers=headers, content=body))
    with pytest.raises(kind) as told:
        client.pull(PULL)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx2.ConnectError("refused"), "sync.offline"),
        (httpx2.ConnectTimeout("slow"), "sync.timeout"),
        (httpx2.ReadTimeout("slow"), "sync.timeout"),
        (httpx2.ReadError("cut"), "sync.offline"),
        (httpx2.RemoteProtocolError("cut"), "sync.reply_broken"),
        (httpx2.WriteError("cut"), "sync.offline"),
        (httpx2.ProxyError("407 Proxy Authentication Required"), "sync.proxy_asks"),
        (httpx2.ProxyError("502 Bad Gateway"), "sync.offline"),
    ],
)
def test_every_trouble_on_the_way_has_its_name(link: LinkStore, error: httpx2.TransportError, code: str) -> None:
    def fail(_request: httpx2.Request) -> httpx2.Response:
        raise error

    with pytest.raises(Unavailable) as told:
        answered(link, fail).pull(PULL)
    assert told.value.code == code


def test_garbled_gzip_is_a_broken_answer(link: LinkStore) -> None:
    headers = {**JSON, "content-encoding": "gzip"}
    packed = bytearray(gzip.compress(b'{"now":"2026-11-02T01:00:00Z","scopes":{}}'))
    packed[12] ^= 0xFF
    client = answered(
        link, lambda _request: httpx2.Response(200, headers=headers, stream=httpx2.ByteStream(bytes(packed)))
    )
    with pytest.raises(Unavailable) as told:
        client.pull(PULL)
    assert told.value.code == "sync.reply_broken"


def test_an_endless_answer_is_cut_off(link: LinkStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = 0

    class Endless(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            nonlocal sent
            while True:
                sent += 1_000_000
                yield bytes(1_000_000)

    client = answered(link, lambda _request: httpx2.Response(200, headers=JSON, stream=Endless()))
    with pytest.raises(Unavailable) as told:
        client.pull(PULL)
    assert told.value.code == "sync.reply_broken"
    assert sent < 70_000_000


def test_a_request_is_signed_over_what_is_sent_and_never_with_the_same_number(link: LinkStore) -> None:
    seen: list[httpx2.Request] = []

    def keep(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(503, headers=HTML)

    client = answered(link, keep)
    changes = a_full_push().changes
    for _ in range(2):
        with pytest.raises(Unavailable):
            client.push(PushRequest(changes=changes))
    proofs = [Proof.of_header(request.headers["authorization"]) for request in seen]

    assert [proof.counter for proof in proofs if proof] == [1, 2]
    for request, proof in zip(seen, proofs, strict=True):
        assert proof is not None
        assert request.headers["content-encoding"] == "gzip"
        assert gzip.decompress(request.content)
        said = signed_bytes("POST", "/v1/sync/push", proof.counter, request.content)
        link.sign_key().public_key().verify(proof.signature, said)


def test_a_missing_thumbnail_is_none_and_no_trouble(link: LinkStore) -> None:
    body = b'{"code":"sync.file_unknown","title":"x","status":404}'
    client = answered(link, lambda _request: httpx2.Response(404, headers=PROBLEM, content=body))
    assert client.fetch_thumbnail("0" * 64) is None


def test_an_authority_that_is_no_certificate_is_told(link: LinkStore) -> None:
    link.set(url="https://localhost:8470", own_ca="-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----")
    with pytest.raises(Unavailable) as told:
        CityClient(link)
    assert told.value.code == "sync.tls"
    assert isinstance(told.value.__cause__, ssl.SSLError | ValueError)


def a_full_push() -> PushRequest:
    """A request worth packing."""
    return PushRequest(
        changes=[
            Change(
                change_id=uuid4(),
                group=uuid4(),
                seq=n,
                record_type="road",
                record_id=uuid4(),
                action="road.add",
                base_version=0,
                fields={"name": (None, f"路{n}")},
                made_at=datetime(2026, 11, 2, tzinfo=UTC),
                actor_id=uuid4(),
                actor_name="张敏",
            )
            for n in range(1, 9)
        ]
    )


def test_a_line_let_go_of_while_a_run_uses_it_is_a_broken_line(link: LinkStore) -> None:
    client = answered(link, lambda _request: httpx2.Response(200, headers=JSON, content=b"{}"))
    client.close()

    with pytest.raises(Unavailable) as told:
        client.pull(PULL)

    assert told.value.code == "sync.offline"
