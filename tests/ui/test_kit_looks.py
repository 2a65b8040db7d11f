"""Looks: contrast, fonts and icons hold in light and dark."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPdfWriter, QRawFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.base.resources import resource_path, resource_text
from ui import fonts
from ui.icons import icon, icon_names
from ui.theme import (
    LIGHT_LOOKS,
    SMALLEST_FONT,
    apply_scale,
    apply_theme,
    is_dark,
    light_colour,
    muted_colour,
    palette,
    wrong_colour,
)

READABLE = 4.5
Role = QPalette.ColorRole
COMMON = "的一国在人了有中是年城管案件占道经营店外井盖暴露垃圾派遣处置核实核查结案挂账超期"
RARE = "㐀䶵龥𠮷𫖯𬭎𰻝"
SIGNS = "●◐▲‖✓…—“”·×°℃㎡①②→←±≤≥¥,。;:?!、《》【】"


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    before = qapp.font()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())
    qapp.setFont(before)


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio as WCAG 2 defines it, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("ground", [Role.Base, Role.AlternateBase, Role.Window, Role.Highlight])
@pytest.mark.parametrize("light", sorted(LIGHT_LOOKS))
def test_every_light_is_readable_wherever_it_stands(light: str, ground: QPalette.ColorRole, dark: bool) -> None:
    look = LIGHT_LOOKS[light]

    ratio = contrast(QColor(look.on_dark if dark else look.on_light), palette(dark).color(ground))

    assert ratio >= READABLE, f"{light} on {ground.name}: {ratio:.2f}"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("word", "ground"),
    [
        (Role.Text, Role.Base),
        (Role.WindowText, Role.Window),
        (Role.ButtonText, Role.Button),
        (Role.HighlightedText, Role.Highlight),
        (Role.PlaceholderText, Role.Base),
        (Role.PlaceholderText, Role.Window),
        (Role.BrightText, Role.Base),
        (Role.BrightText, Role.Window),
        (Role.Base, Role.Accent),
        (Role.Link, Role.Base),
        (Role.ToolTipText, Role.ToolTipBase),
    ],
)
def test_every_word_is_readable_on_its_ground(word: QPalette.ColorRole, ground: QPalette.ColorRole, dark: bool) -> None:
    worn = palette(dark)

    ratio = contrast(worn.color(word), worn.color(ground))

    assert ratio >= READABLE, f"{word.name} on {ground.name}: {ratio:.2f}"


def test_no_light_needs_its_colour_to_be_told_apart() -> None:
    assert len({look.shape for look in LIGHT_LOOKS.values()}) == len(LIGHT_LOOKS)
    assert len({look.word for look in LIGHT_LOOKS.values()}) == len(LIGHT_LOOKS)


def test_the_theme_changes_while_the_program_runs(app: QApplication) -> None:
    apply_theme(app, "dark")
    dark = (is_dark(), light_colour("red"), wrong_colour(), muted_colour())

    apply_theme(app, "light")

    assert dark[0]
    assert not is_dark()
    assert dark[1:] != (light_colour("red"), wrong_colour(), muted_colour())


def test_text_is_never_smaller_than_twelve(app: QApplication) -> None:
    apply_theme(app, "light", font_px=8)

    assert app.font().pixelSize() == SMALLEST_FONT


def test_no_place_in_the_style_sheet_is_left_unfilled(app: QApplication) -> None:
    apply_theme(app, "dark")

    assert "@" not in app.styleSheet()
    assert "@on-accent@" in resource_text("qss", "griddesk.qss")


@pytest.mark.parametrize(("asked", "used"), [(150, "1.5"), (900, "2"), (100, None)])
def test_the_scale_is_kept_between_one_and_two(
    monkeypatch: pytest.MonkeyPatch, asked: int, used: str | None, qapp: QApplication
) -> None:
    environment: dict[str, str] = {}
    monkeypatch.setattr("ui.theme.os.environ", environment)
    monkeypatch.setattr("ui.theme.QGuiApplication.setHighDpiScaleFactorRoundingPolicy", lambda _policy: None)

    apply_scale(asked)

    assert environment.get("QT_SCALE_FACTOR") == used


def test_the_shipped_font_has_every_character_an_office_meets(qapp: QApplication) -> None:
    font = QRawFont(str(resource_path("fonts", fonts.BUNDLED_FILE)), 13)

    missing = [sign for sign in COMMON + RARE + SIGNS if not font.supportsCharacter(ord(sign))]

    assert missing == []


def test_the_shipped_font_holds_whole_blocks_of_gb18030(qapp: QApplication) -> None:
    font = QRawFont(str(resource_path("fonts", fonts.BUNDLED_FILE)), 13)

    unified = sum(font.supportsCharacter(code) for code in range(0x4E00, 0x9FA6))
    extension_a = sum(font.supportsCharacter(code) for code in range(0x3400, 0x4DB6))

    assert unified == 0x9FA6 - 0x4E00
    assert extension_a == 0x4DB6 - 0x3400


def test_the_shipped_font_is_small_named_our_own_and_carries_its_licence(qapp: QApplication) -> None:
    assert resource_path("fonts", fonts.BUNDLED_FILE).stat().st_size < 12_000_000
    assert fonts.bundled_family() == "GridDesk Sans SC"
    assert "SIL OPEN FONT LICENSE Version 1.1" in resource_text("fonts", "OFL.txt")


def test_a_paper_embeds_the_shipped_font(qapp: QApplication) -> None:
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    paper = QPdfWriter(kept)

    painter = QPainter(paper)
    painter.setFont(QFont(fonts.bundled_family(), 12))
    painter.drawText(200, 400, "派遣单 𰻝")
    painter.end()

    written = bytes(kept.data().data())
    assert b"/BaseFont /GridDeskSansSC-Regular" in written
    assert b"/FontFile" in written


def test_a_chinese_font_is_found_or_brought_along(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "found_family", lambda: None)

    family = fonts.install_font(app, 13)

    assert family == fonts.bundled_family()
    assert QFont(app.font()).families() == [fonts.bundled_family()]


def test_the_shipped_font_stands_behind_a_found_one_for_rare_characters(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "found_family", lambda: "WenQuanYi Micro Hei")

    fonts.install_font(app, 13)

    assert app.font().families() == ["WenQuanYi Micro Hei", fonts.bundled_family()]


@pytest.mark.parametrize("name", sorted(icon_names()))
def test_every_icon_is_drawn(name: str, qtbot: QtBot) -> None:
    picture = icon(name).pixmap(QSize(20, 20)).toImage()

    drawn = sum(picture.pixelColor(x, y).alpha() > 0 for x in range(20) for y in range(20))
    assert drawn > 15


def test_icons_follow_the_theme_and_fade_when_switched_off(app: QApplication) -> None:
    def darkest(mode: QIcon.Mode) -> int:
        image = icon("check").pixmap(QSize(40, 40), mode).toImage()
        inked = [image.pixelColor(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() > 200]
        return min(colour.lightness() for colour in inked)

    apply_theme(app, "light")
    on_light, faded = darkest(QIcon.Mode.Normal), darkest(QIcon.Mode.Disabled)
    gc.collect()
    apply_theme(app, "dark")

    assert on_light < faded
    assert darkest(QIcon.Mode.Normal) > 200


def test_an_unknown_icon_is_a_mistake_of_the_page() -> None:
    with pytest.raises(KeyError, match="no icon"):
        icon("no-such-thing")
