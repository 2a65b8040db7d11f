"""What stands on paper, as values: blocks from top to bottom; a Printer lays them on pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Heading:
    """A title in the middle, with a smaller line under it."""

    text: str
    under: str = ""


@dataclass(frozen=True)
class Facts:
    """Label beside value in a ruled grid. A pair alone in its row goes across."""

    rows: Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class PaperColumn:
    """A column of a table. share: its part of the width."""

    title: str
    share: float
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """Ruled rows under a head that is repeated on each page."""

    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class PaperPhoto:
    """A picture with its words. picture None: it cannot be shown (the words say so)."""

    picture: bytes | None
    words: str


@dataclass(frozen=True)
class Photos:
    """Pictures side by side."""

    photos: Sequence[PaperPhoto]
    per_row: int = 2


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    align: Align = "left"


@dataclass(frozen=True)
class Signatures:
    """Lines to sign on, each with what stands before it."""

    labels: Sequence[str]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page, and its pages are numbered anew."""


@dataclass(frozen=True)
class Ruler:
    """A cross, a frame and millimetre marks: to measure how far a printer prints beside."""


@dataclass(frozen=True)
class Together:
    """What stands on one page where a page can hold it."""

    blocks: Sequence[Block]


Block = Heading | Facts | Table | Photos | Words | Signatures | PageBreak | Together | Ruler


@dataclass(frozen=True)
class Paper:
    """One job for a printer. foot: who printed it, and when. landscape: the long side across."""

    title: str
    blocks: Sequence[Block]
    foot: str = ""
    landscape: bool = False
