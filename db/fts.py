"""The search index: one contentless FTS5 table over words made by the program, fed in the same transaction.

Row numbers are `rid * SPAN + place of the record type`, so that one index serves every searched type and
descending order is the order of entry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.records import Record
from db.engine import run, run_many

SPAN = 16
PLACES = {"case": 1, "patrol_round": 2, "finding": 3, "facility": 4, "enterprise": 5, "inspection": 6}
TYPE_SIGN = "\ua000"
"""Begins a word of ours in every record but cases, so that few of one type are found among a million others.

A letter of a script nobody types here.
"""

INSERT_SQL = "INSERT INTO search(rowid, words, person, initials) VALUES (?, ?, ?, ?)"
REPLACE_SQL = "INSERT OR REPLACE INTO search(rowid, words, person, initials) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True)
class SearchWords:
    """Tokens of one record: open words, personal data (shown to few), pinyin initials."""

    words: str
    person: str
    initials: str


WordsOf = Callable[[Record], SearchWords]


def type_word(record_type: str) -> str:
    """The word by which the index knows records of a type; none for cases, which are most of what there is."""
    return "" if record_type == "case" else f"{TYPE_SIGN}{PLACES[record_type]}"


class SearchIndex:
    """Keeps the index in step with the records of one store."""

    def __init__(self, words_of: dict[str, WordsOf]) -> None:
        self._words_of = words_of

    def covers(self, record_type: str) -> bool:
        """True when records of that type are found by search."""
        return record_type in self._words_of

    def words(self, record_type: str, record: Record) -> SearchWords:
        """The tokens of a record."""
        return self._words_of[record_type](record)

    def put(self, connection: Connection, record_type: str, rid: int, record: Record) -> None:
        """Index a new record."""
        run(connection, INSERT_SQL, self._row(record_type, rid, record))

    def replace(self, connection: Connection, record_type: str, rid: int, old: Record, new: Record) -> None:
        """Index a changed record again, when its words changed."""
        if self.words(record_type, old) != self.words(record_type, new):
            run(connection, REPLACE_SQL, self._row(record_type, rid, new))

    def put_many(self, connection: Connection, record_type: str, rows: Sequence[tuple[int, Record]]) -> None:
        """Index many new records."""
        run_many(connection, INSERT_SQL, (self._row(record_type, rid, record) for rid, record in rows))

    def replace_many(self, connection: Connection, record_type: str, rows: Sequence[tuple[int, Record]]) -> None:
        """Index many changed records again."""
        run_many(connection, REPLACE_SQL, (self._row(record_type, rid, record) for rid, record in rows))

    def remove_many(self, connection: Connection, record_type: str, rids: Sequence[int]) -> None:
        """Take records out of the index."""
        place = PLACES[record_type]
        run_many(connection, "DELETE FROM search WHERE rowid = ?", ((rid * SPAN + place,) for rid in rids))

    def _row(self, record_type: str, rid: int, record: Record) -> tuple[int, str, str, str]:
        words = self.words(record_type, record)
        return (rid * SPAN + PLACES[record_type], words.words, words.person, words.initials)
