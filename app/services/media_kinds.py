"""What a file is, judged by its first bytes and never by its name."""

from __future__ import annotations

from pathlib import PurePath

HEAD_BYTES = 64
HEIC, AVIF = "image/heic", "image/avif"
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
)
_BRANDS = {
    b"heic": HEIC,
    b"heix": HEIC,
    b"hevc": HEIC,
    b"heim": HEIC,
    b"heis": HEIC,
    b"mif1": HEIC,
    b"msf1": HEIC,
    b"avif": AVIF,
    b"avis": AVIF,
    b"qt  ": "video/quicktime",
}
_VIDEO_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"3gp4",
    b"3gp5",
    b"3gp6",
)
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_PAPERS = {
    ".docx": _OPEN_XML + "wordprocessingml.document",
    ".xlsx": _OPEN_XML + "spreadsheetml.sheet",
    ".pptx": _OPEN_XML + "presentationml.presentation",
}
_OLD_PAPERS = {".doc": "application/msword", ".wps": "application/msword", ".xls": "application/vnd.ms-excel"}


def media_type_of(head: bytes, name: str) -> str | None:
    """The media type of a file that starts with `head`; None for a kind that is not kept (text, programs, archives)."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _BRANDS.get(brand) or ("video/mp4" if brand in _VIDEO_BRANDS else None)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    ending = PurePath(name).suffix.lower()
    # Office files are packed as any other archive is; here the name has to decide.
    if head.startswith(b"PK\x03\x04"):
        return _PAPERS.get(ending)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _OLD_PAPERS.get(ending)
    return next((kind for start, kind in _STARTS if head.startswith(start)), None)
