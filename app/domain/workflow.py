"""The workflow as a table: one `FlowStep` is one row; buttons, rules, the manual's diagram and the city read the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.domain.problems import Refused
from app.domain.stages import STAGE_TITLES

ANY_OPEN = "(open)"
SAME_STAGE = "(same)"
STAGE_BEFORE = "(before)"


@dataclass(frozen=True)
class ClockMove:
    """What a step does to one stage clock: start, stop, resume, finish, extend or dispatch (same unit resumes)."""

    clock: str
    move: str


@dataclass(frozen=True)
class FlowStep:
    """One row of the flow. `guards` and `inputs` are names the program knows; a table may only choose among them."""

    source: str
    action: str
    target: str
    roles: frozenset[str]
    reason_required: bool
    guards: tuple[str, ...]
    inputs: tuple[str, ...]
    clocks: tuple[ClockMove, ...]
    kind: str
    key: str
    title: str
    note: str

    @classmethod
    def of_row(cls, row: Mapping[str, str]) -> FlowStep:
        """The step one row of the flow table describes."""
        return cls(
            source=row["from_stage"],
            action=row["action"],
            target=row["to_stage"],
            roles=frozenset(row["roles"].split()),
            reason_required=row["reason_required"] == "Y",
            guards=tuple(row["guards"].split()),
            inputs=tuple(row["inputs"].split()),
            clocks=tuple(ClockMove(*move.split(":")) for move in row["clocks"].split()),
            kind=row["kind"],
            key=row["key"],
            title=row["title_zh"],
            note=row["note_zh"],
        )


@dataclass(frozen=True)
class Workflow:
    """All steps of one version of the flow."""

    version: str
    steps: tuple[FlowStep, ...]
    closed_stages: frozenset[str]

    @classmethod
    def of_rows(cls, version: str, rows: Iterable[Mapping[str, str]], closed_stages: frozenset[str]) -> Workflow:
        """The workflow a table describes; row order is the order of the buttons."""
        return cls(version, tuple(FlowStep.of_row(row) for row in rows), closed_stages)

    @cached_property
    def _by_stage(self) -> Mapping[str, tuple[FlowStep, ...]]:
        stages = {step.source for step in self.steps} - {ANY_OPEN} | self.closed_stages
        always = tuple(step for step in self.steps if step.source == ANY_OPEN)
        return {
            stage: tuple(step for step in self.steps if step.source == stage)
            + (() if stage in self.closed_stages else always)
            for stage in stages
        }

    def leaving(self, stage: str) -> tuple[FlowStep, ...]:
        """Every step that starts at `stage`, whoever may take it."""
        return self._by_stage.get(stage, ())

    def follow(self, stage: str, action: str, roles: frozenset[str]) -> FlowStep:
        """The step `action` from `stage`, for somebody in one of `roles`.

        Raises Refused("case.step_unknown") when no such step leaves the stage, and
        Refused("case.role_missing") when another role takes it.
        """
        named = [step for step in self.leaving(stage) if step.action == action]
        if not named:
            title = next((title for known, title in STAGE_TITLES.items() if known == stage), stage)
            raise Refused("case.step_unknown", action=self.title(action), stage=title)
        for step in named:
            if step.roles & roles:
                return step
        raise Refused("case.role_missing", action=named[0].title, roles=" ".join(sorted(named[0].roles)))

    def title(self, action: str) -> str:
        """The Chinese name of an action; the action itself when the table does not know it."""
        return next((step.title for step in self.steps if step.action == action), action)

    def target(self, step: FlowStep, stage: str, stage_before: str) -> str:
        """Where `step` leads from `stage`."""
        if step.target == SAME_STAGE:
            return stage
        return stage_before if step.target == STAGE_BEFORE else step.target

    def as_mermaid(self, titles: Mapping[str, str]) -> str:
        """The flow as a Mermaid state diagram for the manual; `titles` names the stages."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {stage}: {title}" for stage, title in titles.items()]
        for step in self.steps:
            if step.source == ANY_OPEN or step.target in (SAME_STAGE, STAGE_BEFORE):
                continue
            lines.append(f"    {step.source} --> {step.target}: {step.title}")
        return "\n".join(lines)
