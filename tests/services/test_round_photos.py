"""A folder of photos of a round, with the folders phones really make."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from app.base.watch import Cancelled, Watch
from app.desk import Desk
from app.domain.findings import FindingDraft
from app.domain.patrols import CheckGrade, CheckResult, PatrolRound
from app.domain.permissions import Actor
from app.domain.photo_matching import PhotoGroup, Placement
from app.domain.problems import Refused
from app.services.round_photos import NO_PLACE, LookedPhoto, RoundTargets
from tests.rounds import LAT, LON, a_round

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def photo_file(folder: Path, name: str, minutes: float | None = None, point: tuple[float, float] | None = None) -> None:
    """A photo as a phone writes it; minutes after nine o'clock in Zhengzhou, point (longitude, latitude)."""
    exif = Image.Exif()
    inner, gps = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
    if minutes is not None:
        local = NINE + timedelta(hours=8, minutes=minutes)
        inner[0x9003] = f"{local:%Y:%m:%d %H:%M:%S}"
    if point is not None:
        gps[1], gps[2], gps[3], gps[4] = "N", _degrees(point[1]), "E", _degrees(point[0])
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "seagreen").save(written, "JPEG", exif=exif, comment=name.encode())
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written.getvalue())


def _degrees(value: float) -> tuple[float, float, float]:
    whole = int(value)
    minutes = (value - whole) * 60
    return float(whole), float(int(minutes)), (minutes - int(minutes)) * 60


@pytest.fixture
def walk(desk: Desk, actor: Actor) -> PatrolRound:
    """A round with its two points looked at: at nine, and a quarter past."""
    made = a_round(desk, actor)
    with desk.store.write(actor, "patrol.enter") as tx:
        for no, minutes in ((1, 0), (2, 15)):
            fields: dict[str, object] = {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now}
            fields |= {"parent": made.id, "point_no": no, "grade": CheckGrade.GOOD}
            tx.add(CheckResult.model_validate({**fields, "at": NINE + timedelta(minutes=minutes)}))
    return made


def looked(
    desk: Desk, folder: Path, walk: PatrolRound
) -> tuple[RoundTargets, dict[str, LookedPhoto], dict[str, Placement]]:
    photos = desk.round_photos.look(folder, walk.id)
    targets = desk.round_photos.targets(walk.id)
    proposal = desk.round_photos.propose(targets, photos)
    return targets, {one.key: one for one in photos}, {one.key: one for one in proposal.placements}


def test_photos_find_their_check_point_by_place_and_time(
    desk: Desk, actor: Actor, walk: PatrolRound, tmp_path: Path
) -> None:
    photo_file(tmp_path / "in", "a.jpg", 1, (LON, LAT))
    photo_file(tmp_path / "in", "sub/b.jpg", 16)
    targets, photos, placed = looked(desk, tmp_path / "in", walk)

    assert {key: one.target for key, one in placed.items()} == {"a.jpg": "point:1", "sub/b.jpg": "point:2"}
    chosen = [(photos[key], one.target or NO_PLACE) for key, one in placed.items()]
    taken = desk.round_photos.take(targets, chosen, actor=actor)

    assert taken.count == 2
    assert [no for no, _photo in desk.round_photos.of_round(walk.id)] == [1, 2]


def test_a_finding_at_the_check_point_gets_the_photo(
    desk: Desk, actor: Actor, walk: PatrolRound, tmp_path: Path
) -> None:
    finding = desk.findings.report(
        FindingDraft(round_id=walk.id, point_no=1, item_code="a1", description="出店"), actor=actor
    )
    photo_file(tmp_path / "in", "a.jpg", 1, (LON, LAT))
    targets, photos, placed = looked(desk, tmp_path / "in", walk)
    desk.round_photos.take(targets, [(photos["a.jpg"], placed["a.jpg"].target or NO_PLACE)], actor=actor)

    assert len(desk.photos.of(finding.id)) == 1


def test_looking_takes_nothing_in(desk: Desk, walk: PatrolRound, tmp_path: Path) -> None:
    photo_file(tmp_path / "in", "a.jpg", 1)
    looked(desk, tmp_path / "in", walk)

    assert [path for path in desk.paths.files.rglob("*") if path.is_file()] == []


