"""How everything looks: Fusion, palettes of neutral greys with one accent, and the five lights of a deadline."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from app.base.resources import resource_path
from app.base.words import N_
from ui.fonts import install_font

GRID = 4
ROW = 28
FIELD = 28
SMALLEST_FONT = 12
SCALES = (100, 200)
MODES = ("system", "light", "dark")

Role = QPalette.ColorRole
W = TypeVar("W", bound=QWidget)


@dataclass(frozen=True)
class LightLook:
    """A light of a deadline: a shape and a word beside the colour, so that none needs the colour."""

    shape: str
    word: str
    on_light: str
    on_dark: str


LIGHT_LOOKS: Mapping[str, LightLook] = {
    "green": LightLook("●", N_("按时"), "#1a6b35", "#7fd99f"),
    "yellow": LightLook("◐", N_("临期"), "#7a4f00", "#f2c14e"),
    "red": LightLook("▲", N_("超期"), "#a8201a", "#ffa79f"),
    "grey": LightLook("‖", N_("挂账"), "#4d5660", "#bcc4cd"),
    "done": LightLook("✓", N_("办结"), "#4d5660", "#bcc4cd"),
}

LIGHT_COLOURS: Mapping[Role, str] = {
    Role.Window: "#f3f4f6",
    Role.WindowText: "#1c2025",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#f7f8fa",
    Role.Text: "#1c2025",
    Role.PlaceholderText: "#5b646e",
    Role.Button: "#fbfbfc",
    Role.ButtonText: "#1c2025",
    Role.BrightText: "#a8201a",
    Role.Highlight: "#d3e3f7",
    Role.HighlightedText: "#10151a",
    Role.Accent: "#27598f",
    Role.Link: "#27598f",
    Role.LinkVisited: "#4a4f8a",
    Role.ToolTipBase: "#22272d",
    Role.ToolTipText: "#f2f4f6",
    Role.Light: "#ffffff",
    Role.Midlight: "#eceef1",
    Role.Mid: "#d5d9de",
    Role.Dark: "#b3b9c1",
    Role.Shadow: "#8b929b",
}
DARK_COLOURS: Mapping[Role, str] = {
    Role.Window: "#202327",
    Role.WindowText: "#e4e7ea",
    Role.Base: "#181a1d",
    Role.AlternateBase: "#1d2024",
    Role.Text: "#e4e7ea",
    Role.PlaceholderText: "#a2aab3",
    Role.Button: "#2b2f34",
    Role.ButtonText: "#e4e7ea",
    Role.BrightText: "#ffa79f",
    Role.Highlight: "#2c4562",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#8fb8e6",
    Role.Link: "#8fb8e6",
    Role.LinkVisited: "#b3aee6",
    Role.ToolTipBase: "#e4e7ea",
    Role.ToolTipText: "#181a1d",
    Role.Light: "#3a3f45",
    Role.Midlight: "#2f3338",
    Role.Mid: "#3d4249",
    Role.Dark: "#565d66",
    Role.Shadow: "#868e98",
}
FADED = {False: "#878f98", True: "#747c85"}


def gap(steps: int) -> int:
    """A distance on the 4-pixel grid."""
    return GRID * steps


def apply_scale(percent: int) -> None:
    """Draw everything at `percent` of its size (100 to 200). Only before the QApplication is made."""
    low, high = SCALES
    percent = max(low, min(high, percent))
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    if percent != low:
        os.environ["QT_SCALE_FACTOR"] = f"{percent / 100:g}"


def apply_theme(app: QApplication, mode: str = "system", font_px: int = 13) -> None:
    """Dress the program; may be called again while it runs. mode: one of MODES."""
    if mode not in MODES:
        raise ValueError(f"unknown mode {mode!r}")
    font_px = max(SMALLEST_FONT, font_px)
    hints = app.styleHints()
    if not app.property("theme_follows"):
        hints.colorSchemeChanged.connect(_follow_system)
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setProperty("theme_follows", True)
    app.setProperty("theme_mode", mode)
    app.setProperty("theme_font_px", font_px)
    install_font(app, font_px)
    dark = mode == "dark" or (mode == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    app.setPalette(palette(dark))
    app.setStyleSheet(_sheet(dark, font_px))


def palette(dark: bool) -> QPalette:
    """The palette of a theme, with faded text for what is switched off."""
    made = QPalette()
    for role, colour in (DARK_COLOURS if dark else LIGHT_COLOURS).items():
        made.setColor(role, QColor(colour))
    for role in (Role.Text, Role.WindowText, Role.ButtonText, Role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(FADED[dark]))
    made.setColor(QPalette.ColorGroup.Disabled, Role.Base, made.color(Role.Window))
    return made


def is_dark() -> bool:
    """True while the dark theme is worn."""
    return QGuiApplication.palette().color(Role.Window).lightness() < 128


def light_colour(light: str) -> QColor:
    """The colour of a light (a key of LIGHT_LOOKS) in the theme worn."""
    look = LIGHT_LOOKS[light]
    return QColor(look.on_dark if is_dark() else look.on_light)


def wrong_colour() -> QColor:
    """For the word under a field that is wrong."""
    return QGuiApplication.palette().color(Role.BrightText)


def muted_colour() -> QColor:
    """For what is said beside the main thing; still readable."""
    return QGuiApplication.palette().color(Role.PlaceholderText)


def set_look(widget: W, look: str) -> W:
    """Give `widget` a look the style sheet knows: primary, quiet, title, muted, wrong, number, card, bar.

    quiet_wrong and title_wrong: the same in the colour of what needs somebody.
    """
    widget.setProperty("look", look)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else the first showing does it
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
    return widget


def _follow_system(_scheme: Qt.ColorScheme) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and app.property("theme_mode") == "system":
        apply_theme(app, "system", int(app.property("theme_font_px")))


def _sheet(dark: bool, font_px: int) -> str:
    sheet = resource_path("qss", "griddesk.qss").read_text(encoding="utf-8")
    worn = "dark" if dark else "light"
    wanted = {
        "font": f"{font_px}px",
        "title": f"{font_px + 3}px",
        "number": f"{font_px + 13}px",
        "on-accent": (DARK_COLOURS if dark else LIGHT_COLOURS)[Role.Base],
        "hover": "#262b31" if dark else "#e8ebef",
        "line": (DARK_COLOURS if dark else LIGHT_COLOURS)[Role.Mid],
        "field": str(FIELD - 10),
        "faded": FADED[dark],
        "up": resource_path("qss", f"arrow-up-{worn}.svg").as_posix(),
        "arrow": resource_path("qss", f"arrow-{worn}.svg").as_posix(),
        "tick": resource_path("qss", f"tick-{worn}.svg").as_posix(),
    }
    for word, value in wanted.items():
        sheet = sheet.replace(f"@{word}@", value)
    return sheet
