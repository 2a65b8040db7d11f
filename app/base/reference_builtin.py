"""The reference tables shipped with the program, read when first asked for. Sources: resources/SOURCES.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from app.base.resources import resource_rows, resource_text
from app.domain.deadlines import Limit, LimitUnit
from app.domain.limit_words import limit_words
from app.domain.pinyin import Initials
from app.domain.problems import Refused
from app.domain.reference import CategoryTable, Code, CodeList, Division, Divisions, StandardRow, category_table_of
from app.domain.stages import CLOSED_STAGES
from app.domain.terms import TermMark, TermRule
from app.domain.violation_words import kinds_of, tiers_of
from app.domain.violations import Subject, Violation, ViolationTable
from app.domain.workcalendar import DayTable
from app.domain.workflow import Workflow

SCHEMES = ("GB2013", "CJT214")
BUILT_ON = date(2026, 11, 1)
_LABELS = {"GB2013": "GB/T 30428.2-2013(内置)", "CJT214": "CJ/T 214-2007(内置)"}
_VALID_FROM = {"GB2013": date(2014, 8, 15), "CJT214": date(2007, 10, 1)}
_LIMIT_UNITS = {
    ("minute", "continuous"): LimitUnit.MINUTE,
    ("hour", "continuous"): LimitUnit.HOUR,
    ("day", "continuous"): LimitUnit.DAY,
    ("minute", "working_time"): LimitUnit.WORKING_MINUTE,
    ("hour", "working_time"): LimitUnit.WORKING_HOUR,
    ("working_day", "working_time"): LimitUnit.WORKING_DAY,
}


@dataclass(frozen=True)
class FrequentMinor:
    """A minor category and how often offices report it."""

    kind: str
    major: str
    minor: str
    weight: int


@cache
def category_table(scheme: str) -> CategoryTable:
    """The built-in standards of a scheme. Raises Refused("reference.scheme_missing") for a city's own one."""
    if scheme not in SCHEMES:
        raise Refused("reference.scheme_missing", scheme=scheme)
    limits: dict[tuple[str, str, str], list[Mapping[str, str]]] = {}
    for row in resource_rows("tables", f"time_limits_{scheme.lower()}.csv"):
        limits.setdefault((row["kind"], row["major_code"], row["minor_code"]), []).append(row)
    rows = [
        _standard_row(category, condition)
        for category in resource_rows("tables", f"categories_{scheme.lower()}.csv")
        for condition in limits.get((category["kind"], category["major_code"], category["minor_code"]), [None])
    ]
    return category_table_of(
        rows,
        scheme=scheme,
        label=_LABELS[scheme],
        valid_from=_VALID_FROM[scheme],
        source="resources/SOURCES.md",
        version_id=f"builtin:{scheme}:{BUILT_ON:%Y-%m}",
    )


def _standard_row(category: Mapping[str, str], condition: Mapping[str, str] | None) -> StandardRow:
    limit = _limit(condition["limit_value"], condition["unit"], condition["clock"]) if condition else None
    return StandardRow(
        kind=category["kind"],
        major=category["major_code"],
        major_name=category["major_name_zh"],
        minor=category["minor_code"],
        minor_name=category["minor_name_zh"],
        inferred=category["verified"] != "read",
        filing=condition["filing_condition"] if condition else "",
        closing=condition["closing_condition"] if condition else "",
        limit=limit,
        limit_text=limit.text if limit else "",
    )


def _limit(value: str, unit: str, clock: str) -> Limit:
    limit = Limit(value=int(value), unit=_LIMIT_UNITS[unit, clock])
    return limit.model_copy(update={"text": limit_words(limit)})


@cache
def divisions() -> Divisions:
    """Districts, streets and communities of Zhengzhou, codes of 2022-10-31."""

    def read(name: str) -> tuple[Division, ...]:
        return tuple(
            Division.model_construct(code=row["code"], name=row["name"])
            for row in resource_rows("tables", f"divisions_{name}.csv")
        )

    return Divisions.model_construct(districts=read("districts"), streets=read("streets"), communities=read("villages"))


