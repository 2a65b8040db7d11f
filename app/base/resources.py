"""Files shipped with the program, found from source and from a frozen folder alike."""

from __future__ import annotations

import sys
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """The path of a shipped file below `resources/`."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parents[2]
    return root.joinpath("resources", *parts)


def resource_text(*parts: str) -> str:
    """The UTF-8 text of a shipped file."""
    return resource_path(*parts).read_text(encoding="utf-8")


def resource_rows(*parts: str) -> list[dict[str, str]]:
    """The rows of a shipped CSV table (UTF-8, one header row)."""
    import csv

    with resource_path(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
