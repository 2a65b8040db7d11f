"""New records that other PCs may make as well: they get the identity that follows from what makes them the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from app.domain.alike import alike_id
from app.domain.attendance import Track
from app.domain.catalog import TYPE_OF
from app.domain.directory import Road
from app.domain.facilities import Facility
from app.domain.grids import Grid, RoadSegment
from app.domain.inspections import Enterprise
from app.domain.office import Office
from app.domain.records import Record
from db.tx import Tx

R = TypeVar("R", bound=Record)
SAME_BY: Mapping[type[Record], tuple[tuple[str, ...], ...]] = {
    Grid: (("kind", "code"),),
    Road: (("name",),),
    RoadSegment: (("road_id", "name"),),
    Facility: (("source", "source_no"),),
    Track: (("sha256",),),
    Enterprise: (("credit_code",), ("name", "address")),
}
"""Fields two records of one district are the same by; the first of several that says something."""


def made_alike(tx: Tx, record: type[R], many: Iterable[Mapping[str, Any]]) -> list[R]:
    """New records of these fields, none of them written yet.

    What was taken out of use, or goes by other words by now, keeps its identity; the new record takes the next of its words.
    """
    district, kind = tx.all(Office)[0].district_code, TYPE_OF[record].name
    made: dict[UUID, R] = {}
    for values in many:
        said = ([str(values.get(name, "")) for name in names] for names in SAME_BY[record])
        words = next(filter(any, said), [])
        turns = (alike_id(district, kind, *words, str(turn)) for turn in count(1))
        own = next(one for one in turns if one not in made and tx.get(record, one) is None)
        made[own] = record.model_validate({"id": own, "created_at": tx.now, "changed_at": tx.now, **values})
    return list(made.values())
