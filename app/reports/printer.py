"""What reports expect of whoever puts a Paper on pages."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.reports.paper import Paper


class Printer(Protocol):
    """Lays a Paper on A4 pages: as a file, or as pictures to look at before printing."""

    def save_pdf(self, paper: Paper, path: Path) -> int:
        """Write a PDF with its fonts inside; gives the number of pages. Raises Unavailable("sheet.…") when the place
        cannot be written."""

    def pictures(self, paper: Paper, dots_per_inch: int) -> list[bytes]:
        """Every page as PNG."""
