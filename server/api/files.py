"""Routes of files: offered, sent in pieces, fetched in pieces. Each touches the scope of the PC's own district alone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.wire.blobs import SHA256, FileOffer, FileState
from server import files
from server.api.bodies import takes
from server.auth import Signed, city_of, signed, understood

router = APIRouter(prefix="/v1/files", tags=["files"])

_BYTES = "application/octet-stream"
_PICTURE = {b"\xff": "image/jpeg", b"\x89": "image/png"}
_RAW_BODY = {"requestBody": {"required": True, "content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}}}}
_RAW_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}}}
}

Hash = Annotated[str, Path(pattern=SHA256)]
Offset = Annotated[int, Query(ge=0, le=2**62)]
Sent = Annotated[Signed, Depends(signed)]


@router.post("", openapi_extra=takes(FileOffer))
def offer(request: Request, sent: Sent) -> FileState:
    """Announce a file; the answer says from where to send it."""
    return files.offer(city_of(request), sent.device.district, understood(request, sent, FileOffer))


@router.get("/{sha256}/state")
def state(request: Request, sent: Sent, sha256: Hash) -> FileState:
    """How much of a file is safe."""
    return files.state(city_of(request), sent.device.district, sha256)


@router.patch("/{sha256}", openapi_extra=_RAW_BODY)
def append(request: Request, sent: Sent, sha256: Hash, offset: Offset) -> FileState:
    """Send the piece that begins at `offset`, which is where the last one ended."""
    return files.append(city_of(request), sent.device.district, sha256, offset, sent.body)


@router.put("/{sha256}/thumbnail", status_code=204, openapi_extra=_RAW_BODY)
def keep_thumbnail(request: Request, sent: Sent, sha256: Hash) -> None:
    """Send the small picture of a file."""
    files.keep_thumbnail(city_of(request), sent.device.district, sha256, sent.body)


@router.get("/{sha256}/thumbnail", response_class=Response, responses=_RAW_ANSWER)
def thumbnail(request: Request, sent: Sent, sha256: Hash) -> Response:
    """The small picture of a file that a record of the district names."""
    picture = files.thumbnail(city_of(request), sent.device.district, sha256)
    return Response(picture, media_type=_PICTURE.get(picture[:1], _BYTES))


@router.get("/{sha256}", response_class=Response, responses=_RAW_ANSWER)
def read(request: Request, sent: Sent, sha256: Hash, offset: Offset = 0) -> Response:
    """At most 4 MiB of a file that a record of the district names; empty at its end."""
    return Response(files.read(city_of(request), sent.device.district, sha256, offset), media_type=_BYTES)
