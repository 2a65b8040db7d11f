"""Which column of a table goes into which field: proposed by header words, kept per layout, or read from a file."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.base.words import N_, _
from app.domain.problems import Refused
from app.services.sheets.dates import DayOrder
from app.services.sheets.fields import FIELD_BY_NAME, IMPORT_FIELDS, REQUIRED, SAYING_WHAT

COORDINATE_SYSTEMS = ("wgs84", "cgcs2000", "gcj02")
DEFAULT_ZONE = "Asia/Shanghai"
REASON, FIRST_ROW = N_("原因"), N_("原行号")
ADDED_BY_US = frozenset({REASON, FIRST_ROW, "Reason", "Original row"})
_NOISE = re.compile(r"[\s_\-.*:/\\|、,;]+|[(\[{<【《].*?[)\]}>】》]")
_SHORTEST_INSIDE = 3


@dataclass(frozen=True)
class ColumnMapping:
    """Field name -> column (counted from 0), and how the cells of the table are meant."""

    columns: Mapping[str, int]
    day_orders: Mapping[str, DayOrder] = field(default_factory=dict)
    coordinates: str = "wgs84"
    zone: str = DEFAULT_ZONE

    def with_column(self, name: str, column: int | None) -> ColumnMapping:
        """With `name` read from another column, or from none."""
        columns = {key: place for key, place in self.columns.items() if key != name}
        return replace(self, columns=columns if column is None else {**columns, name: column})

    def with_day_order(self, name: str, order: DayOrder) -> ColumnMapping:
        """With the order of day and month said for one date field."""
        return replace(self, day_orders={**self.day_orders, name: order})

    def missing(self) -> tuple[str, ...]:
        """Titles of required fields no column is mapped to; one word for what happened is enough."""
        titles = [_(FIELD_BY_NAME[name].title) for name in REQUIRED if name not in self.columns]
        if not any(name in self.columns for name in SAYING_WHAT):
            titles.append(_(FIELD_BY_NAME["description"].title))
        return tuple(titles)

    def unused(self, header: Sequence[str]) -> tuple[str, ...]:
        """Headers nothing is mapped to."""
        used = set(self.columns.values())
        return tuple(name for place, name in enumerate(header) if name and place not in used)

    def as_memory(self, header: Sequence[str]) -> dict[str, Any]:
        """What to keep for this layout, as plain JSON."""
        return {
            "columns": {name: header[place] for name, place in self.columns.items() if place < len(header)},
            "places": dict(self.columns),
            "day_order": {name: order.value for name, order in self.day_orders.items()},
            "coordinates": self.coordinates,
            "zone": self.zone,
        }


def is_case_word(text: str) -> bool:
    """True when a header is known to the import of cases."""
    return _best_field(plain_header(text)) is not None


def plain_header(text: str) -> str:
    """A header without marks, brackets, spaces and width, as it is compared."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())


def layout_signature(header: Sequence[str]) -> str:
    """The same for every file with the same columns in the same order, the mended sheet of refused rows included."""
    plain = [plain_header(name) for name in header if name not in ADDED_BY_US]
    while plain and not plain[-1]:
        plain.pop()
    return hashlib.sha256("\x1f".join(plain).encode()).hexdigest()[:16]


def propose_mapping(header: Sequence[str]) -> ColumnMapping:
    """The mapping header words suggest; the surest column wins a field, the surest field a column."""
    claims = sorted(
        (rank, place, name)
        for place, title in enumerate(header)
        if (best := _best_field(plain_header(title))) is not None
        for rank, name in [best]
    )
    columns: dict[str, int] = {}
    for _rank, place, name in claims:
        columns.setdefault(name, place)
    return ColumnMapping(columns)


