"""What could not be used, as it was received: looked at as text or bytes, taken away as a file, marked as seen."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import Connection, func, select, update

from server import audit
from server.console import keyset, places
from server.console.pages import back_to, console_router, render
from server.console.seats import Deed, city_of, deed, seated
from server.tables import DEAD_LETTER

router = console_router()
SHOWN_BYTES = 64 * 1024
_ROW = 16
_GZIP = b"\x1f\x8b"
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Shown:
    """Bytes as a page can show them. cut: only the beginning; unpacked: they came as gzip."""

    text: str
    is_hex: bool
    cut: bool
    unpacked: bool


@router.get("/dead-letters", dependencies=[Depends(seated)])
def listing(request: Request, state: str = "new", after: str = "") -> Response:
    """Those nobody has looked at yet, or all; newest first, without their bytes."""
    columns = [column for column in DEAD_LETTER.c if column.name != "raw"]
    query = select(*columns, func.length(DEAD_LETTER.c.raw).label("size"))
    if state != "all":
        query = query.where(DEAD_LETTER.c.seen_at.is_(None))
    with city_of(request).database.read() as connection:
        page = keyset.page_of(connection, query, (DEAD_LETTER.c.id,), after, newest_first=True)
        names = places.devices(connection, [one.device_id for one in page.lines])
    return render(request, "dead_letters.html", page=page, names=names, state="all" if state == "all" else "new")


@router.get("/dead-letters/{number}", dependencies=[Depends(seated)])
def one(request: Request, number: int) -> Response:
    """One of them with its bytes."""
    with city_of(request).database.read() as connection:
        letter = _need(connection, number)
        names = places.devices(connection, [letter.device_id])
    return render(request, "dead_letter.html", letter=letter, names=names, shown=shown(bytes(letter.raw)))


@router.get("/dead-letters/{number}/bytes", dependencies=[Depends(seated)])
def as_file(request: Request, number: int) -> Response:
    """The bytes as a file, never as something a browser opens."""
    with city_of(request).database.read() as connection:
        letter = _need(connection, number)
    headers = {"Content-Disposition": f'attachment; filename="dead-letter-{number}.bin"'}
    return Response(bytes(letter.raw), media_type="application/octet-stream", headers=headers)


@router.post("/dead-letters/{number}/seen")
def seen(number: int, done: Annotated[Deed, Depends(deed)]) -> Response:
    """Take it off the list of what waits; it is kept all the same."""

    def mark(connection: Connection) -> None:
        now = done.city.now()
        _need(connection, number)
        unseen = (DEAD_LETTER.c.id == number, DEAD_LETTER.c.seen_at.is_(None))
        if connection.execute(update(DEAD_LETTER).where(*unseen).values(seen_at=now)).rowcount:
            audit.note(connection, now, done.seat.who, "dead_letter.seen", str(number))

    done.city.database.retrying(mark)
    return back_to("/console/dead-letters", "dead_letter.seen")


def shown(raw: bytes) -> Shown:
    """The beginning of the bytes: unpacked when packed, as text when they are text, else as a hex dump."""
    plain, unpacked = _unpacked(raw)
    cut = len(plain) > SHOWN_BYTES
    head = plain[:SHOWN_BYTES]
    # A character cut in two at the end is no reason to call a text bytes.
    text = head.decode("utf-8", "ignore" if cut else "strict") if _is_text(head, cut) else None
    return Shown(hex_dump(head) if text is None else text, text is None, cut, unpacked)


def hex_dump(raw: bytes) -> str:
    """Offset, sixteen bytes, and those of them that are letters."""
    return "\n".join(
        f"{at:08x}  {raw[at : at + _ROW].hex(' '):<47}  "
        + "".join(chr(byte) if 32 <= byte < 127 else "." for byte in raw[at : at + _ROW])
        for at in range(0, len(raw), _ROW)
    )


def _unpacked(raw: bytes) -> tuple[bytes, bool]:
    if not raw.startswith(_GZIP):
        return raw, False
    try:
        plain = zlib.decompressobj(wbits=31).decompress(raw, SHOWN_BYTES + 1)
    except zlib.error:
        return raw, False
    return (plain, True) if plain else (raw, False)


def _is_text(head: bytes, cut: bool) -> bool:
    for spared in range(4 if cut else 1):
        try:
            text = head[: len(head) - spared].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return all(char.isprintable() or char in "\t\r\n" for char in text)
    return False


def _need(connection: Connection, number: int) -> Any:
    within = 0 < number <= _LARGEST_ID
    row = connection.execute(select(DEAD_LETTER).where(DEAD_LETTER.c.id == number)).first() if within else None
    if row is None:
        raise HTTPException(404)
    return row
