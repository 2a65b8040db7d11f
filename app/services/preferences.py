"""What a person likes on this PC: columns, widths, the last view, remembered column mappings."""

from __future__ import annotations

import json
from typing import Any

from app.domain.permissions import Actor
from db.store import Store

_SAVE = (
    "INSERT INTO preferences(person_id, name, value) VALUES (?, ?, ?) "
    "ON CONFLICT(person_id, name) DO UPDATE SET value = excluded.value"
)
_SAVE_LAYOUT = (
    "INSERT INTO import_layouts(signature, mapping, used_at) VALUES (?, ?, ?) "
    "ON CONFLICT(signature) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at"
)


class PreferenceService:
    """Small JSON values by name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str, default: Any = None, *, actor: Actor) -> Any:
        """The value kept under `name`, or `default`."""
        sql = "SELECT value FROM preferences WHERE person_id = ? AND name = ?"
        with self._store.read() as reader:
            found = reader.connection.exec_driver_sql(sql, (actor.person_id.bytes, name)).scalar()
        return default if found is None else json.loads(found)

    def set(self, name: str, value: Any, *, actor: Actor) -> None:
        """Keep a value under `name`."""
        with self._store.local() as connection:
            row = (actor.person_id.bytes, name, json.dumps(value, ensure_ascii=False))
            connection.exec_driver_sql(_SAVE, row)

    def layout(self, signature: str) -> dict[str, Any] | None:
        """How the columns of a sheet with that head were mapped last time."""
        sql = "SELECT mapping FROM import_layouts WHERE signature = ?"
        with self._store.read() as reader:
            found = reader.connection.exec_driver_sql(sql, (signature,)).scalar()
        return None if found is None else json.loads(found)

    def keep_layout(self, signature: str, mapping: dict[str, Any]) -> None:
        """Remember how the columns of a sheet were mapped."""
        at = int(self._store.clock.now().timestamp() * 1_000_000)
        with self._store.local() as connection:
            connection.exec_driver_sql(_SAVE_LAYOUT, (signature, json.dumps(mapping, ensure_ascii=False), at))
