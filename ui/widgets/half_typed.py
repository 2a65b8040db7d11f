"""What is said when somebody goes on while a form is half typed."""

from __future__ import annotations

from app.base.words import _


def half_typed_words(title: str) -> str:
    """The words of the notice. title: what the form is called, in the language in use."""
    return _("“{title}”还没有保存:请先按 Ctrl+S 保存,或按 Esc 放弃").format(title=title)
