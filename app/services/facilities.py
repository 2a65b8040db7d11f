"""The register of facilities: look up, list, save, change many, tell what happened."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.base.watch import Watch, silent
from app.domain.case_views import CountSaid
from app.domain.cases import CaseDraft, CaseKind
from app.domain.facilities import FACILITY_STATE_TITLES, Facility, FacilityEvent, FacilityState
from app.domain.facility_rules import (
    HistoryLine,
    StreetRates,
    after_seen,
    event_fields,
    in_order,
    is_event,
    need_something_said,
    street_rates,
)
from app.domain.facility_views import FacilityFilter, FacilityLine, GroupCount, NearFacility
from app.domain.patrols import CheckResult
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.facility_groups import group_named, groups
from app.services.facility_making import Tables, completed, point_of
from app.services.facility_numbers import Coding
from app.services.facility_stories import story
from app.services.grids import GridService
from app.services.reference import ReferenceService
from db.queries import facilities as rows
from db.store import Store

if TYPE_CHECKING:
    from db.tx import Tx

BULK_FIELDS = frozenset({"authority", "owner", "maintainer", "state", "lit", "main_road", "group", "note"})
MOST_CODES = 500


class FacilityService:
    """Facilities from census to scrap. Every writing method is one transaction."""

    def __init__(
        self,
        store: Store,
        reference: ReferenceService,
        grids: GridService,
    ) -> None:
        self._store = store
        self._reference = reference
        self._grids = grids

    # Looking up --------------------------------------------------------------------------------------------------

    def get(self, facility_id: UUID) -> Facility:
        """One facility. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Facility, facility_id)

    def find_number(self, number: str) -> UUID:
        """The facility of an identity, identity code, house number or source number. Raises Refused("facility.not_found")."""
        number = number.strip()
        with self._store.read() as reader:
            own = _uuid(number)
            if own is not None and reader.get(Facility, own) is not None:
                return own
            found = rows.find_by_number(reader.connection, number)
        if found is None:
            raise Refused("facility.not_found", number=number)
        return found

    def near(self, longitude: float, latitude: float, metres: float) -> list[NearFacility]:
        """Facilities around a WGS-84 point, the nearest first."""
        with self._store.read() as reader:
            return rows.near(reader.connection, longitude, latitude, metres)

    def ids(self, wanted: FacilityFilter, limit: int | None = None) -> array[int]:
        """Row numbers of a list in its order; the whole list when `limit` is None."""
        with self._store.read() as reader:
            return rows.ids(reader.connection, wanted, limit)

    def lines(self, rids: Sequence[int]) -> list[FacilityLine]:
        """The lines of these rows."""
        with self._store.read() as reader:
            return rows.lines(reader.connection, rids)

    def find(self, wanted: FacilityFilter, limit: int = 100) -> list[FacilityLine]:
        """The first lines of a list."""
        with self._store.read() as reader:
            return rows.lines(reader.connection, rows.ids(reader.connection, wanted, limit))

    def count(self, wanted: FacilityFilter, cap: int | None = 1000) -> CountSaid:
        """How many facilities a list holds, capped unless `cap` is None."""
        with self._store.read() as reader:
            return rows.count(reader.connection, wanted, cap)

    def group_counts(self) -> Mapping[str, GroupCount]:
        """Register -> how many it holds and how many are damaged or missing; every register is there."""
        with self._store.read() as reader:
            found = {count.group: count for count in rows.group_counts(reader.connection)}
        return {group.name: found.get(group.name, GroupCount(group.name, 0, 0)) for group in groups()}

    def rates(self, group: str) -> list[StreetRates]:
        """Rates of a register by street beside its targets; the last line is all streets together."""
        with self._store.read() as reader:
            counts = rows.state_counts(reader.connection, group)
        return street_rates(counts, group_named(group), self._targets())

    def rid_of(self, facility_id: UUID) -> int | None:
        """The row number of a facility, to find it in a list again."""
        with self._store.read() as reader:
            return rows.rid_of(reader.connection, facility_id)

    def ids_of(self, rids: Sequence[int]) -> list[UUID]:
        """The identities of rows of a list."""
        with self._store.read() as reader:
            return rows.ids_of(reader.connection, rids)

    def owners(self, role: str) -> list[str]:
        """Names that stand in an owner role ("authority", "owner", "maintainer"), the most frequent first."""
        with self._store.read() as reader:
            return rows.owners(reader.connection, role)

    def history(self, facility_id: UUID) -> list[HistoryLine]:
        """Changes of state, results of rounds, findings and cases, newest first."""
        with self._store.read() as reader:
            return in_order(story(reader, facility_id))

    def double_codes(self) -> list[str]:
        """Identity codes that stand on more than one facility: two desks took them from censuses of their own."""
        with self._store.read() as reader:
            return rows.double_codes(reader.connection)

    # Writing -----------------------------------------------------------------------------------------------------

    def save(
        self,
        values: Mapping[str, Any],
        *,
        actor: Actor,
        facility_id: UUID | None = None,
        note: str = "",
        draft_id: UUID | None = None,
    ) -> Facility:
        """Add a facility, or change these fields of the one with `facility_id`; what follows from them is filled in.

        Raises Refused("facility.…") for numbers that are wrong or taken, an unknown category, or nothing said;
        Refused("account.role_needed").
        """
        need_writer(actor, "facility")
        tables = self.tables()
        coding = self.coding()
        with self._store.write(actor, "facility.save", note) as tx:
            before = None if facility_id is None else tx.need(Facility, facility_id)
            fields = completed({**_known(before, values), **values}, tables, self._place(values, before))
            if before is None:
                after = Facility.model_validate(
                    {"id": tx.ids.new(), "created_at": tx.now, "changed_at": tx.now, **fields}
                )
            else:
                after = before.changed(tx.now, **fields)
            need_something_said(after)
            if not after.code:
                after = after.model_copy(update={"code": coding.next_code(tx, after.major, after.minor)})
            coding.check(tx, after)
            _write(tx, before, after, "state", note)
            if draft_id is not None:
                tx.connection.exec_driver_sql("DELETE FROM drafts WHERE id = ?", (draft_id.bytes,))
        return after

    def set_many(
        self,
        facility_ids: Sequence[UUID],
        fields: Mapping[str, Any],
        note: str = "",
        *,
        actor: Actor,
        watch: Watch | None = None,
    ) -> int:
        """Set owner roles, state or light of many facilities at once; gives how many changed.

        Raises Refused: facility.nothing_chosen, facility.field_unknown for fields that differ from thing to thing.
        """
        need_writer(actor, "facility")
        if not facility_ids:
            raise Refused("facility.nothing_chosen")
        for name in fields:
            if name not in BULK_FIELDS:
                raise Refused("facility.field_unknown", name=name, known=" ".join(sorted(BULK_FIELDS)))
        watch, changed = watch or silent(), 0
        with self._store.write(actor, "facility.set_many", note) as tx:
            for done, facility_id in enumerate(facility_ids, start=1):
                before = tx.need(Facility, facility_id)
                after = before.changed(tx.now, **fields)
                if any(getattr(before, name) != getattr(after, name) for name in fields):
                    with tx.by_itself():
                        _write(tx, before, after, "state", note)
                    changed += 1
                watch.step(done, len(facility_ids))
        return changed

    def alike(self, facility_ids: Sequence[UUID], names: Collection[str]) -> list[tuple[dict[str, Any], list[UUID]]]:
        """Facilities put together by what stands in these fields now: what `set_many` needs to bring it back."""
        found: dict[tuple[Any, ...], list[UUID]] = {}
        with self._store.read() as reader:
            for facility_id in facility_ids:
                facility = reader.need(Facility, facility_id)
                found.setdefault(tuple(getattr(facility, name) for name in names), []).append(facility_id)
        return [(dict(zip(names, values, strict=True)), ids) for values, ids in found.items()]

    def set_state(self, facility_ids: Sequence[UUID], state: FacilityState, note: str = "", *, actor: Actor) -> int:
        """Say in which state facilities are; gives how many changed."""
        return self.set_many(facility_ids, {"state": state}, note, actor=actor)

    def seen(self, tx: Tx, result: CheckResult) -> Facility | None:
        """Take over what a round's result says of its facility, within the round's own transaction; None: nothing changed.

        A facility this desk does not have (yet) is passed over: the result names it all the same.
        """
        before = None if result.facility_id is None else tx.get(Facility, result.facility_id)
        if before is None:
            return None
        fields = after_seen(before, result, result.at or tx.now)
        if not fields:
            return None
        after = before.changed(tx.now, **fields)
        _write(tx, before, after, "seen", result.note, round_id=result.parent, at=result.at)
        return after

    def give_codes(self, *, actor: Actor) -> int:
        """Give identity codes to facilities that wait for one, as far as there are serials; gives how many."""
        coding, given = self.coding(), 0
        with self._store.read() as reader:
            waiting = rows.without_code(reader.connection, MOST_CODES)
        for facility_id in waiting:
            with self._store.write(actor, "facility.code") as tx:
                facility = tx.need(Facility, facility_id)
                code = coding.next_code(tx, facility.major, facility.minor) if not facility.code else ""
                if not code:
                    break
                tx.change(facility.changed(tx.now, code=code))
            given += 1
        return given

    def case_draft(self, facility_id: UUID) -> CaseDraft:
        """What a case about a facility begins with: its category and place, and the facility itself."""
        facility = self.get(facility_id)
        number = facility.code or facility.house_number
        what = " ".join(part for part in (facility.name or facility.minor_name, number) if part)
        state = FACILITY_STATE_TITLES[facility.state] if facility.state != FacilityState.INTACT else ""
        known = bool(facility.minor)
        return CaseDraft(
            scheme=facility.scheme if known else "",
            kind=CaseKind.COMPONENT if known else None,
            major=facility.major,
            minor=facility.minor,
            street_code=facility.street_code,
            community_code=facility.community_code,
            road=facility.road,
            address=facility.address,
            longitude=facility.longitude,
            latitude=facility.latitude,
            point_source=facility.point_source,
            unit_grid=facility.unit_grid,
            duty_grid=facility.duty_grid,
            facility_id=facility.id,
            description=f"{what}{state}",
        )

    def coding(self) -> Coding:
        """How this office makes and checks identity codes."""
        return Coding(self._grids.rules().facility_code, self._reference.office().district_code)

    def _targets(self) -> Mapping[str, float]:
        rules = self._grids.rules().model_dump()
        return {name: value for name, value in rules.items() if name.endswith("_target")}

    def tables(self) -> Tables:
        """What facilities are completed from today."""
        return Tables(self._reference.categories(), self._reference.divisions())

    def _place(self, values: Mapping[str, Any], before: Facility | None) -> Any:
        """Where a new point lies; None when the point is the one it had."""
        point = point_of(values)
        if point is None or (before is not None and point == point_of(before)):
            return None
        return self._grids.at(*point)


def _known(before: Facility | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields to be changed are completed from: what stands there already. A point that moves leaves its grids."""
    if before is None:
        return {}
    names = ["name", "minor_name", "group", "street_code", "community_code", "road"]
    if "major" in values or "minor" in values:
        names += ["major", "minor"]
    known = {name: getattr(before, name) for name in names}
    moved = point_of(values) not in (None, point_of(before))
    return {**known, "unit_grid": "", "duty_grid": ""} if moved else known


def _write(
    tx: Tx,
    before: Facility | None,
    after: Facility,
    action: str,
    note: str,
    *,
    round_id: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """Add or change a facility; a change of state or light is written down beside it."""
    if before is None:
        tx.add(after)
        return
    tx.change(after)
    if is_event(before, after):
        tx.add(
            FacilityEvent(
                id=tx.ids.new(),
                created_at=tx.now,
                changed_at=tx.now,
                parent=after.id,
                at=at or tx.now,
                action=action,
                round_id=round_id,
                actor_name=tx.actor.name,
                note=note[:1000],
                **event_fields(before, after),
            )
        )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
