"""The office's own base map: what is taken, what is refused in words."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from app.domain.problems import Problem, Refused, Unavailable
from app.services.basemap import Basemap
from tests.services.tiles import PIXEL, make_tiles


def test_a_tile_is_given_by_its_row_from_the_north(tmp_path: Path) -> None:
    file = make_tiles(tmp_path / "city.mbtiles", {(12, 3341, 1625): PIXEL})
    basemap = Basemap(file)

    assert basemap.tile(12, 3341, 1625) == PIXEL
    assert basemap.tile(12, 3341, 1626) is None
    assert (basemap.farthest, basemap.nearest) == (12, 12)
    basemap.close()


def test_what_the_file_says_of_itself_is_told(tmp_path: Path) -> None:
    metadata = {"name": "金水区影像", "attribution": "测绘院", "crs": "GCJ02"}
    basemap = Basemap(make_tiles(tmp_path / "city.mbtiles", {(0, 0, 0): PIXEL}, metadata))

    assert (basemap.title, basemap.attribution, basemap.system) == ("金水区影像", "测绘院", "GCJ-02")
    basemap.close()


def test_the_file_is_never_written_and_may_lie_on_a_read_only_stick(tmp_path: Path) -> None:
    file = make_tiles(tmp_path / "city.mbtiles", {(0, 0, 0): PIXEL})
    before = file.read_bytes()
    file.chmod(0o400)

    basemap = Basemap(file)
    basemap.tile(0, 0, 0)
    basemap.close()

    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["city.mbtiles"]


def wrong_file(folder: Path, what: str) -> Path:
    """A file that is no base map we can show."""
    file = folder / "底图.mbtiles"
    match what:
        case "a picture":
            file.write_bytes(PIXEL)
        case "another database":
            connection = sqlite3.connect(file)
            connection.execute("CREATE TABLE notes(text)")
            connection.close()
        case "vector":
            make_tiles(file, {(0, 0, 0): gzip.compress(b"tile")}, {"format": "pbf"})
        case "vector that calls itself png":
            make_tiles(file, {(0, 0, 0): gzip.compress(b"tile")}, {"format": "png"})
        case "empty":
            make_tiles(file, {})
        case "half copied":
            make_tiles(file, {(9, column, 0): PIXEL * 40 for column in range(400)})
            data = file.read_bytes()
            file.write_bytes(data[: len(data) // 2])
        case "garbled":
            make_tiles(file, {(0, 0, 0): b"\x00\x01\x02\x03"})
    return file


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("missing", "map.tiles_missing"),
        ("a picture", "map.tiles_not_tiles"),
        ("another database", "map.tiles_not_tiles"),
        ("vector", "map.tiles_vector"),
        ("vector that calls itself png", "map.tiles_vector"),
        ("empty", "map.tiles_empty"),
        ("half copied", "map.tiles_broken"),
        ("garbled", "map.tiles_broken"),
    ],
)
def test_a_file_that_is_no_base_map_is_refused_by_name(tmp_path: Path, what: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        Basemap(wrong_file(tmp_path, what))

    assert refused.value.code == code
    assert refused.value.details["name"] == "底图.mbtiles"
    assert isinstance(refused.value, Refused | Unavailable)
