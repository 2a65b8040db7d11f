"""Many desks at once in one process: `child_load URL DESKS SECONDS EVERY DISTRICT CODE...` says how long a push took.

EVERY: seconds between two pushes of one desk; 0: each pushes again as soon as it is answered.
"""

from __future__ import annotations

import http.client
import random
import sys
import threading
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.base.clock import SystemClock
from app.base.ids import IdSource
from app.wire.accounts import EnrolRequest, LocalPerson
from app.wire.signing import Proof, signed_bytes, to_text
from app.wire.sync import Change, PushReply, PushRequest, Status
from tests.bench.children import say

ROLES = ("acceptor", "dispatcher", "admin")


class LoadDesk:
    """A PC that reports one case after another."""

    def __init__(self, url: str, district: str, code: str, *, quiet: bool) -> None:
        """quiet: it pauses between two pushes."""
        self._quiet = quiet
        self._host = urlsplit(url).netloc
        self._line = http.client.HTTPConnection(self._host, timeout=60)
        self._ids = IdSource(SystemClock())
        self._key, self._id, self._counter, self._seq = Ed25519PrivateKey.generate(), uuid4(), 0, 0
        self._person = uuid4()
        box = X25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        sign = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        name = f"负载{self._person.hex[:8]}"
        person = LocalPerson(id=self._person, name=name, login=name, roles=ROLES)
        self._ask(
            "/v1/enrol",
            EnrolRequest(
                code=code,
                device_id=self._id,
                sign_key=to_text(sign),
                box_key=to_text(box),
                district=district,
                office="测速局",
                office_mark="CS",
                pc_mark=self._id.hex[:4].upper(),
                persons=[person],
            )
            .model_dump_json()
            .encode(),
        )

    def push_one(self) -> float:
        """Report one case; gives the seconds until the city's answer."""
        body = PushRequest(changes=[self._case()]).model_dump_json().encode()
        begun = time.perf_counter()
        reply = PushReply.model_validate_json(self._ask("/v1/sync/push", body))
        seconds = time.perf_counter() - begun
        assert reply.outcomes[0].status == Status.APPLIED, reply.outcomes[0]
        return seconds

    def _case(self) -> Change:
        self._seq += 1
        now = datetime.now(UTC)
        fields = {
            "local_no": f"CS-{self._seq}",
            "kind": "event",
            "major": "04",
            "minor": "05",
            "address": "纬一路12号",
            "description": "店外经营,占用人行道",
            "reported_at": now.isoformat(),
            "stage": "pending_register",
            "stage_at": now.isoformat(),
        }
        return Change(
            change_id=self._ids.new(),
            group=self._ids.new(),
            seq=self._seq,
            record_type="case",
            record_id=UUID(bytes=self._ids.new().bytes),
            action="case.report",
            base_version=0,
            fields={name: (None, value) for name, value in fields.items()},
            made_at=now,
            actor_id=self._person,
            actor_name="负载",
        )

    def _ask(self, path: str, body: bytes) -> bytes:
        self._counter += 1
        signature = self._key.sign(signed_bytes("POST", path, self._counter, body))
        proof = Proof(self._id, self._counter, signature).header()
        # The city lets go of a line that was quiet for some seconds; a desk that comes back takes up a new one.
        self._line.request("POST", path, body, {"Authorization": proof, "Content-Type": "application/json"})
        answer = self._line.getresponse()
        read = answer.read()
        if self._quiet:
            self._line.close()
        assert answer.status == 200, read[:300]
        return read


def main(url: str, desks: str, seconds: str, every: str, district: str, *codes: str) -> None:
    """Let all desks push side by side."""
    made = [
        LoadDesk(url, district, code, quiet=float(every) > 0)
        for code, _desk in zip(codes, range(int(desks)), strict=True)
    ]
    taken: list[list[float]] = [[] for _desk in made]
    end = time.perf_counter() + float(seconds)
    threads = [
        threading.Thread(target=_work, args=(desk, own, end, float(every)))
        for desk, own in zip(made, taken, strict=True)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - begun
    every_one = sorted(second for own in taken for second in own)
    say(
        pushes=len(every_one),
        per_second=len(every_one) / lasted,
        p50_ms=_share(every_one, 0.5),
        p95_ms=_share(every_one, 0.95),
        p99_ms=_share(every_one, 0.99),
    )


def _work(desk: LoadDesk, taken: list[float], end: float, every: float) -> None:
    next_at = time.perf_counter() + random.random() * every
    while next_at < end:
        time.sleep(max(0.0, next_at - time.perf_counter()))
        taken.append(desk.push_one())
        next_at = next_at + every if every else time.perf_counter()


def _share(values: list[float], share: float) -> float:
    return round(values[min(len(values) - 1, int(len(values) * share))] * 1000, 1) if values else 0.0


if __name__ == "__main__":
    main(*sys.argv[1:])
