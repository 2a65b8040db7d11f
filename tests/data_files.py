"""Where the tests' own data lies."""

from __future__ import annotations

import csv
from pathlib import Path


def data_file(*parts: str) -> Path:
    """A file below tests/data."""
    return Path(__file__).parent.joinpath("data", *parts)


def data_rows(*parts: str) -> list[dict[str, str]]:
    """The rows of a CSV file below tests/data."""
    with data_file(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
