"""Findings: what one takes over from its round, what may become of it, and which case stands when two were made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domain.case_opening import CLOCK_SLACK, EARLIEST, FieldGap, category_fields, place_fields
from app.domain.cases import Case, CaseDraft, CaseKind, PhotoPhase
from app.domain.checklists import ChecklistTemplate
from app.domain.findings import FINDING_STATE_TITLES, Finding, FindingDraft, FindingState
from app.domain.patrols import CheckPoint, PatrolRound
from app.domain.problems import Refused
from app.domain.reference import CategoryTable, Divisions

SOURCE = "collector"
"""Code of 信息采集 in the list of case sources."""
SOURCE_SYSTEM = "finding"
"""What stands as the source system of a case made of a finding; its source number is the finding's."""
LONGEST_WATCH = timedelta(days=366)
UNSETTLED = frozenset({FindingState.OPEN, FindingState.WATCH})
_CASE_FIELDS = frozenset(CaseDraft.model_fields) & frozenset(Finding.model_fields) - {"source_system", "source_no"}


def gaps(draft: FindingDraft, now: datetime) -> list[FieldGap]:
    """What is missing or wrong before a draft becomes a finding, in the order of the form."""
    found: list[FieldGap] = []
    if not (draft.minor or draft.category_text or draft.description.strip()):
        found.append(FieldGap("minor", Refused("finding.nothing_said")))
    if not any((draft.street_code, draft.road, draft.near, draft.address, draft.longitude, draft.facility_id)):
        found.append(FieldGap("street_code", Refused("finding.place_missing")))
    if (draft.longitude is None) != (draft.latitude is None):
        found.append(FieldGap("longitude", Refused("case.point_incomplete")))
    if draft.found_at is not None:
        at = f"{draft.found_at:%Y-%m-%d %H:%M}"
        if draft.found_at > now + CLOCK_SLACK:
            found.append(FieldGap("found_at", Refused("finding.found_later", at=at)))
        elif draft.found_at < EARLIEST:
            found.append(FieldGap("found_at", Refused("finding.found_too_early", at=at)))
    return found


def from_round(draft: FindingDraft, walk: PatrolRound, template: ChecklistTemplate | None) -> FindingDraft:
    """The draft with what its round knows in the fields nobody filled: member, place of the check point, category."""
    known: dict[str, object] = {"member_id": walk.member_id, "member_name": walk.member_name}
    known |= _point_fields(point_of(walk, draft.point_no))
    known |= proposed_category(template, draft.item_code)
    if not draft.road:
        known.setdefault("road", walk.road)
    return _filled(draft, known)


def in_street_of(draft: FindingDraft, walk: PatrolRound) -> FindingDraft:
    """The draft in its round's street, where neither a person nor the nets said another."""
    return _filled(draft, {"street_code": walk.street_code})


def point_of(walk: PatrolRound, point_no: int | None) -> CheckPoint | None:
    """The check point of that number, if the route has it."""
    return next((point for point in walk.points if point.no == point_no), None)


def proposed_category(template: ChecklistTemplate | None, item_code: str) -> dict[str, object]:
    """The category an item's finding becomes: kind, major, minor; nothing when the template proposes none."""
    item = next((item for item in template.items if item.code == item_code), None) if template and item_code else None
    if item is None or not item.minor:
        return {}
    return {"kind": CaseKind(item.case_kind), "major": item.major, "minor": item.minor}


def on_the_ground(draft: FindingDraft, codes: Mapping[str, str]) -> FindingDraft:
    """The draft with what the nets say of its point in the fields nobody filled; the nearest road need not be the one meant."""
    return _filled(draft, {name: code for name, code in codes.items() if name != "road"})


def open_finding(
    draft: FindingDraft,
    *,
    finding_id: UUID,
    number: str,
    now: datetime,
    categories: CategoryTable,
    divisions: Divisions,
) -> Finding:
    """The first record of a finding, waiting for a decision. Raises Refused for the first gap or an unknown category."""
    missing = gaps(draft, now)
    if missing:
        raise missing[0].refusal
    as_case = case_draft(draft)
    fields = draft.model_dump(exclude={"found_at"})
    # A finding knows neither condition nor limit: they are chosen when the case is filed.
    named = category_fields(as_case, categories)
    fields |= {name: named[name] for name in ("scheme", "minor_name") if name in named}
    fields |= place_fields(as_case, divisions)
    fields |= {"found_at": draft.found_at or now, "state": FindingState.OPEN}
    return Finding(id=finding_id, number=number, created_at=now, changed_at=now, **fields)


