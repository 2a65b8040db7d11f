"""The small controls: what they show, what they tell, and that everybody can find them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QLabel, QListView, QWidget
from pytestqt.qtbot import QtBot

from app.base.watch import Watch
from ui.naming import name
from ui.remember import InMemory
from ui.tasks import TaskRunner
from ui.theme import LIGHT_LOOKS
from ui.widgets.busy_bar import BusyBar, rate_words
from ui.widgets.choices import Choice
from ui.widgets.deadline_light import DeadlineLight, light_text
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar, FilterSpec
from ui.widgets.masked_label import MaskedLabel, mask
from ui.widgets.number_tile import NumberTile
from ui.widgets.photo_group import PhotoGroup
from ui.widgets.photo_strip import PhotoStrip
from ui.widgets.photo_thumb import PhotoItem, PhotoThumb
from ui.widgets.photo_viewer import PhotoViewer
from ui.widgets.split_view import SplitView
from ui.widgets.timeline import Timeline, TimelineStep

STREETS = [Choice(f"{n:03}", f"{n:03}", f"第{n}街道") for n in range(1, 21)]
STATES = [Choice("open", "", "未结"), Choice("closed", "", "已结")]
PHASES = (("before", "处置前"), ("after", "处置后"))


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.shutdown()


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    specs = [FilterSpec("street", "街道", lambda: STREETS), FilterSpec("state", "状态", lambda: STATES, many=False)]
    bar = FilterBar(specs)
    qtbot.addWidget(bar)
    bar.show()
    return bar


@pytest.fixture
def strip(qtbot: QtBot) -> PhotoStrip:
    strip = PhotoStrip(PHASES)
    qtbot.addWidget(strip)
    strip.show()
    return strip


def png() -> bytes:
    """A small picture."""
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


@pytest.mark.parametrize("light", sorted(LIGHT_LOOKS))
def test_a_light_is_a_shape_and_a_word_and_never_a_colour_alone(light: str, qtbot: QtBot) -> None:
    label = DeadlineLight()
    qtbot.addWidget(label)

    label.show_light(light)

    look = LIGHT_LOOKS[light]
    assert label.text() == f"{look.shape} {look.word}"
    assert light_text(light, "超 3 小时") == f"{look.shape} 超 3 小时"


def test_a_tile_opens_its_list_by_enter_and_says_its_number_aloud(qtbot: QtBot) -> None:
    tile = NumberTile("overdue", "超期", "red")
    qtbot.addWidget(tile)
    assert tile.number_text() == "…"

    tile.set_number(1234, "最早 11-21")

    assert tile.number_text() == "1,234"
    assert tile.accessibleName() == "超期 1234 最早 11-21"
    with qtbot.waitSignal(tile.clicked):
        qtbot.keyClick(tile, Qt.Key.Key_Return)


def test_ticking_choices_tells_what_is_chosen_and_clearing_tells_nothing_is(bar: FilterBar) -> None:
    told: list[dict[str, tuple[str, ...]]] = []
    bar.changed.connect(told.append)

    popup = bar.open("street")
    popup.tick("002")
    popup.tick("001")
    popup.close()
    bar.clear()

    assert told == [{"street": ("002",)}, {"street": ("001", "002")}, {}]


def test_a_filter_of_one_choice_holds_one_and_closes(bar: FilterBar, qtbot: QtBot) -> None:
    bar.open("state").tick("open")
    popup = bar.open("state")
    popup.tick("closed")

    assert bar.chosen() == {"state": ("closed",)}
    assert not popup.isVisible()


def test_showing_what_is_chosen_tells_nobody(bar: FilterBar) -> None:
    told: list[object] = []
    bar.changed.connect(told.append)

    bar.set_chosen({"street": ("003",)})
    bar.set_count("1000+ 条")

    assert told == []
    assert bar.chosen() == {"street": ("003",)}
    assert bar.count_text() == "1000+ 条"


def test_many_choices_are_narrowed_by_typing_and_ticked_by_enter(bar: FilterBar, qtbot: QtBot) -> None:
    popup = bar.open("street")
    find = popup.focusWidget()
    assert find is not None

    qtbot.keyClicks(find, "012")
    choices = popup.findChild(QListView, "filter_choices")
    assert choices is not None
    assert choices.model().rowCount() == 1
    choices.setCurrentIndex(choices.model().index(0, 0))
    qtbot.keyClick(popup, Qt.Key.Key_Return)

    assert bar.chosen() == {"street": ("012",)}
    popup.close()


def test_dropped_files_and_folders_go_to_the_phase_they_were_dropped_on(strip: PhotoStrip, tmp_path: Path) -> None:
    told: list[tuple[str, list[Path]]] = []
    strip.files_given.connect(lambda phase, paths: told.append((phase, paths)))
    folder = tmp_path / "现场"
    folder.mkdir()
    for file in ("b.JPG", "a.png", "读我.txt"):
        (folder / file).write_bytes(b"x")
    (tmp_path / "c.heic").write_bytes(b"x")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder)), QUrl.fromLocalFile(str(tmp_path / "c.heic"))])

    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    strip.group("after").dropEvent(drop)

    assert told == [("after", [folder / "a.png", folder / "b.JPG", tmp_path / "c.heic"])]


def test_a_copied_picture_is_pasted_as_png_and_a_copied_text_is_not(strip: PhotoStrip, qtbot: QtBot) -> None:
    told: list[tuple[str, bytes]] = []
    strip.picture_pasted.connect(lambda phase, picture: told.append((phase, picture)))
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(0x336699)

    QGuiApplication.clipboard().setText("文字")
    assert not strip.paste("before")
    QGuiApplication.clipboard().setImage(image)
    assert strip.paste("before")

    assert [phase for phase, _picture in told] == ["before"]
    assert QImage.fromData(told[0][1]).size() == image.size()


def test_a_click_on_a_phase_says_where_a_paste_goes_and_tab_passes_it_by(strip: PhotoStrip) -> None:
    policies = [group.focusPolicy() for group in strip.findChildren(PhotoGroup)]

    assert policies
    assert set(policies) == {Qt.FocusPolicy.ClickFocus}


def test_photos_stand_in_their_phase_open_by_enter_and_go_by_delete(strip: PhotoStrip, qtbot: QtBot) -> None:
    opened: list[str] = []
    removed: list[str] = []
    strip.open_wanted.connect(opened.append)
    strip.remove_wanted.connect(removed.append)

    strip.show_photos([PhotoItem("k1", "before", "IMG_1.jpg", png()), PhotoItem("k2", "after", "IMG_2.heic", None)])
    thumbs = strip.group("after").findChildren(PhotoThumb)
    assert [thumb.item.key for thumb in thumbs] == ["k2"]
    qtbot.keyClick(thumbs[0], Qt.Key.Key_Return)
    qtbot.keyClick(thumbs[0], Qt.Key.Key_Delete)

    assert opened == ["k2"]
    assert removed == ["k2"]


def test_photos_that_are_kept_for_good_cannot_be_taken_away(strip: PhotoStrip, qtbot: QtBot) -> None:
    removed: list[str] = []
    strip.remove_wanted.connect(removed.append)
    strip.show_photos([PhotoItem("k1", "before", "IMG_1.jpg", png())])

    strip.set_editable(False)
    thumb = strip.group("before").findChildren(PhotoThumb)[-1]
    qtbot.keyClick(thumb, Qt.Key.Key_Delete)

    assert removed == []
    assert not strip.group("before").acceptDrops()


def test_the_viewer_goes_through_the_photos_by_arrows(qtbot: QtBot) -> None:
    asked: list[str] = []
    items = [PhotoItem(key, "before", f"{key}.jpg", png()) for key in ("k1", "k2", "k3")]
    viewer = PhotoViewer(items, lambda key, answer: (asked.append(key), answer(png())))
    qtbot.addWidget(viewer)

    viewer.show_photo("k2")
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    qtbot.keyClick(viewer, Qt.Key.Key_Left)

    assert asked == ["k2", "k3", "k3", "k2"]


def test_a_timeline_tells_every_step_with_time_person_and_reason(qtbot: QtBot) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)

    timeline.show_steps(
        [TimelineStep("09:12", "上报", "李强"), TimelineStep("10:02", "退回", "王工", "单位不对", "yellow")]
    )

    rows = timeline.findChildren(QWidget, "timeline_step")
    assert [row.accessibleName() for row in rows] == ["09:12 上报 李强", "10:02 退回 王工 单位不对"]
    assert timeline.steps()[1].reason == "单位不对"


def test_a_number_is_shown_whole_only_while_it_is_in_sight(qtbot: QtBot) -> None:
    label = MaskedLabel("phone", "联系电话")
    qtbot.addWidget(label)
    label.show()
    label.show_masked(mask("13812341234"))
    assert label.text() == "138****1234"

    label.reveal("13812341234")
    assert label.text() == "13812341234"
    label.hide()

    assert label.text() == "138****1234"


@pytest.mark.parametrize(
    ("whole", "masked"),
    [("13812341234", "138****1234"), ("张三", "张*"), ("", ""), ("410105199001011234", "4101**********1234")],
)
def test_the_middle_of_a_number_is_covered(whole: str, masked: str) -> None:
    assert mask(whole) == masked


def test_the_bar_says_count_rate_and_time_left_and_its_stop_reaches_the_job(tasks: TaskRunner, qtbot: QtBot) -> None:
    bar = BusyBar()
    qtbot.addWidget(bar)

    def job(watch: Watch) -> None:
        while True:
            watch.step(3, 10, "第 3 行")

    task = tasks.read(job)
    bar.follow(task, "导入案件")
    qtbot.waitUntil(lambda: "3 / 10" in bar.words())
    with qtbot.waitSignals([bar.stopped, task.ended]):
        bar.findChild(QWidget, "busy_stop").click()  # type: ignore[attr-defined]

    assert not bar.isVisible()


def test_rates_and_times_are_told_in_words() -> None:
    assert rate_words(3_000, 9_000, 2.0) == "每秒 1,500 · 还需 4 秒"
    assert rate_words(10, 730, 10.0) == "每秒 1 · 还需 12 分钟"
    assert rate_words(1, 7_301, 1.0) == "每秒 1 · 还需 2 小时 1 分"
    assert rate_words(10, 10, 20.0) == "每秒 0.5"


def test_the_detail_opens_to_the_full_width_and_escape_brings_the_list_back(qtbot: QtBot) -> None:
    memory = InMemory()
    memory.set("split.cases", "300,500")
    view = SplitView("cases", "案件", QLabel("列表"), QLabel("详情"), memory)
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.show()
    told: list[bool] = []
    view.full_changed.connect(told.append)

    view.open_full()
    view.open_full()
    assert view.full
    qtbot.keyClick(view, Qt.Key.Key_Escape)

    assert not view.full
    assert told == [True, False]


def test_an_empty_place_says_one_sentence_and_its_button_acts(qtbot: QtBot) -> None:
    empty = EmptyState("今天没有到期的事项", "新建案件")
    qtbot.addWidget(empty)

    assert empty.sentence() == "今天没有到期的事项"
    with qtbot.waitSignal(empty.acted):
        empty.findChild(QWidget, "empty_button").click()  # type: ignore[attr-defined]


def test_every_control_can_be_found_by_name_and_read_aloud(qtbot: QtBot, bar: FilterBar, strip: PhotoStrip) -> None:
    strip.show_photos([PhotoItem("k1", "before", "IMG_1.jpg", png())])
    tile = NumberTile("overdue", "超期")
    masked = MaskedLabel("phone", "联系电话")
    busy = BusyBar()
    for widget in (tile, masked, busy):
        qtbot.addWidget(widget)

    nameless = [
        f"{type(child).__name__} in {type(root).__name__}"
        for root in (bar, strip, tile, masked, busy)
        for child in [root, *root.findChildren(QWidget)]
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and not (child.objectName() and child.accessibleName())
    ]

    assert nameless == []


def test_a_name_is_a_handle_for_tests_and_words_for_people(qtbot: QtBot) -> None:
    label = name(QLabel(), "case_no", "编号", "本机编号")
    qtbot.addWidget(label)

    assert (label.objectName(), label.accessibleName(), label.toolTip()) == ("case_no", "编号", "本机编号")
    assert label.mapToGlobal(QPoint(0, 0)) is not None
