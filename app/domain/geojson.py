"""GeoJSON (RFC 7946, and what is sent under that name): features read one by one out of a long text, and written again.

A file of 80 MB is never in memory whole, as text or as objects: one feature is read, used and let go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder, dumps
from typing import Any

from app.domain.characters import whole_object
from app.domain.grids import Boundary, Line
from app.domain.problems import Refused

AREAS = frozenset({"Polygon", "MultiPolygon"})
LINES = frozenset({"LineString", "MultiLineString"})
GEOMETRIES = AREAS | LINES | {"Point", "MultiPoint", "GeometryCollection"}
OWN_ID = "(id)"
"""The column under which a feature's own `id` is offered."""
_BLANK = re.compile(r"[ \t\r\n]*")
_LONGEST_SIGN = 32
"""No number, word or escape that is cut off ends farther from the end of what is held."""


@dataclass(frozen=True)
class Feature:
    """One feature as the file has it. number: from 1. kind "" and coordinates None: it has no geometry."""

    number: int
    properties: Mapping[str, Any]
    kind: str
    coordinates: Any


class GeoText:
    """A GeoJSON text: a collection, a bare list of features, one feature or one geometry.

    name: of its file, for what is told. members: what stands beside the features (`crs`, `name`), complete when the features were read through.
    """

    def __init__(self, pieces: Iterable[str], name: str) -> None:
        self.name = name
        self.members: dict[str, Any] = {}
        self._text = _Pieces(pieces)

    def features(self) -> Iterator[Feature]:
        """The features in their order, once. Raises Refused("grid.file_unreadable") where the text is broken."""
        try:
            yield from self._features()
        except (ValueError, IndexError, RecursionError) as error:
            line = self._text.line(getattr(error, "pos", self._text.at))
            raise Refused("grid.file_unreadable", file=self.name, line=line) from error

    def _features(self) -> Iterator[Feature]:
        if self._text.sign() == "[":
            yield from self._list()
        else:
            yield from self._object()
        if self._text.sign():
            raise ValueError(self._text.at)

    def _object(self) -> Iterator[Feature]:
        text, found = self._text, False
        text.take("{")
        while text.sign() != "}":
            key = str(text.value())
            text.take(":")
            if key == "features" and text.sign() == "[":
                yield from self._list()
                found = True
            else:
                self.members[key] = text.value()
            if text.sign() == ",":
                text.take(",")
        text.take("}")
        if not found:
            yield _feature(1, self.members)

    def _list(self) -> Iterator[Feature]:
        text, number = self._text, 0
        text.take("[")
        while text.sign() != "]":
            number += 1
            yield _feature(number, text.value())
            if text.sign() != "]":
                text.take(",")
        text.take("]")


class _Pieces:
    """A JSON text that comes in pieces: what was read is let go, what a value still lacks is fetched."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._decoder = JSONDecoder(object_pairs_hook=whole_object)
        self._held = ""
        self._lines = 0
        self.at = 0

    def sign(self) -> str:
        """The next sign that is not blank, which stays; "" at the end."""
        while True:
            blank = _BLANK.match(self._held, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self._held) or not self._fetch(1):
                return self._held[self.at : self.at + 1]

    def take(self, sign: str) -> None:
        """Pass over a sign. Raises ValueError when another stands there."""
        if self.sign() != sign:
            raise ValueError(self.at)
        self.at += 1

    def value(self) -> Any:
        """The next value, passed over. Raises ValueError (JSONDecodeError) when it is none."""
        self.sign()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._held, self.at)
            except JSONDecodeError as error:
                cut = error.pos > len(self._held) - _LONGEST_SIGN or error.msg.startswith("Unterminated")
                if not (cut and self._fetch(len(self._held))):
                    raise
                continue
            # A number cut in two looks whole: 12 | 34, 0. | 5.
            if end < len(self._held) - _LONGEST_SIGN or not self._fetch(1):
                self.at = end
                return found

    def line(self, at: int) -> int:
        """The line of a place in what is held, from 1."""
        return self._lines + self._held.count("\n", 0, at) + 1

    def _fetch(self, least: int) -> bool:
        """Let go of what was read and hold so many characters more, so that a long value is begun anew few times."""
        more: list[str] = []
        while sum(map(len, more)) < least and (piece := next(self._pieces, "")):
            more.append(piece)
        if more:
            self._lines += self._held.count("\n", 0, self.at)
            self._held = "".join((self._held[self.at :], *more))
            self.at = 0
        return bool(more)


def _feature(number: int, value: Any) -> Feature:
    """A feature of what stands in the list: a Feature, or a bare geometry."""
    if not isinstance(value, dict):
        return Feature(number, {}, "", None)
    geometry = value if value.get("type") in GEOMETRIES else value.get("geometry")
    properties = value.get("properties")
    told = dict(properties) if isinstance(properties, dict) else {}
    if value.get("id") is not None:
        told[OWN_ID] = value["id"]
    if not isinstance(geometry, dict) or geometry.get("type") not in GEOMETRIES:
        return Feature(number, told, "", None)
    return Feature(number, told, str(geometry["type"]), geometry.get("coordinates"))


def area_feature(boundary: Boundary, properties: Mapping[str, Any]) -> str:
    """One line of a feature collection: an area; without a geometry where nothing is drawn."""
    return _line_of("MultiPolygon", boundary, properties)


def line_feature(lines: tuple[Line, ...], properties: Mapping[str, Any]) -> str:
    """One line of a feature collection: a road or a piece of one."""
    return _line_of("MultiLineString", lines, properties)


def collection(features: Iterable[str]) -> Iterator[str]:
    """A feature collection in pieces of text, ready to be written; WGS-84, as RFC 7946 has it."""
    yield '{"type":"FeatureCollection","features":[\n'
    for place, feature in enumerate(features):
        yield (",\n" if place else "") + feature
    yield "\n]}\n"


def _line_of(kind: str, coordinates: object, properties: Mapping[str, Any]) -> str:
    geometry = {"type": kind, "coordinates": coordinates} if coordinates else None
    feature = {"type": "Feature", "properties": dict(properties), "geometry": geometry}
    return dumps(feature, ensure_ascii=False, separators=(",", ":"))
