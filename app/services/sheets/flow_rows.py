"""A newer flow of cases, or newer stage limits, out of a sheet: checked word by word before it is taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from app.base.watch import Watch
from app.domain.case_guards import GUARDS
from app.domain.deadlines import Limit
from app.domain.limit_words import Unclear, parse_limit
from app.domain.permissions import FLOW_ROLES
from app.domain.problems import Refused
from app.domain.stages import CLOCK_TITLES, CLOSED_STAGES, Stage
from app.domain.workflow import ANY_OPEN, SAME_STAGE, STAGE_BEFORE, Workflow
from app.services.sheets.reading import Sheet, open_sheet
from app.services.sheets.values import as_text

FLOW_COLUMNS = (
    "from_stage",
    "action",
    "to_stage",
    "roles",
    "reason_required",
    "guards",
    "inputs",
    "clocks",
    "kind",
    "key",
    "title_zh",
    "note_zh",
)
LIMIT_COLUMNS = ("stage", "limit")
_ROLES = frozenset({"system", "city"}).union(*FLOW_ROLES.values())
_CLOCKS = frozenset({*CLOCK_TITLES, "all"})
_MOVES = frozenset({"start", "stop", "resume", "finish", "extend", "dispatch"})
_STAGES = frozenset(map(str, Stage))
Rows = list[dict[str, str]]


def read_flow(path: Path, watch: Watch | None = None) -> Rows:
    """The steps of a sheet with the columns of the built-in table, in its order.

    A table may only choose among stages, roles, guards and clocks the program knows. Raises Refused("flow.…").
    """
    rows = []
    for number, row in _rows(path, FLOW_COLUMNS, watch):
        for column, is_known in _CHECKS.items():
            for word in row[column].split():
                if not is_known(word):
                    raise Refused("flow.word_unknown", row=number, column=column, text=word)
        rows.append(row)
    if not rows:
        raise Refused("flow.empty", file=path.name)
    flow = Workflow.of_rows("", rows, frozenset(map(str, CLOSED_STAGES)))
    ends = {step.target for step in flow.steps}
    if not ends & frozenset(map(str, CLOSED_STAGES)):
        raise Refused("flow.no_end", file=path.name)
    return rows


def read_stage_limits(path: Path, watch: Watch | None = None) -> dict[str, Limit]:
    """Limits by stage clock, written in words: accept, 15分钟. Raises Refused("flow.…")."""
    limits: dict[str, Limit] = {}
    names = {title: clock for clock, title in CLOCK_TITLES.items()}
    for number, row in _rows(path, LIMIT_COLUMNS, watch):
        clock = names.get(row["stage"], row["stage"])
        if clock not in CLOCK_TITLES:
            raise Refused("flow.word_unknown", row=number, column="stage", text=row["stage"])
        limit = parse_limit(row["limit"])
        if isinstance(limit, Unclear):
            raise Refused("flow.word_unknown", row=number, column="limit", text=row["limit"])
        limits[clock] = limit
    if not limits:
        raise Refused("flow.empty", file=path.name)
    return limits


def _rows(path: Path, columns: tuple[str, ...], watch: Watch | None) -> Iterator[tuple[int, dict[str, str]]]:
    sheet: Sheet = open_sheet(path, watch=watch, knows=lambda text: text in columns)
    missing = [column for column in columns if column not in sheet.header]
    if missing:
        raise Refused("sheet.columns_missing", sheet=sheet.name, columns="、".join(missing))
    places = {column: sheet.header.index(column) for column in columns}
    for row in sheet.rows(watch):
        cells = {name: as_text(row.cells[at]) if at < len(row.cells) else "" for name, at in places.items()}
        yield row.number, cells


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "from_stage": lambda word: word in _STAGES or word == ANY_OPEN,
    "to_stage": lambda word: word in _STAGES or word in (SAME_STAGE, STAGE_BEFORE),
    "roles": lambda word: word in _ROLES,
    "guards": lambda word: word in GUARDS,
    "clocks": lambda word: word.count(":") == 1 and word.split(":")[0] in _CLOCKS and word.split(":")[1] in _MOVES,
}
