"""The English catalogue is complete and is what the program loads."""

from __future__ import annotations

from app.base.words import _, use_language
from tests.house import listed
from tests.tools.translations import is_current, read, untranslated


def test_every_word_has_english_with_the_same_names_in_braces() -> None:
    missing = untranslated(read())

    assert missing == [], listed(
        "Write the English in resources/locale/en/LC_MESSAGES/griddesk.po, then compile it.", missing
    )


def test_the_catalogue_holds_the_words_of_the_program() -> None:
    assert is_current(), "Words came or went: run python3 dev.py translations and translate what it names."


def test_english_is_shown_after_the_switch() -> None:
    use_language("en")

    assert _("保存") == "Save"
