"""The reference tables in force on a day: built-in ones and those an administrator imported later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from app.base import reference_builtin as builtin
from app.domain.case_judgement import FlowContext
from app.domain.deadlines import Limit
from app.domain.grid_rules import PatrolRules
from app.domain.office import Office
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.reference import CategoryTable, Divisions
from app.domain.reference_contents import is_understood
from app.domain.reference_versions import ReferenceTable, ReferenceVersion
from app.domain.stages import CLOSED_STAGES
from app.domain.terms import TermRule, TermSetting
from app.domain.violations import Violation, ViolationTable
from app.domain.workcalendar import WorkCalendar
from app.domain.workflow import Workflow
from db.store import Store

T = TypeVar("T")
OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


class ReferenceService:
    """Tables by kind and day. Parsed versions are kept until a new one is taken over."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._versions: list[ReferenceVersion] | None = None
        self._office: Office | None = None
        self._calendar: WorkCalendar | None = None
        self._parsed: dict[str, Any] = {}
        store.listen(lambda changes: self.forget() if changes.concerns("reference_version", "office") else None)

    def forget(self) -> None:
        """Read everything again at the next question."""
        self._versions = self._office = self._calendar = None
        self._parsed.clear()

    def office(self) -> Office:
        """The office of this store. Raises Refused("store.not_set_up")."""
        if self._office is None:
            with self._store.read() as reader:
                found = reader.all(Office)
            if not found:
                raise Refused("store.not_set_up")
            self._office = found[0]
        return self._office

    def today(self) -> date:
        """The office's calendar day."""
        return self._store.clock.now().astimezone(OFFICE_ZONE).date()

    def versions(self, table: ReferenceTable | None = None) -> list[ReferenceVersion]:
        """Imported versions this program can work by, newest in force first."""
        if self._versions is None:
            with self._store.read() as reader:
                found = [version for version in reader.all(ReferenceVersion) if is_understood(version)]
            self._versions = sorted(found, key=lambda v: (v.valid_from, v.created_at), reverse=True)
        return [v for v in self._versions if table is None or v.table == table]

    def categories(self, on: date | None = None, scheme: str = "") -> CategoryTable:
        """The standards in force on a day (today when None) in the office's scheme."""
        wanted, day = scheme or self.office().scheme, on or self.today()
        for version in self.versions(ReferenceTable.STANDARDS):
            if version.scheme == wanted and version.valid_from <= day:
                return self._standards(version)
        return builtin.category_table(wanted)

    def categories_of(self, version_id: str) -> CategoryTable:
        """The standards a case was filed under, whatever is in force now."""
        for version in self.versions(ReferenceTable.STANDARDS):
            if str(version.id) == version_id:
                return self._standards(version)
        for scheme in builtin.SCHEMES:
            table = builtin.category_table(scheme)
            if table.version_id == version_id:
                return table
        raise Refused("reference.version_missing", version=version_id)

    def schemes(self) -> list[str]:
        """Every scheme there is a table for."""
        own = {version.scheme for version in self.versions(ReferenceTable.STANDARDS)}
        return [*builtin.SCHEMES, *sorted(own - set(builtin.SCHEMES))]

    def divisions(self) -> Divisions:
        """Districts, streets and communities."""
        newest = self._newest(ReferenceTable.DIVISIONS)
        return self._parse(newest, Divisions.model_validate) if newest else builtin.divisions()

    def workflow(self) -> Workflow:
        """The flow in force."""
        newest = self._newest(ReferenceTable.FLOW)
        if newest is None:
            return builtin.workflow()
        rows = newest.content["rows"]
        return self._parse(
            newest, lambda _content: Workflow.of_rows(str(newest.id), rows, frozenset(map(str, CLOSED_STAGES)))
        )

    def stage_limits(self) -> Mapping[str, Limit]:
        """Limit of each stage clock; a version may name only those it changes."""
        newest = self._newest(ReferenceTable.STAGE_LIMITS)
        own = {} if newest is None else newest.content
        return {**builtin.stage_limits(), **{name: Limit.model_validate(value) for name, value in own.items()}}

    def patrol_rules(self) -> PatrolRules:
        """The office's rules of grids and patrols in force today."""
        newest = self._newest(ReferenceTable.PATROL_RULES)
        return self._parse(newest, PatrolRules.model_validate) if newest else PatrolRules()

    def calendar(self) -> WorkCalendar:
        """The office's hours over the holidays and make-up days known."""
        if self._calendar is None:
            overrides = builtin.workday_table()
            for version in sorted(self.versions(ReferenceTable.WORKDAYS), key=lambda v: v.created_at):
                overrides = overrides.with_days(version.content["days"])
            self._calendar = overrides.calendar(self.office().work_periods)
        return self._calendar

    def case_sources(self) -> Mapping[str, str]:
        """Code -> Chinese name of the sources a case can come from."""
        return builtin.case_sources()

    def collection_rules(self, kind: str, major: str, minor: str) -> list[str]:
        """What is not a case, and what the photo must show, for that category."""
        category = self.categories().find(kind, major, minor)
        own = list(category.collection_rules) if category else []
        return own or builtin.collection_rules(kind, major, minor)

    def context(self) -> FlowContext:
        """What every rule about a case is given."""
        office = self.office()
        return FlowContext(
            now=self._store.clock.now(),
            workflow=self.workflow(),
            calendar=self.calendar(),
            stage_limits=self.stage_limits(),
            yellow_share=office.yellow_share,
            urge_switched_on=office.urge_switched_on,
            force_close_switched_on=office.force_close_switched_on,
        )

    def take_over(
        self,
        table: ReferenceTable,
        *,
        scheme: str,
        label: str,
        valid_from: date,
        source: str,
        content: dict[str, Any],
        actor: Actor,
    ) -> ReferenceVersion:
        """Keep a new version. Raises Refused("account.not_administrator")."""
        if not actor.administers:
            raise Refused("account.not_administrator")
        with self._store.write(actor, f"reference.{table}", label) as tx:
            version = ReferenceVersion(
                id=tx.ids.new(),
                created_at=tx.now,
                changed_at=tx.now,
                table=table,
                scheme=scheme,
                label=label,
                valid_from=valid_from,
                source=source,
                content=content,
            )
            tx.add(version)
        return version

    def take_over_standards(self, table: CategoryTable, *, actor: Actor) -> ReferenceVersion:
        """Keep a city's own standards as a version in force from the table's day."""
        return self.take_over(
            ReferenceTable.STANDARDS,
            scheme=table.scheme,
            label=table.label,
            valid_from=table.valid_from,
            source=table.source,
            content=table.model_dump(mode="json"),
            actor=actor,
        )

    def take_over_workdays(
        self, days: Mapping[str, bool], *, label: str, source: str, actor: Actor
    ) -> ReferenceVersion:
        """Keep what is known of days: ISO day -> True (make-up work day) or False (holiday); laid over the built-in years.

        Naming any day of a year makes the whole year known.
        """
        return self.take_over(
            ReferenceTable.WORKDAYS,
            scheme="",
            label=label,
            valid_from=self.today(),
            source=source,
            content={"days": dict(days)},
            actor=actor,
        )

    def take_over_flow(self, rows: Sequence[Mapping[str, str]], *, label: str, source: str, actor: Actor) -> None:
        """Keep a newer flow, in force from today; cases under way keep the version they run under."""
        self._take_over_today(ReferenceTable.FLOW, {"rows": list(rows)}, label, source, actor)

    def take_over_stage_limits(self, limits: Mapping[str, Limit], *, label: str, source: str, actor: Actor) -> None:
        """Keep newer limits of stage clocks, laid over the ones in force; in force from today."""
        laid_over = {**self.stage_limits(), **limits}
        content = {clock: limit.model_dump(mode="json") for clock, limit in laid_over.items()}
        self._take_over_today(ReferenceTable.STAGE_LIMITS, content, label, source, actor)

    def take_over_patrol_rules(self, rules: PatrolRules, *, label: str, actor: Actor) -> None:
        """Keep newer rules of grids and patrols, in force from today at every desk of the district."""
        content = rules.model_dump(mode="json")
        self._take_over_today(ReferenceTable.PATROL_RULES, content, label, "", actor)

    def take_over_term(self, rule: TermRule, setting: TermSetting, *, actor: Actor) -> None:
        """Keep what the office says of one statutory term, in force from today."""
        content = {rule.code: setting.model_dump(mode="json")}
        self._take_over_today(ReferenceTable.TERMS, content, rule.title, rule.basis, actor)

    def take_over_violations(self, items: Sequence[Violation], *, label: str, source: str, actor: Actor) -> None:
        """Keep a list of violations, laid over what there is."""
        content = ViolationTable(items=tuple(items)).model_dump(mode="json")
        self._take_over_today(ReferenceTable.VIOLATIONS, content, label, source, actor)

    def set_office(self, office: Office, *, actor: Actor) -> None:
        """Change the office's settings."""
        if not actor.administers:
            raise Refused("account.not_administrator")
        with self._store.write(actor, "office.set") as tx:
            tx.change(office)

    def _take_over_today(
        self, table: ReferenceTable, content: dict[str, Any], label: str, source: str, actor: Actor
    ) -> None:
        today = self.today()
        self.take_over(table, scheme="", label=label, valid_from=today, source=source, content=content, actor=actor)

    def _newest(self, table: ReferenceTable) -> ReferenceVersion | None:
        today = self.today()
        return next((v for v in self.versions(table) if v.valid_from <= today), None)

    def _standards(self, version: ReferenceVersion) -> CategoryTable:
        return self._parse(version, lambda content: _named(CategoryTable.model_validate(content), str(version.id)))

    def _parse(self, version: ReferenceVersion, parse: Callable[[dict[str, Any]], T]) -> T:
        key = str(version.id)
        if key not in self._parsed:
            self._parsed[key] = parse(version.content)
        return cast(T, self._parsed[key])


def _named(table: CategoryTable, version_id: str) -> CategoryTable:
    return table.model_copy(update={"version_id": version_id})


def context_with_photos(context: FlowContext, photos: tuple[tuple[str, int], ...]) -> FlowContext:
    """The same context for a case that has these photos."""
    return replace(context, photos=photos)
