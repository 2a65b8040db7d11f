"""Texts from outside are made of whole characters."""

from __future__ import annotations

import json

import pytest

from app.domain.characters import whole, whole_object


@pytest.mark.parametrize("text", ["", "纬一路3号", "单车🚲", "\x00\u202e", "\uffff"])
def test_a_whole_text_stays_as_it_is(text: str) -> None:
    assert whole(text) == text


@pytest.mark.parametrize(
    ("text", "shown"), [("甲\ud800乙", "甲\ufffd乙"), ("\udfff", "\ufffd"), ("a\udc00\ud83d", "a\ufffd\ufffd")]
)
def test_half_a_character_is_shown_as_such(text: str, shown: str) -> None:
    assert whole(text) == shown


def test_every_text_of_a_json_object_is_whole() -> None:
    told = json.loads(r'{"\ud800": "\ud83d\udeb2", "a": ["\udfff", 1], "b": [1, 2]}', object_pairs_hook=whole_object)
    assert told == {"\ufffd": "🚲", "a": ["\ufffd", 1], "b": [1, 2]}
