"""Whatever order deeds are tried in, an inspection is only ever done approved, told, by certified officers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import inspection_rules as rules
from app.domain.inspection_caps import Cap, standing
from app.domain.inspection_rules import Deed, Ground, InspectionDraft
from app.domain.inspections import (
    Enterprise,
    Inspection,
    InspectionBasis,
    InspectionItem,
    InspectionResult,
    InspectionState,
    ItemResult,
    Officer,
)
from app.domain.permissions import Actor, OfficeRole
from app.domain.problems import Refused

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
STAMPS = {"created_at": NOW, "changed_at": NOW}
SHOP = Enterprise.model_validate({"id": UUID(int=1), "name": "豫香楼", **STAMPS})
TEAM = [
    Officer.model_validate(
        {"id": UUID(int=n), "name": f"官{n}", "certificate_no": str(n), "valid_until": date(2026, 11, 9), **STAMPS}
    )
    for n in (2, 3)
]
CLERK = Actor(UUID(int=10), "张敏", frozenset({OfficeRole.GRID_CLERK}), UUID(int=99))
LEADER = Actor(UUID(int=11), "李局长", frozenset({OfficeRole.LEADER}), UUID(int=99))
ITEM = InspectionItem(title="门前三包")
GROUND = Ground(SHOP, TEAM, [], {ITEM.title}, [], Cap(2))
FINAL = {InspectionState.DONE, InspectionState.CANCELLED}


def a_draft(basis: InspectionBasis, reason: str = "群众举报") -> Inspection:
    draft = InspectionDraft(
        enterprise_id=SHOP.id,
        basis=basis,
        exempt_reason=reason,
        officer_ids=tuple(officer.id for officer in TEAM),
        items=(ITEM,),
        planned_on=date(2026, 11, 3),
    )
    return rules.drafted(draft, GROUND, inspection_id=UUID(int=50), number="JC-1", now=NOW, drafter=CLERK)


def taken(before: Inspection, deed: Deed, actor: Actor, now: datetime, result: InspectionResult) -> Inspection:
    match deed:
        case Deed.APPROVE:
            return rules.approved(before, GROUND, actor, now, by_leader=True, by_another=True)
        case Deed.NOTIFY:
            return rules.notified(before, "", now)
        case Deed.START:
            return rules.started(before, GROUND, now)
        case Deed.CANCEL:
            return rules.cancelled(before, "停业", now)
    answer = ItemResult.FINE if result is InspectionResult.NOTHING_FOUND else ItemResult.WRONG
    items = [item.model_copy(update={"result": answer.value}) for item in before.items]
    return rules.finished(before, items, result.value, "", now)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(Deed),
        st.sampled_from([CLERK, LEADER]),
        st.integers(0, 100),
        st.sampled_from(InspectionResult),
    ),
    max_size=14,
)


@settings(max_examples=300)
@given(basis=st.sampled_from(InspectionBasis), steps=STEPS)
def test_no_order_of_deeds_leads_around_approval_notice_or_certificates(
    basis: InspectionBasis, steps: list[tuple[Deed, Actor, int, InspectionResult]]
) -> None:
    one, now = a_draft(basis), NOW
    for deed, actor, hours, result in steps:
        now += timedelta(hours=hours)
        before = one
        try:
            one = taken(before, deed, actor, now, result)
        except Refused:
            assert one is before
        else:
            assert before.state not in FINAL
            assert rules.may(before, deed)
    if one.started_at is not None:
        assert one.approved_by == LEADER.name
        assert one.approved_at is not None
        assert one.approved_at <= one.started_at
        assert one.noticed_at is not None or basis in {InspectionBasis.LEAD, InspectionBasis.EMERGENCY}
        assert one.started_at.astimezone(UTC) < datetime(2026, 11, 9, 16, tzinfo=UTC), (
            "the certificates ended that night"
        )
    if one.state is InspectionState.DONE:
        assert one.started_at is not None
        assert one.result in set(InspectionResult)
    assert (one.state is InspectionState.CANCELLED) <= (one.started_at is None)


@settings(max_examples=100)
@given(
    days=st.lists(st.integers(0, 700), max_size=8),
    order=st.randoms(use_true_random=False),
    cap=st.integers(0, 5),
)
def test_what_is_over_the_cap_is_the_same_in_whatever_order_visits_came_in(
    days: list[int], order: object, cap: int
) -> None:
    first = a_draft(InspectionBasis.PLAN, "")
    visits = [
        first.model_copy(update={"id": UUID(int=100 + n), "planned_on": date(2026, 1, 1) + timedelta(days=day)})
        for n, day in enumerate(days)
    ]
    shuffled = list(visits)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    for year in (2026, 2027):
        one, other = (standing(SHOP, each, year, Cap(cap)) for each in (visits, shuffled))
        assert one == other
        assert len(one.over) == max(0, sum(visit.planned_on.year == year for visit in visits) - cap)