@cache
def workflow() -> Workflow:
    """The built-in flow of a case."""
    rows = resource_rows("tables", "case_flow.csv")
    return Workflow.of_rows(f"builtin:{BUILT_ON:%Y-%m}", rows, frozenset(map(str, CLOSED_STAGES)))


@cache
def stage_limits() -> Mapping[str, Limit]:
    """Limit of each stage clock; the 30-minute task rows are the default, other cities' rows stand beside them."""
    return {
        row["stage"]: _limit(row["value"], row["unit"], row["clock"])
        for row in resource_rows("tables", "stage_limits.csv")
        if row["default"] == "Y"
    }


@cache
def workday_table() -> DayTable:
    """Holidays and make-up days 2018-2026; the table holds the days that differ from the week, years in full."""
    days = {row["date"]: row["kind"] == "makeup_workday" for row in resource_rows("tables", "workdays.csv")}
    first, last = min(days), max(days)
    return DayTable(date(int(first[:4]), 1, 1), date(int(last[:4]), 12, 31), days)


@cache
def case_sources() -> Mapping[str, str]:
    """Code -> Chinese name of the sources of cases."""
    return {row["code"]: row["title_zh"] for row in resource_rows("tables", "case_sources.csv")}


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Code lists of other systems by name, for reading what they send."""
    lists: dict[str, list[Code]] = {}
    for row in resource_rows("tables", "code_lists.csv"):
        lists.setdefault(row["list"], []).append(Code(code=row["code"], name=row["name_zh"]))
    return {name: CodeList(name=name, codes=tuple(codes)) for name, codes in lists.items()}


@cache
def _rules() -> Sequence[Mapping[str, str]]:
    return resource_rows("tables", "collection_rules.csv")


def collection_rules(kind: str, major: str, minor: str) -> list[str]:
    """采集要求 of a category: rules of all, of its major, then its own."""
    return [
        row["rule_zh"]
        for row in _rules()
        if row["kind"] in ("", kind) and row["major"] in ("", major) and row["minor"] in ("", minor)
    ]


@cache
def frequent_minors() -> Sequence[FrequentMinor]:
    """What really gets reported, with weights."""
    rows = resource_rows("tables", "frequent_minors.csv")
    return [FrequentMinor(r["kind"], r["major"], r["minor"], int(r["weight"])) for r in rows]


@cache
def terms() -> Sequence[TermRule]:
    """The statutory terms of enforcement, in the order of the procedure."""
    fields = {"title": "title_zh", "start_title": "start_zh", "end_title": "end_zh"}
    fields |= {"basis": "legal_basis", "mark": "verified"}
    return tuple(
        TermRule.model_validate(row | {field: row[column] for field, column in fields.items()})
        for row in resource_rows("tables", "enforcement_terms.csv")
    )


@cache
def violations() -> ViolationTable:
    """What may be penalised in Zhengzhou, with the laws that were replaced on 2026-08-15 beside the new ones."""
    rows = resource_rows("tables", "violations.csv")
    return ViolationTable(items=tuple(_violation(row) for row in rows))


def _violation(row: Mapping[str, str]) -> Violation:
    tiers, note = tiers_of(row["discretion_tiers"])
    return Violation(
        code=row["code"],
        title=row["name_zh"],
        title_en=row["name_en"],
        basis=row["legal_basis"],
        kinds=kinds_of(row["penalty_kinds"]),
        fine_low=Decimal(row["fine_min"]),
        fine_high=Decimal(row["fine_max"]),
        unit=row["fine_unit"],
        subject=Subject(row["subject"]),
        precondition=row["precondition"],
        authority=row["authority"],
        tiers=tiers,
        tiers_note=note,
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        replaced_by=tuple(filter(None, row["replaced_by"].split("|"))),
        source=row["source"],
        mark=TermMark(row["verified"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def initials() -> Initials:
    """Pinyin of every character known."""
    readings: dict[str, tuple[str, ...]] = {}
    for line in resource_text("tables", "pinyin.txt").splitlines():
        if not line.startswith("#"):
            syllables, _tab, signs = line.partition("\t")
            readings.update(dict.fromkeys(signs, tuple(syllables.split(" "))))
    return Initials(readings)
