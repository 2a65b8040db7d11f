"""What is installed is locked, hashed, explained, and comes from wherever the machine is told to fetch."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest

from tests.house import listed
from tests.tools.sources import ROOT, imported, sources

MODULES = {
    "argon2-cffi": "argon2",
    "pillow": "PIL",
    "pyside6-essentials": "PySide6",
    "python-calamine": "python_calamine",
}
NEVER_IMPORTED = {
    "httptools": "uvicorn finds it by itself",
    "numpy": "pyqtgraph's arrays",
    "python-multipart": "fastapi asks for it to read forms",
    "tzdata": "zoneinfo finds it by itself",
    "uvloop": "uvicorn finds it by itself",
}
LOCKS = ("desktop.lock", "server.lock", "dev.lock")


def wanted(group: str) -> set[str]:
    """Normal names of the packages pyproject.toml asks for."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = settings["project"]["optional-dependencies"][group]
    names = {normal(re.split(r"[<>=!~\[; ]", line)[0]) for line in lines}
    return names - {"griddesk"} | (wanted("desktop") | wanted("server") if "griddesk" in names else set())


def normal(name: str) -> str:
    """The name as locks write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, str]:
    """Package → its lines in a lock."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {normal(part.partition("==")[0]): part for part in re.split(r"\n(?=\S)", text.strip())}


def unmarked(lines: str) -> set[str]:
    """Version and hashes of a locked package without its condition."""
    return set(re.findall(r"==[\w.]+|sha256:\w+", lines))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")

    assert "://" not in text, "A lock names packages and hashes only: make it with python3 dev.py lock."
    assert not re.search(r"^\s*(-|file:|@)(?!-hash)", text.replace("    --hash", "")), "No options in a lock."


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    bare = [package for package, lines in locked(name).items() if "--hash=sha256:" not in lines]

    assert bare == [], listed("Make the lock with python3 dev.py lock.", bare)


@pytest.mark.parametrize("group", ["desktop", "server", "dev"])
def test_the_lock_holds_every_package_asked_for(group: str) -> None:
    missing = wanted(group) - set(locked(f"{group}.lock"))

    assert missing == set(), listed(
        "pyproject.toml asks for more than the lock holds: run python3 dev.py lock.", missing
    )


@pytest.mark.parametrize("name", ["desktop.lock", "server.lock"])
def test_all_locks_name_the_same_versions(name: str) -> None:
    ours, dev = locked(name), locked("dev.lock")

    # A package two of ours ask for under different conditions carries another marker in each lock.
    assert {package for package in ours if unmarked(ours[package]) != unmarked(dev.get(package, ""))} == set(), (
        "Run python3 dev.py lock --upgrade."
    )


def test_every_dependency_has_its_sentence() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    missing = sorted(name for name in wanted("dev") if f"`{name}`" not in text)

    assert missing == [], listed(
        "Say in one sentence in docs/dependencies.md why this one and what it replaces.", missing
    )


@pytest.mark.parametrize(("group", "folders"), [("desktop", ("app", "db", "ui")), ("server", ("server", "app/domain"))])
def test_every_dependency_of_the_program_is_used(group: str, folders: tuple[str, ...]) -> None:
    modules = {
        name.split(".")[0] for source in sources(*folders) for node in ast.walk(source.tree) for name in imported(node)
    }
    unused = sorted(name for name in wanted(group) - set(NEVER_IMPORTED) if MODULES.get(name, name) not in modules)

    assert unused == [], listed("Nothing imports it: take it out of pyproject.toml and lock again.", unused)
