"""What the city holds of a record, signed, so that an office can prove its delivery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection, select

from app.domain.canonical import row_sha256
from app.domain.problems import Refused
from app.wire.blobs import FileProof, Receipt
from app.wire.signing import to_text
from server import files
from server.city import City
from server.tables import RECORD


def receipt(city: City, scopes: frozenset[str], record_id: UUID) -> Receipt:
    """The receipt of a live record with its children and the files they name, all from one snapshot.

    scopes: what the asking PC may read. Raises Refused("sync.record_not_there"), also for what is not its to see.
    """
    with city.database.read() as connection:
        query = select(RECORD).where(RECORD.c.id == record_id, RECORD.c.scope.in_(scopes), RECORD.c.deleted.is_(False))
        row = connection.execute(query).mappings().first()
        if row is None:
            raise Refused("sync.record_not_there")
        children = _children(connection, row["scope"], record_id)
        proofs = _files(connection, row["scope"], [row, *children])
    unsigned = Receipt(
        record_id=record_id,
        record_type=row["type"],
        version=row["version"],
        sha256=_sha256(row),
        received_at=row["received_at"],
        children=[_told(child) for child in children],
        files=proofs,
        now=city.now(),
        city=city.name,
    )
    return unsigned.model_copy(update={"signature": to_text(city.keys.sign.sign(unsigned.signed_bytes()))})


def _children(connection: Connection, scope: str, parent: UUID) -> Sequence[Any]:
    query = select(RECORD).where(RECORD.c.parent == parent, RECORD.c.scope == scope, RECORD.c.deleted.is_(False))
    return connection.execute(query.order_by(RECORD.c.id)).mappings().all()


def _files(connection: Connection, scope: str, rows: Sequence[Any]) -> list[FileProof]:
    sizes = {row["sha256"]: int(from_json(row["body"]).get("size", 0)) for row in rows if row["sha256"]}
    whole = files.complete_of(connection, scope, sizes)
    return [
        FileProof(sha256=sha256, size=whole[sha256][0], complete=True, at=whole[sha256][1])
        if sha256 in whole
        else FileProof(sha256=sha256, size=sizes[sha256], complete=False)
        for sha256 in sorted(sizes)
    ]


def _told(child: Any) -> dict[str, Any]:
    return {
        "id": str(child["id"]),
        "type": child["type"],
        "version": child["version"],
        "sha256": _sha256(child),
        "received_at": child["received_at"].isoformat().replace("+00:00", "Z"),
    }


def _sha256(row: Any) -> str:
    return row_sha256(row["type"], row["id"], from_json(row["body"]))
