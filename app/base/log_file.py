"""The log file: one JSON object per line, a fact each, rotated by size; never a name, a phone or an identity number.

Made of the standard library's logging: a formatter of our own costs nothing at the start of the program.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from app.base.logs import ROOT

FILE = "griddesk.log"
BYTES_PER_FILE, FILES_KEPT = 2_000_000, 5

_PRIVATE = ("name", "login", "phone", "reporter", "address", "description", "password", "key", "code", "secret")
_MASKS = (
    (re.compile(r"[xX]'[0-9a-fA-F]{64}'"), "x'…'"),
    (re.compile(r"(?<!\d)(\d)\d{16}([\dXx])(?!\d)"), r"\1****************\2"),
    (re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)"), r"\1****\2"),
)

_Exception = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def start_logging(folder: Path) -> logging.Handler | None:
    """Write the log below `folder` from now on; None (and no log) when the place cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(folder / FILE, maxBytes=BYTES_PER_FILE, backupCount=FILES_KEPT, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(JsonLines())
    root = logging.getLogger(ROOT)
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    return handler


def stop_logging(handler: logging.Handler) -> None:
    """Close the file of `start_logging`."""
    logging.getLogger(ROOT).removeHandler(handler)
    handler.close()


class _LogFile(RotatingFileHandler):
    """A log file that is silent about its own troubles: a full disk must not fill the console with complaints."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing."""


class JsonLines(logging.Formatter):
    """One line of JSON per record: at, level, area, event, facts, and for a bug the way it took."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "area": record.name.removeprefix(f"{ROOT}."),
            "event": masked(record.getMessage()),
        }
        facts: dict[str, object] = getattr(record, "facts", {})
        line |= {name: _safe(name, value) for name, value in facts.items()}
        if record.exc_info:
            line["bug"] = _way_of(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def masked(text: str) -> str:
    """`text` with identity numbers, mobile numbers and raw keys made unreadable."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def _safe(name: str, value: object) -> object:
    if name in _PRIVATE:
        return "…"
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < 10**10:
        return value
    return masked(str(value))


def _way_of(error: _Exception) -> dict[str, object]:
    kind, _, trace = error
    frames = traceback.extract_tb(trace)
    return {
        "type": "" if kind is None else f"{kind.__module__}.{kind.__qualname__}",
        "way": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }
