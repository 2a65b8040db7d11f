"""Photos between desks and city: nothing is lost, nothing is sent twice, nothing altered is taken for whole."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.base.clock import FixedClock
from app.base.watch import Cancelled, Watch, silent
from app.desk import Desk
from app.domain.cases import PHOTO, Photo, PhotoPhase
from app.domain.permissions import Actor
from app.domain.problems import Refused, Unavailable
from app.sync import files as sync_files
from app.sync.files import FileDelivery
from db.blobs import BlobStore
from db.queries import files as rows
from db.queries import troubles
from server import files
from server.city import City, open_city
from tests.builders import a_draft, a_picture
from tests.desks import JINSHUI, fill_lists, first_actor, make_desk
from tests.server.city_files import ERQI, a_photo, put_record, sha256_of, some_bytes
from tests.sync.file_line import FileLine

PIECE = 64 * 1024


@pytest.fixture
def line(city: City) -> FileLine:
    """The line of the desk's district."""
    return FileLine(city, JINSHUI)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a file of half a megabyte has boundaries."""
    monkeypatch.setattr(sync_files, "PIECE_BYTES", PIECE)


def a_large_picture(seed: int = 1) -> bytes:
    """A JPEG with something behind it, eight pieces and a bit long."""
    return a_picture(f"{seed}") + some_bytes(8 * PIECE, seed)


def report_case(desk: Desk, *pictures: bytes) -> UUID:
    """A case with these photos."""
    actor = first_actor(desk)
    case = desk.cases.report(a_draft(), actor=actor)
    taken = [desk.photos.take_in(picture, f"{place}.jpg") for place, picture in enumerate(pictures)]
    desk.photos.attach(case.id, taken, PhotoPhase.BEFORE, actor=actor)
    return case.id


def delivery(desk: Desk, line: FileLine, **more: object) -> FileDelivery:
    """The delivery of a program just started."""
    return FileDelivery(desk.store, blobs_of(desk), line, **more)  # type: ignore[arg-type]


def blobs_of(desk: Desk) -> BlobStore:
    """The desk's encrypted files."""
    return desk.photos.blobs


def photo_from_city(desk: Desk, city: City, data: bytes) -> Photo:
    """A photo another PC of the district sent: the record came down with a pull, the bytes did not."""
    photo = a_photo(desk.store.ids.new(), desk.store.ids.new(), data, desk.clock.now())
    photo = photo.model_copy(update={"version": 1})
    put_record(city, JINSHUI, PHOTO.name, photo)
    with desk.store.write(first_actor(desk), "test") as tx:
        tx.add_many([photo], queue=False)
    return photo


def test_every_photo_of_a_case_reaches_the_city_with_its_thumbnail(desk: Desk, city: City, line: FileLine) -> None:
    pictures = [a_picture("one"), a_large_picture()]
    case = report_case(desk, *pictures)
    with desk.store.read() as reader:
        assert troubles.file_counts(reader.connection) == (2, 0)
    sender = delivery(desk, line)
    assert sender.counts() == (2, 0)
    assert sender.send(silent()) == 2
    assert sender.counts() == (0, 0)
    for picture in pictures:
        state = files.state(city, JINSHUI, sha256_of(picture))
        assert (state.state, state.thumbnail, state.size) == ("complete", True, len(picture))
    with desk.store.read() as reader:
        assert troubles.files_of_cases(reader.connection, [case, desk.store.ids.new()]) == {case: (2, 2)}


def test_a_photo_taken_in_but_not_attached_stays_here(desk: Desk, line: FileLine) -> None:
    desk.photos.take_in(a_picture("draft"), "a.jpg")
    assert delivery(desk, line).send(silent()) == 0
    assert line.asked == []


def test_records_have_their_turn_before_each_file(desk: Desk, line: FileLine) -> None:
    report_case(desk, a_picture("one"), a_picture("two"))
    sent: list[int] = []
    delivery(desk, line).send(silent(), lambda: sent.append(line.asked.count("piece")))
    assert sent == [0, 1]


