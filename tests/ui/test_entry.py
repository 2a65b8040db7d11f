"""The entry form from the first field to the last, and what becomes of what is typed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.base.clock import FixedClock
from app.domain.cases import Case, CaseDraft, CaseKind, Photo, PhotoPhase
from app.domain.problems import Unavailable
from app.services.cases import CaseService
from app.services.photos import PhotoService
from tests.ui.typing_hands import compose, enter, press, put
from ui.forms.entry_keeper import CASE_FORM
from ui.pages.cases.entry import EntryForm
from ui.pages.context import PageContext
from ui.widgets.photo_intake import photo_paths

DATA = Path(__file__).parent.parent / "data"
S = TypeVar("S")
CONTROL = Qt.KeyboardModifier.ControlModifier
NAUGHTY = (
    " leading and trailing ",
    "\ttab\x0b\x0c\x85\u00a0\u1680\u2028\u2029\u3000\ufeff\u200b\u202e\u2066",
    "\x01\x02\x1f\x7f\x9f\ufffe\ufdd0",
    "'; DROP TABLE cases; -- <b>粗</b> {0} %s $HOME",
    "𰻝𠜎𪚥 👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "../../../etc/passwd",
    "null",
    "undefined",
    "0x7f",
    "１２３",
)


@pytest.fixture
def new_form(context: PageContext, window: QWidget, qtbot: QtBot) -> Callable[..., EntryForm]:
    """Makes forms on the screen."""

    def make(given: PageContext = context) -> EntryForm:
        form = EntryForm(given, window)
        form.resize(window.size())
        form.show()
        form.fields.source.setFocus()
        return form

    window.show()
    qtbot.waitExposed(window)
    return make


@pytest.fixture
def form(new_form: Callable[..., EntryForm]) -> EntryForm:
    """An empty form on the screen."""
    return new_form()


@pytest.fixture
def fill(form: EntryForm) -> Callable[..., None]:
    """Types a case that can be saved."""

    def typed(category: str = "店外经营", road: str = "文化路", house_no: str = "12") -> None:
        fields = form.fields
        fields.source.setFocus()
        put(fields.source, "12319")
        enter(fields.source)
        fields.category.setFocus()
        put(fields.category, category)
        enter(fields.category)
        put(fields.road, road)
        put(fields.house_no, house_no)
        put(fields.description, "占道摆放桌椅")

    return typed


def saved_by(form: EntryForm, qtbot: QtBot, act: Callable[[], Any]) -> Case:
    with qtbot.waitSignal(form.saved) as waited:
        act()
    case: Case = waited.args[0]
    return case


def test_a_case_is_entered_by_keyboard_alone_from_the_first_field_to_the_last(form: EntryForm, qtbot: QtBot) -> None:
    fields = form.fields
    steps: list[tuple[QLineEdit | QWidget, str]] = [
        (fields.source, "12345"),
        (fields.phone, "13812341234"),
        (fields.reporter, "王先生"),
        (fields.category, "ssjg"),
        (fields.conditions, ""),
        (fields.street, "jbl"),
        (fields.community, ""),
        (fields.road, "文化路"),
        (fields.house_no, "12"),
        (fields.near, "公交站旁"),
        (fields.point.line, "113.6625,34.7466"),
        (fields.point.system, ""),
        (fields.description, "井盖破损"),
        (fields.collector, "李强"),
        (fields.reported_at, ""),
        (fields.self_handled, ""),
        (fields.city_level, ""),
    ]
    passed = []
    for widget, text in steps:
        passed.append(form.window().focusWidget() is widget)
        if widget is fields.conditions:
            press(widget, Qt.Key.Key_2)
        if text:
            put(widget, text)
        enter(widget)

    case = saved_by(form, qtbot, lambda: press(fields.city_level, Qt.Key.Key_S, CONTROL))

    assert all(passed), [step[0].objectName() for step, ok in zip(steps, passed, strict=True) if not ok]
    assert (case.source, case.reporter_phone, case.reporter_name) == ("hotline_12345", "13812341234", "王先生")
    assert (case.kind, case.major, case.minor, case.condition_no) == (CaseKind.COMPONENT, "01", "01", 2)
    assert (case.street_name, case.road, case.house_no, case.near) == ("经八路街道", "文化路", "12", "公交站旁")
    assert (case.longitude, case.latitude) == (113.6625, 34.7466)
    assert (case.description, case.collector_name) == ("井盖破损", "李强")


def test_the_field_with_the_keyboard_is_seen_in_a_small_window(form: EntryForm, qtbot: QtBot) -> None:
    form.resize(700, 300)
    qtbot.waitUntil(lambda: form.height() == 300)

    form.fields.reported_at.setFocus()

    scroll = form.findChild(QWidget, "entry_scroll")
    top = form.fields.reported_at.mapTo(scroll, QPoint(0, 0)).y()
    assert 0 <= top <= scroll.height() - form.fields.reported_at.height()


def test_shift_enter_goes_back(form: EntryForm) -> None:
    form.fields.phone.setFocus()

    press(form.fields.phone, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)

    assert form.window().focusWidget() is form.fields.source


def test_saving_and_going_on_keeps_source_and_place_and_nothing_else(
    form: EntryForm, fill: Callable[..., None], qtbot: QtBot
) -> None:
    fill()

    saved_by(form, qtbot, lambda: press(form.fields.description, Qt.Key.Key_Return, CONTROL))

    draft = form.fields.reading().draft
    assert (draft.source, draft.road, draft.house_no) == ("hotline_12319", "文化路", "12")
    assert (draft.minor, draft.description) == ("", "")


def test_saving_leaves_no_draft_behind(
    form: EntryForm, fill: Callable[..., None], qtbot: QtBot, context: PageContext
) -> None:
    fill()
    qtbot.waitUntil(lambda: bool(context.desk.drafts.all(CASE_FORM, actor=context.actor)))

    saved_by(form, qtbot, form.save)
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert context.desk.drafts.all(CASE_FORM, actor=context.actor) == []


def test_what_was_half_typed_comes_back_after_the_program_was_killed(
    form: EntryForm, new_form: Callable[..., EntryForm], context: PageContext, qtbot: QtBot
) -> None:
    put(form.fields.category, "没有这种类别")
    put(form.fields.point.line, "113.6, 三十四")
    put(form.fields.reported_at, "下午三点")
    put(form.fields.description, "说到一半")
    qtbot.waitUntil(lambda: bool(context.desk.drafts.all(CASE_FORM, actor=context.actor)) and not context.tasks.busy())

    again = new_form()
    qtbot.waitUntil(lambda: again.offered_drafts() == 1)
    again.load_draft(context.desk.drafts.all(CASE_FORM, actor=context.actor)[0].id)
    qtbot.waitUntil(lambda: again.fields.description.value() == "说到一半")

    assert again.fields.typed() == form.fields.typed()
    assert again.fields.category.text() == "没有这种类别"


def test_the_time_of_the_last_draft_is_said(form: EntryForm, qtbot: QtBot) -> None:
    put(form.fields.description, "井盖")

    qtbot.waitUntil(lambda: form.draft_words() == "草稿已存 09:00:00")


def test_nothing_typed_leaves_no_draft(form: EntryForm, context: PageContext) -> None:
    form.fields.description.setFocus()

    form.close_form()

    assert context.desk.drafts.all(CASE_FORM, actor=context.actor) == []


def test_escape_closes_and_keeps_the_draft_at_once(form: EntryForm, context: PageContext, qtbot: QtBot) -> None:
    put(form.fields.near, "东门口")

    with qtbot.waitSignal(form.closed):
        press(form.fields.near, Qt.Key.Key_Escape)

    [draft] = context.desk.drafts.all(CASE_FORM, actor=context.actor)
    assert draft.body["fields"]["near"] == "东门口"


def test_asking_for_an_empty_form_keeps_the_half_typed_one(form: EntryForm, context: PageContext) -> None:
    put(form.fields.near, "东门口")

    form.start_new()

    [draft] = context.desk.drafts.all(CASE_FORM, actor=context.actor)
    assert draft.body["fields"]["near"] == "东门口"
    assert form.fields.near.value() == ""


def test_a_save_that_waited_never_overwrites_a_later_one(form: EntryForm, context: PageContext, qtbot: QtBot) -> None:
    turn = threading.Event()
    context.tasks.write(lambda _watch: turn.wait(10))
    put(form.fields.near, "东")
    form.fields.source.setFocus()
    put(form.fields.near, "门口")

    form.keep()
    turn.set()
    qtbot.waitUntil(lambda: not context.tasks.busy())

    [draft] = context.desk.drafts.all(CASE_FORM, actor=context.actor)
    assert draft.body["fields"]["near"] == "东门口"


def test_a_wrong_field_says_so_under_itself_when_it_is_left(form: EntryForm) -> None:
    form.fields.category.setFocus()
    put(form.fields.category, "没有这种类别")

    enter(form.fields.category)

    assert "没有这种类别" in form.fields.field("minor").wrong()


def test_what_is_missing_is_said_at_its_field_and_nothing_is_saved(form: EntryForm, context: PageContext) -> None:
    put(form.fields.near, "东门口")

    form.save()

    wrong = {box.field_name for box in form.fields.fields() if box.wrong()}
    assert wrong == {"source", "minor"}
    assert form.window().focusWidget() is form.fields.source


def test_a_name_typed_in_full_counts_as_chosen_when_saving(
    form: EntryForm, fill: Callable[..., None], qtbot: QtBot
) -> None:
    fill()
    form.fields.street.setFocus()
    put(form.fields.street, "经八路街道")

    case = saved_by(form, qtbot, lambda: press(form.fields.street, Qt.Key.Key_S, CONTROL))

    assert case.street_code == "410105001"


def test_a_single_condition_is_chosen_at_once_and_its_limit_shown(form: EntryForm) -> None:
    put(form.fields.category, "dwjy")
    enter(form.fields.category)

    assert form.fields.conditions.value() == 1
    assert any(
        "2紧急工作时" in label.text()
        for label in form.fields.conditions.findChildren(QWidget)
        if hasattr(label, "text")
    )


def test_a_point_of_a_chinese_map_is_kept_as_given_and_stored_as_wgs84(
    form: EntryForm, fill: Callable[..., None], qtbot: QtBot
) -> None:
    fill()
    put(form.fields.point.line, "经度:113.6625 纬度:34.7466")
    form.fields.point.system.set_value("GCJ-02")

    case = saved_by(form, qtbot, form.save)

    assert case.longitude == pytest.approx(113.6564, abs=1e-3)
    assert case.point_source["system"] == "GCJ-02"
    assert (case.point_source["longitude"], case.point_source["latitude"]) == (113.6625, 34.7466)


@pytest.mark.parametrize("text", [*NAUGHTY, "长" * 10_000])
def test_every_text_is_kept_sign_by_sign(form: EntryForm, fill: Callable[..., None], qtbot: QtBot, text: str) -> None:
    fill()
    fields = form.fields
    fields.description.set_value("")
    put(fields.description, "甲")
    fields.description.set_value(text)
    short = text[:40]
    for line in (fields.reporter, fields.near, fields.house_no, fields.phone):
        line.setText(short)
    fields.road.restore(short)
    fields.collector.restore(short)

    case = saved_by(form, qtbot, form.save)

    assert case.description == text
    kept = (case.reporter_name, case.near, case.house_no, case.reporter_phone, case.road, case.collector_name)
    assert kept == (short,) * 6


def test_every_naughty_string_is_pasted_kept_and_comes_back_with_the_draft(
    form: EntryForm, new_form: Callable[..., EntryForm], fill: Callable[..., None], context: PageContext, qtbot: QtBot
) -> None:
    strings = json.loads((DATA / "hostile-strings" / "blns.json").read_text(encoding="utf-8"))
    text = "\n".join(strings)[:20_000]
    fill()
    form.fields.description.set_value("")
    mime = QMimeData()
    mime.setText(text)
    form.fields.description.insertFromMimeData(mime)
    form.keep()

    again = new_form()
    again.load_draft(context.desk.drafts.all(CASE_FORM, actor=context.actor)[0].id)
    qtbot.waitUntil(lambda: bool(again.fields.description.value()))
    case = saved_by(again, qtbot, again.save)

    assert context.desk.cases.get(case.id).description == text


def test_a_text_that_is_too_long_is_refused_in_words_and_not_cut(form: EntryForm, fill: Callable[..., None]) -> None:
    fill()
    form.fields.house_no.setText("1" * 41)

    form.save()

    assert "40" in form.fields.field("house_no").wrong()
    assert form.fields.house_no.text() == "1" * 41


def test_no_key_acts_and_no_list_opens_while_an_input_method_composes(form: EntryForm, qtbot: QtBot) -> None:
    fields = form.fields
    lines: list[QWidget] = [
        fields.source,
        fields.phone,
        fields.reporter,
        fields.category,
        fields.street,
        fields.community,
        fields.road,
        fields.house_no,
        fields.near,
        fields.point.line,
        fields.description,
        fields.collector,
        fields.reported_at,
    ]
    told: list[object] = []
    form.saved.connect(told.append)
    form.closed.connect(lambda: told.append("closed"))
    before = form.fields.typed()

    for line in lines:
        line.setFocus()
        compose(line, "dianwai")
        for key, modifier in (
            (Qt.Key.Key_S, CONTROL),
            (Qt.Key.Key_Return, CONTROL),
            (Qt.Key.Key_Escape, None),
            (Qt.Key.Key_F3, None),
            (Qt.Key.Key_F4, None),
            (Qt.Key.Key_M, CONTROL),
        ):
            press(line, key, modifier or Qt.KeyboardModifier.NoModifier)
        assert form.window().focusWidget() is line, line.objectName()
        offered = getattr(line, "offered", list)
        assert offered() == [], line.objectName()
        compose(line, "")

    assert told == []
    assert not any(box.wrong() for box in fields.fields())
    assert fields.typed() == before


@pytest.mark.parametrize("field_name", ["reporter_name", "near", "description", "road", "collector_name"])
def test_words_committed_by_an_input_method_arrive_whole(form: EntryForm, field_name: str) -> None:
    widget = form.fields.field(field_name).widget

    compose(widget, "hua'yuan'lu")
    put(widget, "花园路与农业路交叉口")

    assert form.fields.typed()[field_name] == "花园路与农业路交叉口"


def test_earlier_cases_of_the_same_kind_at_the_same_door_are_hinted_and_linked_by_one_key(
    form: EntryForm, fill: Callable[..., None], context: PageContext, clock: FixedClock, qtbot: QtBot
) -> None:
    draft = CaseDraft(source="snap", kind=CaseKind.EVENT, major="04", minor="05", road="文化路", house_no="12")
    earlier = context.desk.cases.report(draft, actor=context.actor)
    clock.advance(timedelta(minutes=15))
    form.start_new()
    fill()
    qtbot.waitUntil(lambda: "15 分钟前" in form.duplicates.words())

    press(form.fields.description, Qt.Key.Key_F4)
    case = saved_by(form, qtbot, form.save)

    assert case.linked_case_id == earlier.id


def test_f3_shows_the_cases_and_escape_gives_the_keyboard_back(
    form: EntryForm, fill: Callable[..., None], context: PageContext, qtbot: QtBot
) -> None:
    draft = CaseDraft(source="snap", kind=CaseKind.EVENT, major="04", minor="05", road="文化路", house_no="12")
    context.desk.cases.report(draft, actor=context.actor)
    fill()
    qtbot.waitUntil(lambda: bool(form.duplicates.words()))
    form.fields.description.setFocus()

    press(form.fields.description, Qt.Key.Key_F3)
    shown = form.duplicates.list_is_open()
    press(form.window().focusWidget(), Qt.Key.Key_Escape)

    assert shown
    assert not form.duplicates.list_is_open()
    assert form.window().focusWidget() is form.fields.description


def standing_in(kind: type[S], service: S) -> S:
    """A service of `kind` on the same store as `service`."""
    made = kind.__new__(kind)
    made.__dict__.update(service.__dict__)
    return made


def test_a_full_disk_keeps_everything_on_the_screen(
    context: PageContext, new_form: Callable[..., EntryForm], qtbot: QtBot
) -> None:
    class FullDisk(CaseService):
        def report(self, *_args: Any, **_rest: Any) -> Case:
            raise Unavailable("store.disk_full")

    desk = context.desk
    form = new_form(replace(context, desk=replace(desk, cases=standing_in(FullDisk, desk.cases))))
    form.fields.source.choose("snap", "随手拍")
    put(form.fields.near, "东门口")
    put(form.fields.description, "井盖破损")

    form.save()
    qtbot.waitUntil(lambda: "磁盘已满" in form.trouble_words())
    qtbot.waitUntil(lambda: not context.tasks.busy())

    assert form.fields.description.value() == "井盖破损"
    assert form.fields.near.value() == "东门口"


def test_photos_that_could_not_be_attached_stay_on_the_form_of_the_saved_case(
    context: PageContext, new_form: Callable[..., EntryForm], tmp_path: Path, qtbot: QtBot
) -> None:
    class FullDisk(PhotoService):
        def attach(self, *args: Any, **rest: Any) -> list[Photo]:
            if full:
                raise Unavailable("store.disk_full")
            return context.desk.photos.attach(*args, **rest)

    full = [True]
    photos = standing_in(FullDisk, context.desk.photos)
    form = new_form(replace(context, desk=replace(context.desk, photos=photos)))
    form.fields.source.choose("snap", "随手拍")
    put(form.fields.near, "东门口")
    put(form.fields.description, "井盖破损")
    form.photos.take_files("before", [photo(tmp_path / "a.jpg")])
    qtbot.waitUntil(lambda: len(form.photos.photos()) == 1 and not context.tasks.busy())

    case = saved_by(form, qtbot, form.save)
    words, held = form.trouble_words(), len(form.photos.unsaved(PhotoPhase.BEFORE))
    qtbot.waitUntil(lambda: not context.tasks.busy())
    full.clear()
    saved_by(form, qtbot, form.save)

    assert case.local_no in words
    assert "磁盘已满" in words
    assert held == 1
    assert len(context.desk.cases.detail(case.id, actor=context.actor).photos) == 1


def photo(path: Path, colour: str = "red", **exif: Any) -> Path:
    picture = Image.new("RGB", (320, 240), colour)
    tags = picture.getexif()
    if exif:
        tags[0x0132] = exif["taken"]
        tags.get_ifd(0x8769)[0x9003] = exif["taken"]
    picture.save(path, "JPEG", exif=tags)
    return path


def test_photos_are_in_the_store_before_the_case_is_saved_and_belong_to_it_after(
    form: EntryForm, fill: Callable[..., None], context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    files = [photo(tmp_path / "a.jpg"), photo(tmp_path / "b.jpg", "blue")]
    fill()
    form.photos.take_files("before", files[:1])
    form.photos.take_files("after", files[1:])
    qtbot.waitUntil(lambda: len(form.photos.photos()) == 2 and not context.tasks.busy())
    for file in files:
        file.unlink()

    case = saved_by(form, qtbot, form.save)
    qtbot.waitUntil(lambda: not context.tasks.busy())

    photos = context.desk.cases.detail(case.id, actor=context.actor).photos
    assert {(one.phase, one.name) for one in photos} == {(PhotoPhase.BEFORE, "a.jpg"), (PhotoPhase.AFTER, "b.jpg")}
    assert all(context.desk.photos.open(one.sha256)[:2] == b"\xff\xd8" for one in photos)


def test_a_file_that_is_no_photo_is_named_and_the_others_go_on(
    form: EntryForm, context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    empty = tmp_path / "空的.jpg"
    empty.touch()

    form.photos.take_files("before", [empty, photo(tmp_path / "好.jpg")])
    qtbot.waitUntil(lambda: not form.photos.is_busy() and not context.tasks.busy())

    assert "空的.jpg" in form.photos.refused_words()
    assert [held.taken.name for held in form.photos.photos()] == ["好.jpg"]


def test_a_dropped_document_is_refused_by_its_name(
    form: EntryForm, context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    document = tmp_path / "说明.txt"
    document.write_text("不是照片", encoding="utf-8")

    form.photos.take_files("before", photo_paths([document]))
    qtbot.waitUntil(lambda: not form.photos.is_busy() and not context.tasks.busy())

    assert "说明.txt" in form.photos.refused_words()
    assert form.photos.photos() == []


def test_photos_come_back_with_the_draft(
    form: EntryForm, new_form: Callable[..., EntryForm], context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    form.photos.take_files("before", [photo(tmp_path / "a.jpg")])
    qtbot.waitUntil(lambda: bool(context.desk.drafts.all(CASE_FORM, actor=context.actor)) and not context.tasks.busy())

    again = new_form()
    again.load_draft(context.desk.drafts.all(CASE_FORM, actor=context.actor)[0].id)
    qtbot.waitUntil(lambda: bool(again.photos.photos()) and not context.tasks.busy())

    assert again.photos.photos() == form.photos.photos()


def test_a_picture_on_the_clipboard_is_taken_wherever_the_keyboard_is(
    form: EntryForm, context: PageContext, qtbot: QtBot
) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.green)
    QGuiApplication.clipboard().setImage(picture)
    form.fields.near.setFocus()

    press(form.fields.near, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: len(form.photos.photos()) == 1 and not context.tasks.busy())
    QGuiApplication.clipboard().setText("东门口")
    press(form.fields.near, Qt.Key.Key_V, CONTROL)

    assert form.fields.near.value() == "东门口"
    assert len(form.photos.photos()) == 1


def test_the_time_a_photo_was_taken_is_offered(
    form: EntryForm, context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    form.photos.take_files("before", [photo(tmp_path / "a.jpg", taken="2026:11:01 16:20:00")])
    qtbot.waitUntil(lambda: not form.photos.is_busy() and not context.tasks.busy())

    form.findChild(QWidget, "photo_time").click()

    assert form.fields.reported_at.text() == "2026-11-01 16:20"


def test_a_correction_keeps_the_masked_reporter_and_asks_for_a_reason_after_filing(
    form: EntryForm, context: PageContext, qtbot: QtBot
) -> None:
    draft = CaseDraft(
        source="snap",
        kind=CaseKind.EVENT,
        major="04",
        minor="05",
        condition_no=1,
        road="文化路",
        house_no="12",
        reporter_name="王先生",
        reporter_phone="13812341234",
    )
    case = context.desk.cases.report(draft, actor=context.actor)
    form.correct(case)
    qtbot.waitUntil(lambda: form.fields.road.text() == "文化路")
    form.fields.house_no.setText("14")

    corrected = saved_by(form, qtbot, form.save)

    assert form.fields.phone.text() == ""
    assert (corrected.house_no, corrected.reporter_phone) == ("14", "13812341234")
    assert corrected.local_no == case.local_no


def test_a_template_is_filled_with_place_and_category(form: EntryForm, context: PageContext) -> None:
    from app.domain.directory import ReplyTemplate

    values = {"title": "占道", "text": "{地点}有{小类}现象"}
    context.desk.directory.save(ReplyTemplate, values, actor=context.actor)
    put(form.fields.category, "dwjy")
    enter(form.fields.category)
    put(form.fields.road, "文化路")

    press(form.fields.description, Qt.Key.Key_M, CONTROL)
    menu = form.findChild(QWidget, "templates_menu")
    menu.actions()[0].trigger()
    menu.close()

    assert form.fields.description.value() == "文化路有店外经营现象"
