"""The checklists shipped with the program, read when first asked for. Sources: resources/SOURCES.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from uuid import UUID, uuid5

from app.base.resources import resource_rows
from app.domain.checklists import ChecklistItem, ChecklistTemplate, ItemKind, Programme

BUILT_IN_SPACE = UUID("5c5f8c2e-7f6b-5c0d-9a51-6b1c2f0d4e11")
VALID_FROM = date(2018, 1, 1)
_MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def builtin_checklists() -> tuple[ChecklistTemplate, ...]:
    """Version 1 of every checklist an office begins with; their identities are the same everywhere."""
    rows = resource_rows("tables", "checklists.csv")
    return tuple(_template(name, list(group)) for name, group in groupby(rows, lambda row: row["family"]))


def builtin_checklist(template_id: UUID) -> ChecklistTemplate | None:
    """The built-in checklist of that identity; these lie in no store."""
    return next((one for one in builtin_checklists() if one.id == template_id), None)


def _template(name: str, rows: list[dict[str, str]]) -> ChecklistTemplate:
    return ChecklistTemplate(
        id=uuid5(BUILT_IN_SPACE, f"{name}/1"),
        created_at=_MADE_AT,
        changed_at=_MADE_AT,
        family=uuid5(BUILT_IN_SPACE, name),
        number=1,
        name=rows[0]["name"],
        programme=Programme(rows[0]["programme"]),
        items=tuple(map(_item, rows)),
        valid_from=VALID_FROM,
    )


def _item(row: Mapping[str, str]) -> ChecklistItem:
    return ChecklistItem(
        code=row["code"],
        title=row["title"],
        answer=ItemKind(row["answer"]),
        measure=row["measure"],
        limit_max=float(row["limit_max"]) if row["limit_max"] else None,
        case_kind=row["case_kind"],
        major=row["major"],
        minor=row["minor"],
        basis=row["basis"],
    )
