"""A table holds exactly what its record holds."""

from __future__ import annotations

from types import NoneType
from typing import get_args

import pytest

from app.domain.catalog import RECORD_TYPES
from app.domain.records import RecordType
from db.models import TABLES
from tests.house import listed


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_a_table_has_one_column_for_each_field(kind: RecordType) -> None:
    columns = {column.name for column in TABLES[kind.name].columns} - {"rid"}

    assert columns == set(kind.record.model_fields), (
        f"db/models and app/domain disagree about {kind.name}: a field and its column have the same name; "
        "add the missing one, and a migration (python3 dev.py migration NAME)."
    )


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_a_column_may_be_empty_only_where_the_field_may(kind: RecordType) -> None:
    may_be_empty = {name for name, field in kind.record.model_fields.items() if NoneType in get_args(field.annotation)}
    nullable = {column.name for column in TABLES[kind.name].columns if column.nullable}

    assert nullable == may_be_empty, f"Make the columns of {kind.name} nullable exactly where the field may be None."


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_every_field_has_a_title(kind: RecordType) -> None:
    without = [name for name, field in kind.record.model_fields.items() if not field.title]

    assert without == [], listed(
        "Say the Chinese title on the field: forms, table heads and sheets read it there.", without
    )