def case_draft(finding: Finding | FindingDraft, source_no: str = "") -> CaseDraft:
    """The case a finding becomes, with nothing left to type; source_no: under which the case names the finding."""
    fields = {name: getattr(finding, name) for name in _CASE_FIELDS}
    fields |= {"source": SOURCE, "reported_at": finding.found_at, "collector_name": finding.member_name}
    if source_no:
        fields |= {"source_system": SOURCE_SYSTEM, "source_no": source_no}
    return CaseDraft(**fields)


def source_number(finding: Finding, taken: Collection[str]) -> str:
    """The number a new case of this finding carries; earlier cases of it that were voided keep theirs."""
    if finding.number not in taken:
        return finding.number
    again = next(n for n in range(2, len(taken) + 3) if f"{finding.number}-{n}" not in taken)
    return f"{finding.number}-{again}"


def refuse_settled(finding: Finding) -> None:
    """Raise Refused("finding.settled_before") for a finding somebody has decided about."""
    if finding.state not in UNSETTLED:
        title = FINDING_STATE_TITLES[finding.state]
        raise Refused("finding.settled_before", number=finding.number, state=title, case=finding.case_no)


def as_case(finding: Finding, case: Case, now: datetime) -> Finding:
    """The finding, become that case."""
    refuse_settled(finding)
    return finding.changed(
        now, state=FindingState.CASE, case_id=case.id, case_no=case.local_no, watch_until=None, settled_at=None
    )


def settled(finding: Finding, phases: Iterable[PhotoPhase], note: str, now: datetime) -> Finding:
    """The finding, put right on the spot. Raises Refused("finding.photos_missing") without both photos."""
    refuse_settled(finding)
    if not {PhotoPhase.BEFORE, PhotoPhase.AFTER} <= set(phases):
        raise Refused("finding.photos_missing")
    return finding.changed(now, state=FindingState.SETTLED, settled_at=now, outcome_note=note.strip(), watch_until=None)


def watched(finding: Finding, until: date, note: str, *, today: date, now: datetime) -> Finding:
    """The finding, kept under watch until that day, when it is shown again."""
    refuse_settled(finding)
    if not today < until <= today + LONGEST_WATCH:
        raise Refused("finding.watch_until_wrong", until=f"{until:%Y-%m-%d}")
    return finding.changed(now, state=FindingState.WATCH, watch_until=until, outcome_note=note.strip())


def dropped(finding: Finding, reason: str, now: datetime) -> Finding:
    """The finding, found to be none."""
    refuse_settled(finding)
    if not reason.strip():
        raise Refused("finding.reason_missing")
    return finding.changed(now, state=FindingState.DROPPED, outcome_note=reason.strip(), watch_until=None)


def reopened(finding: Finding, now: datetime) -> Finding:
    """The finding, waiting for a decision again; what it was decided to be is taken back."""
    return finding.changed(
        now,
        state=FindingState.OPEN,
        case_id=None,
        case_no="",
        watch_until=None,
        settled_at=None,
        outcome_note="",
    )


def loses_to(finding: Finding, case: Case) -> bool:
    """True when this case was made of the finding on another PC too, and that other case stands.

    The case the city heard of first stands: it is the one the finding names. The other is linked to it and left to the
    acceptor, who may void it; nobody's work is thrown away by the program.
    """
    return (
        finding.case_id is not None
        and case.id != finding.case_id
        and case.is_open
        and case.linked_case_id is None
        and case.source_system == SOURCE_SYSTEM
        and case.source_no.startswith(finding.number)
    )


def _point_fields(point: CheckPoint | None) -> dict[str, object]:
    if point is None:
        return {}
    fields: dict[str, object] = {"road": point.road, "house_no": point.house_no, "near": point.name}
    fields |= {"longitude": point.longitude, "latitude": point.latitude, "facility_id": point.facility_id}
    return fields


def _filled(draft: FindingDraft, known: Mapping[str, object]) -> FindingDraft:
    """Values nobody gave, and both halves of a point or a category together."""
    has_point, has_category = draft.longitude is not None, bool(draft.minor)
    kept = {
        name: value
        for name, value in known.items()
        if value not in (None, "")
        and getattr(draft, name) in (None, "")
        and not (has_point and name in ("longitude", "latitude"))
        and not (has_category and name in ("kind", "major", "minor"))
    }
    return draft.model_copy(update=kept)
