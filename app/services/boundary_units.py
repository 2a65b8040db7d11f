"""Duty grids of a file against each other and those that are here: a unit grid belongs to one of them."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.grids import GridKind
from app.domain.problems import Refused
from app.services.boundary_rows import BoundaryRow, RowState, Surroundings


def refuse_shared_units(rows: Sequence[BoundaryRow], around: Surroundings) -> None:
    """Refuse, in place, the rows that would put a unit grid into a second duty grid; the earlier row keeps it.

    What counts is how all would stand afterwards, so a file may hand a unit grid from one duty grid to another.
    """
    here = {
        code: around.grid(grid_id).unit_codes for (kind, code), grid_id in around.known.items() if kind == GridKind.DUTY
    }
    telling = [row for row in rows if row.kind == GridKind.DUTY and "unit_codes" in row.values]
    # A refused row leaves its grid as it is, with units an earlier row may have counted on: hence once more.
    while _refuse_once([row for row in telling if row.state in (RowState.NEW, RowState.CHANGED)], here):
        pass


def _refuse_once(rows: Sequence[BoundaryRow], here: dict[str, tuple[str, ...]]) -> bool:
    replaced = {row.code for row in rows}
    holder = {unit: code for code, units in here.items() if code not in replaced for unit in units}
    refused = False
    for row in rows:
        units: tuple[str, ...] = row.values["unit_codes"]
        duty = next((holder[unit] for unit in units if unit in holder), None)
        if duty is None:
            holder |= dict.fromkeys(units, row.code)
            continue
        shared = "、".join(unit for unit in units if holder.get(unit) == duty)
        row.state, row.shape = RowState.REFUSED, None
        row.refusal = Refused("grid.unit_taken", codes=shared, duty=duty)
        refused = True
    return refused
