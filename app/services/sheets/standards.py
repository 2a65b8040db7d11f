"""A city's own standards workbook: a preview says what was not understood, is mended, and is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from app.base.watch import Watch
from app.base.words import _
from app.domain.cases import CaseKind
from app.domain.deadlines import Limit
from app.domain.limit_words import Unclear, parse_limit
from app.domain.problems import Refused
from app.domain.reference import CategoryTable, StandardRow, category_table_of
from app.services.sheets.case_rows import KIND_WORDS
from app.services.sheets.cells import Cell
from app.services.sheets.reading import Sheet, open_sheets
from app.services.sheets.refusals import RowRefusal, refusal
from app.services.sheets.standards_columns import (
    COLUMN_BY_NAME,
    NEEDED_TO_BE_ONE,
    STANDARDS_COLUMNS,
    is_standards_word,
    standards_columns,
)
from app.services.sheets.values import ValueRefused, as_code, as_text

CODES = ("major", "minor")
LONGEST_CODE = 10


@dataclass(frozen=True)
class StandardsRow:
    """One filing condition as the workbook has it, merged and empty cells filled from above.

    values: text by column name; left_out: a person said not to take it over. problems: why it cannot be taken over yet.
    """

    sheet: str
    row: int
    values: Mapping[str, str]
    left_out: bool = False
    problems: tuple[RowRefusal, ...] = ()

    @property
    def limit(self) -> Limit | None:
        """The handling limit its words name; None when they name none we know."""
        found = parse_limit(self.values["limit"])
        return None if isinstance(found, Unclear) else found

    @property
    def key(self) -> tuple[str, str, str]:
        """Kind, major and minor code."""
        return self.values["kind"], self.values["major"], self.values["minor"]


@dataclass(frozen=True)
class StandardsPreview:
    """All rows in the workbook's order, addressed by their place in `rows`. Every change gives a new preview."""

    rows: tuple[StandardsRow, ...]
    file: str = field(default="")

    @classmethod
    def of_rows(cls, rows: Iterable[StandardsRow], file: str = "") -> StandardsPreview:
        """The preview of these rows, with their problems found."""
        return cls(tuple(_judged(rows)), file)

    def correct(self, place: int, name: str, value: str) -> StandardsPreview:
        """With one value of one row put right. name: a column of STANDARDS_COLUMNS."""
        if name not in COLUMN_BY_NAME:
            raise KeyError(name)
        row = self.rows[place]
        value = KIND_WORDS.get(value.strip(), value) if name == "kind" else value
        return self._with(place, replace(row, values=_tidy({**row.values, name: value.strip()})))

    def leave_out(self, place: int, left_out: bool = True) -> StandardsPreview:
        """With one row not taken over (or taken over again)."""
        return self._with(place, replace(self.rows[place], left_out=left_out))

    def without_unsettled(self) -> StandardsPreview:
        """With every row that has a problem left out; what the command line takes over, naming the rest."""
        rows = [replace(row, left_out=row.left_out or bool(row.problems)) for row in self.rows]
        return StandardsPreview.of_rows(rows, self.file)

    @cached_property
    def taken(self) -> tuple[StandardsRow, ...]:
        """Rows that are understood and not left out."""
        return tuple(row for row in self.rows if not row.left_out and not row.problems)

    @property
    def minors(self) -> int:
        """Minor categories that would be taken over."""
        return len({row.key for row in self.taken})

    @property
    def conditions(self) -> int:
        """Filing conditions that would be taken over."""
        return len(self.taken)

    @property
    def refused(self) -> tuple[RowRefusal, ...]:
        """Every problem of rows nobody has put right or left out."""
        return tuple(problem for row in self.rows if not row.left_out for problem in row.problems)

    def take_over(self, scheme: str, valid_from: date, label: str, source: str) -> CategoryTable:
        """The standards as a table.

        Raises Refused("standards.rows_unsettled") while a row has a problem, Refused("standards.nothing").
        """
        unsettled = [row for row in self.rows if row.problems and not row.left_out]
        if unsettled:
            raise Refused("standards.rows_unsettled", count=len(unsettled), row=unsettled[0].row)
        if not self.taken:
            raise Refused("standards.nothing")
        rows = map(_standard_row, self.taken)
        return category_table_of(rows, scheme=scheme, label=label, valid_from=valid_from, source=source)

    def _with(self, place: int, row: StandardsRow) -> StandardsPreview:
        return StandardsPreview.of_rows([*self.rows[:place], row, *self.rows[place + 1 :]], self.file)


def read_standards(path: Path, watch: Watch | None = None) -> StandardsPreview:
    """The preview of a workbook: every sheet that has minor names, filing conditions and limits.

    Raises Refused (sheet.*) when the file cannot be read, Refused("standards.no_sheet") when no sheet is one.
    """
    rows: list[StandardsRow] = []
    for sheet in open_sheets(path, watch=watch, knows=is_standards_word):
        places = standards_columns(sheet.header)
        if places.keys() >= NEEDED_TO_BE_ONE:
            rows += _rows(sheet, places, watch)
    if not rows:
        raise Refused("standards.no_sheet", file=path.name)
    return StandardsPreview.of_rows(rows, path.name)


