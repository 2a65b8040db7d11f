"""One finding, two desks without a line, two cases: which stands, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.base.clock import FixedClock
from app.domain.cases import PhotoPhase
from app.domain.findings import FindingDraft, FindingState
from tests.builders import a_picture
from tests.sync.conftest import MakeOffice
from tests.sync.offices import Office


def a_finding_known_to_both(office: Office, other: Office) -> UUID:
    photo = office.desk.photos.take_in(a_picture("one"), "one.jpg")
    draft = FindingDraft(road="纬一路", house_no="12", description="出店摆放")
    finding = office.desk.findings.report(draft, actor=office.actor, photos={PhotoPhase.BEFORE: [photo]})
    for one in (office, other):
        report = one.sync()
        assert (report.conflicts, report.refused, report.held) == (0, 0, 0)
    return finding.id


def test_the_case_the_city_heard_of_first_stands_and_the_other_is_linked_to_it(
    make_desk_with_line: MakeOffice, clock: FixedClock
) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    finding_id = a_finding_known_to_both(office, other)
    first = office.desk.findings.to_case(finding_id, actor=office.actor)
    clock.advance(timedelta(minutes=1))
    second = other.desk.findings.to_case(finding_id, actor=other.actor)

    for one in (office, other):
        report = one.sync()
    joined = other.desk.findings.join_doubles(actor=other.desk.accounts.system())
    for one in (other, office, other):
        report = one.sync()

    assert (report.conflicts, report.refused, report.held) == (0, 0, 0)
    assert [case.id for case in joined] == [second.id]
    for one in (office, other):
        finding = one.desk.findings.get(finding_id)
        assert (finding.state, finding.case_id, finding.case_no) == (FindingState.CASE, first.id, first.local_no)
        linked, standing = one.case(second.id), one.case(first.id)
        assert linked is not None
        assert standing is not None
        assert (linked.linked_case_id, standing.linked_case_id) == (first.id, None)
    assert office.desk.findings.join_doubles(actor=office.desk.accounts.system()) == []


def test_two_decisions_that_differ_are_left_to_a_person(make_desk_with_line: MakeOffice, clock: FixedClock) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    finding_id = a_finding_known_to_both(office, other)
    office.desk.findings.to_case(finding_id, actor=office.actor)
    clock.advance(timedelta(minutes=1))
    other.desk.findings.drop(finding_id, "已有许可", actor=other.actor)

    office.sync()
    report = other.sync()

    assert report.conflicts == 1
    assert other.desk.sync.status().conflicts == 1


def test_a_photo_of_a_finding_arrives_at_the_other_desk(make_desk_with_line: MakeOffice) -> None:
    office, other = make_desk_with_line("A"), make_desk_with_line("B")
    finding_id = a_finding_known_to_both(office, other)

    assert [photo.name for photo in other.desk.photos.of(finding_id)] == ["one.jpg"]
