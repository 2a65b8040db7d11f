"""Nothing of ours knows the machine it was written on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house import listed
from tests.tools.sources import ROOT

PLACES = (".ci", "app", "db", "docs", "requirements", "resources", "server", "tests", "ui")
KINDS = {
    ".py",
    ".md",
    ".toml",
    ".cfg",
    ".ini",
    ".csv",
    ".txt",
    ".qss",
    ".svg",
    ".json",
    ".lock",
    ".po",
    ".mako",
    ".html",
    ".css",
    ".service",
    "",
}
FOLDERS = ("work", "root", "tmp")
NOT_OURS = ("tests/data/", "resources/licences/")
FOREIGN = re.compile(rf"(?<![\w./~*}}\]-])/(?:{'|'.join(FOLDERS)})/\w|[A-Z]:\\Users\\")


def our_texts() -> Iterator[tuple[str, str]]:
    """(path below the root, text) of what we write ourselves."""
    paths = [path for place in PLACES for path in sorted((ROOT / place).rglob("*"))] + sorted(ROOT.glob("*.*"))
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and path.suffix in KINDS and not name.startswith(NOT_OURS) and "__pycache__" not in name:
            yield name, path.read_text(encoding="utf-8")


def test_no_file_of_ours_names_a_folder_of_one_machine() -> None:
    found = [
        f"{name}:{number} {line.strip()[:80]}"
        for name, text in our_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if FOREIGN.search(line)
    ]

    assert found == [], listed(
        "Build the path from where the file or the user's folder is (pathlib, platformdirs, tmp_path).", found
    )


def test_the_look_for_machine_paths_can_fail() -> None:
    assert FOREIGN.search("cache = '/" + "root/cache'")
    assert not FOREIGN.search(str(Path("resources") / "root" / "x"))
