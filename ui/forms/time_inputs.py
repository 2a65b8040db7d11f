"""Days and instants, typed as people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.base.words import _
from ui.forms.text_inputs import TextInput

ZONE = ZoneInfo("Asia/Shanghai")
_DAY = re.compile(r"(\d{4})\D{0,2}?(\d{1,2})\D{0,2}?(\d{1,2})\D?")
_MOMENT = re.compile(_DAY.pattern + r"\s*[T ]?\s*(\d{1,2})\D?(\d{2})?(?:\D?(\d{2}))?\D?")


class DayInput(TextInput):
    """A day: 2026-11-21, 2026.11.21, 2026年11月21日 and 20261121 are all taken."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("年-月-日"))

    def value(self) -> date | str | None:  # type: ignore[override]
        """The day; None: nothing typed. A text that is no day comes back as text, so that it is refused in words."""
        text = unicodedata.normalize("NFKC", self.text()).strip()
        found = _DAY.fullmatch(text)
        if not found:
            return text or None
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            return text

    def set_value(self, value: date | None) -> None:  # type: ignore[override]
        """Show a day."""
        super().set_value("" if value is None else value.isoformat())


class MomentInput(TextInput):
    """A day and a time in office time (Asia/Shanghai): 2026-11-21 09:30."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("年-月-日 时:分"))

    def value(self) -> datetime | str | None:  # type: ignore[override]
        """The instant, aware UTC; None: nothing typed. A text that is none comes back as text."""
        text = unicodedata.normalize("NFKC", self.text()).strip()
        found = _MOMENT.fullmatch(text)
        if not found:
            return text or None
        try:
            local = datetime(*(int(part or 0) for part in found.groups()), tzinfo=ZONE)  # type: ignore[misc,arg-type]
        except ValueError:
            return text
        return local.astimezone(UTC)

    def set_value(self, value: datetime | None) -> None:  # type: ignore[override]
        """Show an instant in office time, with seconds only where there are any."""
        if value is None:
            super().set_value("")
            return
        local = value.astimezone(ZONE)
        super().set_value(local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M"))
