"""Inputs of the office's settings: hours as people write them, a share in percent."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

from app.base.words import _
from ui.forms.number_inputs import plain
from ui.forms.text_inputs import TextInput

Periods = tuple[tuple[time, time], ...]
_PERIOD = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})")
_BETWEEN = re.compile(r"[\s,;、和]+")


class PeriodsInput(TextInput):
    """Working hours: 08:00-12:00, 14:00-18:00."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("08:00-12:00, 14:00-18:00")

    def value(self) -> Periods | str:  # type: ignore[override]
        """The hours; what cannot be read comes back as text, so that it is refused in words."""
        text = unicodedata.normalize("NFKC", self.text())
        rest = _BETWEEN.sub("", _PERIOD.sub("", text))
        found = _PERIOD.findall(text)
        if rest or not found:
            return self.text()
        try:
            return tuple((time(int(a), int(b)), time(int(c), int(d))) for a, b, c, d in found)
        except ValueError:
            return self.text()

    def set_value(self, value: Periods | None) -> None:  # type: ignore[override]
        """Show hours."""
        super().set_value(", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in value or ()))


class ShareInput(TextInput):
    """A share of one, typed in percent."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("百分数,例如 20"))

    def value(self) -> float | str | None:  # type: ignore[override]
        """The share; None: nothing typed."""
        text = plain(self.text()).rstrip("%").strip()
        if not text:
            return None
        try:
            return round(float(text) / 100, 4)
        except ValueError:
            return self.text()

    def set_value(self, value: float | None) -> None:  # type: ignore[override]
        """Show a share."""
        super().set_value("" if value is None else f"{value * 100:g} %")
