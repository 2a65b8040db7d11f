"""What an office does with cases, on a real store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.case_views import CaseFilter, CaseView
from app.domain.cases import Case, CaseDraft, PhotoPhase
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused
from app.domain.stages import Stage
from app.services.case_words import delivery_word
from tests.builders import a_draft, a_picture


def numbers(desk: Desk, wanted: CaseFilter) -> list[str]:
    return [line.local_no for line in desk.case_lists.first_page(wanted)]


def act(desk: Desk, case: Case, action: str, actor: Actor, **given: object) -> Case:
    return desk.cases.act(case.id, action, StepInputs(**given), actor=actor)  # type: ignore[arg-type]


def dispatched(desk: Desk, actor: Actor) -> Case:
    case = desk.cases.report(a_draft(), actor=actor)
    act(desk, case, "register", actor)
    unit = desk.directory.units()[0]
    return act(desk, case, "dispatch", actor, unit_id=unit.id, unit_name=unit.name)


def test_a_whole_day_of_one_case_from_the_call_to_the_archive(desk: Desk, actor: Actor) -> None:
    case = dispatched(desk, actor)
    act(desk, case, "assign", actor, handler_name="处置员甲")
    after = desk.photos.take_in(a_picture(), "after.jpg")
    desk.photos.attach(case.id, [after], PhotoPhase.AFTER, actor=actor)
    act(desk, case, "submit", actor)
    act(desk, case, "confirm", actor)
    act(desk, case, "forward", actor)
    act(desk, case, "send_check", actor, collector_name="采集员甲")
    act(desk, case, "check_done", actor, collector_name="采集员甲", result="ok")
    closed = act(desk, case, "close", actor)

    story = [step.action for step in desk.cases.detail(case.id, actor=actor).steps]

    assert closed.stage == Stage.CLOSED
    assert story == (
        [
            "report",
            "enter_pool",
            "register",
            "dispatch",
            "assign",
            "submit",
            "confirm",
            "forward",
            "send_check",
            "check_done",
            "close",
        ]
    )
    assert not any(offer.allowed for offer in desk.cases.detail(case.id, actor=actor).offers)


def test_a_case_is_found_by_any_of_its_numbers(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(source_system="12345", source_no="202611020001"), actor=actor)

    for number in (str(case.id), case.local_no, "202611020001"):
        assert desk.cases.find_number(number) == case.id
    for typed in ("202611020001", "0001", case.local_no, str(case.id)):
        assert case.local_no in numbers(desk, CaseFilter(search=typed))
    with pytest.raises(Refused) as refused:
        desk.cases.find_number("没有这个号")
    assert refused.value.code == "case.not_found"


def test_numbers_rise_within_a_day_and_start_again_the_next(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    first, second = (desk.cases.report(a_draft(), actor=actor).local_no for _ in range(2))
    clock.advance(timedelta(days=1))
    next_day = desk.cases.report(a_draft(), actor=actor).local_no

    assert first.startswith("JS-")
    assert (first[-11:], second[-11:], next_day[-11:]) == ("261102-0001", "261102-0002", "261103-0001")


@pytest.mark.parametrize(
    ("missing", "field", "code"),
    [
        ({"source": ""}, "source", "case.source_missing"),
        ({"minor": "", "description": ""}, "minor", "case.nothing_said"),
        ({"street_code": "", "road": "", "house_no": ""}, "street_code", "case.place_missing"),
        ({"longitude": 113.6}, "longitude", "case.point_incomplete"),
    ],
)
def test_a_form_says_at_the_field_what_is_missing(
    desk: Desk, actor: Actor, missing: dict[str, object], field: str, code: str
) -> None:
    draft = a_draft(**missing)

    assert desk.cases.missing(draft)[field].code == code
    with pytest.raises(Refused) as refused:
        desk.cases.report(draft, actor=actor)
    assert refused.value.code == code


def test_a_report_from_a_clock_a_year_ahead_is_asked_about(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    draft = a_draft(reported_at=clock.now() + timedelta(days=365))
    assert desk.cases.missing(draft)["reported_at"].code == "case.reported_later"


def test_the_case_keeps_the_names_and_the_standard_it_was_filed_under(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)

    assert (case.major_name, case.minor_name, case.street_name) == ("街面秩序", "店外经营", "经八路街道")
    assert case.standards_version == "builtin:GB2013:2026-11"
    assert desk.reference.categories_of(case.standards_version).find("event", "04", "05") is not None


def test_the_duplicate_hint_sees_the_same_matter_near_in_place_and_time(
    desk: Desk, actor: Actor, clock: FixedClock
) -> None:
    near = desk.cases.report(a_draft(longitude=113.66, latitude=34.77, house_no="900"), actor=actor)
    same_door = desk.cases.report(a_draft(house_no="１２号"), actor=actor)
    desk.cases.report(a_draft(house_no="14"), actor=actor)
    clock.advance(timedelta(hours=2))

    hints = desk.cases.duplicates(a_draft(longitude=113.66, latitude=34.7704))

    assert {hint.id for hint in hints} == {near.id, same_door.id}
    assert 30 < next(hint.metres for hint in hints if hint.id == near.id) < 50  # type: ignore[operator]
    clock.advance(timedelta(hours=30))
    assert not desk.cases.duplicates(a_draft(longitude=113.66, latitude=34.7704))


def test_another_category_at_the_same_door_is_no_duplicate(desk: Desk, actor: Actor) -> None:
    desk.cases.report(a_draft(), actor=actor)
    assert not desk.cases.duplicates(a_draft(major="04", minor="06"))


def test_a_suspended_case_comes_back_by_itself_on_its_day(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    case = dispatched(desk, actor)
    until = clock.now() + timedelta(days=10)
    act(desk, case, "suspend", actor, note="等施工", until=until, approved_by="值班长")

    assert not desk.cases.resume_due(actor=desk.accounts.system())
    clock.advance(timedelta(days=10, minutes=1))
    (resumed,) = desk.cases.resume_due(actor=desk.accounts.system())

    assert resumed.stage == Stage.PENDING_HANDLE
    assert desk.cases.detail(case.id, actor=actor).steps[-1].actor_name == "系统"


def test_a_case_settled_on_the_spot_waits_for_both_photos(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(self_handled=True), actor=actor)
    assert case.stage == Stage.REPORTED
    with pytest.raises(Refused) as refused:
        act(desk, case, "self_handle", actor)
    assert refused.value.code == "case.both_photos_missing"

    for phase in (PhotoPhase.BEFORE, PhotoPhase.AFTER):
        desk.photos.attach(case.id, [desk.photos.take_in(a_picture(phase), f"{phase}.jpg")], phase, actor=actor)
    assert act(desk, case, "self_handle", actor).self_handled


def test_many_cases_are_dispatched_at_once_and_the_refused_ones_are_named(desk: Desk, actor: Actor) -> None:
    ready = [desk.cases.report(a_draft(), actor=actor) for _ in range(2)]
    for case in ready:
        act(desk, case, "register", actor)
    raw = desk.cases.report(a_draft(), actor=actor)
    unit = desk.directory.units()[0]
    given = StepInputs(unit_id=unit.id, unit_name=unit.name)

    refused = desk.cases.act_on_many([*(case.id for case in ready), raw.id], "dispatch", given, actor=actor)

    assert [(case_id, problem.code) for case_id, problem in refused] == [(raw.id, "case.step_unknown")]
    assert all(desk.cases.get(case.id).stage == Stage.PENDING_HANDLE for case in ready)


def test_a_correction_after_filing_needs_a_reason_and_keeps_the_category(desk: Desk, actor: Actor) -> None:
    case = dispatched(desk, actor)

    with pytest.raises(Refused) as no_reason:
        desk.cases.correct(case.id, a_draft(house_no="13"), "", actor=actor)
    with pytest.raises(Refused) as other_category:
        desk.cases.correct(case.id, a_draft(minor="06"), "改类别", actor=actor)
    corrected = desk.cases.correct(case.id, a_draft(house_no="13"), "门牌写错", actor=actor)

    assert (no_reason.value.code, other_category.value.code) == ("case.reason_missing", "case.field_fixed")
    assert corrected.house_no == "13"
    assert corrected.condition == case.condition
    assert "13" in corrected.address
    assert desk.cases.detail(case.id, actor=actor).steps[-1].note == "门牌写错"


def test_looking_at_a_reporter_is_allowed_to_few_and_written_down(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(reporter_name="李某", reporter_phone="00012345678"), actor=actor)
    desk.accounts.add_person("王某", "wang", [OfficeRole.AUDITOR], "Audit-only-2026", actor=actor)
    auditor = desk.accounts.actor(desk.accounts.person_named("wang").id)

    with pytest.raises(Refused) as refused:
        desk.cases.reveal_reporter(case.id, actor=auditor)
    seen = desk.cases.reveal_reporter(case.id, actor=actor)

    assert refused.value.code == "case.personal_data_denied"
    assert seen == ("李某", "00012345678")
    assert desk.audit.of_record(case.id, actor=auditor)[0].deed == "case.reveal_reporter"
    assert numbers(desk, CaseFilter(search="李某", search_persons=True)) == [case.local_no]
    assert numbers(desk, CaseFilter(search="李某")) == []


def test_the_saved_views_hold_what_their_names_say(desk: Desk, actor: Actor, clock: FixedClock) -> None:
    waiting = desk.cases.report(a_draft(), actor=actor)
    sent = dispatched(desk, actor)
    returned = dispatched(desk, actor)
    act(desk, returned, "return_dispatcher", actor, note="不归我管")

    def shown(view: CaseView) -> set[str]:
        return set(numbers(desk, desk.case_lists.view(view, actor=actor)))

    assert shown(CaseView.IN_HANDLING) == {sent.local_no}
    assert shown(CaseView.RETURNED) == {returned.local_no}
    assert shown(CaseView.DUE_TODAY) == {waiting.local_no, sent.local_no, returned.local_no}
    clock.advance(timedelta(hours=3))
    assert shown(CaseView.OVERDUE) == {waiting.local_no, sent.local_no, returned.local_no}
    assert shown(CaseView.DUE_TODAY) == set()


def test_a_new_calendar_lays_out_the_times_of_open_cases_anew(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(kind="component", major="01", minor="01", condition_no=3), actor=actor)
    act(desk, case, "register", actor)
    unit = desk.directory.units()[0]
    before = act(desk, case, "dispatch", actor, unit_id=unit.id, unit_name=unit.name)

    desk.reference.take_over_workdays({"2026-11-03": False}, label="临时放假", source="测试", actor=actor)
    desk.cases.lay_out_times(actor=actor)

    assert before.due_at is not None
    assert desk.cases.get(case.id).due_at == before.due_at + timedelta(days=1)


def test_a_draft_goes_with_the_commit_that_makes_it_a_case(desk: Desk, actor: Actor) -> None:
    draft_id = desk.drafts.save("case", {"description": "写到一半"}, actor=actor)
    other = desk.drafts.save("case", {"description": "另一份"}, actor=actor)

    desk.cases.report(a_draft(), actor=actor, draft_id=draft_id)

    assert [draft.id for draft in desk.drafts.all("case", actor=actor)] == [other]


def test_nobody_sees_anothers_drafts(desk: Desk, actor: Actor) -> None:
    desk.drafts.save("case", {"description": "我的"}, actor=actor)
    desk.accounts.add_person("王某", "wang", [OfficeRole.ACCEPTOR], "Other-person-26", actor=actor)
    other = desk.accounts.actor(desk.accounts.person_named("wang").id)
    assert not desk.drafts.all("case", actor=other)


def test_a_long_text_rare_characters_and_emoji_are_kept_byte_for_byte(desk: Desk, actor: Actor) -> None:
    text = "𰻝𰻝面馆门口🧧" + "井盖破损。" * 2000 + "\u0000\u202e结尾"
    case = desk.cases.report(a_draft(description=text), actor=actor)

    assert desk.cases.get(case.id).description == text
    assert numbers(desk, CaseFilter(search="𰻝面")) == [case.local_no]


def test_a_case_of_the_old_numbering_is_not_taken_for_the_new_one(desk: Desk, actor: Actor) -> None:
    old = desk.reference.categories(scheme="CJT214").find("event", "05", "04")
    new = desk.reference.categories(scheme="GB2013").find("event", "05", "04")
    assert old is not None
    assert old.minor_name == "店外经营"
    assert new is None or new.minor_name != "店外经营"


def test_the_first_person_may_not_be_taken_away(desk: Desk, actor: Actor) -> None:
    person = desk.accounts.persons()[0]
    with pytest.raises(Refused) as refused:
        desk.accounts.set_person(person.changed(desk.clock.now(), active=False), actor=actor)
    assert refused.value.code == "account.last_administrator"


def test_photos_of_the_same_bytes_are_kept_once(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(a_picture())
    first, second = desk.photos.take_in(picture), desk.photos.take_in(picture)

    assert first.sha256 == second.sha256
    assert len([path for path in desk.paths.files.rglob("*") if path.is_file()]) == 1
    assert desk.photos.open(first.sha256) == picture.read_bytes()
    thumbnail = desk.photos.thumbnail(first.sha256)
    assert thumbnail is not None
    assert thumbnail.startswith(b"\xff\xd8")


def test_a_weak_password_makes_no_person(desk: Desk, actor: Actor) -> None:
    with pytest.raises(Refused):
        desk.accounts.add_person("王某", "wang", [OfficeRole.ACCEPTOR], "12345678", actor=actor)
    assert len(desk.accounts.persons()) == 1


def test_an_empty_form_can_still_be_kept_as_a_draft(desk: Desk, actor: Actor) -> None:
    body = CaseDraft().model_dump(mode="json")
    draft_id = desk.drafts.save("case", body, actor=actor)
    assert desk.drafts.all("case", actor=actor)[0].id == draft_id


def test_what_was_never_sent_is_not_called_sent(desk: Desk, actor: Actor) -> None:
    case = desk.cases.report(a_draft(), actor=actor)
    desk.photos.attach(case.id, [desk.photos.take_in(a_picture(), "a.jpg")], PhotoPhase.BEFORE, actor=actor)

    # The case, its two steps and its photo.
    assert desk.cases.detail(case.id, actor=actor).waiting == 4
    assert delivery_word(4, 0) == "待送 4"
    assert delivery_word(0, 0) == "仅本机"
    assert delivery_word(0, 3) == "已送 ✓"
