"""One case beside the list: what it says, and the steps taken from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.desk import Desk
from app.domain.cases import Case, PhotoPhase
from app.domain.permissions import Actor, OfficeRole
from app.domain.stages import Stage
from tests.ui.a_case import a_photo, a_unit, act, dispatched, registered, reported, settle
from ui.pages.cases.action_dialog import ActionDialog
from ui.pages.cases.case_facts import CaseFacts
from ui.pages.cases.choice_radios import wrapped
from ui.pages.cases.detail import DetailPane
from ui.pages.cases.link_dialog import LinkDialog
from ui.pages.context import PageContext
from ui.widgets.choices import Choice


@pytest.fixture
def pane(context: PageContext, window: QWidget, qtbot: QtBot) -> Iterator[DetailPane]:
    made = DetailPane(context)
    QVBoxLayout(window).addWidget(made)
    window.show()
    qtbot.waitExposed(window)
    yield made
    settle(qtbot, context.tasks)


def show(pane: DetailPane, case: Case, qtbot: QtBot) -> None:
    pane.show_case(case.id)
    qtbot.waitUntil(lambda: pane.case is not None and pane.case.id == case.id)


def take(pane: DetailPane, key: str, qtbot: QtBot) -> ActionDialog:
    pane.taking.dialog = None
    pane.take_key(key)
    dialog = pane.taking.dialog
    assert dialog is not None
    return dialog


def story(pane: DetailPane) -> list[tuple[str, str, str]]:
    return [(step.title, step.person, step.reason) for step in pane.story.steps()]


def test_the_head_says_what_it_is_and_how_its_time_stands(
    pane: DetailPane, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = dispatched(desk, actor, a_unit(desk, actor), source_no="HL-7", description="x")

    show(pane, case, qtbot)

    words = pane.head.words()
    assert words.startswith("店外经营 | ● 剩 ")
    assert "待处置" in words
    assert "待送" in words
    assert case.local_no in words
    assert "来源编号 HL-7" in words


def test_only_steps_allowed_now_are_buttons_and_the_others_say_why(
    pane: DetailPane, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = dispatched(desk, actor, a_unit(desk, actor))
    handled = act(desk, actor, case, "assign", handler_name="处置员甲")

    show(pane, handled, qtbot)

    assert "处置完成" not in pane.bar.titles()
    assert "撤销指派" in pane.bar.titles()
    popup = pane.bar.say_why()
    assert any(words.startswith("处置完成:案件") and "处置后照片" in words for words in popup.words())  # type: ignore[attr-defined]
    popup.close()


def test_a_role_that_is_missing_is_told_in_words(context: PageContext, desk: Desk, actor: Actor) -> None:
    from ui.pages.cases.offer_words import closed_offers, refusal_words

    case = reported(desk, actor)
    leader = Actor(actor.person_id, "王局", frozenset({OfficeRole.LEADER}), actor.device_id)

    offers = desk.cases.detail(case.id, actor=leader).offers
    said = {offer.step.action: refusal_words(offer.refusal) for offer in closed_offers(list(offers)) if offer.refusal}

    assert said["register"].startswith("立案由其他角色办理(受理员)")


def test_a_step_that_asks_nothing_goes_at_once(
    pane: DetailPane, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    unit = a_unit(desk, actor)
    case = act(desk, actor, dispatched(desk, actor, unit), "assign", handler_name="处置员甲")
    desk.photos.attach(case.id, [desk.photos.take_in(a_photo(), "后.jpg")], PhotoPhase.AFTER, actor=actor)
    show(pane, case, qtbot)

    with qtbot.waitSignal(pane.taken):
        pane.take_key("F5")

    assert desk.cases.get(case.id).stage == Stage.HANDLE_FINISHED
    assert "处置完成" in context.notices.shown()
    assert desk.cases.detail(case.id, actor=actor).steps[-1].on_behalf_of == "处置员甲"


def test_a_refused_step_says_so_at_the_field_and_loses_nothing_typed(
    pane: DetailPane, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = registered(desk, actor)
    show(pane, case, qtbot)
    dialog = take(pane, "F5", qtbot)
    dialog.field("note").widget.set_value("请尽快")  # type: ignore[attr-defined]

    dialog.submit()

    qtbot.waitUntil(lambda: bool(dialog.form.field("unit").wrong()))
    assert "派遣必须选定处置部门" in dialog.form.field("unit").wrong()
    assert dialog.inputs().note == "请尽快"
    assert desk.cases.get(case.id).stage == Stage.PENDING_DISPATCH


def test_a_dispatch_goes_to_the_unit_chosen_and_the_story_tells_it(
    pane: DetailPane, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    unit = a_unit(desk, actor)
    case = registered(desk, actor)
    show(pane, case, qtbot)
    dialog = take(pane, "F5", qtbot)
    dialog.field("unit").widget.set_choice(Choice(str(unit.id), "SZ", unit.name))  # type: ignore[attr-defined]
    dialog.field("note").widget.set_value("先围护")  # type: ignore[attr-defined]

    with qtbot.waitSignal(pane.taken):
        dialog.submit()

    qtbot.waitUntil(lambda: len(story(pane)) == 4)
    assert story(pane)[-1] == ("派遣 · 待派遣 → 待处置", "张敏", "处置部门 市政设施中心\n先围护")


def test_a_return_wants_its_reason_and_keeps_what_was_filled_in(
    pane: DetailPane, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = dispatched(desk, actor, a_unit(desk, actor))
    show(pane, case, qtbot)
    dialog = take(pane, "F6", qtbot)

    dialog.submit()
    qtbot.waitUntil(lambda: "必须写明理由" in dialog.form.field("note").wrong())
    dialog.field("note").widget.set_value("不是本单位的设施")  # type: ignore[attr-defined]
    with qtbot.waitSignal(pane.taken):
        dialog.submit()

    after = desk.cases.get(case.id)
    assert after.stage == Stage.RETURNED_DISPATCHER
    assert after.unit_name == "市政设施中心"
    assert after.description == case.description


def test_registering_offers_the_conditions_of_the_category_with_their_limits(
    pane: DetailPane, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = reported(desk, actor)
    show(pane, case, qtbot)

    dialog = take(pane, "F5", qtbot)

    chosen = dialog.inputs().condition
    assert chosen is not None
    assert chosen.no == 1
    button = dialog.findChild(QWidget, "condition_1")
    assert button is not None
    assert chosen.limit_text in button.accessibleName()
    assert chosen.filing in button.accessibleName()


def test_a_suspension_takes_its_day_and_who_approved_it(
    pane: DetailPane, desk: Desk, actor: Actor, clock: FixedClock, qtbot: QtBot
) -> None:
    case = dispatched(desk, actor, a_unit(desk, actor))
    show(pane, case, qtbot)
    dialog = take(pane, "F7", qtbot)
    day = (clock.now() + timedelta(days=10)).date()
    dialog.field("until").widget.set_value(day)  # type: ignore[attr-defined]
    dialog.field("approved_by").widget.set_value("王局")  # type: ignore[attr-defined]
    dialog.field("note").widget.set_value("等配件")  # type: ignore[attr-defined]

    with qtbot.waitSignal(pane.taken):
        dialog.submit()

    assert desk.cases.get(case.id).stage == Stage.SUSPENDED
    qtbot.waitUntil(lambda: f"挂账至 {day:%Y-%m-%d}" in pane.head.words())
    assert "批准人 王局" in story(pane)[-1][2]


def test_a_key_whose_step_is_closed_says_the_rule(
    pane: DetailPane, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = act(desk, actor, dispatched(desk, actor, a_unit(desk, actor)), "assign", handler_name="处置员甲")
    show(pane, case, qtbot)

    pane.take_key("F5")

    assert context.notices.shown().startswith("不能处置完成:")


def test_a_key_pressed_while_the_next_case_is_read_acts_on_neither(
    pane: DetailPane, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    before, after = registered(desk, actor), registered(desk, actor, house_no="14")
    show(pane, before, qtbot)

    pane.show_case(after.id)
    pane.take_key("F5")

    assert pane.taking.dialog is None
    qtbot.waitUntil(lambda: pane.case is not None and pane.case.id == after.id)


def test_photos_are_hashed_in_and_shown_in_their_phase_and_round(
    pane: DetailPane, desk: Desk, actor: Actor, tmp_path: Path, qtbot: QtBot
) -> None:
    case = dispatched(desk, actor, a_unit(desk, actor))
    show(pane, case, qtbot)
    good, empty = tmp_path / "前.jpg", tmp_path / "空.jpg"
    good.write_bytes(a_photo())
    empty.write_bytes(b"")

    with qtbot.waitSignal(pane.photos.added):
        pane.photos.add_files("before:0", [good, empty])

    photos = desk.cases.detail(case.id, actor=actor).photos
    assert [(photo.phase, photo.batch) for photo in photos] == [(PhotoPhase.BEFORE, 0)]
    assert "空.jpg" in pane.photos.refused_words()
    qtbot.waitUntil(lambda: _text(pane, "photos_before:0_title") == "处置前 1 张")


def test_who_reported_is_masked_until_asked_and_the_look_is_written_down(
    pane: DetailPane, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    case = reported(desk, actor, reporter_name="李某", reporter_phone="00012345678")
    show(pane, case, qtbot)
    assert pane.facts.reporter.text() == "李* 000****5678"

    pane.facts.reporter.reveal_wanted.emit()

    qtbot.waitUntil(lambda: pane.facts.reporter.text() == "李某  00012345678")
    deeds = [line.deed for line in desk.audit.of_record(case.id, actor=actor)]
    assert "case.reveal_reporter" in deeds


def test_a_case_is_linked_by_any_of_its_numbers(
    pane: DetailPane, context: PageContext, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    other, case = reported(desk, actor, source_no="HL-9"), reported(desk, actor, house_no="14")
    show(pane, case, qtbot)
    pane.head.link_wanted.emit()
    dialog = pane.findChild(LinkDialog)
    assert dialog is not None
    dialog.number.set_value("没有这个号")
    dialog.submit()
    qtbot.waitUntil(lambda: "没有找到案件" in dialog.form.field("number").wrong())

    dialog.number.set_value("HL-9")
    dialog.submit()

    qtbot.waitUntil(lambda: desk.cases.get(case.id).linked_case_id == other.id)
    link = pane.findChild(QWidget, "linked_case")
    qtbot.waitUntil(lambda: link is not None and other.local_no in link.accessibleName())


def test_the_number_goes_to_the_clipboard(pane: DetailPane, desk: Desk, actor: Actor, qtbot: QtBot) -> None:
    case = reported(desk, actor)
    show(pane, case, qtbot)

    pane.head.copy_wanted.emit()

    assert QGuiApplication.clipboard().text() == case.local_no


def test_facts_stand_in_two_columns_where_there_is_room(
    pane: DetailPane, window: QWidget, desk: Desk, actor: Actor, qtbot: QtBot
) -> None:
    show(pane, dispatched(desk, actor, a_unit(desk, actor)), qtbot)

    def columns(facts: CaseFacts) -> int:
        return len({label.x() for label, _value, _wide in facts._pairs})

    window.resize(500, 760)
    qtbot.waitUntil(lambda: columns(pane.facts) == 1)
    window.resize(1500, 760)
    qtbot.waitUntil(lambda: columns(pane.facts) == 2)


def test_a_radio_line_breaks_before_it_is_cut() -> None:
    lines = wrapped("超出门窗、外墙摆卖,占用人行道经营并且影响行人通行的店铺和摊位的处置办法说明文字 → 2 小时").split(
        "\n"
    )

    assert len(lines) == 2
    assert all(len(line) <= 36 for line in lines)


def _text(pane: DetailPane, object_name: str) -> str:
    label = pane.findChild(QLabel, object_name)
    return "" if label is None else label.text()
