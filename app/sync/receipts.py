"""A delivery receipt: asked of the city, its signature checked, compared with what lies here. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.canonical import record_sha256
from app.domain.catalog import RECORD_TYPES, TYPE_NAMED, TYPE_OF
from app.domain.problems import Refused
from app.domain.receipts import GapKind, ReceiptGap
from app.domain.records import Record
from app.sync.line import CityLine
from app.wire.blobs import Receipt
from app.wire.signing import to_raw
from db.models import TABLES
from db.store import Store
from db.tx import Reader

_CHILDREN = tuple(kind.record for kind in RECORD_TYPES if "parent" in TABLES[kind.name].c)


@dataclass(frozen=True)
class CheckedReceipt:
    """A receipt whose signature is right, and where the city and this PC differ; no gaps: both hold the same."""

    receipt: Receipt
    gaps: tuple[ReceiptGap, ...]

    @property
    def is_equal(self) -> bool:
        """Whether the city holds exactly what lies here, files included."""
        return not self.gaps


def ask_receipt(store: Store, line: CityLine, city_sign_key: bytes, record_id: UUID) -> CheckedReceipt:
    """The city's receipt of a record with its children. city_sign_key: raw 32 bytes, learnt when this PC enrolled.

    Raises Refused: sync.record_not_there, sync.receipt_wrong (signature, or another record than was asked);
    Unavailable("sync.…").
    """
    receipt = line.receipt(record_id)
    if receipt.record_id != record_id or not _is_signed(receipt, city_sign_key):
        raise Refused("sync.receipt_wrong")
    with store.read() as reader:
        return CheckedReceipt(receipt, tuple(_gaps(reader, receipt)))


def _is_signed(receipt: Receipt, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(to_raw(receipt.signature), receipt.signed_bytes())
    except (InvalidSignature, ValueError):
        return False
    return True


def _gaps(reader: Reader, receipt: Receipt) -> list[ReceiptGap]:
    kind = TYPE_NAMED.get(receipt.record_type)
    record = reader.get(kind.record, receipt.record_id) if kind is not None else None
    here = {child.id: child for one in _CHILDREN for child in reader.children(one, receipt.record_id)}
    if record is not None:
        here[record.id] = record
    there = _children_of(receipt)
    there[receipt.record_id] = (receipt.record_type, receipt.sha256)
    gaps = [
        ReceiptGap(name, record_id, found)
        for record_id, (name, sha256) in there.items()
        if (found := _difference(here.get(record_id), sha256)) is not None
    ]
    gaps += [ReceiptGap(_name(own), own.id, GapKind.NOT_WITH_CITY) for own in here.values() if own.id not in there]
    return gaps + _file_gaps(receipt, here)


def _children_of(receipt: Receipt) -> dict[UUID, tuple[str, str]]:
    try:
        return {UUID(child["id"]): (str(child["type"]), str(child["sha256"])) for child in receipt.children}
    except (KeyError, ValueError, AttributeError) as error:
        raise Refused("sync.receipt_wrong") from error


def _difference(own: Record | None, sha256: str) -> GapKind | None:
    if own is None:
        return GapKind.NOT_HERE
    return None if record_sha256(own) == sha256 else GapKind.DIFFERENT


def _file_gaps(receipt: Receipt, here: dict[UUID, Record]) -> list[ReceiptGap]:
    """Files our records name that the city has not whole; those of records it does not have stand among these already."""
    whole = {file.sha256 for file in receipt.files if file.complete}
    return [
        ReceiptGap(_name(own), own.id, GapKind.FILE_NOT_WITH_CITY)
        for own in here.values()
        if (sha256 := getattr(own, "sha256", None)) is not None and sha256 not in whole
    ]


def _name(record: Record) -> str:
    return TYPE_OF[type(record)].name
