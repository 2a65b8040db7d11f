"""Lists of records as open-data services answer them: missing keys instead of empty cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.domain.characters import whole_object
from app.domain.problems import Refused
from app.services.sheets.books import Book, Grid
from app.services.sheets.cells import Cell

LARGEST_BYTES = 128_000_000


def json_book(path: Path) -> Book:
    """The one table of a JSON file: its columns are all keys, in the order they first appear."""
    records = _records(path, _parsed(path))
    keys = tuple(dict.fromkeys(key for record in records for key in record))

    def rows() -> Iterator[Sequence[Cell]]:
        return ([_cell(record.get(key)) for key in keys] for record in records)

    grid = Grid(name=path.stem, rows=rows, total=len(records), keys=keys)
    return Book((path.stem,), (path.stem,), lambda _name: grid)


def _parsed(path: Path) -> Any:
    size = path.stat().st_size
    if size > LARGEST_BYTES:  # parsed it takes several times the memory
        raise Refused("sheet.too_big", file=path.name, size=size // 1_000_000, limit=LARGEST_BYTES // 1_000_000)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=whole_object)
    except UnicodeDecodeError as error:
        raise Refused("sheet.encoding", file=path.name, position=error.start) from error
    except json.JSONDecodeError as error:
        raise Refused("sheet.json", file=path.name, line=error.lineno) from error
    except (RecursionError, ValueError) as error:  # nested without end, or a number of thousands of digits
        raise Refused("sheet.json", file=path.name, line=1) from error


def _records(path: Path, content: Any) -> list[dict[str, Any]]:
    """The list itself, or the only list of objects inside an answer such as {"data": […]}."""
    lists = [content] if isinstance(content, list) else []
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list) and value]
    lists = [records for records in lists if all(isinstance(record, dict) for record in records)]
    if len(lists) != 1:
        raise Refused("sheet.json_shape", file=path.name)
    if not lists[0]:
        raise Refused("sheet.empty", sheet=path.stem)
    records: list[dict[str, Any]] = lists[0]
    return records


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