def test_what_cannot_be_placed_stands_in_its_own_group(desk: Desk, walk: PatrolRound, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    photo_file(folder, "bare.jpg")
    photo_file(folder, "shanghai.jpg", 3, (121.47, 31.23))
    photo_file(folder, "yesterday.jpg", -24 * 60)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "twice.jpg").write_bytes((folder / "bare.jpg").read_bytes())
    _targets, photos, placed = looked(desk, folder, walk)

    assert {key: one.group for key, one in placed.items()} == {
        "bare.jpg": PhotoGroup.NO_FACTS,
        "shanghai.jpg": PhotoGroup.OTHER_CITY,
        "yesterday.jpg": PhotoGroup.OTHER_DAY,
        "broken.jpg": PhotoGroup.UNREADABLE,
        "empty.jpg": PhotoGroup.UNREADABLE,
        "twice.jpg": PhotoGroup.DUPLICATE,
    }
    assert photos["empty.jpg"].trouble is not None


def test_a_clock_eight_hours_off_is_found_out(desk: Desk, actor: Actor, walk: PatrolRound, tmp_path: Path) -> None:
    for no in range(3):
        photo_file(tmp_path / "in", f"a{no}.jpg", 480 + no / 10, (LON, LAT))
    photos = desk.round_photos.look(tmp_path / "in", walk.id)

    proposal = desk.round_photos.propose(desk.round_photos.targets(walk.id), photos)

    assert abs(proposal.shift + timedelta(hours=8)) <= timedelta(minutes=1)
    assert {one.target for one in proposal.placements} == {"point:1"}


def test_doing_it_again_doubles_nothing(desk: Desk, actor: Actor, walk: PatrolRound, tmp_path: Path) -> None:
    photo_file(tmp_path / "in", "a.jpg", 1, (LON, LAT))
    targets, photos, placed = looked(desk, tmp_path / "in", walk)
    chosen = [(photos["a.jpg"], placed["a.jpg"].target or NO_PLACE)]
    desk.round_photos.take(targets, chosen, actor=actor)

    _again, _photos, placed_again = looked(desk, tmp_path / "in", walk)
    second = desk.round_photos.take(targets, chosen, actor=actor)

    assert placed_again["a.jpg"].group is PhotoGroup.DUPLICATE
    assert second.count == 0


class _StopsAfterOne(Watch):
    def step(self, done: int, total: int | None = None, note: str = "") -> None:
        if done:
            raise Cancelled


def test_stopping_keeps_what_was_done_and_the_folder_keeps_everything(
    desk: Desk, actor: Actor, walk: PatrolRound, tmp_path: Path
) -> None:
    for name in ("a.jpg", "b.jpg"):
        photo_file(tmp_path / "in", name, 1, (LON, LAT))
    targets, photos, _placed = looked(desk, tmp_path / "in", walk)

    with pytest.raises(Cancelled):
        desk.round_photos.take(
            targets, [(one, NO_PLACE) for one in photos.values()], actor=actor, watch=_StopsAfterOne()
        )

    assert len(desk.round_photos.of_round(walk.id)) == 1
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["a.jpg", "b.jpg"]


def test_a_file_that_went_missing_meanwhile_is_named_and_the_rest_goes_on(
    desk: Desk, actor: Actor, walk: PatrolRound, tmp_path: Path
) -> None:
    for name in ("a.jpg", "b.jpg"):
        photo_file(tmp_path / "in", name, 1, (LON, LAT))
    targets, photos, _placed = looked(desk, tmp_path / "in", walk)
    (tmp_path / "in" / "a.jpg").unlink()

    taken = desk.round_photos.take(targets, [(one, NO_PLACE) for one in photos.values()], actor=actor)

    assert [(path.name, problem.code) for path, problem in taken.refused] == [("a.jpg", "file.unreadable")]
    assert taken.count == 1


@pytest.mark.parametrize(("name", "code"), [("none", "photos.folder_unreadable"), ("empty", "photos.folder_empty")])
def test_a_folder_without_photos_is_refused_in_words(
    desk: Desk, walk: PatrolRound, tmp_path: Path, name: str, code: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused) as caught:
        desk.round_photos.look(tmp_path / name, walk.id)

    assert caught.value.code == code