def _rows(sheet: Sheet, places: Mapping[str, int], watch: Watch | None) -> Iterator[StandardsRow]:
    said = _kind_said(sheet)
    above: Mapping[str, str] = {}
    for number, cells in sheet.rows(watch):
        own = {
            column.name: _text(column.name, cells[places[column.name]])
            if places.get(column.name, len(cells)) < len(cells)
            else ""
            for column in STANDARDS_COLUMNS
        }
        own["kind"] = KIND_WORDS.get(own["kind"], "") or said
        values = _tidy(_filled(own, above))
        above = values
        yield StandardsRow(sheet.name, number, values)


def _kind_said(sheet: Sheet) -> str:
    """Component or event, as the sheet's name or the title above the header says; "" when neither or both are named."""
    for text in (sheet.name, " ".join(sheet.titles)):
        said = {KIND_WORDS[word] for word in ("部件", "事件") if word in text}
        if len(said) == 1:
            return said.pop()
    return ""


def _text(name: str, cell: Cell) -> str:
    if name not in CODES:
        return as_text(cell)
    try:
        return as_code(cell)
    except ValueRefused:
        return as_text(cell)


def _filled(own: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """The row with what stands empty because it is the same as above; a new major or minor starts afresh."""
    values = dict(own)
    for code, name in (("major", "major_name"), ("minor", "minor_name")):
        same_code = not values[code] or _padded(values[code]) == above.get(code)
        same_name = not values[name] or values[name] == above.get(name)
        if not (same_code and same_name):
            return values
        if not (values[code] or values[name]) or values[code]:
            values[code], values[name] = above.get(code, ""), values[name] or above.get(name, "")
        elif above.get(code):
            values[code] = above[code]
    values["collection"] = values["collection"] or above.get("collection", "")
    return values


def _padded(code: str) -> str:
    return code.zfill(2) if code.isdigit() else code


def _tidy(values: Mapping[str, str]) -> dict[str, str]:
    """Codes with two digits at least; a minor code that repeats its major in front loses it."""
    tidy = dict(values)
    tidy["major"], minor = _padded(tidy["major"]), _padded(tidy["minor"])
    repeats_major = len(minor) == 4 and len(tidy["major"]) == 2 and minor.startswith(tidy["major"])
    tidy["minor"] = minor[2:] if repeats_major else minor
    return tidy


def _judged(rows: Iterable[StandardsRow]) -> Iterator[StandardsRow]:
    """Each row with its problems, those it has with earlier rows included; rows left out say nothing."""
    majors: dict[tuple[str, str], tuple[str, int]] = {}
    minors: dict[tuple[str, str, str], tuple[str, int]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row.left_out:
            yield replace(row, problems=())
            continue
        problems = list(_own_problems(row))
        kind, major, minor = row.key
        if major and minor and kind:
            problems += _name_problems(row, "major_name", major, majors.setdefault((kind, major), _name(row, "major")))
            problems += _name_problems(row, "minor_name", minor, minors.setdefault(row.key, _name(row, "minor")))
        content = (*row.key, row.values["filing"], row.values["limit"], row.values["closing"])
        earlier = seen.setdefault(content, row.row)
        if earlier != row.row and not problems:
            problems.append(refusal(row.row, "", "standards.repeated", first=earlier))
        yield replace(row, problems=tuple(problems))


def _name(row: StandardsRow, level: str) -> tuple[str, int]:
    return row.values[f"{level}_name"], row.row


def _own_problems(row: StandardsRow) -> Iterator[RowRefusal]:
    if row.values["kind"] not in tuple(CaseKind):
        yield refusal(row.row, _title("kind"), "standards.kind_unclear")
    for column in STANDARDS_COLUMNS:
        text = row.values[column.name]
        if column.required and not text:
            yield refusal(row.row, _title(column.name), "standards.value_missing")
        elif column.name in CODES and not (text.isascii() and text.isalnum() and len(text) <= LONGEST_CODE):
            yield refusal(row.row, _title(column.name), "standards.code_unreadable", text=text)
    if row.values["limit"] and row.limit is None:
        yield refusal(row.row, _title("limit"), "standards.limit_unclear", text=row.values["limit"])


def _name_problems(row: StandardsRow, column: str, code: str, first: tuple[str, int]) -> Iterator[RowRefusal]:
    name, earlier = first
    if row.values[column] and name and row.values[column] != name:
        yield refusal(
            row.row,
            _title(column),
            "standards.name_differs",
            number=code,
            name=name,
            text=row.values[column],
            first=earlier,
        )


def _title(name: str) -> str:
    return _(COLUMN_BY_NAME[name].title)


def _standard_row(row: StandardsRow) -> StandardRow:
    return StandardRow(
        kind=row.values["kind"],
        major=row.values["major"],
        major_name=row.values["major_name"],
        minor=row.values["minor"],
        minor_name=row.values["minor_name"],
        filing=row.values["filing"],
        closing=row.values["closing"],
        limit=row.limit,
        limit_text=row.values["limit"],
        collection_rule=row.values["collection"],
        responsible=row.values["unit"],
    )