def remembered_mapping(memory: Mapping[str, Any], header: Sequence[str]) -> ColumnMapping:
    """The mapping kept for this layout by `ColumnMapping.as_memory`, nothing proposed beside it."""
    mapping = _from_words(memory, header)
    columns = {}
    for name, title in section(memory, "columns").items():
        place = section(memory, "places").get(name, -1)
        same = 0 <= place < len(header) and plain_header(header[place]) == plain_header(title)
        columns[name] = place if same else mapping.columns[name]
    return replace(mapping, columns=columns)


def read_map_file(path: Path, header: Sequence[str]) -> ColumnMapping:
    """The mapping of a TOML file, laid over the proposed one.

    [columns] field = "header" ("" takes the field away) · [day_order] field = "mdy" or "dmy"
    · coordinates = "wgs84", "cgcs2000" or "gcj02" · zone = "Asia/Shanghai"
    Raises Refused (sheet.map_…).
    """
    return _from_words(words_of_map(path), header)


def words_of_map(path: Path) -> Mapping[str, Any]:
    """What stands in a TOML file. Raises Refused("sheet.map_file")."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise Refused("sheet.map_file", file=path.name, reason=error) from error


def _from_words(words: Mapping[str, Any], header: Sequence[str]) -> ColumnMapping:
    mapping = propose_mapping(header)
    for name, title in section(words, "columns").items():
        _known_field(name)
        mapping = mapping.with_column(name, column_called(title, header) if title else None)
    for name, order in section(words, "day_order").items():
        _known_field(name)
        mapping = mapping.with_day_order(name, DayOrder(choice("day_order", order, tuple(DayOrder))))
    zone = words.get("zone", DEFAULT_ZONE)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise Refused("sheet.map_option", option="zone", value=zone, choices=DEFAULT_ZONE) from error
    coordinates = choice("coordinates", words.get("coordinates", COORDINATE_SYSTEMS[0]), COORDINATE_SYSTEMS)
    return replace(mapping, coordinates=coordinates, zone=zone)


def section(words: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A table of a map file. Raises Refused("sheet.map_option") when something else stands there."""
    found = words.get(name, {})
    if not isinstance(found, Mapping):
        raise Refused("sheet.map_option", option=name, value=found, choices=f"[{name}]")
    return found


def _known_field(name: str) -> None:
    if name not in FIELD_BY_NAME:
        raise Refused("sheet.map_unknown_field", field=name, fields="、".join(FIELD_BY_NAME))


def column_called(title: object, header: Sequence[str]) -> int:
    """Where the column of that header stands. Raises Refused("sheet.map_unknown_column")."""
    wanted = plain_header(str(title))
    for place, name in enumerate(header):
        if name == title or plain_header(name) == wanted:
            return place
    raise Refused("sheet.map_unknown_column", column=title, columns="、".join(name for name in header if name))


def choice(option: str, value: object, choices: Sequence[str]) -> str:
    """One of the words an option takes. Raises Refused("sheet.map_option")."""
    if not isinstance(value, str) or value not in choices:
        raise Refused("sheet.map_option", option=option, value=value, choices="、".join(choices))
    return value


@cache
def _words() -> Mapping[str, tuple[int, str]]:
    """Plain header word -> how sure it is (its place in the field's list) and the field."""
    words: dict[str, tuple[int, str]] = {}
    for known in IMPORT_FIELDS:
        for rank, word in enumerate(known.words):
            words.setdefault(plain_header(word), (rank, known.name))
    return words


@cache
def _long_words() -> tuple[tuple[str, str], ...]:
    """Chinese words sure enough to be found inside a longer header, the longest first."""
    long = [
        (word, name) for word, (_rank, name) in _words().items() if len(word) >= _SHORTEST_INSIDE and not word.isascii()
    ]
    return tuple(sorted(long, key=lambda pair: -len(pair[0])))


def _best_field(plain: str) -> tuple[int, str] | None:
    """Rank (lower is surer) and name of the field a plain header stands for."""
    if not plain:
        return None
    if plain in _words():
        return _words()[plain]
    inside = next((name for word, name in _long_words() if plain.startswith(word) or plain.endswith(word)), None)
    return None if inside is None else (100, inside)
