"""The lists of what is not with the city, and one trouble laid out for the person who decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.base.problem_words import problem_text
from app.base.words import _
from app.domain.cases import CaseStep
from app.domain.office import Office
from app.domain.problems import Refused
from app.domain.problems.catalog import PROBLEMS
from app.domain.records import Record
from app.services.case_step_words import action_word, stages_word
from app.services.reference import ReferenceService
from app.sync.folding import Fold, Theirs, fold, json_values, theirs_of
from app.sync.units import case_of, record_of, root_of, title_of
from app.sync.value_words import field_title, value_words
from app.sync.views import FieldClash, QueueLine, RecordState, Trouble
from app.wire.sync import Outcome
from db.queries import troubles as rows
from db.queries.troubles import OpenChange
from db.tx import Reader

_RANK = {"conflict": 0, "refused": 1, "held": 2, "waiting": 3}
_CHANGES_A_RECORD = 4


def queue(reader: Reader, state: RecordState | None, limit: int) -> list[QueueLine]:
    """One line for each record with unsettled changes: what needs a person first, then in the order it was made."""
    every = state in (None, RecordState.WAITING)
    changes = rows.troubled(reader.connection, "" if state is None or every else state, limit * _CHANGES_A_RECORD)
    if every:
        changes += rows.unanswered(reader.connection, limit * _CHANGES_A_RECORD)
    by_record: dict[UUID, list[OpenChange]] = {}
    for change in changes:
        by_record.setdefault(change.record_id, []).append(change)
    told = [own for own in by_record.values() if state is None or _state(own) is state]
    told.sort(key=lambda own: (_RANK[_worst(own).status], own[0].seq))
    return [_line(reader, own) for own in told[:limit]]


def trouble(reader: Reader, record_id: UUID, reference: ReferenceService) -> Trouble | None:
    """The conflict or refusal of a record or its children; None when there is none (any more)."""
    unit = open_unit(reader, record_id)
    worst = next((c for c in unit.changes if c.status in ("conflict", "refused") and unit.owns(c)), None)
    record = record_of(reader, unit.root_type, unit.root_id)
    if worst is None or record is None:
        return None
    folded = unit.fold(record)
    office = reference.office()
    by, at = _theirs_by(reader, unit.root_id, folded)
    return Trouble(
        record_type=unit.root_type,
        record_id=unit.root_id,
        case_id=unit.root_id if unit.root_type == "case" else None,
        title=title_of(reader, unit.root_type, unit.root_id),
        state=RecordState(worst.status),
        clashes=_clashes(folded, worst, office),
        merged=tuple(field_title(unit.root_type, name) for name in folded.moved),
        theirs_by=by,
        theirs_at=at,
        code=worst.code,
        field=field_title(worst.record_type, worst.field) if worst.field else "",
        message=said(worst),
        steps=_steps(unit, reference) if folded.flow_clashes else (),
    )


class OpenUnit:
    """A record with its children and all their open changes, and those of other records in the same groups."""

    def __init__(self, root_type: str, root_id: UUID, changes: Sequence[OpenChange], roots: dict[UUID, UUID]) -> None:
        self.root_type = root_type
        self.root_id = root_id
        self.changes = changes
        self._roots = roots
        self._theirs: Theirs | None = None
        self.steps: Sequence[CaseStep] = ()
        """Steps of mine that move the case, in the order they were taken."""

    def owns(self, change: OpenChange) -> bool:
        """The change is of the record or of one of its children."""
        return self._roots[change.record_id] == self.root_id

    def root_of(self, change: OpenChange) -> UUID:
        """The record a change counts to."""
        return self._roots[change.record_id]

    def of(self, record_id: UUID) -> list[OpenChange]:
        """The open changes of one record, in order."""
        return [change for change in self.changes if change.record_id == record_id]

    def fold(self, record: Record) -> Fold:
        """The root's changes as one."""
        folded = fold(self.root_type, self.of(self.root_id), json_values(record), self._theirs)
        left = self._theirs is not None and self.steps and self.steps[0].from_stage != self._theirs.values["stage"]
        return replace(folded, overtaken=bool(left))

    def look(self, reader: Reader) -> None:
        """Find my steps, and the city's newest row of the root among what was pulled and what was answered."""
        record = record_of(reader, self.root_type, self.root_id)
        if record is not None:
            self._theirs = newest_theirs(reader, self.root_type, record, self.of(self.root_id))
        self.steps = _moving_steps(reader, self)


def newest_theirs(reader: Reader, record_type: str, record: Record, changes: Iterable[OpenChange]) -> Theirs | None:
    """The city's newest row of a record: of the last pull or of the answers to its changes; None when it has none."""
    changes = list(changes)
    found = rows.base_of(reader.connection, record.id)
    if found is None and record.version:
        # No base is kept beside it: it is what stood here before the first open change.
        seen = {name: before for change in reversed(changes) for name, (before, _after) in change.fields.items()}
        found = (record.version, {**json_values(record), **seen})
    for change in changes:
        if change.status == "waiting":
            continue
        answer = Outcome.model_validate(change.answer)
        if answer.row is not None and (found is None or answer.version > found[0]):
            found = (answer.version, answer.row)
    return None if found is None or found[0] == 0 else theirs_of(record_type, record, *found)


