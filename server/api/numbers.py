"""The route for blocks of official numbers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from app.wire.accounts import NumberBlock, NumberRequest
from server import numbers
from server.api.bodies import takes
from server.auth import Signed, city_of, signed, understood

router = APIRouter(prefix="/v1", tags=["numbers"])


@router.post("/numbers", response_model=NumberBlock, openapi_extra=takes(NumberRequest))
def grant(request: Request, sent: Annotated[Signed, Depends(signed)]) -> NumberBlock:
    """A block of numbers for this PC alone."""
    city, wanted = city_of(request), understood(request, sent, NumberRequest)
    return city.database.retrying(lambda connection: numbers.grant(connection, city, sent.device, wanted))
