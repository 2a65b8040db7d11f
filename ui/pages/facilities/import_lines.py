"""The preview of an import of facilities: what would become of each row."""

from __future__ import annotations

from app.base.words import N_, _
from app.domain.facilities import FACILITY_STATE_TITLES, FacilityState
from app.services.facility_groups import group_title
from app.services.facility_rows import FacilityOutcome
from app.services.sheets.values import as_text
from ui.tables.columns import RIGHT, Column

CELLS_SHOWN = 6


def outcome_words(outcome: FacilityOutcome) -> str:
    """What becomes of a row."""
    if outcome.facility is None:
        return "▲ " + ";".join(refusal.message for refusal in outcome.refusals)
    if outcome.notes:
        return "· " + ";".join(note.message for note in outcome.notes)
    return _("✓ 可以导入")


def _field(outcome: FacilityOutcome, field: str) -> str:
    return str(outcome.facility.fields.get(field, "")) if outcome.facility is not None else ""


def _number(outcome: FacilityOutcome) -> str:
    return _field(outcome, "code") or (outcome.facility.number if outcome.facility is not None else "")


def _title(outcome: FacilityOutcome) -> str:
    """Name or category; of a refused row its first cells, so that a person finds it again."""
    if outcome.facility is not None:
        return _field(outcome, "name") or _field(outcome, "minor_name")
    return " | ".join(filter(None, map(as_text, outcome.cells[:CELLS_SHOWN])))


def _state(outcome: FacilityOutcome) -> str:
    state = _field(outcome, "state")
    return _(FACILITY_STATE_TITLES[FacilityState(state)]) if state else ""


def _group(outcome: FacilityOutcome) -> str:
    return _(group_title(_field(outcome, "group"))) if outcome.facility is not None else ""


def _point(outcome: FacilityOutcome) -> str:
    fields = outcome.facility.fields if outcome.facility is not None else {}
    return f"{fields['longitude']:.6f}, {fields['latitude']:.6f}" if "longitude" in fields else ""


PREVIEW_COLUMNS: tuple[Column[FacilityOutcome], ...] = (
    Column("row", N_("行"), 60, lambda outcome: str(outcome.row), RIGHT),
    Column(
        "outcome",
        N_("结果"),
        220,
        outcome_words,
        light=lambda outcome: "red" if outcome.facility is None else None,
        hint=outcome_words,
    ),
    Column("number", N_("编号"), 140, _number),
    Column("title", N_("名称"), 130, _title, hint=_title),
    Column("group", N_("台账"), 72, _group),
    Column("state", N_("状态"), 52, _state),
    Column("street", N_("街道"), 96, lambda outcome: _field(outcome, "street_name")),
    Column("point", N_("经纬度"), 160, _point),
    Column("address", N_("位置"), 160, lambda outcome: _field(outcome, "address")),
)
