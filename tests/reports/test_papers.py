"""Papers: what stands on them, and that a PDF carries its own Chinese font."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.base.clock import FixedClock
from app.base.paths import StorePaths
from app.desk import Desk, NewOffice, create_desk
from app.domain.cases import PhotoPhase
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from app.reports.case_slip import moment
from app.reports.paper import Facts, Heading, PageBreak, Paper, PaperColumn, Ruler, Signatures, Table, Together
from app.reports.paper_foot import foot_words
from tests.ui.a_case import a_photo, a_unit, dispatched, reported
from ui.fonts import bundled_family
from ui.printing.layout import lay_out
from ui.printing.marks import Picture
from ui.printing.printer import QtPrinter, image_of_page
from ui.printing.wrapping import wrap


@pytest.fixture(autouse=True)
def _qt(qapp: QApplication) -> None:
    assert qapp


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    office = NewOffice("410105", "金水区城市管理局", mark="JS")
    paths = StorePaths.of(tmp_path / "store")
    made, _recovery = create_desk(paths, office, "张敏", "zhangmin", "Kastanie-2026-Allee", clock=clock)
    yield made
    made.close()


@pytest.fixture
def actor(desk: Desk) -> Actor:
    return desk.accounts.actor(desk.accounts.person_named("张敏").id)


def words_of(paper: Paper) -> list[list[str]]:
    return [page.words() for page in lay_out(paper)]


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def test_a_slip_says_everything_a_unit_needs_and_nothing_about_who_reported(desk: Desk, actor: Actor) -> None:
    case = dispatched(desk, actor, a_unit(desk, actor), reporter_name="李某", reporter_phone="00012345678")

    (page,) = words_of(desk.papers.case_slips([case.id], actor=actor))

    for words in ("城市管理案件派遣单", case.local_no, "经八路街道纬一路12号", "市政设施中心", "门店外摆放商品"):
        assert words in page
    assert "接收人:" in page
    assert any("张敏 打印于 2026-11-02 09:00" in words for words in page)
    assert not any("李某" in words or "00012345678" in words for words in page)


def test_each_slip_begins_on_a_page_of_its_own_and_is_numbered_alone(desk: Desk, actor: Actor) -> None:
    cases = [reported(desk, actor, house_no=str(n)) for n in (1, 2, 3)]

    pages = words_of(desk.papers.case_slips([case.id for case in cases], actor=actor))

    assert [case.local_no in page for case, page in zip(cases, pages, strict=True)] == [True, True, True]
    assert all("第 1 页 共 1 页" in page for page in pages)


def test_photos_before_handling_are_printed_and_the_others_only_counted(desk: Desk, actor: Actor) -> None:
    case = dispatched(desk, actor, a_unit(desk, actor))
    for phase, colour in ((PhotoPhase.BEFORE, 0xFF112233), (PhotoPhase.AFTER, 0xFF445566)):
        taken = desk.photos.take_in(a_photo(colour), "现场.jpg")
        desk.photos.attach(case.id, [taken], phase, actor=actor)

    (page,) = lay_out(desk.papers.case_slips([case.id], actor=actor))

    assert len([mark for mark in page.marks if isinstance(mark, Picture)]) == 1
    assert "另有 1 张照片在系统里" in page.words()


def test_ten_thousand_characters_go_on_over_the_pages_and_none_is_lost(desk: Desk, actor: Actor) -> None:
    text = "".join(chr(0x4E00 + n % 3000) for n in range(10_000))
    case = reported(desk, actor, description=text)

    pages = words_of(desk.papers.case_slips([case.id], actor=actor))

    assert len(pages) > 3
    body = "".join(words for page in pages for words in page)
    assert all(text[at : at + 20] in body for at in range(0, 10_000, 997))
    assert f"第 {len(pages)} 页 共 {len(pages)} 页" in pages[-1]


def test_a_long_list_repeats_its_head_and_says_what_it_leaves_out(desk: Desk, actor: Actor) -> None:
    rids = desk.case_lists.ids(desk.case_lists.view("all", actor=actor))  # type: ignore[arg-type]
    assert not rids
    for n in range(40):
        reported(desk, actor, house_no=str(n))
    rids = desk.case_lists.ids(desk.case_lists.view("all", actor=actor))  # type: ignore[arg-type]

    pages = words_of(desk.papers.case_list(rids, "全部", actor=actor))

    assert len(pages) > 1
    assert all("处置部门" in page for page in pages)
    assert "金水区城市管理局 · 共 40 件" in pages[0]


def test_a_pdf_carries_the_shipped_font_and_text_that_can_be_found(desk: Desk, actor: Actor, tmp_path: Path) -> None:
    case = reported(desk, actor, description="车道很长")
    file = tmp_path / "派遣单.pdf"

    pages = QtPrinter().save_pdf(desk.papers.case_slips([case.id], actor=actor), file)

    pdf = file.read_bytes()
    assert pages == 1
    assert pdf.startswith(b"%PDF-")
    assert b"/FontFile" in pdf
    names = re.findall(rb"/FontName\s*/(\S+)", pdf)
    plain = bundled_family().replace(" ", "").encode()
    assert names
    assert all(plain in name for name in names)
    maps = b"".join(stream for stream in streams(pdf) if b"beginbfrange" in stream or b"beginbfchar" in stream)
    for letter in "派遣单金水长":
        assert f"{ord(letter):04X}".encode() in maps.upper()


def test_a_pdf_that_cannot_be_written_is_told_and_leaves_the_old_one(tmp_path: Path) -> None:
    paper = Paper("x", (Heading("派遣单"),))

    with pytest.raises(Unavailable):
        QtPrinter().save_pdf(paper, tmp_path / "没有这个文件夹" / "x.pdf")


def test_the_offset_moves_what_is_printed_by_exactly_its_millimetres() -> None:
    paper = Paper("校准", (Ruler(),))
    (page,) = lay_out(paper)

    plain = _first_dark_column(image_of_page(page, paper, 254))
    moved = _first_dark_column(image_of_page(page, paper, 254, (2.5, 0)))

    assert moved - plain == 25


def test_every_page_is_a_picture_of_a4_at_the_density_asked() -> None:
    pictures = QtPrinter().pictures(Paper("两页", (Heading("一"), PageBreak(), Heading("二"))), 100)

    sizes = [QImage.fromData(picture).size().toTuple() for picture in pictures]
    assert sizes == [(827, 1169), (827, 1169)]


def test_a_word_longer_than_its_cell_is_broken_and_not_cut() -> None:
    lines = wrap("A" * 400, 35, 300)

    assert len(lines) > 3
    assert "".join(lines) == "A" * 400


def test_rare_characters_and_emoji_survive_the_wrapping() -> None:
    text = "𰻝𰻝面馆😀门前" * 30

    assert "".join(wrap(text, 35, 400)) == text


def test_neighbouring_rows_share_one_line() -> None:
    from ui.printing.marks import Stroke

    (page,) = lay_out(Paper("x", (Facts(((("一", "1"),), (("二", "2"),))),)))
    lines = [mark for mark in page.marks if isinstance(mark, Stroke)]

    assert len(lines) == len(set(lines))


def test_a_slip_is_never_torn_over_two_pages() -> None:
    def slip(number: int) -> Together:
        facts = Facts([(("编号", f"单{number}"),), *[(("现场", f"{number} 号单第 {row} 行"),) for row in range(9)]])
        return Together((Heading(f"任务单 {number}"), facts, Signatures(("网格员",))))

    pages = words_of(Paper("任务单", tuple(slip(number) for number in range(5)), "脚"))

    assert len(pages) > 1
    for number in range(5):
        (holding,) = [page for page in pages if f"任务单 {number}" in page]
        assert sum(words.startswith(f"{number} 号单") for words in holding) == 9
    assert [words for page in pages for words in page].count("单3") == 1, "nothing is drawn twice"


def test_the_foot_says_who_printed_it_and_when_and_that_it_is_a_demonstration(desk: Desk, actor: Actor) -> None:
    office, now = desk.reference.office(), desk.clock.now()

    real, shown = (foot_words(office.changed(now, demonstration=so), actor.name, now) for so in (False, True))

    assert real == f"{office.name} · {actor.name} 打印于 {moment(now)}"
    assert shown == f"{real} · 演示数据"
    assert desk.attendance.paper(desk.attendance.month(desk.reference.today()), actor=actor).foot == real


def test_what_no_page_can_hold_goes_on_over_the_pages() -> None:
    rows = [(("现场", f"第 {row} 行"),) for row in range(90)]

    pages = words_of(Paper("任务单", (Heading("前"), Together((Facts(rows),))), "脚"))

    assert [words for page in pages for words in page if words.startswith("第 ") and "行" in words] == [
        f"第 {row} 行" for row in range(90)
    ]


def test_a_table_without_rows_still_shows_its_head() -> None:
    (page,) = words_of(Paper("x", (Table((PaperColumn("编号", 1),), ()),)))

    assert "编号" in page


def _first_dark_column(image: QImage) -> int:
    return next(
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).lightness() < 128 for y in range(0, image.height(), 3))
    )
