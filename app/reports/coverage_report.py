"""Coverage of a span on paper: the sums, a line per row, what nobody has seen."""

from __future__ import annotations

from app.base.words import _
from app.domain.coverage import COVERAGE_BY_TITLES, BlindSpots, Cell, CoverageMatrix
from app.domain.office import Office
from app.reports.paper import Block, Facts, Heading, PaperColumn, Table, Words

MOST_ROWS = 1000
MOST_POINTS = 60


def coverage_blocks(title: str, matrix: CoverageMatrix, spots: BlindSpots, office: Office) -> list[Block]:
    """The report of one matrix."""
    total = matrix.total
    blocks: list[Block] = [
        Heading(title, office.name),
        Facts(
            (
                ((_("计划"), str(total.planned)), (_("完成"), f"{total.done} ({percent_words(total.share)})")),
                ((_("还没到"), str(total.ahead)), (_("检查点"), _points(total))),
                ((_("问题"), str(total.findings)), (_("里程"), km_words(total))),
                ((_("每公里问题"), per_km_words(total)),),
            )
        ),
        Table(_columns(matrix), [_line(matrix, at) for at in range(min(len(matrix.rows), MOST_ROWS))]),
    ]
    if len(matrix.rows) > MOST_ROWS:
        blocks.append(Words(_("只打印了前 {n} 行;全部请用导出").format(n=MOST_ROWS)))
    return blocks + _blind(spots)


def percent_words(share: float | None) -> str:
    """A share in percent; "-" when there is none."""
    return "-" if share is None else f"{100 * share:.1f}%"


def km_words(cell: Cell) -> str:
    """Kilometres walked; "-" when nothing was measured."""
    return f"{cell.metres / 1000:.1f}" if cell.measured else "-"


def per_km_words(cell: Cell) -> str:
    """Findings per kilometre; "-" when nothing was measured."""
    return "-" if cell.findings_per_km is None else f"{cell.findings_per_km:.2f}"


def since_words(days: int | None) -> str:
    """Days since last seen."""
    return _("未见") if days is None else _("今天") if days == 0 else _("{n} 天").format(n=days)


def _columns(matrix: CoverageMatrix) -> tuple[PaperColumn, ...]:
    return (
        PaperColumn(_(COVERAGE_BY_TITLES[matrix.by]), 34),
        PaperColumn(_("计划"), 8, "right"),
        PaperColumn(_("完成"), 8, "right"),
        PaperColumn(_("还没到"), 8, "right"),
        PaperColumn(_("完成率"), 10, "right"),
        PaperColumn(_("检查点"), 12, "right"),
        PaperColumn(_("问题"), 8, "right"),
        PaperColumn(_("公里"), 8, "right"),
        PaperColumn(_("每公里"), 9, "right"),
        PaperColumn(_("最近巡查"), 12, "right"),
    )


def _line(matrix: CoverageMatrix, at: int) -> tuple[str, ...]:
    row = matrix.rows[at]
    total = row.total
    return (
        row.title,
        str(total.planned),
        str(total.done),
        str(total.ahead),
        percent_words(total.share),
        _points(total),
        str(total.findings),
        km_words(total),
        per_km_words(total),
        since_words(matrix.days_unseen(row)),
    )


def _points(cell: Cell) -> str:
    return f"{cell.points_checked}/{cell.points_total}" if cell.points_total else "-"


def _blind(spots: BlindSpots) -> list[Block]:
    blocks: list[Block] = []
    if spots.rows:
        names = "、".join(row.title for row in spots.rows)
        blocks.append(Words(_("时段内没有人巡查({n}):{names}").format(n=len(spots.rows), names=names)))
    if spots.streets:
        blocks.append(Words(_("没有网格的街道:{names}").format(names="、".join(spots.streets))))
    if spots.points:
        columns = (PaperColumn(_("网格"), 20), PaperColumn(_("未查的检查点"), 50), PaperColumn(_("次数"), 10, "right"))
        rows = [(point.grid_code, point.name, str(point.times)) for point in spots.points[:MOST_POINTS]]
        blocks.append(Table(columns, rows))
    return blocks
