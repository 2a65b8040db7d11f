"""What one commit touched: told to listeners, so that screens know whether it concerns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class ChangeSet:
    """Record type name -> ids touched by one commit. `bulk` names types where too many changed to list."""

    touched: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    bulk: frozenset[str] = frozenset()

    def concerns(self, *record_types: str) -> bool:
        """True when any of these record types changed."""
        return any(name in self.touched or name in self.bulk for name in record_types)

    def ids(self, record_type: str) -> frozenset[UUID]:
        """Ids of that type changed one by one; empty for a bulk change."""
        return self.touched.get(record_type, frozenset())
