"""Made-up enterprises, officers and inspections of them, with one draw that anybody can do again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.base.words import _
from app.domain.checklists import ChecklistItem, ChecklistTemplate, ItemKind, Programme
from app.domain.draw import METHOD, TEAM, Lists, drawn
from app.domain.inspection_rules import officer_words
from app.domain.inspections import (
    Draw,
    DrawPick,
    Enterprise,
    Inspection,
    InspectionBasis,
    InspectionItem,
    InspectionResult,
    InspectionState,
    ItemResult,
    Officer,
)
from app.domain.numbering import lettered_series, local_number
from app.services import demo_words as words
from app.services.demo_district import PC_MARK, DemoDistrict
from app.services.reference import OFFICE_ZONE

SHOPS, DRAWN, PLANNED = 24, 4, 3
RISKS = ("A", "A", "B", "B", "C", "D")
WEIGHTS = {"A": 1, "B": 2, "C": 4, "D": 8}
SEED = "2026-demo-draw"
DRAWN_AGO = 6
STATES = (InspectionState.DONE, InspectionState.DONE, InspectionState.NOTIFIED, InspectionState.APPROVED)
ORDER = (
    InspectionState.DRAFTED,
    InspectionState.APPROVED,
    InspectionState.NOTIFIED,
    InspectionState.UNDER_WAY,
    InspectionState.DONE,
)


def make_inspections(district: DemoDistrict, matters: Sequence[ChecklistItem]) -> None:
    """matters: those made known. Write enterprises, officers, one draw with its inspections, some by plan, and one after a complaint."""
    shops = [_shop(district, n) for n in range(SHOPS)]
    officers = [_officer(district, n) for n in range(len(words.OFFICERS))]
    drawn_on = district.today - timedelta(days=DRAWN_AGO)
    draw = _draw(district, shops, officers, drawn_on)
    team = officers[:TEAM]
    visits = [
        _visit(
            district,
            matters,
            shops[at],
            team,
            InspectionBasis.PLAN,
            drawn_on - timedelta(days=20 * (at + 1)),
            STATES[0],
        )
        for at in range(PLANNED)
    ]
    by_id = {one.id: one for one in shops}
    people = {one.id: one for one in officers}
    for n, (pick, state) in enumerate(zip(draw.picks, STATES, strict=True)):
        named = [people[own] for own in pick.officer_ids]
        day = drawn_on + timedelta(days=2 * n + 1)
        visit = _visit(district, matters, by_id[pick.enterprise_id], named, InspectionBasis.RANDOM, day, state)
        visits.append(visit.model_copy(update={"draw_id": draw.id}))
    lead = _visit(district, matters, shops[-1], team, InspectionBasis.LEAD, district.today, InspectionState.DRAFTED)
    visits.append(lead.model_copy(update={"exempt_reason": _(words.EXEMPT)}))
    district.write(shops, officers)
    with district.store.write(district.actor, "demo.load") as tx:
        numbered = []
        for visit in visits:
            series = lettered_series("JC", district.office.mark, PC_MARK, visit.planned_on)
            numbered.append(visit.model_copy(update={"number": local_number(series, tx.next_number(series))}))
        series = lettered_series("CQ", district.office.mark, PC_MARK, drawn_on)
        tx.add_many([draw.model_copy(update={"number": local_number(series, tx.next_number(series))})], queue=False)
        tx.add_many(numbered, queue=False)


def make_matters(district: DemoDistrict) -> ChecklistTemplate:
    """A list of matters, where the office has made none known; it says that it is no real one."""
    made = ChecklistTemplate.model_validate(
        {
            **district.stamps(),
            "family": district.ids.new(),
            "number": 1,
            "name": _(words.MATTERS_NAME),
            "programme": Programme.INSPECTION,
            "items": tuple(
                ChecklistItem(code=f"XZ{n:02d}", title=_(title), answer=ItemKind.YES_NO, basis=_(words.MATTERS_BASIS))
                for n, title in enumerate(words.MATTERS, start=1)
            ),
            "valid_from": district.first_day,
        }
    )
    district.write([made])
    return made


def _shop(district: DemoDistrict, n: int) -> Enterprise:
    duty = district.duties[n % len(district.duties)]
    place = district.place(duty)
    kind = n % len(words.SHOP_KINDS)
    return Enterprise.model_validate(
        {
            **district.stamps(),
            "name": _(words.SHOP_NAMES[kind]).format(n=n + 1),
            "category": _(words.SHOP_KINDS[kind]),
            "risk": RISKS[n % len(RISKS)],
            "street_code": duty.street_code,
            "street_name": district.street_names.get(duty.street_code, ""),
            "address": _(words.HOUSE_POINT).format(road=district.road_name(place), n=n * 7 + 3),
            "longitude": place.longitude,
            "latitude": place.latitude,
        }
    )


def _officer(district: DemoDistrict, n: int) -> Officer:
    name, unit = words.OFFICERS[n]
    return Officer.model_validate(
        {
            **district.stamps(),
            "name": _(name),
            "unit_name": _(unit),
            "certificate_no": f"YS-{n + 1:04d}",
            "valid_from": district.today - timedelta(days=400),
            "valid_until": district.today + timedelta(days=330),
        }
    )


def _draw(district: DemoDistrict, shops: Sequence[Enterprise], officers: Sequence[Officer], on: date) -> Draw:
    """Drawn by the program's own rule, from a seed that is written down."""
    lists = Lists(
        tuple(shop.id for shop in shops),
        tuple(WEIGHTS[shop.risk] for shop in shops),
        tuple(officer.id for officer in officers),
        tuple(officer.unit_name for officer in officers),
    )
    at = _at(on, 9)
    named: Mapping[UUID, str] = {shop.id: shop.name for shop in shops}
    said = {officer.id: officer_words(officer) for officer in officers}
    return Draw.model_validate(
        {
            **district.stamps(at),
            "number": "",
            "drawn_at": at,
            "seed": SEED,
            "method": METHOD,
            "enterprises": lists.enterprises,
            "officers": lists.officers,
            "weights": lists.weights,
            "officer_units": lists.units,
            "wanted": DRAWN,
            "picks": tuple(
                DrawPick(
                    enterprise_id=shop,
                    enterprise_name=named[shop],
                    officer_ids=team,
                    officer_words=tuple(said[one] for one in team),
                )
                for shop, team in drawn(lists, SEED, DRAWN)
            ),
            "note": _(words.DRAW_NOTE),
        }
    )


