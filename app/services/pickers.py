"""What pickers offer while a clerk types: by code, name or pinyin initials, most used first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.directory import WorkerKind
from app.domain.pinyin import Initials
from app.domain.text import normalise
from app.services.directory import DirectoryService
from app.services.reference import ReferenceService

SHOWN = 30


@dataclass(frozen=True)
class Choice:
    """One offer: `key` is what is stored, the rest is shown."""

    key: str
    code: str
    title: str
    hint: str = ""


class PickerService:
    """Small lists held in memory; every answer comes at once."""

    def __init__(self, reference: ReferenceService, directory: DirectoryService, initials: Initials) -> None:
        self._reference = reference
        self._directory = directory
        self._initials = initials

    def categories(self, typed: str) -> list[Choice]:
        """Minor categories of the standards in force; key `kind-major-minor`."""
        table = self._reference.categories()
        choices = [
            Choice(
                f"{c.kind}-{c.major}-{c.minor}",
                f"{'C' if c.kind == 'component' else 'E'}-{c.major}-{c.minor}",
                c.minor_name,
                c.major_name,
            )
            for c in table.categories
        ]
        return self._ranked("category", typed, choices)

    def streets(self, typed: str) -> list[Choice]:
        """Streets and towns of the office's district."""
        office = self._reference.office()
        streets = self._reference.divisions().streets_of(office.district_code)
        return self._ranked("street_code", typed, [Choice(s.code, s.code[6:], s.name) for s in streets])

    def communities(self, typed: str, street_code: str = "") -> list[Choice]:
        """Communities of a street, or of the whole district when no street is chosen."""
        divisions, district = self._reference.divisions(), self._reference.office().district_code
        found = divisions.communities_of(street_code or district)
        return self._ranked("community_code", typed, [Choice(c.code, c.code[9:], c.name) for c in found])

    def roads(self, typed: str) -> list[Choice]:
        """Roads in the office's list; the name itself is the key."""
        return self._ranked("road", typed, [Choice(r.name, "", r.name, r.chief) for r in self._directory.roads()])

    def units(self, typed: str) -> list[Choice]:
        """Handling units; key is the identity."""
        return self._ranked(
            "unit", typed, [Choice(str(u.id), u.code, u.name, u.phone) for u in self._directory.units()]
        )

    def workers(self, kind: WorkerKind, typed: str) -> list[Choice]:
        """Collectors or handlers; the name itself is the key."""
        field = "collector_name" if kind == WorkerKind.COLLECTOR else "handler_name"
        return self._ranked(field, typed, [Choice(w.name, "", w.name, w.phone) for w in self._directory.workers(kind)])

    def members(self, typed: str) -> list[Choice]:
        """Grid members; key is the identity."""
        members = self._directory.workers(WorkerKind.COLLECTOR)
        return self._ranked("member", typed, [Choice(str(w.id), w.number, w.name, w.phone) for w in members])

    def sources(self, typed: str) -> list[Choice]:
        """Sources a case can come from."""
        sources = self._reference.case_sources()
        return self._ranked("source", typed, [Choice(code, "", title) for code, title in sources.items()])

    def _ranked(self, field: str, typed: str, choices: Sequence[Choice]) -> list[Choice]:
        used = {value: place for place, value in enumerate(self._directory.most_used(field))}
        return self.found(typed, sorted(choices, key=lambda choice: used.get(choice.key, len(used))))

    def found(self, typed: str, choices: Sequence[Choice]) -> list[Choice]:
        """Those that fit, the surest first, else in the order given; the first of all when nothing is typed."""
        wanted = normalise(typed).strip()
        if not wanted:
            return list(choices[:SHOWN])
        return _first(choices, (self._is(wanted), self._starts(wanted), self._sounds(wanted), self._holds(wanted)))

    def _is(self, wanted: str) -> Callable[[Choice], bool]:
        return lambda choice: wanted in (*_codes(choice), normalise(choice.title))

    def _starts(self, wanted: str) -> Callable[[Choice], bool]:
        return lambda choice: any(word.startswith(wanted) for word in (normalise(choice.title), *_codes(choice)))

    def _sounds(self, wanted: str) -> Callable[[Choice], bool]:
        return lambda choice: wanted.isascii() and self._initials.matches(choice.title, wanted)

    def _holds(self, wanted: str) -> Callable[[Choice], bool]:
        return lambda choice: wanted in normalise(choice.title) or wanted in normalise(choice.code)


def _codes(choice: Choice) -> tuple[str, ...]:
    """A code in the ways clerks type it: E-04-05, 04-05, e0405, 0405; a division's also in full."""
    code = normalise(choice.code)
    written = (code, code.partition("-")[2])
    full = choice.key if choice.key.isdigit() else ""
    return (*written, *(word.replace("-", "") for word in written), full)


def _first(choices: Sequence[Choice], tests: Iterable[Callable[[Choice], bool]]) -> list[Choice]:
    """Choices that pass the first test, then those that pass the second, and so on; each once."""
    found: dict[str, Choice] = {}
    for test in tests:
        for choice in choices:
            if choice.key not in found and test(choice):
                found[choice.key] = choice
        if len(found) >= SHOWN:
            break
    return list(found.values())[:SHOWN]
