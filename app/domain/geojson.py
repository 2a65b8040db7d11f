"""GeoJSON (RFC 7946, and what is sent under that name): features read one by one out of a long text, and written again.

A file of 80 MB is never in memory as objects: one feature is read, used and let go.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from json import JSONDecoder, dumps
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


@dataclass(frozen=True)
class Feature:
    """One feature as the file has it. number: from 1. kind "" and coordinates None: it has no geometry."""

    number: int
    properties: Mapping[str, Any]
    kind: str
    coordinates: Any
    end: int
    """How many characters of the text were read so far."""


@dataclass
class GeoText:
    """A GeoJSON text: a collection, a bare list of features, one feature or one geometry.

    name: of its file, for what is told. members: what stands beside the features (`crs`, `name`), complete when the features were read through.
    """

    text: str
    name: str
    members: dict[str, Any] = field(default_factory=dict)
    _decoder: JSONDecoder = field(default_factory=lambda: JSONDecoder(object_pairs_hook=whole_object))

    def features(self) -> Iterator[Feature]:
        """The features in their order. Raises Refused("grid.file_unreadable") where the text is broken."""
        try:
            yield from self._features()
        except (ValueError, IndexError, RecursionError) as error:
            at = getattr(error, "pos", len(self.text))
            raise Refused("grid.file_unreadable", file=self.name, line=self.text.count("\n", 0, at) + 1) from error

    def _features(self) -> Iterator[Feature]:
        at = self._blank(0)
        if self.text[at] == "[":
            yield from self._list(at)
            return
        if self.text[at] != "{":
            raise ValueError(at)
        found = 0
        at = self._blank(at + 1)
        while self.text[at] != "}":
            key, at = self._value(at)
            at = self._blank(self._expect(at, ":"))
            if key == "features" and self.text[at] == "[":
                at = yield from self._list(at)
                found += 1
            else:
                self.members[str(key)], at = self._value(at)
            at = self._blank(at)
            if self.text[at] == ",":
                at = self._blank(at + 1)
        if not found:
            yield _feature(1, self.members, at)

    def _list(self, at: int) -> Generator[Feature, None, int]:
        at, number = self._blank(at + 1), 0
        while self.text[at] != "]":
            value, at = self._value(at)
            number += 1
            yield _feature(number, value, at)
            at = self._blank(at)
            if self.text[at] == ",":
                at = self._blank(at + 1)
            elif self.text[at] != "]":
                raise ValueError(at)
        return at + 1

    def _value(self, at: int) -> tuple[Any, int]:
        return self._decoder.raw_decode(self.text, at)

    def _expect(self, at: int, sign: str) -> int:
        at = self._blank(at)
        if self.text[at] != sign:
            raise ValueError(at)
        return at + 1

    def _blank(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at


def _feature(number: int, value: Any, end: int) -> Feature:
    """A feature of what stands in the list: a Feature, or a bare geometry."""
    if not isinstance(value, dict):
        return Feature(number, {}, "", None, end)
    geometry = value if value.get("type") in GEOMETRIES else value.get("geometry")
    properties = value.get("properties")
    told = dict(properties) if isinstance(properties, dict) else {}
    if value.get("id") is not None:
        told[OWN_ID] = value["id"]
    if not isinstance(geometry, dict) or geometry.get("type") not in GEOMETRIES:
        return Feature(number, told, "", None, end)
    return Feature(number, told, str(geometry["type"]), geometry.get("coordinates"), end)


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
