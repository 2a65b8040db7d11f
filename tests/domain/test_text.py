"""Search words against a real full-text index: what is written is found, and nothing typed breaks the query."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.text import bigrams, match_query, normalise, number_tails

HOSTILE = json.loads(Path("tests/data/hostile-strings/blns.json").read_text(encoding="utf-8"))
CHINESE = st.text(alphabet="井盖水上路面人民占道经营𰻝𠀋㐂重庆", min_size=1, max_size=30)


class Index:
    """The index the store keeps, in memory."""

    def __init__(self) -> None:
        self.connection = sqlcipher3.connect(":memory:")
        self.connection.execute(
            "CREATE VIRTUAL TABLE search USING fts5(words, content='', contentless_delete=1, "
            "tokenize='unicode61 remove_diacritics 0')"
        )

    def holds(self, *texts: str) -> Index:
        """The same index with these texts in it and nothing else."""
        self.connection.execute("DELETE FROM search")
        rows = [(number, f"{bigrams(text)} {number_tails(text)}") for number, text in enumerate(texts)]
        self.connection.executemany("INSERT INTO search(rowid, words) VALUES (?, ?)", rows)
        return self

    def find(self, query: str) -> list[int]:
        """Places of the texts the query finds."""
        match = match_query(query)
        if match is None:
            return []
        rows = self.connection.execute("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", (match,))
        return [row[0] for row in rows]


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    made = Index()
    yield made
    made.connection.close()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("占道经营", "占道 道经 经营 营"),
        ("井", "井"),
        ("人民路12号", "人民 民路 路 12 号"),
        ("ＡＢＣ １２３", "abc 123"),
        ("𰻝𰻝面", "𰻝𰻝 𰻝面 面"),
        ("好👍", "好 符1f44d"),
        ("。,!?—… ~`", ""),
        ("", ""),
    ],
)
def test_a_text_is_cut_into_pairs_and_words(text: str, tokens: str) -> None:
    assert bigrams(text) == tokens


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("水井盖", '"水井 井盖"'),
        ("井", '"井"*'),
        ("abc", '"abc"*'),
        ("人民路 店外", '"人民 民路" AND "店外"'),
        ("0007", '("0007"* OR "尾7000"*)'),
        ("…", None),
        ("", None),
    ],
)
def test_a_query_is_made_of_the_same_pieces(query: str, match: str | None) -> None:
    assert match_query(query) == match


def test_one_character_finds_it_anywhere_in_a_word(index: Index) -> None:
    assert index.holds("上水井盖缺失", "盖板响", "路面井", "路灯").find("井") == [0, 2]


def test_pairs_must_stand_side_by_side(index: Index) -> None:
    assert index.holds("水井盖", "水井 井盖", "井盖水井").find("水井盖") == [0]


def test_words_must_all_be_found(index: Index) -> None:
    assert index.holds("人民路店外经营", "人民路占道", "建设路店外经营").find("店外 人民路") == [0]


@pytest.mark.parametrize("query", ["0007", "10007", "2611210007", "KXQP-261121-0007", "kxqp", "261121", "261121-0007"])
def test_the_last_digits_of_a_number_find_it(index: Index, query: str) -> None:
    index.holds("编号 ZY-KXQP-261121-0007", "ZY-KXQP-261120-0107", "13800001234")
    assert 0 in index.find(query)
    assert 2 not in index.find(query)


@pytest.mark.parametrize("query", ["1234", "51234", "037167891234", "67891234"])
def test_the_last_digits_of_a_phone_find_it_with_or_without_a_dash(index: Index, query: str) -> None:
    assert 0 in index.holds("电话0371-6789-1234", "13800005678").find(query[-4:])
    assert ("0371-6789-1234".replace("-", "").endswith(query)) == (0 in index.find(query))


def test_full_width_and_case_make_no_difference(index: Index) -> None:
    assert index.holds("Ａ座１２号 KTV").find("a座12号 ktv") == [0]


@settings(max_examples=200)
@given(before=CHINESE, query=CHINESE.filter(lambda text: len(text) > 1), after=CHINESE)
def test_any_two_characters_and_more_are_found_inside_any_text(before: str, query: str, after: str) -> None:
    index = Index()
    assert index.holds(before + query + after, "全无").find(query) == [0]
    index.connection.close()


@given(st.text())
def test_nothing_that_is_typed_breaks_the_query(query: str) -> None:
    index = Index()
    found = index.holds("井盖").find(query)
    index.connection.close()

    assert found in ([], [0])


def test_every_east_asian_letter_the_program_cuts_is_a_letter_to_the_index(index: Index) -> None:
    asked = (*range(0x2E80, 0xA000), *range(0xAC00, 0xD800), *range(0xF900, 0x10000), *range(0x20000, 0x323B0))
    letters = [sign for sign in map(chr, asked) if bigrams(sign)]
    tokens = [f"x{token}y" for token in map(bigrams, letters)]
    index.connection.execute("DELETE FROM search")
    index.connection.executemany("INSERT INTO search(words) VALUES (?)", [(token,) for token in tokens])

    torn = index.connection.execute("SELECT rowid FROM search WHERE search MATCH 'x'").fetchall()

    assert [hex(ord(letters[row[0] - 1])) for row in torn] == []


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_a_text_is_found_by_itself(text: str) -> None:
    index = Index()
    if match_query(text) is not None:
        assert index.holds(text).find(text) == [0]
    index.connection.close()


def test_every_naughty_string_is_found_by_itself_and_alone_is_harmless(index: Index) -> None:
    index.holds(*HOSTILE)
    searchable = [number for number, text in enumerate(HOSTILE) if match_query(text) is not None]
    assert len(searchable) > 400
    assert [number for number in searchable if number not in index.find(HOSTILE[number])] == []


def test_an_endless_query_is_cut_and_still_finds_its_text(index: Index) -> None:
    text = "占道经营影响通行" * 2000 + " word" * 3000
    assert len(match_query(text) or "") < 2000
    assert index.holds(text, "占道").find(text) == [0]


@given(st.text())
def test_normalising_twice_changes_nothing_more_for_the_search(text: str) -> None:
    assert bigrams(normalise(text)) == bigrams(text)
