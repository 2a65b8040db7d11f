"""PCs for tests of the city: keys of their own, enrolled with a real code, signing every request."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.wire.accounts import EnrolReply, EnrolRequest, RenewRequest
from app.wire.signing import Proof, signed_bytes, to_text
from server import devices, districts, enrolment
from server.city import City
from server.devices import Device

JINSHUI, HUIJI = "410105", "410108"
OPERATOR = "测试操作员"


class SignedDevice:
    """A PC in a test: `ask` sends a signed request, `proof` makes the header alone."""

    def __init__(self, client: TestClient, device_id: UUID, district: str) -> None:
        self.client = client
        self.id = device_id
        self.district = district
        self.sign_key = Ed25519PrivateKey.generate()
        self.box_key = X25519PrivateKey.generate()
        self.counter = 1
        self.pc_mark = ""

    def proof(self, method: str, target: str, body: bytes = b"", *, counter: int | None = None) -> str:
        """The Authorization header of a request; without a counter the next one is used up."""
        if counter is None:
            self.counter += 1
            counter = self.counter
        return Proof(self.id, counter, self.sign_key.sign(signed_bytes(method, target, counter, body))).header()

    def ask(
        self,
        method: str,
        target: str,
        body: BaseModel | bytes = b"",
        *,
        counter: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The city's answer to a signed request."""
        raw = body if isinstance(body, bytes) else body.model_dump_json().encode()
        proved = {"Authorization": self.proof(method, target, raw, counter=counter), **(headers or {})}
        return self.client.request(method, target, content=raw, headers=proved)

    def enrol_request(self, code: str, **told: Any) -> EnrolRequest:
        """What the PC says when it enrols."""
        said: dict[str, Any] = {
            "code": code,
            "device_id": self.id,
            "sign_key": public(self.sign_key),
            "box_key": public(self.box_key),
            "district": self.district,
            "office": "城市管理局",
            "office_mark": "JS",
            "pc_mark": "ABCD",
        }
        return EnrolRequest.model_validate(said | told)

    def renew_request(self, other: SignedDevice, **told: Any) -> RenewRequest:
        """What the PC says when it asks for the identity `other`."""
        keys = {"sign_key": public(other.sign_key), "box_key": public(other.box_key)}
        return RenewRequest.model_validate({"device_id": other.id, **keys} | told)

    def as_device(self, city: City) -> Device:
        """The PC as the city's own functions know it."""
        with city.database.read() as connection:
            found = devices.get(connection, self.id)
        assert found is not None
        return found


def public(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    """The public half as the wire writes it."""
    return to_text(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def add_districts(city: City) -> None:
    """金水区 and 惠济区."""
    with city.database.write() as connection:
        districts.add(connection, city, JINSHUI, "金水区", who=OPERATOR)
        districts.add(connection, city, HUIJI, "惠济区", who=OPERATOR)


def a_code(city: City, district: str = JINSHUI, hours: int = enrolment.CODE_HOURS) -> str:
    """A fresh one-time code."""
    with city.database.write() as connection:
        return enrolment.new_code(connection, city, district, hours=hours, who=OPERATOR)


def stranger(client: TestClient, city: City, district: str = JINSHUI) -> SignedDevice:
    """A PC that the city does not know yet."""
    return SignedDevice(client, city.ids.new(), district)


def enrolled(city: City, client: TestClient, district: str = JINSHUI, **told: Any) -> SignedDevice:
    """A PC that has enrolled over the wire."""
    device = stranger(client, city, district)
    told.setdefault("pc_mark", "".join(secrets.choice("ABCDEFGH") for _ in range(4)))
    answer = device.ask("POST", "/v1/enrol", device.enrol_request(a_code(city, district), **told), counter=1)
    assert answer.status_code == 200, answer.text
    device.pc_mark = EnrolReply.model_validate_json(answer.content).pc_mark
    return device
