"""What an office does with cases: report, act, correct, attach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from app.base.watch import Watch, silent
from app.domain import case_rules
from app.domain.case_judgement import FlowContext, StepInputs
from app.domain.case_opening import OpeningTables, category_fields, gaps, open_case, place_fields
from app.domain.case_rules import ActionOffer
from app.domain.case_views import DuplicateHint
from app.domain.cases import Case, CaseDraft, CaseStep, Photo
from app.domain.grid_places import GRID_FIELDS, with_place
from app.domain.numbering import local_number, number_series
from app.domain.office import Office
from app.domain.permissions import Actor
from app.domain.problems import Conflict, Refused
from app.domain.stages import Stage
from app.services.clock_watch import ClockWatch
from app.services.directory import DirectoryService
from app.services.grids import GridService
from app.services.reference import OFFICE_ZONE, ReferenceService, context_with_photos
from app.services.task_follow import TaskFollower
from app.services.usage import count_use
from db.queries import case_lookups, numbers
from db.store import Store
from db.tx import Tx

CORRECTABLE = frozenset(CaseDraft.model_fields) - {"reported_at", "self_handled", "source_system", "street_text"}
SYSTEM_ROLES = frozenset({"system"})


@dataclass(frozen=True)
class CaseDetail:
    """Everything the detail shows of one case."""

    case: Case
    steps: Sequence[CaseStep]
    photos: Sequence[Photo]
    offers: Sequence[ActionOffer]
    waiting: int


class CaseService:
    """Cases from entry to closing. Every method is one transaction."""

    def __init__(
        self,
        store: Store,
        reference: ReferenceService,
        directory: DirectoryService,
        clock_watch: ClockWatch,
        tasks: TaskFollower,
        grids: GridService,
    ) -> None:
        self._tasks = tasks
        self._grids = grids
        self._store = store
        self._clock_watch = clock_watch
        self._reference = reference
        self._directory = directory

    def report(self, draft: CaseDraft, *, actor: Actor, draft_id: UUID | None = None) -> Case:
        """Open a case, or refuse the first thing missing; the form's draft goes with the same commit.

        A case settled on the spot stays 已上报 until its photos are there; any other goes to 待立案 at once.
        """
        with self._store.write(actor, "case.report") as tx:
            case = self.report_in(tx, draft)
            if draft_id is not None:
                tx.connection.exec_driver_sql("DELETE FROM drafts WHERE id = ?", (draft_id.bytes,))
        return case

    def report_in(self, tx: Tx, draft: CaseDraft) -> Case:
        """As `report`, within a deed under way that makes the case of something else."""
        context, actor = self._reference.context(), tx.actor
        case = open_case(
            self._located(draft),
            case_id=tx.ids.new(),
            local_no=_next_number(tx, self._reference.office()),
            now=tx.now,
            actor=actor,
            tables=self._tables(),
        )
        case = case.model_copy(update={"city_no": _official_number(tx)})
        _refuse_known_number(tx, case)
        first = _first_step(tx, case, draft.collector_name)
        steps = [first]
        if not draft.self_handled:
            taken = case_rules.take_step(
                case,
                "enter_pool",
                StepInputs(),
                actor=actor,
                roles=SYSTEM_ROLES,
                step_id=tx.ids.new(),
                # One instant for both: the city knows a new record's beginning from its change alone.
                context=replace(context, now=tx.now),
            )
            case, steps = taken.case, [first, taken.step]
        tx.add(case)
        for step in steps:
            tx.add(step)
        count_use(tx, case)
        return case

    def act(self, case_id: UUID, action: str, inputs: StepInputs, *, actor: Actor) -> Case:
        """Take one step. Raises Refused("case.…") with the rule that says no; nothing is changed then."""
        with self._store.write(actor, f"case.{action}", inputs.note) as tx:
            return self.act_in(tx, tx.need(Case, case_id), action, inputs)

    def act_in(self, tx: Tx, case: Case, action: str, inputs: StepInputs) -> Case:
        """As `act`, within a deed under way; `case` as it stands in it."""
        context = self._reference.context()
        return self._take(tx, case, action, inputs, tx.actor, tx.actor.flow_roles, context)

    def act_on_many(
        self, case_ids: Sequence[UUID], action: str, inputs: StepInputs, *, actor: Actor, watch: Watch | None = None
    ) -> list[tuple[UUID, Refused]]:
        """Take the same step on many cases, each in its own transaction; gives those refused, with the reason."""
        watch, refused = watch or silent(), []
        for done, case_id in enumerate(case_ids, start=1):
            try:
                self.act(case_id, action, inputs, actor=actor)
            except Refused as refusal:
                refused.append((case_id, refusal))
            watch.step(done, len(case_ids))
        return refused

    def correct(self, case_id: UUID, draft: CaseDraft, note: str, *, actor: Actor, seen: Case | None = None) -> Case:
        """Put right what was typed; category and limit only before filing.

        seen: the case as the person had it before them; what they did not touch stays as it is now.
        Raises Refused: after closing, without a reason once the case is filed, or for fields that only steps change;
        Conflict("case.changed_meanwhile") when somebody else changed the same field since.
        """
        with self._store.write(actor, "case.correct", note) as tx:
            case = tx.need(Case, case_id)
            if not case.is_open:
                raise Refused("case.after_closing", case=case.local_no, action="更正")
            if case.stage != Stage.PENDING_REGISTER and not note.strip():
                raise Refused("case.reason_missing", action="更正")
            corrections = self._corrections(case, draft)
            corrected = case.changed(tx.now, **(corrections if seen is None else _own_changes(corrections, seen, case)))
            _refuse_known_number(tx, corrected)
            if corrected.linked_case_id == case.id:
                raise Refused("case.linked_to_itself")
            tx.change(corrected)
            tx.add(_plain_step(tx, corrected, "correct", note))
        return corrected

    def link(self, case_id: UUID, other_id: UUID, *, actor: Actor) -> Case:
        """Say that a case is the same matter as another."""
        with self._store.write(actor, "case.link") as tx:
            return self.link_in(tx, tx.need(Case, case_id), other_id)

    def link_in(self, tx: Tx, case: Case, other_id: UUID, note: str = "") -> Case:
        """As `link`, within a deed under way."""
        tx.need(Case, other_id)
        if case.id == other_id:
            raise Refused("case.linked_to_itself")
        linked = case.changed(tx.now, linked_case_id=other_id)
        tx.change(linked)
        tx.add(_plain_step(tx, linked, "link", note))
        return linked

    def get(self, case_id: UUID) -> Case:
        """One case. Raises Refused("store.record_missing")."""
        with self._store.read() as reader:
            return reader.need(Case, case_id)

    def detail(self, case_id: UUID, *, actor: Actor) -> CaseDetail:
        """A case with its steps, photos and what may be done with it now."""
        context = self._reference.context()
        with self._store.read() as reader:
            case = reader.need(Case, case_id)
            steps = reader.children(CaseStep, case_id)
            photos = reader.children(Photo, case_id)
            waiting = case_lookups.waiting_of(reader.connection, case_id)
        offers = case_rules.offers(case, actor, context_with_photos(context, _phases(photos)))
        return CaseDetail(case, steps, photos, offers, waiting)

    def find_number(self, number: str) -> UUID:
        """The case with that own id, local, city or source number. Raises Refused("case.not_found")."""
        with self._store.read() as reader:
            found = case_lookups.find_by_number(reader.connection, number.strip())
        if found is None:
            raise Refused("case.not_found", case=number)
        return found

    def duplicates(self, draft: CaseDraft) -> list[DuplicateHint]:
        """Cases that may be the same: same minor category, near in place and time."""
        if not draft.minor or draft.kind is None:
            return []
        office, at = self._reference.office(), draft.reported_at or self._store.clock.now()
        point = None
        if draft.longitude is not None and draft.latitude is not None:
            point = (draft.longitude, draft.latitude)
        with self._store.read() as reader:
            return case_lookups.duplicates(
                reader.connection,
                kind=draft.kind,
                major=draft.major,
                minor=draft.minor,
                since=at - timedelta(hours=office.duplicate_hours),
                until=at + timedelta(hours=office.duplicate_hours),
                point=point,
                road=draft.road,
                house_no=draft.house_no,
                metres=office.duplicate_metres,
            )

    def reveal_reporter(self, case_id: UUID, *, actor: Actor) -> tuple[str, str]:
        """Name and telephone of the reporter; the look itself is written to the audit trail."""
        if not actor.sees_personal_data:
            raise Refused("case.personal_data_denied")
        with self._store.write(actor, "case.reveal_reporter") as tx:
            case = tx.need(Case, case_id)
            tx.note_event("case.reveal_reporter", "case", case_id)
        return case.reporter_name, case.reporter_phone

    def resume_due(self, *, actor: Actor) -> list[Case]:
        """Bring back suspended cases whose day has come; none while the clock is not to be believed."""
        if self._clock_watch.doubt() is not None:
            return []
        context = self._reference.context()
        with self._store.read() as reader:
            due = case_lookups.suspended_due(reader.connection, context.now)
        resumed = []
        for case_id in due:
            with self._store.write(actor, "case.resume") as tx:
                case = tx.need(Case, case_id)
                resumed.append(self._take(tx, case, "resume", StepInputs(), actor, SYSTEM_ROLES, context))
        return resumed

    def lay_out_times(self, *, actor: Actor, watch: Watch | None = None) -> int:
        """Compute the due times of open cases anew, after the calendar or the yellow share changed."""
        with self._store.read() as reader:
            open_ids = list(case_lookups.open_with_clock(reader.connection))
        return self._lay_out(open_ids, actor, watch or silent())

    def lay_out_missing(self, *, actor: Actor) -> int:
        """Give their due times to open cases that waited for a calendar, as far as it is known by now."""
        with self._store.read() as reader:
            waiting = case_lookups.open_without_time(reader.connection)
        return self._lay_out(waiting, actor, silent()) if waiting else 0

    def _lay_out(self, case_ids: Sequence[UUID], actor: Actor, watch: Watch) -> int:
        context, changed = self._reference.context(), 0
        with self._store.write(actor, "case.lay_out_times") as tx:
            for done, case_id in enumerate(case_ids, start=1):
                case = tx.need(Case, case_id)
                after = case_rules.recomputed(case, context)
                if after is not case:
                    with tx.by_itself():
                        tx.change(after)
                        self._tasks.follow(tx, case, after, "", StepInputs())
                    changed += 1
                watch.step(done, len(case_ids))
        return changed

    def missing(self, draft: CaseDraft) -> dict[str, Refused]:
        """Field -> why the form cannot be saved yet."""
        return {gap.field: gap.refusal for gap in gaps(draft, self._store.clock.now())}

    def _take(
        self,
        tx: Tx,
        case: Case,
        action: str,
        inputs: StepInputs,
        actor: Actor,
        roles: frozenset[str],
        context: FlowContext,
    ) -> Case:
        with_photos = context_with_photos(context, _phases(tx.children(Photo, case.id)))
        taken = case_rules.take_step(
            case, action, inputs, actor=actor, roles=roles, step_id=tx.ids.new(), context=with_photos
        )
        tx.change(taken.case)
        tx.add(taken.step)
        self._tasks.follow(tx, case, taken.case, action, inputs)
        return taken.case

    def _tables(self) -> OpeningTables:
        reference = self._reference
        return OpeningTables(reference.categories(), reference.divisions(), reference.workflow().version)

    def _located(self, draft: CaseDraft) -> CaseDraft:
        """The draft with the grids its point lies in, and the street where none is said."""
        if draft.longitude is None or draft.latitude is None:
            return draft
        return with_place(draft, self._grids.at(draft.longitude, draft.latitude))

    def _corrections(self, case: Case, draft: CaseDraft) -> dict[str, object]:
        if (draft.longitude, draft.latitude) == (case.longitude, case.latitude):
            # A form does not know the grids: they stay while the point does.
            kept = {name: getattr(case, name) for name in GRID_FIELDS if not getattr(draft, name)}
            draft = draft.model_copy(update=kept)
        draft = self._located(draft)
        fields = {name: value for name, value in draft.__dict__.items() if name in CORRECTABLE}
        fields |= place_fields(draft, self._reference.divisions())
        category = {"scheme", "kind", "major", "minor", "condition_no"}
        same = all(getattr(case, name) == fields[name] for name in ("kind", "major", "minor", "condition_no"))
        if same:
            return {name: value for name, value in fields.items() if name not in category}
        if case.stage not in (Stage.REPORTED, Stage.PENDING_REGISTER, Stage.RETURNED_ACCEPTOR, Stage.VERIFYING):
            raise Refused("case.field_fixed", field="类别")
        return fields | category_fields(draft, self._reference.categories())


def _own_changes(fields: Mapping[str, object], seen: Case, now: Case) -> dict[str, object]:
    """Those of `fields` that differ from what was seen. Raises Conflict when the case has yet another value by now."""
    own = {name: value for name, value in fields.items() if value != getattr(seen, name)}
    clash = [name for name, value in own.items() if getattr(now, name) not in (getattr(seen, name), value)]
    if clash:
        titles = "、".join(str(Case.model_fields[name].title) for name in clash)
        raise Conflict("case.changed_meanwhile", case=now.local_no, fields=titles)
    return own


def _refuse_known_number(tx: Tx, case: Case) -> None:
    """An outside number names one case only."""
    if not case.source_no:
        return
    known = case_lookups.known_numbers(tx.connection, case.source_system, [case.source_no]).get(case.source_no)
    if known is not None and known != case.id:
        raise Refused("case.source_no_known", source_no=case.source_no, case=tx.need(Case, known).local_no)


def _phases(photos: Sequence[Photo]) -> tuple[tuple[str, int], ...]:
    return tuple((photo.phase, photo.batch) for photo in photos)


def _next_number(tx: Tx, office: Office) -> str:
    day = tx.now.astimezone(OFFICE_ZONE).date()
    series = number_series(office.mark, office.pc_mark, day)
    return local_number(series, tx.next_number(series))


def _official_number(tx: Tx) -> str:
    """From the block the city set aside for this PC; without one the case is numbered when the next block comes."""
    return numbers.take(tx.connection, "case", tx.now.astimezone(OFFICE_ZONE).year)


def _first_step(tx: Tx, case: Case, collector: str) -> CaseStep:
    return _plain_step(tx, case, "report", "", on_behalf_of=collector)


def _plain_step(tx: Tx, case: Case, action: str, note: str, on_behalf_of: str = "") -> CaseStep:
    """A step that moves nothing: the report itself, a correction, a link."""
    return CaseStep(
        id=tx.ids.new(),
        created_at=tx.now,
        changed_at=tx.now,
        parent=case.id,
        action=action,
        from_stage=None if action == "report" else case.stage,
        to_stage=case.stage,
        at=tx.now,
        actor_id=tx.actor.person_id,
        actor_name=tx.actor.name,
        on_behalf_of=on_behalf_of,
        note=note,
    )
