"""`python3 dev.py translations [--check]`: every word of the screens, collected into the English catalogue and compiled.

Translations that are there stay; entries whose Chinese is gone from the program go too. --check writes nothing and
fails when the catalogue is not what a fresh run would write, or when a word has no English.
"""

from __future__ import annotations

import ast
import csv
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

from tests.tools.sources import ROOT, Source, called, chinese_strings, has_chinese, marked, sources

PO = ROOT / "resources" / "locale" / "en" / "LC_MESSAGES" / "griddesk.po"
SCREENS = (
    "ui",
    "app/services",
    "app/sync",
    "app/reports",
    "app/cli",
    "app/base",
    "app/desk.py",
    "app/gate.py",
    "app/__main__.py",
    "server/cli",
    "server/sync",
)
PROBLEMS = ("Refused", "Unavailable", "Conflict", "Problem")
# Chinese the domain reads or composes addresses and limits from; nobody sees it as a word of the screen.
READ_NOT_SHOWN = (
    "app/domain/boundary_words.py",
    "app/domain/division_names.py",
    "app/domain/limit_words.py",
    "app/domain/places.py",
    "app/domain/text.py",
    "app/domain/pinyin.py",
    "app/domain/violation_words.py",
)
PARTS_OF_ADDRESSES = ("号",)
TITLE_COLUMN = "title_zh"


def problem_details(tree: ast.AST) -> Iterator[ast.Constant]:
    """Words handed to a problem as a detail: translated with its sentence."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in PROBLEMS:
            yield from (
                word.value
                for word in node.keywords
                if isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
            )


def words_of(source: Source) -> Iterator[str]:
    """The msgids of one file, in the order they stand there."""
    if source.name in READ_NOT_SHOWN:
        return
    if source.name.startswith("app/domain/"):
        found = {node for node in chinese_strings(source.tree) if node.value not in PARTS_OF_ADDRESSES}
    else:
        found = marked(source.tree) | set(problem_details(source.tree))
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node.value, str) and has_chinese(node.value):
            yield node.value


def words_of_tables() -> Iterator[tuple[str, str]]:
    """(file, title) of the shipped tables that have a column of titles."""
    for path in sorted((ROOT / "resources" / "tables").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if TITLE_COLUMN in (rows.fieldnames or ()):
                yield from ((path.relative_to(ROOT).as_posix(), row[TITLE_COLUMN]) for row in rows if row[TITLE_COLUMN])


def collect() -> dict[str, list[str]]:
    """Every msgid with the files it stands in."""
    found: dict[str, list[str]] = {}
    pairs = [(source.name, word) for source in sources("app/domain", *SCREENS) for word in words_of(source)]
    for name, word in [*pairs, *words_of_tables()]:
        places = found.setdefault(word, [])
        if name not in places:
            places.append(name)
    return found


def fresh_catalogue(old: polib.POFile, found: dict[str, list[str]]) -> polib.POFile:
    """The catalogue as it should be: what was found, with the English that was there."""
    known = {entry.msgid: entry.msgstr for entry in old}
    new = polib.POFile(wrapwidth=0)
    new.metadata = {
        "Project-Id-Version": "GridDesk",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for word, places in found.items():
        entry = polib.POEntry(msgid=word, msgstr=known.get(word, ""), occurrences=[(place, "") for place in places])
        if names_in(word):
            entry.flags.append("python-brace-format")
        new.append(entry)
    return new


def names_in(text: str) -> set[str]:
    """Names in braces; of text that is no format, none."""
    try:
        return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}
    except ValueError:
        return set()


def untranslated(catalogue: polib.POFile) -> list[str]:
    """The msgids without English, or whose English lacks or invents a name in braces."""
    return [entry.msgid for entry in catalogue if not entry.msgstr or names_in(entry.msgstr) != names_in(entry.msgid)]


def read(path: Path = PO) -> polib.POFile:
    """The catalogue on disk; an empty one when there is none."""
    return polib.pofile(str(path), encoding="utf-8", wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)


def is_current() -> bool:
    """Whether a fresh run would change neither the catalogue nor what is compiled from it."""
    old = read()
    compiled = PO.with_suffix(".mo")
    new = fresh_catalogue(old, collect())
    return str(new) == str(old) and compiled.exists() and compiled.read_bytes() == new.to_binary()


def main(arguments: list[str]) -> int:
    """Write or check the catalogue; exit code 1 when words lack English or --check finds it out of date."""
    if arguments not in ([], ["--check"]):
        print("usage: python3 dev.py translations [--check]", file=sys.stderr)
        return 2
    current = is_current()
    new = fresh_catalogue(read(), collect())
    missing = untranslated(new)
    if not arguments:
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_text(str(new), encoding="utf-8", newline="\n")
        PO.with_suffix(".mo").write_bytes(new.to_binary())
    elif not current:
        print("the catalogue is out of date: run python3 dev.py translations")
    print(f"{len(new)} words, {len(missing)} without (right) English")
    for word in missing[:20]:
        print(f"  {word!r}")
    return 1 if missing or (arguments and not current) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
