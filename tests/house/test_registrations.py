"""What has to be told in one line somewhere is told there."""

from __future__ import annotations

from importlib import import_module

from app.domain.catalog import RECORD_TYPES
from app.domain.records import Record
from db.models import TABLES
from tests.house import listed
from tests.tools.sources import sources


def record_classes() -> set[type[Record]]:
    """Every record class of the domain."""
    for source in sources("app/domain"):
        import_module(source.module)
    found: set[type[Record]] = set()
    waiting = [Record]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in found and kind.__module__.startswith("app.domain"):
                found.add(kind)
                waiting.append(kind)
    return found


def test_every_record_class_is_in_the_catalog() -> None:
    missing = record_classes() - {kind.record for kind in RECORD_TYPES}

    assert missing == set(), listed(
        "Add its RecordType to RECORD_TYPES in app/domain/catalog.py (registration 1).", missing
    )


def test_every_record_type_has_a_table() -> None:
    different = {kind.name for kind in RECORD_TYPES} ^ set(TABLES)

    assert different == set(), listed(
        "Every record type needs one line in TABLES, db/models/__init__.py (registration 2).", different
    )


def test_no_two_record_types_share_a_name_or_a_table() -> None:
    names = [kind.name for kind in RECORD_TYPES]

    assert len(set(names)) == len(names), "The name is what the wire knows; give each record type its own."
    assert len({id(table) for table in TABLES.values()}) == len(TABLES), "Each record type needs a table of its own."
