"""One search over everything: cases, rounds, findings, facilities, enterprises, inspections, grids, roads, a few of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

from app.domain.cases import Case
from app.domain.catalog import TYPE_NAMED
from app.domain.directory import Road
from app.domain.facilities import Facility
from app.domain.findings import FINDING_STATE_TITLES, Finding
from app.domain.grids import GRID_KIND_TITLES, Grid
from app.domain.inspections import INSPECTION_STATE_TITLES, Enterprise, Inspection
from app.domain.patrols import ROUND_STATE_TITLES, PatrolRound
from app.domain.permissions import Actor
from app.domain.records import Record
from app.domain.stages import STAGE_TITLES
from app.services.directory import DirectoryService
from app.services.grids import GridService
from app.services.pickers import Choice, PickerService
from db.queries import searching
from db.store import Store

EACH = 5
R = TypeVar("R", Grid, Road)


@dataclass(frozen=True)
class SearchHit:
    """One record found. number and title in one line, where and state muted beside it; state is a msgid."""

    record_type: str
    id: UUID
    number: str
    title: str
    where: str
    state: str = ""


@dataclass(frozen=True)
class SearchGroup:
    """The newest hits of one record type, or the surest of a short list. more: its page lists others by the same words."""

    record_type: str
    hits: Sequence[SearchHit]
    more: bool


class SearchService:
    """Reads the search table, and the short lists held in memory; safe from reader threads."""

    def __init__(self, store: Store, grids: GridService, directory: DirectoryService, pickers: PickerService) -> None:
        self._store = store
        self._grids = grids
        self._directory = directory
        self._pickers = pickers

    def groups(self, text: str, *, actor: Actor, each: int = EACH) -> list[SearchGroup]:
        """What a text finds, by record type; types that have nothing are left out.

        Any two characters, words, numbers or their ends, pinyin initials; reporters for those who may see them.
        """
        if not text.strip():
            return []
        found: list[SearchGroup] = []
        with self._store.read() as reader:
            for record_type, words in _WORDS.items():
                persons = actor.sees_personal_data and record_type == "case"
                rids = searching.hits(reader.connection, record_type, text, each + 1, persons=persons)
                if not rids:
                    continue
                ids = searching.records_of(reader.connection, record_type, rids[:each])
                kind = TYPE_NAMED[record_type].record
                hits = [words(reader.need(kind, record_id)) for record_id in ids]
                found.append(SearchGroup(record_type, hits, len(rids) > each))
        listed = (self._hits(text, self._grids.all(), _grid), self._hits(text, self._directory.roads(), _road))
        return found + [SearchGroup(hits[0].record_type, hits[:each], False) for hits in listed if hits]

    def _hits(self, text: str, records: Sequence[R], words: Callable[[R], SearchHit]) -> list[SearchHit]:
        """Those of a short list that fit by code, name or initials."""
        hits = {str(record.id): words(record) for record in records}
        choices = [Choice(key, hit.number, hit.title) for key, hit in hits.items()]
        return [hits[choice.key] for choice in self._pickers.found(text, choices)]


def _case(record: Record) -> SearchHit:
    case = cast(Case, record)
    what = case.minor_name or case.category_text or _short(case.description)
    return SearchHit("case", case.id, case.city_no or case.local_no, what, case.address, STAGE_TITLES[case.stage])


def _round(record: Record) -> SearchHit:
    walk = cast(PatrolRound, record)
    where = walk.road or walk.grid_code or walk.street_name
    title = f"{_day(walk.day)} {walk.member_name}".strip()
    return SearchHit("patrol_round", walk.id, walk.number, title, where, ROUND_STATE_TITLES[walk.state])


def _finding(record: Record) -> SearchHit:
    finding = cast(Finding, record)
    what = finding.minor_name or finding.category_text or _short(finding.description)
    state = FINDING_STATE_TITLES[finding.state]
    return SearchHit("finding", finding.id, finding.number, what, finding.address, state)


def _facility(record: Record) -> SearchHit:
    facility = cast(Facility, record)
    number = facility.code or facility.house_number
    where = facility.address or facility.road or facility.street_name
    return SearchHit("facility", facility.id, number, facility.name or facility.minor_name, where)


def _enterprise(record: Record) -> SearchHit:
    shop = cast(Enterprise, record)
    return SearchHit("enterprise", shop.id, shop.credit_code, shop.name, shop.address or shop.street_name)


def _inspection(record: Record) -> SearchHit:
    visit = cast(Inspection, record)
    state = INSPECTION_STATE_TITLES[visit.state]
    return SearchHit("inspection", visit.id, visit.number, visit.enterprise_name, _day(visit.planned_on), state)


def _grid(grid: Grid) -> SearchHit:
    return SearchHit("grid", grid.id, grid.code, grid.name, "", GRID_KIND_TITLES[grid.kind])


def _road(road: Road) -> SearchHit:
    return SearchHit("road", road.id, "", road.name, road.chief)


def _day(day: date) -> str:
    return f"{day:%m-%d}"


def _short(text: str) -> str:
    return " ".join(text.split())[:40]


_WORDS: Mapping[str, Callable[[Any], SearchHit]] = {
    "case": _case,
    "patrol_round": _round,
    "finding": _finding,
    "facility": _facility,
    "enterprise": _enterprise,
    "inspection": _inspection,
}