def open_unit(reader: Reader, record_id: UUID) -> OpenUnit:
    """The record's unit with every open change bound to it by a group, however far that reaches."""
    # A photo may wait of a record that does not: what kind of record it is, is said by what waits.
    own = rows.of_records(reader.connection, [record_id]) or rows.of_records(
        reader.connection, _children(reader, record_id)
    )
    root_type, root_id = root_of(reader, own[0].record_type, own[0].record_id) if own else ("case", record_id)
    roots: dict[UUID, UUID] = {root_id: root_id}
    changes: dict[UUID, OpenChange] = {}
    records, groups = {record_id, root_id, *_children(reader, root_id)}, set[UUID]()
    while records or groups:
        found = rows.of_records(reader.connection, records) + rows.of_groups(reader.connection, groups)
        fresh = [change for change in found if change.change_id not in changes]
        changes |= {change.change_id: change for change in fresh}
        for change in fresh:
            roots.setdefault(change.record_id, root_of(reader, change.record_type, change.record_id)[1])
        records, groups = {change.record_id for change in fresh}, {change.group for change in fresh}
    unit = OpenUnit(root_type, root_id, sorted(changes.values(), key=lambda change: change.seq), roots)
    unit.look(reader)
    return unit


def said(change: OpenChange) -> str:
    """What the city said, in the words of this screen when the code is known here."""
    if change.code in PROBLEMS:
        details = {str(name): str(value) for name, value in change.answer.get("details", {}).items()}
        try:
            return problem_text(Refused(change.code, **details))
        except KeyError:
            # The city of another release gave other details; its own sentence stands.
            return change.message
    return change.message


def _children(reader: Reader, root_id: UUID) -> set[UUID]:
    sql = (
        "SELECT id FROM case_steps WHERE parent = ? UNION ALL SELECT id FROM photos WHERE parent = ? "
        "UNION ALL SELECT id FROM decisions WHERE parent = ?"
    )
    return {UUID(bytes=row[0]) for row in reader.connection.exec_driver_sql(sql, (root_id.bytes,) * 3)}


def _worst(own: list[OpenChange]) -> OpenChange:
    return min(own, key=lambda change: (_RANK[change.status], change.seq))


def _state(own: list[OpenChange]) -> RecordState:
    return RecordState(_worst(own).status)


def _line(reader: Reader, own: list[OpenChange]) -> QueueLine:
    worst = _worst(own)
    return QueueLine(
        record_type=worst.record_type,
        record_id=worst.record_id,
        case_id=case_of(reader, worst.record_type, worst.record_id),
        title=title_of(reader, worst.record_type, worst.record_id),
        action=own[-1].action,
        actor_name=own[-1].actor_name,
        made_at=own[0].made_at,
        changes=len(own),
        state=_state(own),
        code=worst.code,
        field=field_title(worst.record_type, worst.field) if worst.field else "",
        message=said(worst),
        waiting_for=str(worst.answer.get("waiting_for", "")),
    )


def _clashes(folded: Fold, worst: OpenChange, office: Office) -> tuple[FieldClash, ...]:
    # A refusal of a new record has no other side; the refused field is laid out all the same.
    names = folded.clashes or tuple(name for name in folded.fields if name == worst.field)
    return tuple(
        FieldClash(
            name=name,
            title=field_title(folded.record_type, name),
            before=before,
            mine=mine,
            theirs=theirs,
            before_words=value_words(name, before, office),
            mine_words=value_words(name, mine, office),
            theirs_words=value_words(name, theirs, office),
            only_theirs=folded.flow_clashes and name in folded.bundle,
        )
        for name, (before, mine, theirs) in ((name, folded.fields[name]) for name in names)
    )


def _theirs_by(reader: Reader, root_id: UUID, folded: Fold) -> tuple[str, datetime | None]:
    """Who took the newest step the city has; for records without steps nobody is named."""
    if folded.theirs is None or folded.record_type != "case":
        return "", None
    steps = [step for step in reader.children(CaseStep, root_id) if step.version]
    newest = max(steps, key=lambda step: step.at, default=None)
    return ("", None) if newest is None else (newest.actor_name, newest.at)


def _steps(unit: OpenUnit, reference: ReferenceService) -> tuple[str, ...]:
    office, workflow = reference.office(), reference.workflow()
    words = []
    for step in unit.steps:
        parts = (action_word(step.action, workflow, office), stages_word(step, office), step.note)
        words.append(_(",").join(part for part in parts if part))
    return tuple(words)


def _moving_steps(reader: Reader, unit: OpenUnit) -> list[CaseStep]:
    steps = []
    for change in unit.changes:
        record = record_of(reader, change.record_type, change.record_id) if unit.owns(change) else None
        if isinstance(record, CaseStep) and record.from_stage is not None and record.from_stage != record.to_stage:
            steps.append(record)
    return steps
