"""A copied disk or a restored image is noticed and gets an identity of its own; nothing unsent is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.base.clock import FixedClock
from app.base.machine import machine_mark
from app.base.paths import StorePaths
from app.desk import open_desk
from app.domain.problems import Unavailable
from app.sync.line import CityLine
from app.sync.link import Link, LinkStore
from app.sync.numbers import Numbers
from app.sync.views import LineState
from app.wire.accounts import EnrolReply, RenewRequest
from db.lock import StoreLock
from tests.sync.conftest import MakeOffice
from tests.sync.lines import Around
from tests.sync.offices import Office
from tests.sync.services import a_service


def test_a_copied_disk_on_another_machine_becomes_a_pc_of_its_own(
    make_desk_with_line: MakeOffice, tmp_path: Path, clock: FixedClock
) -> None:
    office = make_desk_with_line("A")
    office.sync()
    copy = copied(office, tmp_path / "copy", clock)
    case, other_case = office.report(), copy.report()

    assert a_service(copy, machine=lambda: "machine of the copy").run().finished
    assert a_service(office, machine=lambda: "machine A").run().finished
    assert a_service(copy, machine=lambda: "machine of the copy").run().finished

    assert link(copy).device_id != link(office).device_id
    assert copy.desk.reference.office().pc_mark != office.desk.reference.office().pc_mark
    assert copy.case(case.id) == office.case(case.id)
    assert office.sync().finished
    assert office.case(other_case.id) == copy.case(other_case.id)
    copy.desk.close()


def test_a_restored_image_gets_a_new_identity_and_its_unsent_work_arrives_as_it_was(
    make_desk_with_line: MakeOffice, tmp_path: Path, clock: FixedClock
) -> None:
    office = make_desk_with_line("A")
    service = a_service(office)
    service.run()
    case = office.report()
    image = copied(office, tmp_path / "image", clock)
    for _run in range(3):
        service.run()
    office.desk.close()
    before = link(image).device_id
    waiting = image.sql("SELECT change_id, fields FROM outbox WHERE state = 'waiting' ORDER BY seq")

    report = a_service(image).run()

    assert report.finished
    assert link(image).device_id != before
    sent = image.sql("SELECT change_id, fields, state FROM outbox WHERE record_id = ?", case.id.bytes)
    assert {(bytes(row[0]), row[1]) for row in sent} <= {(bytes(row[0]), row[1]) for row in waiting}
    assert {row[2] for row in sent} == {"settled"}
    image.desk.close()


def test_a_restored_image_never_gives_its_old_numbers_again(
    make_desk_with_line: MakeOffice, tmp_path: Path, clock: FixedClock
) -> None:
    office = make_desk_with_line("A")
    Numbers(office.desk.store).top_up(office.line, actor=office.desk.accounts.system())
    image = copied(office, tmp_path / "image", clock)
    given = office.report().city_no
    service = a_service(office)
    for _run in range(2):
        service.run()
    office.desk.close()

    assert a_service(image).run().finished

    assert given
    assert image.report().city_no not in ("", given)
    image.desk.close()


def test_a_renewal_whose_answer_was_lost_goes_on_with_the_same_keys(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line("A")
    office.sync()
    lines: list[LosesRenewal] = []

    def losing(link: LinkStore) -> CityLine:
        lines.append(LosesRenewal(office.line_of(link), lose=not any(line.asked for line in lines)))
        return lines[-1]

    service = a_service(office, losing, machine=lambda: "another machine")
    assert service.run().problem_code == "sync.offline"

    assert service.run().finished
    asked = [line.asked for line in lines if line.asked is not None]
    assert len({request.device_id for request in asked}) == len({request.sign_key for request in asked}) == 1
    assert link(office).device_id == asked[0].device_id


def test_a_machine_that_says_nothing_of_itself_keeps_its_identity(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line("A")
    before = link(office).device_id

    assert a_service(office, machine=lambda: "").run().finished

    assert link(office).device_id == before
    assert machine_mark() in ("", machine_mark())


def test_only_one_program_syncs_a_store(make_desk_with_line: MakeOffice, clock: FixedClock) -> None:
    office = make_desk_with_line("A")
    service = a_service(office)

    with StoreLock(office.desk.paths.sync_lock, clock, "sync"), pytest.raises(Unavailable, match=r"sync\.running"):
        service.run()

    assert service.status().state is LineState.IDLE
    assert service.run().finished


def test_before_the_first_sync_of_a_day_a_backup_lies_there(make_desk_with_line: MakeOffice) -> None:
    office = make_desk_with_line("A")
    service = a_service(office)
    service.run()
    assert office.desk.care.last_backup_at() is None, "nothing was entered yet"
    office.report()

    service.run()
    service.run()

    assert len(list(office.desk.paths.backups.glob("*.gdbackup"))) == 1


class LosesRenewal(Around):
    """The city gave the identity; its answer is lost."""

    def __init__(self, line: CityLine, *, lose: bool) -> None:
        super().__init__(line)
        self.asked: RenewRequest | None = None
        self._lose = lose

    def renew(self, request: RenewRequest) -> EnrolReply:
        self.asked = request
        reply = self.line.renew(request)
        if self._lose:
            raise Unavailable("sync.offline", reason="test")
        return reply


def copied(office: Office, folder: Path, clock: FixedClock) -> Office:
    """The same store, byte for byte, in another place."""
    with office.desk.store.local() as connection:
        connection.exec_driver_sql("SELECT 1")
    folder.mkdir()
    for file in office.desk.paths.folder.iterdir():
        if file.is_file() and not file.name.endswith("lock"):
            shutil.copy2(file, folder / file.name)
    return Office(open_desk(office.key, StorePaths.of(folder), clock), office.client, office.city, office.key)


def link(office: Office) -> Link:
    return LinkStore(office.desk.store).need()
