"""The lines of the import of boundaries: what becomes of each row, and what grids share or leave open."""

from __future__ import annotations

from app.base.problem_words import problem_text
from app.base.words import N_, _
from app.domain.grids import GRID_KIND_TITLES
from app.services.boundary_rows import BoundaryRow, RowState
from app.services.boundary_values import BoundaryPreview
from ui.tables.columns import RIGHT, Column

OVERLAPS_SAID = 3
STATES = {RowState.NEW: N_("✓ 新增"), RowState.CHANGED: N_("✓ 更新"), RowState.SAME: N_("· 没有变化")}
ORDER = {RowState.REFUSED: 0, RowState.CHANGED: 1, RowState.NEW: 2, RowState.SAME: 3}


def row_words(row: BoundaryRow) -> str:
    """What becomes of a row, and what was done to it."""
    notes = "".join(f";{note}" for note in row.notes)
    if row.refusal is not None:
        return f"▲ {problem_text(row.refusal)}{notes}"
    return _(STATES[row.state]) + notes


ROW_COLUMNS: tuple[Column[BoundaryRow], ...] = (
    Column("number", N_("序号"), 50, lambda row: str(row.number), RIGHT),
    Column("kind", N_("类别"), 76, lambda row: _(GRID_KIND_TITLES[row.kind]) if row.kind else ""),
    Column("code", N_("代码"), 130, lambda row: row.code),
    Column("name", N_("名称"), 90, lambda row: row.name),
    Column(
        "outcome",
        N_("结果"),
        320,
        row_words,
        light=lambda row: "red" if row.refusal is not None else None,
        hint=row_words,
    ),
)


def overlap_words(preview: BoundaryPreview) -> str:
    """Overlaps and gaps in words: how many, the largest of them with their areas."""
    said = []
    if preview.overlaps:
        named = "、".join(
            _("{first} 与 {second} {area:,.0f} 平方米").format(first=o.first, second=o.second, area=o.area_m2)
            for o in preview.overlaps[:OVERLAPS_SAID]
        )
        said.append(_("重叠 {n} 处:{named}").format(n=len(preview.overlaps), named=named))
    if preview.gaps:
        named = "、".join(
            _("{lon:.5f}, {lat:.5f} 处 {area:,.0f} 平方米").format(lon=g.point[0], lat=g.point[1], area=g.area_m2)
            for g in preview.gaps[:OVERLAPS_SAID]
        )
        said.append(_("缝隙 {n} 处:{named}").format(n=len(preview.gaps), named=named))
    return "\n".join(said)
