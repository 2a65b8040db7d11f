"""What the work list reads beside the screen: the first page, the whole snapshot, and what changed since."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.base.watch import Watch
from app.desk import Desk
from app.domain.case_views import CaseFilter, CaseLine, CountSaid
from app.services.case_lists import CaseListService
from app.sync.views import RecordDelivery

BATCH = 500


@dataclass(frozen=True)
class FirstPage:
    """The top of a list and how many it holds, as far as that is known at once."""

    lines: Sequence[CaseLine]
    said: CountSaid
    deliveries: Mapping[UUID, RecordDelivery]


@dataclass(frozen=True)
class FreshIds:
    """A list read again beside the one shown. kept: what is shown of it without pushing new rows in. added: how many those would be."""

    shown: array[int]
    fresh: array[int]
    kept: array[int]
    added: int


def read_first(desk: Desk, wanted: CaseFilter, _watch: Watch) -> FirstPage:
    """The first page and the capped count."""
    lines = desk.case_lists.first_page(wanted)
    return FirstPage(lines, desk.case_lists.count(wanted), read_deliveries(desk, lines))


def read_deliveries(desk: Desk, lines: Sequence[CaseLine]) -> Mapping[UUID, RecordDelivery]:
    """Where these cases stand on their way to the city; nothing while there is none."""
    return desk.sync.deliveries([line.id for line in lines]) if lines and desk.sync.link() is not None else {}


def read_ids(lists: CaseListService, wanted: CaseFilter, _watch: Watch) -> array[int]:
    """The whole list."""
    return lists.ids(wanted)


def read_again(
    lists: CaseListService, wanted: CaseFilter, shown: array[int], held: Collection[int], _watch: Watch
) -> FreshIds:
    """The list as it is now, beside the one shown."""
    return compared(shown, lists.ids(wanted), held)


def compared(shown: array[int], fresh: array[int], held: Collection[int]) -> FreshIds:
    """Rows that left the list go, but for those a person holds (selected, looked at); new ones are only counted."""
    if shown == fresh or not shown:
        return FreshIds(shown, fresh, fresh, 0)
    if fresh[-len(shown) :] == shown:
        # New cases on top of a list of any length: no sets of a million numbers for that.
        return FreshIds(shown, fresh, shown, len(fresh) - len(shown))
    now, before = set(fresh), set(shown)
    kept = array("q", [rid for rid in shown if rid in now or rid in held])
    return FreshIds(shown, fresh, kept, len(now - before))


def case_ids(lists: CaseListService, rids: Sequence[int], watch: Watch) -> list[UUID]:
    """Identities of rows, in their order."""
    return [line.id for line in lines_of(lists, rids, watch)]


def lines_of(lists: CaseListService, rids: Sequence[int], watch: Watch) -> Iterator[CaseLine]:
    """The lines of many rows, read in batches."""
    for start in range(0, len(rids), BATCH):
        watch.step(start, len(rids))
        yield from lists.lines(rids[start : start + BATCH])
