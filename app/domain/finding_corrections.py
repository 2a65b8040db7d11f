"""Putting a finding right: what somebody changed of it, who may not overwrite whom, what follows from a moved point."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from app.domain.case_opening import category_fields, place_fields
from app.domain.finding_rules import case_draft, gaps, on_the_ground, refuse_settled
from app.domain.findings import Finding, FindingDraft, FindingState
from app.domain.problems import Conflict, Refused
from app.domain.reference import CategoryTable, Divisions

CodesAt = Callable[[float, float], Mapping[str, str]]
"""Codes of the nets at a WGS-84 longitude and latitude."""
WORDS = frozenset({"description", "road", "house_no", "near", "address"})
"""What may be put right of a finding that is a case: the case has its own copy, and nothing is counted by them."""
_CATEGORY = ("kind", "major", "minor")
_POINT = ("longitude", "latitude", "point_source")
_DIVISION = ("street_code", "community_code")
_TOGETHER = (_CATEGORY, _POINT, _DIVISION, ("member_id", "member_name"))
_GRIDS = ("unit_grid", "duty_grid", "governance_grid")
_PLACE = frozenset({*_DIVISION, "road", "house_no", "near"})


def as_draft(finding: Finding) -> FindingDraft:
    """What stands in a finding, as a form holds it."""
    return FindingDraft(**{name: getattr(finding, name) for name in FindingDraft.model_fields})


def own_changes(draft: FindingDraft, seen: Finding, now: Finding) -> dict[str, object]:
    """Fields in which the draft differs from what was seen; halves of one matter go together.

    Raises Conflict("finding.changed_meanwhile") when one of them has yet another value by now.
    """
    touched = {name for name in FindingDraft.model_fields if getattr(draft, name) != getattr(seen, name)}
    if draft.found_at is None:
        touched.discard("found_at")
    for group in _TOGETHER:
        if touched.intersection(group):
            touched.update(group)
    clash = [name for name in touched if getattr(now, name) not in (getattr(seen, name), getattr(draft, name))]
    if clash:
        raise Conflict("finding.changed_meanwhile", number=now.number, fields=_titles(clash))
    return {name: getattr(draft, name) for name in touched}


def corrected(
    finding: Finding,
    own: Mapping[str, object],
    *,
    now: datetime,
    categories: CategoryTable,
    divisions: Divisions,
    codes_at: CodesAt,
) -> Finding:
    """The finding with these fields and all that follows from them.

    Raises Refused for a finding decided about, for more than words of one that is a case, and for the first gap.
    """
    _refuse_decided(finding, own)
    draft = as_draft(finding).model_copy(update=dict(own))
    if own.keys() & set(_POINT):
        draft = _grids_anew(draft, codes_at)
    if own.keys() & _PLACE and "address" not in own:
        draft = draft.model_copy(update={"address": _address_anew(finding, divisions)})
    missing = gaps(draft, now)
    if missing:
        raise missing[0].refusal
    fields = draft.model_dump()
    if own.keys() & set(_CATEGORY):
        named = category_fields(case_draft(draft), categories)
        fields |= {"minor_name": ""} | {name: named[name] for name in ("scheme", "minor_name") if name in named}
    if own.keys() & _PLACE:
        fields |= place_fields(case_draft(draft), divisions)
    return finding.changed(now, **fields)


def _refuse_decided(finding: Finding, own: Mapping[str, object]) -> None:
    if finding.state is not FindingState.CASE:
        refuse_settled(finding)
        return
    fixed = own.keys() - WORDS
    if fixed:
        raise Refused("finding.case_fixed", number=finding.number, case=finding.case_no, fields=_titles(fixed))


def _grids_anew(draft: FindingDraft, codes_at: CodesAt) -> FindingDraft:
    """The grids of the point as it is now; none without a point. The street stays what the form says."""
    bare = draft.model_copy(update=dict.fromkeys(_GRIDS, ""))
    if bare.longitude is None or bare.latitude is None:
        return bare
    codes = codes_at(bare.longitude, bare.latitude)
    return on_the_ground(bare, {name: codes[name] for name in _GRIDS if name in codes})


def _address_anew(finding: Finding, divisions: Divisions) -> str:
    """Empty where the address was put together from its parts, so that it is put together again; else as it stands."""
    bare = case_draft(finding).model_copy(update={"address": ""})
    return "" if place_fields(bare, divisions).get("address", "") == finding.address else finding.address


def _titles(names: Collection[str]) -> str:
    """Titles of fields in the order of the record."""
    return "、".join(str(field.title) for name, field in Finding.model_fields.items() if name in names)
