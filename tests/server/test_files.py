"""Files at the city: nothing is called complete that is not, and no district learns of another's."""

from __future__ import annotations

import errno
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from app.base.clock import FixedClock
from app.domain.problems import Refused, Unavailable
from app.wire.blobs import PIECE_BYTES
from server import files
from server.city import City, open_city
from server.sync import city_records
from tests.server.city_files import ERQI, JINSHUI, a_photo, name_file, offer_of, send_whole, sha256_of, some_bytes
from tests.server.devices import HUIJI

PIECE = 1000
JPEG = b"\xff\xd8\xff" + b"small"


def lying(city: City) -> list[Path]:
    """Every file the city keeps."""
    return [path for path in city.settings.files.rglob("*") if path.is_file()]


def test_a_file_is_complete_only_when_its_last_piece_is_there(city: City) -> None:
    data = some_bytes(2 * PIECE + 1)
    sha256 = sha256_of(data)
    assert files.state(city, JINSHUI, sha256).state == "unknown"
    state = files.offer(city, JINSHUI, offer_of(data))
    assert (state.state, state.offset) == ("partial", 0)
    for start in (0, PIECE):
        state = files.append(city, JINSHUI, sha256, start, data[start : start + PIECE])
        assert (state.state, state.offset, state.at) == ("partial", start + PIECE, None)
    state = files.append(city, JINSHUI, sha256, 2 * PIECE, data[2 * PIECE :])
    assert (state.state, state.offset, state.at) == ("complete", len(data), city.now())
    assert files.state(city, JINSHUI, sha256) == state == files.offer(city, JINSHUI, offer_of(data))


