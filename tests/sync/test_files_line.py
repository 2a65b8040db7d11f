"""Photos and receipts through whole runs of two offices, over the city's own routes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from app.base.watch import silent
from app.domain.cases import PhotoPhase
from app.domain.problems import Refused, Unavailable
from app.sync.engine import SyncEngine
from app.sync.files import FileDelivery
from app.sync.line import CityLine
from app.sync.link import LinkStore
from app.sync.receipts import ask_receipt
from app.sync.views import SyncReport
from app.wire.blobs import PIECE_BYTES
from db.queries import troubles
from server import files
from server.city import City
from server.sync import city_records
from server.tables import BLOB
from tests.builders import a_picture
from tests.desks import JINSHUI
from tests.server.city_files import sha256_of, some_bytes
from tests.sync.offices import Office

MakeOffice = Callable[..., Office]


def delivery(office: Office) -> FileDelivery:
    """The photos of an office just started."""
    return FileDelivery(office.desk.store, office.desk.photos.blobs, office.line)


def run(office: Office, line: CityLine | None = None) -> SyncReport:
    """One run with photos."""
    asked = line or office.line
    photos = FileDelivery(office.desk.store, office.desk.photos.blobs, asked)
    return SyncEngine(office.desk.store, asked, LinkStore(office.desk.store), files=photos).run(silent())


def attach(office: Office, *pictures: bytes) -> UUID:
    """A case with these photos; gives its identity."""
    case = office.report()
    taken = [office.desk.photos.take_in(picture, f"{place}.jpg") for place, picture in enumerate(pictures)]
    office.desk.photos.attach(case.id, taken, PhotoPhase.BEFORE, actor=office.actor)
    return case.id


def test_the_photos_of_one_office_are_seen_by_the_other(make_desk_with_line: MakeOffice) -> None:
    here, there = make_desk_with_line("A"), make_desk_with_line("B")
    large = a_picture("large") + some_bytes(PIECE_BYTES + 5)
    case_id = attach(here, a_picture("small"), large)
    report = run(here)
    assert (report.problem_code, report.files_sent, report.files_waiting, report.finished) == ("", 2, 0, True)
    report = run(there)
    assert (report.problem_code, report.files_fetched, report.finished) == ("", 2, True)
    photos = there.desk.photos
    for picture in (a_picture("small"), large):
        assert photos.thumbnail(sha256_of(picture)) == here.desk.photos.thumbnail(sha256_of(picture))
        assert not photos.is_here(sha256_of(picture))
        with pytest.raises(Unavailable, match=r"sync\.file_not_here"):
            photos.open(sha256_of(picture))
    delivery(there).fetch(sha256_of(large), silent())
    assert photos.open(sha256_of(large)) == large
    report = run(there)
    assert (report.files_sent, report.files_waiting, report.finished) == (0, 0, True)
    with there.desk.store.read() as reader:
        assert troubles.missing_files(reader.connection, 9) == []
    checked = ask_receipt(there.desk.store, there.line, LinkStore(there.desk.store).need().city_sign_key, case_id)
    assert checked.is_equal
    assert len(checked.receipt.files) == 2


def test_another_district_sees_neither_photo_nor_receipt(make_desk_with_line: MakeOffice) -> None:
    here, stranger = make_desk_with_line("A"), make_desk_with_line("A", "410103")
    case_id = attach(here, a_picture("small"))
    run(here)
    run(stranger)
    sha256 = sha256_of(a_picture("small"))
    assert stranger.line.file_state(sha256).state == "unknown"
    assert stranger.line.fetch_thumbnail(sha256) is None
    with pytest.raises(Refused, match=r"sync\.file_unknown"):
        stranger.line.fetch_piece(sha256, 0)
    with pytest.raises(Refused, match=r"sync\.record_not_there"):
        stranger.line.receipt(case_id)


def test_the_receipt_says_two_of_three_photos(make_desk_with_line: MakeOffice, city: City) -> None:
    office = make_desk_with_line()
    case_id = attach(office, *(a_picture(str(number)) for number in range(3)))
    with office.desk.store.read() as reader:
        lost = reader.connection.exec_driver_sql("SELECT stored_name FROM files ORDER BY added_at LIMIT 1").scalar_one()
    office.desk.photos.blobs.path_of(lost).unlink()
    report = run(office)
    assert (report.files_sent, report.problem_code) == (2, "")
    with office.desk.store.read() as reader:
        assert troubles.files_of_cases(reader.connection, [case_id]) == {case_id: (2, 3)}
    key = LinkStore(office.desk.store).need().city_sign_key
    receipt = ask_receipt(office.desk.store, office.line, key, case_id).receipt
    assert sorted(file.complete for file in receipt.files) == [False, True, True]


def test_a_full_city_lets_records_through_and_photos_wait(
    make_desk_with_line: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_desk_with_line()
    attach(office, a_picture("one"))

    def full(_shelf: object, _size: int) -> None:
        raise Unavailable("sync.city_full")

    with monkeypatch.context() as patch:
        patch.setattr("server.shelf.FileShelf.need_room", full)
        report = run(office)
    assert (report.problem_code, report.waiting, report.files_waiting) == ("sync.city_full", 0, 1)
    report = run(office)
    assert (report.problem_code, report.files_waiting, report.finished) == ("", 0, True)


def test_after_a_restore_of_the_city_its_photos_come_again_from_whoever_has_them(
    make_desk_with_line: MakeOffice, city: City
) -> None:
    here, there = make_desk_with_line("A"), make_desk_with_line("B")
    picture = a_picture("one")
    attach(here, picture)
    run(here)
    run(there)
    delivery(there).fetch(sha256_of(picture), silent())
    with city.database.write() as connection:
        connection.execute(BLOB.delete())
        city_records.new_epoch(connection, city)
    report = run(there)
    assert (report.problem_code, report.files_sent) == ("", 1)
    assert files.state(city, JINSHUI, sha256_of(picture)).state == "complete"
    assert here.line.file_state(sha256_of(picture)).state == "complete"
