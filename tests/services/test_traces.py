"""Track files come in once, in the right place and time, and tell their round what was walked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from app.desk import Desk
from app.domain.directory import Worker, WorkerKind
from app.domain.grids import GridKind, PointSystem
from app.domain.patrols import CheckPoint, PatrolRound, RoundKind, RoundState
from app.domain.permissions import Actor
from app.domain.places import wgs84_to_gcj02
from app.domain.problems import Refused
from app.domain.tracks import unpack
from app.services.track_import import TrackChoices, with_round
from tests.builders import an_actor

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
LONGITUDE, LATITUDE = 113.65, 34.76
STEP = 12 / 111_195
"""Ten seconds of walking north, in degrees."""


def gpx(path: Path, points: list[tuple[datetime | None, float, float]]) -> Path:
    """A GPX file as a handheld writes it."""
    lines = [
        f'<trkpt lat="{latitude:.7f}" lon="{longitude:.7f}">'
        + (f"<time>{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</time>" if at else "")
        + "</trkpt>"
        for at, longitude, latitude in points
    ]
    head = '<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http' + '://www.topografix.com/GPX/1/1">'
    path.write_text(f"{head}<trk><trkseg>{''.join(lines)}</trkseg></trk></gpx>", encoding="utf-8")
    return path


def walk(start: datetime = NINE, minutes: int = 30, **_more: object) -> list[tuple[datetime | None, float, float]]:
    """A fix every ten seconds, walking north."""
    return [(start + timedelta(seconds=10 * n), LONGITUDE, LATITUDE + n * STEP) for n in range(minutes * 6 + 1)]


@pytest.fixture
def member(desk: Desk) -> Worker:
    return desk.directory.workers(WorkerKind.COLLECTOR)[0]


@pytest.fixture
def walked(desk: Desk, actor: Actor, member: Worker) -> PatrolRound:
    """A round of nine to half past five on that Monday, in a drawn grid of which the first 600 m are walked."""
    south, north = LATITUDE - 0.001, LATITUDE + 600 / 111_195
    ring = ((113.64, south), (113.66, south), (113.66, north), (113.64, north), (113.64, south))
    values = {"kind": GridKind.DUTY, "code": "410105901", "boundary": ((ring,),), "member_id": member.id}
    grid = desk.grids.save(values, actor=actor)
    points = (
        CheckPoint(no=1, name="路口", longitude=LONGITUDE, latitude=LATITUDE + 30 * STEP),
        CheckPoint(no=2, name="公园", longitude=LONGITUDE + 0.01, latitude=LATITUDE),
    )
    with desk.store.write(actor, "patrol.plan_week") as tx:
        made = PatrolRound(
            id=tx.ids.new(),
            created_at=tx.now,
            changed_at=tx.now,
            number="XC-1",
            kind=RoundKind.PATROL,
            state=RoundState.DONE,
            day=date(2026, 11, 2),
            shift_start=time(8, 30),
            shift_end=time(17, 30),
            member_id=member.id,
            member_name=member.name,
            grid_id=grid.id,
            grid_code="410105901",
            points=points,
        )
        tx.add(made)
    return made


def test_a_track_writes_its_distance_time_in_grid_and_breaks_to_its_round(
    desk: Desk, actor: Actor, member: Worker, walked: PatrolRound, tmp_path: Path
) -> None:
    points = [*walk(minutes=10), *walk(NINE + timedelta(minutes=30), minutes=10)]
    preview = desk.traces.look(gpx(tmp_path / "a.gpx", points), TrackChoices(member=member))
    assert preview.round is not None
    assert (preview.round.id, preview.shift_s) == (walked.id, 0)
    assert [hit.no for hit in preview.figures.reached] == [1]
    desk.traces.take(
        desk.traces.look(tmp_path / "a.gpx", with_round(TrackChoices(member=member), preview)), actor=actor
    )
    trace = desk.traces.trace(walked.id)
    assert trace.round.gap_s == 20 * 60
    assert trace.round.in_grid_s is not None
    assert 900 < trace.round.in_grid_s < 1100
    assert trace.round.distance_m == pytest.approx(2160, rel=0.01)
    assert desk.traces.of_round(walked.id)[0].count == len(points)


def test_the_same_file_again_is_refused_under_any_name(
    desk: Desk, actor: Actor, member: Worker, tmp_path: Path
) -> None:
    first = gpx(tmp_path / "a.gpx", walk())
    desk.traces.take(desk.traces.look(first, TrackChoices(member=member)), actor=actor)
    again = desk.traces.look(gpx(tmp_path / "b.gpx", walk()), TrackChoices(member=member))
    assert again.known is not None
    with pytest.raises(Refused, match=r"track\.known"):
        desk.traces.take(again, actor=actor)


@pytest.mark.parametrize("wrong_by", [timedelta(days=1), timedelta(hours=-8), timedelta(days=-2, hours=8)], ids=str)
def test_a_clock_that_was_off_is_offered_to_be_put_right(
    desk: Desk, actor: Actor, member: Worker, walked: PatrolRound, tmp_path: Path, wrong_by: timedelta
) -> None:
    path = gpx(tmp_path / "a.gpx", walk(NINE + timedelta(hours=2) + wrong_by))
    preview = desk.traces.look(path, TrackChoices(member=member))
    assert preview.shift_s == -wrong_by.total_seconds()
    mended = desk.traces.look(path, with_round(TrackChoices(member=member), preview))
    track = desk.traces.take(mended, actor=actor)
    assert track.day == walked.day
    assert track.clock_shift_s == -wrong_by.total_seconds()
    assert track.round_id == walked.id


def test_jumps_are_left_out_and_counted(desk: Desk, actor: Actor, member: Worker, tmp_path: Path) -> None:
    points = walk()
    points[40] = (points[40][0], 114.9, 36.1)
    preview = desk.traces.look(gpx(tmp_path / "a.gpx", points), TrackChoices(member=member))
    track = desk.traces.take(preview, actor=actor)
    assert (track.dropped, track.count) == (1, len(points) - 1)
    assert track.distance_m == pytest.approx(2160, rel=0.01)


def test_what_is_a_jump_and_a_break_is_what_the_office_says(
    desk: Desk, actor: Actor, member: Worker, walked: PatrolRound, tmp_path: Path
) -> None:
    rules = desk.grids.rules().model_copy(update={"gap_minutes": 30, "reach_m": 5})
    desk.reference.take_over_patrol_rules(rules, label="试行", actor=actor)
    points = [*walk(minutes=10), *walk(NINE + timedelta(minutes=30), minutes=10)]
    preview = desk.traces.look(gpx(tmp_path / "a.gpx", points), TrackChoices(member=member))
    assert preview.figures.gap_s == 0
    assert desk.traces.rules().reach_m == 5


@pytest.mark.parametrize("year", [None, 1000, 1900, 9999])
def test_a_track_without_times_that_can_be_is_refused(
    desk: Desk, member: Worker, tmp_path: Path, year: int | None
) -> None:
    at = datetime(year, 12, 31, 23, tzinfo=UTC) if year else None
    path = gpx(tmp_path / "a.gpx", [(at, LONGITUDE, LATITUDE)])
    with pytest.raises(Refused, match=r"track\.no_time"):
        desk.traces.look(path, TrackChoices(member=member))


def test_one_point_is_a_track_of_no_length(desk: Desk, actor: Actor, member: Worker, tmp_path: Path) -> None:
    path = gpx(tmp_path / "a.gpx", [(NINE, LONGITUDE, LATITUDE)])
    track = desk.traces.take(desk.traces.look(path, TrackChoices(member=member)), actor=actor)
    assert (track.count, track.distance_m) == (1, 0)


def test_a_track_of_another_city_is_refused_until_somebody_insists(
    desk: Desk, actor: Actor, member: Worker, walked: PatrolRound, tmp_path: Path
) -> None:
    points = [(at, longitude + 2.7, latitude + 5) for at, longitude, latitude in walk()]
    path = gpx(tmp_path / "a.gpx", points)
    with pytest.raises(Refused, match=r"track\.elsewhere"):
        desk.traces.take(desk.traces.look(path, TrackChoices(member=member)), actor=actor)
    insisted = desk.traces.look(path, TrackChoices(member=member, anyway=True))
    assert desk.traces.take(insisted, actor=actor).member_id == member.id


def test_swapped_longitude_and_latitude_are_noticed_and_put_right(
    desk: Desk, actor: Actor, member: Worker, tmp_path: Path
) -> None:
    lines = [f"{at:%Y-%m-%d %H:%M:%S},{latitude},{longitude}" for at, longitude, latitude in walk() if at]
    path = tmp_path / "a.csv"
    path.write_text("时间,经度,纬度\n" + "\n".join(lines), encoding="utf-8")
    preview = desk.traces.look(path, TrackChoices(member=member))
    assert preview.swapped
    with pytest.raises(Refused, match=r"track\.swapped"):
        desk.traces.take(preview, actor=actor)
    mended = desk.traces.look(path, TrackChoices(member=member, swap=True))
    assert not mended.swapped
    desk.traces.take(mended, actor=actor)


def test_a_table_in_gcj02_and_local_time_ends_where_it_was_walked(
    desk: Desk, actor: Actor, member: Worker, tmp_path: Path
) -> None:
    lines = []
    for n, (_at, longitude, latitude) in enumerate(walk(minutes=1)):
        shown = wgs84_to_gcj02(longitude, latitude)
        lines.append(f"{n},2026/11/2 9:{n:02d}:00,{shown[0]:.7f},{shown[1]:.7f}")
    path = tmp_path / "a.csv"
    path.write_text("序号,定位时间,经度(°),纬度(°)\n" + "\n".join(lines), encoding="gb18030")
    preview = desk.traces.look(path, TrackChoices(member=member, system=PointSystem.GCJ02))
    track = desk.traces.take(preview, actor=actor)
    assert track.started_at == NINE
    assert unpack(track.points)[0][1:] == pytest.approx((LONGITUDE, LATITUDE), abs=2e-6)


def test_a_table_with_seconds_since_1970_and_a_broken_row_is_read(
    desk: Desk, actor: Actor, member: Worker, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    seconds = int(NINE.timestamp())
    path.write_text(
        f"timestamp,lon,lat\n{seconds},{LONGITUDE},{LATITUDE}\n{seconds * 1000 + 9000},{LONGITUDE},{LATITUDE}\nlost,1,1\n"
        f"{'9' * 40},{LONGITUDE},{LATITUDE}\n"
    )
    track = desk.traces.take(desk.traces.look(path, TrackChoices(member=member)), actor=actor)
    assert (track.started_at, track.count, track.dropped) == (NINE, 2, 2)


def test_a_table_without_the_columns_says_which(desk: Desk, member: Worker, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("时间,地点\n2026-11-02,纬一路\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"track\.columns_missing"):
        desk.traces.look(path, TrackChoices(member=member))


@pytest.mark.parametrize("content", ["<gpx>", "", "<gpx></gpx>", "\x00\x01\x02"])
def test_a_broken_file_is_refused_in_words(desk: Desk, member: Worker, tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.gpx"
    path.write_text(content)
    with pytest.raises(Refused, match=r"track\.(unreadable|empty)"):
        desk.traces.look(path, TrackChoices(member=member))


def test_a_hundred_thousand_points_are_thinned_and_it_is_said(
    desk: Desk, actor: Actor, member: Worker, tmp_path: Path
) -> None:
    start = int(NINE.timestamp())
    lines = [f"{start + n // 2},{LONGITUDE + (n % 7) * 1e-7},{LATITUDE + n * 5e-6}" for n in range(0, 100_000, 2)]
    path = tmp_path / "a.csv"
    path.write_text("time,lon,lat\n" + "\n".join(lines))
    track = desk.traces.take(desk.traces.look(path, TrackChoices(member=member)), actor=actor)
    assert track.count <= 20_000
    assert "50000" in track.note.replace(",", "")
    assert "2 米" in track.note


def test_a_track_given_to_another_round_takes_its_figures_along(
    desk: Desk, actor: Actor, member: Worker, walked: PatrolRound, tmp_path: Path
) -> None:
    path = gpx(tmp_path / "a.gpx", walk())
    track = desk.traces.take(desk.traces.look(path, TrackChoices(member=member, round_id=walked.id)), actor=actor)
    assert desk.traces.trace(walked.id).round.distance_m is not None
    desk.traces.assign(track.id, member=member, round_id=None, actor=actor)
    assert desk.traces.trace(walked.id).round.distance_m is None
    assert desk.traces.trace(walked.id).figures is None


def test_somebody_without_the_role_takes_no_track(desk: Desk, member: Worker, tmp_path: Path) -> None:
    from app.domain.permissions import OfficeRole

    preview = desk.traces.look(gpx(tmp_path / "a.gpx", walk()), TrackChoices(member=member))
    with pytest.raises(Refused, match="role_needed"):
        desk.traces.take(preview, actor=an_actor(OfficeRole.AUDITOR))


def test_where_a_member_was_last_is_known_from_the_track_at_that_moment(
    desk: Desk, actor: Actor, member: Worker, tmp_path: Path
) -> None:
    desk.traces.take(desk.traces.look(gpx(tmp_path / "a.gpx", walk()), TrackChoices(member=member)), actor=actor)
    longitude, latitude, at = desk.members.last_known_points(NINE + timedelta(minutes=10, seconds=4))[member.id]
    assert at == NINE + timedelta(minutes=10)
    assert (longitude, latitude) == pytest.approx((LONGITUDE, LATITUDE + 60 * STEP), abs=2e-6)
    assert desk.members.last_known_points(NINE - timedelta(seconds=1)) == {}
    assert desk.members.last_known_points(NINE + timedelta(hours=14)) == {}
