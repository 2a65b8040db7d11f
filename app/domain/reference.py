"""Reference tables as values: categories with their conditions, divisions. A category is keyed by kind, major and minor
inside one scheme, never by code alone: two national numberings give the same code to different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from app.domain.deadlines import Limit
from app.domain.problems import Refused


class Condition(BaseModel):
    """One filing condition of a minor category. limit None: the standard's words could not be computed."""

    model_config = ConfigDict(frozen=True)

    no: int = Field(ge=1)
    filing: str
    closing: str = ""
    limit: Limit | None = None
    limit_text: str = ""


class Category(BaseModel):
    """A minor category (小类) under its major (大类).

    inferred: the code or name was not read in a standard. collection_rules: 采集要求 of the city's own workbook;
    responsible: the unit it names, as written.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    major: str
    major_name: str
    minor: str
    minor_name: str
    conditions: tuple[Condition, ...] = ()
    inferred: bool = False
    collection_rules: tuple[str, ...] = ()
    responsible: str = ""

    @property
    def code(self) -> str:
        """How clerks write it: C-01-05 for a component, E-04-05 for an event."""
        return _code(self.kind, self.major, self.minor)

    def condition(self, no: int) -> Condition | None:
        """The filing condition of that number."""
        return next((condition for condition in self.conditions if condition.no == no), None)


class CategoryTable(BaseModel):
    """One version of one scheme."""

    model_config = ConfigDict(frozen=True)

    version_id: str = ""
    scheme: str
    label: str
    valid_from: date
    source: str = ""
    categories: tuple[Category, ...]

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, str, str], Category]:
        return {(c.kind, c.major, c.minor): c for c in self.categories}

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Category]]:
        named: dict[str, list[Category]] = {}
        for category in self.categories:
            named.setdefault(category.minor_name, []).append(category)
        return named

    def find(self, kind: str, major: str, minor: str) -> Category | None:
        """The category of that key."""
        return self._by_key.get((str(kind), major, minor))

    def named(self, minor_name: str) -> Sequence[Category]:
        """Categories of that exact name; more than one when a name stands in two majors."""
        return self._by_name.get(minor_name, ())

    @property
    def condition_count(self) -> int:
        """Filing conditions in all."""
        return sum(len(category.conditions) for category in self.categories)


class StandardRow(BaseModel):
    """One row of a standards table: a minor category with one filing condition, or with none (all its words empty)."""

    model_config = ConfigDict(frozen=True)

    kind: str
    major: str
    major_name: str
    minor: str
    minor_name: str
    inferred: bool = False
    filing: str = ""
    closing: str = ""
    limit: Limit | None = None
    limit_text: str = ""
    collection_rule: str = ""
    responsible: str = ""


def category_table_of(
    rows: Iterable[StandardRow], *, scheme: str, label: str, valid_from: date, source: str = "", version_id: str = ""
) -> CategoryTable:
    """The table those rows make: categories in the order they first appear, their conditions numbered from 1.

    Raises Refused("reference.category_twice") when one code stands for two names.
    """
    grouped: dict[tuple[str, str, str], list[StandardRow]] = {}
    for row in rows:
        grouped.setdefault((row.kind, row.major, row.minor), []).append(row)
    return CategoryTable(
        version_id=version_id,
        scheme=scheme,
        label=label,
        valid_from=valid_from,
        source=source,
        categories=tuple(_category_of(group) for group in grouped.values()),
    )


def _category_of(rows: Sequence[StandardRow]) -> Category:
    head = rows[0]
    code = _code(head.kind, head.major, head.minor)
    for row in rows:
        if row.minor_name != head.minor_name:
            raise Refused("reference.category_twice", code=code, minor_name=head.minor_name, other_name=row.minor_name)
    told = [row for row in rows if row.filing or row.closing or row.limit or row.limit_text]
    fields = {"filing", "closing", "limit", "limit_text"}
    conditions = (Condition(no=no, **row.model_dump(include=fields)) for no, row in enumerate(told, start=1))
    named = head.model_dump(include={"kind", "major", "major_name", "minor", "minor_name", "inferred"})
    rules = dict.fromkeys(row.collection_rule for row in rows if row.collection_rule)
    responsible = next((row.responsible for row in rows if row.responsible), "")
    return Category(**named, conditions=tuple(conditions), collection_rules=tuple(rules), responsible=responsible)


class Code(BaseModel):
    """One entry of a code list; some lists have names only."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str


class CodeList(BaseModel):
    """The codes another system uses for one thing. A field may name several codes at once: `1,2`."""

    model_config = ConfigDict(frozen=True)

    name: str
    codes: tuple[Code, ...]

    def find(self, code: str) -> Code | None:
        """The entry that holds that code."""
        return next((entry for entry in self.codes if code in entry.code.split(",")), None) if code else None

    def named(self, name: str) -> Code | None:
        """The entry of that exact name."""
        return next((entry for entry in self.codes if entry.name == name), None)


class Division(BaseModel):
    """A district (6 digits), street or town (9), community or village (12)."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str


class Divisions(BaseModel):
    """The division table of one city. A name is never a key: 171 village names occur more than once."""

    model_config = ConfigDict(frozen=True)

    districts: tuple[Division, ...]
    streets: tuple[Division, ...]
    communities: tuple[Division, ...]

    @cached_property
    def _by_code(self) -> Mapping[str, Division]:
        return {d.code: d for d in (*self.districts, *self.streets, *self.communities)}

    @cached_property
    def _streets_by_district(self) -> Mapping[str, tuple[Division, ...]]:
        return _grouped(self.streets, 6)

    @cached_property
    def _communities_by_street(self) -> Mapping[str, tuple[Division, ...]]:
        return _grouped(self.communities, 9)

    @cached_property
    def _communities_by_district(self) -> Mapping[str, tuple[Division, ...]]:
        return _grouped(self.communities, 6)

    def district(self, code: str) -> Division | None:
        """The district of a six-digit code."""
        return self._by_code.get(code) if len(code) == 6 else None

    def street(self, code: str) -> Division | None:
        """The street of a nine-digit code."""
        return self._by_code.get(code) if len(code) == 9 else None

    def community(self, code: str) -> Division | None:
        """The community of a twelve-digit code."""
        return self._by_code.get(code) if len(code) == 12 else None

    def streets_of(self, district_code: str) -> Sequence[Division]:
        """Streets and towns of a district, in code order."""
        return self._streets_by_district.get(district_code, ())

    def communities_of(self, code: str) -> Sequence[Division]:
        """Communities of a street (nine digits) or a whole district (six)."""
        table = self._communities_by_street if len(code) == 9 else self._communities_by_district
        return table.get(code, ())


def _grouped(divisions: Iterable[Division], digits: int) -> Mapping[str, tuple[Division, ...]]:
    groups: dict[str, list[Division]] = {}
    for division in divisions:
        groups.setdefault(division.code[:digits], []).append(division)
    return {code: tuple(found) for code, found in groups.items()}


def _code(kind: str, major: str, minor: str) -> str:
    return f"{'C' if kind == 'component' else 'E'}-{major}-{minor}"