@pytest.mark.parametrize("pieces_sent", [0, 1, 2, 3])
def test_an_upload_goes_on_at_every_boundary_after_the_city_was_restarted(
    city: City, clock: FixedClock, pieces_sent: int
) -> None:
    data = some_bytes(4 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    for start in range(0, pieces_sent * PIECE, PIECE):
        files.append(city, JINSHUI, state.sha256, start, data[start : start + PIECE])
    city.database.close()
    again = open_city(city.settings, clock=clock)
    assert files.offer(again, JINSHUI, offer_of(data)).offset == pieces_sent * PIECE
    assert send_whole(again, JINSHUI, data, piece=PIECE).state == "complete"
    name_file(again, JINSHUI, data)
    assert files.read(again, JINSHUI, state.sha256, 0) == data
    again.close()


def test_what_a_killed_worker_wrote_but_never_acknowledged_is_cut_off(city: City) -> None:
    data = some_bytes(3 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    files.append(city, JINSHUI, state.sha256, 0, data[:PIECE])
    (part,) = lying(city)
    with part.open("ab") as file:
        file.write(b"what a worker wrote before it died" * PIECE)
    assert files.state(city, JINSHUI, state.sha256).offset == PIECE
    assert send_whole(city, JINSHUI, data, piece=PIECE).state == "complete"


def test_bytes_the_disk_lost_are_asked_for_again(city: City) -> None:
    data = some_bytes(3 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    files.append(city, JINSHUI, state.sha256, 0, data[: 2 * PIECE])
    (part,) = lying(city)
    os.truncate(part, 700)
    assert files.state(city, JINSHUI, state.sha256).offset == 700
    assert files.offer(city, JINSHUI, offer_of(data)).offset == 700
    assert send_whole(city, JINSHUI, data, piece=PIECE).state == "complete"
    lying(city)[0].unlink()
    assert files.state(city, JINSHUI, state.sha256).state == "unknown"
    assert files.offer(city, JINSHUI, offer_of(data)).offset == 0
    assert send_whole(city, JINSHUI, data, piece=PIECE).state == "complete"


def test_a_worker_killed_between_the_last_piece_and_its_proof_loses_nothing(city: City) -> None:
    data = some_bytes(2 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))

    def dies(*_anything: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_proved", dies)
        with pytest.raises(KeyboardInterrupt):
            files.append(city, JINSHUI, state.sha256, 0, data)
    assert files.state(city, JINSHUI, state.sha256).state == "partial"
    assert files.offer(city, JINSHUI, offer_of(data)).state == "complete"


@pytest.mark.parametrize("offset", [0, PIECE - 1, PIECE + 1, 2**62])
def test_a_piece_at_a_wrong_place_is_refused_and_told_the_right_one(city: City, offset: int) -> None:
    data = some_bytes(3 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    files.append(city, JINSHUI, state.sha256, 0, data[:PIECE])
    with pytest.raises(Refused) as refused:
        files.append(city, JINSHUI, state.sha256, offset, data[PIECE : 2 * PIECE])
    assert (refused.value.code, refused.value.details["offset"]) == ("sync.file_piece_misplaced", PIECE)
    assert files.state(city, JINSHUI, state.sha256).offset == PIECE


def test_an_altered_file_is_never_complete_and_begins_anew(city: City) -> None:
    data = some_bytes(2 * PIECE)
    altered = data[:-1] + bytes([data[-1] ^ 1])
    state = files.offer(city, JINSHUI, offer_of(data))
    with pytest.raises(Refused, match=r"sync\.file_altered"):
        files.append(city, JINSHUI, state.sha256, 0, altered)
    assert files.state(city, JINSHUI, state.sha256).offset == 0
    assert lying(city) == []
    assert send_whole(city, JINSHUI, data).state == "complete"


def test_more_bytes_than_were_offered_are_refused(city: City) -> None:
    data = some_bytes(PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    with pytest.raises(Refused, match=r"sync\.too_large"):
        files.append(city, JINSHUI, state.sha256, 0, data + b"x")
    with pytest.raises(Refused, match=r"sync\.too_large"):
        files.append(city, JINSHUI, state.sha256, 0, bytes(PIECE_BYTES + 1))
    limit = (city.settings.largest_file_mb << 20) + 1
    with pytest.raises(Refused, match=r"sync\.too_large"):
        files.offer(city, JINSHUI, offer_of(data).model_copy(update={"size": limit}))


def test_a_piece_sent_twice_because_its_answer_was_lost_changes_nothing(city: City) -> None:
    data = some_bytes(2 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    files.append(city, JINSHUI, state.sha256, 0, data[:PIECE])
    with pytest.raises(Refused, match=r"sync\.file_piece_misplaced"):
        files.append(city, JINSHUI, state.sha256, 0, data[:PIECE])
    whole = files.append(city, JINSHUI, state.sha256, PIECE, data[PIECE:])
    assert files.append(city, JINSHUI, state.sha256, PIECE, data[PIECE:]) == whole


def test_a_file_nobody_offered_takes_no_piece(city: City) -> None:
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        files.append(city, JINSHUI, "0" * 64, 0, b"x")
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        files.keep_thumbnail(city, JINSHUI, "0" * 64, JPEG)
    assert lying(city) == []


def test_another_district_neither_fetches_nor_learns_of_a_file(city: City) -> None:
    data = some_bytes(3 * PIECE)
    sha256 = send_whole(city, JINSHUI, data).sha256
    files.keep_thumbnail(city, JINSHUI, sha256, JPEG)
    name_file(city, JINSHUI, data)
    # A record that names somebody else's file does not open it either.
    name_file(city, ERQI, data)
    assert files.state(city, ERQI, sha256) == files.state(city, ERQI, "0" * 64).model_copy(update={"sha256": sha256})
    for ask in (files.thumbnail, lambda *where: files.read(*where, 0)):
        with pytest.raises(Refused, match=r"sync\.file_unknown"):
            ask(city, ERQI, sha256)
    assert files.offer(city, ERQI, offer_of(data)).offset == 0


def test_the_same_bytes_of_two_districts_lie_once_after_both_sent_them(city: City) -> None:
    data = some_bytes(3 * PIECE)
    sha256 = send_whole(city, JINSHUI, data).sha256
    send_whole(city, ERQI, data)
    assert len(lying(city)) == 1
    for scope in (JINSHUI, ERQI):
        name_file(city, scope, data)
        assert files.read(city, scope, sha256, 0) == data


def test_a_damaged_twin_is_not_shared(city: City) -> None:
    data = some_bytes(3 * PIECE)
    sha256 = send_whole(city, JINSHUI, data).sha256
    lying(city)[0].write_bytes(bytes(len(data)))
    send_whole(city, ERQI, data)
    name_file(city, ERQI, data)
    assert files.read(city, ERQI, sha256, 0) == data


def test_a_file_is_fetched_only_while_a_record_names_it(city: City) -> None:
    data = some_bytes(3 * PIECE)
    sha256 = send_whole(city, JINSHUI, data).sha256
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        files.read(city, JINSHUI, sha256, 0)
    name_file(city, JINSHUI, data)
    assert files.read(city, JINSHUI, sha256, 1, PIECE) == data[1 : PIECE + 1]
    assert files.read(city, JINSHUI, sha256, len(data)) == b""


def test_an_unfinished_file_is_not_fetched(city: City) -> None:
    data = some_bytes(3 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    files.append(city, JINSHUI, state.sha256, 0, data[:PIECE])
    name_file(city, JINSHUI, data)
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        files.read(city, JINSHUI, state.sha256, 0)


def test_only_small_pictures_are_kept_as_thumbnails_and_the_first_one_stays(city: City) -> None:
    data = some_bytes(PIECE)
    sha256 = files.offer(city, JINSHUI, offer_of(data)).sha256
    name_file(city, JINSHUI, data)
    for bad, code in ((b"GIF89a", "request_broken"), (b"", "request_broken"), (JPEG + bytes(256 * 1024), "too_large")):
        with pytest.raises(Refused, match=rf"sync\.{code}"):
            files.keep_thumbnail(city, JINSHUI, sha256, bad)
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        files.thumbnail(city, JINSHUI, sha256)
    files.keep_thumbnail(city, JINSHUI, sha256, JPEG)
    files.keep_thumbnail(city, JINSHUI, sha256, b"\x89PNG\r\n\x1a\nother")
    assert files.thumbnail(city, JINSHUI, sha256) == JPEG
    assert files.state(city, JINSHUI, sha256).thumbnail


def test_a_full_disk_is_told_and_loses_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    data = some_bytes(2 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    files.append(city, JINSHUI, state.sha256, 0, data[:PIECE])

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match=r"sync\.city_full"):
            files.append(city, JINSHUI, state.sha256, PIECE, data[PIECE:])
    assert files.state(city, JINSHUI, state.sha256).offset == PIECE
    assert files.append(city, JINSHUI, state.sha256, PIECE, data[PIECE:]).state == "complete"


def test_names_on_the_disk_are_never_those_of_the_wire(city: City) -> None:
    data = some_bytes(PIECE)
    send_whole(city, JINSHUI, data)
    assert sha256_of(data)[:8] not in str(lying(city)[0])


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63 + "/", "A" * 64, "", "%2e%2e"])
def test_a_name_that_is_no_hash_is_no_offer(name: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        offer_of(b"x").model_validate({"sha256": name, "size": 1})


def test_several_workers_sending_the_same_file_end_with_one_whole_file(city: City, clock: FixedClock) -> None:
    data = some_bytes(20 * PIECE)
    sha256 = sha256_of(data)
    problems: list[str] = []

    def send(worker: City) -> None:
        state = files.offer(worker, JINSHUI, offer_of(data))
        while state.state != "complete":
            piece = data[state.offset : state.offset + PIECE]
            try:
                state = files.append(worker, JINSHUI, sha256, state.offset, piece)
            except Refused as refused:
                problems.append(refused.code)
                state = files.state(worker, JINSHUI, sha256)

    workers = [open_city(city.settings, clock=clock) for _ in range(3)]
    threads = [threading.Thread(target=send, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.close()
    assert set(problems) <= {"sync.file_piece_misplaced"}
    name_file(city, JINSHUI, data)
    assert files.read(city, JINSHUI, sha256, 0) == data
    assert len(lying(city)) == 1


def test_unfinished_uploads_are_forgotten_after_their_time_and_whole_ones_never(city: City, clock: FixedClock) -> None:
    whole, part = some_bytes(PIECE, 1), some_bytes(2 * PIECE, 2)
    send_whole(city, JINSHUI, whole)
    state = files.offer(city, JINSHUI, offer_of(part))
    files.append(city, JINSHUI, state.sha256, 0, part[:PIECE])
    days = timedelta(days=city.settings.partial_file_days)
    assert files.tidy(city, partial_before=city.now() - days) == 0
    for path in lying(city):
        os.utime(path, (city.now().timestamp(), city.now().timestamp()))
    clock.advance(days + timedelta(days=1))
    assert files.tidy(city, partial_before=city.now() - days) == 2
    assert files.state(city, JINSHUI, state.sha256).state == "unknown"
    assert files.state(city, JINSHUI, sha256_of(whole)).state == "complete"
    assert len(lying(city)) == 1


def test_a_photo_handed_to_another_district_takes_its_file_along(city: City) -> None:
    data, other = some_bytes(PIECE, 1), some_bytes(PIECE, 2)
    sha256 = send_whole(city, JINSHUI, data).sha256
    send_whole(city, JINSHUI, other)
    hand_over(city, data)
    assert files.read(city, HUIJI, sha256, 0) == data
    assert files.state(city, HUIJI, sha256_of(other)).state == "unknown"
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        files.read(city, JINSHUI, sha256, 0)


def test_a_photo_handed_over_while_it_was_under_way_arrives_there_too(city: City) -> None:
    data = some_bytes(2 * PIECE)
    state = files.offer(city, JINSHUI, offer_of(data))
    files.append(city, JINSHUI, state.sha256, 0, data[:PIECE])
    hand_over(city, data)
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        files.read(city, HUIJI, state.sha256, 0)
    files.append(city, JINSHUI, state.sha256, PIECE, data[PIECE:])
    assert files.read(city, HUIJI, state.sha256, 0) == data


def hand_over(city: City, data: bytes) -> None:
    """The city moves a photo that names these bytes to another district."""
    photo = a_photo(city.ids.new(), city.ids.new(), data, city.now())
    with city.database.write() as connection:
        city_records.put(connection, city, scope=JINSHUI, record=photo, who="市平台")
    with city.database.write() as connection:
        city_records.move(connection, city, record_id=photo.id, to_scope=HUIJI, who="市平台")
