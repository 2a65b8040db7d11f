"""`NAME=VALUE` arguments turned into values, refused by name when they are not understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from app.base.words import _
from app.desk import Desk
from app.domain.case_judgement import StepInputs
from app.domain.case_views import CaseFilter, CaseOrder, CaseView
from app.domain.cases import Case, CaseDraft, SuperviseLevel
from app.domain.characters import whole
from app.domain.permissions import Actor
from app.domain.problems import Refused
from app.domain.stages import Stage
from app.services.reference import OFFICE_ZONE


class UsageError(Exception):
    """The command line itself is not understood (exit 2)."""


MOST = 1_000_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2199
_PLAIN = ("street_code", "source", "kind", "major", "minor")
_TIMES = (
    "reported_from",
    "reported_until",
    "due_from",
    "due_until",
    "closed_from",
    "closed_until",
)


def pairs(given: Sequence[str]) -> dict[str, str]:
    """NAME=VALUE words as a mapping."""
    found: dict[str, str] = {}
    for word in given:
        name, sign, value = word.partition("=")
        if not sign or not name:
            raise UsageError(_("“{word}”不是 名称=值 的形式").format(word=word))
        found[name.strip()] = value
    return found


def whole_words(value: Any) -> Any:
    """What was typed for one option, in whole characters; paths and numbers as they are."""
    if isinstance(value, list):
        return [whole_words(one) for one in value]
    return whole(value) if isinstance(value, str) else value


def amount(text: str) -> int:
    """How many, as argparse takes it: a whole number from 0 to MOST. Raises ValueError."""
    found = int(text)
    if not 0 <= found <= MOST:
        raise ValueError(text)
    return found


def case_filter(where: Sequence[str], search: str, desk: Desk, actor: Actor) -> CaseFilter:
    """The list asked for. Raises Refused("case.filter_unknown") naming the ones there are."""
    given = pairs(where)
    view = given.pop("view", "")
    wanted = desk.case_lists.view(_one_of(CaseView, "view", view), actor=actor) if view else CaseFilter()
    fields: dict[str, Any] = {"search": search, "search_persons": actor.sees_personal_data}
    for name, value in given.items():
        fields |= _filter_field(name, value, desk)
    return wanted.narrowed(**fields)


def _filter_field(name: str, value: str, desk: Desk) -> dict[str, Any]:
    if name in _PLAIN:
        return {name: value}
    if name in _TIMES:
        return {name: moment(value)}
    match name:
        case "stage":
            return {"stages": frozenset(_one_of(Stage, "stage", word) for word in value.split(","))}
        case "street":
            return {"street_code": desk.street_code(value)}
        case "unit":
            return {"unit_id": desk.directory.unit_named(value).id}
        case "order":
            return {"order": _one_of(CaseOrder, "order", value)}
    known = ("view", "stage", "street", "unit", "order", *_PLAIN, *_TIMES)
    raise Refused("case.filter_unknown", name=name, known=" ".join(known))


def _one_of(kind: Any, name: str, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = " ".join(str(member) for member in kind)
        raise Refused("case.filter_unknown", name=f"{name}={value}", known=known) from None


def day_of(value: str) -> date:
    """An ISO day."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError(_("“{value}”不是日期,请写成 2026-11-21").format(value=value)) from None


def week_day(text: str) -> date:
    """A day whose week can be planned, as argparse takes it. Raises ValueError."""
    found = date.fromisoformat(text)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(text)
    return found


def moment(value: str) -> datetime:
    """An ISO date or time; without a zone it is the office's own time."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise UsageError(_("“{value}”不是日期,请写成 2026-11-21 或 2026-11-21T09:30").format(value=value)) from None
    return at if at.tzinfo else at.replace(tzinfo=OFFICE_ZONE)


def step_inputs(note: str, given: Mapping[str, str], case: Case, desk: Desk) -> StepInputs:
    """What `act` was given with --note and --set."""
    fields: dict[str, Any] = {"note": note}
    for name, value in given.items():
        fields |= _step_field(name, value, case, desk)
    return StepInputs(**fields)


def _step_field(name: str, value: str, case: Case, desk: Desk) -> dict[str, Any]:
    match name:
        case "unit":
            unit = desk.directory.unit_named(value)
            return {"unit_id": unit.id, "unit_name": unit.name}
        case "handler":
            return {"handler_name": value}
        case "collector":
            return {"collector_name": value}
        case "acceptor":
            person = desk.accounts.person_named(value)
            return {"acceptor_id": person.id, "acceptor_name": person.name}
        case "condition":
            return {"condition": desk.condition(case, _whole(name, value))}
        case "until":
            return {"until": moment(value)}
        case "level":
            return {"level": _one_of(SuperviseLevel, "level", value)}
        case "closing" | "approved_by" | "result" | "on_behalf_of":
            return {name: value}
    known = "unit handler collector acceptor condition closing until approved_by result level on_behalf_of"
    raise Refused("case.filter_unknown", name=name, known=known)


def case_draft(given: Mapping[str, str]) -> CaseDraft:
    """A draft from NAME=VALUE words."""
    values: dict[str, Any] = dict(given)
    if "reported_at" in values:
        values["reported_at"] = moment(given["reported_at"])
    unknown = sorted(set(values) - set(CaseDraft.model_fields))
    if unknown:
        raise Refused("case.filter_unknown", name=unknown[0], known=" ".join(CaseDraft.model_fields))
    with values_told_in_words():
        return CaseDraft.model_validate(values)


@contextmanager
def values_told_in_words() -> Iterator[None]:
    """A record's own limits, broken by what was typed, as a usage error that names the field."""
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        raise _unread(str(first["loc"][0]), str(first["input"])) from None


def _whole(name: str, value: str) -> int:
    if not value.isdecimal():
        raise _unread(name, value)
    return int(value)


def _unread(name: str, value: str) -> UsageError:
    return UsageError(_("“{name}”的值“{value}”不合要求").format(name=name, value=value))