def _visit(
    district: DemoDistrict,
    matters: Sequence[ChecklistItem],
    shop: Enterprise,
    officers: Sequence[Officer],
    basis: InspectionBasis,
    day: date,
    state: InspectionState,
) -> Inspection:
    """An inspection as far as its state says."""
    far = ORDER.index(state)
    done = state is InspectionState.DONE
    before = min(_at(day, 9) - timedelta(days=2), district.now)
    fields: dict[str, object] = {
        **district.stamps(before),
        "number": "",
        "enterprise_id": shop.id,
        "enterprise_name": shop.name,
        "basis": basis,
        "state": state,
        "matter": _(words.MATTER),
        "units": tuple(dict.fromkeys(officer.unit_name for officer in officers)),
        "officer_ids": tuple(officer.id for officer in officers),
        "officer_words": tuple(officer_words(officer) for officer in officers),
        "items": tuple(
            InspectionItem(
                title=matter.title,
                basis=matter.basis,
                unit_name=officers[0].unit_name,
                result=ItemResult.FINE if done else "",
            )
            for matter in matters
        ),
        "planned_on": day,
        "drafter_name": district.actor.name,
    }
    if far >= ORDER.index(InspectionState.APPROVED):
        fields |= {"approved_by": _(words.APPROVER), "approved_at": before + timedelta(minutes=40)}
    if far >= ORDER.index(InspectionState.NOTIFIED):
        fields |= {"notice_no": f"YS-{day:%m%d}-{shop.name[-2:]}", "noticed_at": before + timedelta(hours=2)}
    if done:
        fields |= {"started_at": _at(day, 9), "ended_at": _at(day, 10), "result": InspectionResult.NOTHING_FOUND}
    return Inspection.model_validate(fields)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), OFFICE_ZONE)
