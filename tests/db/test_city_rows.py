"""The quick way from the city's JSON into columns gives exactly what the careful way gives, and refuses what it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.domain.cases import Case, CaseStep, Photo
from app.domain.catalog import RECORD_TYPES
from app.domain.deadlines import Limit, LimitUnit, start
from app.domain.records import Record
from app.domain.stages import Stage
from db.city_rows import RowBroken
from db.city_tx import ROWS
from db.tx import CODECS
from tests.builders import NINE, a_case

LARGEST = 2**63 - 1
ID = UUID("01a199c5-3280-7002-8998-4383ea466aa4")
LIMIT = Limit(value=2, unit=LimitUnit.HOUR, text="2小时")
FULL = a_case(
    limit=LIMIT,
    clocks=(start("accept", LIMIT, NINE), start("handle", LIMIT, NINE, ID)),
    longitude=113.6,
    latitude=34.7,
    point_source={"system": "GCJ-02", "values": [113.6, 34.7]},
    acceptor_id=ID,
    due_at=datetime(2026, 11, 2, 3, 4, 5, 678901, tzinfo=UTC),
    handled_late=True,
    condition_no=3,
    stage_before=Stage.PENDING_REGISTER,
    extra={"new": {"deep": [1, None]}},
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(["2026-11-02T01:00:00Z", "2026-11-02", "pending_register", "component", str(ID), "1", "x" * 500]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def as_row(record: Record) -> dict[str, Any]:
    """What the city sends."""
    row: dict[str, Any] = json.loads(record.model_dump_json(exclude={"id", "version"}, exclude_defaults=True))
    return row


def read_back(name: str, stored: list[Any]) -> Record:
    """The record a row of these stored values is."""
    return CODECS[name].decode([1, *stored])


def test_a_full_case_comes_through_unchanged() -> None:
    stored = ROWS["case"].stored(FULL.id.bytes, 7, as_row(FULL))
    assert read_back("case", stored) == FULL.model_copy(update={"version": 7})


def test_an_empty_case_gets_its_defaults() -> None:
    case = a_case()
    assert read_back("case", ROWS["case"].stored(case.id.bytes, 0, as_row(case))) == case


def test_steps_and_photos_come_through_unchanged() -> None:
    times = {"id": ID, "created_at": NINE, "changed_at": NINE, "parent": ID}
    step = CaseStep(
        action="register", to_stage=Stage.PENDING_REGISTER, at=NINE, actor_id=ID, actor_name="张敏", **times
    )
    photo = Photo.model_validate({**times, "sha256": "0" * 64, "size": 9, "phase": "before", "taken_at": NINE})
    for name, record in (("case_step", step), ("photo", photo)):
        assert read_back(name, ROWS[name].stored(ID.bytes, 0, as_row(record))) == record


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_every_type_names_what_is_missing(kind: Any) -> None:
    with pytest.raises(RowBroken, match="missing"):
        ROWS[kind.name].stored(ID.bytes, 1, {})


@settings(max_examples=400, deadline=None, derandomize=True)
@given(name=st.sampled_from(sorted(Case.model_fields.keys() - {"id", "version"})), value=VALUES)
def test_one_odd_value_is_judged_as_the_careful_way_judges_it(name: str, value: Any) -> None:
    row = {**as_row(FULL), name: value}
    whole = json.dumps({**row, "id": str(FULL.id), "version": 3})
    try:
        careful = Case.model_validate_json(whole)
    except ValidationError:
        with pytest.raises(RowBroken):
            ROWS["case"].stored(FULL.id.bytes, 3, row)
        return
    if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        with pytest.raises(RowBroken, match="too large"):
            ROWS["case"].stored(FULL.id.bytes, 3, row)
        return
    assert read_back("case", ROWS["case"].stored(FULL.id.bytes, 3, row)) == careful


def test_search_words_of_a_row_are_those_of_its_record() -> None:
    from app.base import reference_builtin as builtin
    from app.services.search_words import search_index

    index = search_index(builtin.initials())
    assert index.words("case", ROWS["case"].for_words(as_row(FULL))) == index.words("case", FULL)
