"""The sheet of refused rows: the original cells with the reasons, to be mended and imported again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from app.base.watch import Watch
from app.base.words import _
from app.reports.workbooks import SheetColumn, export_rows
from app.services.sheets.cells import Cell
from app.services.sheets.mapping import FIRST_ROW, REASON
from app.services.sheets.refusals import RowRefusal


def write_refused(
    path: Path,
    header: Sequence[str],
    refusals: Sequence[RowRefusal],
    rows: Mapping[int, Sequence[Cell]],
    watch: Watch | None = None,
) -> int:
    """Write every refused row once, its reasons and its row number behind it; gives the number of rows written.

    rows: original cells by row number (`CaseRows.refused_cells`). The header stays as it was, so that the mended sheet
    has the same columns; the two added ones are known to no field.
    """
    reasons: dict[int, list[str]] = {}
    for refused in refusals:
        reasons.setdefault(refused.row, []).append(refused.message)
    width = max([len(header), *(len(rows[row]) for row in reasons if row in rows)])
    names = [*header, *[""] * (width - len(header))]
    columns = [SheetColumn(name, "as_is", 18) for name in names]
    columns += [SheetColumn(_(REASON), "text", 60), SheetColumn(_(FIRST_ROW), "number", 10)]
    written = [(row, rows[row], "\n".join(lines)) for row, lines in sorted(reasons.items()) if row in rows]
    export_rows(path, columns, _lines(written, width), watch)
    return len(written)


def _lines(written: Sequence[tuple[int, Sequence[Cell], str]], width: int) -> Iterator[Sequence[Cell]]:
    for row, cells, reason in written:
        yield [*cells, *[None] * (width - len(cells)), reason, row]
