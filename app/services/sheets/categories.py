"""Finds the category a row means: by code, by the minor's exact name, or by major and minor name. Never by likeness."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.cases import CaseKind
from app.domain.reference import Category, CategoryTable

_SEPARATORS = re.compile(r"\s*[-—–/\\>|:,、;\s·()]+\s*")
Found = tuple[CaseKind, str, str]


class CategoryFinder:
    """Looks names and codes up in one version of the standards, remembering what it was asked."""

    def __init__(self, table: CategoryTable) -> None:
        self._table = table
        self._by_code = {category.code: category for category in table.categories}
        self._asked: dict[object, Found | None] = {}

    def find(
        self, kind: CaseKind | None, codes: tuple[str, str], major: str, minor: str, category: str
    ) -> Found | None:
        """Kind, major and minor code; None when nothing or more than one category fits."""
        question = (kind, codes, major, minor, category)
        if question not in self._asked:
            self._asked[question] = self._look_up(kind, codes, major, minor, category)
        return self._asked[question]

    def _look_up(
        self, kind: CaseKind | None, codes: tuple[str, str], major: str, minor: str, category: str
    ) -> Found | None:
        fitting = self._coded(kind, *codes)
        if not fitting and major.isdigit() and minor.isdigit():
            fitting = self._coded(kind, major, minor)
        if not fitting:
            fitting = self._named(kind, major, minor) or self._named(kind, major or minor, category)
        if not fitting and category:
            parts = [part for part in _SEPARATORS.split(category) if part]
            whole = self._by_code.get(category.upper())
            fitting = [whole] if whole else self._named(kind, parts[0], parts[-1]) if len(parts) > 1 else []
        if len(fitting) != 1:
            return None
        return CaseKind(fitting[0].kind), fitting[0].major, fitting[0].minor

    def _coded(self, kind: CaseKind | None, major: str, minor: str) -> Sequence[Category]:
        if not (major and minor):
            return []
        kinds = [kind] if kind else list(CaseKind)
        keys = [(one, major.zfill(2), minor.zfill(2)) for one in kinds]
        return [found for key in keys if (found := self._table.find(*key))]

    def _named(self, kind: CaseKind | None, major: str, minor: str) -> Sequence[Category]:
        """Categories of that minor name, told apart by kind and major name where these are given and known."""
        fitting = [found for found in self._table.named(minor) if kind is None or found.kind == kind] if minor else []
        if len(fitting) > 1 and major:
            fitting = [found for found in fitting if found.major_name == major]
        return fitting
