"""A delivery receipt says what the city holds, and nobody can write one but the city."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pydantic_core import from_json, to_json
from sqlalchemy import update

from app.base.clock import FixedClock
from app.base.watch import silent
from app.desk import Desk
from app.domain.canonical import record_sha256, row_sha256
from app.domain.cases import Case, CaseStep, Photo, PhotoPhase
from app.domain.catalog import TYPE_OF
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.receipts import GapKind
from app.reports.paper import Facts, Heading, Table, Words
from app.sync.files import FileDelivery
from app.sync.receipts import CheckedReceipt, ask_receipt
from app.wire.blobs import Receipt
from server import receipts
from server.city import City, open_city
from server.settings import CitySettings
from server.tables import RECORD
from tests.builders import a_case, a_draft, a_picture
from tests.desks import JINSHUI
from tests.server.city_files import ERQI, put_record, sha256_of
from tests.sync.file_line import FileLine


@pytest.fixture
def delivered(desk: Desk, city: City, actor: Actor, clock: FixedClock) -> UUID:
    """A case with two photos, with the city in every byte."""
    case = desk.cases.report(a_draft(), actor=actor)
    taken = [desk.photos.take_in(a_picture(name), name) for name in ("one.jpg", "two.jpg")]
    desk.photos.attach(case.id, taken, PhotoPhase.BEFORE, actor=actor)
    clock.advance(timedelta(minutes=5))
    put_all(desk, city, case.id)
    FileDelivery(desk.store, desk.photos.blobs, FileLine(city, JINSHUI)).send(silent())
    return case.id


def put_all(desk: Desk, city: City, case_id: UUID) -> None:
    """The records of a case as a push leaves them at the city."""
    with desk.store.read() as reader:
        case = reader.need(Case, case_id)
        children = [*reader.children(CaseStep, case_id), *reader.children(Photo, case_id)]
    for record in (case, *children):
        put_record(city, JINSHUI, TYPE_OF[type(record)].name, record)


def ask(desk: Desk, city: City, case_id: UUID, line: FileLine | None = None) -> CheckedReceipt:
    """The receipt as the desk asks for it."""
    return ask_receipt(desk.store, line or FileLine(city, JINSHUI), city.keys.sign_public, case_id)


def kinds(checked: CheckedReceipt) -> list[tuple[str, GapKind]]:
    """What differs."""
    return sorted((gap.record_type, gap.kind) for gap in checked.gaps)


def test_a_receipt_names_the_record_its_children_and_every_file(
    desk: Desk, city: City, delivered: UUID, actor: Actor
) -> None:
    checked = ask(desk, city, delivered)
    receipt = checked.receipt
    case = desk.cases.get(delivered)
    assert checked.is_equal
    assert (receipt.record_type, receipt.version, receipt.sha256) == ("case", 1, record_sha256(case))
    assert (receipt.received_at, receipt.now, receipt.city) == (city.now(), city.now(), city.name)
    detail = desk.cases.detail(delivered, actor=actor)
    assert {child["id"] for child in receipt.children} == {str(one.id) for one in (*detail.steps, *detail.photos)}
    assert {file.sha256 for file in receipt.files} == {sha256_of(a_picture(name)) for name in ("one.jpg", "two.jpg")}
    assert all(file.complete and file.at == city.now() for file in receipt.files)


@pytest.mark.parametrize(
    "forged",
    [
        {"version": 9},
        {"sha256": "0" * 64},
        {"children": []},
        {"files": []},
        {"signature": ""},
        {"signature": "A" * 86},
        {"received_at": "2020-01-01T00:00:00Z"},
        {"added_by_somebody": 1},
    ],
)
def test_a_receipt_somebody_touched_is_refused(
    desk: Desk, city: City, delivered: UUID, forged: dict[str, object]
) -> None:
    class Forging(FileLine):
        def receipt(self, record_id: UUID) -> Receipt:
            told = super().receipt(record_id).model_dump(mode="json")
            return Receipt.model_validate({**told, **forged})

    with pytest.raises(Refused, match=r"sync\.receipt_wrong"):
        ask(desk, city, delivered, Forging(city, JINSHUI))


def test_the_receipt_of_another_record_or_of_another_city_is_refused(
    desk: Desk, city: City, delivered: UUID, tmp_path: Path
) -> None:
    photo = desk.cases.detail(delivered, actor=_nobody(desk)).photos[0]

    class Swapping(FileLine):
        def receipt(self, record_id: UUID) -> Receipt:
            assert record_id == delivered
            return super().receipt(photo.id)

    with pytest.raises(Refused, match=r"sync\.receipt_wrong"):
        ask(desk, city, delivered, Swapping(city, JINSHUI))
    other = open_city(CitySettings(f"sqlite:{'///'}{tmp_path / 'other.sqlite'}", tmp_path / "o"), clock=city.clock)
    with pytest.raises(Refused, match=r"sync\.receipt_wrong"):
        ask_receipt(desk.store, FileLine(city, JINSHUI), other.keys.sign_public, delivered)
    other.close()


def _nobody(desk: Desk) -> Actor:
    return desk.accounts.actor(desk.accounts.persons()[0].id)


def test_a_change_of_one_letter_at_the_city_is_told(desk: Desk, city: City, delivered: UUID) -> None:
    with city.database.write() as connection:
        body = connection.execute(RECORD.select().where(RECORD.c.id == delivered)).mappings().one()["body"]
        altered = to_json({**from_json(body), "description": "店外经营,占用人行道。"}).decode()
        connection.execute(update(RECORD).where(RECORD.c.id == delivered).values(body=altered))
    assert kinds(ask(desk, city, delivered)) == [("case", GapKind.DIFFERENT)]


def test_unsent_work_and_undelivered_photos_are_told(desk: Desk, city: City, delivered: UUID, actor: Actor) -> None:
    taken = desk.photos.take_in(a_picture("three.jpg"), "three.jpg")
    (photo,) = desk.photos.attach(delivered, [taken], PhotoPhase.BEFORE, actor=actor)
    assert kinds(ask(desk, city, delivered)) == [
        ("photo", GapKind.FILE_NOT_WITH_CITY),
        ("photo", GapKind.NOT_WITH_CITY),
    ]
    put_record(city, JINSHUI, "photo", photo)
    checked = ask(desk, city, delivered)
    assert kinds(checked) == [("photo", GapKind.FILE_NOT_WITH_CITY)]
    assert [file.complete for file in checked.receipt.files].count(False) == 1
    FileDelivery(desk.store, desk.photos.blobs, FileLine(city, JINSHUI)).send(silent())
    assert ask(desk, city, delivered).is_equal


def test_what_only_the_city_holds_is_told(desk: Desk, city: City, delivered: UUID) -> None:
    photo = desk.cases.detail(delivered, actor=_nobody(desk)).photos[0]
    put_record(city, JINSHUI, "photo", photo.model_copy(update={"id": city.ids.new()}))
    assert kinds(ask(desk, city, delivered)) == [("photo", GapKind.NOT_HERE)]


def test_a_record_of_another_district_has_no_receipt(desk: Desk, city: City, delivered: UUID) -> None:
    with pytest.raises(Refused, match=r"sync\.record_not_there"):
        ask(desk, city, delivered, FileLine(city, ERQI))
    with pytest.raises(Refused, match=r"sync\.record_not_there"):
        ask(desk, city, city.ids.new())


def test_a_deleted_record_has_no_receipt(desk: Desk, city: City, delivered: UUID) -> None:
    with city.database.write() as connection:
        connection.execute(update(RECORD).where(RECORD.c.id == delivered).values(deleted=True))
    with pytest.raises(Refused, match=r"sync\.record_not_there"):
        receipts.receipt(city, frozenset({JINSHUI}), delivered)


def test_the_hash_of_a_record_does_not_depend_on_how_it_travelled() -> None:
    case = a_case(longitude=113.0, point_source={"b": 1, "a": [1.5, "二"]})
    sparse = case.model_dump(mode="json", exclude={"id", "version"}, exclude_defaults=True)
    full = case.model_dump(mode="json", exclude={"id", "version"})
    turned = dict(reversed(from_json(to_json(full)).items()))
    elsewhere = {**sparse, "reported_at": case.reported_at.astimezone().isoformat()}
    hashes = {row_sha256("case", case.id, row) for row in (sparse, full, turned, elsewhere)}
    assert hashes == {record_sha256(case), record_sha256(case.model_copy(update={"version": 7}))}


def test_a_field_of_a_newer_program_counts_the_same_beside_and_inside_the_extra_fields() -> None:
    case = a_case()
    row = case.model_dump(mode="json", exclude={"id", "version"}, exclude_defaults=True)
    beside = row_sha256("case", case.id, {**row, "mood": "calm"})
    assert beside == record_sha256(case.model_copy(update={"extra": {"mood": "calm"}}))
    assert beside != record_sha256(case)
    assert row_sha256("unheard_of", case.id, {"b": 1, "a": 2}) == row_sha256("unheard_of", case.id, {"a": 2, "b": 1})


def test_the_receipt_on_paper_says_that_both_hold_the_same(
    desk: Desk, city: City, delivered: UUID, actor: Actor
) -> None:
    checked = ask(desk, city, delivered)
    paper = desk.papers.delivery_receipt(checked.receipt, checked.gaps, actor=actor)
    assert isinstance(paper.blocks[0], Heading)
    assert "完全一致" in " ".join(block.text for block in paper.blocks if isinstance(block, Words))
    cells = [cell for block in paper.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    facts = [value for block in paper.blocks if isinstance(block, Facts) for row in block.rows for _title, value in row]
    assert {file.sha256 for file in checked.receipt.files} <= set(cells)
    assert {checked.receipt.sha256, checked.receipt.signature, "2026-11-02 09:05"} <= set(facts)
    assert "one.jpg" in cells


def test_the_receipt_on_paper_names_every_difference(desk: Desk, city: City, delivered: UUID, actor: Actor) -> None:
    taken = desk.photos.take_in(a_picture("three.jpg"), "three.jpg")
    desk.photos.attach(delivered, [taken], PhotoPhase.BEFORE, actor=actor)
    checked = ask(desk, city, delivered)
    paper = desk.papers.delivery_receipt(checked.receipt, checked.gaps, actor=actor)
    said = " ".join(block.text for block in paper.blocks if isinstance(block, Words))
    cells = [cell for block in paper.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    assert "2 处不一致" in said
    assert {"three.jpg", "市平台还没有", "文件还没有送到市平台"} <= set(cells)
