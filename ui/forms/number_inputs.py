"""Numbers, typed half or full width."""

from __future__ import annotations

import unicodedata

from ui.forms.text_inputs import TextInput


class IntInput(TextInput):
    """A whole number."""

    def value(self) -> int | str | None:  # type: ignore[override]
        """The number; None: nothing typed. A text that is no number comes back as text, so that it is refused in words."""
        text = plain(self.text())
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            return text

    def set_value(self, value: int | None) -> None:  # type: ignore[override]
        """Show a number."""
        super().set_value("" if value is None else str(value))


class DecimalInput(TextInput):
    """A number with a point."""

    def value(self) -> float | str | None:  # type: ignore[override]
        """The number; None: nothing typed. A text that is no number comes back as text."""
        text = plain(self.text())
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            return text

    def set_value(self, value: float | None) -> None:  # type: ignore[override]
        """Show a number."""
        super().set_value("" if value is None else f"{value:g}")


def plain(text: str) -> str:
    """Full-width digits and points as ASCII, without thousands marks and blanks."""
    return unicodedata.normalize("NFKC", text).replace(",", "").strip()
