"""Opening a case from what a clerk typed: what is still missing, and the first record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.domain.cases import Case, CaseDraft, place_words
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.reference import CategoryTable, Divisions
from app.domain.stages import Stage

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class FieldGap:
    """A field of the form that keeps it from being saved, and why."""

    field: str
    refusal: Refused


@dataclass(frozen=True)
class OpeningTables:
    """The tables a new case is filed under, with the version it keeps."""

    categories: CategoryTable
    divisions: Divisions
    flow_version: str


def gaps(draft: CaseDraft, now: datetime) -> list[FieldGap]:
    """What is missing or wrong before a draft becomes a case, in the order of the form."""
    found: list[FieldGap] = []
    if not draft.source:
        found.append(FieldGap("source", Refused("case.source_missing")))
    if not (draft.minor or draft.category_text or draft.description.strip()):
        found.append(FieldGap("minor", Refused("case.nothing_said")))
    if not any((draft.street_code, draft.street_text, draft.road, draft.near, draft.address, draft.longitude)):
        found.append(FieldGap("street_code", Refused("case.place_missing")))
    if (draft.longitude is None) != (draft.latitude is None):
        found.append(FieldGap("longitude", Refused("case.point_incomplete")))
    if draft.reported_at is not None:
        at = f"{draft.reported_at:%Y-%m-%d %H:%M}"
        if draft.reported_at > now + CLOCK_SLACK:
            found.append(FieldGap("reported_at", Refused("case.reported_later", at=at)))
        elif draft.reported_at < EARLIEST:
            found.append(FieldGap("reported_at", Refused("case.reported_too_early", at=at)))
    return found


def open_case(
    draft: CaseDraft, *, case_id: UUID, local_no: str, now: datetime, actor: Actor, tables: OpeningTables
) -> Case:
    """The first record of a case, in stage 已上报.

    The names of category, street and community are kept as they are called today; the standards' version goes with it.
    Raises Refused for the first gap, an unknown category or an unknown condition.
    """
    missing = gaps(draft, now)
    if missing:
        raise missing[0].refusal
    fields = draft.model_dump(exclude={"street_text", "reported_at", "address"})
    fields |= category_fields(draft, tables.categories)
    fields |= place_fields(draft, tables.divisions)
    fields |= {
        "reported_at": draft.reported_at or now,
        "acceptor_id": actor.person_id if "acceptor" in actor.flow_roles else None,
        "acceptor_name": actor.name if "acceptor" in actor.flow_roles else "",
        "flow_version": tables.flow_version,
    }
    return Case(
        id=case_id, created_at=now, changed_at=now, local_no=local_no, stage=Stage.REPORTED, stage_at=now, **fields
    )


def category_fields(draft: CaseDraft, categories: CategoryTable) -> dict[str, object]:
    """Names, condition and limit of the chosen category under the table in force."""
    if not draft.minor:
        return {}
    if draft.kind is None:
        raise Refused("case.category_unknown", kind="?", major=draft.major, minor=draft.minor)
    category = categories.find(draft.kind, draft.major, draft.minor)
    if category is None:
        raise Refused("case.category_unknown", kind=draft.kind, major=draft.major, minor=draft.minor)
    fields: dict[str, object] = {
        "scheme": categories.scheme,
        "major_name": category.major_name,
        "minor_name": category.minor_name,
        "standards_version": categories.version_id,
    }
    if draft.condition_no is not None:
        condition = category.condition(draft.condition_no)
        if condition is None:
            raise Refused("case.condition_unknown", minor_name=category.minor_name, no=draft.condition_no)
        fields |= {"condition": condition.filing, "closing": condition.closing, "limit": condition.limit}
    return fields


def place_fields(draft: CaseDraft, divisions: Divisions) -> dict[str, object]:
    """Street and community as they are called today, and one line saying where."""
    street = divisions.street(draft.street_code) if draft.street_code else None
    community = divisions.community(draft.community_code) if draft.community_code else None
    street_name = street.name if street else draft.street_text
    community_name = community.name if community else ""
    return {
        "street_name": street_name,
        "community_name": community_name,
        "address": place_words(draft, street_name, community_name),
    }
