"""What may happen to a facility: groups with their attributes, what a round's result says of it, rates and targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.facilities import Facility, FacilityState
from app.domain.patrols import CheckGrade, CheckResult
from app.domain.problems import Refused

OTHER = "other"
LIT_ITEM = "lit"
"""The code of a checklist's item that asks whether a lamp is lit."""
MISSING_ITEM = "missing"
"""The code of a checklist's item that asks whether the thing is there at all."""

STATE_LIGHTS: Mapping[FacilityState, str] = {
    FacilityState.INTACT: "green",
    FacilityState.DAMAGED: "red",
    FacilityState.MISSING: "red",
    FacilityState.SCRAPPED: "grey",
}
EVENT_TITLES: Mapping[str, str] = {
    "state": "状态变更",
    "lit": "亮灯变更",
    "seen": "巡查结果",
    "census": "普查",
    "repair": "维修",
    "import": "导入更新",
}


@dataclass(frozen=True)
class Attribute:
    """What only one group has. unit: empty for words."""

    name: str
    title: str
    unit: str = ""


@dataclass(frozen=True)
class FacilityGroup:
    """One register (台账). minor_words: parts of a minor's name that put a facility here.

    Targets: names of shares in the office's `PatrolRules`; empty: nothing is aimed at.
    """

    name: str
    title: str
    minor_words: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    intact_target: str = ""
    lit_main_target: str = ""
    lit_back_target: str = ""


def group_of_row(row: Mapping[str, str]) -> FacilityGroup:
    """A group as the table `facility_groups.csv` writes it: words parted by bars, attributes as name:title:unit."""
    attributes = (part.split(":") for part in row["attributes"].split("|") if part)
    return FacilityGroup(
        name=row["group"],
        title=row["title_zh"],
        minor_words=tuple(word for word in row["minor_words"].split("|") if word),
        attributes=tuple(Attribute(*parts) for parts in attributes),
        intact_target=row["intact_target"],
        lit_main_target=row["lit_main_target"],
        lit_back_target=row["lit_back_target"],
    )


def group_for(minor_name: str, groups: Sequence[FacilityGroup]) -> str:
    """The register a minor category belongs to: the first whose word its name holds (路灯井盖 is a manhole), else "other"."""
    for group in groups:
        if any(word in minor_name for word in group.minor_words):
            return group.name
    return OTHER


def need_something_said(facility: Facility) -> None:
    """Raises Refused("facility.says_nothing") for a record nobody could find the thing by."""
    said = (facility.name, facility.minor, facility.address, facility.code, facility.house_number, facility.source_no)
    if not any(said) and facility.longitude is None:
        raise Refused("facility.says_nothing")


def after_seen(facility: Facility, result: CheckResult, at: datetime) -> dict[str, Any]:
    """The fields a round's result changes; empty when it was passed over or somebody saw it later already.

    A good grade puts a damaged or missing thing right, a bad one makes an intact one damaged; the items `lit` and
    `missing` say more exactly. What is scrapped stays scrapped.
    """
    if result.grade == CheckGrade.PASSED_OVER or (facility.seen_at is not None and at < facility.seen_at):
        return {}
    items = {answer.code: answer.grade for answer in result.answers if answer.grade is not None}
    fields: dict[str, Any] = {"seen_at": at}
    if LIT_ITEM in items:
        fields["lit"] = items[LIT_ITEM] == CheckGrade.GOOD
    if facility.state != FacilityState.SCRAPPED:
        fields["state"] = _seen_state(facility.state, result.grade, items)
    return {name: value for name, value in fields.items() if getattr(facility, name) != value}


