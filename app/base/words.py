"""The words on the screen: Chinese text is the key, other languages are gettext catalogues."""

from __future__ import annotations

import gettext
from collections.abc import Mapping

from app.base.resources import resource_path

DOMAIN = "griddesk"
LANGUAGES: Mapping[str, str] = {"zh": "中文", "en": "English"}

_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "zh"


def use_language(code: str) -> None:
    """Switch every word shown from now on; `code` is a key of LANGUAGES."""
    global _current, _language
    if code not in LANGUAGES:
        raise ValueError(f"unknown language {code!r}")
    _language = code
    if code == "zh":
        _current = gettext.NullTranslations()
    else:
        _current = gettext.translation(DOMAIN, resource_path("locale"), languages=[code])


def language() -> str:
    """The language in use, a key of LANGUAGES."""
    return _language


def _(message: str) -> str:
    """`message` in the language in use."""
    return _current.gettext(message) if message else ""


def N_(message: str) -> str:
    """Mark a constant for translation; it is translated where it is shown."""
    return message
