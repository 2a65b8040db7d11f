"""The lists of the case import: what would become of each row, and what was refused."""

from __future__ import annotations

from app.base.words import N_, _
from app.services.sheets.case_outcomes import CaseOutcome
from app.services.sheets.refusals import RowRefusal
from app.services.sheets.values import as_text
from ui.forms.time_inputs import ZONE
from ui.tables.columns import RIGHT, Column

CELLS_SHOWN = 6


def outcome_words(outcome: CaseOutcome) -> str:
    """What becomes of a row."""
    if outcome.case is None:
        return "▲ " + ";".join(refusal.message for refusal in outcome.refusals)
    if outcome.notes:
        return "· " + ";".join(note.message for note in outcome.notes)
    return _("✓ 可以导入")


def _case(outcome: CaseOutcome, field_name: str) -> str:
    return str(getattr(outcome.case, field_name)) if outcome.case is not None else ""


def _reported(outcome: CaseOutcome) -> str:
    return f"{outcome.case.reported_at.astimezone(ZONE):%Y-%m-%d %H:%M}" if outcome.case is not None else ""


def _about(outcome: CaseOutcome) -> str:
    """The description; of a refused row its first cells, so that a person finds it again."""
    if outcome.case is not None:
        return outcome.case.description.replace("\n", " ")
    return " | ".join(filter(None, map(as_text, outcome.cells[:CELLS_SHOWN])))


def _place(outcome: CaseOutcome) -> str:
    case = outcome.case
    return case.address or f"{case.street_text}{case.road}{case.house_no}" if case is not None else ""


OUTCOME_COLUMNS: tuple[Column[CaseOutcome], ...] = (
    Column("row", N_("行"), 60, lambda outcome: str(outcome.row), RIGHT),
    Column(
        "outcome",
        N_("结果"),
        240,
        outcome_words,
        light=lambda outcome: "red" if outcome.case is None else None,
        hint=outcome_words,
    ),
    Column("source_no", N_("来源编号"), 120, lambda outcome: _case(outcome, "source_no")),
    Column("reported_at", N_("上报时间"), 120, _reported),
    Column("category", N_("分类"), 120, lambda outcome: _case(outcome, "category_text")),
    Column("place", N_("地点"), 180, _place),
    Column("about", N_("描述"), 320, _about),
)
REFUSAL_COLUMNS: tuple[Column[RowRefusal], ...] = (
    Column("row", N_("行"), 70, lambda refused: str(refused.row), RIGHT),
    Column("column", N_("列"), 160, lambda refused: refused.column),
    Column("message", N_("原因"), 560, lambda refused: refused.message, hint=lambda refused: refused.message),
)