def _seen_state(state: FacilityState, grade: CheckGrade, items: Mapping[str, CheckGrade]) -> FacilityState:
    if items.get(MISSING_ITEM) == CheckGrade.BAD:
        return FacilityState.MISSING
    if grade == CheckGrade.GOOD:
        return FacilityState.INTACT
    # A lamp that is dark is not broken by that alone.
    dark_only = items.get(LIT_ITEM) == CheckGrade.BAD and all(
        found != CheckGrade.BAD for code, found in items.items() if code != LIT_ITEM
    )
    if grade == CheckGrade.BAD and state == FacilityState.INTACT and not dark_only:
        return FacilityState.DAMAGED
    return state


@dataclass(frozen=True)
class StateCount:
    """How many facilities of one street and kind of road are in a state; lit None: not a lamp, or never looked at."""

    street_code: str
    street_name: str
    state: FacilityState
    lit: bool | None
    main_road: bool | None
    count: int


@dataclass(frozen=True)
class Rate:
    """A share beside its target. share None: nothing to count, said as "-" and never as nought."""

    good: int
    of: int
    target: float | None

    @property
    def share(self) -> float | None:
        """Good ones of all."""
        return self.good / self.of if self.of else None

    @property
    def below(self) -> bool:
        """True when there is a target and it is missed."""
        return self.share is not None and self.target is not None and self.share < self.target


@dataclass(frozen=True)
class StreetRates:
    """The rates of one street; whole: of all streets together."""

    street_code: str
    street_name: str
    total: int
    intact: Rate
    lit_main: Rate
    lit_back: Rate
    whole: bool = False


def street_rates(counts: Iterable[StateCount], group: FacilityGroup, targets: Mapping[str, float]) -> list[StreetRates]:
    """One line per street in code order, those without a street last, then all together. targets: share by its name."""
    by_street: dict[str, list[StateCount]] = {}
    for count in counts:
        by_street.setdefault(count.street_code, []).append(count)
    lines = [
        _rates(code, by_street[code][0].street_name, by_street[code], group, targets)
        for code in sorted(by_street, key=lambda code: (not code, code))
    ]
    whole = _rates("", "", [count for counted in by_street.values() for count in counted], group, targets)
    return [*lines, replace(whole, whole=True)]


def _rates(
    code: str, street: str, counts: Sequence[StateCount], group: FacilityGroup, targets: Mapping[str, float]
) -> StreetRates:
    live = [count for count in counts if count.state != FacilityState.SCRAPPED]
    known = [count for count in live if count.lit is not None]
    intact = sum(count.count for count in live if count.state == FacilityState.INTACT)
    main = [count for count in known if count.main_road]
    back = [count for count in known if not count.main_road]
    return StreetRates(
        code,
        street,
        sum(count.count for count in counts),
        Rate(intact, _sum(live), targets.get(group.intact_target)),
        Rate(_sum(count for count in main if count.lit), _sum(main), targets.get(group.lit_main_target)),
        Rate(_sum(count for count in back if count.lit), _sum(back), targets.get(group.lit_back_target)),
    )


@dataclass(frozen=True)
class HistoryLine:
    """One line of what happened to a facility. record: what a click opens, with its type; None: nothing to open."""

    at: datetime
    what: str
    words: str
    who: str = ""
    record_type: str = ""
    record_id: UUID | None = None


def in_order(lines: Iterable[HistoryLine]) -> list[HistoryLine]:
    """Newest first; what has the same instant keeps a fixed order, whatever order it came in."""
    return sorted(
        lines, key=lambda line: (line.at, line.record_type, str(line.record_id), line.what, line.words), reverse=True
    )


def event_fields(before: Facility, after: Facility) -> dict[str, Any]:
    """What an event says of a change of state or light."""
    changed = before.state != after.state
    return {
        "from_state": before.state if changed else None,
        "to_state": after.state if changed else None,
        "lit": after.lit if before.lit != after.lit else None,
    }


def is_event(before: Facility, after: Facility) -> bool:
    """True when a change belongs in the history."""
    return before.state != after.state or before.lit != after.lit


def _sum(counts: Iterable[StateCount]) -> int:
    return sum(count.count for count in counts)
