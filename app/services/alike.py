"""New records that other PCs may make as well: they get the identity that follows from what makes them the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from app.domain.alike import alike_id
from app.domain.attendance import Track
from app.domain.catalog import TYPE_OF
from app.domain.directory import Road
from app.domain.facilities import Facility
from app.domain.grids import Grid, RoadSegment
from app.domain.inspections import Enterprise
from app.domain.office import Office
from app.domain.records import Record
from db.queries.here import here
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


def made_alike(tx: Tx, record: type[R], many: Sequence[Mapping[str, Any]]) -> list[R]:
    """New records of these fields, none of them written yet.

    What was taken out of use, or goes by other words by now, keeps its identity; the new record takes the next of its words.
    """
    district, kind = tx.all(Office)[0].district_code, TYPE_OF[record].name
    named = [(district, kind, *_words(record, values)) for values in many]
    taken = here(tx.connection, kind, (alike_id(*words, "1") for words in named))
    made: list[R] = []
    for words, values in zip(named, many, strict=True):
        turn = 1
        while (own := alike_id(*words, str(turn))) in taken:
            turn += 1
            taken |= here(tx.connection, kind, [alike_id(*words, str(turn))])
        taken.add(own)
        made.append(record.model_validate({"id": own, "created_at": tx.now, "changed_at": tx.now, **values}))
    return made


def _words(record: type[Record], values: Mapping[str, Any]) -> list[str]:
    said = ([str(values.get(name, "")) for name in names] for names in SAME_BY[record])
    return next(filter(any, said), [])
