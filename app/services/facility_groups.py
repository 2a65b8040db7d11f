"""The registers of facilities as they are shipped, read when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from app.base.resources import resource_rows
from app.domain.facility_rules import OTHER, FacilityGroup, group_of_row


@cache
def groups() -> Sequence[FacilityGroup]:
    """Every register in the order of the page; the last one takes what belongs to no other."""
    return tuple(group_of_row(row) for row in resource_rows("tables", "facility_groups.csv"))


def group_named(name: str) -> FacilityGroup:
    """The register of that name or title; an unknown one is the last."""
    return next((group for group in groups() if name in (group.name, group.title)), groups()[-1])


def group_title(name: str) -> str:
    """The msgid of a register's title; a facility put nowhere stands in the last."""
    return group_named(name or OTHER).title
