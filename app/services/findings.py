"""What an office does with findings: report, make a case, settle on the spot, watch, drop, take back."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.base.checklists_builtin import builtin_checklist
from app.base.words import N_
from app.domain import finding_corrections, finding_rules
from app.domain.case_judgement import StepInputs
from app.domain.case_views import CountSaid, DuplicateHint
from app.domain.cases import Case, Photo, PhotoPhase
from app.domain.checklists import ChecklistTemplate
from app.domain.finding_views import FindingFilter, FindingLine, FindingView, finding_filter
from app.domain.findings import Finding, FindingDraft, FindingState
from app.domain.numbering import lettered_series, local_number
from app.domain.patrols import PatrolRound, RoundState
from app.domain.permissions import Actor, need_writer
from app.domain.problems import Refused
from app.domain.stages import Stage
from app.services.cases import CaseService
from app.services.grids import GridService
from app.services.photos import TakenPhoto, tie
from app.services.reference import OFFICE_ZONE, ReferenceService
from db.queries import findings as rows
from db.store import Store
from db.tx import Reader, Tx

COUNT_CAP = 1000
COUNTED_DAYS = timedelta(days=14)
TAKEN_BACK = N_("撤销转案件:由巡查问题 {number} 转来")
SAME_MATTER = N_("同一巡查问题 {number} 在另一台电脑上已转成案件")
_NO_PHOTOS: Mapping[PhotoPhase, Sequence[TakenPhoto]] = {}


@dataclass(frozen=True)
class FindingDetail:
    """Everything the detail shows of one finding."""

    finding: Finding
    walk: PatrolRound | None
    photos: Sequence[Photo]
    case: Case | None
    can_undo: bool


class FindingService:
    """Findings of rounds. Every method that writes is one transaction."""

    def __init__(self, store: Store, reference: ReferenceService, grids: GridService, cases: CaseService) -> None:
        self._store = store
        self._reference = reference
        self._grids = grids
        self._cases = cases

    # Reporting ---------------------------------------------------------------------------------------------------

    def report(
        self,
        draft: FindingDraft,
        *,
        actor: Actor,
        draft_id: UUID | None = None,
        photos: Mapping[PhotoPhase, Sequence[TakenPhoto]] = _NO_PHOTOS,
        to_case: bool = False,
    ) -> Finding:
        """Keep a finding with its photos, or refuse the first thing missing; the form's draft goes with the same commit.

        What the round, its check point, the checklist and the nets know is filled in where nothing was given.
        to_case: make a case of it in the same commit; where the case is refused, nothing is kept and the draft stays.
        """
        with self._store.write(actor, "finding.report") as tx:
            finding = self.report_in(tx, draft)
            for phase, taken in photos.items():
                tie(tx, finding.id, taken, phase)
            if to_case:
                finding, _case = self._case_in(tx, finding)
            _forget_draft(tx, draft_id)
        return finding

    def report_in(self, tx: Tx, draft: FindingDraft, *, source: tuple[str, str] = ("", "")) -> Finding:
        """As `report`, within a deed under way. source: system and number of a finding brought in from elsewhere."""
        need_writer(tx.actor, "finding")
        draft = self._filled(tx, draft)
        finding = finding_rules.open_finding(
            draft,
            finding_id=tx.ids.new(),
            number=self._next_number(tx),
            now=tx.now,
            categories=self._reference.categories(),
            divisions=self._reference.divisions(),
        )
        finding = finding.model_copy(update={"source_system": source[0], "source_no": source[1]})
        tx.add(finding)
        _count_in_round(tx, finding)
        return finding

    def proposal(self, draft: FindingDraft) -> FindingDraft:
        """The draft as it would be kept: what its round, check point, checklist and point say in the empty fields."""
        with self._store.read() as reader:
            return self._filled(reader, draft)

    def missing(self, draft: FindingDraft) -> dict[str, Refused]:
        """Field -> why the form cannot be saved yet."""
        return {gap.field: gap.refusal for gap in finding_rules.gaps(draft, self._store.clock.now())}

    def correct(
        self,
        finding_id: UUID,
        draft: FindingDraft,
        *,
        actor: Actor,
        seen: Finding | None = None,
        draft_id: UUID | None = None,
    ) -> Finding:
        """Put right what was typed; of a finding that is a case only its words. A moved point finds its grids anew.

        seen: the finding as the person had it before them; what they did not touch stays as it is now.
        draft_id: the form's draft, which goes with the same commit.
        Raises Refused for a finding decided otherwise, Conflict("finding.changed_meanwhile") when somebody else changed
        the same field since.
        """
        need_writer(actor, "finding")
        with self._store.write(actor, "finding.correct") as tx:
            old = tx.need(Finding, finding_id)
            own = finding_corrections.own_changes(draft, seen or old, old)
            if own:
                tx.change(
                    finding_corrections.corrected(
                        old,
                        own,
                        now=tx.now,
                        categories=self._reference.categories(),
                        divisions=self._reference.divisions(),
                        codes_at=lambda longitude, latitude: self._grids.at(longitude, latitude).codes,
                    )
                )
            _forget_draft(tx, draft_id)
            return tx.need(Finding, finding_id)

    # What becomes of it ------------------------------------------------------------------------------------------

    def to_case(self, finding_id: UUID, *, actor: Actor) -> Case:
        """Make a case of a finding: nothing typed twice, its photos go along, each names the other."""
        need_writer(actor, "finding")
        with self._store.write(actor, "finding.to_case") as tx:
            _finding, case = self._case_in(tx, tx.need(Finding, finding_id))
        return case

    def link_case(self, finding_id: UUID, case_id: UUID, *, actor: Actor) -> Finding:
        """Say that a finding is the matter of a case there is already; its photos go along."""
        need_writer(actor, "finding")
        with self._store.write(actor, "finding.link") as tx:
            finding, case = tx.need(Finding, finding_id), tx.need(Case, case_id)
            linked = finding_rules.as_case(finding, case, tx.now)
            tx.change(linked)
            if case.is_open:
                _photos_along(tx, finding.id, case)
        return linked

    def settle(
        self,
        finding_id: UUID,
        note: str = "",
        *,
        actor: Actor,
        photos: Mapping[PhotoPhase, Sequence[TakenPhoto]] = _NO_PHOTOS,
    ) -> Finding:
        """Put right on the spot, with a photo from before and one from after. Raises Refused("finding.photos_missing")."""
        need_writer(actor, "finding")
        with self._store.write(actor, "finding.settle", note) as tx:
            finding = tx.need(Finding, finding_id)
            for phase, taken in photos.items():
                tie(tx, finding.id, taken, phase)
            phases = [photo.phase for photo in tx.children(Photo, finding.id)]
            settled = finding_rules.settled(finding, phases, note, tx.now)
            tx.change(settled)
        return settled

    def watch(self, finding_id: UUID, until: date, note: str = "", *, actor: Actor) -> Finding:
        """Keep under watch until a day; on that day it is among today's findings."""
        need_writer(actor, "finding")
        with self._store.write(actor, "finding.watch", note) as tx:
            finding = tx.need(Finding, finding_id)
            today = tx.now.astimezone(OFFICE_ZONE).date()
            watched = finding_rules.watched(finding, until, note, today=today, now=tx.now)
            tx.change(watched)
        return watched

    def drop(self, finding_id: UUID, reason: str, *, actor: Actor) -> Finding:
        """Say that it was none, with a reason."""
        need_writer(actor, "finding")
        with self._store.write(actor, "finding.drop", reason) as tx:
            dropped = finding_rules.dropped(tx.need(Finding, finding_id), reason, tx.now)
            tx.change(dropped)
        return dropped

    def take_back(self, finding_id: UUID, *, actor: Actor) -> Finding:
        """Take back what a finding was decided to be. A case made of it is voided, as long as nobody went on with it.

        Raises Refused("finding.case_went_on"), and of the flow when the person may not void.
        """
        need_writer(actor, "finding")
        with self._store.write(actor, "finding.take_back") as tx:
            finding = tx.need(Finding, finding_id)
            case = None if finding.case_id is None else tx.get(Case, finding.case_id)
            if case is not None and _made_of(finding, case):
                if not _untouched(case):
                    raise Refused("finding.case_went_on", case=case.local_no)
                note = TAKEN_BACK.format(number=finding.number)
                self._cases.act_in(tx, case, "void", StepInputs(note=note))
            reopened = finding_rules.reopened(finding, tx.now)
            tx.change(reopened)
        return reopened

    def join_doubles(self, *, actor: Actor) -> list[Case]:
        """Link cases that two desks without a line made of one finding: to the one the city heard of first."""
        with self._store.read() as reader:
            doubles = rows.made_twice(reader.connection)
        joined = []
        for finding_id, case_id in doubles:
            with self._store.write(actor, "finding.join") as tx:
                finding, case = tx.need(Finding, finding_id), tx.need(Case, case_id)
                standing = None if finding.case_id is None else tx.get(Case, finding.case_id)
                if standing is not None and finding_rules.loses_to(finding, case) and self._made_here(case):
                    note = SAME_MATTER.format(number=finding.number)
                    joined.append(self._cases.link_in(tx, case, standing.id, note))
        return joined

    # Reading -----------------------------------------------------------------------------------------------------

    def count_again(self, *, actor: Actor) -> int:
        """Count the findings of rounds that two desks without a line added to; gives how many rounds it was."""
        since = self._store.clock.now() - COUNTED_DAYS
        with self._store.read() as reader:
            under = rows.undercounted(reader.connection, since)
        if not under:
            return 0
        with self._store.write(actor, "finding.count") as tx:
            for round_id in under:
                walk, found = tx.need(PatrolRound, round_id), len(rows.of_round(tx.connection, round_id))
                with tx.by_itself():
                    tx.change(walk.changed(tx.now, finding_count=max(walk.finding_count, found)))
        return len(under)

    def get(self, finding_id: UUID) -> Finding:
        """One finding. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Finding, finding_id)

    def detail(self, finding_id: UUID) -> FindingDetail:
        """A finding with its round, photos and case."""
        with self._store.read() as reader:
            finding = reader.need(Finding, finding_id)
            walk = None if finding.round_id is None else reader.get(PatrolRound, finding.round_id)
            case = None if finding.case_id is None else reader.get(Case, finding.case_id)
            photos = reader.children(Photo, finding_id)
        settled = finding.state is not FindingState.OPEN
        return FindingDetail(
            finding, walk, photos, case, settled and (case is None or not _made_of(finding, case) or _untouched(case))
        )

    def find_number(self, number: str) -> UUID:
        """The finding of that number. Raises Refused("finding.not_found")."""
        with self._store.read() as reader:
            found = rows.find_by_number(reader.connection, number.strip())
        if found is None:
            raise Refused("finding.not_found", number=number)
        return found

    def of_round(self, round_id: UUID) -> list[Finding]:
        """The findings of a round, in order of entry."""
        with self._store.read() as reader:
            return [reader.need(Finding, one) for one in rows.of_round(reader.connection, round_id)]

    def of_case(self, case_id: UUID) -> list[Finding]:
        """The findings that became a case or were linked to it."""
        with self._store.read() as reader:
            return [reader.need(Finding, one) for one in rows.of_case(reader.connection, case_id)]

    def of_facility(self, facility_id: UUID) -> list[Finding]:
        """The newest findings about a facility."""
        with self._store.read() as reader:
            return [reader.need(Finding, one) for one in rows.of_facility(reader.connection, facility_id)]

    def duplicates(self, finding: Finding | FindingDraft) -> list[DuplicateHint]:
        """Cases that may be the same matter: same minor category, near in place and time."""
        return self._cases.duplicates(finding_rules.case_draft(finding))

    def view(self, view: FindingView) -> FindingFilter:
        """The filter a saved view stands for today."""
        return finding_filter(view, self._reference.today())

    def ids(self, wanted: FindingFilter, limit: int | None = None) -> array[int]:
        """Row numbers of a list in its order; the whole list when `limit` is None."""
        with self._store.read() as reader:
            return rows.ids(reader.connection, wanted, limit)

    def lines(self, rids: Sequence[int]) -> list[FindingLine]:
        """The lines of these rows."""
        with self._store.read() as reader:
            return rows.lines(reader.connection, rids)

    def count(self, wanted: FindingFilter, cap: int | None = COUNT_CAP) -> CountSaid:
        """How many findings a list holds, capped unless `cap` is None."""
        with self._store.read() as reader:
            return rows.count(reader.connection, wanted, cap)

    def counts(self, views: Sequence[FindingView]) -> Mapping[FindingView, CountSaid]:
        """Capped counts of several views in one snapshot."""
        with self._store.read() as reader:
            return {view: rows.count(reader.connection, self.view(view), COUNT_CAP) for view in views}

    def rid_of(self, finding_id: UUID) -> int | None:
        """The row number of a finding, to find it in a list again."""
        with self._store.read() as reader:
            return rows.rid_of(reader.connection, finding_id)

    # --------------------------------------------------------------------------------------------------------------

    def _filled(self, reader: Reader, draft: FindingDraft) -> FindingDraft:
        walk = None if draft.round_id is None else reader.need(PatrolRound, draft.round_id)
        if walk is not None:
            wanted = walk.template_id
            template = None if wanted is None else reader.get(ChecklistTemplate, wanted) or builtin_checklist(wanted)
            draft = finding_rules.from_round(draft, walk, template)
        if draft.longitude is not None and draft.latitude is not None:
            draft = finding_rules.on_the_ground(draft, self._grids.at(draft.longitude, draft.latitude).codes)
        return draft if walk is None else finding_rules.in_street_of(draft, walk)

    def _case_in(self, tx: Tx, finding: Finding) -> tuple[Finding, Case]:
        """Make a case of a finding within a deed under way: the finding as it stands then, and the case."""
        taken = [number for number, _case in rows.source_numbers(tx.connection, _SYSTEM, finding.number)]
        draft = finding_rules.case_draft(finding, finding_rules.source_number(finding, taken))
        finding_rules.refuse_settled(finding)
        case = self._cases.report_in(tx, draft)
        as_case = finding_rules.as_case(finding, case, tx.now)
        tx.change(as_case)
        _photos_along(tx, finding.id, case)
        return as_case, case

    def _made_here(self, case: Case) -> bool:
        """This PC made the case, so this PC links it: others would only say the same once more."""
        office = self._reference.office()
        return case.local_no.startswith(f"{office.mark}-{office.pc_mark}-")

    def _next_number(self, tx: Tx) -> str:
        office, day = self._reference.office(), tx.now.astimezone(OFFICE_ZONE).date()
        series = lettered_series("WT", office.mark, office.pc_mark, day)
        return local_number(series, tx.next_number(series))


_SYSTEM = finding_rules.SOURCE_SYSTEM


def _made_of(finding: Finding, case: Case) -> bool:
    """The case was made of the finding, not found to be the same matter."""
    return case.source_system == _SYSTEM and case.source_no.startswith(finding.number)


def _untouched(case: Case) -> bool:
    return case.stage == Stage.PENDING_REGISTER


def _forget_draft(tx: Tx, draft_id: UUID | None) -> None:
    """The form's draft goes with the deed it was for."""
    if draft_id is not None:
        tx.connection.exec_driver_sql("DELETE FROM drafts WHERE id = ?", (draft_id.bytes,))


def _photos_along(tx: Tx, finding_id: UUID, case: Case) -> None:
    """The same files now belong to the case too; none is copied."""
    photos = tx.children(Photo, finding_id)
    for phase in dict.fromkeys(photo.phase for photo in photos):
        batch = 0 if phase == PhotoPhase.BEFORE else case.rework_count
        tie(tx, case.id, [photo for photo in photos if photo.phase == phase], phase, batch)


def _count_in_round(tx: Tx, finding: Finding) -> None:
    """A finding that comes in after its round was finished counts there too; until then the round counts at its end."""
    walk = None if finding.round_id is None else tx.get(PatrolRound, finding.round_id)
    if walk is not None and walk.state is RoundState.DONE:
        tx.change(walk.changed(tx.now, finding_count=len(rows.of_round(tx.connection, walk.id))))
