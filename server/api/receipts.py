"""The route of receipts."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from app.wire.blobs import Receipt
from server import receipts
from server.auth import Signed, city_of, signed
from server.sync import serve

router = APIRouter(prefix="/v1/receipts", tags=["receipts"])


@router.get("/{record_id}")
def receipt(request: Request, sent: Annotated[Signed, Depends(signed)], record_id: UUID) -> Receipt:
    """What the city holds of a record the PC may see, signed by the city."""
    return receipts.receipt(city_of(request), serve.scopes_of(sent.device), record_id)