def test_a_further_photo_is_queued_without_a_look_through_all(
    desk: Desk, line: FileLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_case(desk, a_picture("one"))
    sender = delivery(desk, line)
    assert sender.send(silent()) == 1
    monkeypatch.delattr(rows, "underived")
    report_case(desk, a_picture("two"))
    with desk.store.local() as connection:
        connection.exec_driver_sql("DELETE FROM deliveries WHERE state = 'waiting'")
    assert sender.counts() == (1, 0)
    assert sender.send(silent()) == 1


def test_nothing_to_send_asks_nothing(desk: Desk, line: FileLine) -> None:
    report_case(desk, a_picture("one"))
    sender = delivery(desk, line)
    sender.send(silent())
    line.asked.clear()
    assert sender.send(silent()) == 0
    assert delivery(desk, line).send(silent()) == 0
    assert line.asked == []


@pytest.mark.parametrize("lost", ["request", "answer"])
@pytest.mark.parametrize("question", range(11))
def test_an_upload_cut_anywhere_goes_on_after_both_sides_restarted(
    desk: Desk, city: City, clock: FixedClock, question: int, lost: str
) -> None:
    picture = a_large_picture()
    report_case(desk, picture)
    line = FileLine(city, JINSHUI)
    (line.cut_before if lost == "request" else line.cut_after).add(question)
    with pytest.raises(Unavailable, match=r"sync\.timeout"):
        delivery(desk, line).send(silent())
    safe = files.state(city, JINSHUI, sha256_of(picture)).offset
    city.database.close()
    again = FileLine(open_city(city.settings, clock=clock), JINSHUI)
    assert delivery(desk, again).send(silent()) == 1
    assert files.state(again.city, JINSHUI, sha256_of(picture)).state == "complete"
    assert again.asked.count("piece") == -(-(len(picture) - safe) // PIECE)
    again.city.close()


@pytest.mark.parametrize("point", ["before_file_piece", "after_file_piece", "before_file_done"])
def test_a_desk_that_dies_at_any_point_goes_on_the_next_time(desk: Desk, line: FileLine, point: str) -> None:
    report_case(desk, a_large_picture())

    class DiesError(Exception):
        pass

    def reach(name: str) -> None:
        if name == point:
            raise DiesError

    with pytest.raises(DiesError):
        delivery(desk, line, reach=reach).send(silent())
    assert delivery(desk, line).counts() == (1, 0)
    assert delivery(desk, line).send(silent()) == 1
    assert delivery(desk, line).counts() == (0, 0)


def test_pieces_get_smaller_when_a_line_is_too_slow_for_large_ones(
    desk: Desk, line: FileLine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_files, "PIECE_BYTES", 4 * PIECE)
    report_case(desk, a_large_picture())
    line.cut_before = {2, 5}
    sender = delivery(desk, line)
    for _try in range(2):
        with pytest.raises(Unavailable):
            sender.send(silent())
        clock.advance(timedelta(hours=1))
    line.asked.clear()
    line.cut_before.clear()
    assert sender.send(silent()) == 1
    assert line.asked.count("piece") == 7


def test_a_file_the_city_refuses_waits_its_time_and_lets_the_others_pass(
    desk: Desk, city: City, line: FileLine, clock: FixedClock
) -> None:
    report_case(desk, a_large_picture(), a_picture("two"))
    line.alter = lambda piece: piece[:-1] + b"?" if len(piece) == PIECE else piece
    sender = delivery(desk, line)
    assert sender.send(silent()) == 1
    assert sender.counts() == (1, 0)
    line.asked.clear()
    assert sender.send(silent()) == 0
    assert line.asked == []
    line.alter = bytes
    clock.advance(timedelta(seconds=31))
    assert sender.send(silent()) == 1
    assert files.state(city, JINSHUI, sha256_of(a_large_picture())).state == "complete"


def test_a_clock_set_back_a_day_does_not_keep_a_file_waiting(desk: Desk, line: FileLine, clock: FixedClock) -> None:
    report_case(desk, a_picture("one"))
    line.cut_before = {0}
    sender = delivery(desk, line)
    with pytest.raises(Unavailable):
        sender.send(silent())
    clock.set_wrong(timedelta(days=-1))
    clock.advance(timedelta(minutes=1))
    assert sender.send(silent()) == 1


def test_a_full_city_stops_the_sending_and_loses_nothing(
    desk: Desk, line: FileLine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_case(desk, a_picture("one"), a_picture("two"))

    def full(_size: int) -> None:
        raise Unavailable("sync.city_full")

    sender = delivery(desk, line)
    with monkeypatch.context() as patch:
        patch.setattr("server.shelf.FileShelf.need_room", lambda _self, size: full(size))
        with pytest.raises(Unavailable, match=r"sync\.city_full"):
            sender.send(silent())
    assert sender.counts() == (2, 0)
    clock.advance(timedelta(minutes=1))
    assert sender.send(silent()) == 2


def test_a_photo_gone_from_the_disk_is_told_and_the_others_go_on(desk: Desk, line: FileLine, clock: FixedClock) -> None:
    lost, kept = a_picture("lost"), a_picture("kept")
    case = report_case(desk, lost, kept)
    with desk.store.read() as reader:
        ref = rows.find(reader.connection, sha256_of(lost))
    assert ref is not None
    blobs_of(desk).path_of(ref.stored_name).unlink()
    sender = delivery(desk, line)
    assert sender.send(silent()) == 1
    assert sender.counts() == (0, 1)
    with desk.store.read() as reader:
        ((sha256, case_id, _number, name, state, code),) = troubles.missing_files(reader.connection, 9)
        assert troubles.files_of_cases(reader.connection, [case]) == {case: (1, 2)}
    assert (sha256, case_id, name, state, code) == (sha256_of(lost), case, "0.jpg", "missing", "file.missing")
    # Taken in once more from the camera, it goes.
    desk.photos.take_in(lost, "again.jpg")
    clock.advance(timedelta(minutes=1))
    assert sender.send(silent()) == 1
    assert sender.counts() == (0, 0)


def test_a_photo_changed_on_the_disk_is_never_sent(desk: Desk, city: City, line: FileLine) -> None:
    picture = a_large_picture()
    report_case(desk, picture)
    with desk.store.read() as reader:
        ref = rows.find(reader.connection, sha256_of(picture))
    assert ref is not None
    path = blobs_of(desk).path_of(ref.stored_name)
    stored = bytearray(path.read_bytes())
    stored[len(stored) // 2] ^= 1
    path.write_bytes(stored)
    sender = delivery(desk, line)
    assert sender.send(silent()) == 0
    assert sender.counts() == (0, 1)
    assert files.state(city, JINSHUI, sha256_of(picture)).state == "partial"
    assert files.state(city, JINSHUI, sha256_of(picture)).offset == 0


def test_one_photo_named_by_two_cases_is_sent_once(desk: Desk, line: FileLine) -> None:
    picture = a_picture("same")
    cases = [report_case(desk, picture), report_case(desk, picture)]
    assert delivery(desk, line).send(silent()) == 1
    assert line.asked.count("piece") == 1
    with desk.store.read() as reader:
        assert troubles.files_of_cases(reader.connection, cases) == {cases[0]: (1, 1), cases[1]: (1, 1)}


def test_two_desks_with_the_same_photo_send_its_bytes_once(
    desk: Desk, city: City, clock: FixedClock, tmp_path: Path
) -> None:
    picture = a_large_picture()
    other = make_desk(tmp_path / "other", clock)
    fill_lists(other)
    report_case(desk, picture)
    report_case(other, picture)
    first, second = FileLine(city, JINSHUI), FileLine(city, JINSHUI)
    first.cut_before = {6}
    with pytest.raises(Unavailable):
        delivery(desk, first).send(silent())
    assert delivery(other, second).send(silent()) == 1
    third = FileLine(city, JINSHUI)
    assert delivery(desk, third).send(silent()) == 1
    assert third.asked == ["offer"]
    assert first.asked.count("piece") - 1 + second.asked.count("piece") == 9
    other.close()


def test_sending_stops_when_asked_and_goes_on_where_it_was(desk: Desk, city: City, line: FileLine) -> None:
    picture = a_large_picture()
    report_case(desk, picture)
    watch = Watch()
    sender = delivery(desk, line, reach=lambda name: watch.cancel() if name == "after_file_piece" else None)
    with pytest.raises(Cancelled):
        sender.send(watch)
    assert files.state(city, JINSHUI, sha256_of(picture)).offset == PIECE
    assert delivery(desk, line).send(silent()) == 1


def test_a_thumbnail_the_city_does_not_want_does_not_hold_its_photo(
    desk: Desk, city: City, line: FileLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = a_picture("one")
    report_case(desk, picture)
    monkeypatch.setattr(files, "THUMBNAIL_BYTES", 10)
    assert delivery(desk, line).send(silent()) == 1
    state = files.state(city, JINSHUI, sha256_of(picture))
    assert (state.state, state.thumbnail) == ("complete", False)


def test_after_the_city_was_brought_back_from_a_backup_it_is_asked_anew(desk: Desk, city: City, line: FileLine) -> None:
    picture = a_picture("one")
    report_case(desk, picture)
    sender = delivery(desk, line)
    sender.send(silent())
    for path in city.settings.files.rglob("*"):
        if path.is_file():
            path.unlink()
    with desk.store.local() as connection:
        rows.offer_all_again(connection)
    assert sender.send(silent()) == 1
    assert files.state(city, JINSHUI, sha256_of(picture)).state == "complete"


def test_the_photo_of_another_pc_shows_its_thumbnail_first_and_its_original_when_asked(
    desk: Desk, city: City, clock: FixedClock, tmp_path: Path
) -> None:
    picture = a_large_picture()
    other = make_desk(tmp_path / "other", clock)
    fill_lists(other)
    report_case(other, picture)
    delivery(other, FileLine(city, JINSHUI)).send(silent())
    sha256 = sha256_of(picture)
    photo_from_city(desk, city, picture)

    assert not desk.photos.is_here(sha256)
    with pytest.raises(Unavailable, match=r"sync\.file_not_here"):
        desk.photos.open(sha256)
    line = FileLine(city, JINSHUI, piece=100_000)
    receiver = delivery(desk, line)
    assert receiver.fetch_thumbnails(silent(), 10) == 1
    assert desk.photos.thumbnail(sha256) == other.photos.thumbnail(sha256) is not None
    assert not desk.photos.is_here(sha256)

    receiver.fetch(sha256, silent())
    assert desk.photos.open(sha256) == picture
    assert desk.photos.is_here(sha256)
    assert desk.photos.thumbnail(sha256) is not None
    assert receiver.counts() == (0, 0)
    line.asked.clear()
    receiver.fetch(sha256, silent())
    assert receiver.send(silent()) == 0
    assert receiver.fetch_thumbnails(silent(), 10) == 0
    assert line.asked == []
    other.close()


def sent_by_another(city: City, picture: bytes) -> str:
    """The file as another PC of the district delivered it."""
    offer = files.offer(city, JINSHUI, sync_files.FileOffer(sha256=sha256_of(picture), size=len(picture)))
    assert files.append(city, JINSHUI, offer.sha256, 0, picture).state == "complete"
    return offer.sha256


@pytest.mark.parametrize("question", range(6))
def test_fetching_cut_anywhere_goes_on_after_a_restart(desk: Desk, city: City, question: int) -> None:
    picture = some_bytes(5 * 1024 * 1024 + 7)[: 4 * 1024 * 1024]
    sha256 = sent_by_another(city, picture)
    photo_from_city(desk, city, picture)
    line = FileLine(city, JINSHUI, piece=700_000)
    line.cut_after = {question}
    with pytest.raises(Unavailable, match=r"sync\.timeout"):
        delivery(desk, line).fetch(sha256, silent())
    again = FileLine(city, JINSHUI, piece=700_000)
    delivery(desk, again).fetch(sha256, silent())
    assert desk.photos.open(sha256) == picture
    # Whole sealed megabytes are not asked for again; the rest of one is.
    safe = question * 700_000 // (1024 * 1024) * 1024 * 1024
    safe = min(safe, len(picture) - 1024 * 1024)
    assert len(again.asked) == -(-(len(picture) - safe) // 700_000)
    assert parts_left(desk) == []


def parts_left(desk: Desk) -> list[Path]:
    """Unfinished files beside the store."""
    return list(desk.paths.files.rglob("*.part"))


def test_what_arrives_lies_sealed_from_its_first_byte(desk: Desk, city: City) -> None:
    picture = b"\xff\xd8\xff" + "明文不能落盘".encode() * 150_000
    sha256 = sent_by_another(city, picture)
    photo_from_city(desk, city, picture)
    line = FileLine(city, JINSHUI, piece=1024 * 1024)
    line.cut_before = {2}
    with pytest.raises(Unavailable):
        delivery(desk, line).fetch(sha256, silent())
    (part,) = parts_left(desk)
    assert part.stat().st_size > 2 * 1024 * 1024
    assert "明文".encode() not in part.read_bytes()


@pytest.mark.parametrize("alter", [lambda piece: piece[:-1] + b"?", lambda piece: piece + b"x", lambda _piece: b""])
def test_an_original_that_does_not_fit_its_hash_is_not_kept(desk: Desk, city: City, alter: object) -> None:
    picture = a_large_picture()
    sha256 = sent_by_another(city, picture)
    photo_from_city(desk, city, picture)
    line = FileLine(city, JINSHUI)
    line.alter = alter  # type: ignore[assignment]
    with pytest.raises(Unavailable, match=r"sync\.file_altered"):
        delivery(desk, line).fetch(sha256, silent())
    assert not desk.photos.is_here(sha256)
    assert list(blobs_of(desk).stored_names()) == []
    assert parts_left(desk) == []
    delivery(desk, FileLine(city, JINSHUI)).fetch(sha256, silent())
    assert desk.photos.open(sha256) == picture


def test_an_unfinished_arrival_that_was_damaged_begins_anew(desk: Desk, city: City) -> None:
    picture = some_bytes(3 * 1024 * 1024)
    sha256 = sent_by_another(city, picture)
    photo_from_city(desk, city, picture)
    line = FileLine(city, JINSHUI, piece=1024 * 1024)
    line.cut_before = {1}
    with pytest.raises(Unavailable):
        delivery(desk, line).fetch(sha256, silent())
    parts_left(desk)[0].write_bytes(bytes(2 * 1024 * 1024))
    delivery(desk, FileLine(city, JINSHUI)).fetch(sha256, silent())
    assert desk.photos.open(sha256) == picture


def test_an_original_is_not_fetched_onto_a_full_disk(
    desk: Desk, city: City, line: FileLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = a_picture("one")
    sha256 = sent_by_another(city, picture)
    photo_from_city(desk, city, picture)

    def full(_folder: Path, _size: int) -> None:
        raise Unavailable("store.disk_full")

    monkeypatch.setattr("db.arrivals.need_room", full)
    with pytest.raises(Unavailable, match=r"store\.disk_full"):
        delivery(desk, line).fetch(sha256, silent())
    assert line.asked == []


def test_a_disk_that_fills_up_while_an_original_arrives_keeps_what_came(
    desk: Desk, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = some_bytes(3 * 1024 * 1024)
    sha256 = sent_by_another(city, picture)
    photo_from_city(desk, city, picture)
    line = FileLine(city, JINSHUI, piece=1024 * 1024)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:

        def fills_up(piece: bytes) -> bytes:
            if len(line.asked) == 2:
                patch.setattr(os, "fsync", full)
            return piece

        line.alter = fills_up
        with pytest.raises(Unavailable, match=r"store\.disk_full"):
            delivery(desk, line).fetch(sha256, silent())
    again = FileLine(city, JINSHUI, piece=1024 * 1024)
    delivery(desk, again).fetch(sha256, silent())
    assert desk.photos.open(sha256) == picture
    assert len(again.asked) < 3


def test_a_desk_that_dies_between_the_last_byte_and_its_row_fetches_again(
    desk: Desk, city: City, clock: FixedClock
) -> None:
    picture = a_picture("one")
    sha256 = sent_by_another(city, picture)
    photo_from_city(desk, city, picture)

    def dies(_point: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        delivery(desk, FileLine(city, JINSHUI), reach=dies).fetch(sha256, silent())
    assert not desk.photos.is_here(sha256)
    delivery(desk, FileLine(city, JINSHUI)).fetch(sha256, silent())
    assert desk.photos.open(sha256) == picture
    # The first copy belongs to nothing; it goes with the next sweep that finds it a day old.
    for name in blobs_of(desk).stored_names():
        os.utime(blobs_of(desk).path_of(name), (clock.now().timestamp(), clock.now().timestamp()))
    clock.advance(timedelta(days=2))
    assert desk.photos.sweep() == 1
    assert desk.photos.open(sha256) == picture


def test_a_photo_the_city_does_not_have_yet_is_asked_for_again_later(
    desk: Desk, city: City, line: FileLine, clock: FixedClock
) -> None:
    picture = a_picture("late")
    photo = photo_from_city(desk, city, picture)
    receiver = delivery(desk, line)
    assert receiver.counts() == (0, 0)
    assert missing(desk) == [(photo.sha256, "waiting")]
    assert receiver.fetch_thumbnails(silent(), 10) == 0
    assert missing(desk) == [(photo.sha256, "wanted")]
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        receiver.fetch(photo.sha256, silent())
    line.asked.clear()
    receiver.fetch_thumbnails(silent(), 10)
    assert line.asked == []
    sent_by_another(city, picture)
    files.keep_thumbnail(city, JINSHUI, photo.sha256, b"\xff\xd8\xffsmall")
    clock.advance(timedelta(minutes=16))
    assert receiver.fetch_thumbnails(silent(), 10) == 1
    assert desk.photos.thumbnail(photo.sha256) == b"\xff\xd8\xffsmall"
    assert missing(desk) == []


def missing(desk: Desk) -> list[tuple[str, str]]:
    """Files neither here nor with the city, and why."""
    with desk.store.read() as reader:
        return [(row[0], row[4]) for row in troubles.missing_files(reader.connection, 9)]


def test_the_newest_photos_of_others_come_first_and_no_more_than_asked(desk: Desk, city: City, line: FileLine) -> None:
    photos = [photo_from_city(desk, city, a_picture(str(number))) for number in range(3)]
    for number in range(3):
        sent_by_another(city, a_picture(str(number)))
    receiver = delivery(desk, line)
    receiver.fetch_thumbnails(silent(), 2)
    with desk.store.read() as reader:
        states = [rows.remote(reader.connection, photo.sha256) for photo in photos]
    assert [state.state for state in states if state is not None] == ["wanted", "with_city", "with_city"]


def test_a_photo_that_is_no_picture_in_the_thumbnail_is_not_kept(desk: Desk, city: City) -> None:
    picture = a_picture("one")
    photo = photo_from_city(desk, city, picture)
    sent_by_another(city, picture)
    files.keep_thumbnail(city, JINSHUI, photo.sha256, b"\xff\xd8\xffsmall")

    class Lying(FileLine):
        def fetch_thumbnail(self, _sha256: str) -> bytes | None:
            return b"<html>"

    assert delivery(desk, Lying(city, JINSHUI)).fetch_thumbnails(silent(), 1) == 0
    assert desk.photos.thumbnail(photo.sha256) is None


def test_screens_hear_of_photos_that_came_or_arrived(desk: Desk, city: City, line: FileLine) -> None:
    picture, own = a_picture("theirs"), a_picture("ours")
    photo = photo_from_city(desk, city, picture)
    sent_by_another(city, picture)
    files.keep_thumbnail(city, JINSHUI, photo.sha256, b"\xff\xd8\xffsmall")
    report_case(desk, own)
    receiver, heard = delivery(desk, line), []
    desk.store.listen(lambda changes: heard.append(changes.concerns("photo")))
    receiver.send(silent())
    receiver.fetch_thumbnails(silent(), 10)
    receiver.fetch(photo.sha256, silent())
    assert heard == [True, True, True]
    receiver.send(silent())
    receiver.fetch_thumbnails(silent(), 10)
    assert len(heard) == 3


def test_a_hash_no_record_names_is_not_fetched(desk: Desk, line: FileLine) -> None:
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        delivery(desk, line).fetch("0" * 64, silent())
    with pytest.raises(Unavailable, match=r"file\.missing"):
        desk.photos.open("0" * 64)
    assert line.asked == []


def test_another_district_gets_no_byte(desk: Desk, city: City, actor: Actor) -> None:
    picture = a_picture("one")
    sent_by_another(city, picture)
    photo_from_city(desk, city, picture)
    stranger = FileLine(city, ERQI)
    receiver = delivery(desk, stranger)
    assert receiver.fetch_thumbnails(silent(), 10) == 0
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        receiver.fetch(sha256_of(picture), silent())
    assert actor.person_id
