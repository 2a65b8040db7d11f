"""Facilities on paper and in sheets: cards, lists, workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.watch import Watch, silent
from app.base.words import N_, _
from app.domain.facilities import FACILITY_STATE_TITLES, FacilityState
from app.domain.permissions import Actor
from app.domain.problems import Unavailable
from app.reports.facility_card import FacilityCard, card_blocks, list_blocks
from app.reports.paper import Block, PageBreak, Paper
from app.reports.paper_foot import foot_words
from app.reports.workbooks import ColumnKind, SheetColumn, export_rows
from app.services.facilities import FacilityService
from app.services.facility_groups import group_named, group_title
from app.services.photos import PhotoService
from app.services.reference import ReferenceService
from db.engine import run
from db.store import Store
from db.types import from_microseconds

MOST_LINES, MOST_PHOTOS, BATCH, PAGE = 2000, 4, 500, 1000
COLUMNS: tuple[tuple[str, ColumnKind, int, str], ...] = (
    (N_("标识码"), "text", 20, "code"),
    (N_("户籍号"), "text", 16, "house_number"),
    (N_("来源编号"), "text", 16, "source_no"),
    (N_("名称"), "text", 22, "name"),
    (N_("台账"), "text", 12, '"group"'),
    (N_("大类"), "text", 14, "major_name"),
    (N_("小类"), "text", 16, "minor_name"),
    (N_("状态"), "text", 8, "state"),
    (N_("亮灯"), "text", 8, "lit"),
    (N_("主次干道"), "text", 8, "main_road"),
    (N_("街道"), "text", 14, "street_name"),
    (N_("社区"), "text", 16, "community_name"),
    (N_("单元网格"), "text", 18, "unit_grid"),
    (N_("责任网格"), "text", 18, "duty_grid"),
    (N_("道路"), "text", 16, "road"),
    (N_("位置"), "text", 36, "address"),
    (N_("经度"), "number", 12, "longitude"),
    (N_("纬度"), "number", 12, "latitude"),
    (N_("主管部门"), "text", 18, "authority"),
    (N_("权属单位"), "text", 18, "owner"),
    (N_("养护单位"), "text", 18, "maintainer"),
    (N_("启用日期"), "text", 12, "installed_on"),
    (N_("普查日期"), "text", 12, "surveyed_on"),
    (N_("最近巡查"), "datetime", 18, "seen_at"),
    (N_("备注"), "text", 30, "note"),
)
_SQL = (
    f"SELECT rid, {', '.join(sql for _title, _kind, _width, sql in COLUMNS)} FROM facilities WHERE rid IN ({{marks}})"
)


class FacilityPaperService:
    """Makes papers and sheets; every export is in the audit trail. A sheet written here can be imported again."""

    def __init__(
        self, store: Store, reference: ReferenceService, facilities: FacilityService, photos: PhotoService
    ) -> None:
        self._store = store
        self._reference = reference
        self._facilities = facilities
        self._photos = photos

    def cards(self, facility_ids: Sequence[UUID], *, actor: Actor, watch: Watch | None = None) -> Paper:
        """One card per facility, each beginning on a page of its own."""
        watch, office = watch or silent(), self._reference.office()
        blocks: list[Block] = []
        for done, facility_id in enumerate(facility_ids):
            watch.step(done, len(facility_ids))
            facility = self._facilities.get(facility_id)
            history = self._facilities.history(facility_id)
            if blocks:
                blocks.append(PageBreak())
            card = FacilityCard(facility, group_named(facility.group), history, self._pictures(facility_id))
            blocks += card_blocks(card, office)
        return Paper(_("部件卡片"), tuple(blocks), self._foot(actor))

    def listed(self, rids: Sequence[int], title: str, *, actor: Actor, watch: Watch | None = None) -> Paper:
        """The first lines of a list, the long side across."""
        watch, shown = watch or silent(), min(len(rids), MOST_LINES)
        lines = []
        for start in range(0, shown, BATCH):
            watch.step(start, shown)
            lines += self._facilities.lines(rids[start : min(start + BATCH, shown)])
        blocks = list_blocks(title, lines, len(rids), self._reference.office())
        return Paper(title, tuple(blocks), self._foot(actor), landscape=True)

    def export(self, path: Path, rids: Sequence[int], *, actor: Actor, watch: Watch | None = None) -> int:
        """Write these rows of the list in their order (.xlsx or .csv); gives how many."""
        watch = watch or silent()
        columns = [SheetColumn(_(title), kind, width) for title, kind, width, _sql in COLUMNS]
        written = export_rows(path, columns, self._rows(rids, watch), watch, title=_("部件"))
        with self._store.write(actor, "facility.export", path.name) as tx:
            tx.note_event("facility.export", "facility", None, f"{path.name}: {written}")
        return written

    def _rows(self, rids: Sequence[int], watch: Watch) -> Iterator[Sequence[Any]]:
        shown = _shown()
        for start in range(0, len(rids), PAGE):
            page = tuple(rids[start : start + PAGE])
            with self._store.read() as reader:
                sql = _SQL.format(marks=",".join("?" * len(page)))
                found = {row[0]: row for row in run(reader.connection, sql, page)}
            for rid in page:
                if rid in found:
                    line = list(found[rid][1:])
                    for place, show in shown.items():
                        line[place] = show(line[place])
                    yield line
            watch.step(min(start + PAGE, len(rids)), len(rids))

    def _pictures(self, facility_id: UUID) -> list[tuple[bytes | None, datetime]]:
        photos = self._photos.of(facility_id)[-MOST_PHOTOS:]
        return [(self._bytes(photo.sha256), photo.taken_at or photo.created_at) for photo in photos]

    def _bytes(self, sha256: str) -> bytes | None:
        try:
            return self._photos.open(sha256)
        except Unavailable:
            return self._photos.thumbnail(sha256)

    def _foot(self, actor: Actor) -> str:
        return foot_words(self._reference.office(), actor.name, self._store.clock.now())


def _shown() -> Mapping[int, Callable[[Any], Any]]:
    """Place in the line -> how a stored value is shown there."""
    yes_no = {None: "", 0: _("否"), 1: _("是")}
    shown: dict[str, Callable[[Any], Any]] = {
        '"group"': lambda name: _(group_title(name)),
        "state": lambda state: _(FACILITY_STATE_TITLES[FacilityState(state)]),
        "lit": yes_no.get,
        "main_road": yes_no.get,
        "seen_at": lambda at: None if at is None else from_microseconds(at),
    }
    return {place: shown[sql] for place, (_title, _kind, _width, sql) in enumerate(COLUMNS) if sql in shown}
