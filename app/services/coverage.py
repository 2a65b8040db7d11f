"""Coverage: the matrix of a span, what nobody has seen, and both as a sheet or on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from app.base.watch import Watch
from app.base.words import _
from app.domain.coverage import (
    COVERAGE_BY_TITLES,
    BlindSpots,
    Cell,
    CoverageBy,
    CoverageMatrix,
    CoverageRow,
    check_span,
)
from app.domain.directory import Worker, WorkerKind
from app.domain.grids import Grid, GridKind
from app.domain.permissions import Actor
from app.reports.coverage_report import coverage_blocks
from app.reports.paper import Paper
from app.reports.paper_foot import foot_words
from app.reports.workbooks import SheetColumn, export_rows
from app.services.directory import DirectoryService
from app.services.grids import GridService
from app.services.reference import ReferenceService
from db.queries import coverage
from db.store import Store

PERCENT = 100
_WALKED_KINDS = (GridKind.DUTY, GridKind.GOVERNANCE, GridKind.UNIT)


class CoverageService:
    """Reads are safe from reader threads."""

    def __init__(
        self, store: Store, reference: ReferenceService, directory: DirectoryService, grids: GridService
    ) -> None:
        self._store = store
        self._reference = reference
        self._directory = directory
        self._grids = grids

    def matrix(self, by: CoverageBy, first: date, last: date, street_code: str = "") -> CoverageMatrix:
        """Every grid (street, member, road) in use or walked, on every day of the span; without grids, those once walked.

        Raises Refused("coverage.span").
        """
        check_span(first, last)
        found: dict[str, dict[date, Cell]] = {}
        today = self._reference.today()
        with self._store.read() as reader:
            for key, day, cell in coverage.cells(reader.connection, by, first, last, today, street_code):
                found.setdefault(key, {})[day] = cell
            seen = coverage.last_seen(reader.connection, by, last)
        titles = self._titles(by, street_code)
        # Without drawn grids, those that rounds ever named are the grids there are.
        named = seen if by == CoverageBy.GRID and not titles and not street_code else {}
        names = {key: titles.get(key) or self._name(by, key) for key in {**titles, **named, **found}}
        rows = [CoverageRow(key, name, found.get(key, {}), seen.get(key)) for key, name in names.items()]
        return CoverageMatrix(by, first, last, sorted(rows, key=lambda row: (row.title, row.key)), today)

    def blind_spots(self, matrix: CoverageMatrix, street_code: str = "") -> BlindSpots:
        """What nobody has seen in the span of a matrix."""
        with self._store.read() as reader:
            points = coverage.passed_over(reader.connection, matrix.first, matrix.last, street_code)
        return BlindSpots(matrix.unseen(), points, self._streets_without_grid())

    def best_by(self) -> CoverageBy:
        """By grid where the office has grids or its rounds name some, else by street."""
        if any(self._grids.all(kind) for kind in _WALKED_KINDS):
            return CoverageBy.GRID
        with self._store.read() as reader:
            return CoverageBy.GRID if coverage.names_grids(reader.connection) else CoverageBy.STREET

    def member_of(self, key: str) -> UUID:
        """The member a row of the matrix by member stands for."""
        return UUID(hex=key)

    def export(self, path: Path, matrix: CoverageMatrix, *, actor: Actor, watch: Watch | None = None) -> int:
        """Write a matrix to a sheet: a row each, its figures, then "done/planned" for every day. Gives the rows."""
        days = [SheetColumn(f"{day:%m-%d}", "text", 8) for day in matrix.days]
        written = export_rows(path, [*_columns(matrix.by), *days], _rows(matrix), watch, title=_("巡查覆盖"))
        with self._store.write(actor, "coverage.export", path.name) as tx:
            tx.note_event("coverage.export", "patrol_round", None, f"{path.name}: {written}")
        return written

    def paper(self, matrix: CoverageMatrix, spots: BlindSpots, *, actor: Actor) -> Paper:
        """The matrix's figures and the blind spots on paper."""
        office = self._reference.office()
        title = _("巡查覆盖 {first} 至 {last}").format(first=matrix.first, last=matrix.last)
        foot = foot_words(office, actor.name, self._store.clock.now())
        return Paper(title, tuple(coverage_blocks(title, matrix, spots, office)), foot)

    def _titles(self, by: CoverageBy, street_code: str) -> Mapping[str, str]:
        """Rows that stand in the matrix though nobody walked there."""
        if by == CoverageBy.GRID:
            kept = next((grids for kind in _WALKED_KINDS if (grids := self._grids.all(kind))), [])
            grids = [grid for grid in kept if not street_code or grid.street_code == street_code]
            return {grid.code: _grid_title(grid) for grid in grids}
        if by == CoverageBy.MEMBER:
            members = [] if street_code else self._directory.workers(WorkerKind.COLLECTOR)
            return {coverage.member_key(member.id): member.name for member in members}
        if by == CoverageBy.ROAD:
            roads = [road for road in self._directory.roads() if street_code in ("", road.street_code)]
            return {road.name: road.name for road in roads}
        divisions, district = self._reference.divisions(), self._reference.office().district_code
        streets = [street for street in divisions.streets_of(district) if street_code in ("", street.code)]
        return {street.code: street.name for street in streets}

    def _name(self, by: CoverageBy, key: str) -> str:
        """What a key is called that is in no list any more; "": rounds that name none."""
        if not key:
            return _("(未注明)")
        if by == CoverageBy.MEMBER:
            known = self._directory.everything(Worker)
            return next((worker.name for worker in known if coverage.member_key(worker.id) == key), key[-8:])
        if by == CoverageBy.STREET:
            street = self._reference.divisions().street(key)
            return street.name if street else key
        return key

    def _streets_without_grid(self) -> list[str]:
        """Streets of the district in which no duty, governance or unit grid lies; none when the office has no grids."""
        covered = {grid.street_code for kind in _WALKED_KINDS for grid in self._grids.all(kind)}
        if not covered:
            return []
        streets = self._reference.divisions().streets_of(self._reference.office().district_code)
        return [street.name for street in streets if street.code not in covered]


