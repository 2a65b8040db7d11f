"""Reading our own documents: sections, tables, code, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.tools.sources import ROOT

README, GUIDE, MAP = ROOT / "README.md", ROOT / "docs" / "user-guide.md", ROOT / "docs" / "architecture.md"
PAGES_OF_DOCS = sorted([README, ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def text(page: Path) -> str:
    """The words of a page."""
    return page.read_text(encoding="utf-8")


def section(page: Path, heading: str) -> str:
    """The words under one heading (its beginning is enough), up to the next of the same or a higher rank."""
    rank = len(heading.partition(" ")[0])
    rest = text(page).split(f"\n{heading}", 1)[1]
    return re.split(rf"\n#{{1,{rank}}} ", rest)[0]


def table(words: str) -> Iterator[list[str]]:
    """The rows of the tables in `words`, heads left out."""
    lines = words.splitlines()
    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|") and not line.startswith("|-") and before.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings: small letters, hyphens for blanks, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}
