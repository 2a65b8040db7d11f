"""Inspections of enterprises (行政检查): drafted, approved, told, carried out, counted, made into cases."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.domain import inspection_caps as caps
from app.domain import inspection_rules as rules
from app.domain.case_views import CountSaid
from app.domain.cases import Case, Photo
from app.domain.directory import Worker
from app.domain.inspection_caps import Cap, Standing
from app.domain.inspection_rules import Ground, InspectionDraft
from app.domain.inspection_views import InspectionFilter, InspectionLine, InspectionView, inspection_filter
from app.domain.inspections import Enterprise, Inspection, InspectionItem, Officer
from app.domain.numbering import lettered_series, local_number
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.services.cases import CaseService
from app.services.checklists import ChecklistService
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import inspections as rows
from db.store import Store
from db.tx import Reader, Tx

COUNT_CAP = 1000


@dataclass(frozen=True)
class InspectionDetail:
    """Everything the detail shows of one inspection. standing: None where it is not counted."""

    inspection: Inspection
    enterprise: Enterprise
    photos: Sequence[Photo]
    standing: Standing | None
    over: bool


class InspectionService:
    """Every writing method is one transaction and asks the rules first."""

    def __init__(
        self, store: Store, reference: ReferenceService, checklists: ChecklistService, cases: CaseService
    ) -> None:
        self._store = store
        self._reference = reference
        self._checklists = checklists
        self._cases = cases

    # Drafting ----------------------------------------------------------------------------------------------------

    def items(self, on: date | None = None) -> list[InspectionItem]:
        """The matters made known that are in force on a day, with what they rest on."""
        lists = self._checklists.made_known(on)
        found = [InspectionItem(title=item.title, basis=item.basis) for one in lists for item in one.items]
        return list({item.title: item for item in found}.values())

    def missing(self, draft: InspectionDraft) -> dict[str, Refused]:
        """Field -> why the form cannot be saved yet."""
        with self._store.read() as reader:
            ground = self._ground(reader, draft.enterprise_id, draft.officer_ids, draft.planned_on)
        found: dict[str, Refused] = {}
        for gap in rules.gaps(draft, ground):
            found.setdefault(gap.field, gap.refusal)
        return found

    def plan(self, draft: InspectionDraft, *, actor: Actor, draft_id: UUID | None = None) -> Inspection:
        """Draft an inspection; the form's draft goes with the same commit. Raises Refused for the first gap."""
        need_writer(actor, "inspection")
        with self._store.write(actor, "inspection.plan") as tx:
            inspection = self.plan_in(tx, draft)
            if draft_id is not None:
                tx.connection.exec_driver_sql("DELETE FROM drafts WHERE id = ?", (draft_id.bytes,))
        return inspection

    def plan_in(self, tx: Tx, draft: InspectionDraft, *, draw_id: UUID | None = None) -> Inspection:
        """As `plan`, within a deed under way. draw_id: the draw it comes from."""
        ground = self._ground(tx, draft.enterprise_id, draft.officer_ids, draft.planned_on)
        for gap in rules.gaps(draft, ground):
            raise gap.refusal
        inspection = rules.drafted(
            draft, ground, inspection_id=tx.ids.new(), number=self._next_number(tx), now=tx.now, drafter=tx.actor
        ).model_copy(update={"draw_id": draw_id})
        tx.add(inspection)
        return inspection

    # Going on ----------------------------------------------------------------------------------------------------

    def approve(self, inspection_id: UUID, *, actor: Actor) -> Inspection:
        """Approve it, as a leader who did not draft it."""
        said = self._reference.patrol_rules()

        def act(tx: Tx, before: Inspection) -> Inspection:
            return rules.approved(
                before,
                self._ground_of(tx, before),
                actor,
                tx.now,
                by_leader=said.inspection_leader_approves,
                by_another=said.inspection_other_approves,
            )

        return self._take(inspection_id, "inspection.approve", act, actor=actor)

    def notify(self, inspection_id: UUID, notice_no: str = "", *, actor: Actor) -> Inspection:
        """Note that the company was handed the notice."""
        return self._take(
            inspection_id, "inspection.notify", lambda tx, one: rules.notified(one, notice_no, tx.now), actor=actor
        )

    def start(self, inspection_id: UUID, *, actor: Actor) -> Inspection:
        """Note that the officers have begun, with certificates and cap as of today."""

        def act(tx: Tx, before: Inspection) -> Inspection:
            return rules.started(before, self._ground_of(tx, before), tx.now)

        return self._take(inspection_id, "inspection.start", act, actor=actor)

    def finish(
        self, inspection_id: UUID, items: Sequence[InspectionItem], result: str, note: str = "", *, actor: Actor
    ) -> Inspection:
        """Take in what was found of each matter, and what came of it."""
        return self._take(
            inspection_id,
            "inspection.finish",
            lambda tx, one: rules.finished(one, items, result, note, tx.now),
            actor=actor,
        )

    def cancel(self, inspection_id: UUID, reason: str, *, actor: Actor) -> Inspection:
        """It will not take place."""
        return self._take(
            inspection_id, "inspection.cancel", lambda tx, one: rules.cancelled(one, reason, tx.now), actor=actor
        )

    def to_case(self, inspection_id: UUID, *, actor: Actor) -> Case:
        """Make a case of what was wrong; nothing typed twice, each names the other."""
        need_writer(actor, "inspection")
        with self._store.write(actor, "inspection.to_case") as tx:
            inspection = tx.need(Inspection, inspection_id)
            case = self._cases.report_in(
                tx, rules.case_draft(inspection, tx.need(Enterprise, inspection.enterprise_id))
            )
            tx.change(inspection.changed(tx.now, case_id=case.id, case_no=case.local_no))
        return case

    # Reading -----------------------------------------------------------------------------------------------------

    def get(self, inspection_id: UUID) -> Inspection:
        """One inspection. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Inspection, inspection_id)

    def find_number(self, number: str) -> UUID:
        """The inspection of that number. Raises Refused("inspection.not_found")."""
        with self._store.read() as reader:
            found = rows.find_by_number(reader.connection, number.strip())
        if found is None:
            raise Refused("inspection.not_found", number=number)
        return found

    def detail(self, inspection_id: UUID) -> InspectionDetail:
        """An inspection with its enterprise, its photos, and what of the cap is used."""
        with self._store.read() as reader:
            inspection = reader.need(Inspection, inspection_id)
            photos = reader.children(Photo, inspection.id)
            enterprise = reader.need(Enterprise, inspection.enterprise_id)
            there = self._standing(reader, enterprise, caps.visit_day(inspection).year)
        counted = caps.counts(inspection)
        over = counted and inspection.id in {visit.id for visit in there.over}
        return InspectionDetail(inspection, enterprise, photos, there if counted else None, over)

    def standing(self, enterprise_id: UUID, year: int | None = None) -> Standing:
        """What of an enterprise's cap is used in a year (this one when None)."""
        with self._store.read() as reader:
            enterprise = reader.need(Enterprise, enterprise_id)
            return self._standing(reader, enterprise, year or self._reference.today().year)

    def of_enterprise(self, enterprise_id: UUID) -> list[Inspection]:
        """All visits of an enterprise, the latest planned first."""
        with self._store.read() as reader:
            return _visits(reader, enterprise_id)

    def over_cap(self, year: int | None = None) -> list[Inspection]:
        """Counted visits beyond the cap, as two desks that knew nothing of each other make them."""
        year = year or self._reference.today().year
        found: list[Inspection] = []
        with self._store.read() as reader:
            for own in rows.crowded(reader.connection, year, self._reference.patrol_rules().inspection_cap_per_year):
                enterprise = reader.get(Enterprise, own)
                found += [] if enterprise is None else self._standing(reader, enterprise, year).over
        return found

    def view(self, view: InspectionView) -> InspectionFilter:
        """The filter a saved view stands for now."""
        wanted = inspection_filter(view)
        if view is InspectionView.OVER_CAP:
            return replace(wanted, ids=tuple(visit.id for visit in self.over_cap()))
        return wanted

    def ids(self, wanted: InspectionFilter, limit: int | None = None) -> array[int]:
        """Row numbers of a list in its order; the whole list when `limit` is None."""
        with self._store.read() as reader:
            return rows.ids(reader.connection, wanted, limit)

    def lines(self, rids: Sequence[int]) -> list[InspectionLine]:
        """The lines of these rows."""
        with self._store.read() as reader:
            return rows.lines(reader.connection, rids)

    def find(self, wanted: InspectionFilter, limit: int = 100) -> list[InspectionLine]:
        """The first lines of a list."""
        return self.lines(self.ids(wanted, limit))

    def count(self, wanted: InspectionFilter, cap: int | None = COUNT_CAP) -> CountSaid:
        """How many a list holds, capped unless `cap` is None."""
        with self._store.read() as reader:
            return rows.count(reader.connection, wanted, cap)

    def counts(self, views: Sequence[InspectionView]) -> Mapping[InspectionView, CountSaid]:
        """Capped counts of several views."""
        return {view: self.count(self.view(view)) for view in views}

    def rid_of(self, inspection_id: UUID) -> int | None:
        """The row number of an inspection, to find it in a list again."""
        with self._store.read() as reader:
            return rows.rid_of(reader.connection, inspection_id)

    # --------------------------------------------------------------------------------------------------------------

    def _take(
        self, inspection_id: UUID, deed: str, act: Callable[[Tx, Inspection], Inspection], *, actor: Actor
    ) -> Inspection:
        need_writer(actor, "inspection")
        with self._store.write(actor, deed) as tx:
            after = act(tx, tx.need(Inspection, inspection_id))
            tx.change(after)
        return after

    def _ground(
        self, reader: Reader, enterprise_id: UUID | None, officer_ids: Sequence[UUID], on: date | None
    ) -> Ground:
        enterprise = None if enterprise_id is None else reader.get(Enterprise, enterprise_id)
        officers = {own: reader.get(Officer, own) for own in officer_ids}
        titles = [item.title for item in self.items(on)]
        return Ground(
            enterprise,
            [officer for officer in officers.values() if officer is not None],
            reader.all(Worker),
            titles or None,
            [] if enterprise is None else _visits(reader, enterprise.id),
            Cap(0) if enterprise is None else self._cap(enterprise),
            [own for own, officer in officers.items() if officer is None],
        )

    def _ground_of(self, tx: Tx, inspection: Inspection) -> Ground:
        return self._ground(tx, inspection.enterprise_id, inspection.officer_ids, inspection.planned_on)

    def _standing(self, reader: Reader, enterprise: Enterprise, year: int) -> Standing:
        return caps.standing(enterprise, _visits(reader, enterprise.id), year, self._cap(enterprise))

    def _cap(self, enterprise: Enterprise) -> Cap:
        said = self._reference.patrol_rules()
        return caps.cap_of(enterprise, said.inspection_cap_per_year, refuses=said.inspection_cap_refuses)

    def _next_number(self, tx: Tx) -> str:
        office, day = self._reference.office(), tx.now.astimezone(OFFICE_ZONE).date()
        series = lettered_series("JC", office.mark, office.pc_mark, day)
        return local_number(series, tx.next_number(series))


def _visits(reader: Reader, enterprise_id: UUID) -> list[Inspection]:
    return [reader.need(Inspection, own) for own in rows.of_enterprise(reader.connection, enterprise_id)]
