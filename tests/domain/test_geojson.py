"""A GeoJSON text is read feature by feature, in whatever pieces it comes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from app.domain.geojson import Feature, GeoText
from app.domain.problems import Refused

AREAS = [
    {
        "type": "Feature",
        "id": -17.25e-3,
        "properties": {"code": f"41010500100{at}", "name": '东"里\\ 🚲\n'},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[113.6, 34.7], [113.61, 34.7], [113.61, 34.71], [113.6, 34.7]]],
        },
    }
    for at in range(3)
]
TEXTS = {
    "collection": '\ufeff\r\n { "type": "FeatureCollection", "features" :'
    + json.dumps(AREAS, indent=1)
    + ' , "end" : 12345 } \n',
    "list": json.dumps(AREAS, ensure_ascii=False),
    "one feature": json.dumps(AREAS[0]),
    "nothing": '{"features": []}',
}


def cut(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def read(text: str, size: int) -> tuple[list[Feature], dict[str, object]]:
    asked = GeoText(cut(text.removeprefix("\ufeff"), size), "a.geojson")
    return list(asked.features()), asked.members


@pytest.mark.parametrize("what", TEXTS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 300])
def test_the_pieces_it_comes_in_change_nothing(what: str, size: int) -> None:
    whole = read(TEXTS[what], len(TEXTS[what]))
    assert read(TEXTS[what], size) == whole
    assert [one.number for one in whole[0]] == [*range(1, len(whole[0]) + 1)]


def test_what_stands_beside_the_features_is_kept() -> None:
    features, members = read(TEXTS["collection"], 5)
    assert [one.properties["code"] for one in features] == ["410105001000", "410105001001", "410105001002"]
    assert members == {"type": "FeatureCollection", "end": 12345}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("\n\n7", 3),
        ('[{"type":"Feature"},\n{"type":"Feature",,}]', 2),
        ('[{"type":"Feature"}\n\n{"type":"Feature"}]', 3),
        ('{"features":[]}\n{"features":[]}', 2),
        ('[{"type":"Feature"}', 1),
        ('[{"name":"open\n', 1),
        ("[" * 100_000, 1),
    ],
)
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_what_is_broken_is_told_with_its_line(text: str, line: int, size: int) -> None:
    if size == 1 and len(text) > 1000:
        size = 1000
    with pytest.raises(Refused) as refused:
        read(text, size)
    assert (refused.value.code, refused.value.details["line"]) == ("grid.file_unreadable", line)


def test_only_what_is_needed_is_asked_for() -> None:
    given = 0

    def pieces() -> Iterator[str]:
        nonlocal given
        yield "["
        while True:
            given += 1
            yield json.dumps(AREAS[0]) + ","

    features = GeoText(pieces(), "a.geojson").features()
    assert [next(features).number for _n in range(50)] == [*range(1, 51)]
    assert given <= 52
