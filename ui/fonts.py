"""A Chinese font, always: one the PC has, or the one we ship."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from app.base.resources import resource_path

BUNDLED_FILE = "griddesk-sans-sc.otf"
WELL_KNOWN = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "思源黑体",
    "WenQuanYi Micro Hei",
)


@cache
def bundled_family() -> str:
    """The family name of the shipped font, registered with Qt on first use. Embedded in every PDF."""
    number = QFontDatabase.addApplicationFont(str(resource_path("fonts", BUNDLED_FILE)))
    families = QFontDatabase.applicationFontFamilies(number)
    if not families:
        raise FileNotFoundError(f"resources/fonts/{BUNDLED_FILE} is missing or unreadable")
    return families[0]


def found_family() -> str | None:
    """The first well-known Chinese family this PC has; None: it has none."""
    return next((family for family in WELL_KNOWN if QFontDatabase.hasFamily(family)), None)


def install_font(app: QApplication, size_px: int) -> str:
    """Set the program's font and give its family. The shipped font stands behind it for rare characters."""
    families = [found_family(), bundled_family()]
    font = QFont([family for family in families if family])
    font.setPixelSize(size_px)
    app.setFont(font)
    return font.families()[0]
