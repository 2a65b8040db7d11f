"""The one search table asked for one record type: its word in front lets a rare type be found among a million others."""

from __future__ import annotations

from operator import itemgetter
from uuid import UUID

from sqlalchemy import Connection

from app.domain.text import match_query
from db.engine import run
from db.fts import PLACES, SPAN, type_word

COLUMNS, WITH_PERSONS = "words initials", "words initials person"
_TABLES = {
    "case": "cases",
    "finding": "findings",
    "patrol_round": "patrol_rounds",
    "facility": "facilities",
    "enterprise": "enterprises",
    "inspection": "inspections",
}


def search_sql(record_type: str, text: str, *, persons: bool = False) -> tuple[str, str]:
    """(match, condition): the FTS5 expression to give as parameter, and the condition that takes it."""
    match = match_query(text)
    place = PLACES[record_type]
    if match is None:
        return "", "search.rowid < 0 AND ? IS NOT NULL"
    asked = f"{{{WITH_PERSONS if persons else COLUMNS}}} : ({match})"
    word = type_word(record_type)
    if word:
        asked = f'words : "{word}" AND ({asked})'
    return asked, f"search MATCH ? AND search.rowid % {SPAN} = {place}"


def hits(connection: Connection, record_type: str, text: str, limit: int, *, persons: bool = False) -> list[int]:
    """Row numbers of the records of one type that a text finds, last entered first."""
    match, condition = search_sql(record_type, text, persons=persons)
    sql = f"SELECT search.rowid / {SPAN} FROM search WHERE {condition} ORDER BY search.rowid DESC LIMIT {int(limit)}"
    return list(map(itemgetter(0), run(connection, sql, (match,))))


def records_of(connection: Connection, record_type: str, rids: list[int]) -> list[UUID]:
    """Identities of those rows, in the order given."""
    if not rids:
        return []
    sql = f"SELECT rid, id FROM {_TABLES[record_type]} WHERE rid IN ({','.join('?' * len(rids))})"
    found = {row[0]: UUID(bytes=row[1]) for row in run(connection, sql, tuple(rids))}
    return [found[rid] for rid in rids if rid in found]
