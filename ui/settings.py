"""How the screen of this PC is set: language, theme, scale, idle lock; known before anybody signs in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.base.words import LANGUAGES
from ui.theme import MODES, SCALES, SMALLEST_FONT

IDLE_MINUTES = (1, 120)


@dataclass(frozen=True)
class Screen:
    """The settings of one PC's screen. scale in percent; idle_minutes until the window is covered.

    basemap: the file that lies under the map; basemap_shifted: its pictures are drawn in GCJ-02.
    """

    language: str = "zh"
    theme: str = "system"
    scale: int = 100
    font_px: int = 13
    idle_minutes: int = 10
    last_login: str = ""
    office_name: str = ""
    basemap: str = ""
    basemap_shifted: bool = False


class ScreenSettings(QObject):
    """Keeps a Screen in a small file beside the store. It holds no secret: the office's name, the last login name."""

    changed = Signal(object)

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._screen = _sound(_read(file))

    def get(self) -> Screen:
        """The settings as they stand."""
        return self._screen

    def change(self, **changes: Any) -> None:
        """Set some fields, keep them, and tell who listens. A value out of range becomes the nearest sound one."""
        screen = _sound({**asdict(self._screen), **changes})
        if screen == self._screen:
            return
        self._screen = screen
        _write(self._file, screen)
        self.changed.emit(screen)

    def for_this_run(self, **changes: Any) -> None:
        """Set some fields until the program ends, as the command line asked."""
        self._screen = _sound({**asdict(self._screen), **changes})


def _sound(values: Mapping[str, Any]) -> Screen:
    screen = Screen()
    wanted = {field.name: values[field.name] for field in fields(Screen) if field.name in values}
    for name, value in wanted.items():
        if type(value) is type(getattr(screen, name)):
            screen = replace(screen, **{name: value})
    return replace(
        screen,
        language=screen.language if screen.language in LANGUAGES else Screen.language,
        theme=screen.theme if screen.theme in MODES else Screen.theme,
        scale=_between(screen.scale, *SCALES),
        font_px=_between(screen.font_px, SMALLEST_FONT, 24),
        idle_minutes=_between(screen.idle_minutes, *IDLE_MINUTES),
    )


def _between(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # Missing on the first start, or half written by a power cut: the screen starts as it would on a new PC.
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: Path, screen: Screen) -> None:
    """Whole or not at all. A folder that cannot be written keeps the settings for this run only."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(screen), ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(file)
    except OSError:
        return