def told(matrix: CoverageMatrix, spots: BlindSpots) -> dict[str, Any]:
    """A matrix and its blind spots as the command line prints them."""
    return {
        "by": str(matrix.by),
        "from": matrix.first.isoformat(),
        "to": matrix.last.isoformat(),
        "total": _figures(matrix.total),
        "rows": [
            {
                "key": row.key,
                "title": row.title,
                **_figures(row.total),
                "last_seen": row.last_seen.isoformat() if row.last_seen else None,
                "days_since": matrix.days_unseen(row),
                "days": {
                    day.isoformat(): [cell.done, cell.planned, cell.ahead] for day, cell in sorted(row.cells.items())
                },
            }
            for row in matrix.rows
        ],
        "blind_spots": {
            "unseen": [row.title for row in spots.rows],
            "passed_over": [{"grid": p.grid_code, "point": p.name, "times": p.times} for p in spots.points],
            "streets_without_grid": list(spots.streets),
        },
    }


def _figures(cell: Cell) -> dict[str, Any]:
    return {
        "planned": cell.planned,
        "done": cell.done,
        "ahead": cell.ahead,
        "share": cell.share,
        "points_total": cell.points_total,
        "points_checked": cell.points_checked,
        "findings": cell.findings,
        "metres": round(cell.metres),
        "findings_per_km": cell.findings_per_km,
    }


def _day_words(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return _("还没到") if cell.lies_ahead else f"{cell.done}/{cell.planned}"


def _grid_title(grid: Grid) -> str:
    return f"{grid.code} {grid.name}".strip()


def _columns(by: CoverageBy) -> list[SheetColumn]:
    return [
        SheetColumn(_(COVERAGE_BY_TITLES[by]), "text", 24),
        SheetColumn(_("计划"), "number", 8),
        SheetColumn(_("完成"), "number", 8),
        SheetColumn(_("还没到"), "number", 8),
        SheetColumn(_("完成率(%)"), "number", 10),
        SheetColumn(_("应查点"), "number", 8),
        SheetColumn(_("已查点"), "number", 8),
        SheetColumn(_("问题"), "number", 8),
        SheetColumn(_("里程(公里)"), "number", 10),
        SheetColumn(_("每公里问题"), "number", 10),
        SheetColumn(_("最近巡查"), "date", 12),
        SheetColumn(_("距今天数"), "number", 10),
    ]


def _rows(matrix: CoverageMatrix) -> Iterator[list[Any]]:
    for row in matrix.rows:
        total = row.total
        per_km = total.findings_per_km
        days = [row.cells.get(day) for day in matrix.days]
        yield [
            row.title,
            total.planned,
            total.done,
            total.ahead,
            None if total.share is None else round(PERCENT * total.share, 1),
            total.points_total,
            total.points_checked,
            total.findings,
            round(total.metres / 1000, 2) if total.measured else None,
            None if per_km is None else round(per_km, 2),
            row.last_seen,
            matrix.days_unseen(row),
            *map(_day_words, days),
        ]
